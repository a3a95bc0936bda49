/** Trades and orders: checked on both sides, then novated.  Rules: LCS-1, IM-1 */

import { formatCount } from '../../units/decimal';
import { known } from '../../units/failure';
import { isChosenId } from '../../units/id';
import {
  abs,
  instant,
  type Milliseconds,
  minus,
  negate,
  type Price,
  RATE_ONE,
  type Size,
  size,
} from '../../units/quantity';
import { EMPTY_POSITION, exposureOf } from '../book/exposure';
import { onTransfers } from '../ledger/transfers';
import type { CommandOf } from '../message/command';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';

import { type Checked, ok, type Rejection, refused, reject } from '../message/rejection';
import type { Account, Order, OrderId, Side } from '../model/account';
import type { Actor } from '../model/actor';
import type { Listing, State, View } from '../model/state';
import { changeOf, onPositionChanges, resizeOrder } from '../position/changes';
import { feeTransfers, legOf, realisedTransfers, tradingFeeOf } from '../position/novate';
import { openInterestProblem } from '../position/openInterest';
import { executedAtProblem, noteTrade, wasCleared } from '../position/tradeIds';
import { noteNumber, readTradeNumber, type TradeNumber } from '../position/tradeNumbers';
import { worthAt } from '../position/value';
import { bandDetails } from '../price/markPrice';
import { accountFor } from '../reference/accounts';
import { readPrice, readTraded } from '../reference/reading';
import { type Intent, intentProblem, orderMarginProblem, positionAfter } from './pretrade';

export interface CheckedTrade {
  readonly trade: string;
  readonly listing: Listing;
  readonly buyer: Account;
  readonly seller: Account;
  readonly price: Price;
  readonly size: Size;
  readonly taker: Side | null;
  readonly buyOrder: OrderId | null;
  readonly sellOrder: OrderId | null;
  readonly executedAt: Milliseconds | null;
  readonly numbered: TradeNumber | null; // by its venue
}

/**
 * Errors, in order: ID_INVALID, DUPLICATE_TRADE, those of its number, TRADE_FROM_FUTURE, TRADE_TOO_OLD,
 * INSTRUMENT_NOT_FOUND, ACCOUNT_NOT_FOUND, SAME_ACCOUNT, PRICE_NOT_POSITIVE, PRICE_OFF_TICK, SIZE_NOT_POSITIVE,
 * SIZE_OFF_LOT, VALUE_OUT_OF_RANGE, ORDER_NOT_FOUND, ORDER_MISMATCH, PRICE_OUT_OF_BAND, then those of the pre-trade
 * check, buyer before seller, and OPEN_INTEREST_LIMIT.
 */
export function checkSubmitTrade(view: View, command: CommandOf<'SubmitTrade'>, actor: Actor): Checked<CheckedTrade> {
  if (!isChosenId(command.trade)) return refused('ID_INVALID', { trade: command.trade });
  if (wasCleared(view, command.trade)) return refused('DUPLICATE_TRADE', { trade: command.trade });
  const executedAt = command.executedAt ?? null;
  const numbered = readTradeNumber(view, command);
  if (numbered.rejection) return numbered;
  const untimely = executedAtProblem(view, executedAt, numbered.ok !== null);
  if (untimely) return { rejection: untimely };
  const listing = view.listings.get(command.instrument);
  if (!listing) return refused('INSTRUMENT_NOT_FOUND', { instrument: command.instrument });
  const [buyer, seller] = [tradingAccount(view, actor, command.buyer), tradingAccount(view, actor, command.seller)];
  if (!buyer) return refused('ACCOUNT_NOT_FOUND', { account: command.buyer });
  if (!seller) return refused('ACCOUNT_NOT_FOUND', { account: command.seller });
  if (buyer.id === seller.id) return refused('SAME_ACCOUNT', { account: buyer.id });
  const price = readPrice(listing.instrument, command.price);
  if (price.rejection) return price;
  const lots = readTraded(listing.instrument, command.size, price.ok);
  if (lots.rejection) return lots;

  const { trade, taker, buyOrder, sellOrder } = command;
  const sides = { buyer, seller, taker, buyOrder, sellOrder };
  const checked: CheckedTrade = {
    ...{ trade, listing, ...sides, price: price.ok, size: lots.ok, executedAt },
    numbered: numbered.ok,
  };
  const problem = ordersProblem(view, checked) ?? tradePriceProblem(listing, price.ok) ?? sidesProblem(view, checked);
  return problem ? { rejection: problem } : ok(checked);
}

