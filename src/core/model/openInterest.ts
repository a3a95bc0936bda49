/**
 * Initial margin that rises with the open interest of an instrument, for new risk and for what leaves.  Rules: S05,
 * ruling 25
 */

import type { Instant } from '../../units/quantity';
import { kind, type RecordOf } from '../kind/kind';

/**
 * Between which open notionals initial margin rises from its own rate to the whole notional, and how often that is
 * reviewed.
 */
export const OPEN_INTEREST_RAMP = kind.record({
  lowerCap: kind.cash('instrument'), // up to this open notional rates are those of the tiers
  upperCap: kind.cash('instrument'), // from this one on the whole notional is asked for
  interval: kind.span(), // between two reviews
});
export type OpenInterestRamp = RecordOf<typeof OPEN_INTEREST_RAMP>;

export const OPEN_INTEREST_TERMS = kind.record({
  instrument: kind.instrument(),
  version: kind.count(),
  ramp: kind.nullable(OPEN_INTEREST_RAMP), // null: rates do not depend on open interest
});
export type OpenInterestTerms = RecordOf<typeof OPEN_INTEREST_TERMS>;

/** The open interest by which rates stand until the next review. */
export const OPEN_INTEREST_REVIEW = kind.record({
  openInterest: kind.size('instrument'), // lots of one side
  notional: kind.cash('instrument'), // of them, at the mark
  price: kind.price('instrument'), // that mark
  at: kind.instant(),
});
export type OpenInterestReview = RecordOf<typeof OPEN_INTEREST_REVIEW>;

/** Terms, and what follows from the last review. */
export interface OpenInterestScaling {
  readonly terms: OpenInterestTerms;
  readonly review: OpenInterestReview | null; // none before the first live price
  readonly due: Instant | null; // of the next review
}
