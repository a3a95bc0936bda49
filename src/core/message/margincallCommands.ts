/** Commands about margin calls. */

import { kind } from '../kind/kind';
import type { MarginCallId } from '../model/call';
import { type CommandsOf, commands, OFFICERS } from './definition';

export const MARGIN_CALL_COMMANDS = commands({
  AcknowledgeMarginCall: {
    does: 'Acknowledges a call: the holder of the account has seen it.',
    by: ['BROKER'],
    takes: 'The call.',
    about: 'A margin call that its holder has seen.',
    fields: {
      call: kind.id<MarginCallId>('The call.'),
    },
    secondPerson: 'NEVER',
    refusals: ['CALL_NOT_FOUND', 'CALL_ALREADY_ACKNOWLEDGED'],
  },
  IssueMarginCall: {
    does: 'Issues a call by hand, for a risk that the ladder does not see.',
    by: OFFICERS,
    takes: 'The call.',
    about: 'A margin call by an officer, for a risk that the ladder does not see.',
    fields: {
      account: kind.account('The account.'),
      amount: kind.cash('account', 'The amount to pay in, above zero, in the currency of the account.'),
      window: kind.nullable(kind.span('The time from now to the deadline. Null means that of the margin policy.')),
      reason: kind.text('The reason.'),
    },
    secondPerson: 'NEVER',
    refusals: [
      'ACCOUNT_NOT_FOUND',
      'ACCOUNT_NOT_OPEN',
      'CALL_ALREADY_OPEN',
      'CURRENCY_NOT_FOUND',
      'TOO_MANY_DIGITS',
      'VALUE_OUT_OF_RANGE',
      'AMOUNT_NOT_POSITIVE',
    ],
  },
  ExtendMarginCall: {
    does: 'Moves the deadline of a call. Needs a second person once the house is open.',
    by: OFFICERS,
    takes: 'The call.',
    about: 'A margin call whose deadline moves.',
    fields: {
      call: kind.id<MarginCallId>('The call.'),
      deadline: kind.instant('The new deadline, later than the present one.'),
      reason: kind.text('The reason.'),
    },
    secondPerson: 'ONCE_OPEN',
    refusals: ['CALL_NOT_FOUND', 'DEADLINE_NOT_LATER', 'VALUE_OUT_OF_RANGE'],
  },
  WaiveMarginCall: {
    does: 'Withdraws a call. Needs a second person once the house is open.',
    by: OFFICERS,
    takes: 'The call.',
    about: 'A margin call to withdraw.',
    fields: {
      call: kind.id<MarginCallId>('The call.'),
      reason: kind.text('The reason.'),
    },
    secondPerson: 'ONCE_OPEN',
    refusals: ['CALL_NOT_FOUND'],
  },
  DisputeMarginCall: {
    does: 'Disputes a call. The dispute is recorded and shown. The clock of the call runs on until an officer rules.',
    by: ['BROKER'],
    takes: 'The call.',
    about: 'A margin call that its holder disputes.',
    fields: {
      call: kind.id<MarginCallId>('The call.'),
      reason: kind.text('The reason.'),
    },
    secondPerson: 'NEVER',
    refusals: ['CALL_NOT_FOUND'],
  },
  RuleOnDispute: {
    does: 'Rules on a disputed call. To stop its clock needs a second person.',
    by: OFFICERS,
    takes: 'The ruling.',
    about: 'A ruling on a disputed call.',
    fields: {
      call: kind.id<MarginCallId>('The call.'),
      stopClock: kind.flag('Whether the clock of the call stops. The dispute alone never stops it.'),
      reason: kind.text('The reason.'),
    },
    secondPerson: 'IN_CASES',
    refusals: ['CALL_NOT_FOUND', 'CALL_NOT_DISPUTED'],
  },
});
export type MarginCallCommand = CommandsOf<typeof MARGIN_CALL_COMMANDS>;
