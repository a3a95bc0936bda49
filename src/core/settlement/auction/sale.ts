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
 * One take: never beyond the target, and never so that a target smaller than the dust would stay. Undefined where only a
 * take of everything is possible and this is not one. The seller gives no more than was paid for: quantities round down.
 */
export function takeOf(target: bigint, lot: bigint, wanted: bigint, quote: Quote, dust: bigint): Take | undefined {
  const quantity = least(lot, wanted);
  const owed = costUp(quantity, quote);
  if (owed >= target) return { quantity: least(quantity, boughtDown(target, quote)), paid: target, closes: true };
  if (quantity < lot && target - owed < dust) {
    if (target <= dust) return undefined;
    const paid = target - dust;
    return { quantity: boughtDown(paid, quote), paid, closes: false };
  }
  return { quantity, paid: owed, closes: quantity === lot };
}

/** What calling for an auction or its reset earns: nothing where the target or the value of the lot is dust. */
export const rewardOf = (terms: { readonly tip: bigint; readonly chip: Quote }, target: bigint, lotValue: bigint, dust: bigint): bigint =>
  target < dust || lotValue < dust ? 0n : terms.tip + (target * terms.chip.numerator) / terms.chip.denominator;

/**
 * How much of a debt may go to auction: what fits into the room, but all of it where less than the dust would stay, and
 * nothing where the part itself would be dust. `chop` turns debt into target.
 */
export function fittingOf(debt: bigint, room: bigint, chop: Quote, dust: bigint): bigint {
  const fits = least(debt, room <= 0n ? 0n : divDown(room * chop.denominator, chop.numerator));
  if (fits === debt) return debt;
  if (debt - fits < dust) return debt;
  return fits < dust ? 0n : fits;
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

/** Whether neither side left behind is dust; nothing at all is not dust. */
export const leavesEnough = (debt: bigint, collateral: bigint, least_: bigint): boolean =>
  [debt, collateral].every((left) => left === 0n || left >= least_);
