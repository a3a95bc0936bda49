/** Mutations about deleveraging: its policy, market limits, and the tear-up of inventory.  Rules: SL-5, S07, S11 */

import { Ctx } from 'type-graphql';
import { deleveragingKey } from '../../../core/reference/deleveragingPolicies';
import { Made } from '../../mutation/made';
import { eventIn, Payload, PayloadType } from '../../mutation/payload';
import { mutations } from '../../mutation/table';
import type { Context } from '../../reading/context';
import { DeleveragingPolicy, MarketLimits } from '../../reference/deleveragingPolicy';
import { Of, OPTIONAL } from '../../schema/fields';
import { Deleveraging, readDeleveraging } from './deleveraging';

@PayloadType('The result of setting a deleveraging policy.')
export class DeleveragingPolicyPayload extends Payload {
  @Made('DeleveragingPolicy', 'The version that was set.', 'DeleveragingPolicySet', ({ terms }) => [
    deleveragingKey(terms.currency, terms.instrument),
    terms.version,
  ])
  policy!: DeleveragingPolicy | null;
}

@PayloadType('The result of setting market limits.')
export class MarketLimitsPayload extends Payload {
  @Made('MarketLimits', 'The version that was set.', 'MarketLimitsSet', ({ limits }) => [
    limits.instrument,
    limits.version,
  ])
  limits!: MarketLimits | null;
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
