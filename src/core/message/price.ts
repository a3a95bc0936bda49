/** Commands and events of prices. */

import { kind } from '../kind/kind';
import { SOURCE_QUOTE } from '../model/price';
import type { SourceId } from '../model/reference';

export const PRICE_EVENTS = kind.events({
  IndexPriceSet: {
    index: kind.index(),
    price: kind.nullable(kind.price('index')), // the median of the live sources
    stale: kind.flag(), // too few of them
    quotes: kind.list(kind.record({ ...SOURCE_QUOTE.fields, source: kind.text<SourceId>() })),
  },
  MarkPriceSet: {
    instrument: kind.instrument(),
    price: kind.price('instrument'),
    at: kind.instant(), // when it was observed
    source: kind.text<SourceId>(),
    clamped: kind.flag(), // the submitted price lay outside the band around the index
  },
  MarkPriceWentStale: { instrument: kind.instrument() },
  DepthReported: { instrument: kind.instrument(), bids: kind.lots('instrument'), asks: kind.lots('instrument') },
});
