/** Commands and events of members in trouble: suspension, default, porting, hedging, closing, settlement.  Rules: LCS-2, NE-5, B3-1 */

import type { Count, Milliseconds } from '../../units/quantity';
import { type EventsOf, kind, type RecordOf } from '../kind/kind';
import type { AccountId, MemberId, MemberStatus, Side } from '../model/account';
import type { DefaultId, DefaultPhase, PortId } from '../model/memberDefault';
import { DEFAULT_AUCTION, DEFAULT_LOT, DEFAULT_POLICY, LOT_BID, MEMBER_DEFAULT, PORT_OFFER } from '../model/memberDefault';
import type { CurrencyId, InstrumentId } from '../model/reference';
import { TRANSFER } from './ledger';
import { POSITION_CHANGE } from './position';
import type { Decimal } from './reference';

export interface SuspendMember {
  readonly type: 'SuspendMember';
  readonly member: MemberId;
  readonly reason: string;
}

export interface ReinstateMember {
  readonly type: 'ReinstateMember';
  readonly member: MemberId;
  readonly reason: string;
}

export interface SetDefaultPolicy {
  readonly type: 'SetDefaultPolicy';
  readonly currency: CurrencyId;
  readonly portingWindow: Milliseconds;
  readonly acceptWindow: Milliseconds;
  readonly orderWindow: Milliseconds;
  readonly aloneUpTo: Decimal;
  readonly minimumLots: Count;
}

export interface DeclareDefault {
  readonly type: 'DeclareDefault';
  readonly member: MemberId;
  readonly reason: string;
}

export interface PortClients {
  readonly type: 'PortClients';
  readonly default: DefaultId;
  readonly accounts: readonly AccountId[] | null; // null: every client that has not moved
  readonly toMember: MemberId;
}

export interface AcceptPort {
  readonly type: 'AcceptPort';
  readonly port: PortId;
}

export interface DeclinePort {
  readonly type: 'DeclinePort';
  readonly port: PortId;
  readonly reason: string;
}

/** An order of the house for a default: HEDGE trades anything, CLOSE only reduces what the default holds. */
interface DefaultOrder {
  readonly default: DefaultId;
  readonly instrument: InstrumentId;
  readonly side: Side;
  readonly size: Decimal; // contracts, above zero
  readonly limit: Decimal | null;
}

export interface HedgeDefault extends DefaultOrder {
  readonly type: 'HedgeDefault';
}

export interface CloseDefaultPosition extends DefaultOrder {
  readonly type: 'CloseDefaultPosition';
}

export interface LotInput {
  readonly share: Decimal | null; // of every position
  readonly positions: readonly { readonly instrument: InstrumentId; readonly size: Decimal }[] | null; // contracts, as held: long positive
}

export interface SplitDefault {
  readonly type: 'SplitDefault';
  readonly default: DefaultId;
  readonly currency: CurrencyId;
  readonly lots: readonly LotInput[];
}

/** Offers the lots of a default to members, by sealed bids; without lots all of it is one. */
export interface AuctionDefault {
  readonly type: 'AuctionDefault';
  readonly default: DefaultId;
  readonly currency: CurrencyId;
  readonly invited: readonly MemberId[] | null; // null: everybody
  readonly minimumBidders: Count;
  readonly reserve: Decimal; // share of the notional the house pays at most
  readonly window: Milliseconds; // ms
}

/** A sealed bid; another one for the same lot takes its place. */
export interface BidForLot {
  readonly type: 'BidForLot';
  readonly default: DefaultId;
  readonly currency: CurrencyId;
  readonly lot: Count;
  readonly account: AccountId;
  readonly amount: Decimal; // paid for the lot beside the mark; below zero: received
}

/** What managing the default cost the house, taken from what was seized. */
export interface ChargeDefaultCost {
  readonly type: 'ChargeDefaultCost';
  readonly default: DefaultId;
  readonly currency: CurrencyId;
  readonly amount: Decimal;
  readonly reason: string;
}

/** The portfolio of a currency is closed: its loss goes down the waterfall, its surplus back to the defaulter. */
export interface SettleDefault {
  readonly type: 'SettleDefault';
  readonly default: DefaultId;
  readonly currency: CurrencyId;
}

export interface CloseDefault {
  readonly type: 'CloseDefault';
  readonly default: DefaultId;
  readonly outcome: 'TERMINATED' | 'REINSTATED';
  readonly reason: string;
}

export type MemberDefaultCommand =
  | SuspendMember
  | ReinstateMember
  | SetDefaultPolicy
  | DeclareDefault
  | PortClients
  | AcceptPort
  | DeclinePort
  | HedgeDefault
  | CloseDefaultPosition
  | SplitDefault
  | AuctionDefault
  | BidForLot
  | ChargeDefaultCost
  | SettleDefault
  | CloseDefault;

