/** Whether who bids for a lot, or takes a share of a portfolio, could carry it: initial margin with all of its positions, after what it pays.  Rules: IM-1, CA-2 */

import { known } from '../../units/failure';
import { type Cash, minus, plus, type Size } from '../../units/quantity';
import { EMPTY_POSITION } from '../book/exposure';
import { equityOf } from '../margin/equity';
import { holdingOf, pictureOf, withoutStaleCollateral, withPosition } from '../margin/picture';
import { requirementOf } from '../margin/requirement';
import { type Rejection, reject } from '../message/rejection';
import type { Account } from '../model/account';
import type { InstrumentId } from '../model/reference';
import type { View } from '../model/state';
import { fill, valueAt } from '../position/value';
import { checkMayTakeRisk } from '../reference/members';

/** Errors, in order: MEMBER_SUSPENDED, ACCOUNT_NOT_OPEN, ACCOUNT_ISOLATED, INSTRUMENT_NOT_CONFIGURED, INSUFFICIENT_INITIAL_MARGIN. */
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
    const { instrument, mark, tiers } = known(view.listings.get(id), 'Instrument', id);
    if (!tiers) return reject('INSTRUMENT_NOT_CONFIGURED', { instrument: id });
    const before = view.book.position(bidder.id, id) ?? EMPTY_POSITION;
    const taken = fill(before, size, valueAt(instrument, size, known(mark ?? undefined, 'Mark price', id).price));
    const holding = { ...holdingOf(view, bidder, picture.policy, id, before), position: taken.position };
    picture = withPosition({ ...picture, cash: plus(picture.cash, taken.realised) }, holding);
  }
  const short = equityOf(picture) < requirementOf(picture).initial;
  return short ? reject('INSUFFICIENT_INITIAL_MARGIN', { account: bidder.id }) : undefined;
}
