/**
 * The mark: the one price at which positions are valued, called and liquidated. Either the index itself, or what the
 * venue submits, held within a band around the index; never the last trade.  Ruling 6; PS-4, PV-3, S21
 */

import { MOST_LOTS, MOST_PRICE, within } from '../../units/bounds';
import { formatCount, formatRate, parseDecimal } from '../../units/decimal';
import { known } from '../../units/failure';
import { abs, type Instant, instant, later, type Price, price, RATE_ONE } from '../../units/quantity';
import { divDown, divHalfEven, divUp } from '../../units/rounding';
import type { CommandOf } from '../message/command';
import type { Decimal } from '../message/definition';
import type { Desk } from '../message/desk';
import type { Refusal } from '../message/envelope';
import type { EventOf } from '../message/event';

import { type Checked, ok, type Rejection, refused, reject } from '../message/rejection';
import type { Actor } from '../model/actor';
import type { IndexState } from '../model/price';
import type { IndexId, Instrument, InstrumentId, SourceId } from '../model/reference';
import type { Listing, State, View } from '../model/state';
import { amendListing } from '../reference/instruments';
import { readPrice } from '../reference/reading';
import { observationProblem } from './freshness';
import { type IndexQuotes, refreshIndex, submitIndexPrices } from './indexPrice';
import { ticksPerIndexTick } from './indexTicks';
import { stableAt } from './stablePrice';

export interface MarkQuote {
  readonly instrument: InstrumentId;
  readonly price: Price;
  readonly at: Instant;
  readonly clamped: boolean;
}

export interface MarkQuotes {
  readonly source: SourceId;
  readonly quotes: readonly MarkQuote[];
  readonly refusals: readonly Refusal[];
}

/**
 * Each price is answered on its own. Errors, in order: INSTRUMENT_NOT_FOUND, INSTRUMENT_NOT_TRADING,
 * PRICE_NOT_POSITIVE, PRICE_OFF_TICK, VALUE_OUT_OF_RANGE, PRICE_CROSSED, PRICE_FROM_FUTURE, PRICE_TOO_OLD,
 * PRICE_OUT_OF_BAND, PRICE_MISSING, PRICE_STALE, VALUE_OUT_OF_RANGE (what the band makes of it).
 */
export function checkSubmitMarkPrices(
  view: View,
  command: CommandOf<'SubmitMarkPrices'>,
  _actor: Actor,
  at: Instant,
): Checked<MarkQuotes> {
  const quotes: MarkQuote[] = [];
  const refusals: Refusal[] = [];
  for (const [item, quote] of command.prices.entries()) {
    // A later price of the same list is held against the earlier one, as if each had come alone.
    const before = quotes.findLast(({ instrument }) => instrument === quote.instrument);
    const read = readMark(view, quote, at, before);
    if (read.rejection) refusals.push({ item, rejection: read.rejection });
    else quotes.push(read.ok);
  }
  const first = refusals[0];
  return quotes.length === 0 && first
    ? { rejection: first.rejection }
    : ok({ source: command.source, quotes, refusals });
}

function readMark(
  view: View,
  quote: CommandOf<'SubmitMarkPrices'>['prices'][number],
  now: Instant,
  accepted: MarkQuote | undefined,
): Checked<MarkQuote> {
  const listing = view.listings.get(quote.instrument);
  if (!listing) return refused('INSTRUMENT_NOT_FOUND', { instrument: quote.instrument });
  const { instrument } = listing;
  const mark = accepted ? { ...accepted, stale: false } : listing.mark;
  // A mark that is made of the index is not for a venue to set.
  if (listing.status === 'EXPIRED' || instrument.markMethod === 'INDEX')
    return refused('INSTRUMENT_NOT_TRADING', { instrument: instrument.id });
  const read = readPrice(instrument, quote.price);
  if (read.rejection) return read;

  const crossed = readCrossed(instrument, read.ok, quote.bid, quote.ask);
  if (crossed.rejection) return crossed;
  const observedAt = instant(quote.observedAt ?? now);
  const early = observationProblem(observedAt, now, instrument.heartbeat, mark?.at);
  if (early) return { rejection: early };

  // After a silence there is nothing to compare with: the first price re-bases the band.
  if (mark && !mark.stale && instrument.priceBand !== null) {
    const move = abs((read.ok - mark.price) as Price);
    if (move * RATE_ONE > instrument.priceBand * abs(mark.price))
      return refused('PRICE_OUT_OF_BAND', { ...bandDetails(instrument, mark.price), price: quote.price });
  }
  const problem = guideProblem(view, instrument);
  if (problem) return { rejection: problem };
  const held = clampToIndex(view, instrument, read.ok);
  if (!within(held, MOST_PRICE)) return refused('VALUE_OUT_OF_RANGE', { field: 'price', value: quote.price });
  return ok({
    instrument: instrument.id,
    price: held,
    at: instant(Math.min(observedAt, now)),
    clamped: held !== read.ok,
  });
}

