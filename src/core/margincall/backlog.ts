/**
 * The backlog: accounts that are to be acted on and wait their turn, because one entry acts on so many at most. Those
 * who fell together wait in order of risk; those who fell later wait behind them, so that nobody waits for ever.  Rule:
 * LE-3
 */

import type { Seq } from '../../units/quantity';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';
import type { AccountId } from '../model/account';
import type { State } from '../model/state';
import { noteTurn, noteWaiting, unseenChange } from '../reference/former';

/** Accounts that one entry acts on because of what happened in it, and as many again of those that waited. */
export const MOST_AN_ENTRY = 1000;

/** Those who have not been looked at since the same change of terms wait together. */
export function queueAccounts(desk: Desk, accounts: readonly AccountId[]): void {
  const groups = new Map<Seq | undefined, AccountId[]>();
  for (const account of accounts) {
    const unseen = unseenChange(desk.view, account);
    const group = groups.get(unseen);
    if (group) group.push(account);
    else groups.set(unseen, [account]);
  }
  for (const [unseen, queued] of groups)
    desk.emit({ type: 'AccountsQueued', accounts: queued, ...(unseen === undefined ? {} : { termsBefore: unseen }) });
}

/** The turn of those who have waited longest. Returns them. */
export function takeBacklog(desk: Desk): ReadonlySet<AccountId> {
  const accounts: AccountId[] = [];
  for (const account of desk.view.backlog) {
    if (accounts.length === MOST_AN_ENTRY) break;
    accounts.push(account);
  }
  if (accounts.length > 0) desk.emit({ type: 'AccountsTaken', accounts });
  return new Set(accounts);
}

export function onAccountsQueued(state: State, { accounts, termsBefore }: EventOf<'AccountsQueued'>): void {
  noteWaiting(state, accounts, termsBefore);
  for (const account of accounts) state.backlog.add(account);
}

export function onAccountsTaken(state: State, { accounts }: EventOf<'AccountsTaken'>): void {
  noteTurn(state, accounts);
  for (const account of accounts) {
    state.backlog.delete(account);
    state.due.add(account);
  }
}
