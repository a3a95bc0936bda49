/** Mutations of the default waterfall: default fund, calls, recoveries, backstop pool, pools of instruments.  Rules: LCS-4, SL-4, RB-2 */

import { Ctx, Mutation, ObjectType, Resolver } from 'type-graphql';
import { Access, OFFICERS, Reached } from '../../access/policy';
import { type Answered, eventIn, Payload } from '../../mutation/payload';
import { submit } from '../../mutation/submit';
import type { Context } from '../../reading/context';
import { Of, OPTIONAL, Takes } from '../../schema/fields';
import { Coverage, readCoverage } from './coverage';
import { DefaultCase, readDefaultCase } from './defaultCase';
import { DefaultFund, DefaultFundCall, DefaultFundPolicy, fundCallOf, fundPolicyOf, readDefaultFund } from './defaultFund';
import { BackstopPool, BackstopStatement, InsurancePool, readBackstopPool, readBackstopStatement, readInsurancePool } from './pools';
import * as inputs from './waterfallInputs';

@Reached()
@ObjectType({ description: 'What came of a command about the default fund.' })
export class DefaultFundPayload extends Payload {
  @Of(() => DefaultFund, 'The fund as it is now.', OPTIONAL)
  fund(@Ctx() context: Context): Promise<DefaultFund | null> | null {
    return 'currency' in this.command ? readDefaultFund(context, this.command.currency) : null;
  }
}

@Reached()
@ObjectType({ description: 'What came of setting a default fund policy.' })
export class DefaultFundPolicyPayload extends Payload {
  @Of(() => DefaultFundPolicy, 'The version that was set.', OPTIONAL)
  async policy(@Ctx() context: Context): Promise<DefaultFundPolicy | null> {
    const set = eventIn(this.made, 'DefaultFundPolicySet');
    if (!set) return null;
    const { currency, version } = set.terms;
    const row = await (await context.read()).db.defaultFundPolicy.findUnique({ where: { currency_version: { currency, version } } });
    return row && fundPolicyOf(row, context);
  }
}

@Reached()
@ObjectType({ description: 'What came of computing coverage.' })
export class CoveragePayload extends Payload {
  @Of(() => Coverage, 'The last coverage.', OPTIONAL)
  coverage(@Ctx() context: Context): Promise<Coverage | null> | null {
    return 'currency' in this.command ? readCoverage(context, this.command.currency) : null;
  }
}

@Reached()
@ObjectType({ description: 'What came of a payment towards a call for the default fund.' })
export class DefaultFundCallPayload extends Payload {
  @Of(() => DefaultFundCall, 'The call as it is now.', OPTIONAL)
  async call(@Ctx() context: Context): Promise<DefaultFundCall | null> {
    const paid = eventIn(this.made, 'DefaultFundCallPaid');
    const row = paid && (await (await context.read()).db.defaultFundCall.findUnique({ where: { id: paid.fundCall.id } }));
    return row ? fundCallOf(row, context) : null;
  }
}

@Reached()
@ObjectType({ description: 'What came of recording juniors.' })
export class JuniorsPayload extends Payload {
  @Of(() => [String], 'The juniors of the member as recorded.', OPTIONAL)
  juniors(): string[] | null {
    const recorded = eventIn(this.made, 'JuniorsRecorded');
    return recorded ? [...recorded.juniors] : null;
  }
}

@Reached()
@ObjectType({ description: 'What came of a recovery.' })
export class RecoveryPayload extends Payload {
  @Of(() => DefaultCase, 'The case as it is now.', OPTIONAL)
  case(@Ctx() context: Context): Promise<DefaultCase | null> | null {
    return 'case' in this.command ? readDefaultCase(context, this.command.case) : null;
  }
}

@Reached()
@ObjectType({ description: 'What came of a command about the backstop pool.' })
export class BackstopPayload extends Payload {
  @Of(() => BackstopStatement, 'What the account has in the pool now.', OPTIONAL)
  statement(@Ctx() context: Context): Promise<BackstopStatement | null> | null {
    const { command } = this;
    const moves = command.type === 'ContributeToBackstopPool' || command.type === 'WithdrawFromBackstopPool';
    return moves ? readBackstopStatement(context, command.account) : null;
  }
}

@Reached()
@ObjectType({ description: 'What came of income for a backstop pool.' })
export class BackstopIncomePayload extends Payload {
  @Of(() => BackstopPool, 'The pool as it is now.', OPTIONAL)
  pool(@Ctx() context: Context): Promise<BackstopPool | null> | null {
    return this.command.type === 'AddBackstopIncome' ? readBackstopPool(context, this.command.currency) : null;
  }
}

@Reached()
@ObjectType({ description: 'What came of a command about pools of the insurance fund.' })
export class InsurancePoolPayload extends Payload {
  @Of(() => InsurancePool, 'The pool that was set, or that money reached, as it is now.', OPTIONAL)
  pool(@Ctx() context: Context): Promise<InsurancePool | null> | null {
    const { command } = this;
    const id = command.type === 'SetInsurancePool' ? command.pool : command.type === 'TransferBetweenPools' ? command.to : null;
    return id === null ? null : readInsurancePool(context, id);
  }
}

