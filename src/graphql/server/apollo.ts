/** GraphQL over HTTP: Apollo does the protocol; what may run is checked by the same rules as on a socket. */

import { ApolloServer, type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { type DocumentNode, GraphQLError, type GraphQLFormattedError } from 'graphql';
import { formatError, type ReportFault } from '../error/format';
import { problem, wholeRequest } from '../error/problem';
import { retryAfterOf, statusOfAll, statusOfAnswer, statusOfCode } from '../error/status';
import type { Bill } from '../limit/budget';
import { checkOperation, type Rules, variablesOf } from '../limit/operation';
import type { Context } from '../reading/context';
import { codesOf } from './denials';

/** One request: its context, what it costs, and how large it is. */
export interface Request {
  readonly context: Context;
  readonly bill: Bill;
  readonly bytes: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

export interface Response {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  readonly codes: readonly string[]; // of the errors in it
}

export interface Endpoint {
  run(request: Request): Promise<Response>;
  close(): Promise<void>;
}

interface RequestContext extends Context {
  readonly bill: Bill;
  readonly bytes: number;
  readonly unreadable: readonly GraphQLError[]; // why its document may not be executed
  readonly codes: string[]; // of the errors it was answered with
  settle?: (data: object) => void;
}

/** What is executed in the place of a document that may not be: nothing is, but the protocol wants one. */
const NOTHING = '{ __typename }';

const silent = (): undefined => undefined;

export async function createEndpoint(rules: Rules, report: ReportFault): Promise<Endpoint> {
  const apollo = new ApolloServer<RequestContext>({
    schema: rules.schema,
    introspection: true, // decided for each caller
    documentStore: storeOf(rules),
    // Nothing here is cached by anybody: to work out for how long would be work for every field of every answer.
    plugins: [
      checking(rules, report),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
    ],
    formatError: (formatted, error) => formatError(formatted, error, report),
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: true,
    stopOnTerminationSignals: false,
    persistedQueries: false,
    csrfPrevention: true,
    logger: { debug: silent, info: silent, warn: silent, error: report },
  });
  await apollo.start();
  return { run: (request) => run(apollo, rules, request), close: () => apollo.stop() };
}

/** The documents that were prepared before, by the hash that the library gives them after its prefix. */
const storeOf = ({ documents }: Rules) => ({
  get: async (key: string): Promise<DocumentNode | undefined> => documents.kept(key.slice(key.lastIndexOf(':') + 1)),
  set: async () => undefined,
  delete: async () => false,
});

async function run(
  apollo: ApolloServer<RequestContext>,
  rules: Rules,
  { context, bill, bytes, headers, body }: Request,
): Promise<Response> {
  if (namesKeptQuery(body))
    return errorResponse(400, problem('BAD_REQUEST', 'Documents are sent whole: none is kept for later.'));
  const unreadable = unreadableOf(rules, bill, body);
  const timeoutMs = rules.limits.executionMs;
  const codes: string[] = [];
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), timeoutMs);
  });
  const answer = apollo
    .executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        method: 'POST',
        headers: map,
        search: '',
        body: unreadable.length > 0 ? { query: NOTHING } : body,
      },
      context: async () => Object.assign(context, { bill, bytes, unreadable, codes }),
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
    return { status: first.status ?? 200, headers: first.headers, body: text, codes };
  } finally {
    clearTimeout(timer);
  }
}

/** What is wrong with the document of a request; a request without one is left to the library. */
function unreadableOf({ documents }: Rules, bill: Bill, body: unknown): readonly GraphQLError[] {
  const { query } = (body ?? {}) as { query?: unknown };
  if (typeof query !== 'string' || query === '') return [];
  try {
    const prepared = documents.prepare(query, bill.take);
    return 'errors' in prepared ? prepared.errors : [];
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
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
    headers: new Map([['content-type', 'application/json; charset=utf-8'], ...retryHeader([shown])]),
    body: JSON.stringify({ errors: [shown] }),
    codes: codesOf([shown]),
  };
}

const retryHeader = (errors: readonly GraphQLFormattedError[] | undefined): [string, string][] => {
  const seconds = retryAfterOf(errors);
  return seconds === undefined ? [] : [['retry-after', seconds]];
};

/** An answer to a request that is refused before it is read. */
export const refusal = (error: GraphQLError): Response => errorResponse(statusOfCode(error.toJSON()), error);

/** Checks each operation for who asks, and says what it cost. */
function checking(rules: Rules, report: ReportFault): ApolloServerPlugin<RequestContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ request, document, operation, contextValue }) {
          if (!operation || contextValue.unreadable.length > 0) return;
          if (operation.operation === 'subscription')
            throw wholeRequest(problem('BAD_REQUEST', 'Subscriptions are followed over WebSocket.'));
          const variables = wholly(() => variablesOf(request.variables));
          const asked = { document: document as DocumentNode, operation, variables, bytes: contextValue.bytes };
          contextValue.settle = wholly(() => checkOperation(rules, contextValue, contextValue.bill, asked));
        },
        async responseForOperation({ contextValue: { unreadable } }) {
          if (unreadable.length === 0) return null;
          const errors = unreadable.map((error) => formatError(error.toJSON(), error, report));
          return {
            http: { status: statusOfAll(errors), headers: new HeaderMap() },
            body: { kind: 'single', singleResult: { errors } },
          };
        },
        async willSendResponse({ response: { body, http }, contextValue: { bill, settle, codes } }) {
          if (body.kind !== 'single') return;
          const { data, errors, extensions } = body.singleResult;
          codes.push(...codesOf(errors));
          if (data && !errors) settle?.(data);
          const status = statusOfAnswer(data, errors);
          if (status !== undefined) http.status = status;
          for (const [name, value] of retryHeader(errors)) http.headers.set(name, value);
          body.singleResult.extensions = { ...extensions, cost: bill.cost };
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
