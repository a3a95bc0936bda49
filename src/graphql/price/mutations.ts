/** Mutations that publish prices, depth and funding rates.  Rules: PS-4, FC-2, RLM-4 */

import { Ctx, ID, Mutation, ObjectType, Resolver } from 'type-graphql';
import { Access, OFFICERS, Reached } from '../access/policy';
import { type Answered, Payload } from '../mutation/payload';
import { submit } from '../mutation/submit';
import type { Context } from '../reading/context';
import { InstrumentPayload } from '../reference/definitionMutations';
import { Flag, Of, OPTIONAL, Takes, Whole } from '../schema/fields';
import { checkListSize } from '../schema/lists';
import { Rejection, rejectionShown } from '../schema/rejection';
import { ReportDepthInput, SetMarkPriceInput, SubmitFundingRateInput, SubmitIndexPricesInput, SubmitMarkPricesInput } from './inputs';

@Reached()
@ObjectType({ description: 'What came of one price of a list.' })
export class PriceResult {
  @Whole('Its place in the list, from 0.')
  item!: number;

  @Of(() => ID, 'The instrument or index.')
  id!: string;

  @Flag('Whether it was accepted.')
  ok!: boolean;

  @Of(() => Rejection, 'Why it was refused.', OPTIONAL)
  rejection!: Rejection | null;
}

@Reached()
@ObjectType({
  description: 'What came of a list of prices. They are one journal entry; it is refused as a whole only where each of them is.',
})
export class PricesPayload extends Payload {
  @Of(() => [PriceResult], 'What came of each, in the order of the list.')
  items(): PriceResult[] {
    const { command, rejection } = this;
    if (command.type !== 'SubmitMarkPrices' && command.type !== 'SubmitIndexPrices') return [];
    const refused = new Map(this.refusals.map((refusal) => [refusal.item, rejectionShown(refusal.rejection)]));
    return command.prices.map((price, item) => {
      const problem = rejection ?? refused.get(item) ?? null;
      return { item, id: 'index' in price ? price.index : price.instrument, ok: problem === null, rejection: problem };
    });
  }
}

@Resolver()
export class PriceMutations {
  @Access('FEED')
  @Mutation(() => PricesPayload, { description: 'Publishes what a source says about indices. Each price is answered on its own.' })
  submitIndexPrices(
    @Takes('input', () => SubmitIndexPricesInput, 'The prices.') input: SubmitIndexPricesInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    checkListSize('prices', input.prices);
    return submit(context, 'SubmitIndexPrices', input);
  }

  @Access('FEED')
  @Mutation(() => PricesPayload, { description: 'Publishes marks of a venue. Each price is answered on its own.' })
  submitMarkPrices(
    @Takes('input', () => SubmitMarkPricesInput, 'The prices.') input: SubmitMarkPricesInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    checkListSize('prices', input.prices);
    return submit(context, 'SubmitMarkPrices', input);
  }

  @Access(...OFFICERS)
  @Mutation(() => InstrumentPayload, { description: 'Sets a mark by hand, past the band. Needs a second person once the house is open.' })
  setMarkPrice(@Takes('input', () => SetMarkPriceInput, 'The mark.') input: SetMarkPriceInput, @Ctx() context: Context): Promise<Answered> {
    return submit(context, 'SetMarkPrice', input);
  }

  @Access('FEED')
  @Mutation(() => InstrumentPayload, { description: 'Says what can be traded near the mark: liquidations are sized by it.' })
  reportDepth(@Takes('input', () => ReportDepthInput, 'The depth.') input: ReportDepthInput, @Ctx() context: Context): Promise<Answered> {
    return submit(context, 'ReportDepth', input);
  }

  @Access('FEED')
  @Mutation(() => InstrumentPayload, { description: 'Settles funding of a perpetual for the interval that ends now.' })
  submitFundingRate(
    @Takes('input', () => SubmitFundingRateInput, 'The rate.') input: SubmitFundingRateInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'SubmitFundingRate', input);
  }
}
