/**
 * What may leave: withdrawals, transfers between own accounts, and money out of the insurance fund.  Rules: IM-5 (CFTC
 * 1.44), B1-3, S14
 */

import { formatScaled } from '../../units/decimal';
import { known } from '../../units/failure';
import { type Cash, cash, greatest, least, type Margin, margin, marginOf, minus, NO_CASH } from '../../units/quantity';
import { isEligible, type Payment } from '../ledger/deposit';
import { accountName, balanceOf } from '../ledger/transfers';
import { freeCollateralOf, spareOf } from '../margin/equity';
import { leavingOf } from '../margin/leaving';
import { backingOf, openingValueOf, type Picture, pictureOf } from '../margin/picture';
import { openingOf } from '../margin/requirement';
import { payTowardsCall } from '../margincall/payment';
import type { CommandOf } from '../message/command';
import type { Desk } from '../message/desk';

import { type Checked, ok, type Rejection, refused } from '../message/rejection';
import type { Account } from '../model/account';
import type { Actor } from '../model/actor';
import { withinHouse } from '../model/collateral';
import type { CurrencyId } from '../model/reference';
import type { View } from '../model/state';
import { accountFor } from '../reference/accounts';
import { payOutProblem } from '../reference/members';
import { readPayment } from '../reference/reading';
import { askedOf, askedOfLayer, gatedFor, waitProblem } from '../settlement/waterfall/gate';
import { checkOwnerDebt, staysInReach } from './ownerDebt';

/**
 * Errors, in order: ACCOUNT_NOT_FOUND, CURRENCY_NOT_FOUND, TOO_MANY_DIGITS, AMOUNT_NOT_POSITIVE, WITHDRAWALS_GATED
 * (after a loss), ACCOUNT_NOT_OPEN, MEMBER_SUSPENDED, MARGIN_CALL_OPEN, COLLATERAL_ENCUMBERED, OWNER_OWES,
 * WITHDRAWALS_GATED (open debts).
 */
export function checkWithdrawCollateral(
  view: View,
  command: CommandOf<'WithdrawCollateral'>,
  actor: Actor,
): Checked<Payment> {
  const account = accountFor(view, actor, command.account);
  // A foreign account answers exactly like one that is not there.
  if (!account || account.kind === 'CLOSE_OUT') return refused('ACCOUNT_NOT_FOUND', { account: command.account });
  const amount = readPayment(view, command.currency, command.amount);
  if (amount.rejection) return amount;
  const waits = waitProblem(view, command.currency);
  return waits ? { rejection: waits } : checkNotAsked(view, { account, currency: command.currency, amount: amount.ok });
}

/**
 * Whether so much may leave, and what the account could still be asked for of open debts stays with it.
 * Errors, in order: those of what the account can spare, OWNER_OWES, WITHDRAWALS_GATED.  Ruling 14
 */
export function checkNotAsked(view: View, leaving: Payment): Checked<Payment> {
  const may = checkMayLeave(view, leaving);
  if (may.rejection) return may;
  const asked = askedProblem(view, leaving);
  return asked ? { rejection: asked } : may;
}

/** Whether what leaves could still be asked for of open debts.  Ruling 14 */
function askedProblem(view: View, { account, currency, amount }: Payment): Rejection | undefined {
  const asked = askedOf(view, account);
  if (asked === 0n) return undefined;
  const free = freeIn(view, account, currency, asked);
  if (amount <= free) return undefined;
  const { scale } = known(view.currencies.get(currency), 'Currency', currency);
  return gatedFor(view, account.currency, { free: formatScaled(free, scale) });
}

/**
 * Whether so much may leave the account and its owner. Errors, in order: those of what the account can spare,
 * OWNER_OWES.
 */
export function checkMayLeave(view: View, leaving: Payment): Checked<Payment> {
  const spared = checkSpared(view, leaving);
  return spared.rejection ? spared : checkOwnerDebt(view, leaving);
}

/**
 * Whether the account can spare it: nothing while it is called or on a stale price, never what holds initial margin.
 * Errors, in order: ACCOUNT_NOT_OPEN, MEMBER_SUSPENDED, MARGIN_CALL_OPEN, PRICE_STALE, COLLATERAL_ENCUMBERED.
 */
function checkSpared(view: View, leaving: Payment): Checked<Payment> {
  const { account, currency, amount } = leaving;
  const { status } = view.book.stateOf(account.id);
  if (status !== 'HEALTHY' && status !== 'WARNING' && status !== 'CALL') return refused('ACCOUNT_NOT_OPEN', { status });
  const suspended = payOutProblem(view, account.member);
  if (suspended) return { rejection: suspended };
  if (status === 'CALL') return refused('MARGIN_CALL_OPEN', { call: view.callOf.get(account.id) ?? '' });
  const free = freeIn(view, account, currency);
  if (amount <= free) return ok(leaving);
  const { scale } = known(view.currencies.get(currency), 'Currency', currency);
  return refused('COLLATERAL_ENCUMBERED', {
    currency,
    requested: formatScaled(amount, scale),
    free: formatScaled(free, scale),
  });
}

/**
 * What may leave in one currency: no more than is there, and than what remains can spare beside `asked`, in the
 * account's currency, that has to stay. Unit: the currency named, at least zero.  IM-5
 */
export function freeIn(view: View, account: Account, currency: CurrencyId, asked: Cash = NO_CASH): Cash {
  const picture = leavingOf(view, backingOf(pictureOf(view, account.id)));
  const opening = openingOf(picture);
  const held = balanceOf(view, accountName(account.id), currency);
  if (held <= 0n) return NO_CASH;
  if (currency === account.currency)
    return greatest(minus(least(held, freeCollateralOf(picture, opening)), asked), NO_CASH);
  // Without a position, an order or a debt nothing depends on what the currency is worth.
  if (picture.holdings.length === 0 && picture.cash >= 0n) return held;
  return sparable(view, picture, currency, held, margin(spareOf(picture, opening) - marginOf(asked)));
}

