/**
 * Bidding upwards: the rules by which a bid is better than the one before, in two phases. First the money rises for all
 * of the lot until the target is reached; then the target stands and the quantity asked for it falls.  Rule: CA-2
 */

import { compare, type Milliseconds } from '../../../units/quantity';

export interface Offer {
  readonly amount: bigint; // money
  readonly quantity: bigint; // of the lot asked for it
}

/**
 * Why an offer is not better than the best so far; undefined where it is. `step` over `one` is the least improvement.
 */
export function worseThan(
  best: Offer | undefined,
  offer: Offer,
  target: bigint,
  lot: bigint,
  step: bigint,
  one: bigint,
): boolean {
  const highest = best?.amount ?? 0n;
  const asked = best?.quantity ?? lot;
  if (highest < target) {
    if (offer.quantity !== lot || offer.amount > target || offer.amount <= highest) return true;
    return offer.amount < target && offer.amount * one < highest * (one + step);
  }
  return offer.amount !== target || offer.quantity * (one + step) > asked * one;
}

export interface Ranked extends Offer {
  readonly id: string;
  readonly at: Milliseconds;
}

/** The best first: more money, then less asked for it, then the earlier, then the smaller id. */
export const byMerit = (a: Ranked, b: Ranked): number =>
  compare(b.amount, a.amount) || compare(a.quantity, b.quantity) || compare(a.at, b.at) || compare(a.id, b.id);
