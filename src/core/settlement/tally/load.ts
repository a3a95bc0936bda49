/**
 * What stands on each method of the ladder at once: the notional, at the marks of issue, that caps are held against.
 * LE-4
 */

import { known } from '../../../units/failure';
import { abs, type Cash, cash, least, minus, NO_CASH, type Size, size } from '../../../units/quantity';
import { divDown } from '../../../units/rounding';
import type { LadderMethod, Rung } from '../../model/ladder';
import type { LiquidationOrder } from '../../model/liquidation';
import type { CurrencyId, Instrument, InstrumentId } from '../../model/reference';
import type { State, View } from '../../model/state';
import { notionalOf } from '../../position/value';
import { closeOutAccountFor, closeOutIdOf } from '../../reference/accounts';

const marketKey = (method: LadderMethod, instrument: InstrumentId): string => `${method} ${instrument}`;
const globalKey = (method: LadderMethod, currency: CurrencyId): string => `${method} in ${currency}`;

/** Counts what is left of an order in (1) or out (-1). */
export function addLoad(state: State, order: LiquidationOrder, sign: 1n | -1n): void {
  if (order.stand === undefined) return;
  const { instrument } = known(state.listings.get(order.instrument), 'Instrument', order.instrument);
  const notional = notionalOf(instrument, abs(minus(order.size, order.filled)), order.mark) * sign;
  for (const key of [
    marketKey(order.stand.method, instrument.id),
    globalKey(order.stand.method, instrument.settlement),
  ]) {
    const after = (state.ladderLoad.get(key) ?? 0n) + notional;
    if (after === 0n) state.ladderLoad.delete(key);
    else state.ladderLoad.set(key, cash(after));
  }
}

/**
 * Notional on a method in one instrument, and in all of its currency. On the house it is what its close-out account
 * holds.
 */
export function loadOf(
  view: View,
  method: LadderMethod,
  instrument: Instrument,
): { readonly market: Cash; readonly global: Cash } {
  if (method === 'HOUSE') return inventoryOf(view, instrument);
  return {
    market: view.ladderLoad.get(marketKey(method, instrument.id)) ?? NO_CASH,
    global: view.ladderLoad.get(globalKey(method, instrument.settlement)) ?? NO_CASH,
  };
}

function inventoryOf(view: View, instrument: Instrument): { readonly market: Cash; readonly global: Cash } {
  const [own, shared] = [closeOutAccountFor(view, instrument), closeOutIdOf(instrument.settlement)];
  let [market, global] = [0n, 0n];
  // A market with a cap of its own keeps its inventory apart.
  for (const account of new Set([own, shared])) {
    for (const [held, position] of view.book.positions(account)) {
      const { instrument: terms, mark } = known(view.listings.get(held), 'Instrument', held);
      const notional = mark === null ? 0n : notionalOf(terms, position.size, mark.price);
      global += notional;
      if (held === instrument.id) market += notional;
    }
  }
  return { market: cash(market), global: cash(global) };
}

/** Lots that still fit on the rung within its caps. */
export function capacityOn(
  view: View,
  { method, marketCap, globalCap }: Rung,
  instrument: Instrument,
  mark: LiquidationOrder['mark'],
): Size {
  const perLot = notionalOf(instrument, size(1n), mark);
  let capacity = MOST_LOTS;
  if ((marketCap === null && globalCap === null) || perLot === 0n) return capacity;
  const load = loadOf(view, method, instrument);
  for (const [cap, used] of [
    [marketCap, load.market],
    [globalCap, load.global],
  ] as const) {
    if (cap !== null) capacity = least(capacity, size(cap > used ? divDown(cap - used, perLot) : 0n));
  }
  return capacity;
}

const MOST_LOTS = size(1n << 62n);