/** What a price was held against: the one before it, and how far from it the next may be. */
export const bandDetails = ({ id, tick, priceBand }: Instrument, last: Price): Readonly<Record<string, string>> => ({
  instrument: id,
  lastPrice: formatCount(last, tick),
  ...(priceBand === null ? {} : { band: formatRate(priceBand) }),
});

function readCrossed(
  instrument: Instrument,
  at: Price,
  bidText: Decimal | null,
  askText: Decimal | null,
): Checked<null> {
  const bid = bidText === null ? ok(at) : readPrice(instrument, bidText);
  if (bid.rejection) return bid;
  const ask = askText === null ? ok(at) : readPrice(instrument, askText);
  if (ask.rejection) return ask;
  return bid.ok > ask.ok || at < bid.ok || at > ask.ok
    ? refused('PRICE_CROSSED', { bid: bidText ?? '', ask: askText ?? '' })
    : ok(null);
}

/**
 * A mark that has to be held to its index cannot be set while the index says nothing: the venue alone is not believed.
 * RLM-4, S21
 */
function guideProblem(view: View, { index, markBand }: Instrument): Rejection | undefined {
  const state = index === null || markBand === null ? undefined : view.indices.get(index)?.state;
  if (!state?.stale) return undefined;
  return reject(state.price === null ? 'PRICE_MISSING' : 'PRICE_STALE', { index: index ?? '' });
}

/** The venue's price held within the band around a live index; the border rounds inwards.  Rule: S21 */
export function clampToIndex(view: View, instrument: Instrument, quoted: Price): Price {
  const listing = instrument.index === null ? undefined : view.indices.get(instrument.index);
  if (!listing || listing.state.price === null || listing.state.stale || instrument.markBand === null) return quoted;
  const [ticks, perTick] = ticksPerIndexTick(instrument, listing.index.tick);
  const centre = listing.state.price * ticks;
  const width = abs(centre as Price) * instrument.markBand;
  const lowest = divUp(centre * RATE_ONE - width, perTick * RATE_ONE);
  const highest = divDown(centre * RATE_ONE + width, perTick * RATE_ONE);
  return price(quoted < lowest ? lowest : quoted > highest ? highest : quoted);
}

export function submitMarkPrices(desk: Desk, { source, quotes }: MarkQuotes): void {
  for (const quote of quotes) desk.emit({ type: 'MarkPriceSet', source, ...quote });
}

export const INDEX_SOURCE: SourceId = 'index';
export const MANUAL_SOURCE: SourceId = 'manual';

/** Takes prices of a source for its indices; the marks that are made of them follow. */
export function takeIndexPrices(desk: Desk, taken: IndexQuotes): void {
  submitIndexPrices(desk, taken);
  for (const index of new Set(taken.quotes.map((quote) => quote.index))) followIndex(desk, index);
}

/** A source has fallen silent: the index is looked at again, and the marks that are made of it. */
export function recheckIndex(desk: Desk, index: IndexId): void {
  refreshIndex(desk, index);
  followIndex(desk, index);
}

/** Marks that are made of an index, after it changed: nearest tick, half to even. */
function followIndex(desk: Desk, index: string): void {
  const { state, index: terms } = known(desk.view.indices.get(index), 'Index', index);
  for (const listing of sortedListings(desk.view)) {
    const { instrument } = listing;
    if (
      instrument.index !== index ||
      instrument.markMethod !== 'INDEX' ||
      listing.status === 'EXPIRED' ||
      state.price === null
    )
      continue;
    const [ticks, perTick] = ticksPerIndexTick(instrument, terms.tick);
    const followed = price(divHalfEven(state.price * ticks, perTick));
    const at = lastHeardOf(state);
    // An index below half a tick of the contract makes no price it could be valued at, nor does one beyond all prices.
    const unusable = (followed <= 0n && !instrument.allowsNonPositivePrice) || !within(followed, MOST_PRICE);
    if (state.stale || unusable || desk.at - at >= instrument.heartbeat) markWentStale(desk, instrument.id);
    else
      desk.emit({
        type: 'MarkPriceSet',
        instrument: instrument.id,
        price: followed,
        at,
        source: INDEX_SOURCE,
        clamped: false,
      });
  }
}

/**
 * When the newest of the quotes that made an index was observed: looking at it again, because one fell silent, makes it
 * no younger.
 */
