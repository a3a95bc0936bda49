/**
 * Deleveraging a position: lots of an account are closed against holders on the other side at the mark, less what these
 * give up together, which is what was missing and not a unit more. One event says why and with which figures, one event
 * a pair tells each holder its rank and what it gave up.  Rules: SL-5, S07, S09
 */

import { known } from '../../../units/failure';
import {
  abs,
  type Cash,
  cash,
  greatest,
  least,
  type Margin,
  marginOf,
  minus,
  negate,
  plus,
  type Size,
  size,
  total,
} from '../../../units/quantity';
import { cashDown } from '../../../units/rounding';
import { EMPTY_POSITION } from '../../book/exposure';
import { onTransfers } from '../../ledger/transfers';
import type { CarriedOut } from '../../message/deleveraging';
import type { Desk } from '../../message/desk';
import type { EventOf } from '../../message/event';
import type { Transfer } from '../../message/ledger';
import type { Charges } from '../../message/settlement';
import type { AccountId, OwnerId } from '../../model/account';
import type { Deleveraging, DeleveragingCause, DeleveragingMethod, DeleveragingPolicy } from '../../model/deleveraging';
import type { LiquidationId } from '../../model/liquidation';
import type { Instrument, InstrumentId } from '../../model/reference';
import type { State } from '../../model/state';
import { changeOf, onPositionChanges } from '../../position/changes';
import { type Leg, legOf, realisedTransfers } from '../../position/novate';
import { worthAt } from '../../position/value';
import { type Holder, rankedHolders, type Spent } from '../../risk/deleveragingRank';
import { recallBeyond } from '../closing/order';
import { noteCharges } from '../tally/charged';
import { availableOf, concentrationOf, type Part, shareOut } from './share';

/** A closing to carry out. */
export interface Closing {
  readonly account: AccountId; // whose position
  readonly instrument: InstrumentId;
  readonly lots: Size; // to close at most, without sign
  readonly budget: Cash; // that the holders are to give up, at least zero
  readonly cause: DeleveragingCause;
  readonly method: DeleveragingMethod;
  readonly policy: DeleveragingPolicy;
  readonly without: ReadonlySet<OwnerId>; // owners in default
  readonly spent?: Spent; // by earlier layers of the same loss
  readonly liquidation?: LiquidationId;
  readonly charges?: {
    readonly charged: Charges;
    readonly transfers: readonly Transfer[];
    readonly carried: CarriedOut;
  };
  readonly reason?: string;
}

/** The holders against whom an account's position would be closed, ranked. */
export function opposite(
  desk: Desk,
  { account, instrument, policy, without, spent }: Omit<Closing, 'lots' | 'budget' | 'cause' | 'method'>,
): Holder[] {
  const held = desk.view.book.position(account, instrument)?.size ?? size(0n);
  return rankedHolders(desk.view, { instrument, long: held < 0n, without, ...(spent && { spent }) }, policy);
}

/** Carries it out; `holders` is as `opposite` says. Returns the lots closed, what was given up, and by whom. */
export function deleverage(
  desk: Desk,
  closing: Closing,
  holders: readonly Holder[],
): { lots: Size; used: Cash; parts: readonly Part[] } {
  const { account, instrument: id, method, policy } = closing;
  const { instrument, mark } = known(desk.view.listings.get(id), 'Instrument', id);
  const { price } = known(mark ?? undefined, 'Mark price', id);
  const held = desk.view.book.position(account, id)?.size ?? size(0n);
  const parts = shareOut(method, holders, least(closing.lots, abs(held)), least(closing.budget, availableOf(holders)));
  if (parts.length === 0 && !closing.charges) return { lots: size(0n), used: cash(0n), parts };
  const lots = total(parts.map((part) => part.lots));
  const used = total(parts.map((part) => part.forgone));
  const decided: Deleveraging = {
    id: desk.newId('delev'),
    cause: closing.cause,
    account,
    instrument: id,
    liquidation: closing.liquidation ?? null,
    method,
    score: policy.score,
    bound: policy.bound,
    policyVersion: policy.version,
    size: held > 0n ? negate(lots) : lots,
    budget: closing.budget,
    available: availableOf(holders),
    used,
    overshoot: greatest(minus(used, closing.budget), cash(0n)),
    holders: holders.length,
    affected: parts.length,
    profit: total(holders.map(({ profit }) => greatest(profit, cash(0n)))),
    concentration: concentrationOf(parts),
  };
  desk.emit({
    type: 'DeleveragingDecided',
    decided,
    charges: closing.charges?.charged ?? null,
    carried: closing.charges?.carried ?? null,
    reason: closing.reason ?? '',
    transfers: closing.charges?.transfers ?? [],
  });
  for (const part of parts) closePair(desk, decided, instrument, price, part);
  return { lots, used, parts };
}

