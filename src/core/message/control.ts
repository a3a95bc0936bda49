/** Commands and events of who may act, of second persons, and of time itself. */

import type { Instant } from '../../units/quantity';
import type { MemberId } from '../model/account';
import type { ApiKey, ApiKeyId, Role } from '../model/actor';
import type { Proposal, ProposalId } from '../model/proposal';

export interface IssueApiKey {
  readonly type: 'IssueApiKey';
  readonly apiKey: ApiKeyId;
  readonly role: Exclude<Role, 'SYSTEM'>;
  readonly member: MemberId | null;
  readonly hash: string;
  readonly label: string;
}

export interface RevokeApiKey {
  readonly type: 'RevokeApiKey';
  readonly apiKey: ApiKeyId;
  readonly reason: string;
}

export interface ApproveProposal {
  readonly type: 'ApproveProposal';
  readonly proposal: ProposalId;
  readonly hash: string; // of what is approved
}

export interface RejectProposal {
  readonly type: 'RejectProposal';
  readonly proposal: ProposalId;
  readonly reason: string;
}

/** The passing of time is a command like any other: the core has no clock. */
export interface AdvanceTime {
  readonly type: 'AdvanceTime';
}

export type ControlCommand = IssueApiKey | RevokeApiKey | ApproveProposal | RejectProposal | AdvanceTime;

export type ControlEvent =
  | { readonly type: 'ApiKeyIssued'; readonly key: ApiKey }
  | { readonly type: 'ApiKeyRevoked'; readonly apiKey: ApiKeyId; readonly reason: string }
  | { readonly type: 'ProposalCreated'; readonly created: Proposal }
  | { readonly type: 'ProposalApproved'; readonly proposal: ProposalId; readonly by: string; readonly at: Instant }
  | { readonly type: 'ProposalRejected'; readonly proposal: ProposalId; readonly by: string; readonly reason: string }
  | { readonly type: 'ProposalExpired'; readonly proposal: ProposalId };
