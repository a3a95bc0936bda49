/** Commands and events of auctions.  Rules: CA-1 to CA-5 */

import type { Count, Milliseconds } from '../../units/quantity';
import { type EventsOf, kind } from '../kind/kind';
import type { AccountId, MemberId } from '../model/account';
import type { AuctionForm, AuctionId, AuctionOutcome, BidId, BreakerLevel } from '../model/auction';
import { AUCTION, AUCTION_BID, AUCTION_POLICY } from '../model/auction';
import type { CurrencyId } from '../model/reference';
import { TRANSFER } from './ledger';
import type { Decimal } from './reference';

/** Price by time; which fields are needed depends on the shape. Factors have up to 27 digits after the point. */
export interface CurveInput {
  readonly shape: 'LINEAR' | 'STAIRSTEP' | 'EXPONENTIAL' | 'TWO_SPEED';
  readonly duration?: Milliseconds | null; // ms
  readonly cut?: Decimal | null;
  readonly step?: Milliseconds | null; // ms
  readonly start?: Decimal | null;
  readonly cutoff?: Decimal | null;
  readonly fast?: Milliseconds | null; // ms
  readonly slow?: Milliseconds | null; // ms
}

export interface SetAuctionPolicy {
  readonly type: 'SetAuctionPolicy';
  readonly currency: CurrencyId;
  readonly form: AuctionForm;
  readonly curve: CurveInput;
  readonly startMultiplier: Decimal;
  readonly tail: Milliseconds; // ms
  readonly cusp: Decimal;
  readonly rounds: Count;
  readonly tip: Decimal;
  readonly chip: Decimal;
  readonly penaltyMultiplier: Decimal;
  readonly dust: Decimal;
  readonly valueCap: Decimal;
  readonly lotCap: Decimal;
  readonly reserveShare: Decimal;
  readonly minimumTime: Milliseconds; // ms
  readonly minimumBidders: Count;
  readonly increment: Decimal;
  readonly extension: Milliseconds; // ms
  readonly badBidShare: Decimal;
  readonly fundCap: Decimal;
}

export interface SetAuctionBreaker {
  readonly type: 'SetAuctionBreaker';
  readonly currency: CurrencyId;
  readonly level: Count;
  readonly reason: string;
}

export interface StartAuction {
  readonly type: 'StartAuction';
  readonly account: AccountId;
  readonly lotCurrency: CurrencyId;
  readonly quantity: Decimal | null; // null: all there is
  readonly lots: Count;
  readonly form: AuctionForm | null; // null: the policy's
  readonly invited: readonly MemberId[] | null; // null: everybody
}

export interface TakeAuction {
  readonly type: 'TakeAuction';
  readonly auction: AuctionId;
  readonly account: AccountId;
  readonly quantity: Decimal; // at most, in the lot's currency
  readonly limit: Decimal; // no more per unit
  readonly version: Count; // of the auction that was seen
}

export interface PlaceBid {
  readonly type: 'PlaceBid';
  readonly auction: AuctionId;
  readonly account: AccountId;
  readonly amount: Decimal; // for all of it
  readonly quantity: Decimal | null; // null: all of the lot
  readonly version: Count;
}

export interface ResetAuction {
  readonly type: 'ResetAuction';
  readonly auction: AuctionId;
  readonly account: AccountId; // that is rewarded
}

export interface CancelAuction {
  readonly type: 'CancelAuction';
  readonly auction: AuctionId;
  readonly reason: string;
}

export interface PauseAuction {
  readonly type: 'PauseAuction';
  readonly auction: AuctionId;
  readonly reason: string;
}

export interface ResumeAuction {
  readonly type: 'ResumeAuction';
  readonly auction: AuctionId;
}

export type AuctionCommand =
  | SetAuctionPolicy
  | SetAuctionBreaker
  | StartAuction
  | TakeAuction
  | PlaceBid
  | ResetAuction
  | CancelAuction
  | PauseAuction
  | ResumeAuction;

/** Why an auction is not as it was. */
export type AuctionChange = 'OPENED' | 'RESET' | 'PAUSED' | 'RESUMED';

/** What becomes of what was not sold. */
export type UnsoldNext = 'NOTHING' | 'RETURNED' | 'FUND' | 'CONVERSION';

export const AUCTION_EVENTS = kind.events({
  AuctionPolicySet: { terms: kind.about(AUCTION_POLICY), reason: kind.nullable(kind.text()) },
  AuctionStarted: { account: kind.account(), auctioned: AUCTION, transfers: kind.list(TRANSFER) },
  AuctionChanged: {
    account: kind.account(),
    change: kind.text<AuctionChange>(),
    by: kind.nullable(kind.account()), // who was rewarded for a reset
    auctioned: AUCTION,
    transfers: kind.list(TRANSFER),
  },
  AuctionTaken: {
    auction: kind.text<AuctionId>(),
    account: kind.account(),
    bidder: kind.account(),
    quantity: kind.cash('auctioned.lotCurrency'), // of the lot
    paid: kind.cash('auctioned.currency'), // towards debt and penalty
    top: kind.digits(27), // price per whole unit of the lot, 27 digits
    auctioned: AUCTION, // as it is afterwards
    transfers: kind.list(TRANSFER),
  },
  AuctionBidPlaced: {
    auction: kind.text<AuctionId>(),
    account: kind.account(),
    placed: kind.about(AUCTION_BID),
    outbid: kind.nullable(kind.text<BidId>()), // whose escrow went back
    auctioned: AUCTION,
    transfers: kind.list(TRANSFER),
  },
  AuctionEnded: {
    auction: kind.text<AuctionId>(),
    account: kind.account(),
    outcome: kind.text<AuctionOutcome>(),
    unsold: kind.text<UnsoldNext>(),
    winner: kind.nullable(kind.account()), // of the bids
    paid: kind.cash('auctioned.currency'), // by the winner or the fund
    quantity: kind.cash('auctioned.lotCurrency'), // for it
    proceeds: kind.cash('auctioned.currency'), // of the whole auction
    recovery: kind.nullable(kind.rate()), // proceeds over the index value of what was sold
    juniors: kind.list(kind.text<MemberId>()), // invited, but did not bid or bid badly
    reason: kind.nullable(kind.text()),
    auctioned: AUCTION, // as it was at the end
    transfers: kind.list(TRANSFER),
  },
});
export type AuctionEvent = EventsOf<typeof AUCTION_EVENTS>;

export const AUCTION_BREAKERS: readonly BreakerLevel[] = [0, 1, 2, 3];
