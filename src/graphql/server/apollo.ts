/** GraphQL over HTTP: Apollo does the protocol; what may run is checked by the same rules as on a socket. */

import { ApolloServer, type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled, ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { type DocumentNode, GraphQLError } from 'graphql';
import type { Context } from '../context';
import { formatError, type ReportFault } from '../error/format';
import { problem, wholeRequest } from '../error/problem';
import type { Spent } from '../limit/budget';
import { checkOperation, type Rules, variablesOf } from '../limit/operation';
import { shapeRule } from '../limit/shape';

/** One request: its context, and how large it is. */
export interface Request {
  readonly context: Context;
  readonly bytes: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

export interface Response {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

export interface Endpoint {
  run(request: Request): Promise<Response>;
  close(): Promise<void>;
}

interface RequestContext extends Context {
  readonly bytes: number;
  spent?: Spent;
}

const silent = (): undefined => undefined;

export async function createEndpoint(rules: Rules, report: ReportFault): Promise<Endpoint> {
  const { limits } = rules;
  const apollo = new ApolloServer<RequestContext>({
    schema: rules.schema,
    introspection: true, // decided for each caller
    validationRules: [shapeRule(limits)],
    parseOptions: { maxTokens: limits.tokens },
    // Nothing here is cached by anybody: to work out for how long would be work for every field of every answer.
    plugins: [checking(rules), ApolloServerPluginCacheControlDisabled(), ApolloServerPluginLandingPageDisabled()],
    formatError: (formatted, error) => formatError(formatted, error, report),
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: true,
    stopOnTerminationSignals: false,
    persistedQueries: false,
    csrfPrevention: true,
    logger: { debug: silent, info: silent, warn: silent, error: report },
  });
  await apollo.start();
  return { run: (request) => run(apollo, request, limits.executionMs), close: () => apollo.stop() };
}

async function run(apollo: ApolloServer<RequestContext>, { context, bytes, headers, body }: Request, timeoutMs: number): Promise<Response> {
  if (namesKeptQuery(body)) return errorResponse(400, problem('BAD_REQUEST', 'Documents are sent whole: none is kept for later.'));
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), timeoutMs);
  });
  const answer = apollo
    .executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: 'POST', headers: map, search: '', body },
      context: async () => Object.assign(context, { bytes }),
    })
    .finally(() => context.close());
  try {
    const first = await Promise.race([answer, late]);
    if (first === 'late') {
      // It may still be running: it reads nothing more, and its failure is nobody's.
      answer.catch(silent);
      context.close().catch(silent);
      return errorResponse(503, problem('TIMED_OUT', `The operation took longer than ${timeoutMs} ms.`));
    }
    const text = first.body.kind === 'complete' ? first.body.string : '';
    return { status: first.status ?? 200, headers: first.headers, body: text };
  } finally {
    clearTimeout(timer);
  }
}

/** Whether a request gives the hash of a document in its place, or along with it to be kept. */
function namesKeptQuery(body: unknown): boolean {
  const { extensions } = (body ?? {}) as { extensions?: unknown };
  return extensions !== null && typeof extensions === 'object' && 'persistedQuery' in extensions;
}

/** An answer to a request that did not get as far as GraphQL. */
export function errorResponse(status: number, error: GraphQLError): Response {
  const shown = formatError(error.toJSON(), error, silent);
  return {
    status,
    headers: new Map([['content-type', 'application/json; charset=utf-8']]),
    body: JSON.stringify({ errors: [shown] }),
  };
}

/** Checks each operation for who asks, and says what it cost. */
function checking(rules: Rules): ApolloServerPlugin<RequestContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ request, document, operation, source, contextValue }) {
          if (!operation) return;
          if (operation.operation === 'subscription')
            throw wholeRequest(problem('BAD_REQUEST', 'Subscriptions are followed over WebSocket.'));
          const variables = wholly(() => variablesOf(request.variables));
          const asked = { source, document: document as DocumentNode, operation, variables, bytes: contextValue.bytes };
          contextValue.spent = wholly(() => checkOperation(rules, contextValue, asked));
        },
        async willSendResponse({ response, contextValue }) {
          const { body } = response;
          if (body.kind === 'single' && contextValue.spent) {
            body.singleResult.extensions = { ...body.singleResult.extensions, cost: contextValue.spent };
          }
        },
      };
    },
  };
}

/** What is thrown before anything runs decides the status of the whole answer. */
function wholly<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof GraphQLError ? wholeRequest(error) : error;
  }
}
