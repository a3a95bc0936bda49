/** Novated trades, and settlement runs with what each account received or paid.  Rules: LCS-1, LCS-3, DS-2, PS-5 */

import type { EventOf } from '../../core/message/event';
import type { Priced } from '../../core/message/position';
import { known } from '../../units/failure';
import type { Instant } from '../../units/quantity';
import type { Batch, Moment } from '../rows/batch';
import { cashText, instrumentOf, orNull, priceText, rateText, sizeText, timeText } from '../rows/decimals';
import type { Row } from '../rows/rows';
import { touchOrder } from './positions';

export function onTradeCleared(batch: Batch, event: EventOf<'TradeCleared'>, { seq, at, place }: Moment): void {
  const { rows, state } = batch;
  for (const { order } of event.orders) touchOrder(batch, order);
  const instrument = instrumentOf(state, event.instrument);
  rows.insert('Trade', {
    id: event.trade,
    seq,
    place,
    at: timeText(at),
    executedAt: event.executedAt === undefined ? null : timeText(event.executedAt),
    venueId: event.venue ?? null,
    number: event.number === undefined ? null : String(event.number),
    instrumentId: event.instrument,
    buyerId: event.buyer,
    sellerId: event.seller,
    price: priceText(instrument, event.price),
    size: sizeText(instrument, event.size),
    taker: event.taker,
    liquidation: false,
  });
}

/** A fill of a liquidation order is a trade like any other, marked as what it is.  Rule: ALT-4 */
export function tradeOfFill(
  { rows, state }: Batch,
  event: EventOf<'LiquidationOrderFilled'>,
  { seq, at, place }: Moment,
): void {
  const instrument = instrumentOf(state, event.instrument);
  const buys = event.size > 0n;
  rows.insert('Trade', {
    id: event.trade,
    seq,
    place,
    at: timeText(at),
    executedAt: null,
    venueId: null,
    number: null,
    instrumentId: event.instrument,
    buyerId: buys ? event.account : event.counterparty,
    sellerId: buys ? event.counterparty : event.account,
    price: priceText(instrument, event.price),
    size: sizeText(instrument, buys ? event.size : -event.size),
    taker: null,
    liquidation: true,
  });
}

const pricedRow = (
  priced: Priced | undefined,
): Pick<Row<'SettlementRun'>, 'pricedBy' | (`window${string}` & keyof Row<'SettlementRun'>)> => ({
  pricedBy: priced?.by ?? null,
  windowFrom: orNull(priced?.from ?? null, timeText),
  windowUntil: orNull(priced?.until ?? null, timeText),
  windowLiveMs: priced?.live ?? null,
});

/** What the index says when the window of a last price begins, and whenever it says something else.  EX-1 */
export const onSettlementWindowOpened = (
  batch: Batch,
  { instrument, averaging: { index, price, since } }: EventOf<'SettlementWindowOpened'>,
  moment: Moment,
): void => sample(batch, { instrument, index, price, at: since }, moment);

export const onSettlementPriceSampled = (
  batch: Batch,
  event: EventOf<'SettlementPriceSampled'>,
  moment: Moment,
): void => sample(batch, { ...event, at: moment.at }, moment);

function sample(
  { rows, state }: Batch,
  {
    instrument,
    index,
    price,
    at,
  }: Pick<EventOf<'SettlementPriceSampled'>, 'instrument' | 'index' | 'price'> & { readonly at: Instant },
  { seq, place }: Moment,
): void {
  const terms = known(state.indices.get(index), 'Index', index).index;
  rows.insert('SettlementSample', {
    seq,
    place,
    at: timeText(at),
    instrumentId: instrument,
    indexId: index,
    price: orNull(price, (ticks) => priceText(terms, ticks)),
  });
}

const KINDS = { VariationSettled: 'VARIATION', FundingSettled: 'FUNDING', InstrumentExpired: 'EXPIRY' } as const;

export function onSettled(
  { rows, state }: Batch,
  event: EventOf<keyof typeof KINDS>,
  { seq, at, place }: Moment,
): void {
  const { run } = event;
  rows.insert('SettlementRun', {
    seq,
    place,
    at: timeText(at),
    kind: KINDS[event.type],
    instrumentId: event.instrument,
    currency: event.currency,
    price: priceText(instrumentOf(state, event.instrument), event.price),
    rate: event.type === 'FundingSettled' ? rateText(event.rate) : null,
    inputs: run.inputs,
    outputs: run.outputs,
    previous: run.previous,
    hash: run.hash,
    rule: run.rule,
    ...pricedRow(event.type === 'InstrumentExpired' ? event.priced : undefined),
  });
  for (const { account, amount } of event.lines) {
    rows.insert('SettlementLine', { seq, place, accountId: account, amount: cashText(state, event.currency, amount) });
  }
}
