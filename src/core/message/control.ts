/** Commands and events of who may act, of second persons, and of time itself. */

import type { Duration, Seq } from '../../units/quantity';
import { kind } from '../kind/kind';
import type { MemberId } from '../model/account';
import type { ApiKeyId, Role } from '../model/actor';
import { API_KEY } from '../model/actor';
import type { ProposalId } from '../model/proposal';
import { PROPOSAL } from '../model/proposal';

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

export const CONTROL_EVENTS = kind.events({
  ClockStepReported: { step: kind.count<Duration>() },
  ClockStepAccepted: {
    entry: kind.count(), // that reported it
    step: kind.count<Duration>(),
    jump: kind.span(), // by which house time moves on
    ahead: kind.span(), // by which it goes ahead of the wall clock from now on
    by: kind.text(),
    reason: kind.text(),
  },
  ApiKeyIssued: { key: kind.about(API_KEY) },
  ApiKeyRevoked: { apiKey: kind.text<ApiKeyId>(), reason: kind.text() },
  ProposalCreated: { created: kind.about(PROPOSAL) },
  ProposalApproved: { proposal: kind.text<ProposalId>(), by: kind.text(), at: kind.instant() },
  ProposalRejected: { proposal: kind.text<ProposalId>(), by: kind.text(), reason: kind.text() },
  ProposalExpired: { proposal: kind.text<ProposalId>() },
});
