/** Inputs of the mutations of the default waterfall. */

import { InputType } from 'type-graphql';
import type { Weekday as Day } from '../../../core/model/waterfall';
import { Keyed } from '../../mutation/keyed';
import { enumOf } from '../../schema/enums';
import { ABSENT, Amount, Flag, Id, Of, Rate, Span, Text, Texts, Whole } from '../../schema/fields';
import { Weekday } from './defaultFund';

export const HouseTranche = enumOf<'HOUSE_TRANCHE_2' | 'HOUSE_FURTHER'>(
  'HouseTranche',
  "A tranche of the house's capital behind the first.",
  {
    HOUSE_TRANCHE_2: 'The second tranche.',
    HOUSE_FURTHER: 'What is set aside beyond that.',
  },
);

@InputType({ description: 'Money a member puts into the default fund, or takes out of it.' })
export class DefaultFundMoveInput extends Keyed {
  @Id('The member.')
  member!: string;

  @Id('The currency.')
  currency!: string;

  @Amount('The amount, above zero, in that currency.')
  amount!: string;
}

@InputType({ description: 'How far the price of an instrument moves in the stress.' })
export class StressMoveInput {
  @Id('The instrument.')
  instrument!: string;

  @Rate('Upwards, as a share of the mark.')
  up!: string;

  @Rate('Downwards, as a share of the mark, at most 1.')
  down!: string;
}

@InputType({ description: 'A version of the policy by which the default fund of a currency is sized, called and measured.' })
export class SetDefaultFundPolicyInput extends Keyed {
  @Id('The currency.')
  currency!: string;

  @Of(() => [StressMoveInput], 'The stress: all prices rise, or all fall. An instrument not named does not move.')
  moves!: StressMoveInput[];

  @Amount('The least a member contributes, in the currency.')
  floor!: string;

  @Rate('Coverage below this share of cover-2 is short.')
  threshold!: string;

  @Rate("Share of the house's part of liquidation fees that goes to the insurance fund while coverage is short.")
  feeShare!: string;

  @Rate('Assessments of a capped period: at most this many times the contribution.')
  multiple!: string;

  @Span('The capped period.')
  cappedWindow!: number;

  @Span('After a member was assessed up to its cap nothing more is asked of it for so long.')
  coolingOffWindow!: number;

  @Whole('Business days to pay a call, 1 to 30.')
  within!: number;

  @Of(() => [Weekday], 'Days that are no business days.')
  weekend!: Day[];

  @Texts('Dates that are no business days, YYYY-MM-DD.')
  holidays!: string[];

  @Span('Time of day, UTC, at which coverage is computed.')
  computedAt!: number;
}

@InputType({ description: 'A currency whose coverage is to be computed now.' })
export class ComputeCoverageInput extends Keyed {
  @Id('The currency.')
  currency!: string;
}

@InputType({ description: 'A payment towards a call for the default fund.' })
export class PayDefaultFundCallInput extends Keyed {
  @Id('The call.')
  call!: string;

  @Amount('The amount, above zero, no more than is left of the call, in its currency.')
  amount!: string;
}

@InputType({ description: 'Members that pay first for the default of another, because they did not bid well for its positions.' })
export class RecordJuniorsInput extends Keyed {
  @Id('The member in default.')
  member!: string;

  @Of(() => [String], 'The juniors; none takes back what was recorded.')
  juniors!: string[];
}

@InputType({ description: "Money put into a further tranche of the house's capital." })
export class ContributeHouseTrancheInput extends Keyed {
  @Of(() => HouseTranche, 'The tranche.')
  tranche!: 'HOUSE_TRANCHE_2' | 'HOUSE_FURTHER';

  @Id('The currency.')
  currency!: string;

  @Amount('The amount, above zero, in that currency.')
  amount!: string;
}

@InputType({ description: 'Money recovered for a default.' })
export class RecordRecoveryInput extends Keyed {
  @Id('The case.')
  case!: string;

  @Amount('The amount, above zero, in the currency of the case.')
  amount!: string;
}

@InputType({ description: 'Money an account puts into the backstop pool of its currency, or takes out of it.' })
export class BackstopMoveInput extends Keyed {
  @Id('The account.')
  account!: string;

  @Amount('The amount, above zero, in the currency of the account.')
  amount!: string;
}

@InputType({ description: 'Income for the contributors of a backstop pool.' })
export class AddBackstopIncomeInput extends Keyed {
  @Id('The currency.')
  currency!: string;

  @Amount('The amount, above zero, in that currency.')
  amount!: string;
}

@InputType({ description: 'An insurance fund pool.' })
export class SetInsurancePoolInput extends Keyed {
  @Id('The pool.')
  pool!: string;

  @Id('The currency.')
  currency!: string;

  @Of(() => [String], 'Its instruments, all settled in that currency and of no other pool.')
  instruments!: string[];

  @Amount('The most one market draws in one event, in the currency; null: all the pool holds.', ABSENT)
  cap!: string | null;

  @Flag('Whether the insurance fund of the currency bears behind it.')
  thenGeneral!: boolean;
}

@InputType({ description: 'Money to be moved between pools of the insurance fund.' })
export class TransferBetweenPoolsInput extends Keyed {
  @Id('Pool it leaves; null: the insurance fund of the currency.', ABSENT)
  from!: string | null;

  @Id('Pool it reaches; null: the insurance fund of the currency.', ABSENT)
  to!: string | null;

  @Id('The currency.')
  currency!: string;

  @Amount('The amount, above zero, in that currency.')
  amount!: string;

  @Text('Why.')
  reason!: string;
}
