/**
 * The disposal ladder: by whom positions of a liquidated account are closed, in which order and within which limits, and who
 * has registered to close them.  Rules: LI-1 to LI-5, LE-4
 */

import type { Cash, Duration, Instant, Rate } from '../../units/quantity';
import type { AccountId } from './account';
import type { ApiKeyId } from './actor';
import type { CurrencyId, InstrumentId } from './reference';

export type LadderMethod = 'VENUE' | 'LIQUIDATORS' | 'AUCTION' | 'BACKSTOP' | 'HOUSE' | 'DELEVERAGING';

/** `currency/USD`, or `instrument/BTC-PERP`, which goes before its currency's. */
export type LadderId = string;

/** What a liquidator is offered. Amounts hold for a whole order; for a part of one they are divided by lots.  LI-2 */
export interface OfferTerms {
  readonly flat: Cash; // paid whatever is closed
  readonly startRate: Rate; // of the notional closed, at first
  readonly ratePerSecond: Rate; // added for every second since the offer, once the grace has passed
  readonly maximumRate: Rate;
  readonly grace: Duration; // the rate stays where it starts for so long
  readonly expense: Cash; // what the work costs: never less than it with a profit
  readonly minimumProfit: Cash; // over the expense
  readonly profitRate: Rate; // of the expense; the higher of the two profits counts
  readonly rewardCap: Cash | null; // never more than this
  readonly claimWindow: Duration; // how long a claim excludes others
  readonly claimPenalty: Cash; // taken from the deposit where a claim expires
  readonly minimumDeposit: Cash; // without it nothing may be claimed
}

/** One method of the ladder with its limits. */
export interface Rung {
  readonly method: LadderMethod;
  readonly window: Duration | null; // how long an order stands on it; null: as the margin policy says
  readonly marketCap: Cash | null; // notional at once on this method in one instrument
  readonly globalCap: Cash | null; // the same in all instruments of the currency
  readonly maximumShareOfDepth: Rate | null; // no slice is larger than this share of the depth its venue states    LE-4
  readonly slippage: Rate | null; // no worse than the mark by this share; null: down to the bankruptcy price
  readonly offer: OfferTerms | null; // of liquidators
  /**
   * How fast the slippage is reached: slippage x urgency x the share of maintenance margin that equity lacks, no more than the
   * slippage itself. Without one it is allowed at once.  DY-F1
   */
  readonly urgency?: Rate;
}

export interface DisposalLadder {
  readonly id: LadderId;
  readonly currency: CurrencyId;
  readonly instrument: InstrumentId | null;
  readonly version: number;
  readonly rungs: readonly Rung[]; // in the order in which they are tried; the last takes everything
}

/** Where an order stands. Orders made one of another share their origin. */
export interface Stand {
  readonly origin: string; // the first order of the reduction
  readonly ladder: LadderId;
  readonly version: number;
  readonly rung: number; // 1 is the first
  readonly method: LadderMethod;
  readonly offer: OfferTerms | null;
}

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
  readonly claims: number;
  readonly expiredClaims: number;
  readonly takes: number;
  readonly completed: number; // takes whose liquidation ended with the account restored
  readonly waited: number; // ms from offer to take, over all takes
  readonly feeShares: Cash; // of the liquidation fee
  readonly rewards: Cash;
  readonly penalties: Cash; // taken from the deposit
}

/** Who has bound itself to take positions over, up to a notional. */
export interface BackstopProvider {
  readonly account: AccountId;
  readonly instrument: InstrumentId | null; // null: every instrument of its currency
  readonly capacity: Cash; // notional in all
  readonly left: Cash; // of it
  readonly discount: Rate; // off the mark
}
