/** Disposal policies, every version.  Rules: X-6; Ruling 7 */

import { readerOf } from '../../core/kind/json';
import type { EventOf } from '../../core/message/event';
import { DISPOSAL_POLICY } from '../../core/model/policy';
import type { Queries } from '../../store/client';
import type { Batch, Moment } from '../rows/batch';
import type { Shared } from '../rows/memory';
import { jsonOf } from '../rows/parts';
import { select } from '../rows/rows';

const readDisposalPolicy = readerOf(DISPOSAL_POLICY);

/** Policies in force. */
export async function loadDisposalPolicies(
  sql: Queries,
  { disposalPolicies }: Pick<Shared, 'disposalPolicies'>,
): Promise<void> {
  const rows = await select<{ terms: unknown }>(
    sql,
    'SELECT DISTINCT ON ("currency") "terms" FROM "DisposalPolicy" ORDER BY "currency", "version" DESC',
  );
  for (const { terms } of rows) {
    const policy = readDisposalPolicy(terms);
    disposalPolicies.set(policy.currency, policy);
  }
}

export function onDisposalPolicySet({ rows }: Batch, event: EventOf<'DisposalPolicySet'>, { seq }: Moment): void {
  const { currency, version } = event.terms;
  rows.insert('DisposalPolicy', { currency, version, terms: jsonOf(event.terms), setSeq: seq });
}
