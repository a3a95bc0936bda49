/** Position-size margin tiers: the larger the position, the higher the rate on its upper slices.  Rule: MT-1, MT-2 */

import { type ChoiceOf, choice, kind, type RecordOf } from '../kind/kind';

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

export const GROWTH_SHAPE = choice('GrowthShape', 'How a rate grows with the size of a position.', {
  LINEAR: 'With the size.',
  SQUARE_ROOT: 'With the square root of the size.',
});

/**
 * Rates that grow with the size held: the larger of the table's rate, and of a share of it with factor x size, or x its
 * root.  MT-6
 */
export const RATE_GROWTH = kind.record({
  shape: kind.text<ChoiceOf<typeof GROWTH_SHAPE>>(),
  initialFactor: kind.ratio(), // for one unit of size, or of its root: of the underlying, or of the quote if inverse
  maintenanceFactor: kind.ratio(),
  keptShare: kind.ratio(), // of the table's rate, to which the growth is added
  step: kind.optional(kind.rate()), // both parts are whole steps: what is kept rounded up, the growth down
});
export type RateGrowth = RecordOf<typeof RATE_GROWTH>;

/** Rates of what is short where they are not those of what is long.  MT-7 */
export const SHORT_RATES = kind.record({
  initialRate: kind.ratio(),
  maintenanceRate: kind.ratio(),
});
export type ShortRates = RecordOf<typeof SHORT_RATES>;

export const VALUED_AT = choice('ValuedAt', 'The price at which a position is valued for its margin.', {
  MARK: 'The mark price.',
  ENTRY: 'The average price at which the position was entered, or last settled.',
});
export type ValuedAt = ChoiceOf<typeof VALUED_AT>;

/** What a schedule says besides its table. */
export const TIER_VARIANTS = kind.record({
  growth: kind.optional(RATE_GROWTH), // none: rates do not grow within a tier
  short: kind.optional(SHORT_RATES), // none: as long
  initialAt: kind.optional(kind.text<ValuedAt>()), // none: the mark                             MT-8
  maintenanceAt: kind.optional(kind.text<ValuedAt>()),
});
export type TierVariants = RecordOf<typeof TIER_VARIANTS>;

export const TIER_SCHEDULE = kind.record({
  instrument: kind.instrument(),
  version: kind.count(),
  effectiveAt: kind.instant(),
  denominator: kind.integer(),
  tiers: kind.list(MARGIN_TIER), // ascending, the first from zero, each from where the last ended
  // the least of a contract, whatever its price   [settlement currency]   S13
  initialPerContract: kind.optional(kind.cash('instrument')),
  maintenancePerContract: kind.optional(kind.cash('instrument')),
  ...TIER_VARIANTS.fields,
});
export type TierSchedule = RecordOf<typeof TIER_SCHEDULE>;
