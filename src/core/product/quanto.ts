/**
 * The quanto contract: linear in a foreign price, at a rate that is fixed for good. Each whole unit of the price is
 * worth a stated amount of the settlement currency, the multiplier, whatever the quote currency is worth in it. So all
 * is reckoned as of a linear contract, and no second price is needed.  Rule: QC-2
 */

import { LINEAR } from './linear';
import type { Product } from './product';

/** In the quote currency itself the rate would be no promise: that is the linear contract. */
export const QUANTO: Product = { ...LINEAR, settles: ({ quote, settlement }) => settlement !== quote };
