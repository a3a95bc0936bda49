/** Which accounts a caller sees. An account out of sight is, in every answer, one that is not there.  Rule: X-5 */

import type { AccountId, MemberId } from '../../core/model/account';
import type { Actor } from '../../core/model/actor';
import type { Directory } from '../live/directory';
import { STAFF } from './policy';

export type Sight =
  | { readonly accounts: 'ALL' }
  | { readonly accounts: 'NONE' }
  | { readonly accounts: 'MEMBER'; readonly member: MemberId };

export function sightOf({ role, member }: Actor): Sight {
  if (role === 'SYSTEM' || (STAFF as readonly string[]).includes(role)) return { accounts: 'ALL' };
  const broker = role === 'BROKER' || role === 'BROKER_READONLY';
  return broker && member !== null ? { accounts: 'MEMBER', member } : { accounts: 'NONE' };
}

export function seesAccount(sight: Sight, directory: Directory, id: AccountId): boolean {
  const account = directory.account(id);
  return (
    account !== undefined &&
    (sight.accounts === 'ALL' || (sight.accounts === 'MEMBER' && account.member === sight.member))
  );
}

/** Whether a caller sees what is a member's own. */
export const seesMember = (sight: Sight, member: string): boolean =>
  sight.accounts === 'ALL' || (sight.accounts === 'MEMBER' && sight.member === member);

/** The accounts in sight, as a condition on their rows. */
export function accountsInSight(sight: Sight): { memberId?: string; id?: { in: string[] } } {
  if (sight.accounts === 'ALL') return {};
  return sight.accounts === 'MEMBER' ? { memberId: sight.member } : { id: { in: [] } };
}
