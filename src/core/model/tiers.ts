/** Position-size margin tiers: the larger the position, the higher the rate on its upper slices.  Rule: MT-1, MT-2 */

import type { Cash, Instant } from '../../units/quantity';
import type { InstrumentId } from './reference';

/**
 * One bracket. Rates are numerators over the schedule's common denominator, so that 1/15 and 0.025 live in one table
 * without rounding; the deduction makes `notional x rate - deduction` continuous across brackets.
 */
export interface MarginTier {
  readonly floor: Cash; // from this notional                           [settlement currency]
  readonly cap: Cash | null; // up to this one; null: without limit     [settlement currency]
  readonly initialRate: bigint; // numerator over the schedule's denominator
  readonly maintenanceRate: bigint; // numerator over the schedule's denominator
  readonly initialDeduction: bigint; // cash x denominator
  readonly maintenanceDeduction: bigint; // cash x denominator
}

export interface TierSchedule {
  readonly instrument: InstrumentId;
  readonly version: number;
  readonly effectiveAt: Instant;
  readonly denominator: bigint;
  readonly tiers: readonly MarginTier[]; // ascending, the first from zero, each from where the last ended
}
