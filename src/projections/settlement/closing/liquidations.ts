/** Liquidations and the orders by which positions become money, open and ended.  Rules: B2, LE-1, LE-4 */

import { readerOf } from '../../../core/kind/json';
import type { EventOf } from '../../../core/message/event';
import type { OfferTerms, Stand } from '../../../core/model/ladder';
import { STAND } from '../../../core/model/ladder';
import type { Liquidation, LiquidationOrder } from '../../../core/model/liquidation';
import type { State } from '../../../core/model/state';
import type { Queries } from '../../../store/client';
import { known } from '../../../units/failure';
import { type Cash, instant, NO_CASH } from '../../../units/quantity';
import type { Batch, Moment } from '../../rows/batch';
import {
  cashOf,
  cashText,
  instrumentOf,
  orNull,
  priceOf,
  priceText,
  rateOf,
  rateText,
  sizeOf,
  sizeText,
  timeText,
} from '../../rows/decimals';
import type { LiquidationOrderRecord, LiquidationRecord, Memory } from '../../rows/memory';
import { LISTED, milliseconds, type Row, select } from '../../rows/rows';

type Sum = 'closed' | 'fee' | 'penalty' | 'slippage' | 'equityAtStart' | 'maintenanceAtStart';

interface Selected
  extends Record<Sum, string>,
    Pick<Liquidation, 'id' | 'account' | 'call' | 'cause' | 'paused' | 'step'> {
  readonly currency: string;
  readonly startedAt: number;
  readonly severity: string | null;
}

/** Running liquidations of accounts, into the memory as well. */
export async function loadLiquidations(sql: Queries, { state, liquidations }: Memory, ids: string): Promise<void> {
  const rows = await select<Selected>(
    sql,
    `SELECT l."id", "accountId" AS account, "currency", "callId" AS call, "cause", "status" = 'PAUSED' AS paused,
      "steps" AS step,
       ${milliseconds('"startedAt"')} AS "startedAt", "closed"::text, "fee"::text, "penalty"::text, "slippage"::text,
       "equityAtStart"::text, "maintenanceAtStart"::text, "severity"::text
     FROM ${LISTED} JOIN "Liquidation" l ON l."accountId" = i."id" WHERE "endedAt" IS NULL ORDER BY l."id"`,
    ids,
  );
  for (const { id, account, call, cause, paused, step, startedAt, currency, severity, ...sums } of rows) {
    const graded = severity === null ? {} : { severity: rateOf(severity) };
    const liquidation: Liquidation = {
      id,
      account,
      call,
      cause,
      startedAt: instant(startedAt),
      paused,
      step,
      ...graded,
    };
    const money = (name: Sum): Cash => cashOf(state, currency, sums[name]);
    liquidations.set(id, {
      liquidation,
      outcome: null,
      equityAtStart: money('equityAtStart'),
      maintenanceAtStart: money('maintenanceAtStart'),
      closed: money('closed'),
      fee: money('fee'),
      penalty: money('penalty'),
      slippage: money('slippage'),
      ended: null,
    });
    state.liquidations.set(id, liquidation);
    state.liquidationOf.set(account, id);
  }
}

interface SelectedOrder
  extends Record<'size' | 'filled' | 'mark', string>,
    Pick<LiquidationOrder, 'id' | 'liquidation' | 'account' | 'reason'> {
  readonly instrument: string;
  readonly limit: string | null;
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly origin: string | null;
  readonly ladder: string | null;
  readonly version: number | null;
  readonly rung: number | null;
  readonly method: Stand['method'] | null;
  readonly offer: unknown;
}

const readOffer = readerOf(STAND.fields.offer);

/** Where the order stands on a ladder, if it does. */
function standOf({ origin, ladder, version, rung, method, offer }: SelectedOrder): { stand?: Stand } {
  if (origin === null || ladder === null || version === null || rung === null || method === null) return {};
  return { stand: { origin, ladder, version, rung, method, offer: readOffer(offer) } };
}

/** Open liquidation orders of accounts, into the memory as well; their instruments must be known. */
export async function loadLiquidationOrders(
  sql: Queries,
  { state, liquidationOrders }: Memory,
  ids: string,
): Promise<void> {
  const rows = await select<SelectedOrder>(
    sql,
    `SELECT o."id", "liquidationId" AS liquidation, "accountId" AS account, "instrumentId" AS instrument, "size"::text,
      "filled"::text,
       "limit"::text, "mark"::text, "reason", ${milliseconds('"issuedAt"')} AS "issuedAt",
       ${milliseconds('"expiresAt"')} AS "expiresAt",
       "origin", "ladder", "ladderVersion" AS version, "rung", "method", "offer"
     FROM ${LISTED} JOIN "LiquidationOrder" o ON o."accountId" = i."id" WHERE "status" = 'OPEN' ORDER BY o."id"`,
    ids,
  );
  for (const row of rows) {
    const instrument = instrumentOf(state, row.instrument);
    const order: LiquidationOrder = {
      id: row.id,
      liquidation: row.liquidation,
      account: row.account,
      instrument: row.instrument,
      size: sizeOf(instrument, row.size),
      filled: sizeOf(instrument, row.filled),
      limit: orNull(row.limit, (limit) => priceOf(instrument, limit)),
      mark: priceOf(instrument, row.mark),
      reason: row.reason,
      issuedAt: instant(row.issuedAt),
      expiresAt: instant(row.expiresAt),
      ...standOf(row),
    };
    liquidationOrders.set(order.id, { order, status: 'OPEN', endedAt: null });
    state.liquidationOrders.set(order.id, order);
  }
}

