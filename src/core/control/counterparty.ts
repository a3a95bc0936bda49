/**
 * Fills of liquidation orders, by a venue or a liquidator: whoever takes the other side takes on risk like any trader.
 * Rule: IM-1
 */

import { known } from '../../units/failure';
import { cash, size } from '../../units/quantity';
import type { CommandOf } from '../message/command';

import { type Checked, type Rejection } from '../message/rejection';

import type { Actor } from '../model/actor';
import type { View } from '../model/state';
import { checkLiquidationFill, type LiquidationFill } from '../settlement/closing/order';
import { checkTakeLiquidation, type Take } from '../settlement/ladder/takeLiquidation';
import { intentProblem } from './pretrade';

/** Errors, in order: those of the fill, then those of the pre-trade check of the counterparty. */
export function checkMarginedFill(view: View, command: CommandOf<'ReportLiquidationFill'>): Checked<LiquidationFill> {
  const fill = checkLiquidationFill(view, command);
  if (fill.rejection) return fill;
  const problem = counterpartyProblem(view, fill.ok);
  return problem ? { rejection: problem } : fill;
}

/** Errors, in order: those of the take, then those of the pre-trade check of the liquidator. */
export function checkMarginedTake(view: View, command: CommandOf<'TakeLiquidation'>, actor: Actor): Checked<Take> {
  const take = checkTakeLiquidation(view, command, actor);
  if (take.rejection) return take;
  const problem = counterpartyProblem(view, take.ok);
  return problem ? { rejection: problem } : take;
}

function counterpartyProblem(
  view: View,
  { order, counterparty, price, lots }: Omit<LiquidationFill, 'trade'>,
): Rejection | undefined {
  const listing = known(view.listings.get(order.instrument), 'Instrument', order.instrument);
  const opposite = size(order.size > 0n ? -lots : lots);
  return intentProblem(view, {
    account: counterparty,
    listing,
    lots: opposite,
    price,
    fee: cash(0n),
    order: null,
    siblingLots: size(0n),
    sibling: null,
  });
}
