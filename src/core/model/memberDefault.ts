/** The default of a member, from its declaration until it is closed, and the offers by which its clients move.  Rules: LCS-2, NE-5 */

import type { Cash, Duration, Instant, Rate, Size } from '../../units/quantity';
import type { AccountId, MemberId } from './account';
import type { CurrencyId, InstrumentId } from './reference';

export type DefaultId = string;
export type PortId = string;

/** PORTING: clients may still move. CLOSING: those who did not are closed out. SETTLED: every currency has its result. */
export type DefaultPhase = 'PORTING' | 'CLOSING' | 'SETTLED';

/** How a default is managed, per currency of the defaulter's accounts. Every change is a version. */
export interface DefaultPolicy {
  readonly currency: CurrencyId;
  readonly version: number;
  readonly portingWindow: Duration; // from declaration until clients who did not move are closed out
  readonly acceptWindow: Duration; // how long an offer waits for the member it is made to
  readonly orderWindow: Duration; // how long a venue has for a hedging or closing order
  readonly aloneUpTo: Cash; // notional one officer may hedge or close without a second person   [currency]
  readonly minimumLots: number; // parts a portfolio is offered in at least when its first auction failed
}

/** What moved money in or out of the ledger of a default. */
export type DefaultLineKind =
  | 'SEIZED' // collateral of the defaulter
  | 'PORTFOLIO' // gain or loss of its positions up to the mark at which they were taken
  | 'VARIATION' // of the positions while the default held them, with funding
  | 'HEDGE' // realised by hedging trades
  | 'CLOSING' // realised by closing trades at a venue
  | 'AUCTION' // paid and received for lots
  | 'CONVERSION' // collateral of other currencies turned into cash
  | 'COST'
  | 'LAYER' // borne by a layer of the waterfall
  | 'RETURNED' // what was left went back
  | 'REVERSAL'
  | 'OTHER';

/** Sum of the lines of one kind. Over all kinds they sum to what the close-out account of the default holds. */
export interface DefaultSum {
  readonly kind: DefaultLineKind;
  readonly currency: CurrencyId;
  readonly amount: Cash; // received above zero, paid below
}

export interface LotPosition {
  readonly instrument: InstrumentId;
  readonly size: Size; // as the default holds it: long positive
}

/** A part of the portfolio that is offered as one. */
export interface DefaultLot {
  readonly ordinal: number; // from 1
  readonly share: Rate | null; // of the whole; null where its positions were listed
  readonly positions: readonly LotPosition[];
}

/** A sealed bid: what the bidder pays for a lot beside the mark, or, below zero, is paid. */
export interface LotBid {
  readonly account: AccountId;
  readonly member: MemberId;
  readonly ordinal: number; // of the lot
  readonly amount: Cash; // in escrow where it is above zero
  readonly at: Instant;
}

/** A round of an auction of lots. */
export interface DefaultAuction {
  readonly id: string;
  readonly round: number;
  readonly invited: readonly MemberId[] | null; // null: every member but the defaulter
  readonly asked: readonly MemberId[]; // whose bid is expected: who makes none is junior
  readonly minimumBidders: number; // members that have to bid for the round to count
  readonly reserve: Rate; // share of the notional the house pays at most
  readonly window: Duration;
  readonly endsAt: Instant;
  readonly bids: readonly LotBid[];
}

/** One currency of a default: its close-out account, and what became of it. */
export interface DefaultBook {
  readonly currency: CurrencyId;
  readonly account: AccountId; // the close-out account of the default
  readonly own: AccountId; // the defaulter's own account: its loss is recorded there, a surplus returns there
  readonly policyVersion: number;
  readonly lots: readonly DefaultLot[];
  readonly auction: DefaultAuction | null; // that runs
  readonly sums: readonly DefaultSum[];
  readonly settled: boolean;
}

export interface MemberDefault {
  readonly id: DefaultId;
  readonly member: MemberId;
  readonly reason: string;
  readonly declaredAt: Instant;
  readonly portingUntil: Instant;
  readonly phase: DefaultPhase;
  readonly books: readonly DefaultBook[]; // by currency
}

/** Clients of a member in default, offered whole to another member. */
export interface PortOffer {
  readonly id: PortId;
  readonly default: DefaultId;
  readonly from: MemberId;
  readonly to: MemberId;
  readonly accounts: readonly AccountId[]; // sorted
  readonly offeredAt: Instant;
  readonly expiresAt: Instant;
}