const lastHeardOf = ({ quotes }: IndexState): Instant =>
  instant(
    [...quotes.values()].reduce((newest, { at, quarantined }) => (quarantined ? newest : Math.max(newest, at)), 0),
  );

const sortedListings = (view: View): Listing[] =>
  [...view.listings.values()].sort((a, b) => (a.instrument.id < b.instrument.id ? -1 : 1));

export function markWentStale(desk: Desk, instrument: InstrumentId): void {
  const mark = desk.view.listings.get(instrument)?.mark;
  if (mark && !mark.stale) desk.emit({ type: 'MarkPriceWentStale', instrument });
}

export function onMarkPriceSet(state: State, event: EventOf<'MarkPriceSet'>): void {
  const listing = known(state.listings.get(event.instrument), 'Instrument', event.instrument);
  const { instrument, mark } = listing;
  const next = { price: event.price, at: event.at, seq: state.seq, source: event.source, stale: false };
  amendListing(state, instrument.id, { mark: next, stable: stableAt(state, { ...listing, mark: mark ?? next }) });
  state.deadlines.set(`mark/${instrument.id}`, later(event.at, instrument.heartbeat));
  if (mark?.price === event.price && !mark.stale) return;
  const concerned = state.watch.markMoved(state, instrument.id);
  for (const account of concerned) state.due.add(account);
  if (mark?.stale) wakeHolders(state, instrument.id);
}

export function onMarkPriceWentStale(state: State, event: EventOf<'MarkPriceWentStale'>): void {
  const listing = state.listings.get(event.instrument);
  if (listing?.mark)
    amendListing(state, event.instrument, {
      mark: { ...listing.mark, stale: true },
      stable: stableAt(state, { ...listing, mark: listing.mark }),
    });
  state.deadlines.set(`mark/${event.instrument}`, undefined);
  wakeHolders(state, event.instrument);
}

/**
 * Whoever is called or closed out holds more that stands still now, or less: the clock of a call and what may be closed
 * depend on it.  Ruling 13
 */
function wakeHolders(state: State, instrument: InstrumentId): void {
  for (const account of state.book.holders(instrument))
    if (state.callOf.has(account) || state.liquidationOf.has(account)) state.due.add(account);
}

/** A mark by hand. Errors: INSTRUMENT_NOT_FOUND, INSTRUMENT_NOT_TRADING, PRICE_NOT_POSITIVE, PRICE_OFF_TICK. */
export function checkSetMarkPrice(
  view: View,
  command: CommandOf<'SetMarkPrice'>,
): Checked<{ instrument: InstrumentId; price: Price }> {
  const listing = view.listings.get(command.instrument);
  if (!listing) return refused('INSTRUMENT_NOT_FOUND', { instrument: command.instrument });
  if (listing.status === 'EXPIRED') return refused('INSTRUMENT_NOT_TRADING', { instrument: command.instrument });
  const read = readPrice(listing.instrument, command.price);
  return read.rejection ? read : ok({ instrument: command.instrument, price: read.ok });
}

export const setMarkPrice = (desk: Desk, quote: { instrument: InstrumentId; price: Price }): void =>
  desk.emit({ type: 'MarkPriceSet', ...quote, at: desk.at, source: MANUAL_SOURCE, clamped: false });

export interface DepthStated {
  readonly instrument: InstrumentId;
  readonly bids: bigint;
  readonly asks: bigint;
}

/** Errors: INSTRUMENT_NOT_FOUND, VALUE_OUT_OF_RANGE. Parts of a lot do not count. */
export function checkReportDepth(view: View, command: CommandOf<'ReportDepth'>): Checked<DepthStated> {
  const listing = view.listings.get(command.instrument);
  if (!listing) return refused('INSTRUMENT_NOT_FOUND', { instrument: command.instrument });
  const [bids, asks] = [command.bids, command.asks].map((text) => wholeLots(listing.instrument, text)) as [
    bigint,
    bigint,
  ];
  for (const [field, lots] of Object.entries({ bids, asks }))
    if (lots < 0n || lots >= MOST_LOTS) return { rejection: reject('VALUE_OUT_OF_RANGE', { field }) };
  return ok({ instrument: command.instrument, bids, asks });
}

function wholeLots(instrument: Instrument, text: Decimal): bigint {
  const [value, lot] = [parseDecimal(text), parseDecimal(instrument.lot)];
  return divDown(value.mantissa * 10n ** BigInt(lot.scale), lot.mantissa * 10n ** BigInt(value.scale));
}

export const reportDepth = (desk: Desk, depth: DepthStated): void => desk.emit({ type: 'DepthReported', ...depth });

export const onDepthReported = (state: State, event: EventOf<'DepthReported'>): void =>
  amendListing(state, event.instrument, { depth: { bids: event.bids, asks: event.asks } });
