/** Accounts: the house's own by their names, those of members as they are opened, and who may know of which. */

import { isChosenId } from '../../units/id';
import { parseRatio } from '../../units/ratio';
import type { CommandOf } from '../message/command';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';

import { type Checked, ok, refused } from '../message/rejection';
import type { Account, AccountId } from '../model/account';
import type { Actor } from '../model/actor';
import type { DefaultId } from '../model/memberDefault';
import type { CurrencyId, Instrument, InstrumentId } from '../model/reference';
import type { State, View } from '../model/state';
import { CLEARINGHOUSE, newRiskProblem } from './members';

/**
 * Where positions taken over from liquidated accounts go, one per currency. Apart from everything else the house owns.
 */
export const closeOutIdOf = (currency: CurrencyId): AccountId => `close-out:${currency}`;

export const closeOutAccountOf = (currency: CurrencyId): Account => ({
  id: closeOutIdOf(currency),
  member: CLEARINGHOUSE,
  owner: CLEARINGHOUSE,
  kind: 'CLOSE_OUT',
  currency,
  policy: CLEARINGHOUSE,
  mode: 'CROSS',
  instrument: null,
  leverage: null,
});

const DEFAULT_PREFIX = 'default:';

/**
 * Where what a member's default took is held, apart from everything else: one account for each currency of the
 * defaulter's accounts.
 */
export const defaultAccountIdOf = (id: DefaultId, currency: CurrencyId): AccountId =>
  `${DEFAULT_PREFIX}${id}:${currency}`;

export const defaultAccountOf = (id: DefaultId, currency: CurrencyId): Account => ({
  ...closeOutAccountOf(currency),
  id: defaultAccountIdOf(id, currency),
});

/** Ids that nobody may choose. */
export const isDefaultAccountId = (id: AccountId): boolean => id.startsWith(DEFAULT_PREFIX);

/** The default in the id of its close-out account. */
export const defaultIdIn = (account: AccountId): DefaultId =>
  account.slice(DEFAULT_PREFIX.length, account.indexOf(':', DEFAULT_PREFIX.length));

/** Where positions of an instrument go whose inventory has a cap of its own: nothing else answers for it.  S07 */
export const cappedCloseOutIdOf = (currency: CurrencyId, instrument: InstrumentId): AccountId =>
  `${closeOutIdOf(currency)}:${instrument}`;

export const cappedCloseOutAccountOf = (currency: CurrencyId, instrument: InstrumentId): Account => ({
  ...closeOutAccountOf(currency),
  id: cappedCloseOutIdOf(currency, instrument),
  mode: 'ISOLATED',
  instrument,
});

/** The house's account for what is taken over of an instrument. */
export function closeOutAccountFor(view: View, { id, settlement }: Instrument): AccountId {
  const capped = view.deleveragingPolicies.get(`${settlement} ${id}`)?.inventoryCap ?? null;
  return capped === null ? closeOutIdOf(settlement) : cappedCloseOutIdOf(settlement, id);
}

/**
 * Errors, in order: MEMBER_NOT_FOUND, MEMBER_SUSPENDED, ID_INVALID, ALREADY_EXISTS, CURRENCY_NOT_FOUND,
 * POLICY_NOT_FOUND, CURRENCY_MISMATCH, INSTRUMENT_NOT_FOUND, VALUE_OUT_OF_RANGE.
 */
export function checkOpenAccount(view: View, command: CommandOf<'OpenAccount'>, actor: Actor): Checked<Account> {
  // A broker opens accounts for its own clients; another member's name is as good as none.
  if (!view.members.has(command.member) || (actor.member !== null && actor.member !== command.member)) {
    return refused('MEMBER_NOT_FOUND', { member: command.member });
  }
  const suspended = newRiskProblem(view, command.member);
  if (suspended) return { rejection: suspended };
  for (const [field, id] of [
    ['account', command.account],
    ['owner', command.owner],
  ] as const) {
    if (!isChosenId(id)) return refused('ID_INVALID', { [field]: id });
  }
  if (view.book.account(command.account)) return refused('ALREADY_EXISTS', { account: command.account });
  if (isDefaultAccountId(command.account)) return refused('ID_INVALID', { account: command.account });
  if (command.owner === CLEARINGHOUSE) return refused('ID_INVALID', { owner: command.owner });
  if (!view.currencies.has(command.currency)) return refused('CURRENCY_NOT_FOUND', { currency: command.currency });
  const policy = view.policies.get(command.policy);
  if (!policy) return refused('POLICY_NOT_FOUND', { policy: command.policy });
  if (policy.currency !== command.currency)
    return refused('CURRENCY_MISMATCH', { policy: policy.currency, account: command.currency });

  const isolatedTo = command.instrument === null ? undefined : view.listings.get(command.instrument);
  // Isolated margin answers for one named instrument; cross margin for all.
  if ((command.mode === 'ISOLATED') !== (command.instrument !== null) || (command.instrument !== null && !isolatedTo)) {
    return refused('INSTRUMENT_NOT_FOUND', { instrument: command.instrument ?? '' });
  }
  if (isolatedTo && isolatedTo.instrument.settlement !== command.currency) {
    return refused('CURRENCY_MISMATCH', { instrument: isolatedTo.instrument.settlement, account: command.currency });
  }
  const leverage = command.leverage == null ? null : parseRatio(command.leverage);
  if (leverage !== null && leverage.numerator < leverage.denominator)
    return refused('VALUE_OUT_OF_RANGE', { field: 'leverage' });
  const { type: _, account, ...terms } = command;
  return ok({ id: account, ...terms, leverage });
}

export const openAccount = (desk: Desk, opened: Account): void => desk.emit({ type: 'AccountOpened', opened });

export const onAccountOpened = (state: State, event: EventOf<'AccountOpened'>): void => state.book.open(event.opened);

/**
 * An account as far as the caller may know of it: a broker cannot tell a foreign account from one that is not there.
 */
export function accountFor(view: View, actor: Actor, id: AccountId): Account | undefined {
  const account = view.book.account(id);
  return account && (actor.member === null || actor.member === account.member) ? account : undefined;
}
