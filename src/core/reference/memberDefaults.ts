/** Who is in default, by what one knows of it: the member, the close-out account, an account of one of its clients. */

import { holdsPosition } from '../book/exposure';
import type { AccountId, MemberId } from '../model/account';
import type { MemberDefault } from '../model/memberDefault';
import type { View } from '../model/state';
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
