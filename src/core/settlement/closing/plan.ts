/**
 * The plan of a liquidation step: which positions to reduce, by how much, and why.
 *
 * Order: the position that frees most maintenance margin per unit of cost first; of equals the larger notional, then
 * the smaller instrument id. A position whose closing frees nothing comes last, so a hedge that lowers margin is not
 * broken while anything else is left.  Rules: B2-1 to B2-3, LE-4
 */

import { known } from '../../../units/failure';
import {
  abs,
  type Cash,
  cash,
  compare,
  greatest,
  least,
  MARGIN_PER_CASH,
  minus,
  RATE_ONE,
  type Rate,
  rate,
  type Size,
  size,
} from '../../../units/quantity';
import { divDown } from '../../../units/rounding';
import { chargeRatesOf } from '../../margin/charges';
import type { Holding } from '../../margin/model/holding';
import { withPosition } from '../../margin/picture';
import { partOf } from '../../margin/requirement';
import { type Standing, standingOf } from '../../margin/standing';
import type { ReductionReason } from '../../model/liquidation';
import type { MarginPolicy } from '../../model/policy';
import type { Listing, View } from '../../model/state';
import { notionalOf } from '../../position/value';
import { ladderFor } from '../../reference/disposalLadders';
import { afterClosing, type Cost, fewestLots, reducedBy, reliefOf } from './reduction';
import { restOf } from './rest';
import { lotsByShare, sidesOf } from './stepShare';

export interface Reduction {
  readonly holding: Holding;
  readonly lots: Size; // to close, without sign
  readonly reason: ReductionReason;
}

/** What closing the holding costs under the policy. */
export function costOf(view: View, standing: Standing, holding: Holding, policy: MarginPolicy): Cost {
  return { ...chargeRatesOf(view, standing, holding, policy), slippage: policy.liquidation.slippage };
}

/**
 * What may be closed now: what is live and traded. While anything else stands still, nothing whose closing frees no
 * margin: it may be a hedge of that.  Rules: RLM-4; ruling 13
 */
export function closableOf({ picture }: Pick<Standing, 'picture'>): Holding[] {
  const held = picture.holdings.filter(({ position }) => position.size !== 0n);
  const live = held.filter(({ frozen }) => !frozen);
  return live.length === held.length ? live : live.filter((holding) => partOf(picture, holding).maintenance > 0n);
}

export function planReductions(view: View, standing: Standing): Reduction[] {
  const policy = known(standing.picture.policy, 'Margin policy', standing.picture.account.policy);
  const plan: Reduction[] = [];
  let now = standing;
  for (const { holding } of ranked(view, standing, policy)) {
    const cost = costOf(view, now, holding, policy);
    const reduction = smallest(now, holding, policy, cost);
    if (reduction.lots === 0n) break;
    // On a ladder each rung has slices of its own.
    plan.push(ladderFor(view, holding.instrument) ? reduction : staged(view, standing, reduction, policy));
    if (reduction.reason !== 'CANNOT_RESTORE') break;
    now = closedWhole(now, holding, cost);
  }
  return plan;
}

/**
 * Everything an account holds that is live, because its member is in default and it did not move: all at once, large
 * positions in steps.
 */
export function planCloseOut(view: View, standing: Standing): Reduction[] {
  const policy = known(standing.picture.policy, 'Margin policy', standing.picture.account.policy);
  return closableOf(standing)
    .map((holding): Reduction => ({ holding, lots: abs(holding.position.size), reason: 'MEMBER_DEFAULT' }))
    .map((reduction) =>
      ladderFor(view, reduction.holding.instrument) ? reduction : staged(view, standing, reduction, policy),
    );
}

/**
 * The fewest lots of a holding that restore the target; all of it where that cannot be, or would leave too little.
 * B2-3
 */
function smallest(standing: Standing, holding: Holding, policy: MarginPolicy, cost: Cost): Reduction {
  const all = abs(holding.position.size);
  const lots = fewestLots(standing, holding, policy.target, cost);
  if (lots === undefined) return { holding, lots: all, reason: 'CANNOT_RESTORE' };
  if (leavesTooLittle(standing, holding, lots, policy)) return { holding, lots: all, reason: 'REMAINDER_TOO_SMALL' };
  return { holding, lots, reason: 'RESTORES_TARGET' };
}

