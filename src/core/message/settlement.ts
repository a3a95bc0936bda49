/** Commands and events of the settlement service: liquidation, take-over, fees, losses. */

import { kind, type RecordOf } from '../kind/kind';
import type { LiquidationId, LiquidationOrderId } from '../model/liquidation';
import { LIQUIDATION, LIQUIDATION_ORDER } from '../model/liquidation';
import type { SocializationBase } from '../model/policy';
import { BACKSTOP_POOL, LOSS_CASE } from '../model/waterfall';
import { TRANSFER } from './ledger';
import { POSITION_CHANGE } from './position';

/**
 * What a liquidation takes from its account besides the loss, each a line of its own.  Rules: LF-1 to LF-4, LP-1 to
 * LP-3
 */
export const CHARGES = kind.record({
  // notional closed at the mark: the base of both                  Ruling 9
  closed: kind.cash('instrument|decided.instrument'),
  fee: kind.cash('instrument|decided.instrument'), // cost fee charged
  feeDue: kind.cash('instrument|decided.instrument'), // before it shrank to what the account had
  penalty: kind.cash('instrument|decided.instrument'),
  penaltyDue: kind.cash('instrument|decided.instrument'),
  policyVersion: kind.count(),
});
export type Charges = RecordOf<typeof CHARGES>;

/** A fill or take-over against three prices.  Ruling 10, LE-4 */
export const SLIPPAGE = kind.record({
  mark: kind.cash('instrument|decided.instrument'), // against the mark, above zero is a cost to the account
  trigger: kind.cash('instrument|decided.instrument'), // against the mark when the order was issued
  bankruptcy: kind.cash('instrument|decided.instrument'), // against the closing limit
});
export type Slippage = RecordOf<typeof SLIPPAGE>;

export const LOSS_SHARE = kind.record({
  account: kind.account(),
  weight: kind.cash('currency'), // gain, open interest or equity it was shared by
  cap: kind.cash('currency'), // the most this account could be asked
  amount: kind.cash('currency'),
  // where the account has acted while the debt was open: since when it is not counted what it did
  actedSince: kind.optional(kind.instant()),
});
export type LossShare = RecordOf<typeof LOSS_SHARE>;

export const SETTLEMENT_EVENTS = kind.events({
  LiquidationStarted: kind.event('A liquidation started.', {
    started: kind.about(LIQUIDATION),
    equity: kind.cash('account'),
    maintenance: kind.cash('account'),
  }),
  LiquidationOrderIssued: kind.event('A liquidation order was issued. It has to be filled before it expires.', {
    issued: kind.about(LIQUIDATION_ORDER),
  }),
  LiquidationOrderFilled: kind.event('A liquidation order was filled, in part or whole.', {
    order: kind.text<LiquidationOrderId>(),
    liquidation: kind.nullable(kind.text<LiquidationId>()),
    account: kind.account(),
    counterparty: kind.account(),
    trade: kind.text(),
    instrument: kind.instrument(),
    price: kind.price('instrument'),
    mark: kind.price('instrument'),
    size: kind.size('instrument'), // traded by the account, buy positive
    positions: kind.list(POSITION_CHANGE),
    charges: CHARGES,
    slippage: SLIPPAGE,
    transfers: kind.list(TRANSFER),
  }),
  LiquidationOrderClosed: kind.event(
    'A liquidation order ended: it was filled or taken whole, expired or was withdrawn.',
    {
      order: kind.text<LiquidationOrderId>(),
      account: kind.account(),
      outcome: kind.text<'FILLED' | 'EXPIRED' | 'CANCELLED'>(),
      // the instrument, where it was liquidators that were offered it    LI-1
      offeredIn: kind.optional(kind.instrument()),
    },
  ),
  PositionTakenOver: kind.event('The house took a position over at its closing limit.', {
    liquidation: kind.text<LiquidationId>(),
    account: kind.account(),
    receiver: kind.account(), // the house's close-out account
    instrument: kind.instrument(),
    size: kind.size('instrument'), // traded by the account, buy positive
    value: kind.cash('instrument'), // what the account pays (above zero) or receives: size at the closing limit
    mark: kind.price('instrument'),
    positions: kind.list(POSITION_CHANGE),
    charges: CHARGES,
    slippage: SLIPPAGE,
    transfers: kind.list(TRANSFER),
  }),
  LiquidationPaused: kind.event('A liquidation was paused. It waits for a price.', {
    liquidation: kind.text<LiquidationId>(),
    account: kind.account(),
    instrument: kind.text(), // without whose price it cannot go on
    until: kind.optional(kind.instant()), // it goes on without that then
  }),
  LiquidationResumed: kind.event('A liquidation was resumed.', {
    liquidation: kind.text<LiquidationId>(),
    account: kind.account(),
  }),
  LiquidationEnded: kind.event('A liquidation ended.', {
    liquidation: kind.text<LiquidationId>(),
    account: kind.account(),
    outcome: kind.text<'RESTORED' | 'BANKRUPT' | 'CLOSED_OUT' | 'SEIZED'>(),
    equity: kind.cash('account'),
  }),
  CollateralConverted: kind.event('The house took over collateral of another currency against cash.', {
    account: kind.account(),
    currency: kind.currency(),
    amount: kind.cash('currency'), // taken, in that currency
    proceeds: kind.cash('account'), // given, in the account's currency
    price: kind.price('currency/account'), // of the index it was done at
    transfers: kind.list(TRANSFER),
  }),
  CollateralKept: kind.event(
    'Collateral without a live price was kept as a recovery for the accounts that bear the loss of its holder.',
    {
      account: kind.account(), // whose loss others bear
      currency: kind.currency(),
      amount: kind.cash('currency'),
      transfers: kind.list(TRANSFER),
    },
  ),
  KeptCollateralSold: kind.event(
    'The house took over collateral that was kept as a recovery, against cash. It has a live price again.',
    {
      account: kind.account(),
      currency: kind.currency(),
      amount: kind.cash('currency'), // taken, in that currency
      proceeds: kind.cash('account'), // given, in the account's currency
      price: kind.price('currency/account'), // of the index it was done at
      transfers: kind.list(TRANSFER),
    },
  ),
  LossAllocated: kind.event('Losses were allocated down the waterfall.', {
    currency: kind.currency(),
    base: kind.text<SocializationBase>(),
    policyVersion: kind.count(),
    cases: kind.list(LOSS_CASE),
    shares: kind.list(LOSS_SHARE),
    backstop: kind.nullable(BACKSTOP_POOL), // as the loss leaves it, where it bore
    transfers: kind.list(TRANSFER),
  }),
  InventorySwept: kind.event('The surplus or the deficit of a disposal was settled with the fund.', {
    account: kind.account(),
    currency: kind.currency(),
    amount: kind.cash('currency'),
    transfers: kind.list(TRANSFER),
  }),
});
