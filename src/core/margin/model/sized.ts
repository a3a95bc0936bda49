/**
 * Margin whose rates depend on how large a holding is, and on its side: rate x notional of the whole, where the rate
 * grows with the size or with its root, as at Deribit, Drift and Paradex. What is asked for at a size is a straight
 * line in the price, so the curve that solver and watch go by is made for each holding.
 * Rules: MT-6, MT-7, MT-3 (the size is the owner's)
 */

import { parseDecimal } from '../../../units/decimal';
import { minus, RATE_ONE, type Rate, type Size } from '../../../units/quantity';
import { compareRatios, multiplyRatios, type Ratio, ratio } from '../../../units/ratio';
import { divDown, divUp } from '../../../units/rounding';
import { rootDown } from '../../../units/squareRoot';
import { exposureOf } from '../../book/exposure';
import type { Held, SizedTerms } from '../../model/margin';
import type { Instrument } from '../../model/reference';
import type { RateGrowth, TierSchedule } from '../../model/tiers';
import { compileTiers } from '../../reference/tiers';
import { curvesByHolding } from './byHolding';
import type { MarginModel, Requirement, Under } from './model';
import { BY_TIERS, reducedBy, type Tiered, tieredBy } from './tiered';

type Figure = keyof Requirement;

/** Units of lots: of the underlying, or of the quote currency where the contract is inverse. */
function unitsOf({ lot, multiplier }: Instrument, lots: bigint): Ratio {
  const [perLot, perContract] = [parseDecimal(lot), parseDecimal(multiplier)];
  return ratio(lots * perLot.mantissa * perContract.mantissa, 10n ** BigInt(perLot.scale + perContract.scale));
}

/** A rate at a size: the larger of its own, and of the share of it that is kept with what has grown.  MT-6 */
export function grownRate(own: Ratio, factor: Ratio, { shape, keptShare, step }: RateGrowth, units: Ratio): Ratio {
  const kept = multiplyRatios(own, keptShare);
  const grown = shape === 'LINEAR' ? linear(kept, factor, units, step) : byRoot(kept, factor, units, step);
  return compareRatios(grown, own) > 0 ? grown : own;
}

/** Without a step it is exact. */
function linear(kept: Ratio, factor: Ratio, units: Ratio, step: Rate | undefined): Ratio {
  const { numerator, denominator } = multiplyRatios(factor, units);
  if (step !== undefined) return inSteps(kept, divDown(numerator * RATE_ONE, denominator * step), step);
  return ratio(kept.numerator * denominator + numerator * kept.denominator, kept.denominator * denominator);
}

/** A root is no fraction: without a step it stands at the resolution of rates. */
function byRoot(kept: Ratio, factor: Ratio, units: Ratio, step = 1n as Rate): Ratio {
  const square = factor.numerator ** 2n * units.numerator * RATE_ONE ** 2n;
  const steps = rootDown(square / (factor.denominator ** 2n * units.denominator * step ** 2n));
  return inSteps(kept, steps, step);
}

/** What is kept is rounded up to whole steps. */
const inSteps = ({ numerator, denominator }: Ratio, steps: bigint, step: Rate): Ratio =>
  ratio((divUp(numerator * RATE_ONE, denominator * step) + steps) * step, RATE_ONE);

/** The rate of a figure for a holding: of its two sides the one that could ask for more, over the lots that count. */
function rateFor(terms: SizedTerms, { position, otherLots }: Held, which: Figure): Ratio {
  const { schedule, instrument } = terms;
  const { growth, short } = schedule;
  const lots = exposureOf(position);
  const units = unitsOf(instrument, lots + otherLots);
  const grown = (own: Ratio): Ratio => (growth ? grownRate(own, growth[`${which}Factor`], growth, units) : own);
  const long = grown(ratio(schedule.tiers[0]?.[`${which}Rate`] ?? 0n, schedule.denominator));
  if (!short || lots === 0n) return long;
  // Orders may leave the account on either side.
  const [bought, sold] = [position.size + position.bids, position.asks - position.size];
  const asked = [overLots(long, bought, lots), overLots(grown(short[`${which}Rate`]), sold, lots)] as const;
  return compareRatios(asked[0], asked[1]) > 0 ? asked[0] : asked[1];
}

const overLots = ({ numerator, denominator }: Ratio, part: bigint, lots: Size): Ratio =>
  ratio(part > 0n ? numerator * part : 0n, denominator * lots);

/** The table as it is for one holding. */
function scheduleFor(terms: SizedTerms, held: Held): TierSchedule {
  const { growth: _, short: __, ...schedule } = terms.schedule;
  const [initial, maintenance] = [rateFor(terms, held, 'initial'), rateFor(terms, held, 'maintenance')];
  return {
    ...schedule,
    ...compileTiers(schedule.tiers.map(({ floor, cap }) => ({ floor, cap, initial, maintenance }))),
  };
}

const asTiered = (holding: Under<SizedTerms>): Tiered => ({
  ...holding,
  terms: tieredBy(scheduleFor(holding.terms, holding)),
});

const requirement = (set: readonly Under<SizedTerms>[]): Requirement => BY_TIERS.requirement(set.map(asTiered));

export const SIZED: MarginModel<SizedTerms> = {
  termsOf: ({ tiers, instrument }) =>
    tiers && (tiers.growth || tiers.short) ? { model: 'SIZED', schedule: tiers, instrument } : null,
  requirement,
  opening: (set) => requirement(set).initial,
  explain: (set, which) => BY_TIERS.explain(set.map(asTiered), which),
  attribute: (_set, holding, lots) => {
    const [before, after] = [requirement([holding]), requirement([reducedBy(holding, lots)])];
    return { initial: minus(before.initial, after.initial), maintenance: minus(before.maintenance, after.maintenance) };
  },
  // With every lot the rate of all the others moves: there is no closed form.
  fewestLots: () => undefined,
  screen: curvesByHolding(scheduleFor),
  limit: BY_TIERS.limit,
};
