/**
 * Steps bounded by a share of what is there: of the position, or of what is owed behind it. Of a loan the debt is what
 * a step repays, and the collateral given for it is worth more, for it pays the charges too.  Rule: LE-4
 */

import { abs, type Cash, minus, RATE_ONE, type Size, size } from '../../../units/quantity';
import { divDown } from '../../../units/rounding';
import type { Holding } from '../../margin/model/holding';
import { usedEquityOf } from '../../margin/solve';
import type { Standing } from '../../margin/standing';
import type { MarginPolicy, StepShareBase } from '../../model/policy';
import { notionalOf } from '../../position/value';
import { type Cost, rateOfCost } from './reduction';

interface Base {
  /** What has to be large enough to be bounded, and to be left: all of it, once so many lots are closed. */
  sides(standing: Standing, holding: Holding, closed: Size): readonly Cash[];
  /** Lots whose closing takes a share of it. */
  lots(standing: Standing, holding: Holding, share: bigint, cost: Cost): bigint;
}

const left = ({ position }: Holding, closed: Size): Size => size(abs(position.size) - closed);

const worthLeft = (holding: Holding, closed: Size): Cash =>
  notionalOf(holding.instrument, left(holding, closed), holding.mark);

/** What the position is worth beyond the equity that stands behind all of it. */
const owedFor = (standing: Standing, holding: Holding, closed: Size): Cash =>
  minus(worthLeft(holding, closed), usedEquityOf(standing, holding, abs(holding.position.size)));

const BASES: { readonly [Name in StepShareBase]: Base } = {
  POSITION: {
    sides: (_, holding, closed) => [worthLeft(holding, closed)],
    lots: (_, { position }, share) => divDown(abs(position.size) * share, RATE_ONE),
  },
  DEBT: {
    sides: (standing, holding, closed) => [worthLeft(holding, closed), owedFor(standing, holding, closed)],
    lots(standing, holding, share, cost) {
      const repaid = notionalOf(holding.instrument, abs(holding.position.size), holding.mark);
      const kept = RATE_ONE - rateOfCost(cost); // of what is closed
      const debt = owedFor(standing, holding, size(0n));
      if (repaid <= 0n || kept <= 0n) return abs(holding.position.size);
      return divDown(debt * share * abs(holding.position.size), repaid * kept);
    },
  },
};

const baseOf = ({ liquidation }: MarginPolicy): Base => BASES[liquidation.stepShareOf ?? 'POSITION'];

export const sidesOf = (standing: Standing, holding: Holding, policy: MarginPolicy, closed: Size): readonly Cash[] =>
  baseOf(policy).sides(standing, holding, closed);

/**
 * The lots a step may close by share; undefined where it bounds nothing: only what is large is bound, and only while
 * equity has not fallen too far, where the policy says so.
 */
export function lotsByShare(
  standing: Standing,
  holding: Holding,
  policy: MarginPolicy,
  cost: Cost,
): bigint | undefined {
  const { maximumStepShare, stepShareAbove = null, wholeBelow = null } = policy.liquidation;
  if (maximumStepShare === undefined) return undefined;
  const { equity, maintenance } = standing;
  if (wholeBelow !== null && equity * RATE_ONE < maintenance * wholeBelow) return undefined;
  const sides = stepShareAbove === null ? [] : sidesOf(standing, holding, policy, size(0n));
  if (sides.some((side) => side <= (stepShareAbove ?? 0n))) return undefined;
  return baseOf(policy).lots(standing, holding, maximumStepShare, cost);
}
