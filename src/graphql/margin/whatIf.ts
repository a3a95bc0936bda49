/**
 * What would be: the health of an account after trades, prices, a shock, payments, other tiers or open interest,
 * without a trace.  Rule: RMR-4
 */

import { GraphQLJSONObject } from 'graphql-scalars';
import { Ctx, InputType, ObjectType, Query, Resolver } from 'type-graphql';
import { OPEN_INTEREST_RAMP_INPUT, type OpenInterestRampInput } from '../../core/message/positionCommands';
import { TIER_INPUT, type TierInput } from '../../core/message/tierInputs';
import type { WhatIfAnswer as Answer } from '../../core/trial/question';
import { createTrial } from '../../core/trial/trial';
import { type PackedExcerpt, unpackedExcerpt } from '../../sequencer/excerpts';
import { breathe, createSpell } from '../../sequencer/spell';
import { ACCOUNT_READERS, Access, Reached } from '../access/policy';
import { partOf } from '../mutation/input';
import { Side } from '../position/position';
import { AsOf } from '../reading/asOf';
import type { Context } from '../reading/context';
import { EventType } from '../schema/eventType';
import { ABSENT, Amount, Flag, Id, Of, OPTIONAL, Rate, Takes } from '../schema/fields';
import { Rejection, rejectionShown } from '../schema/rejection';
import { AccountHealth, healthShown } from './health';
import { eventsAbout } from './supposedEvents';

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

  @Id(
    'The account on the other side. Null means an account that holds the opposite position and has enough collateral. ' +
      'The caller has to see the account.',
    ABSENT,
  )
  counterparty!: string | null;

  @Flag('Whether the account takes liquidity and pays the fee of a taker. False means the fee of a maker.', {
    defaultValue: true,
  })
  taker!: boolean;
}

@InputType({ description: 'A hypothetical mark.' })
export class WhatIfPrice {
  @Id('The instrument.')
  instrument!: string;

  @Amount('The mark, in the quote currency.')
  price!: string;
}

@InputType({ description: 'A hypothetical payment, in a currency that the account may hold.' })
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

  @Amount('The open notional, in the settlement currency. Null means what is open now.', ABSENT)
  notional!: string | null;
}

@InputType({
  description:
    'The hypothetical changes. They apply in this order: tiers, open interest, trades, prices, payments. A shock ' +
    'applies ' +
    'together with the prices.',
})
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

  @Rate('The share by which every mark and every index moves, such as `"-0.1"`.', ABSENT)
  shock!: string | null;

  @Of(() => [WhatIfPayment], 'The payments to assume.', { defaultValue: [] })
  payments!: WhatIfPayment[];
}

@Reached()
@ObjectType({ description: 'Something that would happen to the account.' })
export class WhatIfEvent {
  @Of(() => EventType, 'What would happen.')
  type!: string;

  @Of(() => GraphQLJSONObject, 'The facts of the event. Amounts, prices and sizes are decimals in their units.')
  details!: object;
}

@Reached()
@ObjectType({
  description:
    'The answer to a what-if. The engine itself carries the changes out, on a copy of the accounts concerned. ' +
    'Nothing is stored.',
})
export class WhatIfAnswer {
  @Of(
    () => AccountHealth,
    'The health now. Null if a change was refused for another reason than the margin of the account.',
    OPTIONAL,
  )
  before!: AccountHealth | null;

  @Of(
    () => AccountHealth,
    'The health after all changes and what would follow from them at once, such as a margin call. Null if a ' +
      'change was refused.',
    OPTIONAL,
  )
  after!: AccountHealth | null;

  @Flag(
    'Whether the account may take this: trades and payments would be accepted, fees included. After other ' +
      'changes: equity would cover what new risk needs, or the account would need no more than before. Null if ' +
      'a change was refused for another reason.',
    OPTIONAL,
  )
  meetsInitialMargin!: boolean | null;

  @Of(
    () => [WhatIfEvent],
    'What would happen to the account, in order: trades, payments, warnings, margin calls, cancelled orders, ' +
      'liquidations and their orders. Empty if a change was refused.',
  )
  events!: WhatIfEvent[];

  @Flag(
    'Whether accounts were left out that the changes could reach, because more than 1,000 are concerned. The course of ' +
      'the account itself is complete, except for what losses of the others would take from it.',
  )
  truncated!: boolean;

  @Of(
    () => [Rejection],
    'Why the first change that fails would be refused, as the command would be. Empty where none would be.',
  )
  rejections!: Rejection[];

  @Of(() => AsOf, 'The journal entry it is as of. It may be later than that of the rest of the answer.')
  asOf!: AsOf;
}

/** Carries the changes out, and lets others have their turn in between. */
async function tried({ pieces }: PackedExcerpt, input: WhatIfInput): Promise<Answer> {
  const trial = createTrial(unpackedExcerpt(pieces), input);
  for (let spell = createSpell(); trial.step(); ) {
    if (!spell.over()) continue;
    await breathe();
    spell = createSpell();
  }
  return trial.answer();
}

@Resolver()
export class WhatIfQueries {
  @Access(...ACCOUNT_READERS)
  @Query(() => WhatIfAnswer, {
    complexity: 500,
    description:
      'What a trade, a price, a shock, a payment, other tiers or open interest would do to an account. The engine ' +
      'itself answers: the answer ' +
      'has its own `asOf`, which may be later than that of the rest.',
  })
  async whatIf(
    @Takes('input', () => WhatIfInput, 'The changes to assume.') input: WhatIfInput,
    @Ctx() context: Context,
  ): Promise<WhatIfAnswer> {
    const { house } = context.services;
    const packed = await house.excerpt({ question: input, actor: context.actor });
    const { seq, at, rejection } = packed;
    const none = {
      before: null,
      after: null,
      meetsInitialMargin: null,
      events: [],
      truncated: false,
      asOf: { seq, at, fresh: true },
    };
    if (rejection) return { ...none, rejections: [rejectionShown(rejection, null)] };
    return { ...none, ...answerShown(await tried(packed, input), input, seq, context) };
  }
}

type Shown = Omit<WhatIfAnswer, 'asOf'>;

function answerShown(
  { before, after, refused, ...answer }: Answer,
  { account }: WhatIfInput,
  seq: number,
  { services }: Context,
): Shown {
  const shown = (health: typeof before): AccountHealth => healthShown(health, seq, services);
  const { meetsInitialMargin, truncated } = answer;
  return {
    before: refused && meetsInitialMargin === null ? null : shown(before),
    after: after && shown(after),
    meetsInitialMargin,
    events: eventsAbout(account, answer.events, services.directory),
    truncated,
    rejections: refused ? [rejectionShown(refused.rejection, refused.command, refused.place)] : [],
  };
}
