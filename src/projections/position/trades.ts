/** Novated trades, and settlement runs with what each account received or paid.  Rules: LCS-1, LCS-3, DS-2, PS-5 */

import type { EventOf } from '../../core/message/event';
import type { Batch, Moment } from '../rows/batch';
import { cashText, instrumentOf, priceText, rateText, sizeText, timeText } from '../rows/decimals';
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
    instrumentId: event.instrument,
    buyerId: buys ? event.account : event.counterparty,
    sellerId: buys ? event.counterparty : event.account,
    price: priceText(instrument, event.price),
    size: sizeText(instrument, buys ? event.size : -event.size),
    taker: null,
    liquidation: true,
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
  });
  for (const { account, amount } of event.lines) {
    rows.insert('SettlementLine', { seq, place, accountId: account, amount: cashText(state, event.currency, amount) });
  }
}
