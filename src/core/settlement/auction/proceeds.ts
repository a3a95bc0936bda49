/**
 * What a sale raises and for whom: the debt first, then the penalty, anything beyond for the account.  Rules: CA-3,
 * LF-2
 */

import { type Cash, cash, least, minus, negate, plus } from '../../../units/quantity';
import { accountName } from '../../ledger/transfers';
import type { LedgerName, Transfer } from '../../message/ledger';
import type { Auction } from '../../model/auction';
import type { View } from '../../model/state';
import { costUp } from './sale';
import { livePriceOf, quoteAt, targetOf } from './terms';

/** The auction, raising no more than is still owed: what was paid in meanwhile need not be sold. */
export function withDebtNow(view: View, auction: Auction): Auction {
  if (auction.liquidation === null) return auction;
  const owed = negate(view.book.balance(auction.account, auction.currency));
  const debt = least(auction.debt, owed > 0n ? owed : cash(0n));
  if (debt === auction.debt) return auction;
  // What was paid otherwise carries no penalty; what was sold already does.
  const target = minus(auction.target, targetOf(auction.terms, minus(auction.debt, debt)));
  return { ...auction, debt, target: target > debt ? target : debt };
}

/**
 * Money raised is the account's: of what it owes the debt is paid first, then the penalty, which it pays like any other
 * and would have back from a ruling; anything beyond stays.  LF-2, LP-5
 */
export function proceedsTransfers(auction: Auction, from: LedgerName, paid: Cash): Transfer[] {
  const { account, currency } = auction;
  const penalty = least(minus(paid, least(paid, auction.debt)), minus(auction.target, auction.debt));
  const lines: Transfer[] = [
    { from, to: accountName(account), currency, amount: paid, reason: 'AUCTION_PROCEEDS' },
    { from: accountName(account), to: 'insurance-fund', currency, amount: penalty, reason: 'LIQUIDATION_PENALTY' },
  ];
  return lines.filter(({ amount }) => amount > 0n);
}

/** The auction after a sale of a part of the lot. */
export function afterSale(view: View, auction: Auction, quantity: Cash, paid: Cash): Auction {
  const price = livePriceOf(view, auction.lotCurrency, auction.currency) ?? auction.reserve;
  return {
    ...auction,
    quantity: minus(auction.quantity, quantity),
    debt: minus(auction.debt, least(paid, auction.debt)),
    target: minus(auction.target, least(paid, auction.target)),
    proceeds: plus(auction.proceeds, paid),
    sold: plus(auction.sold, quantity),
    fairValue: plus(auction.fairValue, cash(costUp(quantity, quoteAt(view, auction, price)))),
    version: auction.version + 1,
  };
}
