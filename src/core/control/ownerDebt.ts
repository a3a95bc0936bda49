/**
 * What an owner has to leave where it is while one of its accounts is worth less than nothing: where its other accounts
 * pay first, they do not empty themselves while that account is being sold. Moves between accounts of the owner stay
 * free.  X-1
 */

import { formatScaled } from '../../units/decimal';
import { known } from '../../units/failure';
import { type Cash, cash, greatest, margin, minus, NO_CASH, plus, total } from '../../units/quantity';
import { cashUp } from '../../units/rounding';
import type { Payment } from '../ledger/deposit';
import { type Standing, standingOfAccount } from '../margin/standing';
import type { LedgerName } from '../message/ledger';
import { type Checked, ok, refused } from '../message/rejection';
import type { Account } from '../model/account';
import type { View } from '../model/state';
import { answersFor } from '../reference/recourse';
import { ownerCollateralOf } from '../settlement/waterfall/sources';

/** Accounts of the owner that are worth less than nothing and that the account answers for. */
const debtorsBefore = (view: View, answering: Account): Standing[] =>
  [...view.book.accountsOf(answering.owner)]
    .filter((id) => answersFor(view, known(view.book.account(id), 'Account', id), answering))
    .map((id) => standingOfAccount(view, id))
    .filter(({ equity }) => equity < 0n);

/**
 * What those that answer can spare beyond what it is needed for, at least zero; undefined where the account answers for
 * nothing.
 */
export function ownerRoomOf(view: View, account: Account): Cash | undefined {
  const debtors = debtorsBefore(view, account);
  if (debtors.length === 0) return undefined;
  let owed: Cash = NO_CASH;
  const spare = new Map<LedgerName, Cash>();
  for (const { equity, maintenance, picture } of debtors) {
    const { id } = picture.account;
    // Offered for a premium, what it lacks to its margin may have to be paid too.
    owed = plus(owed, cashUp(margin((view.portfolioOf.has(id) ? maintenance : 0n) - equity)));
    for (const { name, cap } of ownerCollateralOf(view, id)) spare.set(name, cap);
  }
  return greatest(minus(total([...spare.values()]), owed), cash(0n));
}

/** Whether what moves from one account of the owner to another stays where all debts of the owner that reach it can. */
export const staysInReach = (view: View, from: Account, to: Account): boolean =>
  to.currency === from.currency &&
  debtorsBefore(view, from).every(({ picture: { account } }) => account.id === to.id || answersFor(view, account, to));

/**
 * Whether so much may leave the owner. Another currency, of which it cannot be said what it will bring, waits. Errors:
 * OWNER_OWES.
 */
export function checkOwnerDebt(view: View, leaving: Payment): Checked<Payment> {
  const { account, currency, amount } = leaving;
  const room = ownerRoomOf(view, account);
  if (room === undefined || (currency === account.currency && amount <= room)) return ok(leaving);
  const { scale } = known(view.currencies.get(account.currency), 'Currency', account.currency);
  return refused('OWNER_OWES', { currency: account.currency, free: formatScaled(room, scale) });
}
