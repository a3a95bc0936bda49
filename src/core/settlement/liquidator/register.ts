/**
 * The list of liquidators: accounts that put a deposit down and may then claim and take what is offered.  Rules: LI-1,
 * LI-5
 */

import { known } from '../../../units/failure';
import { NO_CASH, plus } from '../../../units/quantity';
import type { Payment } from '../../ledger/deposit';
import { accountName, balanceOf, onTransfers } from '../../ledger/transfers';
import type { CommandOf } from '../../message/command';
import type { Desk } from '../../message/desk';
import type { EventOf } from '../../message/event';

import type { LedgerName, Transfer } from '../../message/ledger';
import { type Checked, ok, refused } from '../../message/rejection';
import type { Account, AccountId } from '../../model/account';
import type { Actor, ApiKeyId } from '../../model/actor';
import type { Liquidator } from '../../model/ladder';
import type { CurrencyId } from '../../model/reference';
import type { State, View } from '../../model/state';
import { accountFor } from '../../reference/accounts';
import { readPayment } from '../../reference/reading';

export const depositName = (account: AccountId): LedgerName => `liquidator-deposit/${account}`;

/**
 * A liquidator the caller may act for: a broker for its member's accounts, a liquidator's key for those that name it.
 */
export function liquidatorFor(view: View, actor: Actor, id: AccountId): Liquidator | undefined {
  const liquidator = view.liquidators.get(id);
  if (!liquidator?.active) return undefined;
  if (actor.role === 'LIQUIDATOR') return liquidator.operator === actor.id ? liquidator : undefined;
  return accountFor(view, actor, id) ? liquidator : undefined;
}

/** An account the caller may bid for: a broker for its member's accounts, a liquidator's key for those that name it. */
export function bidderFor(view: View, actor: Actor, id: AccountId): Account | undefined {
  if (actor.role !== 'LIQUIDATOR') return accountFor(view, actor, id);
  return liquidatorFor(view, actor, id) && view.book.account(id);
}

/** Whether anybody is there to take what is offered in a currency. */
export function hasLiquidators(view: View, currency: CurrencyId): boolean {
  for (const { account, active } of view.liquidators.values()) {
    if (active && view.book.account(account)?.currency === currency) return true;
  }
  return false;
}

export interface Registration extends Payment {
  readonly operator: ApiKeyId | null;
}

/**
 * What is moved leaves the account like a withdrawal, which is the caller's to test.
 * Errors, in order: ACCOUNT_NOT_FOUND, API_KEY_NOT_FOUND, TOO_MANY_DIGITS, AMOUNT_NOT_POSITIVE.
 */
export function checkRegisterLiquidator(
  view: View,
  command: CommandOf<'RegisterLiquidator'>,
  actor: Actor,
): Checked<Registration> {
  const account = accountFor(view, actor, command.account);
  // A liquidator's key acts for accounts whose broker has named it, and so never for one that is not on the list yet.
  const foreign = actor.role === 'LIQUIDATOR' && view.liquidators.get(command.account)?.operator !== actor.id;
  if (!account || account.kind === 'CLOSE_OUT' || foreign)
    return refused('ACCOUNT_NOT_FOUND', { account: command.account });
  const operator = command.operator ?? view.liquidators.get(account.id)?.operator ?? null;
  const key = operator === null ? undefined : view.apiKeys.get(operator);
  if (operator !== null && key?.role !== 'LIQUIDATOR') return refused('API_KEY_NOT_FOUND', { apiKey: operator });
  const amount = readPayment(view, account.currency, command.deposit);
  return amount.rejection ? amount : ok({ account, currency: account.currency, amount: amount.ok, operator });
}

export function registerLiquidator(
  desk: Desk,
  { account: { id: account }, currency, amount, operator }: Registration,
): void {
  const transfers = [
    { from: accountName(account), to: depositName(account), currency, amount, reason: 'LIQUIDATOR_DEPOSIT' },
  ] as const;
  desk.emit({ type: 'LiquidatorRegistered', account, operator, currency, amount, transfers });
}

/** Errors: LIQUIDATOR_NOT_FOUND, CLAIM_OPEN. */
export function checkDeregisterLiquidator(
  view: View,
  command: CommandOf<'DeregisterLiquidator'>,
  actor: Actor,
): Checked<AccountId> {
  const liquidator = liquidatorFor(view, actor, command.account);
  if (!liquidator) return refused('LIQUIDATOR_NOT_FOUND', { account: command.account });
  return openClaimsOf(view, command.account) > 0
    ? refused('CLAIM_OPEN', { account: command.account })
    : ok(command.account);
}

export function openClaimsOf(view: View, account: AccountId): number {
  let open = 0;
  for (const claim of view.claims.values()) if (claim.account === account) open += 1;
  return open;
}

export function deregisterLiquidator(desk: Desk, account: AccountId): void {
  const { currency } = known(desk.view.book.account(account), 'Account', account);
  const amount = balanceOf(desk.view, depositName(account), currency);
  const transfers: Transfer[] =
    amount > 0n
      ? [{ from: depositName(account), to: accountName(account), currency, amount, reason: 'LIQUIDATOR_DEPOSIT' }]
      : [];
  desk.emit({ type: 'LiquidatorDeregistered', account, currency, amount, transfers });
}

export function onLiquidatorRegistered(state: State, event: EventOf<'LiquidatorRegistered'>): void {
  onTransfers(state, event.transfers);
  const { account, operator } = event;
  const before = state.liquidators.get(account);
  state.liquidators.set(account, { ...(before ?? newLiquidator(state, account)), operator, active: true });
}

const newLiquidator = (state: State, account: AccountId): Liquidator => ({
  account,
  operator: null,
  active: true,
  since: state.now,
  claims: 0,
  expiredClaims: 0,
  takes: 0,
  completed: 0,
  waited: 0,
  feeShares: NO_CASH,
  rewards: NO_CASH,
  penalties: NO_CASH,
});

export function onLiquidatorDeregistered(state: State, event: EventOf<'LiquidatorDeregistered'>): void {
  onTransfers(state, event.transfers);
  amendLiquidator(state, event.account, () => ({ active: false }));
}

/** Counts something for a liquidator. */
export function amendLiquidator(
  state: State,
  account: AccountId,
  change: (before: Liquidator) => Partial<Liquidator>,
): void {
  const before = known(state.liquidators.get(account), 'Liquidator', account);
  state.liquidators.set(account, { ...before, ...change(before) });
}

export const onLiquidationTakenBy = (
  state: State,
  { liquidatorId, waited, feeShare }: EventOf<'LiquidationTaken'>,
): void =>
  amendLiquidator(state, liquidatorId, (before) => ({
    takes: before.takes + 1,
    waited: before.waited + waited,
    feeShares: plus(before.feeShares, feeShare),
  }));
