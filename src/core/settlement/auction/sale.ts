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

export const costUp = (quantity: bigint, { numerator, denominator }: Quote): bigint => divUp(quantity * numerator, denominator);
const boughtDown = (money: bigint, { numerator, denominator }: Quote): bigint => divDown(money * denominator, numerator);

export interface Take {
  readonly quantity: bigint; // received
  readonly paid: bigint;
  readonly closes: boolean; // the target is reached, or nothing is left
}

/**
 * One take. It never passes the target, and it never leaves a target below the minimum debt. Undefined where only a take
 * of everything is possible and this is not one. Quantities round down: the seller gives no more than was paid for.
 */
export function takeOf(target: bigint, lot: bigint, wanted: bigint, quote: Quote, minimumDebt: bigint): Take | undefined {
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

/**
 * How much of a debt may go to auction: as much as fits under the cap. All of it where less than the minimum debt would
 * stay behind. Nothing where the part itself would be below the minimum debt. `multiplier` turns debt into target.
 */
export function fittingOf(debt: bigint, capacity: bigint, multiplier: Quote, minimumDebt: bigint): bigint {
  const fits = least(debt, capacity <= 0n ? 0n : divDown(capacity * multiplier.denominator, multiplier.numerator));
  if (fits === debt) return debt;
  if (debt - fits < minimumDebt) return debt;
  return fits < minimumDebt ? 0n : fits;
}

/** Quantity for an amount of money at a price less a discount: the store-front sale of Compound III. Rounded down. */
export const quantityAtDiscount = (money: bigint, price: bigint, discount: bigint, one: bigint): bigint =>
  divDown(money * one * one, price * (one - discount));

/** Share of a debt that may be closed at once: half, unless health or either side is too low.  Source: Aave 3.3 */
export function closeFactorOf(
  account: { readonly health: bigint; readonly collateral: bigint; readonly debt: bigint },
  terms: { readonly health: bigint; readonly minimum: bigint; readonly share: bigint; readonly one: bigint },
): bigint {
  const partly = account.health > terms.health && account.collateral >= terms.minimum && account.debt >= terms.minimum;
  return partly ? terms.share : terms.one;
}

/** Whether what is left on either side is nothing, or at least the minimum. */
export const leavesEnough = (debt: bigint, collateral: bigint, least_: bigint): boolean =>
  [debt, collateral].every((left) => left === 0n || left >= least_);
