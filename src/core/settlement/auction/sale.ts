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

/** A part of a debt, what it raises with its penalty, and the part of the lot that goes with it. */
export interface Part {
  readonly debt: bigint;
  readonly target: bigint;
  readonly quantity: bigint;
}

/**
 * The part of a sale that fits into the room that is left: the largest debt whose target does, and its share of the
 * lot, both rounded down. A remainder below the minimum debt goes with it; a part below it is none. Rule: CA-6
 */
export function partFor(
  { debt, target, quantity }: Part,
  room: bigint,
  penalty: Quote,
  minimumDebt: bigint,
): Part | undefined {
  if (room <= 0n) return undefined;
  const fits = least(debt, boughtDown(room, penalty));
  const part = { debt: fits, target: costUp(fits, penalty), quantity: divDown(quantity * fits, debt) };
  if (target <= room || target - part.target < minimumDebt) return { debt, target, quantity };
  return part.target < minimumDebt || part.quantity === 0n ? undefined : part;
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
