/**
 * The pre-trade check: what an account may take on. A side that adds risk needs initial margin after the trade, or
 * before it if that is more; a side that only reduces is let through unless it would be left with less than nothing.
 * Rules: IM-1, LCS-1, MT-5, B1-3, RLM-4
 */

import { MOST_CASH, MOST_LOTS } from '../../units/bounds';
import { formatScaled } from '../../units/decimal';
import { known } from '../../units/failure';
import {
  abs,
  type Cash,
  cash,
  greatest,
  MARGIN_PER_CASH,
  type Margin,
  margin,
  minus,
  NO_MARGIN,
  NO_SIZE,
  negate,
  type Price,
  plus,
  RATE_ONE,
  type Size,
} from '../../units/quantity';
import { cashDown, cashUp, divUp } from '../../units/rounding';
import { EMPTY_POSITION, exposureOf } from '../book/exposure';
import { equityOf } from '../margin/equity';
import { isMargined, limitOf } from '../margin/model/models';
import { backingOf, holdingOf, type Picture, pictureOf, withoutStaleCollateral, withPosition } from '../margin/picture';
import { openingOf } from '../margin/requirement';
import { type Rejection, reject } from '../message/rejection';
import type { Account, AccountId, Order, OrderId, Position, Side } from '../model/account';
import type { MarginTerms } from '../model/margin';
import type { Listing, View } from '../model/state';
import { fill, notionalOf, worthAt } from '../position/value';
import { newRiskPriceProblem } from '../price/freshness';
import { isEnding } from '../product/end';
import { positionLimitProblem } from '../reference/marketLimits';
import { newRiskProblem } from '../reference/members';
import { isCalledBy, siblingsProblem } from './siblings';

/** One side of a trade as it would be. */
export interface Intent {
  readonly account: Account;
  readonly listing: Listing;
  readonly lots: Size; // signed: buy positive
  readonly price: Price;
  readonly fee: Cash; // what the side pays for the trade, signed
  readonly order: OrderId | null; // the open order it fills, whose lots are freed
  readonly siblingLots: Size; // by how much the other side moves the owner's exposure, where both have one owner
  readonly sibling: AccountId | null; // the other side, where both have one owner
}

/**
 * Errors, in order: ACCOUNT_NOT_OPEN, MEMBER_SUSPENDED, ACCOUNT_ISOLATED, CURRENCY_MISMATCH, MARGIN_CALL_OPEN,
 * INSTRUMENT_NOT_TRADING, INSTRUMENT_ENDING, INSTRUMENT_NOT_CONFIGURED, PRICE_MISSING, PRICE_STALE, then
 * TRADE_CREATES_SHORTFALL of a reduction, POSITION_LIMIT_EXCEEDED, POSITION_ABOVE_FLOAT and INSUFFICIENT_INITIAL_MARGIN
 * of anything else.
 */
export function intentProblem(view: View, intent: Intent): Rejection | undefined {
  const { account, listing, lots, price, fee } = intent;
  const position = view.book.position(account.id, listing.instrument.id) ?? EMPTY_POSITION;
  const after = positionAfter(position, intent);
  const reduces = isReduction(position, after);
  const problem = tradingProblem(view, account, listing, reduces);
  if (problem) return problem;

  // What was struck off goes on counting for what is open, and so for closing it.  Ruling 11
  const before = (reduces ? withoutStaleCollateral : backingOf)(pictureOf(view, account.id));
  const own = holdingOf(view, account, before.policy, listing.instrument.id, position);
  // Where accounts stand alone the other side's exposure is not added, so neither is its move.
  const siblingLots = before.policy?.aggregation === 'OWNER' ? intent.siblingLots : NO_SIZE;
  const holding = { ...own, position: after, otherLots: plus(own.otherLots, siblingLots) };
  const traded = fill(listing.instrument, position, lots, worthAt(listing.instrument, lots, price));
  const picture = withPosition({ ...before, cash: cash(before.cash + traded.realised - fee) }, holding);
  if (reduces) {
    const equity = equityOf(picture);
    if (equity < 0n && equity < equityOf(before)) return reject('TRADE_CREATES_SHORTFALL', { account: account.id });
    const called = siblingLots > 0n && isCalledBy(before, picture);
    return called ? reject('INSUFFICIENT_INITIAL_MARGIN', { account: account.id }) : undefined;
  }
  const grown = plus(minus(exposureOf(after), exposureOf(position)), intent.siblingLots);
  return (
    limitProblem(account, holding.terms, listing, plus(exposureOf(after), holding.otherLots)) ??
    floatProblem(view, account, listing, plus(exposureOf(after), intent.siblingLots)) ??
    initialMarginProblem(view, before, picture, intent) ??
    siblingsProblem(view, account, listing.instrument.id, grown, intent.sibling)
  );
}

