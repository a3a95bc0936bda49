/**
 * The funding rate that follows from what was sampled: one rule, of which those of Binance, dYdX, Drift and Vega are
 * configurations. Rates are exact fractions up to the payment; only a step that the terms state rounds them.  PS-7
 */

import { type Count, RATE_ONE, type Rate, rate } from '../../units/quantity';
import { addRatios, compareRatios, multiplyRatios, negateRatio, type Ratio, ratio } from '../../units/ratio';
import { divHalfEven } from '../../units/rounding';
import type { FundingTerms, FundingWindow } from '../model/funding';
import type { TierSchedule } from '../model/tiers';
import type { Premium } from '../price/impactPrices';

/** Where the terms state no bound the rate lies within this, on both sides. */
export const WHOLE = ratio(1n);
const NOTHING = ratio(0n);

export const NO_SAMPLES = { premiums: 0n, indices: 0n, weight: 0n, samples: 0 } as const;

/** A rate as it is shown: 1e-12, half to even. */
export const shownRate = ({ numerator, denominator }: Ratio): Rate =>
  rate(divHalfEven(numerator * RATE_ONE, denominator));

/** The premium as a share of the index, as a sample counts it. */
export const shareOf = ({ step }: FundingTerms, { premium, index }: Premium): Rate => {
  const share = ratio(premium, index);
  return shownRate(step === null ? share : truncated(share, step));
};

/** What has been sampled, with one sample more: the one of the nth instant of the interval.  PS-6 */
export function withSample(terms: FundingTerms, window: FundingWindow, sample: Premium, place: Count): FundingWindow {
  const weight = terms.weights === 'RISING' ? BigInt(place) : 1n;
  const counted = terms.measure === 'PREMIUM' ? shareOf(terms, sample) : sample.premium;
  return {
    from: window.from,
    premiums: window.premiums + weight * counted,
    indices: window.indices + weight * sample.index,
    weight: window.weight + weight,
    samples: window.samples + 1,
  };
}

/** The average premium of the samples; undefined with fewer than the terms ask for.  PS-7 */
export function averageOf(terms: FundingTerms, window: FundingWindow): Ratio | undefined {
  if (window.samples < terms.leastSamples) return undefined;
  const of = terms.measure === 'PREMIUM' ? window.weight * RATE_ONE : window.indices;
  return toStep(terms, ratio(window.premiums, of));
}

/** What an interval settles at an average premium.  PS-7 */
export function rateAt(terms: FundingTerms, tiers: TierSchedule | null, premium: Ratio): Ratio {
  const interest = ratio(terms.interest, RATE_ONE);
  const gap = addRatios(interest, negateRatio(premium));
  const added =
    terms.clamp === null ? interest : held(gap, ratio(terms.clamp.lower, RATE_ONE), ratio(terms.clamp.upper, RATE_ONE));
  const scaled = multiplyRatios(addRatios(premium, added), terms.scale);
  const bounded = held(scaled, terms.lower ?? negateRatio(WHOLE), terms.upper ?? WHOLE);
  const cap = capOf(terms, tiers);
  const capped = cap === undefined ? bounded : held(bounded, negateRatio(cap), cap);
  return multiplyRatios(toStep(terms, capped), terms.share);
}

/** Without samples enough nothing is paid: nobody has seen what a payment would rest on.  PS-7 */
export const rateOf = (terms: FundingTerms, tiers: TierSchedule | null, window: FundingWindow): Ratio => {
  const average = averageOf(terms, window);
  return average === undefined ? NOTHING : rateAt(terms, tiers, average);
};

/** The cap that follows from the rates of the first tier, as Binance and dYdX state it. */
function capOf({ marginCap }: FundingTerms, tiers: TierSchedule | null): Ratio | undefined {
  const first = tiers?.tiers[0];
  if (marginCap === null || !tiers || !first) return undefined;
  const { initialRate, maintenanceRate } = first;
  const of = marginCap.base === 'MAINTENANCE' ? maintenanceRate : initialRate - maintenanceRate;
  return multiplyRatios(ratio(of, tiers.denominator), marginCap.share);
}

const toStep = ({ step }: FundingTerms, value: Ratio): Ratio => (step === null ? value : truncated(value, step));

/** The whole multiple of a step on the side of zero: bigints divide towards zero. */
export const truncated = ({ numerator, denominator }: Ratio, step: Rate): Ratio =>
  ratio(((numerator * RATE_ONE) / (denominator * step)) * step, RATE_ONE);

function held(value: Ratio, lower: Ratio, upper: Ratio): Ratio {
  if (compareRatios(value, lower) < 0) return lower;
  return compareRatios(value, upper) > 0 ? upper : value;
}
