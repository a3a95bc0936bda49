/** Four eyes: acts that raise risk or move house money wait for a second person. */

import { kind, type RecordOf } from '../kind/kind';

export type ProposalId = string;

export const PROPOSAL = kind.record({
  id: kind.text<ProposalId>(),
  command: kind.text(), // what will run when approved, as canonical text
  hash: kind.text(), // SHA-256 of that text: the approver repeats it
  proposedBy: kind.text(),
  reason: kind.text(),
  proposedAt: kind.instant(),
  expiresAt: kind.instant(),
});
export type Proposal = RecordOf<typeof PROPOSAL>;
