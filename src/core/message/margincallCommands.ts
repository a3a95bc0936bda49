/** Commands about margin calls. */

import { kind } from '../kind/kind';
import type { MarginCallId } from '../model/call';
import { type CommandsOf, commands, OFFICERS } from './definition';

export const MARGIN_CALL_COMMANDS = commands({
  AcknowledgeMarginCall: {
    does: 'Says that the holder of the account has seen the call.',
    by: ['BROKER'],
    takes: 'The call.',
    about: 'A call that its holder has seen.',
    fields: {
      call: kind.id<MarginCallId>('The call.'),
    },
    secondPerson: 'NEVER',
    refusals: ['CALL_NOT_FOUND', 'CALL_ALREADY_ACKNOWLEDGED'],
  },
  IssueMarginCall: {
    does: 'Issues a call by hand, for what no ladder sees.',
    by: OFFICERS,
    takes: 'The call.',
    about: 'A call by an officer, for what no ladder sees.',
    fields: {
      account: kind.account('The account.'),
      amount: kind.cash('account', 'To be paid in, above zero, in the currency of the account.'),
      window: kind.nullable(kind.span('From now to the deadline; null: that of the margin policy.')),
      reason: kind.text('Why.'),
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
    about: 'A call whose deadline is to be moved.',
    fields: {
      call: kind.id<MarginCallId>('The call.'),
      deadline: kind.instant('The new deadline, later than the present one.'),
      reason: kind.text('Why.'),
    },
    secondPerson: 'ONCE_OPEN',
    refusals: ['CALL_NOT_FOUND', 'DEADLINE_NOT_LATER', 'VALUE_OUT_OF_RANGE'],
  },
  WaiveMarginCall: {
    does: 'Withdraws a call. Needs a second person once the house is open.',
    by: OFFICERS,
    takes: 'The call.',
    about: 'A call to be withdrawn.',
    fields: {
      call: kind.id<MarginCallId>('The call.'),
      reason: kind.text('Why.'),
    },
    secondPerson: 'ONCE_OPEN',
    refusals: ['CALL_NOT_FOUND'],
  },
  DisputeMarginCall: {
    does: 'Disputes a call. It is recorded and shown; its clock runs on until an officer rules.',
    by: ['BROKER'],
    takes: 'The call.',
    about: 'A call that its holder disputes.',
    fields: {
      call: kind.id<MarginCallId>('The call.'),
      reason: kind.text('Why.'),
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
      stopClock: kind.flag('Whether its clock stands still. The dispute alone never stops it.'),
      reason: kind.text('Why.'),
    },
    secondPerson: 'IN_CASES',
    refusals: ['CALL_NOT_FOUND', 'CALL_NOT_DISPUTED'],
  },
});
export type MarginCallCommand = CommandsOf<typeof MARGIN_CALL_COMMANDS>;
