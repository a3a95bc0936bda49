/** Inputs of the mutations that act on margin calls. */

import { InputType } from 'type-graphql';
import { Keyed } from '../mutation/keyed';
import { ABSENT, Amount, Flag, Id, Span, Text, When } from '../schema/fields';

@InputType({ description: 'A call that its holder has seen.' })
export class AcknowledgeMarginCallInput extends Keyed {
  @Id('The call.')
  call!: string;
}

@InputType({ description: 'A call by an officer, for what no ladder sees.' })
export class IssueMarginCallInput extends Keyed {
  @Id('The account.')
  account!: string;

  @Amount('To be paid in, above zero, in the currency of the account.')
  amount!: string;

  @Span('From now to the deadline; null: that of the margin policy.', ABSENT)
  window!: number | null;

  @Text('Why.')
  reason!: string;
}

@InputType({ description: 'A call whose deadline is to be moved.' })
export class ExtendMarginCallInput extends Keyed {
  @Id('The call.')
  call!: string;

  @When('The new deadline, later than the present one.')
  deadline!: number;

  @Text('Why.')
  reason!: string;
}

@InputType({ description: 'A call to be withdrawn.' })
export class WaiveMarginCallInput extends Keyed {
  @Id('The call.')
  call!: string;

  @Text('Why.')
  reason!: string;
}

@InputType({ description: 'A call that its holder disputes.' })
export class DisputeMarginCallInput extends Keyed {
  @Id('The call.')
  call!: string;

  @Text('Why.')
  reason!: string;
}

@InputType({ description: 'A ruling on a disputed call.' })
export class RuleOnDisputeInput extends Keyed {
  @Id('The call.')
  call!: string;

  @Flag('Whether its clock stands still. The dispute alone never stops it.')
  stopClock!: boolean;

  @Text('Why.')
  reason!: string;
}
