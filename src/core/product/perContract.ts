/** Amounts that are stated for a contract, whatever its price.  Rule: S13 */

import { parseDecimal } from '../../units/decimal';
import { type Cash, MARGIN_PER_CASH, type Margin, margin, NO_MARGIN } from '../../units/quantity';
import { divUp } from '../../units/rounding';
import type { Instrument } from '../model/reference';

/** What a lot comes to of an amount for a contract, rounded up at the resolution of margin. */
export function perLotOf({ lot }: Pick<Instrument, 'lot'>, perContract: Cash | undefined): Margin {
  if (perContract === undefined || perContract === 0n) return NO_MARGIN;
  const { mantissa, scale } = parseDecimal(lot);
  return margin(divUp(perContract * mantissa * MARGIN_PER_CASH, 10n ** BigInt(scale)));
}
