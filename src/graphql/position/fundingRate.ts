/** Funding rates that the house has fixed, and the one it would fix now.  PS-5 */

import { Ctx, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import type { View } from '../../core/model/state';
import { shownRate } from '../../core/position/fundingRate';
import { predictedRate } from '../../core/position/fundingWindow';
import type { FundingRate as RateRow } from '../../store/generated/client';
import { known } from '../../units/failure';
import { Reached, ROLES } from '../access/policy';
import { rateText, shortest } from '../reading/amounts';
import { connectionOf } from '../reading/connection';
import type { Context } from '../reading/context';
import { Ref } from '../reading/link';
import { byId, fieldsOf, list, listField, resolversOf } from '../reading/list';
import { NEWEST_FIRST } from '../reading/page';
import { FundingPolicy, fundingPolicyOf } from '../reference/fundingPolicy';
import { Instrument } from '../reference/instrument';
import { Amount, Of, OPTIONAL, Rate, SeqNo, Share, Text, When, Whole } from '../schema/fields';

@Reached()
@ObjectType({
  description:
    'The funding rate of an interval, as the house fixed it at its end. Where it is not zero, the next event of its ' +
    'entry is the settlement run that pays it.',
})
export class FundingRate {
  @SeqNo('Journal entry that fixed it.')
  seq!: bigint;

  @Whole('Its place among the events of that entry.')
  place!: number;

  @Ref('Instrument', 'The perpetual.')
  instrumentId!: string;

  @Whole('The version of the funding policy.')
  policyVersion!: number;

  @When('The beginning of the interval.')
  from!: Date;

  @When('The end of the interval.')
  to!: Date;

  @Whole('Samples of the premium that it rests on.')
  samples!: number;

  @Whole('Instants at which there was nothing to sample.')
  missed!: number;

  @Rate('The average premium of the samples. Null if they were too few.', OPTIONAL)
  premium!: string | null;

  @Rate('What the interval settles, rounded half to even. Above zero longs pay shorts.')
  rate!: string;

  @Share('The same without rounding.')
  exact!: string;
}

const fundingRateOf = (row: RateRow): FundingRate => ({
  ...row,
  premium: row.premium && shortest(row.premium),
  rate: shortest(row.rate),
});

const FundingRates = connectionOf('FundingRate', FundingRate, 'funding rates');

resolversOf(
  list({
    name: 'fundingRates',
    description: 'Funding rates that the house has fixed, the newest first.',
    of: FundingRates,
    access: ROLES,
    table: 'FundingRate',
    order: NEWEST_FIRST,
    filters: { instrument: byId('Of this instrument only.', 'instrumentId') },
    node: fundingRateOf,
  }),
);

@Reached()
@ObjectType({ description: 'The funding of a perpetual that the house computes, as it stands.' })
export class Funding {
  @Of(() => FundingPolicy, 'The policy in force.')
  policy!: FundingPolicy;

  @Rate('The predicted rate: what the interval would settle if it ended now.')
  predictedRate!: string;

  @Rate('The average premium so far. Null with fewer samples than the policy asks for.', OPTIONAL)
  premium!: string | null;

  @Whole('Samples of the premium since the last rate.')
  samples!: number;

  @When('When the next rate is fixed and settled.')
  due!: Date;

  @When('When the premium is sampled next. Null while there is nothing to sample.', OPTIONAL)
  sampleDue!: Date | null;
}

@Reached()
@ObjectType({ description: 'At what a stated amount can be sold and bought at the venue.' })
export class ImpactPrices {
  @Amount('The price at which it can be sold, in the quote currency.')
  bid!: string;

  @Amount('The price at which it can be bought, in the quote currency.')
  ask!: string;

  @When('When it was observed.')
  at!: Date;

  @Text('The source that published it.')
  source!: string;
}

/** The predicted rate of an instrument, in texts; undefined where the house computes no funding. */
export function predictionIn(
  view: View,
  id: string,
): Pick<Funding, 'predictedRate' | 'premium' | 'samples'> | undefined {
  const listing = known(view.listings.get(id), 'Instrument', id);
  const predicted = predictedRate(listing);
  if (!predicted) return undefined;
  const { premium, rate } = predicted;
  return {
    predictedRate: rateText(shownRate(rate)),
    premium: premium ? rateText(shownRate(premium)) : null,
    samples: listing.funding?.window?.samples ?? 0,
  };
}

@Resolver(() => Instrument)
export class InstrumentFundingFields {
  @FieldResolver(() => Funding, {
    nullable: true,
    complexity: 10,
    description: 'Its funding as it stands. Null if the house computes none.',
  })
  async funding(@Root() { id }: Instrument, @Ctx() context: Context): Promise<Funding | null> {
    const reading = await context.read();
    const row = await reading.db.fundingPolicy.findFirst({ where: { instrumentId: id }, orderBy: { version: 'desc' } });
    const prediction = row?.due ? predictionIn(await reading.marketOf(id), id) : undefined;
    if (!row?.due || !prediction) return null;
    return { policy: fundingPolicyOf(row), ...prediction, due: row.due, sampleDue: row.sampleDue };
  }

  @FieldResolver(() => ImpactPrices, {
    nullable: true,
    complexity: 5,
    description: 'Its impact prices, as its venue said last. Null before the first.',
  })
  async impactPrices(@Root() { id }: Instrument, @Ctx() context: Context): Promise<ImpactPrices | null> {
    const view = await (await context.read()).marketOf(id);
    const impact = view.listings.get(id)?.impact;
    if (!impact) return null;
    const { ticks } = context.services.amounts;
    return { bid: ticks(impact.bid, id), ask: ticks(impact.ask, id), at: new Date(impact.at), source: impact.source };
  }
}

export const InstrumentFundingRates = fieldsOf(
  Instrument,
  listField({
    name: 'fundingRates',
    description: 'Its funding rates that the house has fixed, the newest first.',
    of: FundingRates,
    table: 'FundingRate',
    order: NEWEST_FIRST,
    within: ({ id }: Instrument) => ({ instrumentId: id }),
    node: fundingRateOf,
  }),
);
