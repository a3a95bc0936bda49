/**
 * Disposing of what the house took over: step by step on a fixed interval, a fraction of what is left, no more than a
 * share of the stated depth, and the rest at once when it is small. What nobody takes while nothing changes stays out
 * twice as long each time; what may not be sold waits, and no time is set for it. A price, a depth, a fill, a status or
 * a policy brings back the interval. Gains and losses stay on the close-out account; a surplus goes to the insurance
 * fund when nothing is held any more.  Rules: VEGA-LIQ-03 (0012-POSR), LE-4, S07
 */

import { known } from '../../units/failure';
import {
  abs,
  type Cash,
  type Duration,
  duration,
  type Instant,
  later,
  least,
  negate,
  RATE_ONE,
  type Size,
  size,
} from '../../units/quantity';
import { divDown, divUp } from '../../units/rounding';
import { accountName, onTransfers } from '../ledger/transfers';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';
import type { AccountId } from '../model/account';
import type { LiquidationOrder } from '../model/liquidation';
import type { DisposalPolicy } from '../model/policy';
import type { Instrument, InstrumentId } from '../model/reference';
import type { Listing, State, View } from '../model/state';
import { notionalOf } from '../position/value';
import { priceProblem } from '../price/freshness';
import { closeOutAccountFor } from '../reference/accounts';
import { closeOrder, openOrdersOf, worstPrice } from './closing/order';
import { depthFor } from './closing/plan';
import { scheduleDisposal } from './closing/takeover';
import { onInventoryRepaid } from './tally/draws';

/** Lots of the next step, without sign: all of it when small, else the fraction, never above the share of the depth. */
export function disposalSlice(held: Size, notional: Cash, depth: bigint | null, policy: DisposalPolicy): Size {
  const wanted = notional <= policy.fullBelow ? held : size(divUp(held * policy.fraction, RATE_ONE));
  if (depth === null) return wanted;
  const most = divDown(depth * policy.maximumShareOfDepth, RATE_ONE);
  return least(wanted, size(most > 0n ? most : 1n));
}

/** How long at most an offer stays out that nobody takes, unless the interval itself is longer. */
export const LONGEST_OFFER = duration(3_600_000);

/** What would go out now. */
type Slice = Pick<LiquidationOrder, 'account' | 'size' | 'limit' | 'mark'>;

/**
 * The next slice of the inventory; none where nothing is held, or its price cannot be trusted, or trading is stopped.
 */
function sliceOf(view: View, listing: Listing): Slice | undefined {
  const { instrument, mark, status } = listing;
  const account = closeOutAccountFor(view, instrument);
  const position = view.book.position(account, instrument.id);
  const idle = priceProblem(view, instrument.id) !== undefined || status === 'HALTED' || status === 'EXPIRED';
  if (!position || position.size === 0n || !mark || idle) return undefined;
  const policy = policyOf(view, instrument);
  const sells = position.size > 0n;
  const held = abs(position.size);
  const lots = disposalSlice(held, notionalOf(instrument, held, mark.price), depthFor(listing, sells), policy);
  return {
    account,
    size: sells ? negate(lots) : lots,
    limit: worstPrice(mark.price, policy.slippage, sells),
    mark: mark.price,
  };
}

/** Whether an order is what would go out now, and nobody has taken any of it. */
const isUnchanged = ({ size: lots, limit, filled }: LiquidationOrder, slice: Slice | undefined): boolean =>
  lots === slice?.size && limit === slice.limit && filled === 0n;

/** Sends the next slice of an inventory position to the venue, if there is one and its price can be trusted. */
export function disposeStep(desk: Desk, id: InstrumentId): void {
  const listing = known(desk.view.listings.get(id), 'Instrument', id);
  const slice = sliceOf(desk.view, listing);
  const last = offerOf(desk.view, listing);
  const repeated = last !== undefined && isUnchanged(last, slice);
  if (repeated && last.expiresAt > desk.at) return;
  // The last slice's time is up at the very instant at which the next one goes out.
  if (last) closeOrder(desk, last, last.expiresAt <= desk.at ? 'EXPIRED' : 'CANCELLED');
  if (!slice) return;
  const { interval } = policyOf(desk.view, listing.instrument);
  const issued: LiquidationOrder = {
    id: desk.newId('lord'),
    liquidation: null,
    account: slice.account,
    instrument: id,
    size: slice.size,
    filled: size(0n),
    limit: slice.limit,
    mark: slice.mark,
    reason: 'DISPOSAL',
    issuedAt: desk.at,
    expiresAt: later(desk.at, repeated ? windowAfter(last, interval) : interval),
  };
  desk.emit({ type: 'LiquidationOrderIssued', issued });
}

/** Twice as long as the offer before was out. */
const windowAfter = ({ issuedAt, expiresAt }: LiquidationOrder, interval: Duration): Duration =>
  duration(Math.max(interval, Math.min(2 * (expiresAt - issuedAt), LONGEST_OFFER)));

const policyOf = (view: View, { settlement }: Instrument): DisposalPolicy =>
  known(view.disposalPolicies.get(settlement), 'Disposal policy', settlement);

/** The slice that is out. */
const offerOf = (view: View, { instrument }: Listing): LiquidationOrder | undefined =>
  openOrdersOf(view, closeOutAccountFor(view, instrument)).find((order) => order.instrument === instrument.id);

/**
 * When the next step is due after an entry that may have changed something about it: when the time of what is out is
 * up; at the next interval where something else would go out now; at no time, its last one having passed, while nothing
 * may go out.
 */
export function scheduleNext(state: State, id: string): void {
  const listing = state.listings.get(id);
  if (!listing || listing.disposalDue === null) return;
  const { instrument, disposalDue: due } = listing;
  const held = state.book.position(closeOutAccountFor(state, instrument), id)?.size ?? 0n;
  const next = held === 0n ? null : dueAfter(state, listing, due);
  if (next !== due) scheduleDisposal(state, id, next);
}

function dueAfter(state: State, listing: Listing, due: Instant): Instant {
  const { interval } = policyOf(state, listing.instrument);
  const slice = sliceOf(state, listing);
  const out = offerOf(state, listing);
  if (out)
    return isUnchanged(out, slice)
      ? out.expiresAt
      : earlier(out.expiresAt, nextBeat(out.issuedAt, interval, state.now));
  if (due > state.now) return earlier(due, later(state.now, interval));
  return slice ? nextBeat(due, interval, state.now) : due;
}

const earlier = (a: Instant, b: Instant): Instant => (a < b ? a : b);

/** The first instant after `now` that is whole intervals after another. */
const nextBeat = (from: Instant, interval: Duration, now: Instant): Instant =>
  later(from, duration((Math.floor((now - from) / interval) + 1) * interval));

/** Whether the close-out account holds nothing any more, so that its surplus can leave it. */
export function surplusOf(view: View, account: AccountId): Cash {
  for (const [, position] of view.book.positions(account)) if (position.size !== 0n) return 0n as Cash;
  return view.book.balance(account, known(view.book.account(account), 'Account', account).currency);
}

export function sweepSurplus(desk: Desk, account: AccountId, amount: Cash): void {
  const { currency } = known(desk.view.book.account(account), 'Account', account);
  const transfers = [
    { from: accountName(account), to: 'insurance-fund', currency, amount, reason: 'SURPLUS' },
  ] as const;
  desk.emit({ type: 'InventorySwept', account, currency, amount, transfers });
}

export function onInventorySwept(state: State, event: EventOf<'InventorySwept'>): void {
  onTransfers(state, event.transfers);
  onInventoryRepaid(state, event.transfers);
}
