/**
 * How initial margin for new risk rises with open interest: every version, with the review by which rates stand.
 * Rules: S05, X-6
 */

import type { EventOf } from '../../core/message/event';
import type { OpenInterestScaling } from '../../core/model/openInterest';
import type { Instrument, InstrumentId } from '../../core/model/reference';
import type { Queries } from '../../store/client';
import { duration, instant } from '../../units/quantity';
import { type Batch, changed, type Moment } from '../rows/batch';
import {
  cashOf,
  cashText,
  instrumentOf,
  orNull,
  priceOf,
  priceText,
  sizeOf,
  sizeText,
  type Terms,
  timeText,
} from '../rows/decimals';
import { milliseconds, select } from '../rows/rows';

interface Selected {
  readonly instrument: string;
  readonly version: number;
  readonly lowerCap: string | null;
  readonly upperCap: string | null;
  readonly interval: number | null;
  readonly openInterest: string | null;
  readonly openNotional: string | null;
  readonly price: string | null;
  readonly at: number | null;
  readonly due: number | null;
}

/** In force, by instrument, as amounts of the instruments given. */
export async function loadScalings(
  sql: Queries,
  known: Pick<Terms, 'currencies'>,
  instruments: ReadonlyMap<InstrumentId, Instrument>,
): Promise<ReadonlyMap<InstrumentId, OpenInterestScaling>> {
  const rows = await select<Selected>(
    sql,
    `SELECT DISTINCT ON ("instrumentId") "instrumentId" AS instrument, "version", "lowerCap"::text, "upperCap"::text,
      "intervalMs" AS interval,
       "openInterest"::text, "openNotional"::text, "reviewPrice"::text AS price, ${milliseconds('"reviewedAt"')} AS at,
       ${milliseconds('"reviewDue"')} AS due FROM "OpenInterestScaling" ORDER BY "instrumentId", "version" DESC`,
  );
  const scalings = new Map<InstrumentId, OpenInterestScaling>();
  for (const row of rows) {
    const instrument = instruments.get(row.instrument);
    if (!instrument) continue;
    const money = (text: string) => cashOf(known, instrument.settlement, text);
    const { lowerCap, upperCap, interval, openInterest, openNotional, price, at } = row;
    const ramp =
      lowerCap === null || upperCap === null || interval === null
        ? null
        : { lowerCap: money(lowerCap), upperCap: money(upperCap), interval: duration(interval) };
    const review =
      openInterest === null || openNotional === null || price === null || at === null
        ? null
        : {
            openInterest: sizeOf(instrument, openInterest),
            notional: money(openNotional),
            price: priceOf(instrument, price),
            at: instant(at),
          };
    scalings.set(row.instrument, {
      terms: { instrument: row.instrument, version: row.version, ramp },
      review,
      due: orNull(row.due, instant),
    });
  }
  return scalings;
}

export function onOpenInterestScalingSet(
  { rows, state }: Batch,
  { terms }: EventOf<'OpenInterestScalingSet'>,
  { seq }: Moment,
): void {
  const { settlement } = instrumentOf(state, terms.instrument);
  const { ramp } = terms;
  rows.insert('OpenInterestScaling', {
    instrumentId: terms.instrument,
    version: terms.version,
    lowerCap: ramp && cashText(state, settlement, ramp.lowerCap),
    upperCap: ramp && cashText(state, settlement, ramp.upperCap),
    intervalMs: ramp === null ? null : ramp.interval,
    openInterest: null,
    openNotional: null,
    reviewPrice: null,
    reviewedAt: null,
    reviewDue: null,
    setSeq: seq,
  });
}

/** What reviews have come to. */
export function writeReviews({ rows, state, before }: Batch): void {
  for (const [id, { instrument, scaling }] of changed(before.listings, state.listings)) {
    if (!scaling || scaling === before.listings.get(id)?.scaling) continue;
    const { terms, review, due } = scaling;
    rows.update('OpenInterestScaling', {
      instrumentId: id,
      version: terms.version,
      openInterest: review && sizeText(instrument, review.openInterest),
      openNotional: review && cashText(state, instrument.settlement, review.notional),
      reviewPrice: review && priceText(instrument, review.price),
      reviewedAt: review && timeText(review.at),
      reviewDue: orNull(due, timeText),
    });
  }
}
