/** Double entry: the only code that changes a balance.  Rules: X-1, B3-3 */

import { assert } from '../../units/failure';
import { type Cash, NO_CASH } from '../../units/quantity';
import type { LedgerName, Transfer } from '../message/ledger';
import type { AccountId } from '../model/account';
import type { CurrencyId } from '../model/reference';
import type { State, View } from '../model/state';

const ACCOUNT = 'account/';

export const accountName = (id: AccountId): LedgerName => `${ACCOUNT}${id}`;

/** The account behind a ledger name, if it is one of an account. */
export const accountBehind = (name: LedgerName): AccountId | undefined =>
  name.startsWith(ACCOUNT) ? name.slice(ACCOUNT.length) : undefined;

export const ledgerKey = (name: LedgerName, currency: CurrencyId): string => `${name} ${currency}`;

/** What a ledger account holds. Unit: smallest unit of the currency, signed. */
export function balanceOf(view: View, name: LedgerName, currency: CurrencyId): Cash {
  const account = accountBehind(name);
  return account === undefined
    ? (view.ledger.get(ledgerKey(name, currency)) ?? NO_CASH)
    : view.book.balance(account, currency);
}

/**
 * Applies transfers in order. Each takes from one name exactly what it gives to another, so every currency keeps its
 * sum.
 */
export function onTransfers(state: State, transfers: readonly Transfer[]): void {
  for (const { from, to, currency, amount } of transfers) {
    assert(amount > 0n && from !== to, 'A transfer moves an amount above zero between two names', { from, to, amount });
    add(state, from, currency, -amount as Cash);
    add(state, to, currency, amount);
  }
}

function add(state: State, name: LedgerName, currency: CurrencyId, amount: Cash): void {
  const account = accountBehind(name);
  if (account !== undefined) {
    state.book.addBalance(account, currency, amount);
    state.due.add(account);
    return;
  }
  const key = ledgerKey(name, currency);
  const after = ((state.ledger.get(key) ?? 0n) + amount) as Cash;
  if (after === 0n) state.ledger.delete(key);
  else state.ledger.set(key, after);
}

/**
 * The sum over every ledger account, per currency: zero, always. Adding it up is the auditor's work, not a step of any
 * command.  Rule: X-1
 */
export function ledgerSums(view: View): Map<CurrencyId, Cash> {
  const sums = new Map<CurrencyId, Cash>();
  const count = (currency: CurrencyId, amount: Cash): void => {
    sums.set(currency, ((sums.get(currency) ?? 0n) + amount) as Cash);
  };
  for (const [key, amount] of view.ledger) count(key.slice(key.lastIndexOf(' ') + 1), amount);
  for (const id of view.book.accountIds())
    for (const [currency, amount] of view.book.balances(id)) count(currency, amount);
  return sums;
}
