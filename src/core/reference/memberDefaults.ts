/** Open defaults by what one knows of them: their id, their member, their close-out accounts. */

import { known } from '../../units/failure';
import type { AccountId, MemberId } from '../model/account';
import type { DefaultBook, DefaultId, MemberDefault } from '../model/memberDefault';
import type { CurrencyId } from '../model/reference';
import type { State, View } from '../model/state';
import { defaultIdIn, isDefaultAccountId } from './accounts';

export const defaultOfMember = (view: View, member: MemberId): MemberDefault | undefined => {
  for (const each of view.memberDefaults.values()) if (each.member === member) return each;
  return undefined;
};

/** The default whose close-out account this is. */
export function defaultBehind(view: View, account: AccountId): MemberDefault | undefined {
  if (view.memberDefaults.size === 0 || !isDefaultAccountId(account)) return undefined;
  return view.memberDefaults.get(defaultIdIn(account));
}

/** Whether the account is closed out whole because its member is in default and it did not move in time. */
export function isClosedOut(view: View, id: AccountId): boolean {
  if (view.memberDefaults.size === 0) return false;
  const account = view.book.account(id);
  return account?.kind === 'CLIENT' && (defaultOfMember(view, account.member)?.phase ?? 'PORTING') !== 'PORTING';
}

/** Whether it is one of those and waits for its liquidation to start. */
export function awaitsCloseOut(view: View, id: AccountId): boolean {
  if (!isClosedOut(view, id)) return false;
  const { status } = view.book.stateOf(id);
  return (status === 'HEALTHY' || status === 'WARNING' || status === 'CALL') && holdsPosition(view, id);
}

export function holdsPosition(view: View, account: AccountId): boolean {
  for (const [, position] of view.book.positions(account)) if (position.size !== 0n) return true;
  return false;
}

/** Accounts of a member, by id. Asks the whole book: for what happens as seldom as a default. */
export function accountsOfMember(view: View, member: MemberId, kind: 'CLIENT' | 'HOUSE'): AccountId[] {
  const ids: AccountId[] = [];
  for (const id of view.book.accountIds()) {
    const account = view.book.account(id);
    if (account?.member === member && account.kind === kind) ids.push(id);
  }
  return ids.sort();
}

export const bookOf = ({ books }: MemberDefault, currency: CurrencyId): DefaultBook | undefined =>
  books.find((book) => book.currency === currency);

export function amendDefault(state: State, id: DefaultId, fields: Partial<MemberDefault>): void {
  state.memberDefaults.set(id, { ...known(state.memberDefaults.get(id), 'Default', id), ...fields });
}

export function amendBook(state: State, id: DefaultId, currency: CurrencyId, fields: Partial<DefaultBook>): void {
  const { books } = known(state.memberDefaults.get(id), 'Default', id);
  amendDefault(state, id, { books: books.map((book) => (book.currency === currency ? { ...book, ...fields } : book)) });
}
