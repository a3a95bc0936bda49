/**
 * The end of an auction, and of a round: bids that lost and what was not sold go back in the same entry; a round that
 * failed is followed by another, and the last by the fallback: the fund at the reserve within its cap, else the next
 * step of the liquidation.  Rules: CA-2, CA-3, CA-4, S04
 */

import { type Cash, cash, least, RATE_ONE } from '../../../units/quantity';
import { accountName, balanceOf } from '../../ledger/transfers';
import type { AuctionEvent, UnsoldNext } from '../../message/auction';
import type { Desk } from '../../message/desk';
import type { Transfer } from '../../message/ledger';
import type { AccountId, MemberId } from '../../model/account';
import type { Auction, AuctionBid, AuctionOutcome } from '../../model/auction';
import { defaultBehind } from '../../reference/memberDefaults';
import { memberStatusOf } from '../../reference/members';
import { convertCollateral } from '../closing/convert';
import { recordJuniors } from '../waterfall/defaultFund';
import { afterSale, proceedsTransfers, withDebtNow } from './proceeds';
import { byMerit } from './rising';
import { costUp, takeOf } from './sale';
import { freshRound } from './start';
import { livePriceOf, quoteAt, recoveryOf } from './terms';

type Ended = Extract<AuctionEvent, { type: 'AuctionEnded' }>;
type End = Partial<Pick<Ended, 'unsold' | 'winner' | 'paid' | 'quantity' | 'reason' | 'transfers' | 'juniors'>>;

/** Ends it as it stands: escrow of the bids and the rest of the lot go back to where they came from. */
export function endAuction(desk: Desk, auction: Auction, outcome: AuctionOutcome, end: End = {}): void {
  const { id, account, currency, lotCurrency, quantity, proceeds } = auction;
  const unsold: UnsoldNext = end.unsold ?? (quantity > 0n ? 'RETURNED' : 'NOTHING');
  const transfers: Transfer[] = [
    ...(end.transfers ?? []),
    ...auction.bids.filter((bid) => bid.account !== end.winner).map((bid) => refundOf(auction, bid)),
  ];
  if (quantity > 0n)
    transfers.push({
      from: `auction/${id}`,
      to: accountName(account),
      currency: lotCurrency,
      amount: quantity,
      reason: 'AUCTION_RETURN',
    });
  desk.emit({
    type: 'AuctionEnded',
    ...{ auction: id, account, outcome, unsold, proceeds, transfers },
    winner: end.winner ?? null,
    paid: end.paid ?? cash(0n),
    quantity: end.quantity ?? cash(0n),
    recovery: recoveryOf(auction),
    juniors: end.juniors ?? [],
    reason: end.reason ?? null,
    auctioned: auction,
  });
  nameJuniors(desk, account, end.juniors ?? []);
  if (unsold !== 'CONVERSION') return;
  // The next step of the liquidation: the house takes the collateral over at its index less the discount.
  const owed = -desk.view.book.balance(account, currency);
  if (owed > 0n) convertCollateral(desk, account, cash(owed));
}

/**
 * Who was asked and did not bid well pays first for a default that is being managed: that of the member whose book or
 * whose client's collateral is sold. Whoever was named before stays named. For a member in good standing nobody pays.
 * S01, LCS-4
 */
function nameJuniors(desk: Desk, account: AccountId, juniors: readonly MemberId[]): void {
  const { view } = desk;
  const member = defaultBehind(view, account)?.member ?? view.book.account(account)?.member ?? '';
  if (juniors.length === 0 || memberStatusOf(view, member) !== 'IN_DEFAULT') return;
  recordJuniors(desk, {
    member,
    juniors: [...(view.juniors.get(member) ?? []), ...juniors.filter((junior) => junior !== member)],
  });
}

export const refundOf = ({ id, currency }: Auction, bid: AuctionBid): Transfer => ({
  from: `auction/${id}`,
  to: accountName(bid.account),
  currency,
  amount: bid.amount,
  reason: 'AUCTION_RETURN',
});

/**
 * A round's time is up: the best bid wins where there were enough bidders, outbid ones included, else the round has
 * failed. One owner under several accounts is one bidder.  S04
 */
export function endRound(desk: Desk, auction: Auction): void {
  const best = [...auction.bids].sort(byMerit)[0];
  if (best && biddersOf(desk, auction) >= auction.terms.minimumBidders) settleBids(desk, auction, best);
  else failRound(desk, auction);
}

