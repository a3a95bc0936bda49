/** Which accounts belong to a key: holders of an instrument, accounts of an owner. */

import type { AccountId } from '../model/account';

export interface AccountIndex<Key> {
  add(key: Key, account: AccountId): void;
  remove(key: Key, account: AccountId): void;
  of(key: Key): Iterable<AccountId>;
}

export function createAccountIndex<Key>(): AccountIndex<Key> {
  const sets = new Map<Key, Set<AccountId>>();
  const none: readonly AccountId[] = [];
  return {
    add(key, account) {
      const set = sets.get(key);
      if (set) set.add(account);
      else sets.set(key, new Set([account]));
    },
    remove(key, account) {
      const set = sets.get(key);
      if (set?.delete(account) && set.size === 0) sets.delete(key);
    },
    of: (key) => sets.get(key) ?? none,
  };
}
