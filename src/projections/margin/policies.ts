/** Margin, loss and disposal policies, every version.  Rules: X-6; Rulings 1 and 7 */

import { decodeEvent, encodeEvent } from '../../core/message/codec';
import type { Event, EventOf } from '../../core/message/event';
import type { DisposalPolicy, LossPolicy, MarginPolicy } from '../../core/model/policy';
import type { Queries } from '../../store/client';
import { instant, NO_CASH } from '../../units/quantity';
import { type Batch, changed, type Moment } from '../rows/batch';
import { timeText } from '../rows/decimals';
import type { Fund, Shared } from '../rows/memory';
import { milliseconds, type Row, select } from '../rows/rows';

type Policies = Pick<Shared, 'policies' | 'pendingPolicies' | 'lossPolicies' | 'disposalPolicies' | 'lossPeriods'>;

/** Margin policies in force and to come. */
export async function loadMarginPolicies(
  sql: Queries,
  { policies, pendingPolicies }: Pick<Policies, 'policies' | 'pendingPolicies'>,
): Promise<void> {
  const rows = await select<{ active: boolean; terms: unknown }>(
    sql,
    `SELECT "active", "terms" FROM "MarginPolicy" p WHERE "active"
       OR "version" = (SELECT max(n."version") FROM "MarginPolicy" n WHERE n."id" = p."id") ORDER BY "id", "version"`,
  );
  for (const { active, terms } of rows) {
    const policy = termsOf<MarginPolicy>(terms);
    if (active) policies.set(policy.id, policy);
    else pendingPolicies.set(policy.id, policy);
  }
}

export async function loadHousePolicies(sql: Queries, { lossPolicies, disposalPolicies, lossPeriods }: Policies): Promise<void> {
  const losses = await select<{ terms: unknown; ends: number | null }>(
    sql,
    `SELECT DISTINCT ON ("currency") "terms", ${milliseconds('"periodEnds"')} AS ends FROM "LossPolicy" ORDER BY "currency", "version" DESC`,
  );
  for (const { terms, ends } of losses) {
    const policy = termsOf<LossPolicy>(terms);
    lossPolicies.set(policy.currency, policy);
    if (ends !== null) lossPeriods.set(policy.currency, instant(ends));
  }
  const disposals = await select<{ terms: unknown }>(
    sql,
    'SELECT DISTINCT ON ("currency") "terms" FROM "DisposalPolicy" ORDER BY "currency", "version" DESC',
  );
  for (const { terms } of disposals) {
    const policy = termsOf<DisposalPolicy>(terms);
    disposalPolicies.set(policy.currency, policy);
  }
}

/** Terms are kept as the journal has them: integers as texts under their names. */
export const termsText = (event: Extract<Event, { terms: unknown }>): Row<'MarginPolicy'>['terms'] =>
  (JSON.parse(encodeEvent(event)) as { terms: Row<'MarginPolicy'>['terms'] }).terms;

export const termsOf = <Terms>(terms: unknown): Terms => (decodeEvent({ terms }) as unknown as { terms: Terms }).terms;

export function onMarginPolicySet({ rows }: Batch, event: EventOf<'MarginPolicySet'>, { seq }: Moment): void {
  const { id, version, currency, effectiveAt } = event.terms;
  rows.insert('MarginPolicy', {
    id,
    version,
    currency,
    effectiveAt: timeText(effectiveAt),
    active: false,
    terms: termsText(event),
    setSeq: seq,
  });
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
  rows.insert('LossPolicy', { currency, version, terms: termsText(event), periodEnds: null, setSeq: seq });
  memory.funds.set(currency, { ...(memory.funds.get(currency) ?? NEW_FUND), target: fundTarget });
}

export function onDisposalPolicySet({ rows }: Batch, event: EventOf<'DisposalPolicySet'>, { seq }: Moment): void {
  const { currency, version } = event.terms;
  rows.insert('DisposalPolicy', { currency, version, terms: termsText(event), setSeq: seq });
}

/** Which versions are in force, and until when the loss period runs. */
export function writePolicies({ rows, state, before }: Batch): void {
  for (const [id, policy] of changed(before.policies, state.policies)) {
    const was = before.policies.get(id)?.version;
    if (was !== undefined) rows.update('MarginPolicy', { id, version: was, active: false });
    rows.update('MarginPolicy', { id, version: policy.version, active: true });
  }
  for (const [currency, policy] of state.lossPolicies) {
    const [was, ends] = [before.lossPolicies.get(currency)?.version, state.lossPeriods.get(currency)];
    if (was === policy.version && before.lossPeriods.get(currency) === ends) continue;
    if (was !== undefined && was !== policy.version) rows.update('LossPolicy', { currency, version: was, periodEnds: null });
    if (ends !== undefined) rows.update('LossPolicy', { currency, version: policy.version, periodEnds: timeText(ends) });
  }
}
