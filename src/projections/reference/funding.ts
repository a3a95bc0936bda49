/**
 * How the house computes funding: every version, with what has been sampled since the last rate, and every rate that
 * was fixed.  PS-5, PS-6, PS-8, X-6
 */

import { readerOf } from '../../core/kind/json';
import type { EventOf } from '../../core/message/event';
import { FUNDING_POLICY, FUNDING_WINDOW, type Funding } from '../../core/model/funding';
import type { Instrument, InstrumentId } from '../../core/model/reference';
import type { Queries } from '../../store/client';
import { instant } from '../../units/quantity';
import { type Batch, changed, type Moment } from '../rows/batch';
import { orNull, rateText, ratioText, timeText } from '../rows/decimals';
import { jsonOf } from '../rows/parts';
import { milliseconds, select } from '../rows/rows';

const readPolicy = readerOf(FUNDING_POLICY);
const readWindow = readerOf(FUNDING_WINDOW);

interface Selected {
  readonly instrument: string;
  readonly terms: unknown;
  readonly window: unknown;
  readonly sampleDue: number | null;
  readonly due: number | null;
}

/** In force, of the instruments given. */
export async function loadFundings(
  sql: Queries,
  instruments: ReadonlyMap<InstrumentId, Instrument>,
): Promise<ReadonlyMap<InstrumentId, Funding>> {
  const rows = await select<Selected>(
    sql,
    `SELECT DISTINCT ON ("instrumentId") "instrumentId" AS instrument, "terms", "window",
       ${milliseconds('"sampleDue"')} AS "sampleDue", ${milliseconds('"due"')} AS due
     FROM "FundingPolicy" ORDER BY "instrumentId", "version" DESC`,
  );
  const fundings = new Map<InstrumentId, Funding>();
  for (const { instrument, terms, window, sampleDue, due } of rows) {
    if (!instruments.has(instrument)) continue;
    fundings.set(instrument, {
      policy: readPolicy(terms),
      window: window === null ? null : readWindow(window),
      sampleDue: orNull(sampleDue, instant),
      due: orNull(due, instant),
    });
  }
  return fundings;
}

export function onFundingPolicySet({ rows }: Batch, { policy }: EventOf<'FundingPolicySet'>, { seq }: Moment): void {
  const { instrument, version } = policy;
  if (version > 1)
    rows.update('FundingPolicy', {
      instrumentId: instrument,
      version: version - 1,
      window: null,
      sampleDue: null,
      due: null,
    });
  rows.insert('FundingPolicy', {
    instrumentId: instrument,
    version,
    terms: jsonOf(policy),
    window: null,
    sampleDue: null,
    due: null,
    setSeq: seq,
  });
}

export function onFundingRateFixed({ rows }: Batch, event: EventOf<'FundingRateFixed'>, { seq, place }: Moment): void {
  const { instrument, policyVersion, from, to, samples, missed, premium, rate, exact } = event;
  rows.insert('FundingRate', {
    ...{ seq, place, policyVersion, samples, missed },
    instrumentId: instrument,
    from: timeText(from),
    to: timeText(to),
    premium: orNull(premium, rateText),
    rate: rateText(rate),
    exact: ratioText(exact),
  });
}

/** What has been sampled, and what is due next. */
export function writeFundings({ rows, state, before }: Batch): void {
  for (const [id, { funding }] of changed(before.listings, state.listings)) {
    if (!funding || funding === before.listings.get(id)?.funding) continue;
    const { policy, window, sampleDue, due } = funding;
    rows.update('FundingPolicy', {
      instrumentId: id,
      version: policy.version,
      window: jsonOf(window),
      sampleDue: orNull(sampleDue, timeText),
      due: orNull(due, timeText),
    });
  }
}
