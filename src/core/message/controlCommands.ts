/** Commands of who may act, of second persons, and of time itself. */

import { kind } from '../kind/kind';
import type { MemberId } from '../model/account';
import { type ApiKeyId, ROLE } from '../model/actor';
import type { ProposalId } from '../model/proposal';
import { type CommandsOf, commands, OFFICERS } from './definition';

export const CONTROL_COMMANDS = commands({
  IssueApiKey: {
    does: 'Issues an API key. Needs a second person once the house is open; the secret works from then on.',
    by: ['ADMIN'],
    takes: 'The key.',
    about: 'A key to be issued.',
    fields: {
      apiKey: kind.made('key', kind.id<ApiKeyId>('Its id, which is not the secret; one is made where none is given.')),
      role: kind.oneOf(ROLE, 'What it may do.'),
      member: kind.nullable(kind.id<MemberId>('Member whose accounts it sees: brokers need one, nobody else has one.')),
      hash: kind.own(kind.text()),
      label: kind.text('What it is for.'),
    },
    secondPerson: 'ONCE_OPEN',
    refusals: ['ID_INVALID', 'ALREADY_EXISTS', 'MEMBER_NOT_FOUND', 'VALUE_OUT_OF_RANGE'],
  },
  RevokeApiKey: {
    does: 'Revokes an API key. Its streams end at once.',
    by: ['ADMIN'],
    takes: 'The key.',
    about: 'A key to be revoked.',
    fields: {
      apiKey: kind.id<ApiKeyId>('The key.'),
      reason: kind.text('Why.'),
    },
    secondPerson: 'NEVER',
    refusals: ['API_KEY_NOT_FOUND'],
  },
  ApproveProposal: {
    does: 'Approves what another person proposed. It is checked anew against the house as it is, and runs.',
    by: OFFICERS,
    takes: 'The proposal.',
    about: 'A proposal to be approved.',
    fields: {
      proposal: kind.id<ProposalId>('The proposal.'),
      hash: kind.text('SHA-256 of what is approved, as the proposal states it: nothing else can run in its name.'),
    },
    secondPerson: 'NEVER',
    // What the command itself is refused for comes after.
    refusals: ['PROPOSAL_NOT_FOUND', 'PROPOSAL_HASH_MISMATCH', 'PROPOSER_CANNOT_APPROVE', 'WITHOUT_SECOND_PERSON'],
  },
  RejectProposal: {
    does: 'Turns a proposal down. Its own proposer may do that too.',
    by: OFFICERS,
    takes: 'The proposal.',
    about: 'A proposal to be turned down.',
    fields: {
      proposal: kind.id<ProposalId>('The proposal.'),
      reason: kind.text('Why.'),
    },
    secondPerson: 'NEVER',
    refusals: ['PROPOSAL_NOT_FOUND'],
  },
  AdvanceTime: {
    by: [],
    fields: {},
    secondPerson: 'NEVER',
    refusals: [],
  },
  ReportClockStep: {
    by: [],
    fields: {
      step: kind.span(),
    },
    secondPerson: 'NEVER',
    refusals: [],
  },
  AcceptClockStep: {
    does:
      'Accepts a step of the wall clock. Always needs a second person. A step forward moves house time on by it, and open margin calls keep ' +
      'the time they had left. House time never goes back: after a step back it stays ahead of the wall clock by it.',
    by: OFFICERS,
    takes: 'Which step, and why.',
    about: 'A step of the wall clock that is right.',
    fields: {
      entry: kind.entry('Journal entry that reported it, from `house { clock { step { entry } } }`.'),
      reason: kind.text('Why it is right.'),
    },
    secondPerson: 'ALWAYS',
    refusals: ['CLOCK_NOT_STEPPED', 'CLOCK_STEP_CHANGED'],
  },
});
export type ControlCommand = CommandsOf<typeof CONTROL_COMMANDS>;
