/** The two kinds of failure that are thrown. Everything else the core has to say is a value. */

/**
 * Input that cannot be read as what it claims to be: a float where a decimal string belongs, a month 13. Never
 * journaled.
 */
export class Malformed extends Error {
  override readonly name = 'Malformed';
}

/** The house contradicts itself: a bug, never a user's mistake. The process stops; start is recovery. */
export class InvariantViolation extends Error {
  override readonly name = 'InvariantViolation';
  constructor(
    message: string,
    readonly facts: Readonly<Record<string, unknown>> = {},
  ) {
    super(`${message} ${describe(facts)}`.trim());
  }
}

export function assert(
  condition: boolean,
  message: string,
  facts?: Readonly<Record<string, unknown>>,
): asserts condition {
  if (!condition) throw new InvariantViolation(message, facts);
}

/** Turns "cannot be missing" into a value: the lookup of something the state itself refers to. */
export function known<T>(value: T | undefined, what: string, id: string): T {
  if (value === undefined) throw new InvariantViolation(`${what} is missing`, { id });
  return value;
}

const describe = (facts: Readonly<Record<string, unknown>>): string =>
  Object.entries(facts)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(' ');
