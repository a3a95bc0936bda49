/** Four eyes: an act that needs a second person becomes a proposal; approved, it is checked again and runs at once. */

import { sha256 } from '../../units/hash';
import { duration, later } from '../../units/quantity';
import { COMMANDS, type Command, type CommandOf, canonicalText } from '../message/command';
import type { Definition } from '../message/definition';

import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';
import { type Checked, ok, type Rejection, refused } from '../message/rejection';
import { presentCommand } from '../message/renamed';
import type { Actor } from '../model/actor';
import type { Proposal } from '../model/proposal';
import type { State, View } from '../model/state';
import { namedIn } from './change';
import { notBegun, noteCalled } from './counted';
import { areTwoPersons, namedPerson, partyOf, proposerOf } from './person';

/** How long a proposal waits for its second person. */
export const PROPOSAL_LIFE = duration(24 * 3_600_000);

/** `counted`: it needs a second person only if it would call many. */
export function propose(desk: Desk, command: Command, counted = false): void {
  const text = canonicalText(command);
  const reason = 'reason' in command ? command.reason : '';
  const { issuers } = partyOf(desk.view, desk.actor.id);
  const created: Proposal = {
    id: desk.newId('prop'),
    command: text,
    hash: sha256(text),
    proposedBy: desk.actor.id,
    ...namedPerson(desk.view, desk.actor.id),
    ...(issuers.length > 0 ? { issuers } : {}),
    reason,
    proposedAt: desk.at,
    expiresAt: later(desk.at, PROPOSAL_LIFE),
    ...(counted ? { counted } : {}),
  };
  desk.emit({ type: 'ProposalCreated', created });
}

/**
 * Errors, in order: PROPOSAL_NOT_FOUND, PROPOSAL_HASH_MISMATCH, PROPOSER_CANNOT_APPROVE, APPROVER_NOT_ALLOWED. What the
 * command itself is refused for comes after.  Ruling 20
 */
export function checkApproveProposal(
  view: View,
  command: CommandOf<'ApproveProposal'>,
  actor: Actor,
): Checked<Proposal> {
  const proposal = view.proposals.get(command.proposal);
  if (!proposal) return refused('PROPOSAL_NOT_FOUND', { proposal: command.proposal });
  // The second person repeats the hash of what they read, so that nothing else can run in its name.
  if (proposal.hash !== command.hash) return refused('PROPOSAL_HASH_MISMATCH', { proposal: proposal.id });
  const [first, second] = [proposerOf(proposal), partyOf(view, actor.id)];
  if (!areTwoPersons(first, second))
    return refused('PROPOSER_CANNOT_APPROVE', {
      proposal: proposal.id,
      proposedBy: first.person,
      approvedBy: second.person,
    });
  const { by }: Definition = COMMANDS[commandOf(proposal).type];
  const allowed = actor.role === 'SYSTEM' || by.includes(actor.role);
  return allowed ? ok(proposal) : refused('APPROVER_NOT_ALLOWED', { proposal: proposal.id, role: actor.role });
}

export const commandOf = (proposal: Proposal): Command => presentCommand(JSON.parse(proposal.command) as Command);

/** Errors: PROPOSAL_NOT_FOUND. */
export const checkRejectProposal = (
  view: View,
  command: CommandOf<'RejectProposal'>,
): Checked<CommandOf<'RejectProposal'>> =>
  view.proposals.has(command.proposal) ? ok(command) : refused('PROPOSAL_NOT_FOUND', { proposal: command.proposal });

export const rejectProposal = (desk: Desk, { proposal, reason }: CommandOf<'RejectProposal'>): void =>
  desk.emit({
    type: 'ProposalRejected',
    proposal,
    by: desk.actor.id,
    ...namedPerson(desk.view, desk.actor.id),
    reason,
  });

/** What a second person did not have to approve, and can no longer be done. */
export const refuseProposal = (desk: Desk, { id: proposal }: Proposal, rejection: Rejection): void =>
  desk.emit({ type: 'ProposalRefused', proposal, ...namedIn(rejection) });

export function onProposalCreated(state: State, { created }: EventOf<'ProposalCreated'>): void {
  state.proposals.set(created.id, created);
  if (created.counted) state.changeCounts.set(created.id, notBegun(state.now));
  state.deadlines.set(`proposal/${created.id}`, created.expiresAt);
}

/** What was counted before it came into force is remembered for changes of the day after it, whoever let it. */
export function onProposalMade(state: State, event: EventOf<'ProposalApproved' | 'ProposalCarriedOut'>): void {
  const made = state.proposals.get(event.proposal);
  if (made) noteCalled(state, made);
  onProposalEnded(state, event);
}

type Ends = 'ProposalApproved' | 'ProposalRejected' | 'ProposalExpired' | 'ProposalCarriedOut' | 'ProposalRefused';

export function onProposalEnded(state: State, { proposal }: EventOf<Ends>): void {
  state.proposals.delete(proposal);
  state.changeCounts.delete(proposal);
  state.deadlines.set(`proposal/${proposal}`, undefined);
}