/** The house's own close-out account trades through liquidation orders alone. */
function tradingAccount(view: View, actor: Actor, id: string): Account | undefined {
  const account = accountFor(view, actor, id);
  return account?.kind === 'CLOSE_OUT' ? undefined : account;
}

function ordersProblem(
  view: View,
  { buyer, seller, buyOrder, sellOrder, listing, size: lots }: CheckedTrade,
): Rejection | undefined {
  for (const [id, account, side] of [
    [buyOrder, buyer, 'BUY'],
    [sellOrder, seller, 'SELL'],
  ] as const) {
    if (id === null) continue;
    const order = view.orders.get(id);
    if (!order) return reject('ORDER_NOT_FOUND', { order: id });
    const fits =
      order.account === account.id &&
      order.side === side &&
      order.instrument === listing.instrument.id &&
      order.size >= lots;
    if (!fits) return reject('ORDER_MISMATCH', { order: id });
  }
  return undefined;
}

/** A trade far from the mark moves money between its sides, not risk. */
function tradePriceProblem({ instrument, mark }: Listing, price: Price): Rejection | undefined {
  if (!mark || instrument.priceBand === null) return undefined;
  const distance = abs(minus(price, mark.price));
  return distance * RATE_ONE > instrument.priceBand * abs(mark.price)
    ? reject('PRICE_OUT_OF_BAND', {
        ...bandDetails(instrument, mark.price),
        price: formatCount(price, instrument.tick),
      })
    : undefined;
}

function sidesProblem(view: View, trade: CheckedTrade): Rejection | undefined {
  const [buy, sell] = intentsOf(view, trade);
  return (
    intentProblem(view, buy) ??
    intentProblem(view, sell) ??
    openInterestProblem(view, trade.listing.instrument.id, [moveOf(view, buy), moveOf(view, sell)])
  );
}

/** The sizes of a side's position before and after. */
function moveOf(view: View, side: Intent): readonly [Size, Size] {
  const before = view.book.position(side.account.id, side.listing.instrument.id) ?? EMPTY_POSITION;
  return [before.size, positionAfter(before, side).size];
}

function intentsOf(
  view: View,
  { listing, buyer, seller, price, size: lots, taker, buyOrder, sellOrder }: CheckedTrade,
): [Intent, Intent] {
  const related = buyer.owner === seller.owner;
  const buy = { listing, price, account: buyer, lots, order: buyOrder };
  const sell = { listing, price, account: seller, lots: negate(lots), order: sellOrder };
  const intentOf = (side: typeof buy, other: typeof buy, direction: Side): Intent => ({
    listing,
    price,
    account: side.account,
    lots: side.lots,
    order: side.order,
    fee: tradingFeeOf(listing.instrument, lots, price, direction, taker),
    siblingLots: related ? exposureMove(view, other) : size(0n),
    sibling: related ? other.account.id : null,
  });
  return [intentOf(buy, sell, 'BUY'), intentOf(sell, buy, 'SELL')];
}

/** By how much a trade moves an account's exposure: what the owner's other accounts are tiered by.  MT-3 */
function exposureMove(view: View, side: Omit<Intent, 'fee' | 'siblingLots' | 'sibling'>): Size {
  const before = view.book.position(side.account.id, side.listing.instrument.id) ?? EMPTY_POSITION;
  return minus(exposureOf(positionAfter(before, side)), exposureOf(before));
}

