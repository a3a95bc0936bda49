/**
 * What the screen knows of an instrument, in floats: its mark, what a tick is worth, and its tiers as straight pieces.
 * The floats of this folder decide nothing. They say with a proven bound which accounts cannot have crossed a level; who is
 * not beyond doubt is looked at with integers.  Rules: MT-1, MT-2
 */

import { known } from '../../../units/failure';
import type { InstrumentId } from '../../model/reference';
import type { TierSchedule } from '../../model/tiers';
import type { Priced } from '../../model/watch';

export interface Terms {
  price: number; // mark, in ticks
  readonly tickValue: number; // cash a lot gains per tick
  readonly schedule: TierSchedule | null; // what the rest was made of
  readonly caps: Float64Array; // notional up to which each tier reaches; the last has no end
  readonly initialRate: Float64Array;
  readonly initialDeduction: Float64Array; // cash
  readonly maintenanceRate: Float64Array;
  readonly maintenanceDeduction: Float64Array; // cash
}

/** The nearest float of a fraction, to within a few units in its last place. */
export const quotient = (numerator: bigint, denominator: bigint): number => Number(numerator) / Number(denominator);

export function termsOf(priced: Priced, id: InstrumentId): Terms {
  const { instrument, mark, tiers } = known(priced.listings.get(id), 'Instrument', id);
  const count = tiers?.tiers.length ?? 0;
  const terms = {
    price: mark ? Number(mark.price) : Number.NaN,
    tickValue: Number(instrument.tickValue),
    schedule: tiers,
    caps: new Float64Array(count),
    initialRate: new Float64Array(count),
    initialDeduction: new Float64Array(count),
    maintenanceRate: new Float64Array(count),
    maintenanceDeduction: new Float64Array(count),
  };
  tiers?.tiers.forEach((tier, i) => {
    terms.caps[i] = tier.cap === null || i === count - 1 ? Number.POSITIVE_INFINITY : Number(tier.cap);
    terms.initialRate[i] = quotient(tier.initialRate, tiers.denominator);
    terms.initialDeduction[i] = quotient(tier.initialDeduction, tiers.denominator);
    terms.maintenanceRate[i] = quotient(tier.maintenanceRate, tiers.denominator);
    terms.maintenanceDeduction[i] = quotient(tier.maintenanceDeduction, tiers.denominator);
  });
  return terms;
}
