/** Whether terms that are replaced let accounts go further than before, field by field. */

import { MOST_CASH } from '../../units/bounds';
import { type Cash, cash } from '../../units/quantity';
import { compareRatios } from '../../units/ratio';
import { type CollateralInForce, type CollateralTerms, type CountedFor, weightOf } from '../model/collateral';
import type { MarketLimits } from '../model/deleveraging';
import type { OpenInterestRamp, OpenInterestTerms } from '../model/openInterest';
import type { MarginPolicy } from '../model/policy';
import type { TierSchedule } from '../model/tiers';
import { dominates, frozenShareOf } from '../reference/policies';
import { lowersVariants } from '../reference/tierVariants';
import { anyFieldAlone } from './anyFieldAlone';
import { loosensLiquidation } from './looserLiquidation';

/**
 * Whether collateral counts for more or for longer, costs the house more when it takes it over, or may be deposited
 * where it could not. What accounts hold counts by its haircut whether or not more of it may come in.
 */
export function loosensCollateral(before: CollateralTerms | undefined, after: CollateralTerms): boolean {
  if (!before) return after.eligible;
  return anyFieldAlone(
    before,
    after,
    (was, is) =>
      countsLess(was, is, 'MAINTENANCE') ||
      countsLess(was, is, 'OPENING') ||
      is.conversionDiscount < was.conversionDiscount ||
      countsLonger(was, is) ||
      countsBeside(was, is),
  );
}

/** Whether any amount counts for less than by others: weights are straight between the ends of brackets. */
export function countsLess(
  terms: CollateralInForce | undefined,
  others: CollateralInForce | undefined,
  counted: CountedFor,
): boolean {
  const ends = [terms, others].flatMap((of): Cash[] => [
    ...(of?.brackets ?? []).map(({ above }) => above),
    ...(of?.accountLimit === undefined ? [] : [of.accountLimit]),
  ]);
  return [...ends, cash(MOST_CASH)].some(
    (amount) => weightOf(terms, amount, counted) < weightOf(others, amount, counted),
  );
}

/** Whether more of it counts although others hold much of it, or the account is long in it. */
const countsBeside = (was: CollateralTerms, is: CollateralTerms): boolean =>
  (was.houseLimit !== undefined && (is.houseLimit === undefined || is.houseLimit > was.houseLimit)) ||
  (is.wrongWayHaircut ?? 0n) < (was.wrongWayHaircut ?? 0n);

/** Whether it backs new risk again, or counts for what is open beyond the run-off date that it had.  Ruling 11 */
function countsLonger(was: CollateralTerms, is: CollateralTerms): boolean {
  if (was.eligible || is.eligible) return is.eligible && !was.eligible;
  return was.runOffDate !== undefined && (is.runOffDate === undefined || is.runOffDate > was.runOffDate);
}

/** Whether limits let more in than before. */
export const loosensLimits = (before: MarketLimits | undefined, after: MarketLimits): boolean =>
  before !== undefined &&
  anyFieldAlone(before, after, (was, is) =>
    (['openInterestShare', 'positionShare'] as const).some((share) => {
      const [old, fresh] = [was[share], is[share]];
      return old !== null && (fresh === null || is.float * fresh > was.float * old);
    }),
  );

/** Whether new risk may need less margin than before at some open interest, or be asked for more of it later. */
export function loosensScaling(before: OpenInterestTerms | undefined, after: OpenInterestTerms): boolean {
  const [was, is] = [before?.ramp, after.ramp];
  if (!was) return false;
  return is === null || anyFieldAlone(was, is, loosensRamp);
}

const loosensRamp = (was: OpenInterestRamp, is: OpenInterestRamp): boolean =>
  is.lowerCap > was.lowerCap || is.upperCap > was.upperCap || is.interval > was.interval;

/**
 * Whether any notional, or a contract whatever its price, would need less margin than before, or a larger one be
 * allowed: tables are straight between their borders, so those decide.
 */
export function lowersTiers(before: TierSchedule | null, after: TierSchedule): boolean {
  if (!before) return false;
  const [limit, widened] = [before.tiers.at(-1)?.cap ?? null, after.tiers.at(-1)?.cap ?? null];
  if (limit !== null && (widened === null || widened > limit)) return true;
  if (
    (['initialPerContract', 'maintenancePerContract'] as const).some(
      (least) => (after[least] ?? 0n) < (before[least] ?? 0n),
    )
  )
    return true;
  if (lowersVariants(before, after)) return true;
  const borders = [...before.tiers, ...after.tiers].flatMap(({ floor, cap }) =>
    cap === null ? [floor] : [floor, cap],
  ) as bigint[];
  const beyond = borders.reduce((most, border) => (border > most ? border : most), 0n) * 2n + 1n;
  return [...borders, beyond].some((notional) =>
    (['initial', 'maintenance'] as const).some((which) => {
      const [old, fresh] = [atNotional(before, notional, which), atNotional(after, notional, which)];
      return fresh * before.denominator < old * after.denominator;
    }),
  );
}

function atNotional({ tiers }: TierSchedule, notional: bigint, which: 'initial' | 'maintenance'): bigint {
  const tier = tiers.find(({ cap }) => cap === null || notional <= cap) ?? tiers.at(-1);
  return tier ? notional * tier[`${which}Rate`] - tier[`${which}Deduction`] : 0n;
}

/** Whether a policy lets any account go further than before, tells it less, or charges it less. */
export const lowersPolicy = (before: MarginPolicy | undefined, after: MarginPolicy): boolean =>
  before !== undefined &&
  (anyFieldAlone(before, after, lowersLadder) || loosensLiquidation(before.liquidation, after.liquidation));

/**
 * A lower level, a longer window, fewer positions added up; a warning withdrawn sooner, a call that is not amended
 * although it has grown, or whose clock stands for less.
 */
function lowersLadder(before: MarginPolicy, after: MarginPolicy): boolean {
  const levels = (['call', 'closeOut', 'cure', 'target'] as const).some(
    (level) => !dominates(after[level], before[level]),
  );
  const warnings = before.warnings.some((level, i) => !after.warnings[i] || !dominates(after.warnings[i], level));
  const window =
    after.cureWindow > before.cureWindow || (before.aggregation === 'OWNER' && after.aggregation === 'ACCOUNT');
  const told =
    compareRatios(after.hysteresis, before.hysteresis) < 0 || compareRatios(after.amendStep, before.amendStep) > 0;
  const noticed = before.finalNotice !== null && (after.finalNotice === null || after.finalNotice < before.finalNotice);
  const stands = frozenShareOf(after) < frozenShareOf(before);
  return levels || warnings || window || told || noticed || stands;
}
