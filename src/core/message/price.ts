/** Commands and events of prices. */

import type { Milliseconds } from '../../units/quantity';
import { kind } from '../kind/kind';
import { SOURCE_QUOTE } from '../model/price';
import type { IndexId, InstrumentId, SourceId } from '../model/reference';
import type { Decimal } from './reference';

export interface SubmitIndexPrices {
  readonly type: 'SubmitIndexPrices';
  readonly source: SourceId;
  readonly prices: readonly {
    readonly index: IndexId;
    readonly price: Decimal;
    readonly observedAt: Milliseconds | null; // epoch ms; null: now
  }[];
}

export interface SubmitMarkPrices {
  readonly type: 'SubmitMarkPrices';
  readonly source: SourceId;
  readonly prices: readonly {
    readonly instrument: InstrumentId;
    readonly price: Decimal;
    readonly bid: Decimal | null;
    readonly ask: Decimal | null;
    readonly observedAt: Milliseconds | null;
  }[];
}

/** A mark set by hand, past the band: two persons. */
export interface SetMarkPrice {
  readonly type: 'SetMarkPrice';
  readonly instrument: InstrumentId;
  readonly price: Decimal;
  readonly reason: string;
}

/** What a venue says can be traded near the mark, in contracts. */
export interface ReportDepth {
  readonly type: 'ReportDepth';
  readonly instrument: InstrumentId;
  readonly bids: Decimal;
  readonly asks: Decimal;
}

export type PriceCommand = SubmitIndexPrices | SubmitMarkPrices | SetMarkPrice | ReportDepth;

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
