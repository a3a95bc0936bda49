/**
 * The arithmetic of a sale of collateral: what is to be raised, what part fits under the caps, what one take pays and
 * receives, what starting or restarting an auction earns. Pure integers; units are the caller's.  Rules: CA-3, CA-4
 */

import { divDown, divUp } from '../../../units/rounding';

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** Money per quantity: `quantity x numerator / denominator`. */
export interface Quote {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export const costUp = (quantity: bigint, { numerator, denominator }: Quote): bigint =>
  divUp(quantity * numerator, denominator);
const boughtDown = (money: bigint, { numerator, denominator }: Quote): bigint =>
  divDown(money * denominator, numerator);

export interface Take {
  readonly quantity: bigint; // received
  readonly paid: bigint;
  readonly closes: boolean; // the target is reached, or nothing is left
}

/**
 * One take. It never passes the target, and it never leaves a target below the minimum debt. Undefined where only a
 * take of everything is possible and this is not one. Quantities round down: the seller gives no more than was paid
 * for.
 */
export function takeOf(
  target: bigint,
  lot: bigint,
  wanted: bigint,
  quote: Quote,
  minimumDebt: bigint,
): Take | undefined {
  const quantity = least(lot, wanted);
  const owed = costUp(quantity, quote);
  if (owed >= target) return { quantity: least(quantity, boughtDown(target, quote)), paid: target, closes: true };
  if (quantity < lot && target - owed < minimumDebt) {
    if (target <= minimumDebt) return undefined;
    const paid = target - minimumDebt;
    return { quantity: boughtDown(paid, quote), paid, closes: false };
  }
  return { quantity, paid: owed, closes: quantity === lot };
}

/** The reward for resetting an auction. Zero where the target or the value of the lot is below the minimum debt. */
export const rewardOf = (
  terms: { readonly resetReward: bigint; readonly resetRewardRate: Quote },
  target: bigint,
  lotValue: bigint,
  minimumDebt: bigint,
): bigint =>
  target < minimumDebt || lotValue < minimumDebt
    ? 0n
    : terms.resetReward + (target * terms.resetRewardRate.numerator) / terms.resetRewardRate.denominator;
