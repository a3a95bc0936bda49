/** Four eyes: acts that raise risk or move house money wait for a second person. */

import type { Instant } from '../../units/quantity';

export type ProposalId = string;

export interface Proposal {
  readonly id: ProposalId;
  readonly command: string; // what will run when approved, as canonical text
  readonly hash: string; // SHA-256 of that text: the approver repeats it
  readonly proposedBy: string;
  readonly reason: string;
  readonly proposedAt: Instant;
  readonly expiresAt: Instant;
}
