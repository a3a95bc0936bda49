/**
 * Settling a default, currency by currency: costs are charged, other collateral is turned into cash as far as it is
 * needed, what is still missing goes down the waterfall, and what is left goes back to the defaulter to the unit. A
 * default is closed when nothing of it is open.  Rules: B3-1, NE-5; S20
 */

import { known } from '../../../units/failure';
import { formatInstant } from '../../../units/instant';
import { type Cash, greatest, least, minus, NO_CASH, negate, plus } from '../../../units/quantity';
import { holdsPosition } from '../../book/exposure';
import { accountName, balanceOf, onTransfers } from '../../ledger/transfers';
import { pictureOf } from '../../margin/picture';
import type { CommandOf } from '../../message/command';
import type { Desk } from '../../message/desk';
import type { EventOf } from '../../message/event';
import type { Transfer } from '../../message/ledger';

import { type Checked, ok, type Rejection, refused, reject } from '../../message/rejection';
import type { AccountId } from '../../model/account';
import type { DefaultBook, MemberDefault } from '../../model/memberDefault';
import type { CurrencyId } from '../../model/reference';
import type { State, View } from '../../model/state';
import { changeMemberStatus } from '../../reference/members';
import { readPayment } from '../../reference/reading';
import { awaitedPriceOf } from '../closing/awaited';
import { convertCollateral, seizeCollateral } from '../closing/convert';
import { openOrdersOf } from '../closing/order';
import { allocateLosses } from '../waterfall/loss';
import { keepForRecovery } from '../waterfall/recoveries';
import { accountsOfMember, amendBook, bookOf } from './books';
import { marginOf, sumOf } from './ledger';
import { noteSettled, openOffersOf } from './port';

export interface Settling {
  readonly found: MemberDefault;
  readonly book: DefaultBook;
}

/** Errors: DEFAULT_NOT_FOUND, DEFAULT_SETTLED. */
function checkOpenBook(view: View, id: string, currency: string): Checked<Settling> {
  const found = view.memberDefaults.get(id);
  const book = found && bookOf(found, currency);
  if (!found || !book) return refused('DEFAULT_NOT_FOUND', { default: id, currency });
  return book.settled ? refused('DEFAULT_SETTLED', { default: id, currency }) : ok({ found, book });
}

export interface Cost extends Settling {
  readonly amount: Cash;
  readonly reason: string;
}

/** Errors, in order: DEFAULT_NOT_FOUND, DEFAULT_SETTLED, TOO_MANY_DIGITS, AMOUNT_NOT_POSITIVE. */
export function checkChargeDefaultCost(view: View, command: CommandOf<'ChargeDefaultCost'>): Checked<Cost> {
  const open = checkOpenBook(view, command.default, command.currency);
  if (open.rejection) return open;
  const amount = readPayment(view, command.currency, command.amount);
  return amount.rejection ? amount : ok({ ...open.ok, amount: amount.ok, reason: command.reason });
}

/** The house is repaid what managing the default cost it. */
export function chargeDefaultCost(desk: Desk, { found, book, amount, reason }: Cost): void {
  const { currency } = book;
  const transfers = [
    { from: accountName(book.account), to: 'house-fees', currency, amount, reason: 'DEFAULT_COST' },
  ] as const;
  desk.emit({
    type: 'DefaultCostCharged',
    default: found.id,
    member: found.member,
    currency,
    amount,
    reason,
    transfers,
  });
}

/** Errors, in order: DEFAULT_NOT_FOUND, DEFAULT_SETTLED, DEFAULT_STILL_OPEN, PRICE_STALE. */
export function checkSettleDefault(view: View, command: CommandOf<'SettleDefault'>): Checked<Settling> {
  const open = checkOpenBook(view, command.default, command.currency);
  if (open.rejection) return open;
  const { account, currency } = open.ok.book;
  if (open.ok.book.auction !== null)
    return refused('DEFAULT_STILL_OPEN', { auction: String(open.ok.book.auction.round) });
  if (holdsPosition(view, account)) return refused('DEFAULT_STILL_OPEN', { position: account });
  const [order] = openOrdersOf(view, account);
  if (order) return refused('DEFAULT_STILL_OPEN', { order: order.id });
  // Nobody else bears a loss while collateral of the defaulter waits for a price.  B3-2, RLM-4
  const awaited =
    balanceOf(view, accountName(account), currency) < 0n ? awaitedPriceOf(view, pictureOf(view, account)) : undefined;
  if (awaited) return refused('PRICE_STALE', { index: awaited.index, until: formatInstant(awaited.until) });
  return open;
}

