/** Positions and the open orders that margin is held for.  Rules: PV-1, IM-1, LCS-1 */

import type { EventOf } from '../core/message/event';
import type { AccountId, Order, Position } from '../core/model/account';
import type { InstrumentId } from '../core/model/reference';
import type { State } from '../core/model/state';
import type { Db } from '../store/client';
import type { Batch, LoadedAccount, MarkedInstrument, Moment } from './batch';
import { cashOf, cashText, instrumentOf, priceOf, priceText, scaleOf, sizeOf, sizeText, timeText } from './decimals';
import { jsonText, listed, type Row, select } from './rows';

interface Selected extends Record<'size' | 'cost' | 'bids' | 'asks' | 'gain', string> {
  readonly account: string;
  readonly instrument: string;
}

const COLUMNS =
  '"accountId" AS account, "instrumentId" AS instrument, "size"::text, "cost"::text, "bids"::text, "asks"::text, "gain"::text';

/** Positions of accounts that are in the book, in instruments that are known. */
export async function loadPositions(db: Db, state: State, accounts: ReadonlyMap<AccountId, LoadedAccount>, ids: string): Promise<void> {
  const rows = await select<Selected>(db, `SELECT ${COLUMNS} FROM "Position" WHERE "accountId" = ANY (${listed(1)})`, ids);
  for (const row of rows) {
    const position = positionOf(state, row);
    state.book.setPosition(row.account, row.instrument, position);
    accounts.get(row.account)?.positions.set(row.instrument, position);
  }
}

/** Instruments in which any of the accounts has a position or an order. */
export async function instrumentsOf(db: Db, ids: string): Promise<InstrumentId[]> {
  const rows = await select<{ id: string }>(
    db,
    `SELECT DISTINCT "instrumentId" AS id FROM "Position" WHERE "accountId" = ANY (${listed(1)})`,
    ids,
  );
  return rows.map(({ id }) => id);
}

function positionOf(state: State, { instrument: id, size, cost, bids, asks, gain }: Selected): Position {
  const instrument = instrumentOf(state, id);
  return {
    size: sizeOf(instrument, size),
    cost: cashOf(state, instrument.settlement, cost),
    bids: sizeOf(instrument, bids),
    asks: sizeOf(instrument, asks),
    gain: cashOf(state, instrument.settlement, gain),
  };
}

export async function loadOrders(db: Db, state: State, orders: Map<string, Order>, ids: string): Promise<void> {
  const rows = await select<Record<'id' | 'account' | 'instrument' | 'size' | 'price', string> & { side: Order['side'] }>(
    db,
    `SELECT "id", "accountId" AS account, "instrumentId" AS instrument, "side", "size"::text, "price"::text
     FROM "OpenOrder" WHERE "accountId" = ANY (${listed(1)}) ORDER BY "id"`,
    ids,
  );
  for (const { id, account, instrument: instrumentId, side, size, price } of rows) {
    const instrument = instrumentOf(state, instrumentId);
    const order: Order = { id, account, instrument: instrumentId, side, size: sizeOf(instrument, size), price: priceOf(instrument, price) };
    orders.set(id, order);
    state.orders.set(id, order);
    state.ordersOf.set(account, (state.ordersOf.get(account) ?? new Set<string>()).add(id));
  }
}

export function onOrderPlaced({ placed }: Batch, event: EventOf<'OrderPlaced'>, { at }: Moment): void {
  placed.set(event.placed.id, at);
}

export function writePositions(batch: Batch): void {
  const { state, rows, accounts } = batch;
  for (const id of state.book.accountIds()) {
    const loaded = accounts.get(id);
    const held = new Set<InstrumentId>();
    for (const [instrument, position] of state.book.positions(id)) {
      held.add(instrument);
      if (loaded?.positions.get(instrument) !== position) rows.upsert('Position', positionRow(state, id, instrument, position));
    }
    for (const instrument of loaded?.positions.keys() ?? [])
      if (!held.has(instrument)) rows.remove('Position', { accountId: id, instrumentId: instrument });
  }
  writeOrders(batch);
}

function positionRow(state: State, accountId: AccountId, instrumentId: InstrumentId, position: Position): Row<'Position'> {
  const instrument = instrumentOf(state, instrumentId);
  return {
    accountId,
    instrumentId,
    size: sizeText(instrument, position.size),
    cost: cashText(state, instrument.settlement, position.cost),
    bids: sizeText(instrument, position.bids),
    asks: sizeText(instrument, position.asks),
    gain: cashText(state, instrument.settlement, position.gain),
  };
}

/** An id may come back after its order has gone: an order placed now is a row of its own, whatever was there before. */
function writeOrders({ state, rows, orders, placed }: Batch): void {
  for (const order of state.orders.values()) {
    const before = orders.get(order.id);
    if (before === order) continue;
    const { id, account, instrument: instrumentId, side, size, price } = order;
    const instrument = instrumentOf(state, instrumentId);
    const at = placed.get(id);
    if (at === undefined) {
      rows.update('OpenOrder', { id, size: sizeText(instrument, size) });
      continue;
    }
    rows.upsert('OpenOrder', {
      id,
      accountId: account,
      instrumentId,
      side,
      size: sizeText(instrument, size),
      price: priceText(instrument, price),
      at: timeText(at),
    });
  }
  for (const id of orders.keys()) if (!state.orders.has(id)) rows.remove('OpenOrder', { id });
}

/** A loss period begins for accounts that no entry touches as well: what they are counted by is kept for the end of the commit. */
export function onLossPeriodStarted({ state, periods }: Batch, { currency }: EventOf<'LossPeriodStarted'>): void {
  const marked: MarkedInstrument[] = [];
  for (const { instrument, mark } of state.listings.values()) {
    if (instrument.settlement !== currency) continue;
    marked.push({
      instrument: instrument.id,
      mark: mark && priceText(instrument, mark.price),
      multiplier: instrument.multiplier,
    });
  }
  periods.set(currency, marked);
}

/** Sets the gains of all positions in a currency so that they count from the marks at which the period began.  Rule: SL-2 */
export async function startLossPeriods(db: Db, { state, periods }: Batch): Promise<void> {
  for (const [currency, marked] of periods) {
    const scale = scaleOf(state, currency);
    const terms = jsonText(marked);
    const from = `json_to_recordset($1::json) AS m("instrument" text, "mark" numeric, "multiplier" numeric)`;
    await db.$executeRawUnsafe(
      'UPDATE "Account" SET "levied" = round(0, $2::int) WHERE "currency" = $1 AND "levied" <> 0',
      currency,
      scale,
    );
    await db.$executeRawUnsafe(
      `DELETE FROM "Position" p USING ${from}
       WHERE p."instrumentId" = m."instrument" AND p."size" = 0 AND p."cost" = 0 AND p."bids" = 0 AND p."asks" = 0`,
      terms,
    );
    await db.$executeRawUnsafe(
      `UPDATE "Position" p SET "gain" = round(coalesce(p."cost" - p."size" * m."mark" * m."multiplier", 0), $2::int) FROM ${from}
       WHERE p."instrumentId" = m."instrument"`,
      terms,
      scale,
    );
  }
}
