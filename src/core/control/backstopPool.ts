/** Acts of the backstop pool's contributors: paying in, taking out, and income paid to all of them. */

import { formatScaled } from '../../units/decimal';
import { known } from '../../units/failure';
import { type Cash, greatest, least, minus, NO_CASH, plus } from '../../units/quantity';
import { readInflow } from '../ledger/inflow';
import { accountName, onTransfers } from '../ledger/transfers';
import type { CommandOf } from '../message/command';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';
import { type Checked, ok, refused } from '../message/rejection';

import type { Account } from '../model/account';
import type { Actor } from '../model/actor';
import type { CurrencyId } from '../model/reference';
import type { State, View } from '../model/state';
import { accountFor } from '../reference/accounts';
import { readPayment } from '../reference/reading';
import { poolNow, settledEntry } from '../settlement/waterfall/backstop';
import { transferOf } from '../settlement/waterfall/bear';
import { askedOfLayer, gatedFor, waitProblem } from '../settlement/waterfall/gate';
import { checkNotAsked } from './withdraw';

export interface BackstopMove {
  readonly account: Account;
  readonly amount: Cash;
}

/**
 * Paid out of the account's collateral. Errors, in order: ACCOUNT_NOT_FOUND, TOO_MANY_DIGITS, AMOUNT_NOT_POSITIVE, then
 * those of a withdrawal of collateral.
 */
export function checkContributeToBackstopPool(
  view: View,
  command: CommandOf<'ContributeToBackstopPool'>,
  actor: Actor,
): Checked<BackstopMove> {
  const account = accountFor(view, actor, command.account);
  if (!account || account.kind === 'CLOSE_OUT') return refused('ACCOUNT_NOT_FOUND', { account: command.account });
  const amount = readPayment(view, account.currency, command.amount);
  if (amount.rejection) return amount;
  return checkNotAsked(view, { account, currency: account.currency, amount: amount.ok });
}

export function contributeToBackstopPool(desk: Desk, { account, amount }: BackstopMove): void {
  const { currency } = account;
  const pool = poolNow(desk.view, currency);
  const entry = settledEntry(pool, desk.view.backstopEntries.get(account.id), account.id);
  desk.emit({
    type: 'BackstopPoolContributed',
    account: account.id,
    currency,
    amount,
    entry: { ...entry, contribution: plus(entry.contribution, amount) },
    backstop: { ...pool, total: plus(pool.total, amount) },
    transfers: [transferOf(accountName(account.id), 'backstop-pool', currency, amount, 'CONTRIBUTION')],
  });
}

/**
 * Income is taken first, then the contribution. Errors, in order: ACCOUNT_NOT_FOUND, TOO_MANY_DIGITS,
 * AMOUNT_NOT_POSITIVE, WITHDRAWALS_GATED (after a loss), INSUFFICIENT_FUNDS, WITHDRAWALS_GATED (open debts).
 */
export function checkWithdrawFromBackstopPool(
  view: View,
  command: CommandOf<'WithdrawFromBackstopPool'>,
  actor: Actor,
): Checked<BackstopMove> {
  const account = accountFor(view, actor, command.account);
  if (!account || account.kind === 'CLOSE_OUT') return refused('ACCOUNT_NOT_FOUND', { account: command.account });
  const amount = readPayment(view, account.currency, command.amount);
  if (amount.rejection) return amount;
  const waits = waitProblem(view, account.currency);
  if (waits) return { rejection: waits };
  const { contribution, accrued } = settledEntry(
    poolNow(view, account.currency),
    view.backstopEntries.get(account.id),
    account.id,
  );
  const available = plus(contribution, accrued);
  const { scale } = known(view.currencies.get(account.currency), 'Currency', account.currency);
  if (amount.ok > available)
    return refused('INSUFFICIENT_FUNDS', { ledger: 'backstop-pool', available: formatScaled(available, scale) });
  // Income earned bears nothing any more; what was contributed stays as far as it could be asked for.
  const free = plus(
    accrued,
    greatest(minus(contribution, askedOfLayer(view, account.currency, 'BACKSTOP_POOL')), NO_CASH),
  );
  return amount.ok > free
    ? { rejection: gatedFor(view, account.currency, { free: formatScaled(free, scale) }) }
    : ok({ account, amount: amount.ok });
}

export function withdrawFromBackstopPool(desk: Desk, { account, amount }: BackstopMove): void {
  const { currency } = account;
  const pool = poolNow(desk.view, currency);
  const entry = settledEntry(pool, desk.view.backstopEntries.get(account.id), account.id);
  const income = least(amount, entry.accrued);
  const part = minus(amount, income);
  const to = accountName(account.id);
  desk.emit({
    type: 'BackstopPoolWithdrawn',
    account: account.id,
    currency,
    amount,
    entry: { ...entry, accrued: minus(entry.accrued, income), contribution: minus(entry.contribution, part) },
    backstop: { ...pool, total: minus(pool.total, part), recognised: minus(pool.recognised, income) },
    transfers: [
      transferOf('backstop-income', to, currency, income, 'WITHDRAWAL'),
      transferOf('backstop-pool', to, currency, part, 'WITHDRAWAL'),
    ].filter((line) => line.amount > 0n),
  });
}

export function onBackstopMoved(
  state: State,
  event: EventOf<'BackstopPoolContributed' | 'BackstopPoolWithdrawn'>,
): void {
  onTransfers(state, event.transfers);
  state.backstops.set(event.currency, event.backstop);
  state.backstopEntries.set(event.account, event.entry);
}

export interface Income {
  readonly currency: CurrencyId;
  readonly amount: Cash;
}

/** Errors: CURRENCY_NOT_FOUND, TOO_MANY_DIGITS, AMOUNT_NOT_POSITIVE. */
export function checkAddBackstopIncome(
  view: View,
  { currency, amount: text }: CommandOf<'AddBackstopIncome'>,
): Checked<Income> {
  const amount = readInflow(view, currency, text);
  return amount.rejection ? amount : ok({ currency, amount: amount.ok });
}

export const addBackstopIncome = (desk: Desk, { currency, amount }: Income): void =>
  desk.emit({
    type: 'BackstopIncomeAdded',
    currency,
    amount,
    transfers: [transferOf('external', 'backstop-income', currency, amount, 'CONTRIBUTION')],
  });
