/** Commands and events of prices. */

import { kind } from '../kind/kind';
import { BASIS_STATE, IMPACT_PRICES, SOURCE_QUOTE } from '../model/price';
import { PRICE_GUARDS, type PriceFault } from '../model/priceGuards';
import { AVERAGING, type SourceId } from '../model/reference';

export const PRICE_EVENTS = kind.events({
  IndexPriceSet: kind.event('An index was computed from its sources.', {
    index: kind.index(),
    price: kind.nullable(kind.price('index')), // the median of the live sources
    stale: kind.flag(), // too few of them
    confidence: kind.optional(kind.price('index')), // the median of what they state, zero where one states nothing
    quotes: kind.list(kind.record({ ...SOURCE_QUOTE.fields, source: kind.text<SourceId>() })),
  }),
  PriceGuardsSet: kind.event('When the price of an index is doubted was set.', { policy: kind.about(PRICE_GUARDS) }),
  PriceDoubted: kind.event('The price of an index is doubted otherwise than before.', {
    index: kind.index(),
    faults: kind.list(kind.text<PriceFault>()), // empty: it is trusted again
  }),
  MarkPriceSet: kind.event('A mark price was set.', {
    instrument: kind.instrument(),
    price: kind.price('instrument'),
    at: kind.instant(), // when it was observed
    source: kind.text<SourceId>(),
    clamped: kind.flag(), // the submitted price lay outside the band around the index
  }),
  MarkPriceWentStale: kind.event('A mark price became stale.', { instrument: kind.instrument() }),
  SettlementWindowOpened: kind.event('The window opened over which the last price of a contract is averaged.', {
    instrument: kind.instrument(),
    averaging: AVERAGING,
  }),
  SettlementPriceSampled: kind.event('The index moved inside the window of the last price of a contract.', {
    instrument: kind.instrument(),
    index: kind.index(),
    price: kind.nullable(kind.price('index')), // null: it has none that is live
  }),
  SettlementPriceSet: kind.event('The last price of a contract was set by hand, because none could be averaged.', {
    instrument: kind.instrument(),
    price: kind.price('instrument'),
    reason: kind.text(),
  }),
  ImpactPricesSet: kind.event('A venue published the impact prices of an instrument.', {
    instrument: kind.instrument(),
    ...IMPACT_PRICES.fields,
  }),
  BasisObserved: kind.event('A venue showed how far a contract trades from its index.', {
    instrument: kind.instrument(),
    source: kind.text<SourceId>(),
    basis: kind.about(BASIS_STATE),
  }),
  DepthReported: kind.event('A venue reported its depth near the mark.', {
    instrument: kind.instrument(),
    bids: kind.lots('instrument'),
    asks: kind.lots('instrument'),
  }),
});
