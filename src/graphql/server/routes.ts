/** What each address of the server answers: the API, health and figures for whoever runs it, GraphiQL for browsers. */

import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { GraphQLError } from 'graphql';
import { problem } from '../error/problem';
import { createContext, type Services } from '../reading/context';
import { type Endpoint, errorResponse, type Response, refusal } from './apollo';
import { type Denials, notedCodes } from './denials';
import { answer, postOnly, serveExplorer } from './explorer';
import type { Admitted, Gate } from './gate';
import { guardedBy } from './guard';
import { withoutRepeats } from './json';
import type { Layout } from './layout';
import type { Metrics } from './metrics';
import { PATH } from './options';
import { addReadiness } from './ready';

export interface Parts {
  readonly services: Services;
  readonly gate: Gate;
  readonly endpoint: Endpoint;
  readonly metrics: Metrics;
  readonly denials: Denials;
  readonly explorerKey: string | null;
  readonly metricsKey: string | null;
  readonly report: (error: unknown) => void;
}

/** Adds what is served at one address. */
export function addRoutes(app: FastifyInstance, layout: Layout, parts: Parts): void {
  const { services, metrics, explorerKey, metricsKey } = parts;
  addAnswers(app, parts);
  if (layout.api) addApi(app, parts);
  if (layout.explorer) serveExplorer(app, guardedBy(explorerKey));
  else if (layout.api) app.get(PATH, async (_request, reply) => postOnly(reply));
  if (layout.health) addHealth(app, services);
  if (layout.metrics)
    app.get('/metrics', { onRequest: guardedBy(metricsKey) }, async (_request, reply) =>
      reply.type(metrics.contentType).send(await metrics.text()),
    );
}

/** What is the same for every answer. */
function addAnswers(app: FastifyInstance, { gate, denials, report }: Parts): void {
  app.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'no-referrer');
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
  app.addHook('onResponse', async (request) => denials.denyCodes(notedCodes(request), request.ip, gate.keyOf(request)));
  app.setErrorHandler((error: FastifyError | GraphQLError, _request, reply) => {
    if (!(error instanceof GraphQLError) && (error.statusCode ?? 500) >= 500) report(error);
    return answer(reply, failure(error));
  });
  const nothingHere = (reply: FastifyReply): FastifyReply =>
    answer(reply, errorResponse(404, problem('BAD_REQUEST', 'There is nothing here.')));
  app.setNotFoundHandler((_request, reply) => nothingHere(reply));
  // Before a body is read that nobody would look at.
  app.addHook('onRequest', async (request, reply) => (request.is404 ? nothingHere(reply) : undefined));
}

function addApi(app: FastifyInstance, { services, gate, endpoint }: Parts): void {
  // What a form of any page could send is not read at all.
  app.removeContentTypeParser('text/plain');
  const parse = withoutRepeats(app.getDefaultJsonParser('error', 'error'));
  app.addContentTypeParser('application/json', { parseAs: 'string' }, gate.parse(parse));
  app.post(PATH, { onRequest: gate.admit }, async (request, reply) => {
    const { headers, body } = request;
    const run = ({ actor, bill, pace, bytes }: Admitted): Promise<Response> =>
      endpoint.run({ context: createContext(services, actor, pace), bill, bytes, headers, body });
    return answer(reply, await gate.run(request, run));
  });
}

function addHealth(app: FastifyInstance, services: Services): void {
  app.get('/healthz', async (_request, reply) => {
    const { running, seq, now } = services.house.status();
    return reply
      .code(running ? 200 : 503)
      .send({ status: running ? 'ok' : 'stopped', seq, now: new Date(now).toISOString() });
  });
  addReadiness(app, services);
}

/** What the framework could not read. */
function failure(error: FastifyError | GraphQLError): Response {
  if (error instanceof GraphQLError) return refusal(error);
  const { statusCode = 500, code } = error;
  if (statusCode === 413) return errorResponse(413, problem('BODY_TOO_LARGE', 'The body is too large.'));
  if (statusCode === 415) return errorResponse(415, problem('BAD_REQUEST', 'Operations are sent as application/json.'));
  if (statusCode < 500)
    return errorResponse(statusCode, problem('BAD_REQUEST', `The request cannot be read (${code}).`));
  return errorResponse(500, problem('INTERNAL_SERVER_ERROR', ''));
}
