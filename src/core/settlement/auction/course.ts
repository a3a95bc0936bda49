/**
 * The course of auctions between bids: rounds that end, feeds that fall silent and come back, debts that are paid, acts
 * of officers, and the state they write.  Rules: CA-4, RLM-4
 */

import { known } from '../../../units/failure';
import { type Cash, cash, duration, type Instant, instant, least, RATE_ONE } from '../../../units/quantity';
import { accountName, balanceOf, onTransfers } from '../../ledger/transfers';
import type { CommandOf } from '../../message/command';

import type { Desk } from '../../message/desk';
import type { EventOf } from '../../message/event';
import { type Checked, ok, refused } from '../../message/rejection';
import type { Account } from '../../model/account';
import type { Actor } from '../../model/actor';
import type { Auction, AuctionId } from '../../model/auction';
import type { State, View } from '../../model/state';
import { bidderFor } from '../liquidator/register';
import { noteCharges } from '../tally/charged';
import { countAuction, uncountAuction } from './capacity';
import { needsReset } from './curve';
import { endAuction, endRound, failRound } from './end';
import { costUp, rewardOf } from './sale';
import { openQueued } from './start';
import { isDebtors } from './take';
import { curvePriceOf, elapsedOf, livePriceOf, quoteAt } from './terms';

/**
 * The deadline of a round. On a stale price, or while resets are stopped, it waits; what another sale of this instant
 * has paid is not sold.
 */
export function meetAuctionDeadline(desk: Desk, id: AuctionId): void {
  const auction = known(desk.view.auctions.get(id), 'Auction', id);
  if (auction.status !== 'OPEN') return;
  if (endIfPaid(desk, auction)) return;
  const level = desk.view.auctionPolicies.get(auction.currency)?.breaker ?? 0;
  const settles = auction.bids.length > 0 && level < 3;
  if (livePriceOf(desk.view, auction.lotCurrency, auction.currency) === undefined || (level >= 2 && !settles))
    pause(desk, auction);
  else endRound(desk, auction);
}

function pause(desk: Desk, auction: Auction, manual = false): void {
  const timeLeft = duration(Math.max(auction.deadline - desk.at, 0));
  const auctioned: Auction = { ...auction, status: 'PAUSED', timeLeft, manual, version: auction.version + 1 };
  desk.emit({ type: 'AuctionChanged', account: auction.account, change: 'PAUSED', by: null, auctioned, transfers: [] });
}

/** Goes on with the time that was left: start and end move by as long as it stood. */
function resume(desk: Desk, auction: Auction): void {
  const deadline = instant(desk.at + (auction.timeLeft ?? 0));
  const startedAt = instant(auction.startedAt + (deadline - auction.deadline));
  const auctioned: Auction = {
    ...auction,
    ...{ status: 'OPEN', startedAt, deadline, timeLeft: null, manual: false },
    version: auction.version + 1,
  };
  desk.emit({
    type: 'AuctionChanged',
    account: auction.account,
    change: 'RESUMED',
    by: null,
    auctioned,
    transfers: [],
  });
}

/**
 * Runs after every command. It handles prices that became stale or live again, debts that were paid in another way, and
 * capacity for auctions that wait. It looks only at auctions whose account, price or policy changed, or that changed
 * themselves.
 */
export function tendAuctions({ desk, state }: { readonly desk: Desk; readonly state: State }): void {
  while (state.auctionsMoved.size + state.capacityMoved.size > 0) {
    const moved = [...state.auctionsMoved].sort();
    state.auctionsMoved.clear();
    for (const id of moved) {
      const auction = desk.view.auctions.get(id);
      if (auction) tend(desk, auction);
    }
    const currencies = [...state.capacityMoved].sort();
    state.capacityMoved.clear();
    for (const currency of currencies) openQueued(desk, currency);
  }
}

function tend(desk: Desk, auction: Auction): void {
  if (endIfPaid(desk, auction)) return;
  const live = livePriceOf(desk.view, auction.lotCurrency, auction.currency) !== undefined;
  const level = desk.view.auctionPolicies.get(auction.currency)?.breaker ?? 0;
  if (auction.status === 'OPEN' && (!live || level === 3)) pause(desk, auction);
  else if (auction.status === 'PAUSED' && !auction.manual && live && level < (auction.timeLeft === 0 ? 2 : 3))
    resume(desk, auction);
}

/**
 * The account of a liquidation that owes nothing any more needs no sale; one that was paid by sales owes their penalty.
 */
function endIfPaid(desk: Desk, auction: Auction): boolean {
  const { liquidation, account, currency, debt } = auction;
  const paid = liquidation !== null && debt > 0n && desk.view.book.balance(account, currency) >= 0n;
  if (paid) endAuction(desk, auction, 'CANCELLED', { reason: 'RESTORED' });
  return paid;
}

export interface CheckedReset {
  readonly auction: Auction;
  readonly rewarded: Account;
}

/**
 * Errors, in order: ACCOUNT_NOT_FOUND, AUCTION_NOT_FOUND, AUCTION_FORM_MISMATCH, AUCTION_NOT_OPEN, AUCTIONS_STOPPED,
 * PRICE_STALE, BIDDER_RELATED, RESET_NOT_DUE.
 */