export function settleDefault(desk: Desk, { found, book: { account, currency, own } }: Settling): void {
  const held = (): Cash => balanceOf(desk.view, accountName(account), currency);
  if (held() < 0n) seizeCash(desk, found, currency, account, negate(held()));
  if (held() < 0n) convertCollateral(desk, account, negate(held()));
  if (held() < 0n) seizeCollateral(desk, account);
  if (held() < 0n) keepForRecovery(desk, account, own);
  const before = bookNow(desk.view, found.id, currency);
  const seized = sumOf(before, 'SEIZED', 'CONVERSION');
  const missing = negate(held());
  if (missing > 0n)
    allocateLosses(desk, currency, [{ account: own, beneficiary: account, amount: missing, margin: marginOf(before) }]);
  const left = held();
  const transfers = [...desk.view.book.balances(account)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([of, amount]): Transfer => ({
        from: accountName(account),
        to: accountName(own),
        currency: of,
        amount,
        reason: 'DEFAULT_SURPLUS',
      }),
    );
  desk.emit({
    type: 'DefaultSettled',
    default: found.id,
    member: found.member,
    currency,
    result: minus(plus(left, negate(greatest(missing, NO_CASH))), seized),
    seized,
    borne: greatest(missing, NO_CASH),
    returned: left,
    transfers,
  });
  noteSettled(desk, found.id);
}

/**
 * Cash that came to the member's own accounts since its default was declared, paid in or recovered: nobody else pays
 * before it.  B3-2
 */
function seizeCash(
  desk: Desk,
  { member }: MemberDefault,
  currency: CurrencyId,
  receiver: AccountId,
  missing: Cash,
): void {
  let left = missing;
  for (const account of accountsOfMember(desk.view, member, 'HOUSE')) {
    if (desk.view.book.account(account)?.currency !== currency || holdsPosition(desk.view, account)) continue;
    const amount = least(left, desk.view.book.balance(account, currency));
    if (amount <= 0n) continue;
    const transfers = [
      { from: accountName(account), to: accountName(receiver), currency, amount, reason: 'SEIZURE' },
    ] as const;
    desk.emit({ type: 'CollateralTransferred', account, receiver, currency, amount, transfers });
    left = minus(left, amount);
  }
}

const bookNow = (view: View, id: string, currency: string): DefaultBook =>
  known(bookOf(known(view.memberDefaults.get(id), 'Default', id), currency), 'Currency of a default', currency);

export interface Closing {
  readonly found: MemberDefault;
  readonly outcome: CommandOf<'CloseDefault'>['outcome'];
  readonly reason: string;
}

/** Errors: DEFAULT_NOT_FOUND, DEFAULT_STILL_OPEN. */
export function checkCloseDefault(view: View, command: CommandOf<'CloseDefault'>): Checked<Closing> {
  const found = view.memberDefaults.get(command.default);
  if (!found) return refused('DEFAULT_NOT_FOUND', { default: command.default });
  const problem = openProblem(view, found, command.outcome);
  return problem ? { rejection: problem } : ok({ found, outcome: command.outcome, reason: command.reason });
}

/**
 * Reinstated before its clients had to move, a member keeps those who did not; in every other case none holds a
 * position.
 */
function openProblem(
  view: View,
  { id, member, phase, books }: MemberDefault,
  outcome: CommandOf<'CloseDefault'>['outcome'],
): Rejection | undefined {
  const [offer] = openOffersOf(view, id);
  if (offer) return reject('DEFAULT_STILL_OPEN', { offer: offer.id });
  const unsettled = books.find(({ settled }) => !settled);
  if (unsettled) return reject('DEFAULT_STILL_OPEN', { currency: unsettled.currency });
  if (outcome === 'REINSTATED' && phase === 'PORTING') return undefined;
  const client = accountsOfMember(view, member, 'CLIENT').find(
    (account) => holdsPosition(view, account) || view.liquidationOf.has(account),
  );
  return client === undefined ? undefined : reject('DEFAULT_STILL_OPEN', { client });
}

export function closeDefault(desk: Desk, { found, outcome, reason }: Closing): void {
  desk.emit({ type: 'DefaultClosed', default: found.id, member: found.member, outcome, reason });
  changeMemberStatus(desk, found.member, outcome === 'TERMINATED' ? 'TERMINATED' : 'ACTIVE', reason);
}

export const onDefaultCostCharged = (state: State, event: EventOf<'DefaultCostCharged'>): void =>
  onTransfers(state, event.transfers);

export function onDefaultSettled(state: State, event: EventOf<'DefaultSettled'>): void {
  onTransfers(state, event.transfers);
  amendBook(state, event.default, event.currency, { settled: true });
}

export function onDefaultClosed(state: State, event: EventOf<'DefaultClosed'>): void {
  state.memberDefaults.delete(event.default);
  state.deadlines.set(`default/${event.default}`, undefined);
}
