/** The methods of a disposal ladder, as policies, orders and moves name them.  Rule: LE-4 */

import type { RungCause as Cause, LadderMethod as Method } from '../../core/model/ladder';
import { enumOf } from '../schema/enums';

export const LadderMethod = enumOf<Method>('LadderMethod', 'By whom positions of a liquidated account are closed.', {
  VENUE: 'A venue fills an order.',
  LIQUIDATORS: 'Liquidators on the list take it at the mark, for a reward.',
  AUCTION: 'The whole portfolio of the account is auctioned by shares.',
  BACKSTOP: 'Backstop providers take it over at their discount from the mark.',
  HOUSE: 'The house takes it over at the closing limit.',
  DELEVERAGING: 'Positions of the other side are closed against it.',
});

export const RungCause = enumOf<Cause>('RungCause', 'Why a reduction, or a part of it, left a rung.', {
  WINDOW_PASSED: 'Nobody filled it in time.',
  CAP_REACHED: 'No more fits on the method.',
  NOBODY_THERE: 'There is no liquidator, or no provider.',
  BEYOND_MARGIN: 'Nobody there can take more on.',
  NO_AUCTION: 'Portfolios of the currency are not auctioned, or the breaker stops what is new.',
  NOT_FOR_INSOLVENT: 'The method takes nothing of an account worth less than nothing.',
});
