/** Mutations about deleveraging: its policy, market limits, and the tear-up of inventory.  Rules: SL-5, S07, S11 */

import { Ctx } from 'type-graphql';
import { deleveragingKey } from '../../../core/reference/deleveragingPolicies';
import { eventIn, Payload, PayloadType } from '../../mutation/payload';
import { mutations } from '../../mutation/table';
import type { Context } from '../../reading/context';
import { DeleveragingPolicy, deleveragingPolicyOf, MarketLimits, marketLimitsOf } from '../../reference/deleveragingPolicy';
import { Of, OPTIONAL } from '../../schema/fields';
import { Deleveraging, readDeleveraging } from './deleveraging';

@PayloadType('The result of setting a deleveraging policy.')
export class DeleveragingPolicyPayload extends Payload {
  @Of(() => DeleveragingPolicy, 'The version that was set.', OPTIONAL)
  async policy(@Ctx() context: Context): Promise<DeleveragingPolicy | null> {
    const set = eventIn(this.made, 'DeleveragingPolicySet');
    if (!set) return null;
    const { currency, instrument, version } = set.terms;
    const where = { id_version: { id: deleveragingKey(currency, instrument), version } };
    const row = await (await context.read()).db.deleveragingPolicy.findUnique({ where });
    return row && deleveragingPolicyOf(row, context.services.directory);
  }
}

@PayloadType('The result of setting market limits.')
export class MarketLimitsPayload extends Payload {
  @Of(() => MarketLimits, 'The version that was set.', OPTIONAL)
  async limits(@Ctx() context: Context): Promise<MarketLimits | null> {
    const set = eventIn(this.made, 'MarketLimitsSet');
    if (!set) return null;
    const { instrument: instrumentId, version } = set.limits;
    const row = await (await context.read()).db.marketLimits.findUnique({ where: { instrumentId_version: { instrumentId, version } } });
    return row && marketLimitsOf(row, context);
  }
}

@PayloadType('The result of a tear-up.')
export class TearUpPayload extends Payload {
  @Of(() => Deleveraging, 'The tear-up, once a second person has approved it.', OPTIONAL)
  deleveraging(@Ctx() context: Context): Promise<Deleveraging | null> | null {
    const made = eventIn(this.made, 'DeleveragingDecided');
    return made ? readDeleveraging(context, made.decided.id) : null;
  }
}

mutations({
  SetDeleveragingPolicy: DeleveragingPolicyPayload,
  SetMarketLimits: MarketLimitsPayload,
  TearUpPositions: TearUpPayload,
});
