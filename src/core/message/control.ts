/** Commands and events of who may act, of second persons, and of time itself. */

import type { Duration } from '../../units/quantity';
import { kind, type RecordOf } from '../kind/kind';
import type { ApiKeyId, PersonId } from '../model/actor';
import { API_KEY } from '../model/actor';
import type { ProposalId } from '../model/proposal';
import { CHANGE_COUNT, COUNTED_CHANGE, PROPOSAL } from '../model/proposal';
import type { WindowKind } from '../model/window';
import type { RejectionCode } from './rejection';

/** Whose key acted, where that is another name than the key's. */
const PERSON = kind.optional(kind.text<PersonId>());

/** Time that somebody was given, as a step of the clock moves it: nobody has less of it left. */
const MOVED_WINDOW = kind.record({
  window: kind.text<WindowKind>(),
  id: kind.text(),
  account: kind.optional(kind.account()), // whose it is, of a claim
  until: kind.instant(), // from then on
});
export type MovedWindow = RecordOf<typeof MOVED_WINDOW>;

export const CONTROL_EVENTS = kind.events({
  ClockStepReported: kind.event(
    'The wall clock stepped and the house did not follow it, or the wall clock is right again.',
    {
      step: kind.count<Duration>(),
    },
  ),
  ClockStepAccepted: kind.event('Two persons accepted a step of the wall clock.', {
    entry: kind.count(), // that reported it
    step: kind.count<Duration>(),
    jump: kind.span(), // by which house time moves on
    ahead: kind.span(), // by which it goes ahead of the wall clock from now on
    by: kind.text(),
    reason: kind.text(),
    moved: kind.optional(kind.list(MOVED_WINDOW)), // besides margin calls, which have events of their own
  }),
  ApiKeyIssued: kind.event('An API key was issued.', { key: kind.about(API_KEY) }),
  ApiKeyRevoked: kind.event('An API key was revoked.', { apiKey: kind.text<ApiKeyId>(), reason: kind.text() }),
  ProposalCreated: kind.event('A command was proposed and waits for a second person.', {
    created: kind.about(PROPOSAL),
  }),
  ProposalApproved: kind.event('A second person approved a command, and it ran.', {
    proposal: kind.text<ProposalId>(),
    by: kind.text(),
    person: PERSON,
    at: kind.instant(),
  }),
  ProposalRejected: kind.event('A proposal was rejected.', {
    proposal: kind.text<ProposalId>(),
    by: kind.text(),
    person: PERSON,
    reason: kind.text(),
  }),
  ProposalExpired: kind.event('A proposal expired without approval.', { proposal: kind.text<ProposalId>() }),
  ChangeCountAdvanced: kind.event('A pass counted more of the accounts that a proposed change of terms would call.', {
    proposal: kind.text<ProposalId>(),
    count: CHANGE_COUNT,
  }),
  ChangeCounted: kind.event('A pass has counted all accounts that a proposed change of terms would call.', {
    proposal: kind.text<ProposalId>(),
    count: COUNTED_CHANGE,
  }),
  // Without a second person: its count stayed under the share.
  ProposalCarriedOut: kind.event(
    'A proposed change of terms was made without a second person, because its count stayed under the share.',
    {
      proposal: kind.text<ProposalId>(),
    },
  ),
  ProposalRefused: kind.event('A proposed change of terms was checked again while it was counted, and was refused.', {
    proposal: kind.text<ProposalId>(),
    code: kind.text<RejectionCode>(),
    details: kind.list(kind.record({ name: kind.text(), value: kind.text() })),
  }),
});
