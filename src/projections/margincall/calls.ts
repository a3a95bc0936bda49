/** Margin calls, open and ended, and what happened to each, numbered without gaps.  Rules: B1-1, B1-2, MCM-2, MCM-5 */

import { actedBy, type CallEvent } from '../../core/message/margincall';
import type { AccountId } from '../../core/model/account';
import type { EligibleCollateral, MarginCall, PriceUsed } from '../../core/model/call';
import type { State } from '../../core/model/state';
import type { Queries } from '../../store/client';
import { known } from '../../units/failure';
import { type Cash, instant } from '../../units/quantity';
import type { Batch, Moment } from '../rows/batch';
import {
  cashOf,
  cashText,
  instrumentOf,
  orNull,
  priceOf,
  priceText,
  rateOf,
  rateText,
  timeText,
} from '../rows/decimals';
import type { CallRecord, Memory } from '../rows/memory';
import { jsonText, LISTED, milliseconds, type Row, select } from '../rows/rows';

const AMOUNTS = [
  'amount',
  'paid',
  'equity',
  'initial',
  'maintenance',
  'shortfallToMaintenance',
  'cureLevel',
  'feePreview',
  'penaltyPreview',
] as const satisfies readonly (keyof MarginCall)[];

const ORDERS = ['ordersInitial', 'ordersMaintenance'] as const;

type Amount = (typeof AMOUNTS)[number];
type Plain =
  | 'id'
  | 'account'
  | 'revision'
  | 'manual'
  | 'policyVersion'
  | 'acknowledgedBy'
  | 'disputed'
  | 'clockStopped';

interface Selected extends Record<Amount, string>, Pick<MarginCall, Plain> {
  readonly currency: string;
  readonly reason: string | null;
  readonly eligible: readonly { readonly currency: string; readonly haircut: string }[];
  readonly prices: readonly { readonly instrument: string; readonly price: string; readonly seq: number }[];
  readonly issuedAt: number;
  readonly deadline: number;
  readonly ordersInitial: string | null;
  readonly ordersMaintenance: string | null;
  readonly finalNoticeAt: number | null;
  readonly pausedAt: number | null;
  readonly acknowledgedAt: number | null;
  readonly termsBefore: number | null;
  readonly ordinal: number;
}

const TIMES = ['issuedAt', 'deadline', 'finalNoticeAt', 'acknowledgedAt', 'pausedAt'];

/** Open calls of accounts, into the memory as well; the instruments they were priced by must be known. */
export async function loadCalls(sql: Queries, { state, calls }: Memory, ids: string): Promise<void> {
  const rows = await select<Selected>(
    sql,
    `SELECT c."id", "accountId" AS account, "currency", "revision", "manual", "reason", "eligible", "prices",
      "policyVersion",
       "acknowledgedBy", "disputed", "clockStopped", "termsBefore",
       ${[...AMOUNTS, ...ORDERS].map((column) => `"${column}"::text`).join(', ')}, ${TIMES.map(
         (column) => `${milliseconds(`"${column}"`)} AS "${column}"`,
       ).join(', ')},
       (SELECT coalesce(max(e."ordinal"), 0) FROM "MarginCallEvent" e WHERE e."callId" = c."id") AS ordinal
     FROM ${LISTED} JOIN "MarginCall" c ON c."accountId" = i."id" WHERE "status" = 'OPEN' ORDER BY c."id"`,
    ids,
  );
  for (const row of rows) {
    const call = callOf(state, row);
    calls.set(call.id, { call, status: 'OPEN', reason: row.reason, ordinal: row.ordinal, ended: null });
    state.calls.set(call.id, call);
    state.callOf.set(call.account, call.id);
  }
}

function callOf(state: State, row: Selected): MarginCall {
  const amounts = Object.fromEntries(AMOUNTS.map((name) => [name, cashOf(state, row.currency, row[name])])) as Record<
    Amount,
    Cash
  >;
  return {
    id: row.id,
    account: row.account,
    revision: row.revision,
    manual: row.manual,
    ...amounts,
    ...ordersOf(state, row),
    eligible: row.eligible.map(({ currency, haircut }): EligibleCollateral => ({ currency, haircut: rateOf(haircut) })),
    prices: row.prices.map(
      ({ instrument, price, seq }): PriceUsed => ({
        instrument,
        price: priceOf(instrumentOf(state, instrument), price),
        seq,
      }),
    ),
    policyVersion: row.policyVersion,
    issuedAt: instant(row.issuedAt),
    deadline: instant(row.deadline),
    finalNoticeAt: orNull(row.finalNoticeAt, instant),
    acknowledgedAt: orNull(row.acknowledgedAt, instant),
    acknowledgedBy: row.acknowledgedBy,
    disputed: row.disputed,
    clockStopped: row.clockStopped,
    ...(row.pausedAt === null ? {} : { pausedAt: instant(row.pausedAt) }),
    ...(row.termsBefore === null ? {} : { termsBefore: row.termsBefore }),
  };
}

function ordersOf(state: State, { currency, ordersInitial, ordersMaintenance }: Selected): Pick<MarginCall, 'orders'> {
  if (ordersInitial === null || ordersMaintenance === null) return {};
  return {
    orders: {
      initial: cashOf(state, currency, ordersInitial),
      maintenance: cashOf(state, currency, ordersMaintenance),
    },
  };
}

