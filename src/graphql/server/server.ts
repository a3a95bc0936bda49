/** The server: GraphQL over HTTP and WebSocket, GraphiQL for browsers, health and metrics for whoever runs it. */

import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { GraphQLError } from 'graphql';
import { createKeyRegistry } from '../access/keys';
import { createContext, type Services } from '../context';
import { problem } from '../error/problem';
import { createBudgets } from '../limit/budget';
import { createDocuments } from '../limit/documents';
import { type Limits, STANDARD_LIMITS } from '../limit/limits';
import type { Rules } from '../limit/operation';
import { STANDARD_BUDGETS } from '../limit/ownBudgets';
import { amountsOf } from '../reading/amounts';
import { createDirectory } from '../reading/directory';
import { keepUp } from '../reading/memory';
import { schema } from '../schema';
import { createLooks } from '../subscription/looks';
import { createPulse } from '../subscription/pulse';
import { createEndpoint, type Endpoint, errorResponse, type Response, refusal } from './apollo';
import { createCallers } from './callers';
import { createDenials, type Denials, notedCodes } from './denials';
import { answer, postOnly, serveExplorer } from './explorer';
import { type Admitted, createGate } from './gate';
import { withoutRepeats } from './json';
import { createListener } from './listener';
import { createMetrics, type Metrics } from './metrics';
import { INTROSPECTION_ROLES, PATH, type Server, type ServerOptions, STANDARD_PORT } from './options';
import { addReadiness } from './ready';
import { createSockets } from './socket';
import { watchConnections } from './upgrade';

export async function createServer(options: ServerOptions): Promise<Server> {
  const report = options.report ?? (() => undefined);
  const limits: Limits = { ...STANDARD_LIMITS, ...options.limits };
  const metrics = createMetrics(options.house, options.reader);
  const { services, stop } = await openServices(options, metrics, limits);
  const built = schema();
  const rules: Rules = {
    schema: built,
    limits,
    budgets: createBudgets(limits, options.budgets ?? STANDARD_BUDGETS),
    documents: createDocuments({ schema: built, limits, trusted: options.trustedDocuments ?? null }),
    introspection: options.introspection ?? INTROSPECTION_ROLES,
  };
  const endpoint = await createEndpoint(rules, report);
  const denials = createDenials({ write: options.denied ?? (() => undefined), count: metrics.denied });
  const trustedProxies = options.trustedProxies ?? [];
  const callers = createCallers(trustedProxies);
  const listener = createListener({ limits, trustedProxies, deny: denials.deny });
  const { app } = listener;
  addRoutes(app, { services, rules, endpoint, metrics, denials, explorer: options.explorer ?? true, report });

  const host = options.host ?? '127.0.0.1';
  const port = await listener.listen(host, options.port ?? STANDARD_PORT);
  const own = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const origins = new Set([own, `http://localhost:${port}`, ...(options.allowedOrigins ?? [])]);
  const allowsOrigin = (origin: string): boolean => origins.has(origin);
  const sockets = createSockets({ services, rules, report, counts: metrics.streams, allowsOrigin, callers, denials });
  const connections = watchConnections(app.server, sockets.upgrade, { limits, callers, deny: denials.deny, report });
  metrics.gauge('novate_connections_open', 'Connections that are open.', () => connections.open);
  metrics.gauge('novate_sockets_open', 'Sockets that are open.', () => sockets.open);
  return {
    url: `${own}${PATH}`,
    port,
    async close() {
      listener.drain();
      // Sockets first: a stream that came to its end would tell its reader not to come back.
      await sockets.close();
      services.pulse.stop();
      await listener.close();
      await endpoint.close();
      denials.stop();
      stop();
    },
  };
}

async function openServices(
  { reader, clock }: ServerOptions,
  { house }: Metrics,
  limits: Limits,
): Promise<{ services: Services; stop(): void }> {
  const [keys, directory] = [createKeyRegistry(), createDirectory()];
  const stop = await keepUp(house, reader, [keys, directory]);
  const pulse = createPulse(house);
  const looks = createLooks(house, pulse, limits.healthIntervalMs);
  const services = { house, reader, keys, directory, amounts: amountsOf(directory), pulse, looks, clock: clock ?? null, limits };
  return { services, stop };
}

interface Parts {
  readonly services: Services;
  readonly rules: Rules;
  readonly endpoint: Endpoint;
  readonly metrics: Metrics;
  readonly denials: Denials;
  readonly explorer: boolean;
  readonly report: (error: unknown) => void;
}

function addRoutes(app: FastifyInstance, { services, rules, endpoint, metrics, denials, explorer, report }: Parts): void {
  app.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'no-referrer');
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
  app.setErrorHandler((error: FastifyError | GraphQLError, _request, reply) => {
    if (!(error instanceof GraphQLError) && (error.statusCode ?? 500) >= 500) report(error);
    return answer(reply, failure(error));
  });
  const nothingHere = (reply: FastifyReply): FastifyReply =>
    answer(reply, errorResponse(404, problem('BAD_REQUEST', 'There is nothing here.')));
  app.setNotFoundHandler((_request, reply) => nothingHere(reply));
  // Before a body is read that nobody would look at.
  app.addHook('onRequest', async (request, reply) => (request.is404 ? nothingHere(reply) : undefined));

  const gate = createGate({ keys: services.keys, budgets: rules.budgets, limits: rules.limits });
  app.addHook('onResponse', async (request) => denials.denyCodes(notedCodes(request), request.ip, gate.keyOf(request)));
  // What a form of any page could send is not read at all.
  app.removeContentTypeParser('text/plain');
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string' },
    gate.parse(withoutRepeats(app.getDefaultJsonParser('error', 'error'))),
  );
  app.post(PATH, { onRequest: gate.admit }, async (request, reply) => {
    const { headers, body } = request;
    const run = ({ actor, bill, pace, bytes }: Admitted): Promise<Response> =>
      endpoint.run({ context: createContext(services, actor, pace), bill, bytes, headers, body });
    return answer(reply, await gate.run(request, run));
  });
  if (explorer) serveExplorer(app);
  else app.get(PATH, async (_request, reply) => postOnly(reply));

  app.get('/healthz', async (_request, reply) => {
    const { running, seq, now } = services.house.status();
    return reply.code(running ? 200 : 503).send({ status: running ? 'ok' : 'stopped', seq, now: new Date(now).toISOString() });
  });
  addReadiness(app, services);
  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
}

/** What the framework could not read. */
function failure(error: FastifyError | GraphQLError): Response {
  if (error instanceof GraphQLError) return refusal(error);
  const { statusCode = 500, code } = error;
  if (statusCode === 413) return errorResponse(413, problem('BODY_TOO_LARGE', 'The body is too large.'));
  if (statusCode === 415) return errorResponse(415, problem('BAD_REQUEST', 'Operations are sent as application/json.'));
  if (statusCode < 500) return errorResponse(statusCode, problem('BAD_REQUEST', `The request cannot be read (${code}).`));
  return errorResponse(500, problem('INTERNAL_SERVER_ERROR', ''));
}
