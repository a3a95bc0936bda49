/** Commands and events of prices. */

import { kind } from '../kind/kind';
import { SOURCE_QUOTE } from '../model/price';
import type { SourceId } from '../model/reference';

export const PRICE_EVENTS = kind.events({
  IndexPriceSet: kind.event('An index was computed from its sources.', {
    index: kind.index(),
    price: kind.nullable(kind.price('index')), // the median of the live sources
    stale: kind.flag(), // too few of them
    quotes: kind.list(kind.record({ ...SOURCE_QUOTE.fields, source: kind.text<SourceId>() })),
  }),
  MarkPriceSet: kind.event('A mark price was set.', {
    instrument: kind.instrument(),
    price: kind.price('instrument'),
    at: kind.instant(), // when it was observed
    source: kind.text<SourceId>(),
    clamped: kind.flag(), // the submitted price lay outside the band around the index
  }),
  MarkPriceWentStale: kind.event('A mark price became stale.', { instrument: kind.instrument() }),
  DepthReported: kind.event('A venue reported its depth near the mark.', {
    instrument: kind.instrument(),
    bids: kind.lots('instrument'),
    asks: kind.lots('instrument'),
  }),
});
