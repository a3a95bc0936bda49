/** Loss policies, every version, and until when the loss period runs.  Rules: X-6; Ruling 1 */

import { readerOf } from '../../../core/kind/json';
import type { EventOf } from '../../../core/message/event';
import { LOSS_POLICY } from '../../../core/model/policy';
import type { Queries } from '../../../store/client';
import { instant, NO_CASH } from '../../../units/quantity';
import type { Batch, Moment } from '../../rows/batch';
import { timeText } from '../../rows/decimals';
import type { Fund, Shared } from '../../rows/memory';
import { jsonOf } from '../../rows/parts';
import { milliseconds, select } from '../../rows/rows';

const readLossPolicy = readerOf(LOSS_POLICY);

/** Policies in force. */
export async function loadLossPolicies(
  sql: Queries,
  { lossPolicies, lossPeriods }: Pick<Shared, 'lossPolicies' | 'lossPeriods'>,
): Promise<void> {
  const rows = await select<{ terms: unknown; ends: number | null }>(
    sql,
    `SELECT DISTINCT ON ("currency") "terms", ${milliseconds('"periodEnds"')} AS ends FROM "LossPolicy" ORDER BY ` +
      `"currency", "version" DESC`,
  );
  for (const { terms, ends } of rows) {
    const policy = readLossPolicy(terms);
    lossPolicies.set(policy.currency, policy);
    if (ends !== null) lossPeriods.set(policy.currency, instant(ends));
  }
}

const NEW_FUND: Fund = {
  balance: NO_CASH,
  target: NO_CASH,
  contributed: NO_CASH,
  fees: NO_CASH,
  penalties: NO_CASH,
  surplus: NO_CASH,
  paid: NO_CASH,
  withdrawn: NO_CASH,
  reversed: NO_CASH,
};

/** The policy says how large the currency's insurance fund should be; the first one makes its row. */
export function onLossPolicySet({ rows, memory }: Batch, event: EventOf<'LossPolicySet'>, { seq }: Moment): void {
  const { currency, version, fundTarget } = event.terms;
  rows.insert('LossPolicy', { currency, version, terms: jsonOf(event.terms), periodEnds: null, setSeq: seq });
  memory.funds.set(currency, { ...(memory.funds.get(currency) ?? NEW_FUND), target: fundTarget });
}

/** Until when the loss period runs, with the version in force. */
export function writeLossPolicies({ rows, state, before }: Batch): void {
  for (const [currency, policy] of state.lossPolicies) {
    const [was, ends] = [before.lossPolicies.get(currency)?.version, state.lossPeriods.get(currency)];
    if (was === policy.version && before.lossPeriods.get(currency) === ends) continue;
    if (was !== undefined && was !== policy.version)
      rows.update('LossPolicy', { currency, version: was, periodEnds: null });
    if (ends !== undefined)
      rows.update('LossPolicy', { currency, version: policy.version, periodEnds: timeText(ends) });
  }
}
