/** Deleveraging: policies, decisions, and what each holder was told.  Rules: SL-5, S07, S09, X-6 */

import { readerOf } from '../../../core/kind/json';
import type { EventOf } from '../../../core/message/event';
import { DELEVERAGING_POLICY } from '../../../core/model/deleveraging';
import { deleveragingKey } from '../../../core/reference/deleveragingPolicies';
import type { Queries } from '../../../store/client';
import { known } from '../../../units/failure';
import type { Cash } from '../../../units/quantity';
import { type Batch, changed, type Moment } from '../../rows/batch';
import { cashOf, cashText, instrumentOf, priceText, ratioText, sizeText, timeText } from '../../rows/decimals';
import type { Memory, Shared } from '../../rows/memory';
import { jsonOf } from '../../rows/parts';
import { select } from '../../rows/rows';
import { fillOfDeleveraging } from '../closing/fills';

const readDeleveragingPolicy = readerOf(DELEVERAGING_POLICY);

/** Policies in force. */
export async function loadDeleveragingPolicies(
  sql: Queries,
  { deleveragingPolicies }: Pick<Shared, 'deleveragingPolicies'>,
): Promise<void> {
  const policies = await select<{ id: string; terms: unknown }>(
    sql,
    'SELECT DISTINCT ON ("id") "id", "terms" FROM "DeleveragingPolicy" ORDER BY "id", "version" DESC',
  );
  for (const { id, terms } of policies) deleveragingPolicies.set(id, readDeleveragingPolicy(terms));
}

/** Draws of inventory; whose accounts hold it is known by their names. */
export async function loadInventoryDraws(sql: Queries, { state }: Pick<Memory, 'state'>): Promise<void> {
  const rows = await select<{ account: string; currency: string; drawn: string; reached: boolean }>(
    sql,
    `SELECT d."accountId" AS account, a."currency", d."drawn"::text, d."reached" FROM "InventoryDraw" d JOIN ` +
      `"Account" a ON a."id" = d."accountId"`,
  );
  for (const { account, currency, drawn, reached } of rows)
    state.inventoryDraws.set(account, { drawn: cashOf(state, currency, drawn), reached });
}

export function onDeleveragingPolicySet(
  { rows }: Batch,
  event: EventOf<'DeleveragingPolicySet'>,
  { seq }: Moment,
): void {
  const { currency, instrument, version } = event.terms;
  rows.insert('DeleveragingPolicy', {
    id: deleveragingKey(currency, instrument),
    version,
    currency,
    instrumentId: instrument,
    terms: jsonOf(event.terms),
    setSeq: seq,
  });
}

export function onDeleveragingDecided(batch: Batch, event: EventOf<'DeleveragingDecided'>, moment: Moment): void {
  const { seq, at } = moment;
  const { state, rows } = batch;
  const { decided, charges, reason } = event;
  const instrument = instrumentOf(state, decided.instrument);
  const currency = instrument.settlement;
  const money = (amount: Cash): string => cashText(state, currency, amount);
  const { id, cause, method, score, bound, policyVersion, holders, affected } = decided;
  rows.insert('Deleveraging', {
    ...{ id, cause, method, score, bound, policyVersion, holders, affected, reason, currency, seq },
    accountId: decided.account,
    instrumentId: decided.instrument,
    liquidationId: decided.liquidation,
    size: sizeText(instrument, decided.size),
    budget: money(decided.budget),
    available: money(decided.available),
    used: money(decided.used),
    overshoot: money(decided.overshoot),
    profit: money(decided.profit),
    concentration: ratioText(decided.concentration),
    fee: charges && money(charges.fee),
    penalty: charges && money(charges.penalty),
    at: timeText(at),
  });
  // Of an account on its ladder; what the house took of one has been counted with the take-over.
  fillOfDeleveraging(batch, event, moment);
}

export function onPositionDeleveraged(
  { state, rows }: Batch,
  event: EventOf<'PositionDeleveraged'>,
  { seq, at, place }: Moment,
): void {
  const instrument = instrumentOf(state, event.instrument);
  const currency = instrument.settlement;
  rows.insert('DeleveragedPosition', {
    ...{ seq, place, currency, rank: event.rank, holders: event.holders },
    deleveragingId: event.deleveraging,
    accountId: event.account,
    instrumentId: event.instrument,
    score: ratioText(event.score),
    size: sizeText(instrument, event.size),
    value: cashText(state, currency, event.value),
    mark: priceText(instrument, event.mark),
    profit: cashText(state, currency, event.profit),
    forgone: cashText(state, currency, event.forgone),
    at: timeText(at),
  });
}

/** What was drawn for inventory. */
export function writeInventoryDraws({ rows, state, before }: Batch): void {
  for (const [accountId, { drawn, reached }] of changed(before.inventoryDraws, state.inventoryDraws)) {
    const { currency } = known(state.book.account(accountId), 'Account', accountId);
    rows.upsert('InventoryDraw', { accountId, drawn: cashText(state, currency, drawn), reached });
  }
  for (const accountId of before.inventoryDraws.keys())
    if (!state.inventoryDraws.has(accountId)) rows.remove('InventoryDraw', { accountId });
}