@Resolver()
export class DefaultFundMutations {
  @Access(...OFFICERS, 'BROKER')
  @Mutation(() => DefaultFundPayload, { description: 'Puts money of a member into the default fund.' })
  contributeToDefaultFund(
    @Takes('input', () => inputs.DefaultFundMoveInput, 'The contribution.') input: inputs.DefaultFundMoveInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'ContributeToDefaultFund', input);
  }

  @Access(...OFFICERS, 'BROKER')
  @Mutation(() => DefaultFundPayload, {
    description: 'Takes money of a member out of the default fund: only what is above its requirement.',
  })
  withdrawFromDefaultFund(
    @Takes('input', () => inputs.DefaultFundMoveInput, 'The withdrawal.') input: inputs.DefaultFundMoveInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'WithdrawFromDefaultFund', input);
  }

  @Access(...OFFICERS)
  @Mutation(() => DefaultFundPolicyPayload, {
    description: 'Sets a version of a default fund policy. Needs a second person once the house is open.',
  })
  setDefaultFundPolicy(
    @Takes('input', () => inputs.SetDefaultFundPolicyInput, 'The policy.') input: inputs.SetDefaultFundPolicyInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'SetDefaultFundPolicy', input);
  }

  @Access(...OFFICERS)
  @Mutation(() => CoveragePayload, {
    description:
      'Computes coverage now, besides every day. Members that hold too little are called. With many accounts it is begun now and done in a moment: each account is counted as it stands then.',
  })
  computeCoverage(
    @Takes('input', () => inputs.ComputeCoverageInput, 'The currency.') input: inputs.ComputeCoverageInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'ComputeCoverage', input);
  }

  @Access(...OFFICERS, 'BROKER')
  @Mutation(() => DefaultFundCallPayload, { description: 'Pays towards a call for the default fund.' })
  payDefaultFundCall(
    @Takes('input', () => inputs.PayDefaultFundCallInput, 'The payment.') input: inputs.PayDefaultFundCallInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'PayDefaultFundCall', input);
  }

  @Access(...OFFICERS)
  @Mutation(() => JuniorsPayload, { description: 'Records which members pay first for the default of another.' })
  recordJuniors(
    @Takes('input', () => inputs.RecordJuniorsInput, 'The juniors.') input: inputs.RecordJuniorsInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'RecordJuniors', input);
  }

  @Access(...OFFICERS)
  @Mutation(() => DefaultFundPayload, { description: "Puts money into a further tranche of the house's capital." })
  contributeHouseTranche(
    @Takes('input', () => inputs.ContributeHouseTrancheInput, 'The contribution.') input: inputs.ContributeHouseTrancheInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'ContributeHouseTranche', input);
  }

  @Access(...OFFICERS)
  @Mutation(() => RecoveryPayload, {
    description: 'Records money recovered for a default and shares it among those who bore it, the last layer first.',
  })
  recordRecovery(
    @Takes('input', () => inputs.RecordRecoveryInput, 'The recovery.') input: inputs.RecordRecoveryInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'RecordRecovery', input);
  }
}

@Resolver()
export class PoolMutations {
  @Access('ADMIN', 'BROKER')
  @Mutation(() => BackstopPayload, { description: 'Puts collateral of an account into the backstop pool.' })
  contributeToBackstopPool(
    @Takes('input', () => inputs.BackstopMoveInput, 'The contribution.') input: inputs.BackstopMoveInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'ContributeToBackstopPool', input);
  }

  @Access('ADMIN', 'BROKER')
  @Mutation(() => BackstopPayload, { description: 'Takes income, then contribution, out of the backstop pool into the account.' })
  withdrawFromBackstopPool(
    @Takes('input', () => inputs.BackstopMoveInput, 'The withdrawal.') input: inputs.BackstopMoveInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'WithdrawFromBackstopPool', input);
  }

  @Access(...OFFICERS)
  @Mutation(() => BackstopIncomePayload, { description: 'Pays income to the contributors of a backstop pool.' })
  addBackstopIncome(
    @Takes('input', () => inputs.AddBackstopIncomeInput, 'The income.') input: inputs.AddBackstopIncomeInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'AddBackstopIncome', input);
  }

  @Access(...OFFICERS)
  @Mutation(() => InsurancePoolPayload, { description: 'Sets an insurance fund pool. Needs a second person once the house is open.' })
  setInsurancePool(
    @Takes('input', () => inputs.SetInsurancePoolInput, 'The pool.') input: inputs.SetInsurancePoolInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'SetInsurancePool', input);
  }

  @Access(...OFFICERS)
  @Mutation(() => InsurancePoolPayload, { description: 'Moves money between pools of the insurance fund. Needs a second person.' })
  transferBetweenPools(
    @Takes('input', () => inputs.TransferBetweenPoolsInput, 'The transfer.') input: inputs.TransferBetweenPoolsInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'TransferBetweenPools', input);
  }
}
