/** The methods of a disposal ladder, as policies, orders and moves name them.  Rule: LE-4 */

import type { RungCause as Cause } from '../../core/model/ladder';
import { LADDER_METHOD } from '../../core/model/ladder';
import { enumOf, shownAs } from '../schema/enums';

export const LadderMethod = shownAs(LADDER_METHOD);

export const RungCause = enumOf<Cause>('RungCause', 'Why a reduction, or a part of it, left a rung.', {
  WINDOW_PASSED: 'Nobody filled it in time.',
  CAP_REACHED: 'No more fits on the method.',
  NOBODY_THERE: 'There is no liquidator, or no provider.',
  BEYOND_MARGIN: 'Nobody there can take more on.',
  NO_AUCTION: 'Portfolios of the currency are not auctioned, or the breaker stops what is new.',
  NOT_FOR_INSOLVENT: 'The method takes nothing of an account worth less than nothing.',
});
