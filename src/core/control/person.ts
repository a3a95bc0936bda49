/**
 * Whose key acts. Two persons are two persons, not two keys; and who issued a key has had its secret in hand, so that
 * he is no second person to it, nor it to him.  Ruling 20
 */

import { type ApiKeyId, type PersonId, SYSTEM } from '../model/actor';
import type { Proposal } from '../model/proposal';
import type { View } from '../model/state';

/** Somebody who acts, as far as it matters who else is another. */
export interface Party {
  readonly person: PersonId;
  readonly issuers: readonly PersonId[]; // of the key, and of the keys of those
}

/** Who acts by a key. One without a record, as the house itself, goes by its own name. */
export function partyOf(view: View, key: ApiKeyId): Party {
  const { person = key, issuers = [] } = view.apiKeys.get(key) ?? {};
  return { person, issuers };
}

export const proposerOf = ({ proposedBy, person = proposedBy, issuers = [] }: Proposal): Party => ({ person, issuers });

/** The person of a key as it is put on record: left out where it has the name of the key. */
export function namedPerson(view: View, key: ApiKeyId): { readonly person?: PersonId } {
  const { person } = partyOf(view, key);
  return person === key ? {} : { person };
}

export const areTwoPersons = (one: Party, other: Party): boolean =>
  one.person !== other.person && !one.issuers.includes(other.person) && !other.issuers.includes(one.person);

/** Who has issued a key that this party issues: the house itself is nobody. */
export const issuersBy = ({ person, issuers }: Party): readonly PersonId[] =>
  person === SYSTEM.id ? [] : [...new Set([person, ...issuers])];
