/** Prices as the house keeps them: what each source said, the index made of them, the mark everything is valued at. */

import type { Instant, Price, Seq } from '../../units/quantity';
import type { SourceId } from './reference';

export interface SourceQuote {
  readonly price: Price;
  readonly at: Instant; // when the source saw it
  readonly quarantined: boolean; // too far from the others to count
}

export interface IndexState {
  readonly price: Price | null; // none before enough sources spoke
  readonly at: Instant;
  readonly seq: Seq;
  readonly stale: boolean;
  readonly quotes: ReadonlyMap<SourceId, SourceQuote>;
}

export interface MarkState {
  readonly price: Price;
  readonly at: Instant; // when it was set
  readonly seq: Seq; // by which entry of the journal: the price's id
  readonly source: SourceId;
  readonly stale: boolean;
}
