/**
 * The arithmetic of a sale of a whole portfolio by shares: how large a share restores the buffer, what it costs, and what
 * the fund pays who takes a portfolio worth less than its margin. Shape: Derive's Dutch auction.  Rule: CA-5
 */

import { divDown } from '../../../units/rounding';

/** A whole portfolio: shares have 18 digits. */
export const ONE_SHARE = 10n ** 18n;
const greatest = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** Value of a portfolio at the marks, and what is left of it after maintenance margin: below zero while it is auctioned. */
export interface PortfolioValue {
  readonly value: bigint;
  readonly margin: bigint;
}

/** Margin the sale restores: the present one less a share of the requirement behind it. `buffer` over `one`. */
export const bufferMarginOf = ({ value, margin }: PortfolioValue, buffer: bigint, one: bigint): bigint =>
  margin - divDown(buffer * (value - margin), one);

/** The most that may be taken: the share that restores the buffer, no more. Unit: 18 digits, rounded down. */
export function largestShareOf(bufferMargin: bigint, fullPrice: bigint): bigint {
  if (bufferMargin >= 0n) return 0n;
  return fullPrice <= 0n ? ONE_SHARE : divDown(-bufferMargin * ONE_SHARE, fullPrice - bufferMargin);
}

/** What the fund pays for a share of a portfolio worth too little: from its negative value up to its missing margin. */
export function paidByFund({ value, margin }: PortfolioValue, share: bigint, gone: bigint, duration: bigint): bigint {
  if (margin >= 0n) return 0n;
  const [from, to] = [greatest(-value, 0n), -margin];
  const full = gone >= duration ? to : from + ((to - from) * gone) / duration;
  return divDown(full * share, ONE_SHARE);
}
