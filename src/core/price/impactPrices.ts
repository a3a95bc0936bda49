/**
 * Impact prices: at what a stated amount of a contract can be sold and bought at its venue, and the premium over the
 * index that follows.  PS-6; after Binance, BitMEX and dYdX
 */

import { known } from '../../units/failure';
import { type Instant, instant, nextMultiple, type Price } from '../../units/quantity';
import { ratio } from '../../units/ratio';
import type { CommandOf } from '../message/command';
import type { Desk } from '../message/desk';
import type { Refusal } from '../message/envelope';
import type { EventOf } from '../message/event';
import { type Checked, ok, refused } from '../message/rejection';
import type { Actor } from '../model/actor';
import type { ImpactPrices } from '../model/price';
import type { InstrumentId, SourceId } from '../model/reference';
import type { Listing, State, View } from '../model/state';
import { amendListing } from '../reference/instruments';
import { readPrice } from '../reference/reading';
import { showPrice } from './followIndex';
import { observationProblem } from './freshness';
import { ticksPerIndexTick } from './indexTicks';

interface ImpactQuote {
  readonly instrument: InstrumentId;
  readonly bid: Price;
  readonly ask: Price;
  readonly at: Instant;
}

export interface ImpactQuotes {
  readonly source: SourceId;
  readonly quotes: readonly ImpactQuote[];
  readonly refusals: readonly Refusal[];
}

/**
 * Each item is answered on its own. Errors, in order: INSTRUMENT_NOT_FOUND, INSTRUMENT_NOT_TRADING, PRICE_NOT_POSITIVE,
 * PRICE_OFF_TICK, VALUE_OUT_OF_RANGE, PRICE_CROSSED, PRICE_FROM_FUTURE, PRICE_TOO_OLD.
 */
export function checkSubmitImpactPrices(
  view: View,
  command: CommandOf<'SubmitImpactPrices'>,
  _actor: Actor,
  at: Instant,
): Checked<ImpactQuotes> {
  const quotes: ImpactQuote[] = [];
  const refusals: Refusal[] = [];
  for (const [item, quote] of command.prices.entries()) {
    // A later item of the same list is held against the earlier one, as if each had come alone.
    const before = quotes.findLast(({ instrument }) => instrument === quote.instrument)?.at;
    const read = readImpact(view, quote, at, before);
    if (read.rejection) refusals.push({ item, rejection: read.rejection });
    else quotes.push(read.ok);
  }
  const first = refusals[0];
  return quotes.length === 0 && first
    ? { rejection: first.rejection }
    : ok({ source: command.source, quotes, refusals });
}

function readImpact(
  view: View,
  quote: CommandOf<'SubmitImpactPrices'>['prices'][number],
  now: Instant,
  accepted: Instant | undefined,
): Checked<ImpactQuote> {
  const listing = view.listings.get(quote.instrument);
  if (!listing) return refused('INSTRUMENT_NOT_FOUND', { instrument: quote.instrument });
  const { instrument } = listing;
  if (listing.status === 'EXPIRED') return refused('INSTRUMENT_NOT_TRADING', { instrument: instrument.id });
  const bid = readPrice(instrument, quote.bid);
  if (bid.rejection) return bid;
  const ask = readPrice(instrument, quote.ask);
  if (ask.rejection) return ask;
  if (bid.ok > ask.ok) return refused('PRICE_CROSSED', { bid: quote.bid, ask: quote.ask });
  const observedAt = instant(quote.observedAt ?? now);
  const early = observationProblem(observedAt, now, instrument.heartbeat, accepted ?? listing.impact?.at);
  if (early) return { rejection: early };
  return ok({ instrument: instrument.id, bid: bid.ok, ask: ask.ok, at: instant(Math.min(observedAt, now)) });
}

export function submitImpactPrices(desk: Desk, { source, quotes }: ImpactQuotes): void {
  for (const quote of quotes) {
    desk.emit({ type: 'ImpactPricesSet', source, ...quote });
    const { instrument, bid, ask, at } = quote;
    const { basis } = known(desk.view.listings.get(instrument), 'Instrument', instrument).instrument;
    if (basis?.of === 'IMPACT') showPrice(desk, instrument, { source, price: ratio(bid + ask, 2n), at });
  }
}

/** Sampling that had nothing to sample goes on at its next instant. */
export function onImpactPricesSet(state: State, event: EventOf<'ImpactPricesSet'>): void {
  const { instrument, bid, ask, at, source } = event;
  const { funding } = known(state.listings.get(instrument), 'Instrument', instrument);
  amendListing(state, instrument, { impact: { bid, ask, at, source } });
  const terms = funding?.policy.terms;
  if (!terms || funding.sampleDue !== null) return;
  const sampleDue = nextMultiple(state.now, terms.sampleInterval);
  amendListing(state, instrument, { funding: { ...funding, sampleDue } });
  state.deadlines.set(`premium/${instrument}`, sampleDue);
}

/** A premium with the index it is of, both in the same parts of a tick of the instrument. */
export interface Premium {
  readonly premium: bigint;
  readonly index: bigint;
  readonly partsPerTick: bigint;
}

/**
 * What the bid is above the index, less what the ask is below it; undefined while index or impact prices are stale.
 * PS-6
 */
export function premiumOf(view: View, { instrument, impact }: Listing): Premium | undefined {
  const index = instrument.index === null ? undefined : view.indices.get(instrument.index);
  if (!index || index.state.price === null || index.state.stale) return undefined;
  if (!impact || view.now - impact.at >= instrument.heartbeat) return undefined;
  const [ticks, partsPerTick] = ticksPerIndexTick(instrument, index.index.tick);
  return {
    premium: premiumAt(impact, index.state.price * ticks, partsPerTick),
    index: index.state.price * ticks,
    partsPerTick,
  };
}

function premiumAt({ bid, ask }: Pick<ImpactPrices, 'bid' | 'ask'>, index: bigint, partsPerTick: bigint): bigint {
  const above = bid * partsPerTick - index;
  const below = index - ask * partsPerTick;
  return (above > 0n ? above : 0n) - (below > 0n ? below : 0n);
}
