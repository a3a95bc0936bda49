/** Position-size margin tiers: the larger the position, the higher the rate on its upper slices.  Rule: MT-1, MT-2 */

import { kind, type RecordOf } from '../kind/kind';

/**
 * One bracket. Rates are numerators over the schedule's common denominator, so that 1/15 and 0.025 live in one table
 * without rounding; the deduction makes `notional x rate - deduction` continuous across brackets.
 */
export const MARGIN_TIER = kind.record({
  floor: kind.cash('instrument'), // from this notional                           [settlement currency]
  cap: kind.nullable(kind.cash('instrument')), // up to this one; null: without limit     [settlement currency]
  initialRate: kind.integer(), // numerator over the schedule's denominator
  maintenanceRate: kind.integer(), // numerator over the schedule's denominator
  initialDeduction: kind.integer(), // cash x denominator
  maintenanceDeduction: kind.integer(), // cash x denominator
});
export type MarginTier = RecordOf<typeof MARGIN_TIER>;

export const TIER_SCHEDULE = kind.record({
  instrument: kind.instrument(),
  version: kind.count(),
  effectiveAt: kind.instant(),
  denominator: kind.integer(),
  tiers: kind.list(MARGIN_TIER), // ascending, the first from zero, each from where the last ended
  // the least of a contract, whatever its price   [settlement currency]   S13
  initialPerContract: kind.optional(kind.cash('instrument')),
  maintenancePerContract: kind.optional(kind.cash('instrument')),
});
export type TierSchedule = RecordOf<typeof TIER_SCHEDULE>;
