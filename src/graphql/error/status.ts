/**
 * The HTTP status of an answer that was executed: 200 as long as any field at the top of it has an answer; where each
 * of them failed, nothing of the request was answered, and the most serious of the codes decides.
 */

import type { GraphQLFormattedError } from 'graphql';
import { isProblemCode, PROBLEMS } from './problem';

export const statusOfCode = ({ extensions }: GraphQLFormattedError): number => {
  const code = extensions?.['code'];
  return isProblemCode(code) ? PROBLEMS[code][1] : 500;
};

/** The most serious of several. */
export const statusOfAll = (errors: readonly GraphQLFormattedError[]): number => Math.max(...errors.map(statusOfCode));

/** Undefined where it stays as it is. */
export function statusOfAnswer(
  data: Readonly<Record<string, unknown>> | null | undefined,
  errors: readonly GraphQLFormattedError[] = [],
): number | undefined {
  if (data === undefined || errors.length === 0) return undefined;
  const failed = new Set(errors.map(({ path }) => path?.[0]));
  const nothing = data === null || Object.entries(data).every(([name, value]) => value === null && failed.has(name));
  return nothing ? statusOfAll(errors) : undefined;
}

/** When it is worth to come back, in whole seconds, as HTTP says it. */
export function retryAfterOf(errors: readonly GraphQLFormattedError[] = []): string | undefined {
  const waits = errors.map(({ extensions }) => extensions?.['retryAfterMs']).filter((wait) => typeof wait === 'number');
  return waits.length === 0 ? undefined : String(Math.ceil(Math.max(...waits) / 1000));
}
