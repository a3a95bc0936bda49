/**
 * Commands and events of members in trouble: suspension, default, porting, hedging, closing, settlement.  Rules: LCS-2,
 * NE-5, B3-1
 */

import { type EventsOf, kind, type RecordOf } from '../kind/kind';
import type { MemberId, MemberStatus } from '../model/account';
import type { DefaultId, DefaultPhase, PortId } from '../model/memberDefault';
import {
  DEFAULT_AUCTION,
  DEFAULT_LOT,
  DEFAULT_POLICY,
  LOT_BID,
  MEMBER_DEFAULT,
  PORT_OFFER,
} from '../model/memberDefault';
import { TRANSFER } from './ledger';
import { POSITION_CHANGE } from './position';

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
  DefaultPolicySet: kind.event('A version of a default policy was set.', { terms: kind.about(DEFAULT_POLICY) }),
  MemberStatusChanged: kind.event('A member was suspended, reinstated, put in default or terminated.', {
    member: kind.text<MemberId>(),
    from: kind.text<MemberStatus>(),
    to: kind.text<MemberStatus>(),
    reason: kind.text(),
  }),
  DefaultDeclared: kind.event('A member was declared in default.', { declared: kind.about(MEMBER_DEFAULT) }),
  DefaultNetted: kind.event("The defaulter's own holdings were taken, and its obligations were netted to one amount.", {
    currency: kind.currency(),
    receiver: kind.account(), // the close-out account of the default
    // what all obligations of the currency come to: above zero the member's, below the house's
    amount: kind.cash('currency'),
    netted: kind.list(NETTED_ACCOUNT),
    nets: kind.list(NETTED_POSITION),
    positions: kind.list(POSITION_CHANGE),
    transfers: kind.list(TRANSFER),
    ...OF_DEFAULT,
  }),
  PortOffered: kind.event('Clients of a defaulter were offered to another member.', {
    offered: kind.about(PORT_OFFER),
  }),
  PortEnded: kind.event('An offer of clients was declined or expired.', {
    port: kind.text<PortId>(),
    outcome: kind.text<'DECLINED' | 'EXPIRED' | 'CANCELLED'>(),
    reason: kind.nullable(kind.text()),
    ...OF_DEFAULT,
  }),
  ClientsPorted: kind.event('Clients of a defaulter moved to another member.', {
    port: kind.text<PortId>(),
    toMember: kind.text<MemberId>(),
    moved: kind.list(kind.account()),
    ...OF_DEFAULT,
  }),
  DefaultPhaseChanged: kind.event('A default entered its next phase.', {
    phase: kind.text<DefaultPhase>(),
    clients: kind.list(kind.account()),
    ...OF_DEFAULT,
  }),
  DefaultSplit: kind.event('The portfolio of a default was split into lots.', {
    currency: kind.currency(),
    lots: kind.list(DEFAULT_LOT),
    ...OF_DEFAULT,
  }),
  DefaultAuctionStarted: kind.event('Lots of a default were offered to members.', {
    currency: kind.currency(),
    opened: kind.about(DEFAULT_AUCTION),
    ...OF_DEFAULT,
  }),
  LotBidPlaced: kind.event('A sealed bid for a lot of a default was made.', {
    auction: kind.text(),
    currency: kind.currency(),
    bid: LOT_BID,
    transfers: kind.list(TRANSFER),
    ...OF_DEFAULT,
  }),
  DefaultAuctionEnded: kind.event('A round of bids for lots of a default ended.', {
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
  }),
  DefaultCostCharged: kind.event('A cost of managing a default was charged to it.', {
    currency: kind.currency(),
    amount: kind.cash('currency'),
    reason: kind.text(),
    transfers: kind.list(TRANSFER),
    ...OF_DEFAULT,
  }),
  DefaultSettled: kind.event('A currency of a default was settled: its loss was borne, or its surplus was returned.', {
    currency: kind.currency(),
    result: kind.cash('currency'), // of portfolio, hedges, auctions and costs: below zero the gross loss
    seized: kind.cash('currency'), // margin of the defaulter, conversions with it
    borne: kind.cash('currency'), // by layers beyond it
    returned: kind.cash('currency'), // to the defaulter
    transfers: kind.list(TRANSFER),
    ...OF_DEFAULT,
  }),
  DefaultClosed: kind.event('A default was closed.', {
    outcome: kind.text<'TERMINATED' | 'REINSTATED'>(),
    reason: kind.text(),
    ...OF_DEFAULT,
  }),
});
export type MemberDefaultEvent = EventsOf<typeof MEMBER_DEFAULT_EVENTS>;
