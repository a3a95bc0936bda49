/**
 * Funding of perpetuals that the house computes: the terms of an instrument, what it has sampled since its last rate,
 * and when the next is fixed.  Rules: PS-1, PS-6, PS-7, PS-8
 */

import type { Instant } from '../../units/quantity';
import { type ChoiceOf, choice, kind, type RecordOf } from '../kind/kind';

export const FUNDING_MEASURE = choice('FundingMeasure', 'What is averaged over an interval.', {
  PREMIUM: 'The premium of each sample, as a share of the index of its moment.',
  SPREAD: 'The premium of each sample in money. The average is divided by the average index.',
});
export type FundingMeasure = ChoiceOf<typeof FUNDING_MEASURE>;

export const FUNDING_WEIGHTS = choice('FundingWeights', 'How much each sample of an interval counts.', {
  EQUAL: 'Each the same: the average over time.',
  RISING: 'The sample of the nth instant of the interval counts n times.',
});
export type FundingWeights = ChoiceOf<typeof FUNDING_WEIGHTS>;

export const FUNDING_PRICE = choice('FundingPrice', 'The price at which positions are valued for funding.', {
  MARK: 'The mark, or the last one where it is stale.',
  INDEX: 'The index, or the last one where it is stale.',
  AVERAGE_INDEX: 'The average index of the samples.',
});
export type FundingPrice = ChoiceOf<typeof FUNDING_PRICE>;

export const FUNDING_CAP_BASE = choice('FundingCapBase', 'The margin rate that a cap of funding is a share of.', {
  MAINTENANCE: 'The maintenance rate of the first tier.',
  INITIAL_LESS_MAINTENANCE: 'The initial rate of the first tier less its maintenance rate.',
});
export type FundingCapBase = ChoiceOf<typeof FUNDING_CAP_BASE>;

/** How a rate follows from samples: `position/fundingRate.ts` reads them from top to bottom.  PS-7 */
export const FUNDING_TERMS = kind.record({
  interval: kind.span(), // rates are fixed and settled at its whole multiples
  sampleInterval: kind.span(), // the premium is sampled at its whole multiples
  leastSamples: kind.count(), // with fewer nothing is paid
  measure: kind.text<FundingMeasure>(),
  weights: kind.text<FundingWeights>(),
  step: kind.nullable(kind.rate()), // premium, average and rate are whole multiples of it, rounded towards zero
  interest: kind.rate(),
  // what interest less premium adds lies between these; none: interest is added as it is
  clamp: kind.nullable(kind.record({ lower: kind.rate(), upper: kind.rate() })),
  scale: kind.ratio(), // the rate is multiplied by it before it is bounded
  lower: kind.nullable(kind.ratio()),
  upper: kind.nullable(kind.ratio()),
  // neither side of the rate is beyond this share of a margin rate
  marginCap: kind.nullable(kind.record({ base: kind.text<FundingCapBase>(), share: kind.ratio() })),
  share: kind.ratio(), // of the rate, that one interval settles
  price: kind.text<FundingPrice>(),
  // what a lot pays is a whole multiple of it, rounded towards zero   [share of the smallest unit]
  paymentStep: kind.nullable(kind.rate()),
});
export type FundingTerms = RecordOf<typeof FUNDING_TERMS>;

export const FUNDING_POLICY = kind.record({
  instrument: kind.instrument(),
  version: kind.count(),
  terms: kind.nullable(FUNDING_TERMS), // null: the house computes none, and a venue may submit rates
});
export type FundingPolicy = RecordOf<typeof FUNDING_POLICY>;

/** What has been sampled since an instant. */
export const FUNDING_WINDOW = kind.record({
  from: kind.instant(),
  // premiums times weight: as 1e-12 of the index, or in parts of a tick, as the terms measure them   [signed]
  premiums: kind.integer(),
  indices: kind.integer(), // indices times weight, in parts of a tick
  weight: kind.integer(), // of all samples
  samples: kind.count(),
});
export type FundingWindow = RecordOf<typeof FUNDING_WINDOW>;

/** The funding of a listed instrument, once any policy was set. */
export interface Funding {
  readonly policy: FundingPolicy;
  readonly window: FundingWindow | null; // none without terms
  readonly sampleDue: Instant | null; // none while there is nothing to sample
  readonly due: Instant | null; // when the next rate is fixed and settled
}
