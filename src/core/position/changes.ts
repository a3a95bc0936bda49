/** Positions as events leave them. */

import { known } from '../../units/failure';
import { type Margin, NO_MARGIN, plus, type Size, size } from '../../units/quantity';
import { EMPTY_POSITION } from '../book/exposure';
import type { EventOf } from '../message/event';
import type { PositionChange } from '../message/position';
import type { Account, AccountId, OrderId, Position } from '../model/account';
import type { InstrumentId } from '../model/reference';
import type { Listing, State } from '../model/state';
import { costOf, withCost, withSinceOpened } from '../product/posting';
import { amendListing } from '../reference/instruments';
import { countOpenInterest } from './openInterest';
import { measureOf, notedChange } from './recentGain';
import { sinceOpenedAfter } from './sinceOpened';

export const changeOf = (
  account: AccountId,
  instrument: InstrumentId,
  { size, cost, fraction, gain }: Position,
): PositionChange => ({
  account,
  instrument,
  size,
  cost,
  ...(fraction === undefined ? {} : { fraction }),
  gain,
});

/** `agreed`: two parties chose the price. */
export function onPositionChanges(state: State, changes: readonly PositionChange[], agreed = false): void {
  countOpenInterest(state, changes);
  for (const change of changes) {
    const { account, instrument, size, gain } = change;
    const before = state.book.position(account, instrument) ?? EMPTY_POSITION;
    const cost = costOf(change);
    const listing = known(state.listings.get(instrument), 'Instrument', instrument);
    if (size === 0n) leaveBehind(state, instrument, cost);
    const since = sinceOpenedAfter(listing.instrument, before, change);
    const after = withSinceOpened(withCost({ ...before, size, gain }, size === 0n ? NO_MARGIN : cost), since);
    state.book.setPosition(account, instrument, remembered(state, listing, before, after, agreed));
    touchOwner(state, known(state.book.account(account), 'Account', account), instrument);
  }
}

function remembered(state: State, listing: Listing, before: Position, after: Position, agreed: boolean): Position {
  if (!agreed && after.gain === before.gain && before.recent === undefined) return after;
  return notedChange(before, after, measureOf(state, listing), agreed ? listing.mark?.price : undefined);
}

/** The part of a unit that a position has gained and was not posted when it was closed stays with the house.  QC-2 */
export function leaveBehind(state: State, id: InstrumentId, cost: Margin): void {
  if (cost === 0n) return;
  const { leftBehind = NO_MARGIN } = known(state.listings.get(id), 'Instrument', id);
  amendListing(state, id, { leftBehind: plus(leftBehind, cost) });
}

/** The size of one account's position moves the tier of all its owner's accounts.  Rule: MT-3 */
export function touchOwner(state: State, account: Account, instrument: InstrumentId): void {
  state.due.add(account.id);
  for (const sibling of state.book.accountsOf(account.owner)) {
    if (sibling !== account.id && state.book.position(sibling, instrument)) state.due.add(sibling);
  }
}

/** Moves the open buy or sell lots of a position by what an order gained or lost. */
export function moveOpenLots(
  state: State,
  order: { account: AccountId; instrument: InstrumentId; side: 'BUY' | 'SELL' },
  by: Size,
): void {
  const before = state.book.position(order.account, order.instrument) ?? EMPTY_POSITION;
  const after =
    order.side === 'BUY' ? { ...before, bids: plus(before.bids, by) } : { ...before, asks: plus(before.asks, by) };
  state.book.setPosition(order.account, order.instrument, after);
  touchOwner(state, known(state.book.account(order.account), 'Account', order.account), order.instrument);
}

export function onOrderPlaced(state: State, { placed }: EventOf<'OrderPlaced'>): void {
  state.orders.set(placed.id, placed);
  const ids = state.ordersOf.get(placed.account) ?? new Set();
  state.ordersOf.set(placed.account, ids.add(placed.id));
  moveOpenLots(state, placed, placed.size);
}

export function onOrdersCancelled(state: State, event: EventOf<'OrdersCancelled'>): void {
  for (const id of event.orders) resizeOrder(state, id, size(0n));
}

/** Leaves an order with the size that is still open, or takes it out. */
export function resizeOrder(state: State, id: OrderId, open: Size): void {
  const order = known(state.orders.get(id), 'Order', id);
  moveOpenLots(state, order, size(open - order.size));
  if (open > 0n) {
    state.orders.set(id, { ...order, size: open });
    return;
  }
  state.orders.delete(id);
  const ids = state.ordersOf.get(order.account);
  if (ids?.delete(id) && ids.size === 0) state.ordersOf.delete(order.account);
}
