/**
 * Bids for lots and takes of portfolios: whoever makes one has to carry all of its positions, after what it pays.
 * Rules: IM-1, CA-2
 */

import { known } from '../../units/failure';
import { type Cash, MARGIN_PER_CASH, minus, NO_CASH, plus, type Size } from '../../units/quantity';
import { EMPTY_POSITION, exposureOf } from '../book/exposure';
import { equityOf } from '../margin/equity';
import { isMargined } from '../margin/model/models';
import { backingOf, holdingOf, pictureOf, withPosition } from '../margin/picture';
import { openingOf } from '../margin/requirement';
import type { CommandOf } from '../message/command';
import { type Checked, type Rejection, reject } from '../message/rejection';
import type { Account } from '../model/account';
import type { Actor } from '../model/actor';
import type { InstrumentId } from '../model/reference';
import type { View } from '../model/state';
import { fill, worthAt } from '../position/value';
import { newRiskProblem } from '../reference/members';
import { type CheckedLotBid, checkBidForLot } from '../settlement/default/auction';
import { checkTakePortfolio, type PortfolioTake } from '../settlement/portfolio/take';
import { floatProblem, isReduction, limitProblem, worstFillOf } from './pretrade';
import { siblingsProblem } from './siblings';

/** Errors, in order: those of the bid, then those of the margin for the lot. */
export function checkMarginedBid(view: View, command: CommandOf<'BidForLot'>, actor: Actor): Checked<CheckedLotBid> {
  const bid = checkBidForLot(view, command, actor);
  if (bid.rejection) return bid;
  const problem = lotMarginProblem(view, bid.ok.bidder, bid.ok.lot.positions, bid.ok.amount);
  return problem ? { rejection: problem } : bid;
}

/** Errors, in order: those of the take, then those of the margin for its positions. */
export function checkMarginedPortfolio(
  view: View,
  command: CommandOf<'TakePortfolio'>,
  actor: Actor,
): Checked<PortfolioTake> {
  const take = checkTakePortfolio(view, command, actor);
  if (take.rejection) return take;
  const problem = lotMarginProblem(view, take.ok.bidder, take.ok.positions, NO_CASH);
  return problem ? { rejection: problem } : take;
}

/**
 * Initial margin with all of the positions. Errors, in order: MEMBER_SUSPENDED, ACCOUNT_NOT_OPEN, then of each position
 * ACCOUNT_ISOLATED, INSTRUMENT_NOT_CONFIGURED and, where it grows, POSITION_LIMIT_EXCEEDED, POSITION_ABOVE_FLOAT;
 * INSUFFICIENT_INITIAL_MARGIN.
 */
function lotMarginProblem(
  view: View,
  bidder: Account,
  positions: readonly { readonly instrument: InstrumentId; readonly size: Size }[],
  amount: Cash,
): Rejection | undefined {
  const suspended = newRiskProblem(view, bidder.member);
  if (suspended) return suspended;
  const { status } = view.book.stateOf(bidder.id);
  if (status !== 'HEALTHY' && status !== 'WARNING') return reject('ACCOUNT_NOT_OPEN', { account: bidder.id, status });
  let picture = pictureOf(view, bidder.id);
  // What it would be paid for the lot counts when it is there.
  if (amount > 0n) picture = { ...picture, cash: minus(picture.cash, amount) };
  const grown = new Map<InstrumentId, Size>();
  for (const { instrument: id, size } of positions) {
    if (bidder.instrument !== null && bidder.instrument !== id)
      return reject('ACCOUNT_ISOLATED', { account: bidder.id });
    const listing = known(view.listings.get(id), 'Instrument', id);
    const { instrument, mark } = listing;
    if (!isMargined(listing)) return reject('INSTRUMENT_NOT_CONFIGURED', { instrument: id });
    const before = view.book.position(bidder.id, id) ?? EMPTY_POSITION;
    const taken = fill(
      instrument,
      before,
      size,
      worthAt(instrument, size, known(mark ?? undefined, 'Mark price', id).price),
    );
    const holding = { ...holdingOf(view, bidder, picture.policy, id, before), position: taken.position };
    const beyond = isReduction(before, taken.position)
      ? undefined
      : (limitProblem(bidder, holding.terms, listing, plus(exposureOf(taken.position), holding.otherLots)) ??
        floatProblem(view, bidder, listing, exposureOf(taken.position)));
    if (beyond) return beyond;
    grown.set(id, minus(exposureOf(taken.position), exposureOf(before)));
    picture = withPosition({ ...picture, cash: plus(picture.cash, taken.realised) }, holding);
  }
  const equity = equityOf(backingOf(picture)) - worstFillOf(view, picture) * MARGIN_PER_CASH;
  const short = equity < openingOf(picture);
  if (short) return reject('INSUFFICIENT_INITIAL_MARGIN', { account: bidder.id });
  for (const [id, lots] of grown) {
    const called = siblingsProblem(view, bidder, id, lots);
    if (called) return called;
  }
  return undefined;
}
