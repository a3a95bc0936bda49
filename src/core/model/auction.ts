/** Auctions: the policy they follow, and what is known of each while it runs.  Rules: CA-1 to CA-5 */

import type { Cash, Duration, Instant, Rate } from '../../units/quantity';
import type { AccountId, MemberId, OwnerId } from './account';
import type { LiquidationId } from './liquidation';
import type { CurrencyId } from './reference';

export type AuctionId = string;
export type BidId = string;

/** Price by time. Factors have 27 digits after the point.  */
export type AuctionCurve =
  | { readonly shape: 'LINEAR'; readonly duration: Duration }
  | { readonly shape: 'STAIRSTEP'; readonly cut: bigint; readonly step: Duration } // factor per step
  | { readonly shape: 'EXPONENTIAL'; readonly cut: bigint } // factor per millisecond
  | {
      readonly shape: 'TWO_SPEED';
      readonly start: bigint; // share of the value asked at first
      readonly cutoff: bigint; // where it slows down
      readonly fast: Duration; // from start to cutoff
      readonly slow: Duration; // from cutoff to nothing
    };

export type AuctionForm = 'DUTCH' | 'ENGLISH' | 'SEALED';

/** How much of the auctions still works: 0 all, 1 nothing new, 2 nothing new and no resets, 3 nothing at all. */
export type BreakerLevel = 0 | 1 | 2 | 3;

/** How auctions for money of one currency go, every version.  */
export interface AuctionPolicy {
  readonly currency: CurrencyId; // of the bids
  readonly version: number;
  readonly form: AuctionForm;
  readonly curve: AuctionCurve; // of Dutch auctions
  readonly startMultiplier: Rate; // top over the index price
  readonly tail: Duration; // a round is over when it has lasted longer
  readonly cusp: bigint; // or when the price has fallen below this factor of its top
  readonly rounds: number; // that may fail before the fallback
  readonly tip: Cash; // for whoever resets: flat
  readonly chip: Rate; // and a share of the target
  readonly penaltyMultiplier: Rate; // target over debt
  readonly dust: Cash; // no target smaller than this is left behind
  readonly valueCap: Cash; // value at the reserve in auction at once, all lots together
  readonly lotCap: Cash; // and of one lot currency
  readonly reserveShare: Rate; // of the index value: nothing is sold below
  readonly minimumTime: Duration; // before a round can end by bids or fail
  readonly minimumBidders: number; // live ones a round of bids needs
  readonly increment: Rate; // least improvement of a bid
  readonly extension: Duration; // the end moves this far behind a late bid
  readonly badBidShare: Rate; // a bid below this share of the best counts as none
  readonly fundCap: Cash; // value at the reserve the insurance fund may hold of what it bought
  readonly breaker: BreakerLevel;
}

export type AuctionStatus = 'QUEUED' | 'OPEN' | 'PAUSED';

/** How an auction ended. */
export type AuctionOutcome = 'SETTLED' | 'SOLD_OUT' | 'FAILED' | 'CANCELLED';

export interface AuctionBid {
  readonly id: BidId;
  readonly account: AccountId;
  readonly member: MemberId;
  readonly amount: Cash; // in escrow
  readonly quantity: Cash; // of the lot asked for it
  readonly at: Instant;
}

/** Collateral of one currency for sale against a debt in another. */
export interface Auction {
  readonly id: AuctionId;
  readonly form: AuctionForm;
  readonly account: AccountId; // the debtor
  readonly liquidation: LiquidationId | null;
  readonly currency: CurrencyId; // of the bids
  readonly lotCurrency: CurrencyId;
  readonly quantity: Cash; // of the lot still for sale, in escrow
  readonly debt: Cash; // still to be raised for the account
  readonly target: Cash; // debt and penalty still to be raised
  readonly proceeds: Cash; // raised so far
  readonly sold: Cash; // of the lot
  readonly fairValue: Cash; // of what was sold, at the index when it was
  readonly terms: AuctionPolicy; // the version it runs by to its end; only the breaker is today's
  readonly status: AuctionStatus;
  readonly round: number; // from 1
  readonly top: bigint; // price a round of a Dutch auction starts at, per whole unit of the lot, 27 digits
  readonly reserve: bigint; // price below which nothing is sold, likewise
  readonly startedAt: Instant; // of the round
  readonly deadline: Instant; // of the round: failed or settled then
  readonly timeLeft: Duration | null; // of the round, while paused
  readonly manual: boolean; // paused by an officer, who resumes it
  readonly invited: readonly MemberId[] | null; // members asked to bid; null: everybody
  readonly bids: readonly AuctionBid[]; // in escrow
  readonly bidders?: readonly OwnerId[]; // who has bid in this round, outbid or not
  readonly version: number; // raised by every change
}
