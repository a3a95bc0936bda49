/**
 * How large quantities may be, each by its type. They hold where a quantity enters, and where quantities are multiplied
 * or add up. What follows from the largest of them still has fewer than 60 digits before the point: a position of the
 * most lots at the highest price is worth less than 10^48 of the smallest unit, so much for a billion accounts less
 * than 10^57.
 */

/**
 * An amount, the value of a trade, and everything that is in the house of one currency, less than this.  [smallest
 * unit]
 */
export const MOST_CASH = 10n ** 28n;

/** A price, with either sign, is less than this.  [ticks] */
export const MOST_PRICE = 10n ** 18n;

/** What an order, a trade or an owner's position comes to is less than this.  [lots] */
export const MOST_LOTS = 10n ** 18n;

/** Gain of one lot a tick.  [smallest unit] */
export const MOST_TICK_VALUE = 10n ** 12n;

/** A step, such as a tick, a lot or a multiplier, has at most so many digits before the point, and so many after it. */
export const STEP_DIGITS = { before: 9, after: 18 } as const;

/** Numerator and denominator of a ratio in lowest terms. */
export const MOST_IN_RATIO = 10n ** 18n;

/** The common denominator of all rates of a tier schedule. */
export const MOST_DENOMINATOR = 10n ** 36n;

/** The longest span of time: a hundred years.  [ms] */
export const LONGEST_SPAN = 36_525 * 86_400_000;

/** Characters of a text: an id that users give, and what they write for people to read. */
export const LONGEST_ID = 200;
export const LONGEST_TEXT = 500;

/** Digits on each side of the point of a decimal that enters. */
export const MOST_DIGITS = 40;

/** Whether a quantity lies within a bound, with either sign. */
export const within = (value: bigint, bound: bigint): boolean => value < bound && -value < bound;
