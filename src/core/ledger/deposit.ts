/**
 * Money coming in: collateral, and the house's own funds. Deposits stay open in every state of the house.  Rule: B1-3
 */

import type { Cash } from '../../units/quantity';
import type { CommandOf } from '../message/command';
import type { Desk } from '../message/desk';
import type { LedgerName, TransferReason } from '../message/ledger';
import { type Checked, ok, refused } from '../message/rejection';
import type { Account } from '../model/account';
import type { Actor } from '../model/actor';
import type { CurrencyId } from '../model/reference';
import type { View } from '../model/state';
import { accountFor } from '../reference/accounts';
import { indexIdOf } from '../reference/indices';
import { readPayment } from '../reference/reading';
import { readInflow } from './inflow';
import { accountName, balanceOf } from './transfers';

export interface Payment {
  readonly account: Account;
  readonly currency: CurrencyId;
  readonly amount: Cash;
}

/**
 * Errors, in order: ACCOUNT_NOT_FOUND, CURRENCY_NOT_FOUND, TOO_MANY_DIGITS, VALUE_OUT_OF_RANGE, AMOUNT_NOT_POSITIVE,
 * COLLATERAL_NOT_ELIGIBLE.
 */
export function checkDepositCollateral(
  view: View,
  command: CommandOf<'DepositCollateral'>,
  actor: Actor,
): Checked<Payment> {
  const account = accountFor(view, actor, command.account);
  if (!account || account.kind === 'CLOSE_OUT') return refused('ACCOUNT_NOT_FOUND', { account: command.account });
  const amount = readInflow(view, command.currency, command.amount);
  if (amount.rejection) return amount;
  if (!isEligible(view, account, command.currency))
    return refused('COLLATERAL_NOT_ELIGIBLE', { currency: command.currency });
  return ok({ account, currency: command.currency, amount: amount.ok });
}

/** Whether an account may hold the currency: its own always, another one on stated terms and with a price. */
export function isEligible(view: View, account: Account, currency: CurrencyId): boolean {
  if (currency === account.currency) return true;
  return (view.collateral.get(currency)?.eligible ?? false) && view.indices.has(indexIdOf(currency, account.currency));
}

export function depositCollateral(desk: Desk, { account, currency, amount }: Payment): void {
  const transfers = [{ from: 'external', to: accountName(account.id), currency, amount, reason: 'DEPOSIT' }] as const;
  desk.emit({ type: 'CollateralDeposited', account: account.id, currency, amount, transfers });
}

export interface Contribution {
  readonly currency: CurrencyId;
  readonly amount: Cash;
  readonly source: 'EXTERNAL' | 'HOUSE_CAPITAL';
}

/**
 * Errors, in order: CURRENCY_NOT_FOUND, TOO_MANY_DIGITS, VALUE_OUT_OF_RANGE, AMOUNT_NOT_POSITIVE, INSUFFICIENT_FUNDS.
 */
export function checkContributeToInsuranceFund(
  view: View,
  { currency, amount: text, source }: CommandOf<'ContributeToInsuranceFund'>,
): Checked<Contribution> {
  const amount = source === 'EXTERNAL' ? readInflow(view, currency, text) : readPayment(view, currency, text);
  if (amount.rejection) return amount;
  const missing = source === 'HOUSE_CAPITAL' && balanceOf(view, 'house-capital', currency) < amount.ok;
  return missing
    ? refused('INSUFFICIENT_FUNDS', { ledger: 'house-capital', currency })
    : ok({ currency, amount: amount.ok, source });
}

export function contributeToInsuranceFund(desk: Desk, { currency, amount, source }: Contribution): void {
  const from = source === 'EXTERNAL' ? 'external' : 'house-capital';
  desk.emit({
    type: 'InsuranceFundContributed',
    currency,
    amount,
    source,
    transfers: [paid(from, 'insurance-fund', currency, amount, 'CONTRIBUTION')],
  });
}

/** Errors: CURRENCY_NOT_FOUND, TOO_MANY_DIGITS, VALUE_OUT_OF_RANGE, AMOUNT_NOT_POSITIVE. */
export function checkContributeHouseCapital(
  view: View,
  { currency, amount: text }: CommandOf<'ContributeHouseCapital'>,
): Checked<Omit<Contribution, 'source'>> {
  const amount = readInflow(view, currency, text);
  return amount.rejection ? amount : ok({ currency, amount: amount.ok });
}

export const contributeHouseCapital = (desk: Desk, { currency, amount }: Omit<Contribution, 'source'>): void =>
  desk.emit({
    type: 'HouseCapitalContributed',
    currency,
    amount,
    transfers: [paid('external', 'house-capital', currency, amount, 'CONTRIBUTION')],
  });

const paid = (from: LedgerName, to: LedgerName, currency: CurrencyId, amount: Cash, reason: TransferReason) => ({
  from,
  to,
  currency,
  amount,
  reason,
});
