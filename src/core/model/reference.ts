/**
 * What the house clears and on which terms: currencies, indices, instruments. Terms never change once in use.
 */

import { type ChoiceOf, choice, kind, type RecordOf } from '../kind/kind';

export type CurrencyId = string;
export type IndexId = string; // base/quote, such as BTC/USDT
export type InstrumentId = string;
export type SourceId = string; // who publishes a price

export const CURRENCY = kind.record({
  id: kind.currency(),
  scale: kind.count(), // digits after the point of its smallest unit, 0 to 12
});
export type Currency = RecordOf<typeof CURRENCY>;

/** How much a source counts. Where a definition states none each counts 1, and none is an own venue. */
export const SOURCE_WEIGHT = kind.record({
  source: kind.text<SourceId>(),
  weight: kind.count(),
  // of a venue whose trades the house clears: those of all together are a third of the whole at most   S08
  ownVenue: kind.flag(),
});
export type SourceWeight = RecordOf<typeof SOURCE_WEIGHT>;

/** Where an external price comes from and when it may be trusted.  Rule: PS-4, FC-2 */
export const PRICE_INDEX = kind.record({
  id: kind.index(),
  base: kind.currency(),
  quote: kind.currency(),
  tick: kind.text(), // price step, a decimal in the quote currency
  sources: kind.list(kind.text<SourceId>()),
  weights: kind.optional(kind.list(SOURCE_WEIGHT)), // of every source, in the same order
  minimumSources: kind.count(), // fewer live ones make it stale
  maximumDeviation: kind.rate(), // a source further than this from the median is quarantined
  heartbeat: kind.span(), // a source silent for longer is not live
});
export type PriceIndex = RecordOf<typeof PRICE_INDEX>;

export const INSTRUMENT_KIND = choice('InstrumentKind', 'The kind of contract.', {
  PERPETUAL: 'A future without expiry. Funding holds it near its index.',
  FUTURE: 'A future that is settled in cash at its expiry.',
});
export type InstrumentKind = ChoiceOf<typeof INSTRUMENT_KIND>;
export const MARK_METHOD = choice('MarkMethod', 'The source of a mark.', {
  INDEX: 'The index itself.',
  VENUE: 'The price that the venue submits, limited to a band around the index.',
  BASIS: 'The index plus the damped basis of the venue, limited to a band around the index.',
});
export type MarkMethod = ChoiceOf<typeof MARK_METHOD>;

export const BASIS_OF = choice('BasisOf', 'What the basis of a venue is taken from.', {
  VENUE: 'The marks that the venue submits.',
  IMPACT: 'The middle of its impact prices.',
});
export type BasisOf = ChoiceOf<typeof BASIS_OF>;

/** How far a mark stands from its index: what a venue shows, damped.  Ruling 6; PS-4 */
export const BASIS_TERMS = kind.record({
  of: kind.text<BasisOf>(),
  window: kind.span(), // what has stood for so long counts half of what it changes
  heartbeat: kind.span(), // a venue silent for longer counts as one that trades at the index
});
export type BasisTerms = RecordOf<typeof BASIS_TERMS>;
export type InstrumentStatus = 'ACTIVE' | 'REDUCE_ONLY' | 'HALTED' | 'EXPIRED';

/** A halt that lifts by itself, on a live price.  Ruling 15 */
export const HALT = kind.record({
  until: kind.instant(),
  before: kind.text<InstrumentStatus>(), // what it goes back to
});
export type Halt = RecordOf<typeof HALT>;

/** The end of a contract as it was announced.  EX-2 */
export const DELISTING = kind.record({
  announcedAt: kind.instant(),
  reduceOnlyAt: kind.instant(), // from here on nothing is opened
  endsAt: kind.instant(), // everybody is paid out
  window: kind.nullable(kind.span()), // as `settlementWindow` of an instrument
  reason: kind.text(),
});
export type Delisting = RecordOf<typeof DELISTING>;

/** The average of index prices that a contract ends at, as far as it has come.  EX-1 */
export const AVERAGING = kind.record({
  index: kind.index(),
  from: kind.instant(),
  until: kind.instant(),
  since: kind.instant(), // the price below has stood, and been counted up to here
  price: kind.nullable(kind.price('index')), // null: none that is live
  live: kind.span(), // how long prices were live
  weighed: kind.integer(), // sum of price x time   [ticks of the index x ms]
});
export type Averaging = RecordOf<typeof AVERAGING>;

/** How the gain of a contract follows from its price: `core/product` has a file for each. */
export const CONTRACT_KIND = choice('ContractKind', 'How the gain of a contract follows from its price.', {
  LINEAR:
    'Gain = size x multiplier x (price after - price before), in the quote currency. The ' +
    'multiplier is units of base per contract.',
  INVERSE:
    'Gain = size x multiplier x (1 / price before - 1 / price after), in the base currency. The ' +
    'multiplier is units of quote per contract.',
  QUANTO:
    'Gain = size x multiplier x (price after - price before), in a settlement currency that is not the quote ' +
    'currency. The multiplier is units of it that a contract gains when the price rises by one: the rate is fixed.',
});
export type ContractKind = ChoiceOf<typeof CONTRACT_KIND>;

export const INSTRUMENT = kind.record({
  id: kind.instrument(),
  kind: kind.text<InstrumentKind>(),
  contract: kind.optional(kind.text<ContractKind>()), // LINEAR where nothing is said
  base: kind.currency(),
  quote: kind.currency(),
  settlement: kind.currency(),
  tick: kind.text(), // price step, a decimal in the quote currency
  lot: kind.text(), // quantity step, a decimal in contracts
  multiplier: kind.text(), // units of base per contract
  // what one lot is worth at a price of one tick   [settlement currency, whole by definition]
  tickValue: kind.cash('settlement'),
  index: kind.nullable(kind.index()),
  markMethod: kind.text<MarkMethod>(),
  markBand: kind.nullable(kind.rate()), // a venue's mark is clamped to index x (1 +- band)
  basis: kind.optional(BASIS_TERMS), // where the mark is made of it
  priceBand: kind.nullable(kind.rate()), // a mark further than this from the last one is refused
  heartbeat: kind.span(), // no mark for longer makes the price stale
  allowsNonPositivePrice: kind.flag(),
  expiry: kind.nullable(kind.instant()), // futures only
  // before the end of the contract, over which its last price is averaged; none: it is the mark at the end
  settlementWindow: kind.optional(kind.span()),
  variationInterval: kind.nullable(kind.span()), // between settlements of variation margin; null: at every mark
  makerFee: kind.rate(), // of notional; below zero is a rebate, never larger than the taker fee
  takerFee: kind.rate(),
});
export type Instrument = RecordOf<typeof INSTRUMENT>;
