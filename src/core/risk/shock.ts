/** The house as it would be if prices moved: other marks and indices, everything else the same.  Rules: RLM-3, AH-5 */

import { type Price, RATE_ONE, type Rate } from '../../units/quantity';
import { divHalfEven } from '../../units/rounding';
import type { InstrumentId } from '../model/reference';
import type { View } from '../model/state';

/**
 * What of the house is not in its book, as it is now: later changes do not reach it. Accounts, balances and positions
 * are those of the book itself.
 */
export const frozen = (view: View): View => ({
  ...view,
  currencies: new Map(view.currencies),
  collateral: new Map(view.collateral),
  indices: new Map(view.indices),
  listings: new Map(view.listings),
  policies: new Map(view.policies),
  deleveragingPolicies: new Map(view.deleveragingPolicies),
});

/** Every mark and every index moved by a share of itself, to the nearest tick; or the mark of one instrument alone. */
export function shocked(view: View, move: Rate, only: InstrumentId | null = null): View {
  const listings = [...view.listings].map(([id, listing]) => {
    const { mark } = listing;
    if (!mark || (only !== null && only !== id)) return [id, listing] as const;
    return [id, { ...listing, mark: { ...mark, price: movedBy(mark.price, move) } }] as const;
  });
  const indices = [...view.indices].map(([id, listing]) => {
    const { state } = listing;
    if (state.price === null || only !== null) return [id, listing] as const;
    return [id, { ...listing, state: { ...state, price: movedBy(state.price, move) } }] as const;
  });
  return { ...view, listings: new Map(listings), indices: new Map(indices) };
}

const movedBy = (price: Price, move: Rate): Price => divHalfEven(price * (RATE_ONE + move), RATE_ONE) as Price;
