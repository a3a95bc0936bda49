/** Commands and events of who may act, of second persons, and of time itself. */

import type { Duration, Instant, Seq } from '../../units/quantity';
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

/** The wall clock stands apart from house time by a step that is not taken, forward above zero; 0: no longer.  Ruling 23 */
export interface ReportClockStep {
  readonly type: 'ReportClockStep';
  readonly step: Duration;
}

export interface AcceptClockStep {
  readonly type: 'AcceptClockStep';
  readonly entry: Seq; // that reported the step
  readonly reason: string;
}

export type ControlCommand =
  | ReportClockStep
  | AcceptClockStep
  | IssueApiKey
  | RevokeApiKey
  | ApproveProposal
  | RejectProposal
  | AdvanceTime;

export type ControlEvent =
  | { readonly type: 'ClockStepReported'; readonly step: Duration }
  | {
      readonly type: 'ClockStepAccepted';
      readonly entry: Seq; // that reported it
      readonly step: Duration;
      readonly jump: Duration; // by which house time moves on
      readonly ahead: Duration; // by which it goes ahead of the wall clock from now on
      readonly by: string;
      readonly reason: string;
    }
  | { readonly type: 'ApiKeyIssued'; readonly key: ApiKey }
  | { readonly type: 'ApiKeyRevoked'; readonly apiKey: ApiKeyId; readonly reason: string }
  | { readonly type: 'ProposalCreated'; readonly created: Proposal }
  | { readonly type: 'ProposalApproved'; readonly proposal: ProposalId; readonly by: string; readonly at: Instant }
  | { readonly type: 'ProposalRejected'; readonly proposal: ProposalId; readonly by: string; readonly reason: string }
  | { readonly type: 'ProposalExpired'; readonly proposal: ProposalId };