/** What one account of the defaulter brought into the net amount: its cash, and its positions at the mark. */
export const NETTED_ACCOUNT = kind.record({
  account: kind.account(),
  collateral: kind.cash('currency'), // cash of the currency, signed
  result: kind.cash('currency'), // gain or loss of its positions up to the mark
});
export type NettedAccount = RecordOf<typeof NETTED_ACCOUNT>;

/** What is left of all positions in an instrument when long and short of the defaulter's accounts meet. */
export const NETTED_POSITION = kind.record({
  instrument: kind.instrument(),
  size: kind.size('instrument'),
  mark: kind.price('instrument'),
  value: kind.cash('currency'), // size at the mark, signed
});
export type NettedPosition = RecordOf<typeof NETTED_POSITION>;

export const LOT_AWARD = kind.record({
  account: kind.account(),
  ordinal: kind.count(),
  amount: kind.cash('currency'),
});
export type LotAward = RecordOf<typeof LOT_AWARD>;

const OF_DEFAULT = {
  default: kind.text<DefaultId>(),
  member: kind.text<MemberId>(),
};

export const MEMBER_DEFAULT_EVENTS = kind.events({
  DefaultPolicySet: { terms: kind.about(DEFAULT_POLICY) },
  MemberStatusChanged: {
    member: kind.text<MemberId>(),
    from: kind.text<MemberStatus>(),
    to: kind.text<MemberStatus>(),
    reason: kind.text(),
  },
  DefaultDeclared: { declared: kind.about(MEMBER_DEFAULT) },
  DefaultNetted: {
    currency: kind.currency(),
    receiver: kind.account(), // the close-out account of the default
    amount: kind.cash('currency'), // what all obligations of the currency come to: above zero the member's, below the house's
    netted: kind.list(NETTED_ACCOUNT),
    nets: kind.list(NETTED_POSITION),
    positions: kind.list(POSITION_CHANGE),
    transfers: kind.list(TRANSFER),
    ...OF_DEFAULT,
  },
  PortOffered: { offered: kind.about(PORT_OFFER) },
  PortEnded: {
    port: kind.text<PortId>(),
    outcome: kind.text<'DECLINED' | 'EXPIRED' | 'CANCELLED'>(),
    reason: kind.nullable(kind.text()),
    ...OF_DEFAULT,
  },
  ClientsPorted: { port: kind.text<PortId>(), toMember: kind.text<MemberId>(), moved: kind.list(kind.account()), ...OF_DEFAULT },
  DefaultPhaseChanged: { phase: kind.text<DefaultPhase>(), clients: kind.list(kind.account()), ...OF_DEFAULT },
  DefaultSplit: { currency: kind.currency(), lots: kind.list(DEFAULT_LOT), ...OF_DEFAULT },
  DefaultAuctionStarted: { currency: kind.currency(), opened: kind.about(DEFAULT_AUCTION), ...OF_DEFAULT },
  LotBidPlaced: { auction: kind.text(), currency: kind.currency(), bid: LOT_BID, transfers: kind.list(TRANSFER), ...OF_DEFAULT },
  DefaultAuctionEnded: {
    auction: kind.text(),
    currency: kind.currency(),
    round: kind.count(),
    outcome: kind.text<'SOLD' | 'FAILED'>(), // FAILED: a lot or more was not sold
    receiver: kind.account(), // the close-out account that sold
    awards: kind.list(LOT_AWARD),
    juniors: kind.list(kind.text<MemberId>()), // who was asked and did not bid
    positions: kind.list(POSITION_CHANGE),
    transfers: kind.list(TRANSFER),
    ...OF_DEFAULT,
  },
  DefaultCostCharged: {
    currency: kind.currency(),
    amount: kind.cash('currency'),
    reason: kind.text(),
    transfers: kind.list(TRANSFER),
    ...OF_DEFAULT,
  },
  DefaultSettled: {
    currency: kind.currency(),
    result: kind.cash('currency'), // of portfolio, hedges, auctions and costs: below zero the gross loss
    seized: kind.cash('currency'), // margin of the defaulter, conversions with it
    borne: kind.cash('currency'), // by layers beyond it
    returned: kind.cash('currency'), // to the defaulter
    transfers: kind.list(TRANSFER),
    ...OF_DEFAULT,
  },
  DefaultClosed: { outcome: kind.text<'TERMINATED' | 'REINSTATED'>(), reason: kind.text(), ...OF_DEFAULT },
});
export type MemberDefaultEvent = EventsOf<typeof MEMBER_DEFAULT_EVENTS>;
