/**
 * Margin by position size, whose initial rates rise with open interest for new risk and for what leaves: every rate
 * goes from its own at the lower cap to the whole notional at the upper one, in a straight line. Levels, calls and
 * close-out go by the tiers alone, so that nobody is called because others trade. dYdX v4:
 * protocol/x/perpetuals/types/liquidity_tier.go. Rules: S05, ruling 25
 */

import { type Cash, cash } from '../../../units/quantity';
import { type Ratio, ratio } from '../../../units/ratio';
import type { ScaledTerms } from '../../model/margin';
import type { OpenInterestRamp, OpenInterestScaling } from '../../model/openInterest';
import type { TierSchedule } from '../../model/tiers';
import { compileTiers } from '../../reference/tiers';
import type { MarginModel, Under } from './model';
import { BY_TIERS, type Tiered, tieredBy } from './tiered';

/** Raised rates are whole millionths, rounded down. */
const PARTS = 1_000_000n;

/** How far an open notional is from the lower cap to the upper one: 0 to 1. */
export function riseAt({ lowerCap, upperCap }: OpenInterestRamp, notional: Cash): Ratio {
  if (notional <= lowerCap) return ratio(0n, 1n);
  return notional >= upperCap ? ratio(1n, 1n) : ratio(notional - lowerCap, upperCap - lowerCap);
}

/** An initial rate r that has risen: r + (1 - r) x rise, and never less than r. */
export function raisedBy(rise: Ratio, rate: Ratio): Ratio {
  const { numerator, denominator } = rate;
  const over = denominator * rise.denominator;
  const millionths = ((numerator * rise.denominator + (denominator - numerator) * rise.numerator) * PARTS) / over;
  return millionths * denominator > numerator * PARTS ? ratio(millionths, PARTS) : rate;
}

/** The table with its initial rates as they are at an open notional: continuous and rising as it was. */
export function openingTiersAt(schedule: TierSchedule, ramp: OpenInterestRamp | null, notional: Cash): TierSchedule {
  if (ramp === null || notional <= ramp.lowerCap) return schedule;
  const rise = riseAt(ramp, notional);
  const { denominator, tiers } = schedule;
  const compiled = compileTiers(
    tiers.map((tier) => ({
      floor: tier.floor,
      cap: tier.cap,
      initial: raisedBy(rise, ratio(tier.initialRate, denominator)),
      maintenance: ratio(tier.maintenanceRate, denominator),
    })),
  );
  return { ...schedule, ...compiled };
}

const made = new WeakMap<OpenInterestScaling, { readonly of: TierSchedule; readonly opening: TierSchedule }>();

/** The same as the last review left it, made once for each. */
export function openingTiersOf({ schedule, scaling }: Pick<ScaledTerms, 'schedule' | 'scaling'>): TierSchedule {
  const known = made.get(scaling);
  if (known?.of === schedule) return known.opening;
  const opening = openingTiersAt(schedule, scaling.terms.ramp, scaling.review?.notional ?? cash(0n));
  made.set(scaling, { of: schedule, opening });
  return opening;
}

const opened = (holding: Under<ScaledTerms>): Tiered => ({
  ...holding,
  terms: tieredBy(openingTiersOf(holding.terms)),
});

export const SCALED: MarginModel<ScaledTerms> = {
  ...BY_TIERS,
  termsOf: ({ tiers, scaling }) =>
    tiers && scaling?.terms.ramp ? { model: 'SCALED', schedule: tiers, scaling } : null,
  opening: (set) => BY_TIERS.requirement(set.map(opened)).initial,
  explain: (set, which) =>
    which === 'opening' ? BY_TIERS.explain(set.map(opened), 'initial') : BY_TIERS.explain(set, which),
};
