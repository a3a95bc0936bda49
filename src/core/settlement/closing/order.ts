/**
 * Liquidation orders: sent to a venue, filled by its reports, closed when done, no longer needed, or out of time.
 * Rules: B2-5, LE-4
 */

import { formatCount } from '../../../units/decimal';
import { known } from '../../../units/failure';
import {
  abs,
  type Cash,
  greatest,
  later,
  least,
  type Margin,
  minus,
  negate,
  type Price,
  plus,
  RATE_ONE,
  type Rate,
  type Size,
  size,
  total,
} from '../../../units/quantity';
import { cashDown, divUp } from '../../../units/rounding';
import { EMPTY_POSITION } from '../../book/exposure';
import { accountName, onTransfers } from '../../ledger/transfers';
import type { Holding } from '../../margin/model/holding';
import { holdingOf } from '../../margin/picture';
import { closingLimitOf, closingLimitWorthOf, limitTick, usedEquityOf } from '../../margin/solve';
import { type Standing, standingOfAccount } from '../../margin/standing';
import type { CommandOf } from '../../message/command';
import type { Desk } from '../../message/desk';
import type { EventOf } from '../../message/event';
import { type Checked, ok, type Rejection, refused, reject } from '../../message/rejection';
import type { Slippage } from '../../message/settlement';
import type { Account, AccountId } from '../../model/account';
import type { Rung, Stand } from '../../model/ladder';
import type { Liquidation, LiquidationOrder } from '../../model/liquidation';
import type { MarginPolicy } from '../../model/policy';
import type { Instrument, InstrumentId } from '../../model/reference';
import type { State, View } from '../../model/state';
import { changeOf, onPositionChanges } from '../../position/changes';
import { legOf, realisedTransfers } from '../../position/novate';
import { noteTrade, wasCleared } from '../../position/tradeIds';
import { worthAt } from '../../position/value';
import { readPrice, readSize } from '../../reference/reading';
import { releaseClaim } from '../liquidator/claim';
import { noteCharges } from '../tally/charged';
import { addLoad } from '../tally/load';
import { chargesOf, chargeTransfers, NO_CHARGES } from './charge';
import type { Reduction } from './plan';
import { noteStep } from './rest';

export const openOrdersOf = (view: View, account: AccountId): LiquidationOrder[] =>
  [...(view.liquidationOrdersOf.get(account) ?? [])]
    .sort()
    .map((id) => known(view.liquidationOrders.get(id), 'Liquidation order', id));

/** Sends a reduction to the venue, no worse than the closing limit, for as long as the policy allows. */
export function issueOrder(
  desk: Desk,
  standing: Standing,
  liquidation: Liquidation,
  { holding, lots, reason }: Reduction,
  policy: MarginPolicy,
  rung?: OrderRung,
): void {
  const sells = holding.position.size > 0n;
  const bankrupt = closingLimitOf(standing, holding, lots);
  const limits = [
    bankrupt && limitTick(bankrupt, sells),
    rung?.slippage == null ? undefined : worstPrice(holding.mark, rung.slippage, sells),
  ];
  const issued: LiquidationOrder = {
    id: rung?.id ?? desk.newId('lord'),
    liquidation: liquidation.id,
    account: liquidation.account,
    instrument: holding.instrument.id,
    size: sells ? negate(lots) : lots,
    filled: size(0n),
    limit: tightest(limits, sells),
    mark: holding.mark,
    reason,
    issuedAt: desk.at,
    expiresAt: later(desk.at, rung?.window ?? policy.liquidation.venueWindow),
    ...(rung ? { stand: rung.stand } : {}),
  };
  desk.emit({ type: 'LiquidationOrderIssued', issued });
}

/** What the rung of a ladder says of an order on it. */
export interface OrderRung {
  readonly id: LiquidationOrder['id'];
  readonly stand: Stand;
  readonly window: Rung['window'];
  readonly slippage: Rung['slippage'];
}

/** The mark less the slippage allowed when selling, plus it when buying. */
export function worstPrice(mark: Price, slippage: Rate, sells: boolean): Price {
  const slip = divUp(abs(mark) * slippage, RATE_ONE);
  return (sells ? mark - slip : mark + slip) as Price;
}

/** Of several limits the one that is best for the account; none where none is set. */
function tightest(limits: readonly (Price | undefined)[], sells: boolean): Price | null {
  const set = limits.filter((limit) => limit !== undefined);
  return set.length === 0 ? null : set.reduce((a, b) => (sells ? greatest(a, b) : least(a, b)));
}

