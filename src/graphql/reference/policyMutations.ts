/** Mutations that set policies: the ladder, liquidation, losses, disposal.  Rule: X-6 */

import { Ctx, Mutation, ObjectType, Resolver } from 'type-graphql';
import { Access, OFFICERS, Reached } from '../access/policy';
import { type Answered, eventIn, Payload } from '../mutation/payload';
import { submit } from '../mutation/submit';
import type { Context } from '../reading/context';
import { Of, OPTIONAL, Takes } from '../schema/fields';
import { DisposalPolicy, disposalPolicyOf, LossPolicy, lossPolicyOf } from './lossPolicy';
import { MarginPolicy, marginPolicyOf } from './marginPolicy';
import { SetDisposalPolicyInput, SetLossPolicyInput, SetMarginPolicyInput } from './policyInputs';

@Reached()
@ObjectType({ description: 'What came of setting a margin policy.' })
export class MarginPolicyPayload extends Payload {
  @Of(() => MarginPolicy, 'The version that was set.', OPTIONAL)
  async policy(@Ctx() context: Context): Promise<MarginPolicy | null> {
    const set = eventIn(this.made, 'MarginPolicySet');
    if (!set) return null;
    const { id, version } = set.terms;
    const row = await (await context.read()).db.marginPolicy.findUnique({ where: { id_version: { id, version } } });
    return row && marginPolicyOf(row, context.services.directory);
  }
}

@Reached()
@ObjectType({ description: 'What came of setting a loss policy.' })
export class LossPolicyPayload extends Payload {
  @Of(() => LossPolicy, 'The version that was set.', OPTIONAL)
  async policy(@Ctx() context: Context): Promise<LossPolicy | null> {
    const set = eventIn(this.made, 'LossPolicySet');
    if (!set) return null;
    const { currency, version } = set.terms;
    const row = await (await context.read()).db.lossPolicy.findUnique({ where: { currency_version: { currency, version } } });
    return row && lossPolicyOf(row, context.services.directory);
  }
}

@Reached()
@ObjectType({ description: 'What came of setting a disposal policy.' })
export class DisposalPolicyPayload extends Payload {
  @Of(() => DisposalPolicy, 'The version that was set.', OPTIONAL)
  async policy(@Ctx() context: Context): Promise<DisposalPolicy | null> {
    const set = eventIn(this.made, 'DisposalPolicySet');
    if (!set) return null;
    const { currency, version } = set.terms;
    const row = await (await context.read()).db.disposalPolicy.findUnique({ where: { currency_version: { currency, version } } });
    return row && disposalPolicyOf(row, context.services.directory);
  }
}

@Resolver()
export class PolicyMutations {
  @Access(...OFFICERS)
  @Mutation(() => MarginPolicyPayload, {
    description: 'Sets a version of a margin policy. To let accounts go further than before needs a second person.',
  })
  setMarginPolicy(
    @Takes('input', () => SetMarginPolicyInput, 'The policy.') input: SetMarginPolicyInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'SetMarginPolicy', input);
  }

  @Access(...OFFICERS)
  @Mutation(() => LossPolicyPayload, {
    description: 'Sets a version of the policy by which losses are borne. Needs a second person once the house is open.',
  })
  setLossPolicy(
    @Takes('input', () => SetLossPolicyInput, 'The policy.') input: SetLossPolicyInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'SetLossPolicy', input);
  }

  @Access(...OFFICERS)
  @Mutation(() => DisposalPolicyPayload, { description: 'Sets a version of the policy by which the house disposes of what it took over.' })
  setDisposalPolicy(
    @Takes('input', () => SetDisposalPolicyInput, 'The policy.') input: SetDisposalPolicyInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'SetDisposalPolicy', input);
  }
}
