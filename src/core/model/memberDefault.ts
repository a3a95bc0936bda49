/**
 * The default of a member, from its declaration until it is closed, and the offers by which its clients move.  Rules:
 * LCS-2, NE-5
 */

import { kind, type RecordOf } from '../kind/kind';
import type { MemberId } from './account';

export type DefaultId = string;
export type PortId = string;

/**
 * PORTING: clients may still move. CLOSING: those who did not are closed out. SETTLED: every currency has its result.
 */
export type DefaultPhase = 'PORTING' | 'CLOSING' | 'SETTLED';

/** How a default is managed, per currency of the defaulter's accounts. Every change is a version. */
export const DEFAULT_POLICY = kind.record({
  currency: kind.currency(),
  version: kind.count(),
  portingWindow: kind.span(), // from declaration until clients who did not move are closed out
  acceptWindow: kind.span(), // how long an offer waits for the member it is made to
  orderWindow: kind.span(), // how long a venue has for a hedging or closing order
  aloneUpTo: kind.cash('currency'), // notional one officer may hedge or close without a second person   [currency]
  minimumLots: kind.count(), // parts a portfolio is offered in at least when its first auction failed
});
export type DefaultPolicy = RecordOf<typeof DEFAULT_POLICY>;

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
export const DEFAULT_SUM = kind.record({
  kind: kind.text<DefaultLineKind>(),
  currency: kind.currency(),
  amount: kind.cash('currency'), // received above zero, paid below
});
export type DefaultSum = RecordOf<typeof DEFAULT_SUM>;

export const LOT_POSITION = kind.record({
  instrument: kind.instrument(),
  size: kind.size('instrument'), // as the default holds it: long positive
});
export type LotPosition = RecordOf<typeof LOT_POSITION>;

/** A part of the portfolio that is offered as one. */
export const DEFAULT_LOT = kind.record({
  ordinal: kind.count(), // from 1
  share: kind.nullable(kind.rate()), // of the whole; null where its positions were listed
  positions: kind.list(LOT_POSITION),
});
export type DefaultLot = RecordOf<typeof DEFAULT_LOT>;

/** A sealed bid: what the bidder pays for a lot beside the mark, or, below zero, is paid. */
export const LOT_BID = kind.record({
  account: kind.account(),
  member: kind.text<MemberId>(),
  ordinal: kind.count(), // of the lot
  amount: kind.cash('currency'), // in escrow where it is above zero
  at: kind.instant(),
});
export type LotBid = RecordOf<typeof LOT_BID>;

/** A round of an auction of lots. */
export const DEFAULT_AUCTION = kind.record({
  id: kind.text(),
  round: kind.count(),
  invited: kind.nullable(kind.list(kind.text<MemberId>())), // null: every member but the defaulter
  asked: kind.list(kind.text<MemberId>()), // whose bid is expected: who makes none is junior
  minimumBidders: kind.count(), // members that have to bid for the round to count
  reserve: kind.rate(), // share of the notional the house pays at most
  window: kind.span(),
  endsAt: kind.instant(),
  bids: kind.list(LOT_BID),
});
export type DefaultAuction = RecordOf<typeof DEFAULT_AUCTION>;

/** One currency of a default: its close-out account, and what became of it. */
export const DEFAULT_BOOK = kind.record({
  currency: kind.currency(),
  account: kind.account(), // the close-out account of the default
  own: kind.account(), // the defaulter's own account: its loss is recorded there, a surplus returns there
  policyVersion: kind.count(),
  lots: kind.list(DEFAULT_LOT),
  auction: kind.nullable(DEFAULT_AUCTION), // that runs
  sums: kind.list(DEFAULT_SUM),
  settled: kind.flag(),
});
export type DefaultBook = RecordOf<typeof DEFAULT_BOOK>;

export const MEMBER_DEFAULT = kind.record({
  id: kind.text<DefaultId>(),
  member: kind.text<MemberId>(),
  reason: kind.text(),
  declaredAt: kind.instant(),
  portingUntil: kind.instant(),
  phase: kind.text<DefaultPhase>(),
  books: kind.list(DEFAULT_BOOK), // by currency
});
export type MemberDefault = RecordOf<typeof MEMBER_DEFAULT>;

/** Clients of a member in default, offered whole to another member. */
export const PORT_OFFER = kind.record({
  id: kind.text<PortId>(),
  default: kind.text<DefaultId>(),
  from: kind.text<MemberId>(),
  to: kind.text<MemberId>(),
  accounts: kind.list(kind.account()), // sorted
  offeredAt: kind.instant(),
  expiresAt: kind.instant(),
});
export type PortOffer = RecordOf<typeof PORT_OFFER>;
