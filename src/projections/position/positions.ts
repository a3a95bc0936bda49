/** Positions and the open orders that margin is held for.  Rules: PV-1, IM-1, LCS-1 */

import { readerOf, toJson } from '../../core/kind/json';
import type { EventOf } from '../../core/message/event';
import { type AccountId, type Order, type OrderId, type Position, RECENT_GAIN } from '../../core/model/account';
import type { CurrencyId, InstrumentId } from '../../core/model/reference';
import type { State } from '../../core/model/state';
import { oldestOf } from '../../core/position/recentGain';
import { costOf, sinceOpenedOf, withCost, withSinceOpened } from '../../core/product/posting';
import { productOf } from '../../core/product/products';
import { stableTermsOf } from '../../core/reference/lossPolicies';
import type { Queries } from '../../store/client';
import { type Cash, MARGIN_PER_CASH, NO_CASH } from '../../units/quantity';
import type { Batch, MarkedInstrument, Moment } from '../rows/batch';
import {
  cashOf,
  cashText,
  instrumentOf,
  marginOf,
  marginText,
  priceOf,
  priceText,
  scaleOf,
  sizeOf,
  sizeText,
  timeText,
} from '../rows/decimals';
import { jsonText, LISTED, type Row, select } from '../rows/rows';

interface Selected extends Record<'size' | 'cost' | 'bids' | 'asks' | 'gain' | 'settled' | 'realised', string> {
  readonly account: string;
  readonly instrument: string;
  readonly recent: string | null;
}

const readRecent = readerOf(RECENT_GAIN);

const COLUMNS =
  '"accountId" AS account, "instrumentId" AS instrument, "size"::text, "cost"::text, "bids"::text, "asks"::text, ' +
  '"gain"::text, "recent", "settled"::text, "realised"::text';

/** Positions of accounts that are in the book, in instruments that are known. */
export async function loadPositions(sql: Queries, state: State, ids: string): Promise<void> {
  const rows = await select<Selected>(
    sql,
    `SELECT ${COLUMNS} FROM ${LISTED} JOIN "Position" p ON p."accountId" = i."id"`,
    ids,
  );
  for (const row of rows) state.book.setPosition(row.account, row.instrument, positionOf(state, row));
}

/** Instruments in which any of the accounts has a position or an order. */
export async function instrumentsOf(sql: Queries, ids: string): Promise<InstrumentId[]> {
  const rows = await select<{ id: string }>(
    sql,
    `SELECT DISTINCT p."instrumentId" AS id FROM ${LISTED} JOIN "Position" p ON p."accountId" = i."id"`,
    ids,
  );
  return rows.map(({ id }) => id);
}

function positionOf(state: State, selected: Selected): Position {
  const { instrument: id, size, cost, bids, asks, gain, recent, settled, realised } = selected;
  const instrument = instrumentOf(state, id);
  const amount = (text: string): Cash => cashOf(state, instrument.settlement, text);
  const position = {
    size: sizeOf(instrument, size),
    cost: NO_CASH,
    bids: sizeOf(instrument, bids),
    asks: sizeOf(instrument, asks),
    gain: amount(gain),
    ...(recent === null ? {} : { recent: readRecent(JSON.parse(recent)) }),
  };
  return withSinceOpened(withCost(position, marginOf(state, instrument.settlement, cost)), {
    settled: amount(settled),
    realised: amount(realised),
  });
}

/** Open orders of accounts; `found` is told which have a row. */
export async function loadOrders(sql: Queries, state: State, ids: string, found?: Set<OrderId>): Promise<void> {
  const rows = await select<
    Record<'id' | 'account' | 'instrument' | 'size' | 'price', string> & { side: Order['side'] }
  >(
    sql,
    `SELECT o."id", "accountId" AS account, "instrumentId" AS instrument, "side", "size"::text, "price"::text
     FROM ${LISTED} JOIN "OpenOrder" o ON o."accountId" = i."id" ORDER BY o."id"`,
    ids,
  );
  for (const { id, account, instrument: instrumentId, side, size, price } of rows) {
    const instrument = instrumentOf(state, instrumentId);
    const order: Order = {
      id,
      account,
      instrument: instrumentId,
      side,
      size: sizeOf(instrument, size),
      price: priceOf(instrument, price),
    };
    found?.add(id);
    state.orders.set(id, order);
    state.ordersOf.set(account, (state.ordersOf.get(account) ?? new Set<string>()).add(id));
  }
}

export function onOrderPlaced({ orders }: Batch, { placed }: EventOf<'OrderPlaced'>, { at }: Moment): void {
  orders.set(placed.id, at);
}

export function onOrdersCancelled(batch: Batch, event: EventOf<'OrdersCancelled'>): void {
  for (const id of event.orders) touchOrder(batch, id);
}

/** An order that was filled or cancelled; one that was placed just now stays so. */
export function touchOrder({ orders }: Batch, id: OrderId): void {
  if (!orders.has(id)) orders.set(id, null);
}

