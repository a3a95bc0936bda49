/**
 * What this floor itself refuses, each with a stable code: input that cannot be read, callers without access, limits,
 * a house that cannot take more. What the house refuses is data, never an error (`core/message/rejection`).
 */

import { type ASTNode, GraphQLError } from 'graphql';

/**
 * Every code of the edge: what it means, the HTTP status where the whole request fails with it, whether to try again.
 */
export const PROBLEMS = {
  BAD_USER_INPUT: ['A value cannot be read as what it should be. `extensions.path` names the place.', 400, false],
  GRAPHQL_PARSE_FAILED: ['The document is not GraphQL.', 400, false],
  GRAPHQL_VALIDATION_FAILED: ['The document does not fit the schema.', 400, false],
  BAD_REQUEST: ['The request is not one this endpoint answers.', 400, false],
  UNAUTHENTICATED: ['No API key was sent, or it is unknown or revoked.', 401, false],
  FORBIDDEN: ['The role of the key does not include this.', 403, false],
  INTROSPECTION_DISABLED: [
    'The role of the key may not ask for the schema; it is in the repository, as `schema.graphql`.',
    403,
    false,
  ],
  DOCUMENT_NOT_TRUSTED: ['This server answers known documents only, and this is not one of them.', 403, false],
  LIMIT_EXCEEDED: [
    'The document or its variables are larger than the limits allow. `extensions.limit` names which, `maximum` ' +
      'how much.',
    400,
    false,
  ],
  BODY_TOO_LARGE: ['The body is larger than 100 kB, or 1 MB for operations that take lists.', 413, false],
  COST_EXCEEDED: ['The operation costs more than a single one may.', 400, false],
  RATE_LIMITED: [
    'This key has used up its budget, or has as many commands or operations waiting as it may; without a key, its ' +
      'address has. ' +
      '`retryAfterMs` says when to come back.',
    429,
    true,
  ],
  TIMED_OUT: [
    'The operation took longer than it may. A mutation may have been done all the same: repeat it with its ' +
      'idempotency key.',
    503,
    true,
  ],
  UNAVAILABLE: [
    'The house cannot take commands now, or its database cannot be reached. Nothing was done, or the same ' +
      'idempotency key tells what was. ' +
      'With `extensions.reason` MEMORY_FULL it is about this API key alone: it has as many idempotency keys or ' +
      'trades remembered as it may, ' +
      'and what is new from it waits until older ones are forgotten.',
    503,
    true,
  ],
  MANUAL_CLOCK_ONLY: ['Time can be moved by hand only where the house runs on a manual clock.', 400, false],
  RESUME_GAP: [
    'The past behind this cursor is no longer streamed: begin again with `snapshot: true`, or at `oldestCursor`.',
    400,
    false,
  ],
  SUBSCRIPTION_LAGGED: ['The stream was read too slowly and was ended: resume at `resumeFrom`.', 400, true],
  TOO_MANY_OPERATIONS: ['This socket has as many operations open as it may.', 400, true],
  INTERNAL_SERVER_ERROR: ['A fault of the server. Nothing about it is shown; it is in the server log.', 500, true],
} as const satisfies Record<string, readonly [meaning: string, status: number, retriable: boolean]>;

export type ProblemCode = keyof typeof PROBLEMS;

export const isProblemCode = (code: unknown): code is ProblemCode => typeof code === 'string' && code in PROBLEMS;

/** An error of the edge as GraphQL carries it. Extensions beyond the code say what a program needs to act on it. */
export function problem(
  code: ProblemCode,
  message: string,
  facts: Readonly<Record<string, unknown>> = {},
  node?: ASTNode,
): GraphQLError {
  return new GraphQLError(message, { extensions: { code, ...facts }, ...(node ? { nodes: [node] } : {}) });
}

export const badInput = (message: string, node?: ASTNode): GraphQLError => problem('BAD_USER_INPUT', message, {}, node);

/** An error of the library with the code it has here, unless it has one of ours. */
export function coded(error: GraphQLError, code: ProblemCode): GraphQLError {
  const { message, originalError: cause, extensions } = error;
  const known = [error, cause].some((each) => each instanceof GraphQLError && isProblemCode(each.extensions['code']));
  if (known || (cause && !(cause instanceof GraphQLError))) return error;
  const { nodes = null, source = null, positions = null, path = null } = error;
  return new GraphQLError(message, { nodes, source, positions, path, extensions: { ...extensions, code } });
}

/** The same where nothing of the request is answered: it then decides the HTTP status. */
export function wholeRequest(error: GraphQLError): GraphQLError {
  const { code } = error.extensions;
  const status = isProblemCode(code) ? PROBLEMS[code][1] : 500;
  return new GraphQLError(error.message, {
    ...(error.nodes ? { nodes: error.nodes } : {}),
    extensions: { ...error.extensions, http: { status, headers: new Map<string, string>() } },
  });
}
