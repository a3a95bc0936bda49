/** Prices as the house keeps them: what each source said, the index made of them, the mark everything is valued at. */

import type { Instant, Price, Seq } from '../../units/quantity';
import { kind, type RecordOf } from '../kind/kind';
import type { SourceId } from './reference';

export const SOURCE_QUOTE = kind.record({
  price: kind.price('index'),
  at: kind.instant(), // when the source saw it
  confidence: kind.optional(kind.price('index')), // on either side, where the source states it
  quarantined: kind.flag(), // too far from the others to count
});
export type SourceQuote = RecordOf<typeof SOURCE_QUOTE>;

export interface IndexState {
  readonly price: Price | null; // none before enough sources spoke
  readonly at: Instant;
  readonly seq: Seq;
  readonly stale: boolean;
  readonly confidence?: Price; // the median of what those that count state
  readonly quotes: ReadonlyMap<SourceId, SourceQuote>;
}

/** At what a stated amount of a contract can be sold and bought at a venue now.  PS-6 */
export const IMPACT_PRICES = kind.record({
  bid: kind.price('instrument'),
  ask: kind.price('instrument'), // not below the bid
  at: kind.instant(), // when it was observed
  source: kind.text<SourceId>(),
});
export type ImpactPrices = RecordOf<typeof IMPACT_PRICES>;

/** Digits of a damped basis, so that it does not matter how often it is looked at. */
export const BASIS_DIGITS = 24;

/** The basis of a contract as it stood when the venue spoke last: shares of the index.  Ruling 6 */
export const BASIS_STATE = kind.record({
  damped: kind.digits(BASIS_DIGITS), // up to `since`
  since: kind.instant(), // house time
  seen: kind.rate(), // what the venue has shown since then, within the band
  at: kind.instant(), // when that was observed
  until: kind.instant(), // from here on the venue is silent
});
export type BasisState = RecordOf<typeof BASIS_STATE>;

/** The stable price as it was when the mark was set last: from there it follows the mark.  Ruling 18 */
export interface StableState {
  readonly parts: bigint; // 1e-12 of a tick
  readonly at: Instant; // house time
}

export interface MarkState {
  readonly price: Price;
  readonly at: Instant; // when it was set
  readonly seq: Seq; // by which entry of the journal: the price's id
  readonly source: SourceId;
  readonly stale: boolean;
}
