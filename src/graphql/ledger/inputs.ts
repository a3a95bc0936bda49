/** Inputs of the mutations that move money. */

import { InputType } from 'type-graphql';
import { Keyed, KeyedItems } from '../mutation/keyed';
import { enumOf } from '../schema/enums';
import { Amount, Id, Of, SeqNo, Text, Whole } from '../schema/fields';

export const FundSource = enumOf<'EXTERNAL' | 'HOUSE_CAPITAL'>('FundSource', 'Where a contribution comes from.', {
  EXTERNAL: 'From outside.',
  HOUSE_CAPITAL: "From the house's own capital.",
});

@InputType({ description: 'A payment into or out of an account.' })
export class PaymentInput {
  @Id('The account.')
  account!: string;

  @Id('The currency.')
  currency!: string;

  @Amount('The amount, above zero, in that currency.')
  amount!: string;
}

@InputType({ description: 'Collateral paid in.' })
export class DepositCollateralInput extends Keyed {
  @Id('The account.')
  account!: string;

  @Id('The currency: that of the account, or one that is eligible.')
  currency!: string;

  @Amount('The amount, above zero, in that currency.')
  amount!: string;
}

@InputType({ description: 'Payments recorded together, each answered on its own.' })
export class DepositCollateralBatchInput extends KeyedItems {
  @Of(() => [PaymentInput], 'The payments, 1 to 1,000.')
  deposits!: PaymentInput[];
}

@InputType({ description: 'Collateral to be paid out.' })
export class WithdrawCollateralInput extends Keyed {
  @Id('The account.')
  account!: string;

  @Id('The currency.')
  currency!: string;

  @Amount('The amount, above zero, in that currency.')
  amount!: string;
}

@InputType({ description: 'Collateral to be moved between accounts of one owner at one member.' })
export class TransferCollateralInput extends Keyed {
  @Id('Account it leaves.')
  from!: string;

  @Id('Account it reaches.')
  to!: string;

  @Id('The currency.')
  currency!: string;

  @Amount('The amount, above zero, in that currency.')
  amount!: string;
}

@InputType({ description: 'Money put into an insurance fund.' })
export class ContributeToInsuranceFundInput extends Keyed {
  @Id('The currency, which is the fund.')
  currency!: string;

  @Amount('The amount, above zero, in that currency.')
  amount!: string;

  @Of(() => FundSource, 'Where it comes from.')
  source!: 'EXTERNAL' | 'HOUSE_CAPITAL';
}

@InputType({ description: 'Money to be taken out of an insurance fund.' })
export class WithdrawFromInsuranceFundInput extends Keyed {
  @Id('The currency, which is the fund.')
  currency!: string;

  @Amount('The amount, above zero, in that currency.')
  amount!: string;

  @Text('Why.')
  reason!: string;
}

@InputType({ description: "Money put into the house's own capital." })
export class ContributeHouseCapitalInput extends Keyed {
  @Id('The currency.')
  currency!: string;

  @Amount('The amount, above zero, in that currency.')
  amount!: string;
}

@InputType({ description: 'A transfer to be reversed, by its place in the journal.' })
export class ReverseTransferInput extends Keyed {
  @SeqNo('Journal entry that made the transfer.')
  entry!: number;

  @Whole('Its place among the transfers of that entry, from 0.')
  place!: number;

  @Text('Why.')
  reason!: string;
}