export function closeOrder(desk: Desk, order: LiquidationOrder, outcome: 'FILLED' | 'EXPIRED' | 'CANCELLED'): void {
  const { id, account, instrument, stand } = order;
  if (stand?.offer) releaseClaim(desk, order, outcome);
  desk.emit({
    type: 'LiquidationOrderClosed',
    order: id,
    account,
    outcome,
    ...(stand?.offer ? { offeredIn: instrument } : {}),
  });
}

/**
 * No order goes further than what its account holds: those that would since somebody else closed a part of it are
 * called back.
 */
export function recallBeyond(desk: Desk, account: AccountId, instrument: InstrumentId): void {
  const held = desk.view.book.position(account, instrument)?.size ?? size(0n);
  for (const order of openOrdersOf(desk.view, account)) {
    if (order.instrument !== instrument) continue;
    if (order.size > 0n === held > 0n || unfilledOf(order) > abs(held)) closeOrder(desk, order, 'CANCELLED');
  }
}

/** Lots of an order nobody has filled yet, without sign. */
export const unfilledOf = (order: LiquidationOrder): Size => abs(minus(order.size, order.filled));

export interface LiquidationFill {
  readonly order: LiquidationOrder;
  readonly counterparty: Account;
  readonly trade: string;
  readonly price: Price;
  readonly lots: Size; // without sign
  readonly liquidator?: AccountId | null; // who did the work, and has a share of the fee
}

/**
 * Errors, in order: LIQUIDATION_ORDER_NOT_FOUND, ORDER_NOT_AT_VENUE, DUPLICATE_TRADE, ACCOUNT_NOT_FOUND, SAME_ACCOUNT,
 * ACCOUNT_NOT_OPEN, PRICE_NOT_POSITIVE, PRICE_OFF_TICK, SIZE_NOT_POSITIVE, SIZE_OFF_LOT, FILL_TOO_LARGE,
 * FILL_WORSE_THAN_LIMIT. The counterparty's own margin is the pre-trade check's to test.
 */
export function checkLiquidationFill(
  view: View,
  command: CommandOf<'ReportLiquidationFill'>,
): Checked<LiquidationFill> {
  const order = view.liquidationOrders.get(command.order);
  if (!order) return refused('LIQUIDATION_ORDER_NOT_FOUND', { order: command.order });
  if (order.stand && order.stand.method !== 'VENUE')
    return refused('ORDER_NOT_AT_VENUE', { order: order.id, method: order.stand.method });
  if (wasCleared(view, command.trade)) return refused('DUPLICATE_TRADE', { trade: command.trade });
  const counterparty = view.book.account(command.counterparty);
  if (!counterparty || counterparty.kind === 'CLOSE_OUT')
    return refused('ACCOUNT_NOT_FOUND', { account: command.counterparty });
  if (counterparty.id === order.account) return refused('SAME_ACCOUNT', { account: counterparty.id });
  const { instrument } = known(view.listings.get(order.instrument), 'Instrument', order.instrument);
  if (counterparty.currency !== instrument.settlement)
    return refused('CURRENCY_MISMATCH', { account: counterparty.currency, instrument: instrument.settlement });

  const price = readPrice(instrument, command.price);
  if (price.rejection) return price;
  const lots = readSize(instrument, command.size);
  if (lots.rejection) return lots;
  if (lots.ok > unfilledOf(order)) return refused('FILL_TOO_LARGE', { size: formatCount(lots.ok, instrument.lot) });
  const worse = limitProblem(order, price.ok, instrument.tick);
  return worse
    ? { rejection: worse }
    : ok({ order, counterparty, trade: command.trade, price: price.ok, lots: lots.ok });
}

function limitProblem({ limit, size }: LiquidationOrder, price: Price, tick: string): Rejection | undefined {
  if (limit === null) return undefined;
  const worse = size > 0n ? price > limit : price < limit;
  return worse ? reject('FILL_WORSE_THAN_LIMIT', { limit: formatCount(limit, tick) }) : undefined;
}

/**
 * Novates the fill, charges fee and penalty on what was closed, and closes the order when nothing is left of it.
 * Returns what of the fee went to the liquidator.
 */