export function writePositions(batch: Batch): void {
  const { state, rows, memory } = batch;
  for (const id of memory.touched) {
    const held = memory.accounts.get(id)?.positions;
    for (const [instrument, position] of state.book.positions(id)) {
      if (held?.get(instrument) !== position) rows.upsert('Position', positionRow(state, id, instrument, position));
    }
    for (const instrument of held?.keys() ?? []) {
      if (!state.book.position(id, instrument)) rows.remove('Position', { accountId: id, instrumentId: instrument });
    }
  }
  writeOrders(batch);
}

function positionRow(
  state: State,
  accountId: AccountId,
  instrumentId: InstrumentId,
  position: Position,
): Row<'Position'> {
  const instrument = instrumentOf(state, instrumentId);
  const { settled, realised } = sinceOpenedOf(position);
  return {
    accountId,
    instrumentId,
    size: sizeText(instrument, position.size),
    cost: costText(state, instrument.settlement, position),
    bids: sizeText(instrument, position.bids),
    asks: sizeText(instrument, position.asks),
    gain: cashText(state, instrument.settlement, position.gain),
    recent: position.recent ? toJson(position.recent) : null,
    settled: cashText(state, instrument.settlement, settled),
    realised: cashText(state, instrument.settlement, realised),
  };
}

/** What a position was entered at: where it is no whole number of units, with every digit of it. */
const costText = (state: State, currency: CurrencyId, position: Position): string =>
  position.fraction === undefined
    ? cashText(state, currency, position.cost)
    : marginText(state, currency, costOf(position));

/** An id may come back after its order has gone: an order placed now is a row of its own, whatever was there before. */
function writeOrders({ state, rows, orders, memory }: Batch): void {
  for (const [id, placedAt] of orders) {
    const order = state.orders.get(id);
    if (!order) {
      if (memory.orders.has(id)) rows.remove('OpenOrder', { id });
      continue;
    }
    const instrument = instrumentOf(state, order.instrument);
    const size = sizeText(instrument, order.size);
    if (placedAt === null) {
      rows.update('OpenOrder', { id, size });
      continue;
    }
    rows.upsert('OpenOrder', {
      id,
      accountId: order.account,
      instrumentId: order.instrument,
      side: order.side,
      size,
      price: priceText(instrument, order.price),
      at: timeText(placedAt),
    });
  }
}

/**
 * A loss period begins for accounts that no entry touches as well: what they are counted by is kept for the end of the
 * commit.
 */
export function onLossPeriodStarted({ state, periods }: Batch, { currency }: EventOf<'LossPeriodStarted'>): void {
  const marked: MarkedInstrument[] = [];
  for (const { instrument, mark } of state.listings.values()) {
    if (instrument.settlement !== currency) continue;
    const worth = mark && productOf(instrument).lotAt(instrument, mark.price);
    marked.push({
      instrument: instrument.id,
      lot: instrument.lot,
      above: worth && String(worth.numerator * MARGIN_PER_CASH),
      below: worth && String(worth.denominator),
    });
  }
  periods.set(currency, { marked, oldest: oldestOf(stableTermsOf(state, currency), state.now) });
}

/**
 * Sets the gains of all positions in a currency so that they count from the marks at which the period began.  Rule:
 * SL-2
 */
export async function startLossPeriods(sql: Queries, { state, periods }: Batch): Promise<void> {
  for (const [currency, { marked, oldest }] of periods) {
    const scale = scaleOf(state, currency);
    const terms = jsonText(marked);
    const from = `json_to_recordset($1::json) AS m("instrument" text, "lot" numeric, "above" numeric, "below" numeric)`;
    // What a position has gained in 1e-12 of a unit, then in whole units, rounded down: as the product of its contract
    // has it.
    const gained = `div(div(p."size", m."lot") * m."above", m."below") - p."cost" * $4::numeric`;
    const units = [scale, `1${'0'.repeat(scale + 12)}`, scale === 0 ? '1' : `0.${'0'.repeat(scale - 1)}1`];
    await sql.query('UPDATE "Account" SET "levied" = round(0, $2::int) WHERE "currency" = $1 AND "levied" <> 0', [
      currency,
      scale,
    ]);
    const gone = `coalesce((p."recent"::json->>'since')::bigint < $2, true)`;
    await sql.query(
      `DELETE FROM "Position" p USING ${from}
       WHERE p."instrumentId" = m."instrument" AND p."size" = 0 AND p."cost" = 0 AND p."bids" = 0 AND p."asks" = 0 AND
       ${gone}`,
      [terms, oldest],
    );
    await sql.query(
      `UPDATE "Position" p SET "gain" = round(coalesce(-floor((${gained}) * 0.000000000001) * $5::numeric, 0), $3::int),
         "recent" = CASE WHEN ${gone} THEN NULL ELSE p."recent" END FROM ${from}
       WHERE p."instrumentId" = m."instrument"`,
      [terms, oldest, ...units],
    );
  }
}
