/**
 * Declaring a member in default. At once: no order of its accounts stands, and everything the member itself holds goes
 * to the close-out accounts of the default, where long meets short and all obligations of a currency become one amount.
 * Its clients are apart: they keep what they have, and have a time to move to another member.  Rules: NE-5, LCS-2
 *
 * Positions change hands at the last mark. Both sides of that are the defaulter's, so a stale one decides nothing.
 */

import { known } from '../../../units/failure';
import { cash, duration, later, type Margin, negate, plus, type Size, size, total } from '../../../units/quantity';
import { cashDown } from '../../../units/rounding';
import { EMPTY_POSITION } from '../../book/exposure';
import { accountName, onTransfers } from '../../ledger/transfers';
import { standingOfAccount } from '../../margin/standing';
import { openCallOf, supersedeMarginCall } from '../../margincall/call';
import { changeStatus } from '../../margincall/status';
import type { CommandOf } from '../../message/command';
import type { Desk } from '../../message/desk';
import { type EventOf, payment } from '../../message/event';
import type { Transfer } from '../../message/ledger';
import type { NettedAccount, NettedPosition } from '../../message/memberDefault';
import type { PositionChange } from '../../message/position';
import { type Checked, ok, refused } from '../../message/rejection';
import type { AccountId, Position } from '../../model/account';
import type { DefaultBook, MemberDefault } from '../../model/memberDefault';
import type { CurrencyId, InstrumentId } from '../../model/reference';
import type { State, View } from '../../model/state';
import { changeOf, onPositionChanges } from '../../position/changes';
import { realisedTransfers } from '../../position/novate';
import { fill, unrealisedOf, valueAt, worthAt } from '../../position/value';
import { defaultAccountIdOf, defaultAccountOf } from '../../reference/accounts';
import { defaultPolicyOf } from '../../reference/defaultPolicies';
import { defaultOfMember } from '../../reference/memberDefaults';
import { changeMemberStatus, memberStatusOf } from '../../reference/members';
import { endAuction } from '../auction/end';
import { auctionsOfAccount } from '../auction/terms';
import { closeOrder, openOrdersOf } from '../closing/order';
import { strikeOff } from '../liquidator/claim';
import { closePortfolio } from '../portfolio/course';
import { accountsOfMember } from './books';

/** Errors: MEMBER_NOT_FOUND, DEFAULT_ALREADY_OPEN, MEMBER_STATUS_MISMATCH. */
export function checkDeclareDefault(
  view: View,
  command: CommandOf<'DeclareDefault'>,
): Checked<CommandOf<'DeclareDefault'>> {
  if (!view.members.has(command.member)) return refused('MEMBER_NOT_FOUND', { member: command.member });
  const open = defaultOfMember(view, command.member);
  if (open) return refused('DEFAULT_ALREADY_OPEN', { member: command.member, default: open.id });
  const status = memberStatusOf(view, command.member);
  return status === 'TERMINATED' ? refused('MEMBER_STATUS_MISMATCH', { member: command.member, status }) : ok(command);
}

export function declareDefault(desk: Desk, { member, reason }: CommandOf<'DeclareDefault'>): void {
  const { view } = desk;
  const id = desk.newId('mdef');
  const houses = accountsOfMember(view, member, 'HOUSE');
  const clients = accountsOfMember(view, member, 'CLIENT');
  const currencies = currenciesOf(view, houses);
  const windows = currenciesOf(view, [...houses, ...clients]).map(
    (currency) => defaultPolicyOf(view, currency).portingWindow,
  );
  const declared: MemberDefault = {
    id,
    member,
    reason,
    declaredAt: desk.at,
    portingUntil: later(desk.at, duration(Math.max(0, ...windows))),
    phase: 'PORTING',
    books: currencies.map((currency) => bookFor(view, id, currency, houses)),
  };
  changeMemberStatus(desk, member, 'IN_DEFAULT', reason);
  desk.emit({ type: 'DefaultDeclared', declared });
  for (const account of [...houses, ...clients]) cancelOrders(desk, account);
  for (const { account, currency } of declared.books) {
    desk.emit({ type: 'AccountOpened', opened: { ...defaultAccountOf(id, currency), id: account } });
    netAccounts(desk, declared, currency, houses);
  }
}

const currencyOf = (view: View, id: AccountId): CurrencyId => known(view.book.account(id), 'Account', id).currency;

const currenciesOf = (view: View, accounts: readonly AccountId[]): CurrencyId[] =>
  [...new Set(accounts.map((id) => currencyOf(view, id)))].sort();

const bookFor = (view: View, id: string, currency: CurrencyId, houses: readonly AccountId[]): DefaultBook => ({
  currency,
  account: defaultAccountIdOf(id, currency),
  own: known(
    houses.find((house) => currencyOf(view, house) === currency),
    'House account',
    currency,
  ),
  policyVersion: defaultPolicyOf(view, currency).version,
  lots: [],
  auction: null,
  sums: [],
  settled: false,
});

function cancelOrders(desk: Desk, account: AccountId): void {
  const orders = [...(desk.view.ordersOf.get(account) ?? [])].sort();
  if (orders.length > 0) desk.emit({ type: 'OrdersCancelled', account, orders, cause: 'MEMBER_DEFAULT' });
}

/**
 * Takes everything the member's own accounts of a currency hold: what they owe and are owed becomes one amount.  NE-5,
 * C09
 */
