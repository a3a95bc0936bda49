/** Commands of who may act, of second persons, and of time itself. */

import { kind } from '../kind/kind';
import type { MemberId } from '../model/account';
import { type ApiKeyId, type PersonId, ROLE } from '../model/actor';
import type { ProposalId } from '../model/proposal';
import { type CommandsOf, commands, OFFICERS } from './definition';

export const CONTROL_COMMANDS = commands({
  IssueApiKey: {
    does: 'Issues an API key. It needs a second person once the house is open. The secret works once it is approved.',
    by: ['ADMIN'],
    takes: 'The key.',
    about: 'The key to issue.',
    fields: {
      apiKey: kind.made(
        'key',
        kind.id<ApiKeyId>('Id of the key, which is not the secret. The house makes one if it is left out.'),
      ),
      role: kind.oneOf(ROLE, 'The role: what the key may do.'),
      member: kind.nullable(
        kind.id<MemberId>('The member whose accounts the key sees. A broker needs one. Other roles have none.'),
      ),
      hash: kind.own(kind.text()),
      label: kind.text('What the key is used for.'),
      person: kind.optional(
        kind.nullable(
          kind.id<PersonId>(
            'The person whose key it is, by a name that all keys of that person carry. Null means the id of the key.',
          ),
        ),
      ),
    },
    secondPerson: 'ONCE_OPEN',
    refusals: ['ID_INVALID', 'ALREADY_EXISTS', 'MEMBER_NOT_FOUND', 'VALUE_OUT_OF_RANGE'],
  },
  RevokeApiKey: {
    does:
      'Revokes an API key. Its streams end at once. Needs a second person if no administrator would be left but the ' +
      'person who revokes.',
    by: ['ADMIN'],
    takes: 'The key.',
    about: 'The key to revoke.',
    fields: {
      apiKey: kind.id<ApiKeyId>('The key.'),
      reason: kind.text('The reason.'),
    },
    secondPerson: 'IN_CASES',
    refusals: ['API_KEY_NOT_FOUND'],
  },
  ApproveProposal: {
    does:
      'Approves what another person proposed. The role of the caller must allow the command. It is checked again ' +
      'against the ' +
      'present state, and then it runs.',
    by: OFFICERS,
    takes: 'The proposal.',
    about: 'The proposal to approve.',
    fields: {
      proposal: kind.id<ProposalId>('The proposal.'),
      hash: kind.text(
        'SHA-256 of the text that is approved, as the proposal states it. Nothing else can run under ' +
          'this approval.',
      ),
    },
    secondPerson: 'NEVER',
    // What the command itself is refused for comes after.
    refusals: [
      'PROPOSAL_NOT_FOUND',
      'PROPOSAL_HASH_MISMATCH',
      'PROPOSER_CANNOT_APPROVE',
      'APPROVER_NOT_ALLOWED',
      'WITHOUT_SECOND_PERSON',
    ],
  },
  RejectProposal: {
    does: 'Rejects a proposal. The proposer may do that too.',
    by: OFFICERS,
    takes: 'The proposal.',
    about: 'The proposal to reject.',
    fields: {
      proposal: kind.id<ProposalId>('The proposal.'),
      reason: kind.text('The reason.'),
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
      'Accepts a step of the wall clock. Always needs a second person. A step forward moves house ' +
      'time on by the step, and open margin calls keep the time they had left. House time never ' +
      'goes back. After a step back it stays ahead of the wall clock by the step.',
    by: OFFICERS,
    takes: 'The step, and the reason.',
    about: 'Accepts a step of the wall clock as right.',
    fields: {
      entry: kind.entry('The journal entry that reported the step, from `house { clock { step { entry } } }`.'),
      reason: kind.text('Why the step is right.'),
    },
    secondPerson: 'ALWAYS',
    refusals: ['CLOCK_NOT_STEPPED', 'CLOCK_STEP_CHANGED'],
  },
});
export type ControlCommand = CommandsOf<typeof CONTROL_COMMANDS>;
