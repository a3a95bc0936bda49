/**
 * Errors that cross from one thread to another. A copy of an error loses its class and its fields, by which those who
 * catch it know what to do; so what crosses is a description, and the other side makes the same error of it.
 */

/** Classes whose errors arrive as what they were, by names of their own; the narrower before the wider. */
export type Kinds = Readonly<Record<string, abstract new (...args: never[]) => Error>>;

export interface Failure {
  readonly kind: string | null; // among the kinds; null: any other error
  readonly name: string;
  readonly message: string;
  readonly stack: string | null;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly cause: Failure | null;
}

/** Kept apart from the fields: an error has them whatever its class. */
const COMMON = new Set(['name', 'message', 'stack', 'cause']);

export function failureOf(error: unknown, kinds: Kinds): Failure {
  if (!(error instanceof Error))
    return { kind: null, name: 'Error', message: String(error), stack: null, fields: {}, cause: null };
  const kind = Object.keys(kinds).find((name) => error instanceof (kinds[name] as Kinds[string])) ?? null;
  const own = Object.entries(error).filter(([name]) => !COMMON.has(name));
  return {
    kind,
    name: error.name,
    message: error.message,
    stack: error.stack ?? null,
    fields: Object.fromEntries(own.map(([name, value]) => [name, copyable(value)])),
    cause: error.cause === undefined ? null : failureOf(error.cause, kinds),
  };
}

export function errorOf({ kind, name, message, stack, fields, cause }: Failure, kinds: Kinds): Error {
  const error = new Error(message);
  const type = kind === null ? undefined : kinds[kind];
  if (type) Object.setPrototypeOf(error, type.prototype);
  const hidden = {
    name,
    ...(stack === null ? {} : { stack }),
    ...(cause === null ? {} : { cause: errorOf(cause, kinds) }),
  };
  for (const [key, value] of Object.entries(hidden))
    Object.defineProperty(error, key, { value, enumerable: false, writable: true, configurable: true });
  return Object.assign(error, fields);
}

/** The value if it can cross, else what it says of itself. */
function copyable(value: unknown): unknown {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol'))
    return value;
  try {
    return structuredClone(value);
  } catch {
    return String(value);
  }
}
