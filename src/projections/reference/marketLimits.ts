/** Limits of markets, every version, with the open interest that is held against them.  Rules: S07, S11 */

import type { EventOf } from '../../core/message/event';
import type { Queries } from '../../store/client';
import { type Batch, changed, type Moment } from '../rows/batch';
import { instrumentOf, orNull, rateOf, rateText, sizeOf, sizeText } from '../rows/decimals';
import type { Shared } from '../rows/memory';
import { select } from '../rows/rows';

type Known = Pick<Shared, 'marketLimits' | 'listings' | 'currencies'>;

/** Limits in force, of instruments that are known. */
export async function loadMarketLimits(sql: Queries, state: Known): Promise<void> {
  type Selected = Record<'instrument' | 'float' | 'openInterest', string> &
    Record<'openInterestShare' | 'positionShare', string | null> & { readonly version: number };
  const rows = await select<Selected>(
    sql,
    `SELECT DISTINCT ON ("instrumentId") "instrumentId" AS instrument, "version", "float"::text, "openInterest"::text,
       "openInterestShare"::text, "positionShare"::text FROM "MarketLimits" ORDER BY "instrumentId", "version" DESC`,
  );
  for (const row of rows) {
    if (!state.listings.has(row.instrument)) continue;
    const instrument = instrumentOf(state, row.instrument);
    state.marketLimits.set(row.instrument, {
      instrument: row.instrument,
      version: row.version,
      float: sizeOf(instrument, row.float),
      openInterest: sizeOf(instrument, row.openInterest),
      openInterestShare: orNull(row.openInterestShare, rateOf),
      positionShare: orNull(row.positionShare, rateOf),
    });
  }
}

export function onMarketLimitsSet(
  { rows, state }: Batch,
  { limits }: EventOf<'MarketLimitsSet'>,
  { seq }: Moment,
): void {
  const instrument = instrumentOf(state, limits.instrument);
  rows.insert('MarketLimits', {
    instrumentId: limits.instrument,
    version: limits.version,
    float: sizeText(instrument, limits.float),
    openInterestShare: orNull(limits.openInterestShare, rateText),
    positionShare: orNull(limits.positionShare, rateText),
    openInterest: sizeText(instrument, limits.openInterest),
    setSeq: seq,
  });
}

/** Open interest of instruments with limits. */
export function writeOpenInterest({ rows, state, before }: Batch): void {
  for (const [id, { version, openInterest }] of changed(before.marketLimits, state.marketLimits)) {
    rows.update('MarketLimits', {
      instrumentId: id,
      version,
      openInterest: sizeText(instrumentOf(state, id), openInterest),
    });
  }
}