/** What a method asks for besides fee and penalty: paid by the account, so that more has to be closed. */
export interface Extra {
  readonly flat: Cash;
  readonly rate: Rate; // of the notional closed, instead of slippage where it is more
}

export const NO_EXTRA: Extra = { flat: cash(0n), rate: rate(0n) };

/**
 * How much of one holding has to be closed by a method, so that the account is at its target once the method is paid.
 */
export function reductionBy(
  view: View,
  standing: Standing,
  holding: Holding,
  policy: MarginPolicy,
  extra: Extra,
): Reduction {
  const cost = costOf(view, standing, holding, policy);
  const charged = minus(standing.equity, (extra.flat * MARGIN_PER_CASH) as typeof standing.equity);
  return smallest({ ...standing, equity: charged }, holding, policy, {
    ...cost,
    slippage: greatest(cost.slippage, extra.rate),
  });
}

function ranked(view: View, standing: Standing, policy: MarginPolicy): { holding: Holding; cost: Cost }[] {
  return closableOf(standing)
    .map((holding) => {
      const cost = costOf(view, standing, holding, policy);
      return {
        holding,
        cost,
        ...reliefOf(standing, holding, cost),
        notional: notionalOf(holding.instrument, abs(holding.position.size), holding.mark),
      };
    })
    .sort(
      (a, b) =>
        byRelief(a, b) || compare(b.notional, a.notional) || compare(a.holding.instrument.id, b.holding.instrument.id),
    );
}

type Relief = ReturnType<typeof reliefOf>;

// More margin freed per unit spent comes first; what costs nothing is compared by what it frees.
const byRelief = (a: Relief, b: Relief): number =>
  a.spent === 0n || b.spent === 0n ? compare(b.freed, a.freed) : compare(b.freed * a.spent, a.freed * b.spent);

/** A remainder below the smallest position worth keeping is closed too.  B2-3 */
function leavesTooLittle(standing: Standing, holding: Holding, lots: Size, policy: MarginPolicy): boolean {
  if (lots === abs(holding.position.size)) return false;
  return sidesOf(standing, holding, policy, lots).some((side) => side < policy.liquidation.minimumRemainder);
}

/** The standing with a holding gone, at its cost. */
function closedWhole(standing: Standing, holding: Holding, cost: Cost): Standing {
  const lots = abs(holding.position.size);
  const { equity } = afterClosing(standing, holding, lots, cost);
  return { ...standingOf(withPosition(standing.picture, reducedBy(holding, lots))), equity };
}

/**
 * Large reductions go out in steps: no larger than the policy's notional, its share of the position, or its share of
 * the stated depth, or that of a rung.  LE-4
 */
export function staged(
  view: View,
  standing: Standing,
  reduction: Reduction,
  policy: MarginPolicy,
  share: Rate | null = null,
): Reduction {
  const { holding } = reduction;
  const perLot = notionalOf(holding.instrument, size(1n), holding.mark);
  let most = reduction.lots;
  const { maximumStepNotional, maximumShareOfDepth } = policy.liquidation;
  if (maximumStepNotional !== null && perLot > 0n)
    most = least(most, size(atLeastOne(divDown(maximumStepNotional, perLot))));
  const free = restOf(view, standing.picture.account.id, policy) === 'WHOLE';
  const part = free ? undefined : lotsByShare(standing, holding, policy, costOf(view, standing, holding, policy));
  if (part !== undefined) most = least(most, size(atLeastOne(part)));
  const depth = depthFor(
    known(view.listings.get(holding.instrument.id), 'Instrument', holding.instrument.id),
    holding.position.size > 0n,
  );
  for (const limit of [maximumShareOfDepth, share]) {
    if (limit !== null && depth !== null) most = least(most, size(atLeastOne(divDown(depth * limit, RATE_ONE))));
  }
  return most < reduction.lots ? { ...reduction, lots: most, reason: 'STAGED' } : reduction;
}

const atLeastOne = (lots: bigint): bigint => (lots > 0n ? lots : 1n);

/** Lots the venue states on the side that a closing order meets. */
export const depthFor = ({ depth }: Listing, sells: boolean): bigint | null =>
  depth === null ? null : sells ? depth.bids : depth.asks;
