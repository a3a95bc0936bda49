/** Four eyes: acts that raise risk or move house money wait for a second person. */

import { kind, type RecordOf } from '../kind/kind';
import type { PersonId } from './actor';

export type ProposalId = string;

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
});
export type Proposal = RecordOf<typeof PROPOSAL>;
