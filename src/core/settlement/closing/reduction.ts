/**
 * How much of a position to close: the smallest number of lots after which the account stands at its target again, at
 * the mark less the slippage allowed for and after fee and penalty.  Rules: B2-1, B2-2, B2-3
 *
 * The surplus over the target is, tier by tier, a straight line in the lots closed, so the answer is solved and then
 * confirmed with the very figures that decide: n lots restore, n - 1 do not. Upper tiers free more than lower ones, so
 * the surplus may rise and then fall again where closing costs more than the lowest tier frees: its peak is looked for
 * first.
 */

import {
  abs,
  MARGIN_PER_CASH,
  type Margin,
  margin,
  minus,
  plus,
  RATE_ONE,
  type Rate,
  rate,
  type Size,
  size,
} from '../../../units/quantity';
import { divUp } from '../../../units/rounding';
import { EMPTY_POSITION } from '../../book/exposure';
import { isBelow } from '../../margin/level';
import type { Holding } from '../../margin/model/holding';
import type { Requirement } from '../../margin/model/model';
import { freedBy, guessFewestLots } from '../../margin/model/models';
import { partOf } from '../../margin/requirement';
import type { Standing } from '../../margin/standing';
import type { MarginLevel } from '../../model/policy';
import { notionalOf } from '../../position/value';
import { productOf } from '../../product/products';

/**
 * What closing one lot costs, as rates on its notional at the mark; each is rounded up by itself, as it will be
 * charged.
 */
export interface Cost {
  readonly fee: Rate;
  readonly penalty: Rate;
  readonly slippage: Rate;
}

export const rateOfCost = ({ fee, penalty, slippage }: Cost): Rate => plus(plus(fee, penalty), slippage);

/** Equity, requirement and the like as they would be after closing `lots` (without sign) of a holding. */
export function afterClosing(
  standing: Standing,
  holding: Holding,
  lots: Size,
  cost: Cost,
): { equity: Margin } & Requirement {
  const freed = freedBy(standing.picture.holdings, holding, lots);
  const notional = notionalOf(holding.instrument, lots, holding.mark);
  const spent = [cost.fee, cost.penalty, cost.slippage].reduce(
    (sum, each) => sum + divUp(notional * each, RATE_ONE),
    0n,
  );
  return {
    equity: margin(standing.equity - spent * MARGIN_PER_CASH),
    initial: minus(standing.initial, freed.initial),
    maintenance: minus(standing.maintenance, freed.maintenance),
  };
}

/** The holding with fewer lots; its orders are gone before any position is touched.  B2-4 */
export function reducedBy(holding: Holding, lots: Size): Holding {
  const { position } = holding;
  const left = position.size > 0n ? position.size - lots : position.size + lots;
  return { ...holding, position: { ...EMPTY_POSITION, size: size(left), cost: position.cost } };
}

/** The fewest lots of the holding whose closing restores the target; undefined where no number of them does. */
export function fewestLots(standing: Standing, holding: Holding, target: MarginLevel, cost: Cost): Size | undefined {
  const all = abs(holding.position.size);
  const restores = (lots: bigint): boolean => {
    const after = afterClosing(standing, holding, size(lots), cost);
    return !isBelow(after.equity, target, after);
  };
  const guess = solveLots(standing, holding, target, cost);
  if (guess !== undefined && restores(guess) && (guess === 0n || !restores(guess - 1n))) return size(guess);
  const best = restores(all) ? all : mostSurplus(standing, holding, target, cost);
  return restores(best) ? size(search(restores, 0n, best)) : undefined;
}

/**
 * Where the closed form does not fit to the lot (rounding, or tiers shared with other accounts): halving, on whole
 * lots.
 */
function search(restores: (lots: bigint) => boolean, from: bigint, to: bigint): bigint {
  let [low, high] = [from - 1n, to];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (restores(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * The lots after whose closing the surplus over the target is largest: it rises up to there and falls after, so halving
 * finds it.
 */
function mostSurplus(standing: Standing, holding: Holding, target: MarginLevel, cost: Cost): bigint {
  const { instrument, mark } = holding;
  const perLot = productOf(instrument).lotAt(instrument, mark);
  const surplus = (lots: bigint): bigint => {
    const after = afterClosing(standing, holding, size(lots), NO_COST);
    const spent = lots * abs(perLot.numerator) * rateOfCost(cost) * MARGIN_PER_CASH;
    // Without rounding, over one denominator: rounded costs would make steps where there are none.
    const common = target.reduce((all, { ratio }) => all * ratio.denominator, RATE_ONE * perLot.denominator);
    return target
      .map(({ base, ratio }) => {
        const required = base === 'INITIAL' ? after.initial : after.maintenance;
        return (
          after.equity * common -
          spent * (common / (RATE_ONE * perLot.denominator)) -
          required * ratio.numerator * (common / ratio.denominator)
        );
      })
      .reduce((least, next) => (next < least ? next : least));
  };
  let [low, high] = [0n, abs(holding.position.size) as bigint];
  while (low < high) {
    const middle = (low + high) / 2n;
    if (surplus(middle + 1n) > surplus(middle)) low = middle + 1n;
    else high = middle;
  }
  return low;
}

const NO_COST: Cost = { fee: rate(0n), penalty: rate(0n), slippage: rate(0n) };

/** Every term of the target must hold: the largest of their answers. */
function solveLots(standing: Standing, holding: Holding, target: MarginLevel, cost: Cost): bigint | undefined {
  let most = 0n;
  for (const term of target) {
    const lots = guessFewestLots(standing.picture.holdings, holding, {
      ...standing,
      term,
      rateOfCost: rateOfCost(cost),
    });
    if (lots === undefined) return undefined;
    if (lots > most) most = lots;
  }
  return most;
}

/** Margin freed per unit of cost when the whole holding is closed, for ranking: a fraction.  B2-3 */
export function reliefOf(
  { picture }: Standing,
  holding: Holding,
  cost: Cost,
): { readonly freed: bigint; readonly spent: bigint } {
  const notional = notionalOf(holding.instrument, abs(holding.position.size), holding.mark);
  return { freed: partOf(picture, holding).maintenance, spent: notional * rateOfCost(cost) };
}
