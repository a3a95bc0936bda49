/**
 * Open debts: what accounts owe that nobody has borne yet. One list, read by the withdrawal gate, by officers and by
 * tests: between a debt and its allocation nobody takes away what could still be asked of it.  Ruling 14
 */

import { assert, known } from '../../../units/failure';
import { type Cash, cash, compare, NO_CASH, negate } from '../../../units/quantity';
import { cashDown } from '../../../units/rounding';
import { equityOf } from '../../margin/equity';
import { type Picture, pictureOf, withoutStaleCollateral } from '../../margin/picture';
import type { AccountId } from '../../model/account';
import type { CurrencyId, InstrumentId } from '../../model/reference';
import type { View } from '../../model/state';

/** What a debt waits for before it is borne. */
export type OpenDebtCause =
  | 'AT_AUCTION'
  | 'PRICE_AWAITED'
  | 'TRADING_HALTED'
  | 'DEFAULT_UNSETTLED'
  | 'ASSESSMENTS_AWAITED'
  | 'LOSS_UNALLOCATED';

export interface OpenDebt {
  readonly cause: OpenDebtCause;
  readonly account: AccountId; // who owes, or owed
  readonly currency: CurrencyId;
  // above zero: at the marks as they are; what is at auction or has no live price is worth nothing here
  readonly amount: Cash;
  readonly instrument: InstrumentId | null; // whose pool would bear
}

/** All open debts, or those of one currency: by account, then by cause. */
export function openDebtsOf(view: View, currency?: CurrencyId): OpenDebt[] {
  const debts: OpenDebt[] = [...waiting(view), ...unsettled(view), ...unshared(view)];
  return debts
    .filter((debt) => currency === undefined || debt.currency === currency)
    .sort((a, b) => compare(a.account, b.account) || compare(a.cause, b.cause));
}

/** Accounts whose liquidation waits: only of these can one be worth less than nothing between two entries. */
function* waiting(view: View): Generator<OpenDebt> {
  const ids = new Set<AccountId>([...view.auctionsOf.keys(), ...view.portfolioOf.keys(), ...view.backlog]);
  for (const { account, paused } of view.liquidations.values()) if (paused) ids.add(account);
  for (const id of ids) {
    const account = view.book.account(id);
    if (!account || account.kind === 'CLOSE_OUT') continue;
    const picture = pictureOf(view, id);
    const amount = owedBy(picture);
    if (amount > 0n)
      yield {
        cause: causeOf(view, picture),
        account: id,
        currency: account.currency,
        amount,
        instrument: firstHeld(picture),
      };
  }
}

/**
 * What is missing at the marks, where other collateral counts for nothing as long as nobody vouches for its price. At
 * least zero.
 */
function owedBy(picture: Picture): Cash {
  const equity = equityOf(withoutStaleCollateral(picture));
  return equity < 0n ? negate(cashDown(equity)) : NO_CASH;
}

const firstHeld = ({ holdings }: Picture): InstrumentId | null =>
  holdings.find(({ position }) => position.size !== 0n)?.instrument.id ?? null;

function causeOf(view: View, { account, holdings }: Picture): OpenDebtCause {
  if (view.auctionsOf.has(account.id) || view.portfolioOf.has(account.id)) return 'AT_AUCTION';
  const halted = holdings.some(({ instrument }) => view.listings.get(instrument.id)?.status === 'HALTED');
  return halted ? 'TRADING_HALTED' : 'PRICE_AWAITED';
}

/** What a member in default is short of, currency by currency, until the default is settled. */
function* unsettled(view: View): Generator<OpenDebt> {
  for (const { books } of view.memberDefaults.values())
    for (const { currency, account, own, settled } of books) {
      if (settled) continue;
      const picture = pictureOf(view, account);
      const amount = owedBy(picture);
      if (amount > 0n)
        yield { cause: 'DEFAULT_UNSETTLED', account: own, currency, amount, instrument: firstHeld(picture) };
    }
}

function* unshared(view: View): Generator<OpenDebt> {
  for (const { account, currency, instrument, unallocated, status } of view.lossCases.values())
    if (unallocated > 0n)
      yield {
        cause: status === 'AWAITING_ASSESSMENTS' ? 'ASSESSMENTS_AWAITED' : 'LOSS_UNALLOCATED',
        account,
        currency,
        amount: unallocated,
        instrument,
      };
}

/** What all of these come to. */
export const sumOfDebts = (debts: readonly OpenDebt[]): Cash => {
  const currencies = new Set(debts.map(({ currency }) => currency));
  assert(currencies.size <= 1, 'Debts of one currency add up, and no others', { currencies: [...currencies].join() });
  return debts.reduce((sum, { amount }) => cash(sum + amount), NO_CASH);
};

/** The member whose account it is. */
export const memberOfDebt = (view: View, { account }: OpenDebt): string =>
  known(view.book.account(account), 'Account', account).member;
