/**
 * What is put down: bids and takes of auctions, deposits of liquidators. It has to be able to leave as any withdrawal.
 * Rules: CA-2, LI-1
 */

import { type Cash, cash, type Instant } from '../../units/quantity';
import type { CommandOf } from '../message/command';

import { type Checked, ok, refused } from '../message/rejection';
import type { Account } from '../model/account';
import type { Actor } from '../model/actor';
import type { Auction } from '../model/auction';
import type { View } from '../model/state';
import { type CheckedBid, checkPlaceBid, fundsNeeded } from '../settlement/auction/bid';
import { type CheckedTake, checkTakeAuction } from '../settlement/auction/take';
import { checkRegisterLiquidator, type Registration } from '../settlement/liquidator/register';
import { checkMayLeave, checkNotAsked } from './withdraw';

/** Errors, in order: those of the take, BID_NOT_FUNDED. */
export function checkFundedTake(
  view: View,
  command: CommandOf<'TakeAuction'>,
  actor: Actor,
  at: Instant,
): Checked<CheckedTake> {
  const take = checkTakeAuction(view, command, actor, at);
  return take.rejection ? take : checkFunded(view, take.ok, cash(take.ok.paid));
}

/** Errors, in order: those of the bid, BID_NOT_FUNDED. */
export function checkFundedBid(
  view: View,
  command: CommandOf<'PlaceBid'>,
  actor: Actor,
  at: Instant,
): Checked<CheckedBid> {
  const bid = checkPlaceBid(view, command, actor, at);
  return bid.rejection ? bid : checkFunded(view, bid.ok, fundsNeeded(bid.ok));
}

/**
 * A bid is funded before it counts; what is paid for collateral makes the debt smaller, and is not held back for it.
 * Errors: BID_NOT_FUNDED.
 */
function checkFunded<Bid extends { readonly auction: Auction; readonly bidder: Account }>(
  view: View,
  bid: Bid,
  amount: Cash,
): Checked<Bid> {
  const { rejection } = checkMayLeave(view, { account: bid.bidder, currency: bid.auction.currency, amount });
  return rejection ? refused('BID_NOT_FUNDED', { ...rejection.details, because: rejection.code }) : ok(bid);
}

/** Errors, in order: those of the registration, then those of a withdrawal. */
export function checkFundedRegistration(
  view: View,
  command: CommandOf<'RegisterLiquidator'>,
  actor: Actor,
): Checked<Registration> {
  const registration = checkRegisterLiquidator(view, command, actor);
  if (registration.rejection) return registration;
  const leaving = checkNotAsked(view, registration.ok);
  return leaving.rejection ? leaving : registration;
}
