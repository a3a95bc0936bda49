/**
 * What a liquidation costs besides the loss: a cost fee and a penalty, each its own rate on the notional closed at the
 * mark. They shrink to what the account can pay; they never make it negative.  Rules: LF-1, LF-3 to LF-5, LP-1 to LP-3;
 * Ruling 9
 */

import { known } from '../../units/failure';
import {
  abs,
  type Cash,
  cash,
  greatest,
  type Instant,
  least,
  plus,
  RATE_ONE,
  type Rate,
  rate,
  type Size,
} from '../../units/quantity';
import { divUp } from '../../units/rounding';
import type { LiquidationTerms, MarginPolicy } from '../model/policy';
import type { View } from '../model/state';
import { notionalOf } from '../position/value';
import { fundRateOf } from './fundRate';
import type { Holding } from './model/holding';
import type { Picture } from './picture';
import type { Standing } from './standing';

export interface ChargeRates {
  readonly fee: Rate; // with what is added for the fund
  readonly penalty: Rate;
}

export interface ChargesDue {
  readonly closed: Cash; // notional at the mark
  readonly feeDue: Cash;
  readonly penaltyDue: Cash;
}

/** How many earlier liquidations count against the account now.  LP-2 */
export function repeatsOf(view: View, picture: Picture, policy: MarginPolicy): number {
  const since = view.now - policy.liquidation.repeatWindow;
  const starts = view.book.stateOf(picture.account.id).liquidations.filter((start: Instant) => start > since);
  // A running liquidation is among them and is not its own repetition.
  const running = view.liquidationOf.has(picture.account.id) ? 1 : 0;
  return Math.max(0, starts.length - running);
}

/** What equity over maintenance margin adds to the penalty: the last tier it has fallen below.  LP-2 */
export function severityOf(
  { severityTiers = [] }: LiquidationTerms,
  { equity, maintenance }: Pick<Standing, 'equity' | 'maintenance'>,
): Rate {
  const tier = severityTiers.findLast(({ below }) => equity * RATE_ONE < maintenance * below);
  return tier?.rate ?? rate(0n);
}

/** What holds of it for an account: as its liquidation started, or as it would if it started now. */
function severityNow(view: View, standing: Standing, { liquidation: terms }: MarginPolicy): Rate {
  if (!terms.severityTiers?.length) return rate(0n);
  const running = view.liquidationOf.get(standing.picture.account.id);
  return running === undefined ? severityOf(terms, standing) : (view.liquidations.get(running)?.severity ?? rate(0n));
}

/**
 * The rates that hold for closing a position: the penalty by the position's whole notional, by severity and by
 * repetition; the fee with what the fund may add to it.
 */
export function chargeRatesOf(view: View, standing: Standing, holding: Holding, policy: MarginPolicy): ChargeRates {
  const { picture } = standing;
  const terms = policy.liquidation;
  const notional = notionalOf(holding.instrument, abs(holding.position.size), holding.mark);
  const tier = terms.penaltyTiers.findLast(({ floor }) => notional >= floor);
  const repeats = repeatsOf(view, picture, policy);
  const surcharge = terms.repeatSurcharge * BigInt(Math.min(repeats, terms.repeatMaximum));
  const penalty = rate((tier?.rate ?? 0n) + severityNow(view, standing, policy) + surcharge);
  return { fee: plus(terms.feeRate, fundRateOf(standing, holding, policy, penalty)), penalty };
}

/** Due on closing `lots` (without sign): rate x notional at the mark, rounded up, each its own line. */
export function chargesDue(holding: Holding, lots: Size, rates: ChargeRates): ChargesDue {
  const closed = notionalOf(holding.instrument, lots, holding.mark);
  return {
    closed,
    feeDue: cash(divUp(closed * rates.fee, RATE_ONE)),
    penaltyDue: cash(divUp(closed * rates.penalty, RATE_ONE)),
  };
}

/** What can be charged out of `affordable`: the cost fee first, then the penalty.  LF-3, LP-1, LP-3 */
export function affordableCharges(due: ChargesDue, affordable: Cash): { fee: Cash; penalty: Cash } {
  const purse = greatest(affordable, cash(0n));
  const fee = least(due.feeDue, purse);
  return { fee, penalty: least(due.penaltyDue, cash(purse - fee)) };
}

/** Fee and penalty if every position were closed out at the mark now, before they shrink.  LF-4 */
export function chargesPreviewOf(view: View, standing: Standing): (ChargesDue & { readonly instrument: string })[] {
  const { picture } = standing;
  const policy = known(picture.policy, 'Margin policy', picture.account.policy);
  return picture.holdings
    .filter(({ position }) => position.size !== 0n)
    .map((holding) => {
      const rates = chargeRatesOf(view, standing, holding, policy);
      return { instrument: holding.instrument.id, ...chargesDue(holding, abs(holding.position.size), rates) };
    });
}
