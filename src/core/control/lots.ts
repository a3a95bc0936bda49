/** Whether who bids for a lot, or takes a share of a portfolio, could carry it: initial margin with all of its positions, after what it pays.  Rules: IM-1, CA-2 */

import { known } from '../../units/failure';
import { type Cash, MARGIN_PER_CASH, minus, plus, type Size } from '../../units/quantity';
import { EMPTY_POSITION, exposureOf } from '../book/exposure';
import { equityOf } from '../margin/equity';
import { holdingOf, pictureOf, withoutStaleCollateral, withPosition } from '../margin/picture';
import { requirementOf } from '../margin/requirement';
import { type Rejection, reject } from '../message/rejection';
import type { Account } from '../model/account';
import type { InstrumentId } from '../model/reference';
import type { View } from '../model/state';
import { fill, worthAt } from '../position/value';
import { isMargined } from '../reference/marginTerms';
import { checkMayTakeRisk } from '../reference/members';
import { checkFloat, checkLimit, isReduction, worstFillOf } from './pretrade';

/** Errors, in order: MEMBER_SUSPENDED, ACCOUNT_NOT_OPEN, then of each position ACCOUNT_ISOLATED, INSTRUMENT_NOT_CONFIGURED and, where it grows, POSITION_LIMIT_EXCEEDED, POSITION_ABOVE_FLOAT; INSUFFICIENT_INITIAL_MARGIN. */
export function checkLotMargin(
  view: View,
  bidder: Account,
  positions: readonly { readonly instrument: InstrumentId; readonly size: Size }[],
  amount: Cash,
): Rejection | undefined {
  const suspended = checkMayTakeRisk(view, bidder.member);
  if (suspended) return suspended;
  const { status } = view.book.stateOf(bidder.id);
  if (status !== 'HEALTHY' && status !== 'WARNING') return reject('ACCOUNT_NOT_OPEN', { account: bidder.id, status });
  let picture = withoutStaleCollateral(pictureOf(view, bidder.id));
  // What it would be paid for the lot counts when it is there.
  if (amount > 0n) picture = { ...picture, cash: minus(picture.cash, amount) };
  for (const { instrument: id, size } of positions) {
    if (bidder.instrument !== null && bidder.instrument !== id) return reject('ACCOUNT_ISOLATED', { account: bidder.id });
    const listing = known(view.listings.get(id), 'Instrument', id);
    const { instrument, mark } = listing;
    if (!isMargined(listing)) return reject('INSTRUMENT_NOT_CONFIGURED', { instrument: id });
    const before = view.book.position(bidder.id, id) ?? EMPTY_POSITION;
    const taken = fill(instrument, before, size, worthAt(instrument, size, known(mark ?? undefined, 'Mark price', id).price));
    const holding = { ...holdingOf(view, bidder, picture.policy, id, before), position: taken.position };
    const beyond = isReduction(before, taken.position)
      ? undefined
      : (checkLimit(bidder, holding.terms, listing, plus(exposureOf(taken.position), holding.otherLots)) ??
        checkFloat(view, bidder, listing, exposureOf(taken.position)));
    if (beyond) return beyond;
    picture = withPosition({ ...picture, cash: plus(picture.cash, taken.realised) }, holding);
  }
  const equity = equityOf(picture) - worstFillOf(view, picture) * MARGIN_PER_CASH;
  const short = equity < requirementOf(picture).initial;
  return short ? reject('INSUFFICIENT_INITIAL_MARGIN', { account: bidder.id }) : undefined;
}
