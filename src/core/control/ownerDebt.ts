/**
 * What an owner has to leave where it is while one of its accounts is worth less than nothing: where its other accounts pay
 * first, they do not empty themselves while that account is being sold. Moves between accounts of the owner stay free.  X-1
 */

import { formatScaled } from '../../units/decimal';
import { known } from '../../units/failure';
import { type Cash, cash, greatest, margin, minus, NO_CASH, plus, total } from '../../units/quantity';
import { cashUp } from '../../units/rounding';
import type { Payment } from '../ledger/deposit';
import { standingOfAccount } from '../margin/standing';
import { type Checked, ok, refused } from '../message/rejection';
import type { Account } from '../model/account';
import type { View } from '../model/state';
import { ownerCollateralOf } from '../settlement/waterfall/sources';

/** What its accounts can spare beyond what others of them lack, at least zero; undefined where none lacks anything. */
export function ownerRoomOf(view: View, { owner, member, currency }: Account): Cash | undefined {
  if (!view.lossPolicies.get(currency)?.layers.includes('OWNER_COLLATERAL')) return undefined;
  let owed: Cash = NO_CASH;
  let debtor: string | undefined;
  for (const id of view.book.accountsOf(owner)) {
    const account = view.book.account(id);
    if (!account || account.member !== member || account.currency !== currency) continue;
    const { equity, maintenance } = standingOfAccount(view, id);
    if (equity >= 0n) continue;
    // Offered for a premium, what it lacks to its margin may have to be paid too.
    owed = plus(owed, cashUp(margin((view.portfolioOf.has(id) ? maintenance : 0n) - equity)));
    debtor ??= id;
  }
  if (debtor === undefined) return undefined;
  const spare = total(ownerCollateralOf(view, currency, debtor).map(({ cap }) => cap));
  return greatest(minus(spare, owed), cash(0n));
}

/** Whether so much may leave the owner. Another currency, of which it cannot be said what it will bring, waits. Errors: OWNER_OWES. */
export function checkOwnerDebt(view: View, leaving: Payment): Checked<Payment> {
  const { account, currency, amount } = leaving;
  const room = ownerRoomOf(view, account);
  if (room === undefined || (currency === account.currency && amount <= room)) return ok(leaving);
  const { scale } = known(view.currencies.get(account.currency), 'Currency', account.currency);
  return refused('OWNER_OWES', { currency: account.currency, free: formatScaled(room, scale) });
}
