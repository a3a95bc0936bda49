/** The server: GraphQL over HTTP and WebSocket, GraphiQL for browsers, health and metrics for whoever runs it. */

import { type AddressInfo } from 'node:net';
import { type FastifyError, type FastifyInstance, type FastifyRequest, fastify } from 'fastify';
import { createKeyRegistry } from '../access/keys';
import { createContext, type Services } from '../context';
import { problem } from '../error/problem';
import { createBudgets } from '../limit/budget';
import { type Limits, STANDARD_LIMITS } from '../limit/limits';
import type { Rules } from '../limit/operation';
import { amountsOf } from '../reading/amounts';
import { createDirectory } from '../reading/directory';
import { keepUp } from '../reading/memory';
import { schema } from '../schema';
import { createLooks } from '../subscription/looks';
import { createPulse } from '../subscription/pulse';
import { createEndpoint, type Endpoint, errorResponse, type Response } from './apollo';
import { actorOf } from './authorization';
import { answer, postOnly, serveExplorer } from './explorer';
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
  const rules: Rules = {
    schema: schema(),
    limits,
    budgets: createBudgets(limits),
    introspection: options.introspection ?? INTROSPECTION_ROLES,
    trustedDocuments: options.trustedDocuments ?? null,
  };
  const endpoint = await createEndpoint(rules, report);
  const app = fastify({ bodyLimit: limits.bulkBodyBytes, forceCloseConnections: 'idle' });
  addRoutes(app, { services, endpoint, metrics, explorer: options.explorer ?? true, report });

  const host = options.host ?? '127.0.0.1';
  await app.listen({ host, port: options.port ?? STANDARD_PORT });
  const { port } = app.server.address() as AddressInfo;
  const own = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const origins = new Set([own, `http://localhost:${port}`, ...(options.allowedOrigins ?? [])]);
  const sockets = createSockets({ services, rules, report, counts: metrics.streams, allowsOrigin: (origin) => origins.has(origin) });
  watchConnections(app.server, sockets.upgrade, report);
  return {
    url: `${own}${PATH}`,
    port,
    async close() {
      // Sockets first: a stream that came to its end would tell its reader not to come back.
      await sockets.close();
      services.pulse.stop();
      await app.close();
      await endpoint.close();
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
  readonly endpoint: Endpoint;
  readonly metrics: Metrics;
  readonly explorer: boolean;
  readonly report: (error: unknown) => void;
}

function addRoutes(app: FastifyInstance, { services, endpoint, metrics, explorer, report }: Parts): void {
  app.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'no-referrer');
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    if ((error.statusCode ?? 500) >= 500) report(error);
    return answer(reply, failure(error));
  });
  app.setNotFoundHandler((_request, reply) => answer(reply, errorResponse(404, problem('BAD_REQUEST', 'There is nothing here.'))));

  readJson(app);
  app.post(PATH, async (request, reply) => {
    const actor = actorOf(services.keys, request.headers.authorization);
    if (!actor) {
      reply.header('www-authenticate', 'Bearer');
      return answer(reply, errorResponse(401, problem('UNAUTHENTICATED', 'Send an API key: `Authorization: Bearer <secret>`.')));
    }
    const { headers, body } = request;
    return answer(reply, await endpoint.run({ context: createContext(services, actor), bytes: sizes.get(request) ?? 0, headers, body }));
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
function failure({ statusCode = 500, code }: FastifyError): Response {
  if (statusCode === 413) return errorResponse(413, problem('BODY_TOO_LARGE', 'The body is too large.'));
  if (statusCode === 415) return errorResponse(415, problem('BAD_REQUEST', 'Operations are sent as application/json.'));
  if (statusCode < 500) return errorResponse(statusCode, problem('BAD_REQUEST', `The request cannot be read (${code}).`));
  return errorResponse(500, problem('INTERNAL_SERVER_ERROR', ''));
}

/** How large a body is, noted while it is read: what a header says of it may be wrong, or missing. */
const sizes = new WeakMap<FastifyRequest, number>();

function readJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  // What a form of any page could send is not read at all.
  app.removeContentTypeParser('text/plain');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    sizes.set(request, Buffer.byteLength(body));
    parse(request, String(body), done);
  });
}
