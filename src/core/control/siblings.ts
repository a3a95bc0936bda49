/**
 * A position moves the tier of all accounts of its owner. What would put another of them into a call, or a called one
 * deeper into it, is refused: nobody is called for what he does in another account.  Rules: MT-3, B1-3
 */

import { formatScaled } from '../../units/decimal';
import { known } from '../../units/failure';
import { abs, plus, type Size } from '../../units/quantity';
import { cashDown, cashUp } from '../../units/rounding';
import { amountOfLevel, isBelow } from '../margin/level';
import { curveOfListing } from '../margin/model/models';
import { type Picture, pictureOf, withPosition } from '../margin/picture';
import { standingOf } from '../margin/standing';
import { type Rejection, reject } from '../message/rejection';
import type { Account, AccountId, OwnerId } from '../model/account';
import type { InstrumentId } from '../model/reference';
import type { View } from '../model/state';
import { productOf } from '../product/products';

/** Whether an account is below its call level afterwards, and that level has risen. */
export function isCalledBy(before: Picture, after: Picture): boolean {
  if (!after.policy) return false;
  const { call } = after.policy;
  const [was, is] = [standingOf(before), standingOf(after)];
  return isBelow(is.equity, call, is) && amountOfLevel(call, is) > amountOfLevel(call, was);
}

/**
 * Whether another account of the owner would be called where the account's exposure in an instrument grows by so many
 * lots; `apart` is one that is judged by itself. Errors: INSUFFICIENT_INITIAL_MARGIN.
 */
export function siblingsProblem(
  view: View,
  account: Account,
  instrument: InstrumentId,
  grown: Size,
  apart: AccountId | null = null,
): Rejection | undefined {
  if (grown <= 0n || staysInFirstTier(view, account.owner, instrument, grown)) return undefined;
  for (const id of [...view.book.accountsOf(account.owner)].sort()) {
    if (id === account.id || id === apart || !view.book.position(id, instrument)) continue;
    const before = pictureOf(view, id);
    const holding = before.holdings.find((each) => each.instrument.id === instrument);
    if (!holding || before.policy?.aggregation !== 'OWNER') continue;
    const after = withPosition(before, { ...holding, otherLots: plus(holding.otherLots, grown) });
    if (isCalledBy(before, after)) return reject('INSUFFICIENT_INITIAL_MARGIN', detailsOf(view, account, after));
  }
  return undefined;
}

/**
 * Whether the first tier holds all that the owner would have: its rates ask each account for the same, whatever the
 * others hold.
 */
function staysInFirstTier(view: View, owner: OwnerId, id: InstrumentId, grown: Size): boolean {
  const listing = known(view.listings.get(id), 'Instrument', id);
  const screen = curveOfListing(listing);
  // Of a curve for each holding, what the others hold is a part.
  const first = screen && 'tiers' in screen ? screen.tiers[0] : undefined;
  if (!first || !listing.mark) return false;
  const { numerator, denominator } = productOf(listing.instrument).lotAt(listing.instrument, listing.mark.price);
  return (
    first.cap === null || abs(numerator) * plus(view.book.ownerExposure(owner, id), grown) <= first.cap * denominator
  );
}

/**
 * Which account, what its call level would be and what it has. Of an account with another member nothing is told.  X-5
 */
function detailsOf(view: View, { id, member }: Account, after: Picture): Record<string, string> {
  const { account, policy } = after;
  if (account.member !== member || !policy) return { account: id };
  const standing = standingOf(after);
  const { scale } = known(view.currencies.get(account.currency), 'Currency', account.currency);
  return {
    account: account.id,
    currency: account.currency,
    required: formatScaled(cashUp(amountOfLevel(policy.call, standing)), scale),
    available: formatScaled(cashDown(standing.equity), scale),
  };
}