function netAccounts(
  desk: Desk,
  { id, member }: MemberDefault,
  currency: CurrencyId,
  houses: readonly AccountId[],
): void {
  const receiver = defaultAccountIdOf(id, currency);
  const accounts = houses.filter((account) => currencyOf(desk.view, account) === currency);
  for (const account of accounts) endProcedures(desk, account);
  const taken = accounts.map((account) => takeAll(desk.view, account, receiver));
  const nets = netsOf(
    desk.view,
    taken.flatMap(({ held }) => held),
  );
  const netted = taken.map(({ part }) => part);
  desk.emit({
    type: 'DefaultNetted',
    default: id,
    member,
    currency,
    receiver,
    amount: netted.reduce((sum, { collateral, result }) => plus(sum, plus(collateral, result)), cash(0n)),
    netted,
    nets,
    positions: [
      ...taken.flatMap(({ positions }) => positions),
      ...openedFor(
        desk.view,
        receiver,
        nets,
        taken.flatMap(({ held }) => held),
      ),
    ],
    transfers: taken.flatMap(({ transfers }) => transfers),
  });
  for (const account of accounts) close(desk, account);
}

/**
 * An open call and a running liquidation end here, and what is at auction for it comes back: the account is to hold
 * nothing any more.
 */
function endProcedures(desk: Desk, account: AccountId): void {
  const standing = standingOfAccount(desk.view, account);
  const call = openCallOf(desk.view, account);
  if (call) supersedeMarginCall(desk, call, standing, 'MEMBER_DEFAULT');
  for (const order of openOrdersOf(desk.view, account)) closeOrder(desk, order, 'CANCELLED');
  closePortfolio(desk, account);
  for (const auction of auctionsOfAccount(desk.view, account))
    endAuction(desk, auction, 'CANCELLED', { reason: 'MEMBER_DEFAULT' });
  strikeOff(desk, account);
  const liquidation = desk.view.liquidationOf.get(account);
  if (liquidation !== undefined)
    desk.emit({ type: 'LiquidationEnded', liquidation, account, outcome: 'SEIZED', equity: cashDown(standing.equity) });
}

function close(desk: Desk, account: AccountId): void {
  if (desk.view.book.stateOf(account).status !== 'CLOSED')
    changeStatus(desk, account, 'CLOSED', 'MEMBER_DEFAULT', standingOfAccount(desk.view, account));
}

interface Held {
  readonly instrument: InstrumentId;
  readonly position: Position;
  readonly worth: Margin; // at the mark
}

/**
 * Empties one account: its collateral is seized, its positions leave at the mark, and what they made of it is the
 * default's.
 */
function takeAll(view: View, account: AccountId, receiver: AccountId) {
  const held: Held[] = [];
  const positions: PositionChange[] = [];
  const transfers: Transfer[] = [];
  const [from, to] = [accountName(account), accountName(receiver)];
  for (const [currency, amount] of [...view.book.balances(account)].sort(([a], [b]) => (a < b ? -1 : 1)))
    transfers.push(payment(to, from, amount, currency, 'SEIZURE'));
  const currency = currencyOf(view, account);
  let result = cash(0n);
  for (const [id, position] of [...view.book.positions(account)].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (position.size === 0n) continue;
    const { instrument, mark } = known(view.listings.get(id), 'Instrument', id);
    const price = known(mark ?? undefined, 'Mark price', id).price;
    const gained = unrealisedOf(instrument, position, price);
    const worth = worthAt(instrument, position.size, price);
    const filled = fill(instrument, position, negate(position.size), negate(worth));
    held.push({ instrument: id, position, worth });
    positions.push(changeOf(account, id, filled.position));
    transfers.push(...realisedTransfers([{ account, filled }], instrument));
    if (gained !== 0n) transfers.push(payment(to, from, gained, currency, 'PORTFOLIO'));
    result = plus(result, gained);
  }
  const part: NettedAccount = { account, collateral: view.book.balance(account, currency), result };
  return { held, positions, transfers, part };
}

/** Long and short of the member's accounts meet: what is left of each instrument, at the mark. */
function netsOf(view: View, held: readonly Held[]): NettedPosition[] {
  const sizes = new Map<InstrumentId, Size>();
  for (const { instrument, position } of held)
    sizes.set(instrument, plus(sizes.get(instrument) ?? size(0n), position.size));
  return [...sizes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, net]) => {
      const { instrument, mark } = known(view.listings.get(id), 'Instrument', id);
      const price = known(mark ?? undefined, 'Mark price', id).price;
      return { instrument: id, size: net, mark: price, value: valueAt(instrument, net, price) };
    });
}

/** What is left of each instrument, opened at what its parts were worth to the last of them. */
const openedFor = (
  view: View,
  account: AccountId,
  nets: readonly NettedPosition[],
  held: readonly Held[],
): PositionChange[] =>
  nets.map(({ instrument, size: net }) => {
    const worth = total(held.filter((part) => part.instrument === instrument).map((part) => part.worth));
    const { instrument: terms } = known(view.listings.get(instrument), 'Instrument', instrument);
    return changeOf(account, instrument, fill(terms, EMPTY_POSITION, net, worth).position);
  });

export function onDefaultDeclared(state: State, { declared }: EventOf<'DefaultDeclared'>): void {
  state.memberDefaults.set(declared.id, declared);
  state.deadlines.set(`default/${declared.id}`, declared.portingUntil);
}

export function onDefaultNetted(state: State, event: EventOf<'DefaultNetted'>): void {
  onPositionChanges(state, event.positions);
  onTransfers(state, event.transfers);
}
