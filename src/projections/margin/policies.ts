/** Margin policies, every version.  Rules: X-6 */

import { readerOf } from '../../core/kind/json';
import type { EventOf } from '../../core/message/event';
import { MARGIN_POLICY } from '../../core/model/policy';
import type { Queries } from '../../store/client';
import { type Batch, changed, type Moment } from '../rows/batch';
import { timeText } from '../rows/decimals';
import type { Shared } from '../rows/memory';
import { jsonOf } from '../rows/parts';
import { select } from '../rows/rows';

const readMarginPolicy = readerOf(MARGIN_POLICY);

type Policies = Pick<Shared, 'policies' | 'pendingPolicies'>;

/** Margin policies in force and to come. */
export async function loadMarginPolicies(sql: Queries, { policies, pendingPolicies }: Policies): Promise<void> {
  const rows = await select<{ active: boolean; terms: unknown }>(
    sql,
    `SELECT "active", "terms" FROM "MarginPolicy" p WHERE "active"
       OR "version" = (SELECT max(n."version") FROM "MarginPolicy" n WHERE n."id" = p."id") ORDER BY "id", "version"`,
  );
  for (const { active, terms } of rows) {
    const policy = readMarginPolicy(terms);
    if (active) policies.set(policy.id, policy);
    else pendingPolicies.set(policy.id, policy);
  }
}

export function onMarginPolicySet({ rows }: Batch, event: EventOf<'MarginPolicySet'>, { seq }: Moment): void {
  const { id, version, currency, effectiveAt } = event.terms;
  rows.insert('MarginPolicy', {
    id,
    version,
    currency,
    effectiveAt: timeText(effectiveAt),
    active: false,
    terms: jsonOf(event.terms),
    setSeq: seq,
  });
}

/** Which versions are in force. */
export function writeMarginPolicies({ rows, state, before }: Batch): void {
  for (const [id, policy] of changed(before.policies, state.policies)) {
    const was = before.policies.get(id)?.version;
    if (was !== undefined) rows.update('MarginPolicy', { id, version: was, active: false });
    rows.update('MarginPolicy', { id, version: policy.version, active: true });
  }
}
