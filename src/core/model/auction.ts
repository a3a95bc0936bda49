/** Auctions: the policy they follow, and what is known of each while it runs.  Rules: CA-1 to CA-5 */

import { type ChoiceOf, choice, kind, type RecordOf } from '../kind/kind';
import { RENAMED_FIELDS } from '../kind/renamed';
import type { MemberId, OwnerId } from './account';
import type { LiquidationId } from './liquidation';

export const AUCTION_CURVE_SHAPE = choice('AuctionCurveShape', 'How the price of a Dutch auction falls.', {
  LINEAR: 'In a straight line to zero within its duration.',
  STAIRSTEP: 'By a factor at each step.',
  EXPONENTIAL: 'By a factor each millisecond.',
  TWO_SPEED: 'Quickly down to a cutoff, then slowly to zero.',
  FIXED: 'Not at all: the lot is offered at one price until the round is over.',
});

export type AuctionId = string;
export type BidId = string;

const TWO_SPEED = {
  start: kind.digits(27), // share of the value asked at first
  cutoff: kind.digits(27), // where it slows down
  fast: kind.span(), // from start to cutoff
  slow: kind.span(), // from cutoff to nothing
};

/** Price by time. Factors have 27 digits after the point.  */
export const AUCTION_CURVE = kind.variants(
  'shape',
  {
    LINEAR: { duration: kind.span() },
    STAIRSTEP: { stepFactor: kind.digits(27), step: kind.span() }, // factor per step
    EXPONENTIAL: { stepFactor: kind.digits(27) }, // factor per millisecond
    TWO_SPEED,
    FIXED: {},
  },
  RENAMED_FIELDS.AuctionCurve,
);
/** The one by which portfolios are sold. */
export const TWO_SPEED_CURVE = kind.variants('shape', { TWO_SPEED });

export type AuctionCurve = RecordOf<typeof AUCTION_CURVE>;

export const AUCTION_FORM = choice('AuctionForm', 'How an auction finds its price.', {
  DUTCH: 'The price falls from the top until somebody takes a part of the lot, or all of it.',
  ENGLISH: 'Bids rise until one reaches the target. Then bidders ask for less and less of the lot.',
  SEALED: 'Each bidder bids once, unseen by the others. The best bid at the end wins.',
});
export type AuctionForm = ChoiceOf<typeof AUCTION_FORM>;

export const AUCTION_CAP_BASE = choice('AuctionCapBase', 'What the caps of auctions count.', {
  RESERVE_VALUE: 'The value of lots at the reserve. A sale that does not fit waits whole.',
  TARGET:
    'Debt and penalty still to be raised. A sale that does not fit is cut to what does, and the rest waits. Of a sale ' +
    'without a debt the value of its lot counts, and it waits whole.',
});
export type AuctionCapBase = ChoiceOf<typeof AUCTION_CAP_BASE>;

/** How much of the auctions still works: 0 all, 1 nothing new, 2 nothing new and no resets, 3 nothing at all. */
export type BreakerLevel = 0 | 1 | 2 | 3;

/** How auctions for money of one currency go, every version.  */
export const AUCTION_POLICY = kind.record(
  {
    currency: kind.currency(), // of the bids
    version: kind.count(),
    form: kind.text<AuctionForm>(),
    curve: AUCTION_CURVE, // of Dutch auctions
    startMultiplier: kind.rate(), // top over the index price
    // which is lowered first by this share of the discount at which the house converts the lot; none: not at all  CA-7
    discountShare: kind.optional(kind.rate()),
    roundDuration: kind.span(), // a round is over when it has lasted longer
    priceFloorShare: kind.digits(27), // or when the price has fallen below this factor of its top
    rounds: kind.count(), // that may fail before the fallback
    resetReward: kind.cash('currency'), // for whoever resets: flat
    resetRewardRate: kind.rate(), // and a share of the target
    penaltyMultiplier: kind.rate(), // target over debt
    minimumDebt: kind.cash('currency'), // no target smaller than this is left behind
    capBase: kind.optional(kind.text<AuctionCapBase>()), // what the caps count; none: the value at the reserve  CA-6
    valueCap: kind.cash('currency'), // in auction at once, all lots together
    lotCap: kind.cash('currency'), // and of one lot currency
    reserveShare: kind.rate(), // of the index value: nothing is sold below
    minimumTime: kind.span(), // before a round can end by bids or fail
    minimumBidders: kind.count(), // live ones a round of bids needs
    increment: kind.rate(), // least improvement of a bid
    extension: kind.span(), // the end moves this far behind a late bid
    badBidShare: kind.rate(), // a bid below this share of the best counts as none
    fundCap: kind.cash('currency'), // value at the reserve the insurance fund may hold of what it bought
    breaker: kind.count<BreakerLevel>(),
  },
  RENAMED_FIELDS.AuctionPolicy,
);
export type AuctionPolicy = RecordOf<typeof AUCTION_POLICY>;

export type AuctionStatus = 'QUEUED' | 'OPEN' | 'PAUSED';

/** How an auction ended. */
export type AuctionOutcome = 'SETTLED' | 'SOLD_OUT' | 'FAILED' | 'CANCELLED';

export const AUCTION_BID = kind.record({
  id: kind.text<BidId>(),
  account: kind.account(),
  member: kind.text<MemberId>(),
  amount: kind.cash('currency|auctioned.currency'), // in escrow
  quantity: kind.cash('lotCurrency|auctioned.lotCurrency'), // of the lot asked for it
  at: kind.instant(),
});
export type AuctionBid = RecordOf<typeof AUCTION_BID>;

/** Collateral of one currency for sale against a debt in another. */
export const AUCTION = kind.record({
  id: kind.text<AuctionId>(),
  form: kind.text<AuctionForm>(),
  account: kind.account(), // the debtor
  liquidation: kind.nullable(kind.text<LiquidationId>()),
  currency: kind.currency(), // of the bids
  lotCurrency: kind.currency(),
  quantity: kind.cash('lotCurrency'), // of the lot still for sale, in escrow
  debt: kind.cash('currency'), // still to be raised for the account
  target: kind.cash('currency'), // debt and penalty still to be raised
  proceeds: kind.cash('currency'), // raised so far
  sold: kind.cash('lotCurrency'), // of the lot
  fairValue: kind.cash('currency'), // of what was sold, at the index when it was
  terms: AUCTION_POLICY, // the version it runs by to its end; only the breaker is today's
  status: kind.text<AuctionStatus>(),
  round: kind.count(), // from 1
  top: kind.digits(27), // price a round of a Dutch auction starts at, per whole unit of the lot, 27 digits
  reserve: kind.digits(27), // price below which nothing is sold, likewise
  startedAt: kind.instant(), // of the round
  deadline: kind.instant(), // of the round: failed or settled then
  timeLeft: kind.nullable(kind.span()), // of the round, while paused
  manual: kind.flag(), // paused by an officer, who resumes it
  invited: kind.nullable(kind.list(kind.text<MemberId>())), // members asked to bid; null: everybody
  bids: kind.list(AUCTION_BID), // in escrow
  bidders: kind.optional(kind.list(kind.text<OwnerId>())), // who has bid in this round, outbid or not
  version: kind.count(), // raised by every change
});
export type Auction = RecordOf<typeof AUCTION>;
