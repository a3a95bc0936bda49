/**
 * The last price of a contract. Where its terms state a window, the index is averaged over it by time; where not, it is
 * the mark. Without a price it waits: for one that is live, or for two persons who set it. Nothing is settled in parts.
 * Rules: EX-1, S07
 */

import { MOST_PRICE, within } from '../../units/bounds';
import { known } from '../../units/failure';
import { compare, duration, instant, type Price, price } from '../../units/quantity';
import { divHalfEven } from '../../units/rounding';
import type { CommandOf } from '../message/command';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';
import type { Priced } from '../message/position';
import { type Checked, ok, refused } from '../message/rejection';
import type { Averaging, InstrumentId } from '../model/reference';
import type { Listing, State, View } from '../model/state';
import { priceProblem } from '../price/freshness';
import { ticksPerIndexTick } from '../price/indexTicks';
import { averageOf, completeAt, countedUpTo, deadlinesOfEnd, endOf, withPrice } from '../product/end';
import { amendListing } from '../reference/instruments';
import { readPrice } from '../reference/reading';

export interface LastPrice {
  readonly price: Price;
  readonly priced?: Priced; // where it is no mark
}

const livePriceOf = (view: View, index: string): Price | null => {
  const { state } = known(view.indices.get(index), 'Index', index);
  return state.stale ? null : state.price;
};

/**
 * The window of a contract begins: what the index says now counts until it says something else. Where another end was
 * called off after it had begun, what stood before then was not seen, and counts for nothing.
 */
export function openWindow(desk: Desk, id: InstrumentId): void {
  const listing = known(desk.view.listings.get(id), 'Instrument', id);
  const end = known(endOf(listing) ?? undefined, 'End of', id);
  const index = known(listing.instrument.index ?? undefined, 'Index of', id);
  const from = instant(end.at - (end.window ?? 0));
  const averaging: Averaging = {
    index,
    from,
    until: end.at,
    since: desk.at,
    price: livePriceOf(desk.view, index),
    live: duration(0),
    weighed: 0n,
  };
  desk.emit({ type: 'SettlementWindowOpened', instrument: id, averaging });
}

/** Indices have moved: contracts in whose window that happened count the new price from here on. */
export function sampleIndices(desk: Desk, indices: ReadonlySet<string>): void {
  const concerned: (readonly [InstrumentId, Averaging])[] = [];
  for (const { instrument, averaging, status } of desk.view.listings.values())
    if (averaging && status !== 'EXPIRED' && indices.has(averaging.index)) concerned.push([instrument.id, averaging]);
  for (const [id, averaging] of concerned.sort(([a], [b]) => compare(a, b))) {
    const now = livePriceOf(desk.view, averaging.index);
    if (now === averaging.price || isComplete(averaging, desk.view)) continue;
    desk.emit({ type: 'SettlementPriceSampled', instrument: id, index: averaging.index, price: now });
  }
}

const isComplete = (averaging: Averaging, { now }: View): boolean => {
  const at = completeAt(averaging);
  return at !== undefined && at <= now;
};

/** The price that everybody is paid out at now; undefined where the end has not come, or it waits for a price. */
export function lastPriceOf(view: View, id: InstrumentId): LastPrice | undefined {
  const listing = known(view.listings.get(id), 'Instrument', id);
  const end = endOf(listing);
  if (end === null || end.at > view.now || listing.status === 'EXPIRED') return undefined;
  if (end.window === null)
    return priceProblem(view, id) ? undefined : { price: known(listing.mark ?? undefined, 'Mark', id).price };
  const { averaging } = listing;
  if (!averaging || !isComplete(averaging, view)) return undefined;
  const counted = countedUpTo(averaging, view.now);
  const average = averagePrice(view, listing, counted);
  if (average === undefined) return undefined;
  const { from, live } = counted;
  return { price: average, priced: { by: 'WINDOW', from, until: counted.since, live } };
}

/** The average in ticks of the contract, to the nearest, half to even; undefined where it could not be a price. */
export function averagePrice(view: View, { instrument }: Pick<Listing, 'instrument'>, counted: Averaging) {
  const average = averageOf(counted);
  if (average === undefined) return undefined;
  const { index } = known(view.indices.get(counted.index), 'Index', counted.index);
  const [ticks, perTick] = ticksPerIndexTick(instrument, index.tick);
  const rounded = price(divHalfEven(average.numerator * ticks, average.denominator * perTick));
  const usable = (rounded > 0n || instrument.allowsNonPositivePrice) && within(rounded, MOST_PRICE);
  return usable ? rounded : undefined;
}

export interface SettlementPrice extends Pick<CommandOf<'SetSettlementPrice'>, 'instrument' | 'reason'> {
  readonly price: Price;
}

/**
 * Errors: INSTRUMENT_NOT_FOUND, SETTLEMENT_NOT_AWAITED, PRICE_NOT_POSITIVE, PRICE_OFF_TICK, VALUE_OUT_OF_RANGE. While
 * there is a price nobody sets another one.  S07
 */
export function checkSetSettlementPrice(
  view: View,
  { instrument: id, price: text, reason }: CommandOf<'SetSettlementPrice'>,
): Checked<SettlementPrice> {
  const listing = view.listings.get(id);
  if (!listing) return refused('INSTRUMENT_NOT_FOUND', { instrument: id });
  if (!waitsForPrice(view, listing)) return refused('SETTLEMENT_NOT_AWAITED', { instrument: id });
  const read = readPrice(listing.instrument, text);
  return read.rejection ? read : ok({ instrument: id, price: read.ok, reason });
}

/** Whether the end of a contract has come and there is no price for it, nor one on its way. */
function waitsForPrice(view: View, { instrument, status, delisting, averaging }: Listing): boolean {
  const end = endOf({ instrument, ...(delisting && { delisting }) });
  if (end === null || end.at > view.now || status === 'EXPIRED') return false;
  const onItsWay = averaging && !isComplete(averaging, view) && averaging.price !== null;
  return !onItsWay && lastPriceOf(view, instrument.id) === undefined;
}

export function onSettlementWindowOpened(state: State, event: EventOf<'SettlementWindowOpened'>): void {
  amendListing(state, event.instrument, { averaging: event.averaging });
  setDeadlinesOfEnd(state, event.instrument);
}

export function onSettlementPriceSampled(state: State, event: EventOf<'SettlementPriceSampled'>): void {
  const { averaging } = known(state.listings.get(event.instrument), 'Instrument', event.instrument);
  const before = known(averaging, 'Average of', event.instrument);
  amendListing(state, event.instrument, { averaging: withPrice(before, event.price, state.now) });
  setDeadlinesOfEnd(state, event.instrument);
}

export function setDeadlinesOfEnd(state: State, id: InstrumentId): void {
  const { window, expiry } = deadlinesOfEnd(known(state.listings.get(id), 'Instrument', id));
  state.deadlines.set(`window/${id}`, window);
  state.deadlines.set(`expiry/${id}`, expiry);
}

/** The average has become the last price, which is in the settlement. */
export function endAverage(state: State, id: InstrumentId): void {
  const { averaging: _, ...listing } = known(state.listings.get(id), 'Instrument', id);
  state.listings.set(id, listing);
}
