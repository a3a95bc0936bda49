/** Commands and events of trades, orders and the settlement of gains and losses. */

import { kind, type RecordOf } from '../kind/kind';
import type { OrderId, Side } from '../model/account';
import { ORDER } from '../model/account';
import { FUNDING_POLICY, FUNDING_WINDOW } from '../model/funding';
import { OPEN_INTEREST_REVIEW, OPEN_INTEREST_TERMS } from '../model/openInterest';
import { VENUE, type VenueId } from '../model/venue';
import { TRANSFER } from './ledger';

/** A position as an event leaves it. */
export const POSITION_CHANGE = kind.record({
  account: kind.account(),
  instrument: kind.instrument(),
  size: kind.size('instrument'),
  cost: kind.cash('instrument'),
  fraction: kind.optional(kind.rate()), // of a unit, where the cost is no whole number
  gain: kind.cash('instrument'),
});
export type PositionChange = RecordOf<typeof POSITION_CHANGE>;

/** What one account receives (above zero) or pays in a settlement. */
export const SETTLEMENT_LINE = kind.record({
  account: kind.account(),
  amount: kind.cash('currency'),
});
export type SettlementLine = RecordOf<typeof SETTLEMENT_LINE>;

/** Proof of a settlement run: recomputable from the inputs, chained to the run before.  Rule: DS-2 */
export const SETTLEMENT_RUN = kind.record({
  inputs: kind.text(), // SHA-256 of price and positions
  outputs: kind.text(), // SHA-256 of the lines
  previous: kind.nullable(kind.text()), // hash of the run before of this instrument
  hash: kind.text(), // of the three
  rule: kind.text(), // name and version of the rule applied
});
export type SettlementRun = RecordOf<typeof SETTLEMENT_RUN>;

/** Where the last price of a contract comes from, if it is not its mark.  EX-1 */
export const PRICED = kind.record({
  by: kind.text<'WINDOW' | 'OFFICER'>(),
  from: kind.nullable(kind.instant()), // where a window had opened
  until: kind.nullable(kind.instant()),
  live: kind.nullable(kind.span()), // how long the index had a live price in it
});
export type Priced = RecordOf<typeof PRICED>;

const SETTLED = {
  instrument: kind.instrument(),
  currency: kind.currency(),
  price: kind.price('instrument'),
  lines: kind.list(SETTLEMENT_LINE),
  // what rounding the lines down leaves over, less what it had left before   [signed]
  rounding: kind.optional(kind.cash('currency')),
  run: SETTLEMENT_RUN,
};

export const POSITION_EVENTS = kind.events({
  VenueSet: kind.event('A venue that numbers its trades was declared, or changed.', { venue: kind.about(VENUE) }),
  TradeCleared: kind.event('A trade was novated.', {
    trade: kind.text(),
    instrument: kind.instrument(),
    buyer: kind.account(),
    seller: kind.account(),
    price: kind.price('instrument'),
    size: kind.size('instrument'),
    taker: kind.nullable(kind.text<Side>()),
    executedAt: kind.optional(kind.instant()), // where the trade said when
    venue: kind.optional(kind.id<VenueId>()), // where its venue numbers its trades, with the number
    number: kind.optional(kind.integer()),
    positions: kind.list(POSITION_CHANGE),
    // what stays open of each
    orders: kind.list(kind.record({ order: kind.text<OrderId>(), size: kind.size('instrument') })),
    transfers: kind.list(TRANSFER),
  }),
  OrderPlaced: kind.event('An order was placed, and margin is held for it.', { placed: kind.about(ORDER) }),
  OrdersCancelled: kind.event('Orders were cancelled.', {
    account: kind.account(),
    orders: kind.list(kind.text<OrderId>()),
    cause: kind.text<'REQUEST' | 'LIQUIDATION' | 'EXPIRY' | 'DELISTING' | 'MEMBER_DEFAULT' | 'DELEVERAGING'>(),
  }),
  VariationSettled: kind.event('Gains and losses of an instrument were settled at its mark.', {
    nextDue: kind.nullable(kind.instant()),
    ...SETTLED,
  }),
  FundingSettled: kind.event('Funding of a perpetual was settled.', { rate: kind.rate(), ...SETTLED }),
  FundingPolicySet: kind.event('How the house computes funding of a perpetual was set.', {
    policy: kind.about(FUNDING_POLICY),
  }),
  PremiumSampled: kind.event('The premium of a perpetual was sampled, or there was nothing to sample.', {
    instrument: kind.instrument(),
    premium: kind.nullable(kind.rate()), // null: index or impact prices were stale
    rate: kind.rate(), // what the interval would settle if it ended now, half to even
    window: FUNDING_WINDOW,
    nextDue: kind.nullable(kind.instant()), // null: not before impact prices come again
  }),
  FundingRateFixed: kind.event('The funding rate of an interval was fixed.', {
    instrument: kind.instrument(),
    policyVersion: kind.count(),
    from: kind.instant(), // the interval: what was sampled after this
    to: kind.instant(), // and up to this
    samples: kind.count(), // that the rate rests on
    missed: kind.count(), // instants at which there was nothing to sample
    premium: kind.nullable(kind.rate()), // the average, half to even; null without a sample
    rate: kind.rate(), // what the interval settles, half to even; above zero longs pay shorts
    exact: kind.ratio(), // the same without rounding
    nextDue: kind.instant(),
  }),
  InstrumentExpired: kind.event('A contract ended, and everybody was paid out at its last price.', {
    ...SETTLED,
    priced: kind.optional(PRICED), // where it was no mark
  }),
  OpenInterestScalingSet: kind.event('How initial margin for new risk rises with open interest was set.', {
    terms: kind.about(OPEN_INTEREST_TERMS),
  }),
  OpenInterestReviewed: kind.event('Open interest was counted, and rates that depend on it were set.', {
    instrument: kind.instrument(),
    review: kind.nullable(OPEN_INTEREST_REVIEW), // null: without a live price what stood stands
    nextDue: kind.nullable(kind.instant()), // null: not before there is a live price again
  }),
  LossPeriodStarted: kind.event('A new loss period began, in which gains are counted.', {
    currency: kind.currency(),
    ends: kind.instant(),
  }),
});