export function fillOrder(
  desk: Desk,
  { order, counterparty, trade, price, lots, liquidator = null }: LiquidationFill,
): Cash {
  const { view } = desk;
  const { instrument, mark } = known(view.listings.get(order.instrument), 'Instrument', order.instrument);
  const traded = size(order.size > 0n ? lots : -lots);
  const worth = worthAt(instrument, traded, price);
  const standing = standingOfAccount(view, order.account);
  const holding =
    standing.picture.holdings.find((h) => h.instrument.id === instrument.id) ??
    // A hedge opens what its account does not hold.
    holdingOf(view, standing.picture.account, standing.picture.policy, instrument.id, EMPTY_POSITION);
  const legs = [
    legOf(view, order.account, instrument, traded, worth),
    legOf(view, counterparty.id, instrument, negate(traded), negate(worth)),
  ];

  const { policy } = standing.picture;
  // Charged is only what stands behind these lots: the rest of the account may have to be closed at its limits as well.
  const behind = plus(
    usedEquityOf(standing, holding, lots),
    cashDown(minus(worthAt(instrument, traded, holding.mark), worth)),
  );
  const charges = policy ? chargesOf(view, standing, holding, lots, policy, behind) : NO_CHARGES;
  const charged = policy ? chargeTransfers(view, order.account, charges, policy, instrument, liquidator) : [];
  desk.emit({
    type: 'LiquidationOrderFilled',
    order: order.id,
    liquidation: order.liquidation,
    account: order.account,
    counterparty: counterparty.id,
    trade,
    instrument: instrument.id,
    price,
    mark: known(mark ?? undefined, 'Mark price', instrument.id).price,
    size: traded,
    positions: legs.map(({ account, filled }) => changeOf(account, instrument.id, filled.position)),
    charges,
    slippage: slippageOf(instrument, standing, holding, order, traded, worth),
    transfers: [...realisedTransfers(legs, instrument), ...charged],
  });
  const left = desk.view.liquidationOrders.get(order.id);
  if (left && unfilledOf(left) === 0n) closeOrder(desk, left, 'FILLED');
  return total(
    charged.filter(({ to }) => liquidator !== null && to === accountName(liquidator)).map(({ amount }) => amount),
  );
}

/** What the trade cost the account against three prices: above zero is worse than that price.  Ruling 10 */
export function slippageOf(
  instrument: Instrument,
  standing: Standing,
  holding: Holding,
  order: Pick<LiquidationOrder, 'mark'>,
  traded: Size,
  worth: Margin,
): Slippage {
  const lots = abs(traded);
  const bankrupt = closingLimitWorthOf(standing, holding, lots);
  // Buying pays, selling receives: in both cases the cost is what was paid less what the other price would have asked.
  return {
    mark: cashDown(minus(worth, worthAt(instrument, traded, holding.mark))),
    trigger: cashDown(minus(worth, worthAt(instrument, traded, order.mark))),
    bankruptcy: cashDown(plus(worth, bankrupt)),
  };
}

export function onLiquidationOrderIssued(state: State, { issued }: EventOf<'LiquidationOrderIssued'>): void {
  state.liquidationOrders.set(issued.id, issued);
  const ids = state.liquidationOrdersOf.get(issued.account) ?? new Set();
  state.liquidationOrdersOf.set(issued.account, ids.add(issued.id));
  state.deadlines.set(`order/${issued.id}`, issued.expiresAt);
  addLoad(state, issued, 1n);
  if (issued.liquidation === null) return;
  const liquidation = known(state.liquidations.get(issued.liquidation), 'Liquidation', issued.liquidation);
  state.liquidations.set(liquidation.id, { ...liquidation, step: liquidation.step + 1 });
}

export function onLiquidationOrderFilled(state: State, event: EventOf<'LiquidationOrderFilled'>): void {
  const order = known(state.liquidationOrders.get(event.order), 'Liquidation order', event.order);
  const filled = { ...order, filled: plus(order.filled, event.size) };
  state.liquidationOrders.set(order.id, filled);
  addLoad(state, order, -1n);
  addLoad(state, filled, 1n);
  if (event.liquidation !== null) noteCharges(state, event.liquidation, event.transfers);
  noteStep(state, order);
  noteTrade(state, event.trade);
  onPositionChanges(state, event.positions);
  onTransfers(state, event.transfers);
}

export function onLiquidationOrderClosed(state: State, event: EventOf<'LiquidationOrderClosed'>): void {
  const order = state.liquidationOrders.get(event.order);
  if (order) addLoad(state, order, -1n);
  state.liquidationOrders.delete(event.order);
  state.claims.delete(event.order);
  const ids = state.liquidationOrdersOf.get(event.account);
  if (ids?.delete(event.order) && ids.size === 0) state.liquidationOrdersOf.delete(event.account);
  state.deadlines.set(`order/${event.order}`, undefined);
  state.due.add(event.account);
}
