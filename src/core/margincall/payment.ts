/**
 * What is paid in counts towards the open call of an account, and may cure it in the stages that follow.  Rule: MCM-4
 */

import { cash, type Margin } from '../../units/quantity';
import { cashDown } from '../../units/rounding';
import { depositCollateral, type Payment } from '../ledger/deposit';
import { standingOfAccount } from '../margin/standing';
import type { Desk } from '../message/desk';
import type { AccountId } from '../model/account';
import { openCallOf } from './call';

/** Lets money come into an account, and notes what it pays towards the open call, at collateral value. */
export function payTowardsCall(desk: Desk, account: AccountId, move: () => void): void {
  const before = standingOfAccount(desk.view, account).equity;
  move();
  notePayment(desk, account, before, standingOfAccount(desk.view, account).equity);
}

export const payInCollateral = (desk: Desk, payment: Payment): void =>
  payTowardsCall(desk, payment.account.id, () => depositCollateral(desk, payment));

function notePayment(desk: Desk, account: AccountId, before: Margin, after: Margin): void {
  const call = openCallOf(desk.view, account);
  const amount = cashDown((after - before) as Margin);
  if (!call || amount <= 0n) return;
  desk.emit({ type: 'MarginCallPaid', call: call.id, account, amount, paid: cash(call.paid + amount) });
}
