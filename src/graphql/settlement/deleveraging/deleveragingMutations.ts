/** Mutations about deleveraging: its policy, market limits, and the tear-up of inventory.  Rules: SL-5, S07, S11 */

import { Ctx, InputType } from 'type-graphql';
import type {
  ProfitBasis as Basis,
  DeleveragingBound as Bound,
  DeleveragingPolicy as Policy,
  DeleveragingScore as Score,
} from '../../../core/model/deleveraging';
import { deleveragingKey } from '../../../core/reference/deleveragingPolicies';
import { OFFICERS } from '../../access/policy';
import { Keyed } from '../../mutation/keyed';
import { eventIn, Payload, PayloadType } from '../../mutation/payload';
import { mutation, mutations } from '../../mutation/table';
import type { Context } from '../../reading/context';
import {
  DeleveragingBound,
  DeleveragingPolicy,
  DeleveragingPolicyMethod,
  DeleveragingScore,
  deleveragingPolicyOf,
  MarketLimits,
  marketLimitsOf,
  ProfitBasis,
} from '../../reference/deleveragingPolicy';
import { ABSENT, Amount, Id, Of, OPTIONAL, Rate, Share, Text } from '../../schema/fields';
import { Deleveraging, readDeleveraging } from './deleveraging';

@InputType({
  description:
    'The loss that inventory of one instrument may come to within a loss period: an amount, a share of the fund, or the lower of both.',
})
export class InventoryCapInput {
  @Amount('At most this, in the settlement currency.', ABSENT)
  amount!: string | null;

  @Rate('At most this share of the insurance fund, what it paid for the inventory added back.', ABSENT)
  fundShare!: string | null;

  @Share('Once the cap was reached inventory is not kept again before its loss is at this share of the cap, 0 to 1.')
  stop!: string;
}

@InputType({ description: 'A version of the policy by which positions are deleveraged.' })
export class SetDeleveragingPolicyInput extends Keyed {
  @Id('The settlement currency.')
  currency!: string;

  @Id('The instrument; null: every one of the currency without a policy of its own.', ABSENT)
  instrument!: string | null;

  @Of(() => DeleveragingPolicyMethod, 'Against whom.')
  method!: Policy['method'];

  @Of(() => DeleveragingScore, 'By which formula holders are ranked.')
  score!: Score;

  @Of(() => DeleveragingBound, 'The most a holder can be asked.')
  bound!: Bound;

  @Of(() => ProfitBasis, 'What counts as profit.')
  basis!: Basis;

  @Of(() => InventoryCapInput, 'The loss that inventory of the instrument may come to; null: what the layers bear.', ABSENT)
  inventoryCap!: InventoryCapInput | null;
}

@InputType({ description: 'What there may be of an instrument against the free float of its underlying.' })
export class SetMarketLimitsInput extends Keyed {
  @Id('The instrument.')
  instrument!: string;

  @Amount('Contracts that the free float amounts to, above zero.')
  float!: string;

  @Rate('Trades that raise open interest above this share of it are refused; null: none are.', ABSENT)
  openInterestShare!: string | null;

  @Rate('Trades that raise the positions of one owner above this share of it are refused; null: none are.', ABSENT)
  positionShare!: string | null;
}

@InputType({ description: 'How much of what the house took over is closed against the other side: contracts, or a share.' })
export class TearUpPositionsInput extends Keyed {
  @Id('The instrument.')
  instrument!: string;

  @Amount('Contracts, above zero.', ABSENT)
  size!: string | null;

  @Rate('Share of the inventory, above 0 to 1.', ABSENT)
  share!: string | null;

  @Text('Why: kept with the act.')
  reason!: string;
}

@PayloadType('What came of setting a deleveraging policy.')
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

@PayloadType('What came of setting market limits.')
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

@PayloadType('What came of a tear-up.')
export class TearUpPayload extends Payload {
  @Of(() => Deleveraging, 'The tear-up, once a second person has approved it.', OPTIONAL)
  deleveraging(@Ctx() context: Context): Promise<Deleveraging | null> | null {
    const made = eventIn(this.made, 'DeleveragingDecided');
    return made ? readDeleveraging(context, made.decided.id) : null;
  }
}

export const DeleveragingMutations = mutations({
  SetDeleveragingPolicy: mutation(OFFICERS, SetDeleveragingPolicyInput, 'The policy.', DeleveragingPolicyPayload, {
    does: 'Sets a version of the policy by which positions are deleveraged. Needs a second person once the house is open.',
  }),
  SetMarketLimits: mutation(OFFICERS, SetMarketLimitsInput, 'The limits.', MarketLimitsPayload, {
    does: 'Sets what there may be of an instrument against its free float. To let more in than before needs a second person.',
  }),
  TearUpPositions: mutation(OFFICERS, TearUpPositionsInput, 'How much of it.', TearUpPayload, {
    does: 'Closes what the house took over of an instrument against the other side, pro rata to what each holds, at the mark. Needs a second person.',
  }),
});
