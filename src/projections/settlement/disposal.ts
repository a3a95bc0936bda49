/** Disposal policies, every version.  Rules: X-6; Ruling 7 */

import type { EventOf } from '../../core/message/event';
import type { DisposalPolicy } from '../../core/model/policy';
import type { Queries } from '../../store/client';
import type { Batch, Moment } from '../rows/batch';
import type { Shared } from '../rows/memory';
import { partOf, wholeOf } from '../rows/parts';
import { select } from '../rows/rows';

/** Policies in force. */
export async function loadDisposalPolicies(sql: Queries, { disposalPolicies }: Pick<Shared, 'disposalPolicies'>): Promise<void> {
  const rows = await select<{ terms: unknown }>(
    sql,
    'SELECT DISTINCT ON ("currency") "terms" FROM "DisposalPolicy" ORDER BY "currency", "version" DESC',
  );
  for (const { terms } of rows) {
    const policy = wholeOf<DisposalPolicy>(terms);
    disposalPolicies.set(policy.currency, policy);
  }
}

export function onDisposalPolicySet({ rows }: Batch, event: EventOf<'DisposalPolicySet'>, { seq }: Moment): void {
  const { currency, version } = event.terms;
  rows.insert('DisposalPolicy', { currency, version, terms: partOf(event, 'terms'), setSeq: seq });
}
