/** What would be: the health of an account after trades, prices, a shock, payments, other tiers or open interest, without a trace.  Rule: RMR-4 */

import { Ctx, InputType, ObjectType, Query, Resolver } from 'type-graphql';
import { whatIf } from '../../core/margin/whatIf';
import { OPEN_INTEREST_RAMP_INPUT, type OpenInterestRampInput } from '../../core/message/positionCommands';
import { TIER_INPUT, type TierInput } from '../../core/message/referenceCommands';
import { reject } from '../../core/message/rejection';
import { ACCOUNT_READERS, Access, Reached } from '../access/policy';
import { partOf } from '../mutation/input';
import { Side } from '../position/position';
import { AsOf, asOf } from '../reading/asOf';
import type { Context } from '../reading/context';
import { ABSENT, Amount, Flag, Id, Of, OPTIONAL, Rate, Takes } from '../schema/fields';
import { Rejection, rejectionShown } from '../schema/rejection';
import { AccountHealth, healthShown } from './health';

@InputType({ description: 'A hypothetical trade.' })
export class WhatIfTrade {
  @Id('The instrument.')
  instrument!: string;

  @Of(() => Side, 'Its direction.')
  side!: 'BUY' | 'SELL';

  @Amount('Contracts, above zero.')
  size!: string;

  @Amount('The price, in the quote currency. Null means the mark.', ABSENT)
  price!: string | null;
}

@InputType({ description: 'A hypothetical mark.' })
export class WhatIfPrice {
  @Id('The instrument.')
  instrument!: string;

  @Amount('The mark, in the quote currency.')
  price!: string;
}

@InputType({ description: 'A hypothetical payment, in the currency of the account.' })
export class WhatIfPayment {
  @Id('The currency.')
  currency!: string;

  @Amount('The amount: above zero is paid in, below zero is taken out.')
  amount!: string;
}

@InputType({ description: 'Hypothetical tiers of an instrument.' })
export class WhatIfTiers {
  @Id('The instrument.')
  instrument!: string;

  @Of(() => [partOf(TIER_INPUT)], 'The brackets, the lowest first.')
  tiers!: TierInput[];
}

@InputType({ description: 'The open interest to assume, or how rates would rise with it.' })
export class WhatIfOpenInterest {
  @Id('The instrument.')
  instrument!: string;

  @Of(() => partOf(OPEN_INTEREST_RAMP_INPUT), 'The open notionals between which rates rise. Null means as now.', ABSENT)
  ramp!: OpenInterestRampInput | null;

  @Amount('The open notional, in the settlement currency. Null means that of the last review.', ABSENT)
  notional!: string | null;
}

@InputType({ description: 'The hypothetical changes. They apply in this order: tiers, open interest, trades, prices, shock, payments.' })
export class WhatIfInput {
  @Id('The account.')
  account!: string;

  @Of(() => [WhatIfTiers], 'The tiers to assume.', { defaultValue: [] })
  tiers!: WhatIfTiers[];

  @Of(() => [WhatIfOpenInterest], 'The open interest to assume.', { defaultValue: [] })
  openInterest!: WhatIfOpenInterest[];

  @Of(() => [WhatIfTrade], 'The trades to assume.', { defaultValue: [] })
  trades!: WhatIfTrade[];

  @Of(() => [WhatIfPrice], 'The marks to assume.', { defaultValue: [] })
  prices!: WhatIfPrice[];

  @Rate('The share by which every mark moves, such as `"-0.1"`.', ABSENT)
  shock!: string | null;

  @Of(() => [WhatIfPayment], 'The payments to assume.', { defaultValue: [] })
  payments!: WhatIfPayment[];
}

@Reached()
@ObjectType({ description: 'The answer to a what-if. The code that decides computes it, and nothing is stored.' })
export class WhatIfAnswer {
  @Of(() => AccountHealth, 'The health now. Null if the question was refused.', OPTIONAL)
  before!: AccountHealth | null;

  @Of(() => AccountHealth, 'The health after all changes. Null if the question was refused.', OPTIONAL)
  after!: AccountHealth | null;

  @Flag(
    'Whether the account may take this: equity would cover what new risk needs, or the account would ' +
      'need no more than before. Null if refused.',
    OPTIONAL,
  )
  meetsInitialMargin!: boolean | null;

  @Of(() => [Rejection], 'Why there is no answer. Empty where there is one.')
  rejections!: Rejection[];

  @Of(() => AsOf, 'The journal entry it is as of.')
  asOf!: AsOf;
}

@Resolver()
export class WhatIfQueries {
  @Access(...ACCOUNT_READERS)
  @Query(() => WhatIfAnswer, {
    complexity: 50,
    description: 'The margin effect of a trade, a price, a shock, a payment, other tiers or open interest, before they happen.',
  })
  async whatIf(
    @Takes('input', () => WhatIfInput, 'The changes to assume.') input: WhatIfInput,
    @Ctx() context: Context,
  ): Promise<WhatIfAnswer> {
    const reading = await context.read();
    const none = { before: null, after: null, meetsInitialMargin: null, asOf: asOf(reading) };
    const named = [...input.tiers, ...input.openInterest, ...input.trades, ...input.prices].map(({ instrument }) => instrument);
    const view = await reading.viewWith(input.account, [...new Set(named)]);
    if (!view) return { ...none, rejections: [rejectionShown(reject('ACCOUNT_NOT_FOUND', { account: input.account }), null)] };
    const answer = whatIf(view, input, context.actor);
    if (answer.rejection) return { ...none, rejections: [rejectionShown(answer.rejection, null)] };
    const { before, after, meetsInitialMargin } = answer.ok;
    const shown = (health: typeof before): AccountHealth => healthShown(health, reading.seq, context.services);
    return { before: shown(before), after: shown(after), meetsInitialMargin, rejections: [], asOf: asOf(reading) };
  }
}
