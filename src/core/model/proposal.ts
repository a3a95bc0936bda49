/** Four eyes: acts that raise risk or move house money wait for a second person. */

import type { Instant } from '../../units/quantity';
import { kind, type RecordOf } from '../kind/kind';
import type { PersonId } from './actor';

export type ProposalId = string;

/** Whom a change of terms would newly call or put below the close-out level, in one currency.  Ruling 12 */
const COUNTED = kind.record({
  currency: kind.currency(),
  accounts: kind.count(), // with a position or an order: the book
  called: kind.count(), // below the call level, and not below the close-out level
  closedOut: kind.count(), // below the close-out level
  earlier: kind.count(), // of both, by changes of the day before that were counted and came into force
});
export type Counted = RecordOf<typeof COUNTED>;

/** How far a pass over the book has come that counts whom a change of terms would call. */
export const CHANGE_COUNT = kind.record({
  next: kind.count(), // where in the book to go on; 0: everybody has been counted, or nobody yet
  startedAt: kind.instant(),
  since: kind.entry(), // that counted the first accounts
  currencies: kind.list(COUNTED),
});
export type ChangeCount = RecordOf<typeof CHANGE_COUNT>;

/** A count that has come to its end. */
export const COUNTED_CHANGE = kind.record({
  entry: kind.entry(), // that counted the last accounts
  countedAt: kind.instant(),
  currencies: kind.list(COUNTED), // those in which anybody holds anything, by id
});
export type CountedChange = RecordOf<typeof COUNTED_CHANGE>;

/** What a change of terms that came into force has called, for those of the day after it. */
export interface CalledByChange {
  readonly at: Instant;
  readonly currencies: readonly Counted[];
}

export const PROPOSAL = kind.record({
  id: kind.text<ProposalId>(),
  command: kind.text(), // what will run when approved, as canonical text
  hash: kind.text(), // SHA-256 of that text: the approver repeats it
  proposedBy: kind.text(), // the key
  person: kind.optional(kind.text<PersonId>()), // whose key it is, where that is another name
  issuers: kind.optional(kind.list(kind.text<PersonId>())), // of that key
  reason: kind.text(),
  proposedAt: kind.instant(),
  expiresAt: kind.instant(),
  // a pass counts whom it would call, and it runs alone where those are few   Ruling 12
  counted: kind.optional(kind.flag()),
  count: kind.optional(COUNTED_CHANGE), // of that pass, once it has come to its end
});
export type Proposal = RecordOf<typeof PROPOSAL>;
