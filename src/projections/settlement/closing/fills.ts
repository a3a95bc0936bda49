/**
 * Reductions that were carried out, by a venue's fill or by take-over, and collateral that was converted.  Rules: LF-1
 * to LF-4, LP-1, LE-4; Rulings 9 and 10
 */

import type { EventOf } from '../../../core/message/event';
import type { AccountId } from '../../../core/model/account';
import { shownValueOf } from '../../../core/position/value';
import { indexIdOf } from '../../../core/reference/indices';
import { known } from '../../../units/failure';
import { plus } from '../../../units/quantity';
import { tradeOfFill } from '../../position/trades';
import type { Batch, Moment } from '../../rows/batch';
import { cashText, instrumentOf, priceText, sizeText, timeText } from '../../rows/decimals';
import type { Row } from '../../rows/rows';
import { touchLiquidation, touchLiquidationOrder } from './liquidations';

export function onLiquidationOrderFilled(batch: Batch, event: EventOf<'LiquidationOrderFilled'>, moment: Moment): void {
  const { state, rows } = batch;
  const instrument = instrumentOf(state, event.instrument);
  touchLiquidationOrder(batch, event.order);
  tradeOfFill(batch, event, moment);
  rows.insert('LiquidationFill', {
    kind: 'FILL',
    orderId: event.order,
    liquidationId: event.liquidation,
    counterpartyId: event.counterparty,
    price: priceText(instrument, event.price),
    value: cashText(state, instrument.settlement, shownValueOf(instrument, event.size, event.price)),
    ...commonOf(batch, event, moment),
  });
  if (event.liquidation !== null) addUp(batch, event.liquidation, event);
}

export const onPositionTakenOver = (batch: Batch, event: EventOf<'PositionTakenOver'>, moment: Moment): void =>
  assigned(batch, event, moment, 'TAKE_OVER', event.receiver);

/** A provider takes part of a position over, as the house does. */
export const onBackstopAssigned = (batch: Batch, event: EventOf<'BackstopAssigned'>, moment: Moment): void =>
  assigned(batch, event, moment, 'BACKSTOP', event.provider);

/** One position of a share of a portfolio: orders that were to close the same lots are filled by it. */
export function onPortfolioPositionTaken(batch: Batch, event: EventOf<'PortfolioPositionTaken'>, moment: Moment): void {
  for (const { order } of event.orders) touchLiquidationOrder(batch, order);
  assigned(batch, event, moment, 'PORTFOLIO', event.taker);
}

/** Lots of an account on its ladder that were closed against holders of the other side. */
export function fillOfDeleveraging(
  batch: Batch,
  { decided, charges, carried }: EventOf<'DeleveragingDecided'>,
  moment: Moment,
): void {
  const { account, instrument, liquidation, size } = decided;
  if (liquidation === null || charges === null || carried === null) return;
  assigned(batch, { account, instrument, liquidation, size, charges, ...carried }, moment, 'DELEVERAGING', null);
}

type Assignment = Reduction & Pick<EventOf<'PositionTakenOver'>, 'liquidation' | 'value'>;

/** A reduction at no price of a venue: to the house, a provider, a taker, or against the other side. */
function assigned(batch: Batch, event: Assignment, moment: Moment, kind: string, counterparty: AccountId | null): void {
  const { settlement } = instrumentOf(batch.state, event.instrument);
  batch.rows.insert('LiquidationFill', {
    ...{ kind, orderId: null, liquidationId: event.liquidation, counterpartyId: counterparty, price: null },
    value: cashText(batch.state, settlement, event.value),
    ...commonOf(batch, event, moment),
  });
  addUp(batch, event.liquidation, event);
}

type Reduction = Pick<
  EventOf<'PositionTakenOver'>,
  'account' | 'instrument' | 'size' | 'mark' | 'charges' | 'slippage'
>;
type Own = 'kind' | 'orderId' | 'liquidationId' | 'counterpartyId' | 'price' | 'value';

function commonOf({ state }: Batch, event: Reduction, { seq, at, place }: Moment): Omit<Row<'LiquidationFill'>, Own> {
  const { charges, slippage } = event;
  const instrument = instrumentOf(state, event.instrument);
  const money = (amount: typeof charges.fee): string => cashText(state, instrument.settlement, amount);
  return {
    seq,
    place,
    at: timeText(at),
    accountId: event.account,
    instrumentId: event.instrument,
    size: sizeText(instrument, event.size),
    mark: priceText(instrument, event.mark),
    closed: money(charges.closed),
    fee: money(charges.fee),
    feeDue: money(charges.feeDue),
    penalty: money(charges.penalty),
    penaltyDue: money(charges.penaltyDue),
    policyVersion: charges.policyVersion,
    slippageMark: money(slippage.mark),
    slippageTrigger: money(slippage.trigger),
    slippageBankruptcy: money(slippage.bankruptcy),
  };
}

function addUp(batch: Batch, liquidation: string, { charges, slippage }: Reduction): void {
  const record = touchLiquidation(batch, liquidation);
  record.closed = plus(record.closed, charges.closed);
  record.fee = plus(record.fee, charges.fee);
  record.penalty = plus(record.penalty, charges.penalty);
  record.slippage = plus(record.slippage, slippage.mark);
}

export function onCollateralConverted(
  { state, rows }: Batch,
  event: EventOf<'CollateralConverted' | 'KeptCollateralSold'>,
  { seq, at, place }: Moment,
): void {
  const own = known(state.book.account(event.account), 'Account', event.account).currency;
  const { index } = known(state.indices.get(indexIdOf(event.currency, own)), 'Index', event.currency);
  rows.insert('CollateralConversion', {
    seq,
    place,
    at: timeText(at),
    accountId: event.account,
    currency: event.currency,
    amount: cashText(state, event.currency, event.amount),
    proceeds: cashText(state, own, event.proceeds),
    price: priceText(index, event.price),
  });
}