/** Bids of an earlier round that still stand count with those of this one. */
function biddersOf({ view }: Desk, { bids, bidders = [] }: Auction): number {
  return new Set([...bidders, ...bids.map(({ account }) => view.book.account(account)?.owner ?? account)]).size;
}

function settleBids(desk: Desk, before: Auction, best: AuctionBid): void {
  const auction = withDebtNow(desk.view, before);
  const after = afterSale(desk.view, auction, best.quantity, best.amount);
  const escrow = `auction/${auction.id}` as const;
  endAuction(desk, after, after.target === 0n ? 'SETTLED' : 'SOLD_OUT', {
    ...{ winner: best.account, paid: best.amount, quantity: best.quantity, juniors: juniorsOf(auction, best.amount) },
    transfers: [
      ...proceedsTransfers(auction, escrow, best.amount),
      {
        from: escrow,
        to: accountName(best.account),
        currency: auction.lotCurrency,
        amount: best.quantity,
        reason: 'AUCTION_LOT',
      },
    ],
  });
}

/** Members that were asked to bid and did not, or below the stated share of the best: they bear losses first. */
export function juniorsOf({ invited, bids, terms }: Auction, best: Cash): MemberId[] {
  const bidWell = new Set(
    bids.filter(({ amount }) => amount * RATE_ONE >= best * terms.badBidShare).map(({ member }) => member),
  );
  return [...new Set(invited ?? [])].filter((member) => !bidWell.has(member)).sort();
}

/** Another round from a fresh price, open to everybody; after the last the fallback. */
export function failRound(
  desk: Desk,
  auction: Auction,
  by: AccountId | null = null,
  transfers: readonly Transfer[] = [],
): void {
  if (auction.round >= auction.terms.rounds) {
    fallBack(desk, auction);
    return;
  }
  const price = livePriceOf(desk.view, auction.lotCurrency, auction.currency);
  if (price === undefined) return;
  const fresh = freshRound(desk, withDebtNow(desk.view, auction), price);
  // A bid that the new reserve has overtaken does not win any more: it goes back.
  const quote = quoteAt(desk.view, fresh, fresh.reserve);
  const overtaken = auction.bids.filter(({ amount, quantity }) => amount < costUp(quantity, quote));
  const auctioned: Auction = {
    ...fresh,
    ...{ status: 'OPEN', round: auction.round + 1, version: auction.version + 1, bidders: [] },
    bids: auction.bids.filter((bid) => !overtaken.includes(bid)),
  };
  const back = [...transfers, ...overtaken.map((bid) => refundOf(auction, bid))];
  desk.emit({ type: 'AuctionChanged', account: auction.account, change: 'RESET', by, auctioned, transfers: back });
}

/** Where the fund keeps what it bought. */
const INVENTORY = 'fund-inventory';

/**
 * Nobody wanted it: the fund buys at the reserve what the debt needs, within its cap and money; else the next step.
 * S04
 */
function fallBack(desk: Desk, before: Auction): void {
  const { view } = desk;
  const auction = withDebtNow(view, before);
  const { id, account, currency, lotCurrency, terms } = auction;
  const juniors = juniorsOf(auction, cash(1n));
  const quote = quoteAt(view, auction, auction.reserve);
  const take = auction.debt > 0n ? takeOf(auction.debt, auction.quantity, auction.quantity, quote, 0n) : undefined;
  const held = balanceOf(view, INVENTORY, lotCurrency);
  const fits =
    take &&
    costUp(held + take.quantity, quote) <= terms.fundCap &&
    take.paid <= balanceOf(view, 'insurance-fund', currency);
  if (!take || !fits || auction.liquidation === null || take.quantity === 0n) {
    endAuction(desk, auction, 'FAILED', { unsold: auction.liquidation === null ? 'RETURNED' : 'CONVERSION', juniors });
    return;
  }
  const [quantity, paid] = [cash(take.quantity), least(cash(take.paid), auction.debt)];
  endAuction(desk, afterSale(view, auction, quantity, paid), 'FAILED', {
    ...{ unsold: 'FUND', paid, quantity, juniors },
    transfers: [
      { from: 'insurance-fund', to: accountName(account), currency, amount: paid, reason: 'AUCTION_PROCEEDS' },
      { from: `auction/${id}`, to: INVENTORY, currency: lotCurrency, amount: quantity, reason: 'AUCTION_LOT' },
    ],
  });
}