/** How much of another currency can go so that the rest still counts for what it has to.  RB-4 */
function sparable(view: View, picture: Picture, currency: CurrencyId, held: Cash, spare: Margin): Cash {
  if (spare < 0n) return NO_CASH;
  const terms = view.collateral.get(currency);
  // What was struck off holds nothing up: the rest does without it, or nothing leaves.  Ruling 11
  if (!terms?.eligible) return held;
  const item = picture.collateral.find((each) => each.currency === currency);
  if (!item || item.price === null || item.stale) return NO_CASH;
  const kept = item.value - spare;
  const all = view.book.collateralHeld(currency);
  // More never counts for less, whatever brackets and limits there are: the least that is enough is found by halving.
  const isEnough = (rest: Cash): boolean =>
    openingValueOf(picture, item, withinHouse(terms, rest, minus(all, minus(held, rest)))) >= kept;
  let [most, fewest] = [held, cash(-1n)];
  while (most - fewest > 1n) {
    const middle = cash((most + fewest) / 2n);
    if (isEnough(middle)) most = middle;
    else fewest = middle;
  }
  return minus(held, most);
}

export function withdrawCollateral(desk: Desk, { account, currency, amount }: Payment): void {
  const transfers = [
    { from: accountName(account.id), to: 'external', currency, amount, reason: 'WITHDRAWAL' },
  ] as const;
  desk.emit({ type: 'CollateralWithdrawn', account: account.id, currency, amount, transfers });
}

export interface OwnTransfer extends Payment {
  readonly receiver: Account;
}

/**
 * Errors, in order: ACCOUNT_NOT_FOUND, SAME_ACCOUNT, OWNER_MISMATCH, CURRENCY_NOT_FOUND, TOO_MANY_DIGITS,
 * AMOUNT_NOT_POSITIVE, COLLATERAL_NOT_ELIGIBLE, then those of a withdrawal.
 */
export function checkTransferCollateral(
  view: View,
  command: CommandOf<'TransferCollateral'>,
  actor: Actor,
): Checked<OwnTransfer> {
  const [from, to] = [accountFor(view, actor, command.from), accountFor(view, actor, command.to)];
  for (const [id, account] of [
    [command.from, from],
    [command.to, to],
  ] as const) {
    if (!account || account.kind === 'CLOSE_OUT') return refused('ACCOUNT_NOT_FOUND', { account: id });
  }
  if (!from || !to || from.id === to.id) return refused('SAME_ACCOUNT', { account: command.from });
  if (from.owner !== to.owner || from.member !== to.member)
    return refused('OWNER_MISMATCH', { from: from.owner, to: to.owner });
  const amount = readPayment(view, command.currency, command.amount);
  if (amount.rejection) return amount;
  if (!isEligible(view, to, command.currency))
    return refused('COLLATERAL_NOT_ELIGIBLE', { currency: command.currency });
  // Between accounts that answer for the same it stays where the owner's debts can reach it.
  const payment: Payment = { account: from, currency: command.currency, amount: amount.ok };
  const leaving = staysInReach(view, from, to) ? checkSpared(view, payment) : checkMayLeave(view, payment);
  if (leaving.rejection) return leaving;
  const asked = askedProblem(view, payment);
  return asked ? { rejection: asked } : ok({ ...payment, receiver: to });
}

/** What the receiver gets pays towards its open call as a deposit does. */
export function transferCollateral(desk: Desk, { account, receiver, currency, amount }: OwnTransfer): void {
  const transfers = [
    { from: accountName(account.id), to: accountName(receiver.id), currency, amount, reason: 'TRANSFER' },
  ] as const;
  payTowardsCall(desk, receiver.id, () =>
    desk.emit({
      type: 'CollateralTransferred',
      account: account.id,
      receiver: receiver.id,
      currency,
      amount,
      transfers,
    }),
  );
}

export interface FundWithdrawal {
  readonly currency: CurrencyId;
  readonly amount: Cash;
  readonly reason: string;
}

/** Errors: CURRENCY_NOT_FOUND, TOO_MANY_DIGITS, AMOUNT_NOT_POSITIVE, INSUFFICIENT_FUNDS, WITHDRAWALS_GATED. */
export function checkWithdrawFromInsuranceFund(
  view: View,
  { currency, amount: text, reason }: CommandOf<'WithdrawFromInsuranceFund'>,
): Checked<FundWithdrawal> {
  const amount = readPayment(view, currency, text);
  if (amount.rejection) return amount;
  const held = balanceOf(view, 'insurance-fund', currency);
  if (held < amount.ok) return refused('INSUFFICIENT_FUNDS', { ledger: 'insurance-fund', currency });
  const free = greatest(minus(held, askedOfLayer(view, currency, 'INSURANCE_FUND')), NO_CASH);
  const { scale } = known(view.currencies.get(currency), 'Currency', currency);
  return amount.ok > free
    ? { rejection: gatedFor(view, currency, { free: formatScaled(free, scale) }) }
    : ok({ currency, amount: amount.ok, reason });
}

export function withdrawFromInsuranceFund(desk: Desk, { currency, amount, reason }: FundWithdrawal): void {
  const transfers = [{ from: 'insurance-fund', to: 'external', currency, amount, reason: 'WITHDRAWAL' }] as const;
  desk.emit({ type: 'InsuranceFundWithdrawn', currency, amount, reason, transfers });
}
