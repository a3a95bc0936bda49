/**
 * The one way in which errors leave the house: a stable code, a message without suggestions and without anything of the
 * server's inside, and the place where input was wrong. What is not known here is a fault, and says nothing.
 */

import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { Unavailable } from '../../sequencer/house';
import { StoreOpening } from '../../store/client';
import { Malformed } from '../../units/failure';
import { isDatabaseLost } from './lost';
import { inputPathOf } from './place';
import { isProblemCode, PROBLEMS, type ProblemCode } from './problem';

const LONGEST_MESSAGE = 400;

// The parser knows no other way to say it.
const TOO_MANY_TOKENS = /^Syntax Error: Document contains more that (\d+) tokens\./;

/** Faults are reported to whoever runs the server, never to the caller. */
export type ReportFault = (error: unknown) => void;

export function formatError(
  formatted: GraphQLFormattedError,
  error: unknown,
  report: ReportFault,
): GraphQLFormattedError {
  const cause = causeOf(error);
  const known = knownFailure(cause);
  if (known) return shown(formatted, known.code, known.message, known.facts);
  if (isDatabaseLost(cause)) {
    report(cause);
    return shown(formatted, 'UNAVAILABLE', 'The database cannot be reached now.', {
      reason: 'DATABASE_DOWN',
      retryAfterMs: 1_000,
    });
  }
  const tokens = TOO_MANY_TOKENS.exec(formatted.message)?.[1];
  if (tokens !== undefined)
    return shown(formatted, 'LIMIT_EXCEEDED', `The document breaks the limit on tokens, ${tokens}.`, {
      limit: 'tokens',
      maximum: Number(tokens),
    });
  const code = codeOf(formatted, error);
  if (code === 'INTERNAL_SERVER_ERROR') {
    report(cause);
    return shown(formatted, code, 'A fault of the server; it has been recorded.', {});
  }
  const { code: _, http: __, stacktrace: ___, ...facts } = formatted.extensions ?? {};
  const path = code === 'BAD_USER_INPUT' && error instanceof GraphQLError ? inputPathOf(error) : undefined;
  return shown(formatted, code, withoutSuggestion(formatted.message), path === undefined ? facts : { path, ...facts });
}

function causeOf(error: unknown): unknown {
  let cause = error;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause;
}

/** Failures of the floors below that have a meaning for the caller. */
function knownFailure(
  cause: unknown,
): { code: ProblemCode; message: string; facts: Record<string, unknown> } | undefined {
  if (cause instanceof Unavailable)
    return {
      code: cause.code === 'SHARE_USED' ? 'RATE_LIMITED' : 'UNAVAILABLE',
      message: cause.message,
      facts: { reason: cause.code, retryAfterMs: cause.retryAfterMs },
    };
  if (cause instanceof StoreOpening)
    return {
      code: 'UNAVAILABLE',
      message: `${cause.message}.`,
      facts: { reason: 'READ_MODELS_OPENING', retryAfterMs: 1_000 },
    };
  if (cause instanceof Malformed) return { code: 'BAD_USER_INPUT', message: cause.message, facts: {} };
  return undefined;
}

function codeOf(formatted: GraphQLFormattedError, error: unknown): ProblemCode {
  // The library gives a literal that cannot be read the code of a document that does not fit; ours is the more exact
  // one.
  if (
    error instanceof GraphQLError &&
    error.originalError instanceof GraphQLError &&
    isProblemCode(error.originalError.extensions['code'])
  )
    return error.originalError.extensions['code'];
  const code = formatted.extensions?.['code'];
  if (code === 'OPERATION_RESOLUTION_FAILURE') return 'BAD_REQUEST';
  return isProblemCode(code) ? code : 'INTERNAL_SERVER_ERROR';
}

function shown(
  formatted: GraphQLFormattedError,
  code: ProblemCode,
  message: string,
  facts: Record<string, unknown>,
): GraphQLFormattedError {
  const text = message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message;
  return {
    message: text,
    ...(formatted.locations ? { locations: formatted.locations } : {}),
    ...(formatted.path ? { path: formatted.path } : {}),
    extensions: { code, retriable: PROBLEMS[code][2], docs: docsOf(code), ...facts },
  };
}

/** A caller who guesses field names gets no help. */
const withoutSuggestion = (message: string): string => message.replace(/ Did you mean .*\?$/s, '');

/** Where a code is described. */
export const docsOf = (code: string): string => `docs/errors.md#${code.toLowerCase()}`;
