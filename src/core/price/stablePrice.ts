/**
 * The stable price: a price that follows the mark, but moves by no more than a stated share of itself in a stated
 * window. What is gained at a mark that ran ahead of it may not leave. It is kept finer than a tick, so that a price
 * every millisecond and one a day come to the same. It begins at the first mark and stands while the mark is stale.
 * After the model of Mango v4.  Ruling 18; S11
 */

import { abs, greatest, type Instant, type Price, price, RATE_ONE, type Size } from '../../units/quantity';
import { divDown, divUp } from '../../units/rounding';
import type { MarkState, StableState } from '../model/price';
import type { Listing, View } from '../model/state';
import { type StableTerms, stableTermsOf } from '../reference/lossPolicies';

/** Parts of a tick in which it is kept. */
const PARTS = 10n ** 12n;

/** The stable price in ticks: rounded down for who is long, up for who is short. */
export interface StablePrice {
  readonly low: Price;
  readonly high: Price;
}

type Marked = Listing & { readonly mark: MarkState };

/** As it has come by an instant: until then the mark was what it is. */
function followedTo({ instrument, mark, stable }: Marked, { window, band }: StableTerms, now: Instant): StableState {
  const to = mark.price * PARTS;
  if (!stable || window === 0) return { parts: to, at: now };
  const { parts: from, at } = stable;
  if (mark.stale || from === to) return { parts: from, at: now };
  // Where prices may be zero or less, a share of what is near zero would lead nowhere: the larger of both counts.
  const reached = instrument.allowsNonPositivePrice ? greatest(abs(from), abs(to)) : abs(from);
  const step = divDown(greatest(reached, PARTS) * band * BigInt(Math.max(now - at, 0)), BigInt(window) * RATE_ONE);
  const gap = to - from;
  if (abs(gap) <= step) return { parts: to, at: now };
  return { parts: from + (gap > 0n ? step : -step), at: now };
}

/** The same at the present moment. */
export const stableAt = (view: Pick<View, 'lossPolicies' | 'now'>, listing: Marked): StableState =>
  followedTo(listing, stableTermsOf(view, listing.instrument.settlement), view.now);

/** In ticks; undefined before the first mark. */
export function stablePriceOf(view: Pick<View, 'lossPolicies' | 'now'>, listing: Listing): StablePrice | undefined {
  const { mark } = listing;
  if (!mark) return undefined;
  const { parts } = stableAt(view, { ...listing, mark });
  return { low: price(divDown(parts, PARTS)), high: price(divUp(parts, PARTS)) };
}

/** The side of it that counts for lots held. */
export const stableFor = ({ low, high }: StablePrice, lots: Size): Price => (lots > 0n ? low : high);
