/**
 * The index: the weighted median of independent sources that are alive and not far from the others.
 * Ruling 6; PS-4, FC-2; S08, S12, S14 of the disasters are what it is for.
 */

import { known } from '../../units/failure';
import { abs, compare, type Instant, instant, later, type Price, RATE_ONE } from '../../units/quantity';
import type { CommandOf } from '../message/command';
import type { Desk } from '../message/desk';
import type { Refusal } from '../message/envelope';
import type { EventOf } from '../message/event';

import { type Checked, ok, type Rejection, refused, reject } from '../message/rejection';
import type { Actor } from '../model/actor';
import type { IndexState, SourceQuote } from '../model/price';
import type { IndexId, PriceIndex, SourceId } from '../model/reference';
import type { IndexListing, State, View } from '../model/state';
import { auctionsMoved } from '../reference/auctionPolicies';
import { readPrice } from '../reference/reading';
import { observationProblem } from './freshness';
import { medianOf, votesOf } from './median';
import { guardAfter, tooOldAt } from './priceAverage';

interface IndexQuote extends QuotedPrice {
  readonly index: IndexId;
  readonly at: Instant;
}

interface QuotedPrice {
  readonly price: Price;
  readonly confidence?: Price;
}

export interface IndexQuotes {
  readonly source: SourceId;
  readonly quotes: readonly IndexQuote[];
  readonly refusals: readonly Refusal[];
}

/**
 * Each price is answered on its own; with none acceptable the command is refused with the first reason. Errors:
 * INDEX_NOT_FOUND, SOURCE_UNKNOWN, PRICE_NOT_POSITIVE, PRICE_OFF_TICK, PRICE_FROM_FUTURE, PRICE_TOO_OLD.
 */
export function checkSubmitIndexPrices(
  view: View,
  command: CommandOf<'SubmitIndexPrices'>,
  _actor: Actor,
  at: Instant,
): Checked<IndexQuotes> {
  const quotes: IndexQuote[] = [];
  const refusals: Refusal[] = [];
  for (const [item, quote] of command.prices.entries()) {
    const observedAt = instant(quote.observedAt ?? at);
    // A later price of the same list is held against the earlier one, as if each had come alone.
    const before = quotes.findLast(({ index }) => index === quote.index)?.at;
    const read = readIndexPrice(view, command.source, quote, observedAt, at, before);
    if (read.rejection) refusals.push({ item, rejection: read.rejection });
    else quotes.push({ index: quote.index, ...read.ok, at: instant(Math.min(observedAt, at)) });
  }
  const first = refusals[0];
  return quotes.length === 0 && first
    ? { rejection: first.rejection }
    : ok({ source: command.source, quotes, refusals });
}

function readIndexPrice(
  view: View,
  source: SourceId,
  quote: CommandOf<'SubmitIndexPrices'>['prices'][number],
  observedAt: Instant,
  now: Instant,
  accepted: Instant | undefined,
): Checked<QuotedPrice> {
  const listing = view.indices.get(quote.index);
  if (!listing) return { rejection: reject('INDEX_NOT_FOUND', { index: quote.index }) };
  if (!listing.index.sources.includes(source))
    return { rejection: reject('SOURCE_UNKNOWN', { index: quote.index, source }) };
  const read = readPrice(listing.index, quote.price);
  if (read.rejection) return read;
  const confidence = readConfidence(listing.index, quote.confidence ?? null);
  if (confidence.rejection) return confidence;
  const before = accepted ?? listing.state.quotes.get(source)?.at;
  const early: Rejection | undefined = observationProblem(observedAt, now, listing.index.heartbeat, before);
  return early ? { rejection: early } : ok({ price: read.ok, ...confidence.ok });
}

function readConfidence(index: PriceIndex, text: string | null): Checked<Pick<QuotedPrice, 'confidence'>> {
  if (text === null) return ok({});
  const read = readPrice({ tick: index.tick, allowsNonPositivePrice: true }, text);
  if (read.rejection) return read;
  return read.ok < 0n
    ? refused('VALUE_OUT_OF_RANGE', { field: 'confidence', value: text })
    : ok({ confidence: read.ok });
}

export function submitIndexPrices(desk: Desk, { source, quotes }: IndexQuotes): void {
  for (const quote of quotes) {
    const listing = known(desk.view.indices.get(quote.index), 'Index', quote.index);
    const { index: _, ...said } = quote;
    const heard = new Map(listing.state.quotes).set(source, { ...said, quarantined: false });
    desk.emit(indexPriceSet(listing, heard, desk.at));
  }
}

