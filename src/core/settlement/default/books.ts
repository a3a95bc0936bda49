/** The books of a default, one for each currency of its accounts, and the accounts of its member. */

import { known } from '../../../units/failure';
import type { AccountId, MemberId } from '../../model/account';
import type { DefaultBook, DefaultId, MemberDefault } from '../../model/memberDefault';
import type { CurrencyId } from '../../model/reference';
import type { State, View } from '../../model/state';

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