export function checkResetAuction(
  view: View,
  command: CommandOf<'ResetAuction'>,
  actor: Actor,
  at: Instant,
): Checked<CheckedReset> {
  const rewarded = bidderFor(view, actor, command.account);
  if (!rewarded || rewarded.kind === 'CLOSE_OUT') return refused('ACCOUNT_NOT_FOUND', { account: command.account });
  const auction = view.auctions.get(command.auction);
  if (!auction) return refused('AUCTION_NOT_FOUND', { auction: command.auction });
  if (auction.form !== 'DUTCH') return refused('AUCTION_FORM_MISMATCH', { form: auction.form });
  if (auction.status !== 'OPEN') return refused('AUCTION_NOT_OPEN', { auction: auction.id, status: auction.status });
  const level = view.auctionPolicies.get(auction.currency)?.breaker ?? 0;
  if (level >= 2) return refused('AUCTIONS_STOPPED', { level: String(level) });
  if (livePriceOf(view, auction.lotCurrency, auction.currency) === undefined)
    return refused('PRICE_STALE', { auction: auction.id });
  if (isDebtors(view, auction, rewarded)) return refused('BIDDER_RELATED', { account: rewarded.id });
  const elapsed = elapsedOf(auction, at);
  const due =
    needsReset(auction.top, curvePriceOf(auction, at), elapsed, auction.terms) && elapsed >= auction.terms.minimumTime;
  return due ? ok({ auction, rewarded }) : refused('RESET_NOT_DUE', { auction: auction.id });
}

/**
 * Resets it for a reward from the fund: a flat amount and a share of the target, but no more than the fund has. There
 * is no reward where the target or the lot is below the minimum debt.
 */
export function resetAuction(desk: Desk, { auction, rewarded }: CheckedReset): void {
  const { currency, terms, target, quantity } = auction;
  const price = livePriceOf(desk.view, auction.lotCurrency, currency) ?? 0n;
  const resetRewardRate = { numerator: terms.resetRewardRate, denominator: RATE_ONE };
  const { resetReward, minimumDebt } = terms;
  const due = rewardOf(
    { resetReward, resetRewardRate },
    target,
    costUp(quantity, quoteAt(desk.view, auction, price)),
    minimumDebt,
  );
  const fund = balanceOf(desk.view, 'insurance-fund', currency);
  // The last round is followed by the fallback, which is no reset and earns nothing.
  const amount: Cash = auction.round < terms.rounds ? least(cash(due), fund) : cash(0n);
  const line = {
    from: 'insurance-fund',
    to: accountName(rewarded.id),
    currency,
    amount,
    reason: 'AUCTION_REWARD',
  } as const;
  failRound(desk, auction, rewarded.id, amount > 0n ? [line] : []);
}

/** Errors: AUCTION_NOT_FOUND. */
export function checkCancelAuction(
  view: View,
  command: CommandOf<'CancelAuction'>,
): Checked<{ readonly auction: Auction; readonly reason: string }> {
  const auction = view.auctions.get(command.auction);
  return auction ? ok({ auction, reason: command.reason }) : refused('AUCTION_NOT_FOUND', { auction: command.auction });
}

/** Cancelled by an officer, what was for sale is turned into money the other way. */
export const cancelAuction = (
  desk: Desk,
  { auction, reason }: { readonly auction: Auction; readonly reason: string },
): void =>
  endAuction(desk, auction, 'CANCELLED', { reason, unsold: auction.liquidation === null ? 'RETURNED' : 'CONVERSION' });

/** Errors, in order: AUCTION_NOT_FOUND, AUCTION_NOT_OPEN. */
export function checkPauseAuction(
  view: View,
  command: CommandOf<'PauseAuction'> | CommandOf<'ResumeAuction'>,
): Checked<Auction> {
  const auction = view.auctions.get(command.auction);
  if (!auction) return refused('AUCTION_NOT_FOUND', { auction: command.auction });
  const ready = command.type === 'PauseAuction' ? auction.status === 'OPEN' : auction.status === 'PAUSED';
  if (!ready) return refused('AUCTION_NOT_OPEN', { auction: auction.id, status: auction.status });
  return ok(auction);
}

export const pauseAuction = (desk: Desk, auction: Auction): void => pause(desk, auction, true);
export const resumeAuction = (desk: Desk, auction: Auction): void => resume(desk, auction);

export function onAuction(
  state: State,
  { auctioned, transfers }: EventOf<'AuctionStarted' | 'AuctionChanged' | 'AuctionTaken' | 'AuctionBidPlaced'>,
): void {
  onTransfers(state, transfers);
  if (auctioned.liquidation !== null) noteCharges(state, auctioned.liquidation, transfers);
  uncountAuction(state, auctioned.id);
  state.auctions.set(auctioned.id, auctioned);
  countAuction(state, auctioned, 1n);
  state.auctionsMoved.add(auctioned.id);
  state.capacityMoved.add(auctioned.currency);
  const ids = state.auctionsOf.get(auctioned.account) ?? new Set<AuctionId>();
  state.auctionsOf.set(auctioned.account, ids.add(auctioned.id));
  state.deadlines.set(`auction/${auctioned.id}`, auctioned.status === 'OPEN' ? auctioned.deadline : undefined);
}

export function onAuctionEnded(
  state: State,
  { auction, account, unsold, auctioned, transfers }: EventOf<'AuctionEnded'>,
): void {
  onTransfers(state, transfers);
  if (auctioned.liquidation !== null) noteCharges(state, auctioned.liquidation, transfers);
  const liquidation = unsold === 'CONVERSION' ? state.liquidations.get(auctioned.liquidation ?? '') : undefined;
  // What nobody wanted goes the other way; were it offered again, the liquidation would never end.
  if (liquidation) {
    const failed = [...new Set([...(liquidation.unsold ?? []), auctioned.lotCurrency])].sort();
    state.liquidations.set(liquidation.id, { ...liquidation, unsold: failed });
  }
  uncountAuction(state, auction);
  state.auctions.delete(auction);
  state.capacityMoved.add(auctioned.currency);
  const ids = state.auctionsOf.get(account);
  if (ids?.delete(auction) && ids.size === 0) state.auctionsOf.delete(account);
  state.deadlines.set(`auction/${auction}`, undefined);
  state.due.add(account);
}
