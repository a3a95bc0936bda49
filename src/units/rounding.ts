/**
 * Division with the direction in the name. `Up` is towards plus infinity, `Down` towards minus infinity: what is owed
 * to the house rounds up, what the house owes or counts as collateral rounds down.
 */

import { type Cash, cash, MARGIN_PER_CASH, type Margin } from './quantity';

export function divDown(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  return numerator % denominator !== 0n && numerator < 0n !== denominator < 0n ? quotient - 1n : quotient;
}

export function divUp(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  return numerator % denominator !== 0n && numerator < 0n === denominator < 0n ? quotient + 1n : quotient;
}

/** To the nearest, a tie to the even neighbour (banker's rounding): for figures that are shown, never for postings. */
export function divHalfEven(numerator: bigint, denominator: bigint): bigint {
  const floor = divDown(numerator, denominator);
  const twiceRest = (numerator - floor * denominator) * 2n;
  const size = denominator < 0n ? -denominator : denominator;
  const rest = denominator < 0n ? -twiceRest : twiceRest;
  if (rest < size) return floor;
  if (rest > size) return floor + 1n;
  return floor % 2n === 0n ? floor : floor + 1n;
}

/** A requirement as money: rounded up to the smallest unit. */
export const cashUp = (amount: Margin): Cash => cash(divUp(amount, MARGIN_PER_CASH));

/** Equity or collateral as money: rounded down to the smallest unit. */
export const cashDown = (amount: Margin): Cash => cash(divDown(amount, MARGIN_PER_CASH));

export function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}
