/** Mutations that set policies: the ladder, liquidation, losses, disposal.  Rule: X-6 */

import { Ctx } from 'type-graphql';
import { OFFICERS } from '../access/policy';
import { eventIn, Payload, PayloadType } from '../mutation/payload';
import { mutation, mutations } from '../mutation/table';
import type { Context } from '../reading/context';
import { Of, OPTIONAL } from '../schema/fields';
import { DisposalPolicy, disposalPolicyOf, LossPolicy, lossPolicyOf } from './lossPolicy';
import { MarginPolicy, marginPolicyOf } from './marginPolicy';
import { SetDisposalPolicyInput, SetLossPolicyInput, SetMarginPolicyInput } from './policyInputs';

@PayloadType('What came of setting a margin policy.')
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

@PayloadType('What came of setting a loss policy.')
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

@PayloadType('What came of setting a disposal policy.')
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

export const PolicyMutations = mutations({
  SetMarginPolicy: mutation(OFFICERS, SetMarginPolicyInput, 'The policy.', MarginPolicyPayload, {
    does: 'Sets a version of a margin policy. To let accounts go further than before needs a second person.',
  }),
  SetLossPolicy: mutation(OFFICERS, SetLossPolicyInput, 'The policy.', LossPolicyPayload, {
    does: 'Sets a version of the policy by which losses are borne. Needs a second person once the house is open.',
  }),
  SetDisposalPolicy: mutation(OFFICERS, SetDisposalPolicyInput, 'The policy.', DisposalPolicyPayload, {
    does: 'Sets a version of the policy by which the house disposes of what it took over.',
  }),
});
