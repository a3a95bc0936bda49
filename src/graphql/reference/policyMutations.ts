/** Mutations that set policies: the ladder, liquidation, losses, disposal.  Rule: X-6 */

import { Ctx } from 'type-graphql';
import { eventIn, Payload, PayloadType } from '../mutation/payload';
import { mutations } from '../mutation/table';
import type { Context } from '../reading/context';
import { Of, OPTIONAL } from '../schema/fields';
import { DisposalPolicy, disposalPolicyOf, LossPolicy, lossPolicyOf } from './lossPolicy';
import { MarginPolicy, marginPolicyOf } from './marginPolicy';

@PayloadType('The result of setting a margin policy.')
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

@PayloadType('The result of setting a loss policy.')
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

@PayloadType('The result of setting a disposal policy.')
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

mutations({
  SetMarginPolicy: MarginPolicyPayload,
  SetLossPolicy: LossPolicyPayload,
  SetDisposalPolicy: DisposalPolicyPayload,
});