/** One holder: its open orders in the instrument are called back, its lots closed, and it is told why. */
function closePair(
  desk: Desk,
  decided: Deleveraging,
  instrument: Instrument,
  mark: EventOf<'PositionDeleveraged'>['mark'],
  part: Part,
): void {
  const { holder, lots, forgone, rank } = part;
  recallOrders(desk, holder.account, instrument.id);
  const traded = size(decided.size < 0n ? lots : -lots);
  // Buying it pays more than the mark, selling it receives less, by what it gives up.
  const worth = plus(worthAt(instrument, traded, mark), marginOf(forgone));
  const legs = [
    legFor(desk, holder.account, instrument, traded, worth),
    legFor(desk, decided.account, instrument, negate(traded), negate(worth)),
  ];
  desk.emit({
    type: 'PositionDeleveraged',
    deleveraging: decided.id,
    account: holder.account,
    counterparty: decided.account,
    instrument: instrument.id,
    rank,
    holders: decided.holders,
    score: holder.score,
    size: traded,
    value: cashDown(worth),
    mark,
    profit: holder.profit,
    forgone,
    positions: legs.map(({ account, filled }) => changeOf(account, instrument.id, filled.position)),
    transfers: realisedTransfers(legs, instrument),
  });
  for (const leg of legs) recallBeyond(desk, leg.account, instrument.id);
}

/** A leg of no lots moves money alone: it is realised at once, and the position keeps its cost. */
function legFor(desk: Desk, account: AccountId, instrument: Instrument, lots: Size, worth: Margin): Leg {
  if (lots !== 0n) return legOf(desk.view, account, instrument, lots, worth);
  const position = desk.view.book.position(account, instrument.id) ?? EMPTY_POSITION;
  const realised = cashDown(negate(worth));
  return { account, filled: { position: { ...position, gain: cash(position.gain + realised) }, realised } };
}

/** Orders around a position that is closed by others are not what their owner meant by them any more. */
function recallOrders(desk: Desk, account: AccountId, instrument: InstrumentId): void {
  const orders = [...(desk.view.ordersOf.get(account) ?? [])].filter(
    (id) => desk.view.orders.get(id)?.instrument === instrument,
  );
  if (orders.length > 0) desk.emit({ type: 'OrdersCancelled', account, orders: orders.sort(), cause: 'DELEVERAGING' });
}

export function onDeleveragingDecided(state: State, { decided, transfers }: EventOf<'DeleveragingDecided'>): void {
  onTransfers(state, transfers);
  if (decided.liquidation !== null) noteCharges(state, decided.liquidation, transfers);
  const draw = state.inventoryDraws.get(decided.account);
  if (decided.cause === 'INVENTORY_CAP')
    state.inventoryDraws.set(decided.account, { drawn: draw?.drawn ?? cash(0n), reached: true });
}

export function onPositionDeleveraged(state: State, event: EventOf<'PositionDeleveraged'>): void {
  onPositionChanges(state, event.positions);
  onTransfers(state, event.transfers);
}
