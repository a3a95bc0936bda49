/** The deduction of a tier as venues print it. */

import type { MarginTier, TierSchedule } from '../../src/core/model/tiers';
import { type Cash, cash } from '../../src/units/quantity';
import { divUp } from '../../src/units/rounding';

/** As money, rounded up. */
export const deductionOf = (schedule: TierSchedule, tier: MarginTier): Cash =>
  cash(divUp(tier.maintenanceDeduction, schedule.denominator));