export function onLiquidationStarted(
  batch: Batch,
  { started, equity, maintenance }: EventOf<'LiquidationStarted'>,
): void {
  batch.memory.liquidations.set(started.id, {
    liquidation: started,
    outcome: null,
    equityAtStart: equity,
    maintenanceAtStart: maintenance,
    closed: NO_CASH,
    fee: NO_CASH,
    penalty: NO_CASH,
    slippage: NO_CASH,
    ended: null,
  });
  touchLiquidation(batch, started.id);
}

/** The record of a liquidation, with the liquidation as the house has it now. */
export function touchLiquidation({ state, memory, liquidations }: Batch, id: string): LiquidationRecord {
  const record = known(memory.liquidations.get(id), 'Liquidation', id);
  record.liquidation = state.liquidations.get(id) ?? record.liquidation;
  liquidations.add(record);
  return record;
}

export function onLiquidationMoved(batch: Batch, event: EventOf<'LiquidationPaused' | 'LiquidationResumed'>): void {
  touchLiquidation(batch, event.liquidation);
}

export function onLiquidationEnded(batch: Batch, event: EventOf<'LiquidationEnded'>, { at }: Moment): void {
  const record = touchLiquidation(batch, event.liquidation);
  record.outcome = event.outcome;
  record.ended = { at, equity: event.equity };
}

export function onLiquidationOrderIssued(batch: Batch, { issued }: EventOf<'LiquidationOrderIssued'>): void {
  batch.memory.liquidationOrders.set(issued.id, { order: issued, status: 'OPEN', endedAt: null });
  touchLiquidationOrder(batch, issued.id);
  if (issued.liquidation !== null) touchLiquidation(batch, issued.liquidation);
}

export function onLiquidationOrderClosed(batch: Batch, event: EventOf<'LiquidationOrderClosed'>, { at }: Moment): void {
  const record = touchLiquidationOrder(batch, event.order);
  record.status = event.outcome;
  record.endedAt = at;
}

/** The record of an order, with the order as the house has it now. */
export function touchLiquidationOrder({ state, memory, liquidationOrders }: Batch, id: string): LiquidationOrderRecord {
  const record = known(memory.liquidationOrders.get(id), 'Liquidation order', id);
  record.order = state.liquidationOrders.get(id) ?? record.order;
  liquidationOrders.add(record);
  return record;
}

export function writeLiquidations({ state, rows, liquidations, liquidationOrders }: Batch): void {
  for (const record of liquidations) rows.upsert('Liquidation', liquidationRow(state, record));
  for (const record of liquidationOrders) rows.upsert('LiquidationOrder', orderRow(state, record));
}

function liquidationRow(state: State, record: LiquidationRecord): Row<'Liquidation'> {
  const { liquidation, outcome, ended } = record;
  const { currency } = known(state.book.account(liquidation.account), 'Account', liquidation.account);
  const money = (amount: Cash): string => cashText(state, currency, amount);
  return {
    id: liquidation.id,
    accountId: liquidation.account,
    currency,
    callId: liquidation.call,
    cause: liquidation.cause,
    status: outcome ?? (liquidation.paused ? 'PAUSED' : 'RUNNING'),
    steps: liquidation.step,
    equityAtStart: money(record.equityAtStart),
    maintenanceAtStart: money(record.maintenanceAtStart),
    closed: money(record.closed),
    fee: money(record.fee),
    penalty: money(record.penalty),
    slippage: money(record.slippage),
    startedAt: timeText(liquidation.startedAt),
    endedAt: ended && timeText(ended.at),
    equityAtEnd: ended && money(ended.equity),
    severity: liquidation.severity === undefined ? null : rateText(liquidation.severity),
  };
}

/** As the journal has it: integers as texts under their names. */
const offerText = (offer: OfferTerms | null): Row<'LiquidationOrder'>['offer'] =>
  offer &&
  (JSON.parse(
    JSON.stringify(offer, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)),
  ) as object as never);

function orderRow(state: State, { order, status, endedAt }: LiquidationOrderRecord): Row<'LiquidationOrder'> {
  const instrument = instrumentOf(state, order.instrument);
  return {
    id: order.id,
    liquidationId: order.liquidation,
    accountId: order.account,
    instrumentId: order.instrument,
    size: sizeText(instrument, order.size),
    filled: sizeText(instrument, order.filled),
    limit: orNull(order.limit, (limit) => priceText(instrument, limit)),
    mark: priceText(instrument, order.mark),
    reason: order.reason,
    status,
    issuedAt: timeText(order.issuedAt),
    expiresAt: timeText(order.expiresAt),
    endedAt: orNull(endedAt, timeText),
    origin: order.stand?.origin ?? null,
    ladder: order.stand?.ladder ?? null,
    ladderVersion: order.stand?.version ?? null,
    rung: order.stand?.rung ?? null,
    method: order.stand?.method ?? null,
    offer: offerText(order.stand?.offer ?? null),
  };
}
