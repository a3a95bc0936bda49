/**
 * Mutations of the default waterfall: default fund, calls, recoveries, backstop pool, pools of instruments.  Rules:
 * LCS-4, SL-4, RB-2
 */

import { Ctx } from 'type-graphql';
import { Made } from '../../mutation/made';
import { eventIn, Payload, PayloadType } from '../../mutation/payload';
import { mutations } from '../../mutation/table';
import type { Context } from '../../reading/context';
import { Of, OPTIONAL } from '../../schema/fields';
import { Coverage, readCoverage } from './coverage';
import { DefaultFund, DefaultFundCall, DefaultFundPolicy, readDefaultFund } from './defaultFund';
import { LossCase, readLossCase } from './lossCase';
import {
  BackstopPool,
  BackstopStatement,
  InsurancePool,
  readBackstopPool,
  readBackstopStatement,
  readInsurancePool,
} from './pools';

@PayloadType('The result of a command about the default fund.')
export class DefaultFundPayload extends Payload {
  @Of(() => DefaultFund, 'The fund after the command.', OPTIONAL)
  fund(@Ctx() context: Context): Promise<DefaultFund | null> | null {
    return 'currency' in this.command ? readDefaultFund(context, this.command.currency) : null;
  }
}

@PayloadType('The result of setting a default fund policy.')
export class DefaultFundPolicyPayload extends Payload {
  @Made('DefaultFundPolicy', 'The version that was set.', 'DefaultFundPolicySet', ({ terms }) => [
    terms.currency,
    terms.version,
  ])
  policy!: DefaultFundPolicy | null;
}

@PayloadType('The result of computing coverage.')
export class CoveragePayload extends Payload {
  @Of(() => Coverage, 'The last coverage.', OPTIONAL)
  coverage(@Ctx() context: Context): Promise<Coverage | null> | null {
    return 'currency' in this.command ? readCoverage(context, this.command.currency) : null;
  }
}

@PayloadType('The result of a payment towards a call for the default fund.')
export class DefaultFundCallPayload extends Payload {
  @Made('DefaultFundCall', 'The call after the command.', 'DefaultFundCallPaid', ({ fundCall }) => [fundCall.id])
  call!: DefaultFundCall | null;
}

@PayloadType('The result of recording juniors.')
export class JuniorsPayload extends Payload {
  @Of(() => [String], 'The juniors of the member as recorded.', OPTIONAL)
  juniors(): string[] | null {
    const recorded = eventIn(this.made, 'JuniorsRecorded');
    return recorded ? [...recorded.juniors] : null;
  }
}

@PayloadType('The result of a recovery.')
export class RecoveryPayload extends Payload {
  @Of(() => LossCase, 'The case after the command.', OPTIONAL)
  case(@Ctx() context: Context): Promise<LossCase | null> | null {
    return 'case' in this.command ? readLossCase(context, this.command.case) : null;
  }
}

@PayloadType('The result of a command about the backstop pool.')
export class BackstopPayload extends Payload {
  @Of(() => BackstopStatement, 'The contribution of the account to the pool after the command.', OPTIONAL)
  statement(@Ctx() context: Context): Promise<BackstopStatement | null> | null {
    const { command } = this;
    const moves = command.type === 'ContributeToBackstopPool' || command.type === 'WithdrawFromBackstopPool';
    return moves ? readBackstopStatement(context, command.account) : null;
  }
}

@PayloadType('The result of income for a backstop pool.')
export class BackstopIncomePayload extends Payload {
  @Of(() => BackstopPool, 'The pool after the command.', OPTIONAL)
  pool(@Ctx() context: Context): Promise<BackstopPool | null> | null {
    return this.command.type === 'AddBackstopIncome' ? readBackstopPool(context, this.command.currency) : null;
  }
}

@PayloadType('The result of a command about pools of the insurance fund.')
export class InsurancePoolPayload extends Payload {
  @Of(() => InsurancePool, 'The pool that was set or that the money reached, after the command.', OPTIONAL)
  pool(@Ctx() context: Context): Promise<InsurancePool | null> | null {
    const { command } = this;
    const id =
      command.type === 'SetInsurancePool' ? command.pool : command.type === 'TransferBetweenPools' ? command.to : null;
    return id === null ? null : readInsurancePool(context, id);
  }
}

mutations({
  ContributeToDefaultFund: DefaultFundPayload,
  WithdrawFromDefaultFund: DefaultFundPayload,
  SetDefaultFundPolicy: DefaultFundPolicyPayload,
  ComputeCoverage: CoveragePayload,
  PayDefaultFundCall: DefaultFundCallPayload,
  RecordJuniors: JuniorsPayload,
  ContributeHouseTranche: DefaultFundPayload,
  RecordRecovery: RecoveryPayload,
});

mutations({
  ContributeToBackstopPool: BackstopPayload,
  WithdrawFromBackstopPool: BackstopPayload,
  AddBackstopIncome: BackstopIncomePayload,
  SetInsurancePool: InsurancePoolPayload,
  TransferBetweenPools: InsurancePoolPayload,
});
