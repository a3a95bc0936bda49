/**
 * Price indices with what their sources said, and the history of marks. Of the marks of an instrument within one commit
 * only the last becomes a row: the journal has all.  Rules: PS-4, FC-2, PV-3
 */

import { readerOf, toJson } from '../../core/kind/json';
import type { EventOf } from '../../core/message/event';
import type { SourceQuote } from '../../core/model/price';
import { PRICE_GUARD } from '../../core/model/priceGuards';
import type { PriceIndex } from '../../core/model/reference';
import type { IndexListing } from '../../core/model/state';
import type { Queries } from '../../store/client';
import { duration, instant, type Seq } from '../../units/quantity';
import { type Batch, changed, type Moment } from '../rows/batch';
import { instrumentOf, orNull, priceOf, priceText, rateOf, rateText, timeText } from '../rows/decimals';
import type { Shared } from '../rows/memory';
import { jsonOf } from '../rows/parts';
import { milliseconds, select } from '../rows/rows';

interface SelectedIndex extends Pick<PriceIndex, 'id' | 'base' | 'quote' | 'tick' | 'minimumSources'> {
  readonly deviation: string;
  readonly heartbeat: number;
  readonly price: string | null;
  readonly stale: boolean;
  readonly at: number | null;
  readonly seq: Seq | null;
  readonly confidence: string | null;
  readonly guard: string | null;
  readonly quotes: readonly SelectedQuote[];
}

interface SelectedQuote {
  readonly source: string;
  readonly price: string | null;
  readonly at: number | null;
  readonly confidence: string | null;
  readonly quarantined: boolean;
  readonly weight: number;
  readonly ownVenue: boolean;
}

const readGuard = readerOf(PRICE_GUARD);

const UNWEIGHTED = { weight: 1, ownVenue: false };

export async function loadIndices(sql: Queries, { indices }: Pick<Shared, 'indices'>): Promise<void> {
  const rows = await select<SelectedIndex>(
    sql,
    `SELECT i."id", i."base", i."quote", i."tick"::text, i."minimumSources", i."maximumDeviation"::text AS deviation,
       i."heartbeatMs" AS heartbeat, i."price"::text, i."stale", ${milliseconds('i."at"')} AS at, i."seq",
       i."confidence"::text, i."guard",
       (SELECT coalesce(json_agg(json_build_object('source', q."source", 'price', q."price"::text,
          'at', ${milliseconds('q."at"')}, 'quarantined', q."quarantined",
          'confidence', q."confidence"::text,
          'weight', q."weight", 'ownVenue', q."ownVenue")), '[]')
        FROM "IndexQuote" q WHERE q."indexId" = i."id") AS quotes
     FROM "PriceIndex" i ORDER BY i."id"`,
  );
  for (const row of rows) indices.set(row.id, indexOf(row));
}

function indexOf({
  id,
  base,
  quote,
  tick,
  minimumSources,
  deviation,
  heartbeat,
  price,
  stale,
  at,
  seq,
  confidence,
  guard,
  quotes,
}: SelectedIndex): IndexListing {
  const sorted = [...quotes].sort((a, b) => (a.source < b.source ? -1 : 1));
  const heard = new Map<string, SourceQuote>();
  for (const said of sorted) {
    if (said.price === null || said.at === null) continue;
    heard.set(said.source, {
      price: priceOf({ tick }, said.price),
      at: instant(said.at),
      ...(said.confidence === null ? {} : { confidence: priceOf({ tick }, said.confidence) }),
      quarantined: said.quarantined,
    });
  }
  return {
    index: {
      id,
      base,
      quote,
      tick,
      sources: sorted.map(({ source }) => source),
      ...weightsOf(sorted),
      minimumSources,
      maximumDeviation: rateOf(deviation),
      heartbeat: duration(heartbeat),
    },
    state: {
      price: orNull(price, (text) => priceOf({ tick }, text)),
      at: instant(at ?? 0),
      seq: seq ?? 0,
      stale,
      ...(confidence === null ? {} : { confidence: priceOf({ tick }, confidence) }),
      quotes: heard,
    },
    ...(guard === null ? {} : { guard: readGuard(JSON.parse(guard)) }),
  };
}

/** As a definition has them: none where all count the same. */
function weightsOf(quotes: readonly SelectedQuote[]): Pick<PriceIndex, 'weights'> {
  if (quotes.every(({ weight, ownVenue }) => weight === 1 && !ownVenue)) return {};
  return { weights: quotes.map(({ source, weight, ownVenue }) => ({ source, weight, ownVenue })) };
}

export function writeIndices({ rows, state: { indices }, before }: Batch): void {
  for (const [id, { index, state, guard }] of changed(before.indices, indices)) {
    const seen = state.seq > 0;
    rows.upsert('PriceIndex', {
      id,
      base: index.base,
      quote: index.quote,
      tick: index.tick,
      minimumSources: index.minimumSources,
      maximumDeviation: rateText(index.maximumDeviation),
      heartbeatMs: index.heartbeat,
      price: orNull(state.price, (price) => priceText(index, price)),
      stale: state.stale,
      at: seen ? timeText(state.at) : null,
      seq: seen ? state.seq : null,
      confidence: state.confidence === undefined ? null : priceText(index, state.confidence),
      guard: guard ? toJson(guard) : null,
    });
    for (const source of index.sources) {
      const said = state.quotes.get(source);
      const { weight, ownVenue } = index.weights?.find((entry) => entry.source === source) ?? UNWEIGHTED;
      rows.upsert('IndexQuote', {
        indexId: id,
        source,
        price: said ? priceText(index, said.price) : null,
        at: said ? timeText(said.at) : null,
        confidence: said?.confidence === undefined ? null : priceText(index, said.confidence),
        quarantined: said?.quarantined ?? false,
        ...{ weight, ownVenue },
      });
    }
  }
}

export function onPriceGuardsSet({ rows }: Batch, { policy }: EventOf<'PriceGuardsSet'>, { seq }: Moment): void {
  rows.insert('PriceGuards', {
    indexId: policy.index,
    version: policy.version,
    terms: jsonOf(policy),
    setSeq: seq,
  });
}

export function onMarkPriceSet(batch: Batch, event: EventOf<'MarkPriceSet'>, { seq }: Moment): void {
  const { instrument, price, at, source, clamped } = event;
  const terms = instrumentOf(batch.state, instrument);
  batch.marks.set(instrument, {
    instrumentId: instrument,
    seq,
    price: priceText(terms, price),
    at: timeText(at),
    source,
    clamped,
  });
}

export function writeMarks({ rows, marks }: Batch): void {
  for (const row of marks.values()) rows.insert('MarkPrice', row);
}
