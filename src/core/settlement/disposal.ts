/**
 * Disposing of what the house took over: step by step on a fixed interval, a fraction of what is left, no more than a
 * share of the stated depth, and the rest at once when it is small. Gains and losses stay on the close-out account; a
 * surplus goes to the insurance fund when nothing is held any more.  Rules: VEGA-LIQ-03 (0012-POSR), LE-4, S07
 */

import { known } from '../../units/failure';
import { abs, type Cash, later, least, negate, RATE_ONE, type Size, size } from '../../units/quantity';
import { divDown, divUp } from '../../units/rounding';
import { accountName, onTransfers } from '../ledger/transfers';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';
import type { AccountId } from '../model/account';
import type { LiquidationOrder } from '../model/liquidation';
import type { DisposalPolicy } from '../model/policy';
import type { InstrumentId } from '../model/reference';
import type { State, View } from '../model/state';
import { notionalOf } from '../position/value';
import { priceProblem } from '../price/freshness';
import { closeOutAccountFor } from '../reference/accounts';
import { onInventoryRepaid } from './deleveraging/draws';
import { closeOrder, openOrdersOf, worstPrice } from './order';
import { depthFor } from './plan';
import { scheduleDisposal } from './takeover';

/** Lots of the next step, without sign: all of it when small, else the fraction, never above the share of the depth. */
export function disposalSlice(held: Size, notional: Cash, depth: bigint | null, policy: DisposalPolicy): Size {
  const wanted = notional <= policy.fullBelow ? held : size(divUp(held * policy.fraction, RATE_ONE));
  if (depth === null) return wanted;
  const most = divDown(depth * policy.maximumShareOfDepth, RATE_ONE);
  return least(wanted, size(most > 0n ? most : 1n));
}

/** Sends the next slice of an inventory position to the venue, if there is one and its price can be trusted. */
export function disposeStep(desk: Desk, id: InstrumentId): void {
  const listing = known(desk.view.listings.get(id), 'Instrument', id);
  const { instrument, mark, status } = listing;
  const account = closeOutAccountFor(desk.view, instrument);
  const position = desk.view.book.position(account, id);
  const idle = priceProblem(desk.view, id) !== undefined || status === 'HALTED' || status === 'EXPIRED';
  // The last slice's time is up at the very instant at which the next one goes out.
  for (const order of ordersFor(desk.view, account, id)) if (order.expiresAt <= desk.at) closeOrder(desk, order, 'EXPIRED');
  const waiting = ordersFor(desk.view, account, id).length > 0;
  const policy = known(desk.view.disposalPolicies.get(instrument.settlement), 'Disposal policy', instrument.settlement);
  if (!position || position.size === 0n || idle || waiting || !mark) return;

  const sells = position.size > 0n;
  const held = abs(position.size);
  const lots = disposalSlice(held, notionalOf(instrument, held, mark.price), depthFor(listing, sells), policy);
  const issued: LiquidationOrder = {
    id: desk.newId('lord'),
    liquidation: null,
    account,
    instrument: id,
    size: sells ? negate(lots) : lots,
    filled: size(0n),
    limit: worstPrice(mark.price, policy.slippage, sells),
    mark: mark.price,
    reason: 'DISPOSAL',
    issuedAt: desk.at,
    expiresAt: later(desk.at, policy.interval),
  };
  desk.emit({ type: 'LiquidationOrderIssued', issued });
}

const ordersFor = (view: View, account: AccountId, id: InstrumentId): LiquidationOrder[] =>
  openOrdersOf(view, account).filter((order) => order.instrument === id);

/** When the next step is due: an interval from now while anything is held. */
export function scheduleNext(state: State, id: InstrumentId): void {
  const { instrument } = known(state.listings.get(id), 'Instrument', id);
  const held = state.book.position(closeOutAccountFor(state, instrument), id)?.size ?? 0n;
  const { interval } = known(state.disposalPolicies.get(instrument.settlement), 'Disposal policy', instrument.settlement);
  scheduleDisposal(state, id, held === 0n ? null : later(state.now, interval));
}

/** Whether the close-out account holds nothing any more, so that its surplus can leave it. */
export function surplusOf(view: View, account: AccountId): Cash {
  for (const [, position] of view.book.positions(account)) if (position.size !== 0n) return 0n as Cash;
  return view.book.balance(account, known(view.book.account(account), 'Account', account).currency);
}

export function sweepSurplus(desk: Desk, account: AccountId, amount: Cash): void {
  const { currency } = known(desk.view.book.account(account), 'Account', account);
  const transfers = [{ from: accountName(account), to: 'insurance-fund', currency, amount, reason: 'SURPLUS' }] as const;
  desk.emit({ type: 'InventorySwept', account, currency, amount, transfers });
}

export function onInventorySwept(state: State, event: EventOf<'InventorySwept'>): void {
  onTransfers(state, event.transfers);
  onInventoryRepaid(state, event.transfers);
}
