/** Four eyes: an act that needs a second person becomes a proposal; approved, it is checked again and runs at once. */

import { sha256 } from '../../units/hash';
import { duration, later } from '../../units/quantity';
import { type Command, type CommandOf, canonicalText } from '../message/command';

import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';
import { type Checked, ok, refused } from '../message/rejection';
import { presentCommand } from '../message/renamed';
import type { Actor } from '../model/actor';
import type { Proposal } from '../model/proposal';
import type { State, View } from '../model/state';

/** How long a proposal waits for its second person. */
export const PROPOSAL_LIFE = duration(24 * 3_600_000);

export function propose(desk: Desk, command: Command): void {
  const text = canonicalText(command);
  const reason = 'reason' in command ? command.reason : '';
  const created: Proposal = {
    id: desk.newId('prop'),
    command: text,
    hash: sha256(text),
    proposedBy: desk.actor.id,
    reason,
    proposedAt: desk.at,
    expiresAt: later(desk.at, PROPOSAL_LIFE),
  };
  desk.emit({ type: 'ProposalCreated', created });
}

/** Errors, in order: PROPOSAL_NOT_FOUND, PROPOSAL_HASH_MISMATCH, PROPOSER_CANNOT_APPROVE. What the command itself is refused for comes after. */
export function checkApproveProposal(view: View, command: CommandOf<'ApproveProposal'>, actor: Actor): Checked<Proposal> {
  const proposal = view.proposals.get(command.proposal);
  if (!proposal) return refused('PROPOSAL_NOT_FOUND', { proposal: command.proposal });
  // The second person repeats the hash of what they read, so that nothing else can run in its name.
  if (proposal.hash !== command.hash) return refused('PROPOSAL_HASH_MISMATCH', { proposal: proposal.id });
  if (proposal.proposedBy === actor.id) return refused('PROPOSER_CANNOT_APPROVE', { proposal: proposal.id });
  return ok(proposal);
}

export const commandOf = (proposal: Proposal): Command => presentCommand(JSON.parse(proposal.command) as Command);

/** Errors: PROPOSAL_NOT_FOUND. */
export const checkRejectProposal = (view: View, command: CommandOf<'RejectProposal'>): Checked<CommandOf<'RejectProposal'>> =>
  view.proposals.has(command.proposal) ? ok(command) : refused('PROPOSAL_NOT_FOUND', { proposal: command.proposal });

export const rejectProposal = (desk: Desk, { proposal, reason }: CommandOf<'RejectProposal'>): void =>
  desk.emit({ type: 'ProposalRejected', proposal, by: desk.actor.id, reason });

export function onProposalCreated(state: State, { created }: EventOf<'ProposalCreated'>): void {
  state.proposals.set(created.id, created);
  state.deadlines.set(`proposal/${created.id}`, created.expiresAt);
}

export function onProposalEnded(state: State, { proposal }: EventOf<'ProposalApproved' | 'ProposalRejected' | 'ProposalExpired'>): void {
  state.proposals.delete(proposal);
  state.deadlines.set(`proposal/${proposal}`, undefined);
}
