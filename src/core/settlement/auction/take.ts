/**
 * Taking from a Dutch auction: any part of the lot at the price of the instant. Debt is paid first, then the penalty;
 * the sale stops at the target and what is left of the lot goes back in the same entry.  Rules: CA-1, CA-3
 */

import { toScaled } from '../../../units/decimal';
import { known } from '../../../units/failure';
import { type Count, cash, type Instant } from '../../../units/quantity';
import { isEligible } from '../../ledger/deposit';
import { accountName } from '../../ledger/transfers';
import type { CommandOf } from '../../message/command';

import type { Desk } from '../../message/desk';
import { type Checked, ok, type Rejection, refused, reject } from '../../message/rejection';
import type { Account } from '../../model/account';
import type { Actor } from '../../model/actor';
import type { Auction } from '../../model/auction';
import type { View } from '../../model/state';
import { defaultBehind } from '../../reference/memberDefaults';
import { readPayment } from '../../reference/reading';
import { areRelated } from '../liquidator/claim';
import { bidderFor } from '../liquidator/register';
import { endAuction } from './end';
import { afterSale, proceedsTransfers, withDebtNow } from './proceeds';
import { type Take, takeOf } from './sale';
import { auctionPriceOf, livePriceOf, quoteAt } from './terms';

export interface CheckedTake extends Take {
  readonly auction: Auction; // with debt and target as they are now
  readonly bidder: Account;
  readonly price: bigint;
}

/**
 * What both kinds of bidders are tested for. Errors, in order: ACCOUNT_NOT_FOUND, AUCTION_NOT_FOUND,
 * AUCTION_FORM_MISMATCH, AUCTION_NOT_OPEN, AUCTION_CHANGED, BIDDER_RELATED, COLLATERAL_NOT_ELIGIBLE.
 */
export function checkBidder(
  view: View,
  command: { readonly auction: string; readonly account: string; readonly version: Count },
  actor: Actor,
  at: Instant,
  dutch: boolean,
): Checked<{ readonly auction: Auction; readonly bidder: Account }> {
  const bidder = bidderFor(view, actor, command.account);
  if (!bidder || bidder.kind === 'CLOSE_OUT') return refused('ACCOUNT_NOT_FOUND', { account: command.account });
  const auction = view.auctions.get(command.auction);
  if (!auction) return refused('AUCTION_NOT_FOUND', { auction: command.auction });
  if ((auction.form === 'DUTCH') !== dutch) return refused('AUCTION_FORM_MISMATCH', { form: auction.form });
  const problem = openProblem(view, auction, at);
  if (problem) return { rejection: problem };
  if (auction.version !== command.version) return refused('AUCTION_CHANGED', { version: String(auction.version) });
  if (isDebtors(view, auction, bidder)) return refused('BIDDER_RELATED', { account: bidder.id });
  if (!isEligible(view, bidder, auction.lotCurrency))
    return refused('COLLATERAL_NOT_ELIGIBLE', { currency: auction.lotCurrency });
  return ok({ auction, bidder });
}

/**
 * Nobody buys back what is sold for their debt, under whatever account: not its owner, not the house account of its
 * member, and of a default nobody with the defaulter.  CA-5, LI-3
 */
export function isDebtors(view: View, { account }: Auction, bidder: Account): boolean {
  const debtor = known(view.book.account(account), 'Account', account);
  return areRelated(bidder, debtor) || bidder.member === defaultBehind(view, account)?.member;
}

function openProblem(view: View, auction: Auction, at: Instant): Rejection | undefined {
  const late = at >= auction.deadline;
  const stopped = view.auctionPolicies.get(auction.currency)?.breaker === 3;
  const stale = livePriceOf(view, auction.lotCurrency, auction.currency) === undefined;
  if (auction.status !== 'OPEN' || late || stopped || stale)
    return reject('AUCTION_NOT_OPEN', {
      auction: auction.id,
      status: late ? 'OVER' : stopped ? 'STOPPED' : stale ? 'STALE' : auction.status,
    });
  return undefined;
}

/**
 * Errors, in order: those of `checkBidder`, TOO_MANY_DIGITS, AMOUNT_NOT_POSITIVE, BID_BELOW_RESERVE, PRICE_ABOVE_LIMIT,
 * TAKE_LEAVES_DUST. Whether it is paid for is the caller's to test.
 */
export function checkTakeAuction(
  view: View,
  command: CommandOf<'TakeAuction'>,
  actor: Actor,
  at: Instant,
): Checked<CheckedTake> {
  const who = checkBidder(view, command, actor, at, true);
  if (who.rejection) return who;
  const { bidder } = who.ok;
  const quantity = readPayment(view, who.ok.auction.lotCurrency, command.quantity);
  if (quantity.rejection) return quantity;
  const limit = toScaled(command.limit, 27);
  if (limit === undefined) return refused('TOO_MANY_DIGITS', { field: 'limit', value: command.limit, digits: '27' });
  if (limit < who.ok.auction.reserve) return refused('BID_BELOW_RESERVE', { limit: command.limit });
  const price = auctionPriceOf(who.ok.auction, at);
  if (price > limit) return refused('PRICE_ABOVE_LIMIT', { limit: command.limit });
  const auction = withDebtNow(view, who.ok.auction);
  const take = takeOf(
    auction.target,
    auction.quantity,
    quantity.ok,
    quoteAt(view, auction, price),
    auction.terms.minimumDebt,
  );
  if (!take || take.quantity <= 0n || take.paid <= 0n) return refused('TAKE_LEAVES_DUST', { auction: auction.id });
  return ok({ ...take, auction, bidder, price });
}

export function takeAuction(desk: Desk, { auction, bidder, price, ...take }: CheckedTake): void {
  const [quantity, paid] = [cash(take.quantity), cash(take.paid)];
  const auctioned = afterSale(desk.view, auction, quantity, paid);
  const { id, account, lotCurrency } = auction;
  const buyer = accountName(bidder.id);
  desk.emit({
    type: 'AuctionTaken',
    ...{ auction: id, account, bidder: bidder.id, quantity, paid, top: price, auctioned },
    transfers: [
      ...proceedsTransfers(auction, buyer, paid),
      { from: `auction/${id}`, to: buyer, currency: lotCurrency, amount: quantity, reason: 'AUCTION_LOT' },
    ],
  });
  if (take.closes) endAuction(desk, auctioned, auctioned.target === 0n ? 'SETTLED' : 'SOLD_OUT');
}
