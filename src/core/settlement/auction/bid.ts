/**
 * Bids of English and sealed auctions: paid into the auction's escrow when they are made, so that the winner cannot
 * fail to pay; whoever is outbid has the money back in the same entry.  Rule: CA-2
 */

import { type Cash, cash, type Instant, instant, RATE_ONE } from '../../../units/quantity';
import { accountName } from '../../ledger/transfers';
import type { CommandOf } from '../../message/command';

import type { Desk } from '../../message/desk';
import type { Transfer } from '../../message/ledger';
import { type Checked, ok, refused } from '../../message/rejection';
import type { Account } from '../../model/account';
import type { Actor } from '../../model/actor';
import type { Auction } from '../../model/auction';
import type { View } from '../../model/state';
import { readPayment } from '../../reference/reading';
import { refundOf } from './end';
import { byMerit, worseThan } from './rising';
import { costUp } from './sale';
import { extended } from './start';
import { checkBidder } from './take';
import { quoteAt } from './terms';

export interface CheckedBid {
  readonly auction: Auction;
  readonly bidder: Account;
  readonly amount: Cash;
  readonly quantity: Cash;
}

/**
 * Errors, in order: those of `checkBidder`, NOT_INVITED, TOO_MANY_DIGITS, BID_BELOW_RESERVE, INSUFFICIENT_FUNDS,
 * BID_TOO_LOW. Whether it is paid for is the caller's to test.
 */
export function checkPlaceBid(
  view: View,
  command: CommandOf<'PlaceBid'>,
  actor: Actor,
  at: Instant,
): Checked<CheckedBid> {
  const who = checkBidder(view, command, actor, at, false);
  if (who.rejection) return who;
  const { auction, bidder } = who.ok;
  const asked = auction.round === 1 ? auction.invited : null;
  if (asked && !asked.includes(bidder.member)) return refused('NOT_INVITED', { member: bidder.member });
  const quantity =
    command.quantity === null ? ok(auction.quantity) : readPayment(view, auction.lotCurrency, command.quantity);
  if (quantity.rejection) return quantity;
  const amount = readPayment(view, auction.currency, command.amount);
  // A bid of nothing is the offence this house is built against: it is told as what it is.
  if (amount.rejection?.code === 'AMOUNT_NOT_POSITIVE') return refused('BID_BELOW_RESERVE', { amount: command.amount });
  if (amount.rejection) return amount;
  if (amount.ok < costUp(quantity.ok, quoteAt(view, auction, auction.reserve)))
    return refused('BID_BELOW_RESERVE', { amount: command.amount });
  if (quantity.ok > auction.quantity) return refused('INSUFFICIENT_FUNDS', { currency: auction.lotCurrency });
  const tooLow =
    auction.form === 'ENGLISH' ? worseThanBest(auction, amount.ok, quantity.ok) : quantity.ok !== auction.quantity;
  if (tooLow) return refused('BID_TOO_LOW', { amount: command.amount });
  return ok({ auction, bidder, amount: amount.ok, quantity: quantity.ok });
}

function worseThanBest({ bids, target, quantity, terms }: Auction, amount: Cash, asked: Cash): boolean {
  const best = [...bids].sort(byMerit)[0];
  return worseThan(best, { amount, quantity: asked }, target, quantity, terms.increment, RATE_ONE);
}

/** A bidder's earlier bid is replaced; of an English auction the one that was outbid goes too. */
export function placeBid(desk: Desk, { auction, bidder, amount, quantity }: CheckedBid): void {
  const escrow = `auction/${auction.id}` as const;
  const leaving =
    auction.form === 'ENGLISH' ? auction.bids : auction.bids.filter(({ account }) => account === bidder.id);
  const placed = { id: desk.newId('bid'), account: bidder.id, member: bidder.member, amount, quantity, at: desk.at };
  const transfers: Transfer[] = [
    ...leaving.map((bid) => refundOf(auction, bid)),
    { from: accountName(bidder.id), to: escrow, currency: auction.currency, amount, reason: 'AUCTION_BID' },
  ];
  const late = auction.form === 'ENGLISH' && auction.deadline - desk.at < auction.terms.extension;
  const auctioned: Auction = {
    ...auction,
    bids: [...auction.bids.filter((bid) => !leaving.includes(bid)), placed],
    bidders: [...new Set([...(auction.bidders ?? []), bidder.owner])].sort(),
    deadline: late ? extended(auction, desk.at) : instant(auction.deadline),
    // A sealed auction looks the same to the next bidder, whoever has bid before.
    version: auction.form === 'SEALED' ? auction.version : auction.version + 1,
  };
  const { id, account } = auction;
  desk.emit({
    type: 'AuctionBidPlaced',
    auction: id,
    account,
    placed,
    outbid: leaving[0]?.id ?? null,
    auctioned,
    transfers,
  });
}

/** What a replaced bid gives back counts towards the new one. */
export const fundsNeeded = ({ auction, bidder, amount }: CheckedBid): Cash => {
  const own = auction.bids.find(({ account }) => account === bidder.id)?.amount ?? 0n;
  return cash(amount > own ? amount - own : 0n);
};