/** Notes what happened to a call: the call as it is now, and a line in its life. */
export function onCallEvent(batch: Batch, event: CallEvent, moment: Moment): void {
  const { state, rows, memory } = batch;
  const id =
    event.type === 'MarginCallIssued'
      ? event.issued.id
      : event.type === 'MarginCallAmended'
        ? event.amended.id
        : event.call;
  const record =
    event.type === 'MarginCallIssued'
      ? ({ call: event.issued, status: 'OPEN', reason: event.reason, ordinal: 0, ended: null } as CallRecord)
      : known(memory.calls.get(id), 'Margin call', id);
  memory.calls.set(id, record);
  batch.calls.add(record);
  record.ordinal += 1;
  // What ends a call takes it out of the house; its row keeps what it was.
  record.call = state.calls.get(id) ?? record.call;
  const ended = ENDINGS[event.type];
  if (ended) {
    record.status = ended;
    const by =
      'cause' in event ? event.cause : 'by' in event ? event.by : ended === 'EXPIRED' ? 'DEADLINE_PASSED' : null;
    record.ended = { at: moment.at, by, equity: 'equity' in event ? event.equity : null };
  }
  rows.insert('MarginCallEvent', {
    callId: id,
    ordinal: record.ordinal,
    seq: moment.seq,
    at: timeText(moment.at),
    type: event.type,
    actor: actedBy(event, moment.actor),
    details: detailsOf(state, record.call.account, event),
  });
}

const ENDINGS: Partial<Record<CallEvent['type'], CallRecord['status']>> = {
  MarginCallCured: 'CURED',
  MarginCallExpired: 'EXPIRED',
  MarginCallSuperseded: 'SUPERSEDED',
  MarginCallWaived: 'WAIVED',
};

type Details = Record<string, string | number | boolean | null>;

/** What an event says besides whose call it is: amounts as decimals of the account's currency, times as RFC 3339. */
function detailsOf(state: State, account: AccountId, event: CallEvent): Details {
  const currency = known(state.book.account(account), 'Account', account).currency;
  const money = (amount: Cash): string => cashText(state, currency, amount);
  switch (event.type) {
    case 'MarginCallIssued':
      return { ...noticeOf(event.issued, money), deadline: timeText(event.issued.deadline), reason: event.reason };
    case 'MarginCallAmended':
      return { ...noticeOf(event.amended, money), paid: money(event.amended.paid) };
    case 'MarginCallAcknowledged':
      return {};
    case 'MarginCallPaid':
      return { amount: money(event.amount), paid: money(event.paid) };
    case 'MarginCallCured':
    case 'MarginCallSuperseded':
      return { cause: event.cause, equity: money(event.equity) };
    case 'MarginCallExpired':
      return { equity: money(event.equity) };
    case 'MarginCallExtended':
      return { deadline: timeText(event.deadline), reason: event.reason };
    case 'MarginCallPaused':
      return { instrument: event.instrument };
    case 'MarginCallResumed':
      return { deadline: timeText(event.deadline) };
    case 'MarginCallWaived':
    case 'MarginCallDisputed':
      return { reason: event.reason };
    case 'MarginCallDisputeRuled':
      return { clockStopped: event.clockStopped, reason: event.reason };
    case 'MarginCallFinalNotice':
      return { deadline: timeText(event.deadline), amount: money(event.amount) };
  }
}

const noticeOf = (call: MarginCall, money: (amount: Cash) => string): Details => ({
  revision: call.revision,
  amount: money(call.amount),
  equity: money(call.equity),
  initial: money(call.initial),
  maintenance: money(call.maintenance),
  ...(call.orders
    ? { ordersInitial: money(call.orders.initial), ordersMaintenance: money(call.orders.maintenance) }
    : {}),
  cureLevel: money(call.cureLevel),
});

export function writeCalls({ state, rows, calls }: Batch): void {
  for (const record of calls) rows.upsert('MarginCall', callRow(state, record));
}

/**
 * Calls are of the member whose their account is: those that ended go with it as well, whatever this commit knows of
 * them.
 */
export async function moveCalls(sql: Queries, { ported }: Batch): Promise<void> {
  if (ported.size === 0) return;
  await sql.query(
    `UPDATE "MarginCall" c SET "memberId" = a."memberId" FROM ${LISTED} JOIN "Account" a USING ("id") WHERE ` +
      `c."accountId" = a."id"`,
    [jsonText([...ported])],
  );
}

function callRow(state: State, { call, status, reason, ended }: CallRecord): Row<'MarginCall'> {
  const { member, currency } = known(state.book.account(call.account), 'Account', call.account);
  const money = (amount: Cash): string => cashText(state, currency, amount);
  const amounts = Object.fromEntries(AMOUNTS.map((name) => [name, money(call[name])])) as Record<Amount, string>;
  return {
    id: call.id,
    accountId: call.account,
    memberId: member,
    currency,
    status,
    revision: call.revision,
    manual: call.manual,
    ...amounts,
    ordersInitial: call.orders ? money(call.orders.initial) : null,
    ordersMaintenance: call.orders ? money(call.orders.maintenance) : null,
    eligible: call.eligible.map((item) => ({ currency: item.currency, haircut: rateText(item.haircut) })),
    prices: call.prices.map(({ instrument, price, seq }) => ({
      instrument,
      price: priceText(instrumentOf(state, instrument), price),
      seq,
    })),
    policyVersion: call.policyVersion,
    reason,
    issuedAt: timeText(call.issuedAt),
    deadline: timeText(call.deadline),
    finalNoticeAt: orNull(call.finalNoticeAt, timeText),
    acknowledgedAt: orNull(call.acknowledgedAt, timeText),
    acknowledgedBy: call.acknowledgedBy,
    disputed: call.disputed,
    clockStopped: call.clockStopped,
    pausedAt: orNull(call.pausedAt ?? null, timeText),
    termsBefore: call.termsBefore ?? null,
    endedAt: ended && timeText(ended.at),
    endedBy: ended?.by ?? null,
    endedEquity: ended && orNull(ended.equity, money),
  };
}