export function clearTrade(
  desk: Desk,
  { trade, listing, buyer, seller, price, size: lots, taker, buyOrder, sellOrder, executedAt, numbered }: CheckedTrade,
): void {
  const { instrument } = listing;
  const worth = worthAt(instrument, lots, price);
  const legs = [
    legOf(desk.view, buyer.id, instrument, lots, worth),
    legOf(desk.view, seller.id, instrument, negate(lots), negate(worth)),
  ];
  const fees = (
    [
      [buyer, 'BUY'],
      [seller, 'SELL'],
    ] as const
  ).flatMap(([account, side]) =>
    feeTransfers(account.id, tradingFeeOf(instrument, lots, price, side, taker), instrument.settlement),
  );
  desk.emit({
    type: 'TradeCleared',
    trade,
    instrument: instrument.id,
    buyer: buyer.id,
    seller: seller.id,
    price,
    size: lots,
    taker,
    ...(executedAt === null ? {} : { executedAt: instant(executedAt) }),
    ...numbered,
    positions: legs.map(({ account, filled }) => changeOf(account, instrument.id, filled.position)),
    orders: [buyOrder, sellOrder]
      .filter((id) => id !== null)
      .map((id) => ({ order: id, size: minus(known(desk.view.orders.get(id), 'Order', id).size, lots) })),
    transfers: [...realisedTransfers(legs, instrument), ...fees],
  });
}

export function onTradeCleared(state: State, event: EventOf<'TradeCleared'>): void {
  const { trade, executedAt, venue, number } = event;
  if (venue === undefined || number === undefined) noteTrade(state, trade, executedAt);
  else noteNumber(state, { venue, number });
  for (const { order, size: open } of event.orders) resizeOrder(state, order, open);
  onPositionChanges(state, event.positions, true);
  onTransfers(state, event.transfers);
}

/**
 * Open orders of one account at most: each is weighed with all the others. A venue that quotes more shares them out.
 */
const MOST_ORDERS = 1_000;

/**
 * Errors, in order: ID_INVALID, ALREADY_EXISTS, INSTRUMENT_NOT_FOUND, ACCOUNT_NOT_FOUND, PRICE_NOT_POSITIVE,
 * PRICE_OFF_TICK, SIZE_NOT_POSITIVE, SIZE_OFF_LOT, VALUE_OUT_OF_RANGE, TOO_MANY_ORDERS, then those of the pre-trade
 * check.
 */
export function checkPlaceOrder(view: View, command: CommandOf<'PlaceOrder'>, actor: Actor): Checked<Order> {
  if (!isChosenId(command.order)) return refused('ID_INVALID', { order: command.order });
  if (view.orders.has(command.order)) return refused('ALREADY_EXISTS', { order: command.order });
  const listing = view.listings.get(command.instrument);
  if (!listing) return refused('INSTRUMENT_NOT_FOUND', { instrument: command.instrument });
  const account = tradingAccount(view, actor, command.account);
  if (!account) return refused('ACCOUNT_NOT_FOUND', { account: command.account });
  const price = readPrice(listing.instrument, command.price);
  if (price.rejection) return price;
  const lots = readTraded(listing.instrument, command.size, price.ok);
  if (lots.rejection) return lots;
  if ((view.ordersOf.get(account.id)?.size ?? 0) >= MOST_ORDERS)
    return refused('TOO_MANY_ORDERS', { account: account.id, most: String(MOST_ORDERS) });
  const order: Order = {
    id: command.order,
    account: account.id,
    instrument: command.instrument,
    side: command.side,
    size: lots.ok,
    price: price.ok,
  };
  const problem = orderMarginProblem(view, account, listing, order);
  return problem ? { rejection: problem } : ok(order);
}

export const placeOrder = (desk: Desk, placed: Order): void => desk.emit({ type: 'OrderPlaced', placed });

/** Errors: ORDER_NOT_FOUND. */
export function checkCancelOrder(view: View, command: CommandOf<'CancelOrder'>, actor: Actor): Checked<Order> {
  const order = view.orders.get(command.order);
  return order && accountFor(view, actor, order.account)
    ? ok(order)
    : refused('ORDER_NOT_FOUND', { order: command.order });
}

export const cancelOrder = (desk: Desk, { id, account }: Order): void =>
  desk.emit({ type: 'OrdersCancelled', account, orders: [id], cause: 'REQUEST' });
