/**
 * What an edge has to know before it can answer anybody: who may act, and how what there is counts. It comes from the
 * state itself, so that nobody waits for read models to be let in.
 */

import type { AccountId, MemberId, OwnerId } from '../core/model/account';
import type { ApiKey } from '../core/model/actor';
import type { Proposal } from '../core/model/proposal';
import type { Currency, CurrencyId, IndexId, InstrumentId } from '../core/model/reference';
import type { View } from '../core/model/state';
import type { Seq } from '../units/quantity';

/**
 * Digits, steps and owners of everything that has been defined, as of an entry. Plain values: they cross to another
 * thread.
 */
export interface Roster {
  readonly seq: Seq;
  readonly keys: readonly ApiKey[]; // live ones
  readonly proposals: readonly Proposal[]; // open ones
  readonly currencies: readonly Currency[];
  readonly indices: readonly { readonly id: IndexId; readonly tick: string }[];
  readonly instruments: readonly {
    readonly id: InstrumentId;
    readonly tick: string;
    readonly lot: string;
    readonly multiplier: string;
    readonly settlement: CurrencyId;
  }[];
  /** Account, member and currency of each, in three columns: there may be a million. */
  readonly accounts: {
    readonly ids: readonly AccountId[];
    readonly members: readonly MemberId[];
    readonly currencies: readonly CurrencyId[];
  };
}

export function rosterOf(view: View): Roster {
  const [ids, members, currencies]: [AccountId[], MemberId[], CurrencyId[]] = [[], [], []];
  for (const id of view.book.accountIds()) {
    const account = view.book.account(id);
    if (!account) continue;
    ids.push(id);
    members.push(account.member);
    currencies.push(account.currency);
  }
  return {
    seq: view.seq,
    keys: [...view.apiKeys.values()],
    proposals: [...view.proposals.values()],
    currencies: [...view.currencies.values()],
    indices: [...view.indices.values()].map(({ index: { id, tick } }) => ({ id, tick })),
    instruments: [...view.listings.values()].map(({ instrument: { id, tick, lot, multiplier, settlement } }) => ({
      ...{ id, tick, lot, multiplier, settlement },
    })),
    accounts: { ids, members, currencies },
  };
}

/** An owner, as a member knows it. */
export interface Client {
  readonly member: MemberId;
  readonly owner: OwnerId;
}

/** Whether an account of the member is of this owner. */
export function serves({ book }: View, { member, owner }: Client): boolean {
  for (const id of book.accountsOf(owner)) if (book.account(id)?.member === member) return true;
  return false;
}
