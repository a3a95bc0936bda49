/**
 * The mark: the one price at which positions are valued, called and liquidated. Either the index itself, or what the
 * venue submits, or the index with the damped basis of the venue, held within a band around the index; never the last
 * trade.  Ruling 6; PS-4, PV-3, S21
 */

import { MOST_LOTS, MOST_PRICE, within } from '../../units/bounds';
import { formatCount, formatRate, parseDecimal } from '../../units/decimal';
import { known } from '../../units/failure';
import { abs, type Instant, instant, later, type Price, RATE_ONE } from '../../units/quantity';
import { ratio } from '../../units/ratio';
import { divDown } from '../../units/rounding';
import type { CommandOf } from '../message/command';
import type { Decimal } from '../message/definition';
import type { Desk } from '../message/desk';
import type { Refusal } from '../message/envelope';
import type { EventOf } from '../message/event';

import { type Checked, ok, type Rejection, refused, reject } from '../message/rejection';
import type { Actor } from '../model/actor';
import type { Instrument, InstrumentId, SourceId } from '../model/reference';
import type { State, View } from '../model/state';
import { amendListing } from '../reference/instruments';
import { readPrice } from '../reference/reading';
import { clampToIndex, showPrice } from './followIndex';
import { observationProblem, wakeHolders } from './freshness';
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
  // A mark that is made of the index alone, or of impact prices, is not for a venue to set.
  if (listing.status === 'EXPIRED' || instrument.markMethod === 'INDEX' || instrument.basis?.of === 'IMPACT')
    return refused('INSTRUMENT_NOT_TRADING', { instrument: instrument.id });
  const read = readPrice(instrument, quote.price);
  if (read.rejection) return read;

  const crossed = readCrossed(instrument, read.ok, quote.bid, quote.ask);
  if (crossed.rejection) return crossed;
  const observedAt = instant(quote.observedAt ?? now);
  const heard = instrument.basis && !accepted ? listing.basis?.at : mark?.at;
  const early = observationProblem(observedAt, now, instrument.heartbeat, heard);
  if (early) return { rejection: early };

  // After a silence there is nothing to compare with: the first price re-bases the band.
  if (mark && !mark.stale && instrument.priceBand !== null) {
    const move = abs((read.ok - mark.price) as Price);
    if (move * RATE_ONE > instrument.priceBand * abs(mark.price))
      return refused('PRICE_OUT_OF_BAND', { ...bandDetails(instrument, mark.price), price: quote.price });
  }
  const problem = guideProblem(view, instrument);
  if (problem) return { rejection: problem };
  // What a basis is taken from is held within the band as a share.
  const held = instrument.basis ? read.ok : clampToIndex(view, instrument, read.ok);
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

/** A venue's price is the mark, or what its basis is taken from. */
export function submitMarkPrices(desk: Desk, { source, quotes }: MarkQuotes): void {
  for (const { instrument: id, price: quoted, at, clamped } of quotes) {
    const { instrument } = known(desk.view.listings.get(id), 'Instrument', id);
    if (instrument.markMethod === 'BASIS') showPrice(desk, id, { source, price: ratio(quoted), at });
    else desk.emit({ type: 'MarkPriceSet', source, instrument: id, price: quoted, at, clamped });
  }
}

export const MANUAL_SOURCE: SourceId = 'manual';

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
