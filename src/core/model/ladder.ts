/**
 * The disposal ladder: by whom positions of a liquidated account are closed, in which order and within which limits,
 * and who has registered to close them.  Rules: LI-1 to LI-5, LE-4
 */

import type { Cash, Count, Instant, Milliseconds } from '../../units/quantity';
import { type ChoiceOf, choice, kind, type RecordOf } from '../kind/kind';
import type { AccountId } from './account';
import type { ApiKeyId } from './actor';

export const LADDER_METHOD = choice('LadderMethod', 'The method that closes positions of a liquidated account.', {
  VENUE: 'A venue fills an order.',
  LIQUIDATORS: 'Registered liquidators take it at the mark, for a reward.',
  AUCTION: 'The whole portfolio of the account is auctioned by shares.',
  BACKSTOP: 'Backstop providers take it over at their discount from the mark.',
  HOUSE: 'The house takes it over at the closing limit.',
  DELEVERAGING: 'Positions of the other side are closed against it.',
});
export type LadderMethod = ChoiceOf<typeof LADDER_METHOD>;

/** `currency/USD`, or `instrument/BTC-PERP`, which goes before its currency's. */
export type LadderId = string;

/** What a liquidator is offered. Amounts hold for a whole order; for a part of one they are divided by lots.  LI-2 */
export const OFFER_TERMS = kind.record({
  flat: kind.cash('currency|instrument'), // paid whatever is closed
  startRate: kind.rate(), // of the notional closed, at first
  ratePerSecond: kind.rate(), // added for every second since the offer, once the grace has passed
  maximumRate: kind.rate(),
  grace: kind.span(), // the rate stays where it starts for so long
  expense: kind.cash('currency|instrument'), // what the work costs: never less than it with a profit
  minimumProfit: kind.cash('currency|instrument'), // over the expense
  profitRate: kind.rate(), // of the expense; the higher of the two profits counts
  rewardCap: kind.nullable(kind.cash('currency|instrument')), // never more than this
  claimWindow: kind.span(), // how long a claim excludes others
  claimPenalty: kind.cash('currency|instrument'), // taken from the deposit where a claim expires
  minimumDeposit: kind.cash('currency|instrument'), // without it nothing may be claimed
});
export type OfferTerms = RecordOf<typeof OFFER_TERMS>;

/** One method of the ladder with its limits. */
export const RUNG = kind.record({
  method: kind.text<LadderMethod>(),
  window: kind.nullable(kind.span()), // how long an order stands on it; null: as the margin policy says
  marketCap: kind.nullable(kind.cash('currency')), // notional at once on this method in one instrument
  globalCap: kind.nullable(kind.cash('currency')), // the same in all instruments of the currency
  // no slice is larger than this share of the depth its venue states    LE-4
  maximumShareOfDepth: kind.nullable(kind.rate()),
  slippage: kind.nullable(kind.rate()), // no worse than the mark by this share; null: down to the closing limit
  offer: kind.nullable(OFFER_TERMS), // of liquidators
  /**
   * How fast the slippage is reached: slippage x urgency x the share of maintenance margin that equity lacks, no more
   * than the slippage itself. Without one it is allowed at once.  DY-F1
   */
  urgency: kind.optional(kind.rate()),
});
export type Rung = RecordOf<typeof RUNG>;

export const DISPOSAL_LADDER = kind.record({
  id: kind.text<LadderId>(),
  currency: kind.currency(),
  instrument: kind.nullable(kind.instrument()),
  version: kind.count(),
  rungs: kind.list(RUNG), // in the order in which they are tried; the last takes everything
});
export type DisposalLadder = RecordOf<typeof DISPOSAL_LADDER>;

/** Where an order stands. Orders made one of another share their origin. */
export const STAND = kind.record({
  origin: kind.text(), // the first order of the reduction
  ladder: kind.text<LadderId>(),
  version: kind.count(),
  rung: kind.count(), // 1 is the first
  method: kind.text<LadderMethod>(),
  offer: kind.nullable(OFFER_TERMS),
});
export type Stand = RecordOf<typeof STAND>;

/** Why a reduction, or a part of it, left a rung. */
export type RungCause =
  | 'WINDOW_PASSED' // nobody filled it in time
  | 'CAP_REACHED' // no more fits on the method
  | 'NOBODY_THERE' // no liquidator, no provider
  | 'BEYOND_MARGIN' // nobody there can take more on
  | 'NO_AUCTION' // no policy for it, or the breaker stops what is new
  | 'NOT_FOR_INSOLVENT'; // the method takes nothing of an account worth less than nothing

/** Who closes positions of others for a reward. The counts never go back.  LI-1, LI-5 */
export interface Liquidator {
  readonly account: AccountId;
  readonly operator: ApiKeyId | null; // key that may act for it besides its member's brokers
  readonly active: boolean;
  readonly since: Instant;
  readonly claims: Milliseconds;
  readonly expiredClaims: Milliseconds;
  readonly takes: Count;
  readonly completed: Count; // takes whose liquidation ended with the account restored
  readonly waited: Milliseconds; // ms from offer to take, over all takes
  readonly feeShares: Cash; // of the liquidation fee
  readonly rewards: Cash;
  readonly penalties: Cash; // taken from the deposit
}

/** Who has bound itself to take positions over, up to a notional. */
export const BACKSTOP_PROVIDER = kind.record({
  account: kind.account(),
  instrument: kind.nullable(kind.instrument()), // null: every instrument of its currency
  capacity: kind.cash('account'), // notional in all
  left: kind.cash('account'), // of it
  discount: kind.rate(), // off the mark
});
export type BackstopProvider = RecordOf<typeof BACKSTOP_PROVIDER>;
