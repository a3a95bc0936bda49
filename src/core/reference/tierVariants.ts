/**
 * What a tier schedule says besides its table: rates that grow with size, rates of what is short, and the price that
 * figures are taken at. Rates may be stated as a share of one another.  Rules: MT-6, MT-7, MT-8, MT-9
 */

import { RATE_ONE } from '../../units/quantity';
import { compareRatios, formatRatio, multiplyRatios, parseRatio, type Ratio, ratio } from '../../units/ratio';
import type { CommandOf } from '../message/command';
import { type Checked, ok, type Rejection, refused, reject } from '../message/rejection';
import type { TierInput } from '../message/tierInputs';
import type { RateGrowth, ShortRates, TierSchedule, TierVariants } from '../model/tiers';
import { readRate } from './reading';

type Asked = CommandOf<'SetTierSchedule'>;

/** What a schedule says besides its table, as far as it says anything. */
export function variantsOf({ growth, short, initialAt, maintenanceAt }: TierVariants): TierVariants | undefined {
  if ((growth ?? short ?? initialAt ?? maintenanceAt) === undefined) return undefined;
  return {
    ...(growth && { growth }),
    ...(short && { short }),
    ...(initialAt && { initialAt }),
    ...(maintenanceAt && { maintenanceAt }),
  };
}

/** No rate is stated above a hundred times the notional, however it is confirmed. */
const HIGHEST_RATE = { numerator: 100n, denominator: 1n };
const WHOLE = { numerator: 1n, denominator: 1n };
const NOUGHT = { numerator: 0n, denominator: 1n };

export interface Rates {
  readonly initial: Ratio;
  readonly maintenance: Ratio;
}

/**
 * Both rates of a bracket or a side: what is left out is the stated share of the other. Nothing where none is.  MT-9
 */
export function ratesOf(
  { initialRate, maintenanceRate }: Pick<TierInput, 'initialRate' | 'maintenanceRate'>,
  { initialPerMaintenance = null, maintenancePerInitial = null }: Asked,
): Rates | undefined {
  const initial = initialRate === null ? shareOf(maintenanceRate, initialPerMaintenance) : parseRatio(initialRate);
  const maintenance =
    maintenanceRate === null ? shareOf(initialRate, maintenancePerInitial) : parseRatio(maintenanceRate);
  return initial && maintenance && { initial, maintenance };
}

function shareOf(rate: string | null, share: string | null): Ratio | undefined {
  if (rate === null || share === null) return undefined;
  return multiplyRatios(parseRatio(rate), parseRatio(share));
}

/** The highest rate that may be stated: the whole notional, unless the command says that it means more.  MT-9 */
export function mostRateOf({ mostRate = null }: Asked): Checked<Ratio> {
  if (mostRate === null) return ok(WHOLE);
  const most = parseRatio(mostRate);
  const inside = compareRatios(most, WHOLE) >= 0 && compareRatios(most, HIGHEST_RATE) <= 0;
  return inside ? ok(most) : refused('VALUE_OUT_OF_RANGE', { field: 'mostRate', value: mostRate });
}

/** Whether rates can be those of one bracket: above zero, initial never below maintenance, within the highest. */
export const areRates = ({ initial, maintenance }: Rates, most: Ratio): boolean =>
  maintenance.numerator > 0n && compareRatios(initial, maintenance) >= 0 && compareRatios(initial, most) <= 0;

/** Errors: VALUE_OUT_OF_RANGE, TOO_MANY_DIGITS, TIERS_RATE_INVALID. */
export function readVariants(command: Asked, most: Ratio): Checked<TierVariants> {
  const { initialAt = 'MARK', maintenanceAt = 'MARK' } = command;
  const atEntry = initialAt === 'ENTRY' || maintenanceAt === 'ENTRY';
  const growth = command.growth ? readGrowth(command.growth) : ok(undefined);
  if (growth.rejection) return growth;
  const short = command.short ? readShort(command, most) : ok(undefined);
  if (short.rejection) return short;
  const problem = combinationProblem(command, atEntry);
  if (problem) return { rejection: problem };
  return ok({
    ...(growth.ok && { growth: growth.ok }),
    ...(short.ok && { short: short.ok }),
    ...(initialAt === 'ENTRY' && { initialAt }),
    ...(maintenanceAt === 'ENTRY' && { maintenanceAt }),
  });
}

