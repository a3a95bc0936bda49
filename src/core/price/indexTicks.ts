/** Prices of an index in ticks of a contract: the two may be counted in different steps. */

import { parseDecimal } from '../../units/decimal';
import type { Instrument } from '../model/reference';

/** How many ticks of the instrument make one tick of its index, as numerator and denominator. */
export function ticksPerIndexTick(instrument: Pick<Instrument, 'tick'>, indexTick: string): [bigint, bigint] {
  const [from, to] = [parseDecimal(indexTick), parseDecimal(instrument.tick)];
  return [from.mantissa * 10n ** BigInt(to.scale), to.mantissa * 10n ** BigInt(from.scale)];
}
