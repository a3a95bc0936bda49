/** Commands and events of prices. */

import type { Instant, Price } from '../../units/quantity';
import type { SourceQuote } from '../model/price';
import type { IndexId, InstrumentId, SourceId } from '../model/reference';
import type { Decimal } from './reference';

export interface SubmitIndexPrices {
  readonly type: 'SubmitIndexPrices';
  readonly source: SourceId;
  readonly prices: readonly {
    readonly index: IndexId;
    readonly price: Decimal;
    readonly observedAt: number | null; // epoch ms; null: now
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
    readonly observedAt: number | null;
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

export type PriceEvent =
  | {
      readonly type: 'IndexPriceSet';
      readonly index: IndexId;
      readonly price: Price | null; // the median of the live sources
      readonly stale: boolean; // too few of them
      readonly quotes: readonly (SourceQuote & { readonly source: SourceId })[];
    }
  | {
      readonly type: 'MarkPriceSet';
      readonly instrument: InstrumentId;
      readonly price: Price;
      readonly at: Instant; // when it was observed
      readonly source: SourceId;
      readonly clamped: boolean; // the submitted price lay outside the band around the index
    }
  | { readonly type: 'MarkPriceWentStale'; readonly instrument: InstrumentId }
  | { readonly type: 'DepthReported'; readonly instrument: InstrumentId; readonly bids: bigint; readonly asks: bigint };
