/** Commands and events of auctions.  Rules: CA-1 to CA-5 */

import type { Cash, Rate } from '../../units/quantity';
import type { AccountId, MemberId } from '../model/account';
import type { Auction, AuctionBid, AuctionForm, AuctionId, AuctionOutcome, AuctionPolicy, BidId, BreakerLevel } from '../model/auction';
import type { CurrencyId } from '../model/reference';
import type { Transfer } from './ledger';
import type { Decimal } from './reference';

/** Price by time; which fields are needed depends on the shape. Factors have up to 27 digits after the point. */
export interface CurveInput {
  readonly shape: 'LINEAR' | 'STAIRSTEP' | 'EXPONENTIAL' | 'TWO_SPEED';
  readonly duration?: number | null; // ms
  readonly cut?: Decimal | null;
  readonly step?: number | null; // ms
  readonly start?: Decimal | null;
  readonly cutoff?: Decimal | null;
  readonly fast?: number | null; // ms
  readonly slow?: number | null; // ms
}

export interface SetAuctionPolicy {
  readonly type: 'SetAuctionPolicy';
  readonly currency: CurrencyId;
  readonly form: AuctionForm;
  readonly curve: CurveInput;
  readonly startMultiplier: Decimal;
  readonly tail: number; // ms
  readonly cusp: Decimal;
  readonly rounds: number;
  readonly tip: Decimal;
  readonly chip: Decimal;
  readonly penaltyMultiplier: Decimal;
  readonly dust: Decimal;
  readonly valueCap: Decimal;
  readonly lotCap: Decimal;
  readonly reserveShare: Decimal;
  readonly minimumTime: number; // ms
  readonly minimumBidders: number;
  readonly increment: Decimal;
  readonly extension: number; // ms
  readonly badBidShare: Decimal;
  readonly fundCap: Decimal;
}

export interface SetAuctionBreaker {
  readonly type: 'SetAuctionBreaker';
  readonly currency: CurrencyId;
  readonly level: number;
  readonly reason: string;
}

export interface StartAuction {
  readonly type: 'StartAuction';
  readonly account: AccountId;
  readonly lotCurrency: CurrencyId;
  readonly quantity: Decimal | null; // null: all there is
  readonly lots: number;
  readonly form: AuctionForm | null; // null: the policy's
  readonly invited: readonly MemberId[] | null; // null: everybody
}

export interface TakeAuction {
  readonly type: 'TakeAuction';
  readonly auction: AuctionId;
  readonly account: AccountId;
  readonly quantity: Decimal; // at most, in the lot's currency
  readonly limit: Decimal; // no more per unit
  readonly version: number; // of the auction that was seen
}

export interface PlaceBid {
  readonly type: 'PlaceBid';
  readonly auction: AuctionId;
  readonly account: AccountId;
  readonly amount: Decimal; // for all of it
  readonly quantity: Decimal | null; // null: all of the lot
  readonly version: number;
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

export type AuctionEvent =
  | { readonly type: 'AuctionPolicySet'; readonly terms: AuctionPolicy; readonly reason: string | null }
  | { readonly type: 'AuctionStarted'; readonly account: AccountId; readonly auctioned: Auction; readonly transfers: readonly Transfer[] }
  | {
      readonly type: 'AuctionChanged';
      readonly account: AccountId;
      readonly change: AuctionChange;
      readonly by: AccountId | null; // who was rewarded for a reset
      readonly auctioned: Auction;
      readonly transfers: readonly Transfer[];
    }
  | {
      readonly type: 'AuctionTaken';
      readonly auction: AuctionId;
      readonly account: AccountId;
      readonly bidder: AccountId;
      readonly quantity: Cash; // of the lot
      readonly paid: Cash; // towards debt and penalty
      readonly top: bigint; // price per whole unit of the lot, 27 digits
      readonly auctioned: Auction; // as it is afterwards
      readonly transfers: readonly Transfer[];
    }
  | {
      readonly type: 'AuctionBidPlaced';
      readonly auction: AuctionId;
      readonly account: AccountId;
      readonly placed: AuctionBid;
      readonly outbid: BidId | null; // whose escrow went back
      readonly auctioned: Auction;
      readonly transfers: readonly Transfer[];
    }
  | {
      readonly type: 'AuctionEnded';
      readonly auction: AuctionId;
      readonly account: AccountId;
      readonly outcome: AuctionOutcome;
      readonly unsold: UnsoldNext;
      readonly winner: AccountId | null; // of the bids
      readonly paid: Cash; // by the winner or the fund
      readonly quantity: Cash; // for it
      readonly proceeds: Cash; // of the whole auction
      readonly recovery: Rate | null; // proceeds over the index value of what was sold
      readonly juniors: readonly MemberId[]; // invited, but did not bid or bid badly
      readonly reason: string | null;
      readonly auctioned: Auction; // as it was at the end
      readonly transfers: readonly Transfer[];
    };

export const AUCTION_BREAKERS: readonly BreakerLevel[] = [0, 1, 2, 3];