/** Looks at an index again because a source has fallen silent. */
export function refreshIndex(desk: Desk, id: IndexId): void {
  const listing = known(desk.view.indices.get(id), 'Index', id);
  desk.emit(indexPriceSet(listing, listing.state.quotes, desk.at));
}

/**
 * The index that the quotes make now: median of the live sources by weight, those too far from it put aside, median of
 * the rest.
 */
function indexPriceSet(
  { index, state }: IndexListing,
  heard: ReadonlyMap<SourceId, SourceQuote>,
  now: Instant,
): EventOf<'IndexPriceSet'> {
  const live = [...heard].filter(([, quote]) => now - quote.at < index.heartbeat);
  const middle = medianOf(
    votesOf(
      index,
      live.map(([source, { price }]) => ({ source, price })),
    ),
  );
  const quotes = [...heard]
    .map(([source, quote]) => ({
      source,
      ...quote,
      quarantined: middle !== null && isTooFar(index, quote.price, middle),
    }))
    .sort((a, b) => compare(a.source, b.source));
  const trusted = quotes.filter((quote) => !quote.quarantined && now - quote.at < index.heartbeat);
  const middleOfTrusted = medianOf(votesOf(index, trusted));
  const stale = trusted.length < index.minimumSources || middleOfTrusted === null;
  // Too few sources: the last good price stays visible, marked stale, and nothing is decided on it.
  return {
    type: 'IndexPriceSet',
    index: index.id,
    price: stale ? state.price : middleOfTrusted,
    stale,
    ...confidenceOf(index, trusted, state, stale),
    quotes,
  };
}

/** The median of what is stated, by weight; nothing where nobody states any. A stale index keeps what it had. */
function confidenceOf(
  index: PriceIndex,
  trusted: readonly (SourceQuote & { readonly source: SourceId })[],
  before: IndexState,
  stale: boolean,
): { confidence?: Price } {
  if (stale) return before.confidence === undefined ? {} : { confidence: before.confidence };
  if (trusted.every(({ confidence }) => confidence === undefined)) return {};
  const said = trusted.map(({ source, confidence = 0n as Price }) => ({ source, price: confidence }));
  const middle = medianOf(votesOf(index, said));
  return middle === null ? {} : { confidence: middle };
}

const isTooFar = (index: PriceIndex, quoted: Price, middle: Price): boolean =>
  abs((quoted - middle) as Price) * RATE_ONE > index.maximumDeviation * abs(middle);

export function onIndexPriceSet(state: State, event: EventOf<'IndexPriceSet'>): void {
  const listing = known(state.indices.get(event.index), 'Index', event.index);
  const { index, state: before } = listing;
  const quotes = new Map(event.quotes.map(({ source, ...quote }) => [source, quote]));
  const { price, stale, confidence } = event;
  const sure = confidence === undefined ? {} : { confidence };
  const after: IndexState = { price, at: state.now, seq: state.seq, stale, ...sure, quotes };
  const guard = guardAfter(listing, after, state.now);
  state.indices.set(event.index, { index, state: after, ...(guard ? { guard } : {}) });
  state.deadlines.set(
    `doubt/${event.index}`,
    tooOldAt({ index, state: after, ...(guard ? { guard } : {}) }, state.now),
  );
  state.deadlines.set(`index/${event.index}`, nextSilence(index, quotes, state.now));
  if (after.price === before.price && after.stale === before.stale) return;
  const concerned = state.watch.indexMoved(state, event.index);
  if (before.price !== null && after.stale === before.stale) {
    for (const account of concerned) state.due.add(account);
    return;
  }
  auctionsMoved(state, index.quote, index.base);
  if (!after.stale) state.recoveriesMoved = true;
  // What has no price counts for nothing, and what is stale for nothing new: that concerns everybody who holds it.
  for (const account of state.book.collateralHolders(index.base)) {
    if (state.book.account(account)?.currency === index.quote) state.due.add(account);
  }
}

/** When the next live source will have been silent for a whole heartbeat. */
export function nextSilence(
  index: PriceIndex,
  quotes: ReadonlyMap<SourceId, SourceQuote>,
  now: Instant,
): Instant | undefined {
  let next: Instant | undefined;
  for (const quote of quotes.values()) {
    const silent = later(quote.at, index.heartbeat);
    if (silent > now && (next === undefined || silent < next)) next = silent;
  }
  return next;
}
