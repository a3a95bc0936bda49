/**
 * The linear contract: gain = size x price move x tick value, in the currency it is quoted in. Its factor is the price,
 * and every gain is a whole number of units.  Rules: QC-1, QC-2
 */

import { MARGIN_PER_CASH, margin } from '../../units/quantity';
import { cashDown } from '../../units/rounding';
import { courseOf } from './course';
import { fillBy, gainOf, settledBy } from './posting';
import type { Product } from './product';

export const LINEAR: Product = {
  settles: ({ quote, settlement }) => settlement === quote,
  tickPower: 1,
  shown: 1n,
  anyPrice: true,
  factorOf: (at) => ({ numerator: at, denominator: 1n }),
  priceAt: (factor) => factor,
  slopeOf: ({ tickValue }) => ({ numerator: tickValue, denominator: 1n }),
  lotAt: ({ tickValue }, at) => ({ numerator: at * tickValue, denominator: 1n }),
  worthAt: ({ tickValue }, lots, at) => margin(lots * at * tickValue * MARGIN_PER_CASH),
  fill: (position, lots, worth) => fillBy(MARGIN_PER_CASH, position, lots, worth),
  due: (position, worth) => cashDown(gainOf(position, worth)),
  settled: settledBy,
  course: courseOf,
};
