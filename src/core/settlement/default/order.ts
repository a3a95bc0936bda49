/**
 * Orders of the house for a default: hedges, in any instrument, and closing trades, which only reduce what the default
 * holds. They go to the venue like liquidation orders and are filled by its reports; what they realise is the
 * default's.
 */

import { abs, greatest, later, NO_SIZE, negate, type Price, type Size } from '../../../units/quantity';
import { holdsPosition } from '../../book/exposure';
import type { CommandOf } from '../../message/command';
import type { Desk } from '../../message/desk';

import { type Checked, ok, refused } from '../../message/rejection';
import type { LiquidationOrder } from '../../model/liquidation';
import type { DefaultBook, MemberDefault } from '../../model/memberDefault';
import type { Listing, View } from '../../model/state';
import { notionalOf } from '../../position/value';
import { defaultPolicyOf } from '../../reference/defaultPolicies';
import { readPrice, readTraded } from '../../reference/reading';
import { openOrdersOf, unfilledOf } from '../closing/order';
import { bookOf } from './books';

export interface HouseTrade {
  readonly book: DefaultBook;
  readonly listing: Listing;
  readonly mark: Price;
  readonly lots: Size; // buy positive
  readonly limit: Price | null;
  readonly reason: 'HEDGE' | 'DEFAULT_CLOSING';
}

/** Errors, in order: those of an order, NOTHING_TO_CLOSE. */
export function checkHedgeDefault(view: View, command: CommandOf<'HedgeDefault'>): Checked<HouseTrade> {
  const trade = readOrder(view, command, 'HEDGE');
  if (trade.rejection) return trade;
  // Without a portfolio there is nothing to hedge: the trade would be the house's own.
  return holdsPosition(view, trade.ok.book.account) ? trade : refused('NOTHING_TO_CLOSE', { default: command.default });
}

/**
 * Errors, in order: those of an order, NOTHING_TO_CLOSE where it is larger than what is held on the other side, less
 * open orders.
 */
export function checkCloseDefaultPosition(view: View, command: CommandOf<'CloseDefaultPosition'>): Checked<HouseTrade> {
  const trade = readOrder(view, command, 'DEFAULT_CLOSING');
  if (trade.rejection) return trade;
  const { book, lots } = trade.ok;
  const held = view.book.position(book.account, command.instrument)?.size ?? NO_SIZE;
  const waiting = openOrdersOf(view, book.account)
    .filter((order) => order.instrument === command.instrument && order.size > 0n === lots > 0n)
    .reduce((sum, order) => sum + unfilledOf(order), 0n);
  const reduces = held !== 0n && held > 0n !== lots > 0n && abs(lots) + waiting <= abs(held);
  return reduces ? trade : refused('NOTHING_TO_CLOSE', { default: command.default, instrument: command.instrument });
}

/**
 * Errors, in order: DEFAULT_NOT_FOUND, INSTRUMENT_NOT_FOUND, CURRENCY_MISMATCH, DEFAULT_SETTLED, DEFAULT_STILL_OPEN (an
 * auction), INSTRUMENT_NOT_TRADING, PRICE_MISSING, SIZE_NOT_POSITIVE, SIZE_OFF_LOT, PRICE_NOT_POSITIVE, PRICE_OFF_TICK.
 */
function readOrder(
  view: View,
  command: CommandOf<'HedgeDefault'> | CommandOf<'CloseDefaultPosition'>,
  reason: HouseTrade['reason'],
): Checked<HouseTrade> {
  const found: MemberDefault | undefined = view.memberDefaults.get(command.default);
  if (!found) return refused('DEFAULT_NOT_FOUND', { default: command.default });
  const listing = view.listings.get(command.instrument);
  if (!listing) return refused('INSTRUMENT_NOT_FOUND', { instrument: command.instrument });
  const { instrument, status, mark, tiers } = listing;
  const book = bookOf(found, instrument.settlement);
  if (!book) return refused('CURRENCY_MISMATCH', { instrument: instrument.settlement });
  if (book.settled) return refused('DEFAULT_SETTLED', { default: found.id, currency: book.currency });
  // What is offered is to be what is there when the round ends.
  if (book.auction !== null) return refused('DEFAULT_STILL_OPEN', { auction: String(book.auction.round) });
  if (status === 'HALTED' || status === 'EXPIRED')
    return refused('INSTRUMENT_NOT_TRADING', { instrument: instrument.id, status });
  if (!tiers) return refused('INSTRUMENT_NOT_CONFIGURED', { instrument: instrument.id });
  if (!mark) return refused('PRICE_MISSING', { instrument: instrument.id });
  const lots = readTraded(instrument, command.size, mark.price);
  if (lots.rejection) return lots;
  const limit = command.limit === null ? ok(null) : readPrice(instrument, command.limit);
  if (limit.rejection) return limit;
  const signed = command.side === 'BUY' ? lots.ok : negate(lots.ok);
  return ok({ book, listing, mark: mark.price, lots: signed, limit: limit.ok, reason });
}

/**
 * Whether the trade is larger than what one officer may do alone: at the mark, or at the price it may go to if that is
 * further.
 */
export function needsTwo(view: View, { book, listing, lots, mark, limit }: HouseTrade): boolean {
  const { instrument } = listing;
  const most = greatest(notionalOf(instrument, lots, mark), notionalOf(instrument, lots, limit ?? mark));
  return most > defaultPolicyOf(view, book.currency).aloneUpTo;
}

export function orderForDefault(desk: Desk, { book, listing, mark, lots, limit, reason }: HouseTrade): void {
  const issued: LiquidationOrder = {
    id: desk.newId('lord'),
    liquidation: null,
    account: book.account,
    instrument: listing.instrument.id,
    size: lots,
    filled: NO_SIZE,
    limit,
    mark,
    reason,
    issuedAt: desk.at,
    expiresAt: later(desk.at, defaultPolicyOf(desk.view, book.currency).orderWindow),
  };
  desk.emit({ type: 'LiquidationOrderIssued', issued });
}
