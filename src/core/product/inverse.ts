/**
 * The inverse (coin-margined) contract: it is quoted in one currency and gains in the base currency,
 * size x multiplier x (1 / price before - 1 / price after). Its factor is the reciprocal of the price, in which gain,
 * notional and requirement are straight lines. Gains are no whole units: what was entered at is kept to 1e-12 of one,
 * what is posted is rounded down, and what that leaves stands on the ledger account `rounding` of the instrument.
 * Rule: QC-2
 */

import { MARGIN_PER_CASH, margin, type Price } from '../../units/quantity';
import { ratio } from '../../units/ratio';
import { cashDown } from '../../units/rounding';
import { courseOf } from './course';
import { fillBy, gainOf, settledBy } from './posting';
import type { Product } from './product';

/**
 * The factor at a price of one tick: so large that the factor of any price is a large number, which floats can tell
 * from its neighbours.
 */
const ONE = 2n ** 80n;

/** A price of nothing, which no market states but a shock may come to, counts as one tick. */
const stated = (at: Price): bigint => (at > 0n ? at : 1n);

export const INVERSE: Product = {
  settles: ({ base, settlement }) => settlement === base,
  tickPower: -1,
  shown: -1n,
  anyPrice: false,
  factorOf: (at) => ({ numerator: ONE, denominator: stated(at) }),
  priceAt: ({ numerator, denominator }) => (numerator > 0n ? ratio(ONE * denominator, numerator) : undefined),
  slopeOf: ({ tickValue }) => ({ numerator: -tickValue, denominator: ONE }),
  lotAt: ({ tickValue }, at) => ({ numerator: -tickValue, denominator: stated(at) }),
  worthAt: ({ tickValue }, lots, at) => margin((-lots * tickValue * MARGIN_PER_CASH) / stated(at)),
  fill: (position, lots, worth) => fillBy(1n, position, lots, worth),
  due: (position, worth) => cashDown(gainOf(position, worth)),
  settled: settledBy,
  course: courseOf,
};
