/** The methods of a disposal ladder, as policies, orders and moves name them.  Rule: LE-4 */

import type { RungCause as Cause } from '../../core/model/ladder';
import { LADDER_METHOD } from '../../core/model/ladder';
import { enumOf, shownAs } from '../schema/enums';

export const LadderMethod = shownAs(LADDER_METHOD);

export const RungCause = enumOf<Cause>('RungCause', 'Why an order, or a part of it, left a rung.', {
  WINDOW_PASSED: 'Nobody filled it in time.',
  CAP_REACHED: 'The method has no capacity left.',
  NOBODY_THERE: 'There is no liquidator, or no provider.',
  BEYOND_MARGIN: 'Nobody there can take more.',
  NO_AUCTION: 'Portfolios of the currency are not auctioned, or the breaker stops new auctions.',
  NOT_FOR_INSOLVENT: 'The method does not take from an account worth less than nothing.',
});