export const positionAfter = (
  position: Position,
  { lots, price, listing, order }: Pick<Intent, 'lots' | 'price' | 'listing' | 'order'>,
): Position => {
  const after = fill(listing.instrument, position, lots, worthAt(listing.instrument, lots, price)).position;
  if (order === null) return after;
  return lots > 0n ? { ...after, bids: minus(after.bids, lots) } : { ...after, asks: minus(after.asks, negate(lots)) };
};

/** Closer to flat on the same side, and no further from it even if every order fills. */
export const isReduction = (before: Position, after: Position): boolean =>
  abs(after.size) < abs(before.size) && after.size * before.size >= 0n && exposureOf(after) <= exposureOf(before);

/** Whether the account and the instrument take the trade at all. */
function tradingProblem(view: View, account: Account, listing: Listing, reduces: boolean): Rejection | undefined {
  const { instrument, status } = listing;
  const { status: standing } = view.book.stateOf(account.id);
  const open = standing === 'HEALTHY' || standing === 'WARNING' || standing === 'CALL';
  if (!open) return reject('ACCOUNT_NOT_OPEN', { account: account.id, status: standing });
  const suspended = reduces ? undefined : newRiskProblem(view, account.member);
  if (suspended) return suspended;
  if (account.instrument !== null && account.instrument !== instrument.id)
    return reject('ACCOUNT_ISOLATED', { account: account.id, instrument: account.instrument });
  if (account.currency !== instrument.settlement)
    return reject('CURRENCY_MISMATCH', { account: account.currency, instrument: instrument.settlement });
  // A called account may shrink, never grow.
  if (standing === 'CALL' && !reduces)
    return reject('MARGIN_CALL_OPEN', { account: account.id, call: view.callOf.get(account.id) ?? '' });
  const closed = status === 'HALTED' || status === 'EXPIRED' || (status === 'REDUCE_ONLY' && !reduces);
  if (closed) return reject('INSTRUMENT_NOT_TRADING', { instrument: instrument.id, status });
  // What ends is only left.  EX-2, EX-1
  if (!reduces && isEnding(listing, view.now)) return reject('INSTRUMENT_ENDING', { instrument: instrument.id });
  if (!isMargined(listing)) return reject('INSTRUMENT_NOT_CONFIGURED', { instrument: instrument.id });
  if (!listing.mark) return reject('PRICE_MISSING', { instrument: instrument.id });
  // What else it holds may stand still: gains on that back nothing.  S10, S14; ruling 13
  return reduces ? undefined : newRiskPriceProblem(view, instrument.id);
}

/** The margin model may set the most an owner holds, and nobody holds more than can be counted.  MT-5 */
export function limitProblem(
  account: Account,
  terms: MarginTerms,
  { instrument, mark }: Listing,
  ownerLots: Size,
): Rejection | undefined {
  const cap = limitOf(terms);
  const notional = notionalOf(instrument, ownerLots, known(mark ?? undefined, 'Mark price', instrument.id).price);
  if (ownerLots >= MOST_LOTS || notional >= MOST_CASH)
    return reject('VALUE_OUT_OF_RANGE', { field: 'size', account: account.id });
  return cap !== null && notional > cap
    ? reject('POSITION_LIMIT_EXCEEDED', { account: account.id, instrument: instrument.id })
    : undefined;
}

