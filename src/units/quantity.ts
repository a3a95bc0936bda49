/**
 * Branded integers: every quantity of the core carries its unit in its type, so that cash cannot be added to a price.
 * `plus`, `minus` and their kin keep the brand; crossing units goes through a named function of the room that owns the
 * rule.
 */

declare const unit: unique symbol;
type Branded<Base, Name extends string> = Base & { readonly [unit]: Name };

/** Money in the smallest unit of its currency, signed.  10 USD at scale 2 is 1000n. */
export type Cash = Branded<bigint, 'Cash'>;

/** Price in ticks of its instrument or index, signed: prices below zero exist. */
export type Price = Branded<bigint, 'Price'>;

/** Quantity in lots of its instrument, signed: long is positive. */
export type Size = Branded<bigint, 'Size'>;

/** A decimal rate in units of 1e-12: 0.5 % is 5_000_000_000n. */
export type Rate = Branded<bigint, 'Rate'>;

/**
 * Money in units of 1e-12 of the smallest unit of its currency: the resolution at which equity and requirements are
 * compared, so that rounding happens once, at a posting, and never before a decision.
 */
export type Margin = Branded<bigint, 'Margin'>;

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = Branded<number, 'Instant'>;

/** Milliseconds. */
export type Duration = Branded<number, 'Duration'>;

/** How many, or which one: of things, versions and places, never of money. */
export type Count = number;

/** A time or a span as it is sent, before it is checked. */
export type Milliseconds = number;

/** Position in the journal: 1 for the first entry, without gaps. */
export type Seq = number;

export const cash = (n: bigint): Cash => n as Cash;
export const price = (n: bigint): Price => n as Price;
export const size = (n: bigint): Size => n as Size;
export const rate = (n: bigint): Rate => n as Rate;
export const margin = (n: bigint): Margin => n as Margin;
export const instant = (n: number): Instant => n as Instant;
export const duration = (n: number): Duration => n as Duration;

export const NO_CASH = cash(0n);
export const NO_SIZE = size(0n);
export const NO_MARGIN = margin(0n);

export const plus = <Q extends bigint>(a: Q, b: NoInfer<Q>): Q => (a + b) as Q;
export const minus = <Q extends bigint>(a: Q, b: NoInfer<Q>): Q => ((a as bigint) - (b as bigint)) as Q;
export const negate = <Q extends bigint>(a: Q): Q => (0n - a) as Q;
export const abs = <Q extends bigint>(a: Q): Q => (a < 0n ? 0n - a : a) as Q;
export const least = <Q extends bigint>(a: Q, b: NoInfer<Q>): Q => (a < b ? a : b);
export const greatest = <Q extends bigint>(a: Q, b: NoInfer<Q>): Q => (a > b ? a : b);
export const total = <Q extends bigint>(parts: Iterable<Q>): Q => {
  let sum = 0n;
  for (const part of parts) sum += part;
  return sum as Q;
};

/** -1, 0 or 1, as a comparator wants it. */
export const compare = <Q extends bigint | number | string>(a: Q, b: NoInfer<Q>): -1 | 0 | 1 =>
  a < b ? -1 : a > b ? 1 : 0;

export const later = (at: Instant, by: Duration): Instant => instant(at + by);

/**
 * The first whole multiple of an interval, counted from the epoch, after an instant: of 8 h it is 00:00, 08:00 or 16:00
 * UTC.
 */
export const nextMultiple = (from: Instant, interval: Duration): Instant =>
  later(instant(Math.floor(from / interval) * interval), interval);

/** One smallest unit of cash is this many units of margin. */
export const MARGIN_PER_CASH = 1_000_000_000_000n;

export const marginOf = (amount: Cash): Margin => margin(amount * MARGIN_PER_CASH);

/** One in units of a rate. */
export const RATE_ONE = 1_000_000_000_000n;