/**
 * A rate of the whole holding and one of its slices do not go together: two lines of which the higher counts have no
 * concave curve over notional. Nor does the value at entry with a size that orders are part of.
 */
function combinationProblem({ growth, short, tiers }: Asked, atEntry: boolean): Rejection | undefined {
  const field = growth ? 'growth' : short ? 'short' : null;
  if (field === null || (tiers.length === 1 && !atEntry)) return undefined;
  return reject('VALUE_OUT_OF_RANGE', { field, value: atEntry ? 'ENTRY' : `${tiers.length} tiers` });
}

function readGrowth(input: NonNullable<Asked['growth']>): Checked<RateGrowth> {
  const [initialFactor, maintenanceFactor] = [parseRatio(input.initialFactor), parseRatio(input.maintenanceFactor)];
  const keptShare = parseRatio(input.keptShare);
  // Initial margin is never below maintenance at any size.
  const rises = maintenanceFactor.numerator >= 0n && compareRatios(initialFactor, maintenanceFactor) >= 0;
  if (!rises) return refused('VALUE_OUT_OF_RANGE', { field: 'maintenanceFactor', value: input.maintenanceFactor });
  if (compareRatios(keptShare, NOUGHT) < 0 || compareRatios(keptShare, WHOLE) > 0)
    return refused('VALUE_OUT_OF_RANGE', { field: 'keptShare', value: input.keptShare });
  const growth = { shape: input.shape, initialFactor, maintenanceFactor, keptShare };
  if (input.step === null) return ok(growth);
  const step = readRate('step', input.step, 1n, RATE_ONE);
  return step.rejection ? step : ok({ ...growth, step: step.ok });
}

function readShort(command: Asked, most: Ratio): Checked<ShortRates> {
  const rates = command.short ? ratesOf(command.short, command) : undefined;
  if (!rates || !areRates(rates, most))
    return refused('TIERS_RATE_INVALID', { tier: 'short', ...(rates ? shown(rates) : {}) });
  return ok({ initialRate: rates.initial, maintenanceRate: rates.maintenance });
}

export const shown = ({ initial, maintenance }: Rates): { readonly initial: string; readonly maintenance: string } => ({
  initial: formatRatio(initial),
  maintenance: formatRatio(maintenance),
});

type Which = 'initial' | 'maintenance';

/** What is short is asked for, as a rate: of a table with one bracket, or its lowest. */
export const shortRateOf = ({ short, tiers, denominator }: TierSchedule, which: Which): Ratio =>
  short ? short[`${which}Rate`] : ratio(tiers[0]?.[`${which}Rate`] ?? 0n, denominator);

/** Whether a holding could need less than before by what is said besides the table. */
export const lowersVariants = (before: TierSchedule, after: TierSchedule): boolean =>
  (['initial', 'maintenance'] as const).some(
    (which) =>
      // At a price on either side of the entry one of the two is lower.
      before[`${which}At`] !== after[`${which}At`] ||
      compareRatios(shortRateOf(after, which), shortRateOf(before, which)) < 0 ||
      lowersGrowth(before.growth, after.growth, which),
  );

function lowersGrowth(before: RateGrowth | undefined, after: RateGrowth | undefined, which: Which): boolean {
  if (!before) return false;
  if (!after || after.shape !== before.shape || after.step !== before.step) return true;
  const factor = `${which}Factor` as const;
  return compareRatios(after[factor], before[factor]) < 0 || compareRatios(after.keptShare, before.keptShare) < 0;
}