/** What an owner's accounts hold together, whichever of them holds it and however they are margined.  S11 */
export function floatProblem(
  view: View,
  { id, owner }: Account,
  { instrument }: Listing,
  lots: Size,
): Rejection | undefined {
  if (!view.marketLimits.has(instrument.id)) return undefined;
  const own = exposureOf(view.book.position(id, instrument.id) ?? EMPTY_POSITION);
  return positionLimitProblem(
    view,
    instrument.id,
    id,
    plus(lots, minus(view.book.ownerExposure(owner, instrument.id), own)),
  );
}

/**
 * Equity after every order has filled at its worst must reach initial margin, after or before the trade, whichever is
 * more.
 */
function initialMarginProblem(view: View, before: Picture, after: Picture, filled?: Intent): Rejection | undefined {
  const equity = margin(equityOf(backingOf(after)) - worstFillOf(view, after, filled) * MARGIN_PER_CASH);
  const required = greatest(openingOf(before), openingOf(after));
  return equity < required
    ? reject('INSUFFICIENT_INITIAL_MARGIN', shortfall(view, after, equity, required))
    : undefined;
}

function shortfall(view: View, { account }: Picture, equity: Margin, required: Margin): Record<string, string> {
  const { scale } = known(view.currencies.get(account.currency), 'Currency', account.currency);
  return {
    account: account.id,
    currency: account.currency,
    required: formatScaled(cashUp(required), scale),
    available: formatScaled(cashDown(equity), scale),
  };
}

/**
 * What filling all open orders of the account would cost at once, but for the lots being filled now: limits worse than
 * the mark, and taker fees.  IM-1
 */
export function worstFillOf(view: View, { account }: Picture, filled?: Intent): Cash {
  let cost = 0n;
  for (const id of view.ordersOf.get(account.id) ?? []) {
    const order = known(view.orders.get(id), 'Order', id);
    const open = id === filled?.order ? minus(order.size, abs(filled.lots)) : order.size;
    cost += worstFillOfOrder(view, { ...order, size: open });
  }
  return cash(cost);
}

export function worstFillOfOrder(view: View, order: Pick<Order, 'instrument' | 'side' | 'size' | 'price'>): Cash {
  const { instrument, mark } = known(view.listings.get(order.instrument), 'Instrument', order.instrument);
  const { price } = known(mark ?? undefined, 'Mark price', order.instrument);
  const lots = order.side === 'BUY' ? order.size : negate(order.size);
  const loss = greatest(minus(worthAt(instrument, lots, order.price), worthAt(instrument, lots, price)), NO_MARGIN);
  return cash(cashUp(loss) + divUp(notionalOf(instrument, order.size, order.price) * instrument.takerFee, RATE_ONE));
}

/** Whether an account may place an order: initial margin as if it and all others were filled.  IM-1 */
export function orderMarginProblem(
  view: View,
  account: Account,
  listing: Listing,
  order: Pick<Order, 'instrument' | 'side' | 'size' | 'price'>,
): Rejection | undefined {
  const position = view.book.position(account.id, listing.instrument.id) ?? EMPTY_POSITION;
  const after = withOrder(position, order.side, order.size);
  const reduces = exposureOf(after) <= exposureOf(position) && position.size !== 0n;
  const problem = tradingProblem(view, account, listing, reduces);
  if (problem) return problem;
  const before = backingOf(pictureOf(view, account.id));
  const own = holdingOf(view, account, before.policy, listing.instrument.id, position);
  const holding = { ...own, position: after };
  const limit = reduces
    ? undefined
    : (limitProblem(account, holding.terms, listing, plus(exposureOf(after), holding.otherLots)) ??
      floatProblem(view, account, listing, exposureOf(after)));
  if (limit || reduces) return limit;
  const picture = withPosition(before, holding);
  const grown = minus(exposureOf(after), exposureOf(position));
  return (
    initialMarginProblem(view, before, { ...picture, cash: minus(picture.cash, worstFillOfOrder(view, order)) }) ??
    siblingsProblem(view, account, listing.instrument.id, grown)
  );
}

export const withOrder = (position: Position, side: Side, lots: Size): Position =>
  side === 'BUY' ? { ...position, bids: plus(position.bids, lots) } : { ...position, asks: plus(position.asks, lots) };
