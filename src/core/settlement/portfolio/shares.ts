/**
 * The arithmetic of a sale of a whole portfolio by shares: what the fund pays to whoever takes a portfolio that is
 * worth less than its margin. Shape: Derive's Dutch auction.  Rule: CA-5
 */

import { divDown } from '../../../units/rounding';

/** A whole portfolio: shares have 18 digits. */
export const ONE_SHARE = 10n ** 18n;
const greatest = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/**
 * Value of a portfolio at the marks, and what is left of it after maintenance margin: below zero while it is auctioned.
 */
export interface PortfolioValue {
  readonly value: bigint;
  readonly margin: bigint;
}

/** What the fund pays for a share of a portfolio worth too little: from its negative value up to its missing margin. */
export function paidByFund({ value, margin }: PortfolioValue, share: bigint, gone: bigint, duration: bigint): bigint {
  if (margin >= 0n) return 0n;
  const [from, to] = [greatest(-value, 0n), -margin];
  const full = gone >= duration ? to : from + ((to - from) * gone) / duration;
  return divDown(full * share, ONE_SHARE);
}
