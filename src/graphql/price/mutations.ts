/** Mutations that publish prices, depth and funding rates.  Rules: PS-4, FC-2, RLM-4 */

import { ID, ObjectType } from 'type-graphql';
import { OFFICERS, Reached } from '../access/policy';
import { MutationOutcome, type Outcome, Payload, PayloadType } from '../mutation/payload';
import { mutation, mutations } from '../mutation/table';
import { InstrumentPayload } from '../reference/definitionMutations';
import { Of, Whole } from '../schema/fields';
import { Rejection, rejectionShown } from '../schema/rejection';
import { ReportDepthInput, SetMarkPriceInput, SubmitFundingRateInput, SubmitIndexPricesInput, SubmitMarkPricesInput } from './inputs';

@Reached()
@ObjectType({ description: 'What came of one price of a list.' })
export class PriceResult {
  @Whole('Its place in the list, from 0.')
  item!: number;

  @Of(() => ID, 'The instrument or index.')
  id!: string;

  @Of(() => MutationOutcome, 'Whether it was done or refused.')
  outcome!: Outcome;

  @Of(() => [Rejection], 'Why it was refused. Empty where it was not.')
  rejections!: Rejection[];
}

@PayloadType('What came of a list of prices. They are one journal entry; it is refused as a whole only where each of them is.')
export class PricesPayload extends Payload {
  @Of(() => [PriceResult], 'What came of each, in the order of the list.')
  items(): PriceResult[] {
    const { command, outcome, rejections } = this;
    if (command.type !== 'SubmitMarkPrices' && command.type !== 'SubmitIndexPrices') return [];
    const refused = new Map(this.refusals.map((refusal) => [refusal.item, rejectionShown(refusal.rejection)]));
    return command.prices.map((price, item) => {
      const id = 'index' in price ? price.index : price.instrument;
      if (outcome === 'REJECTED') return { item, id, outcome, rejections };
      const problem = refused.get(item);
      return { item, id, outcome: problem ? 'REJECTED' : 'DONE', rejections: problem ? [problem] : [] };
    });
  }
}

export const PriceMutations = mutations({
  SubmitIndexPrices: mutation(['FEED'], SubmitIndexPricesInput, 'The prices.', PricesPayload, {
    does: 'Publishes what a source says about indices. Each price is answered on its own.',
    list: 'prices',
  }),
  SubmitMarkPrices: mutation(['FEED'], SubmitMarkPricesInput, 'The prices.', PricesPayload, {
    does: 'Publishes marks of a venue. Each price is answered on its own.',
    list: 'prices',
  }),
  SetMarkPrice: mutation(OFFICERS, SetMarkPriceInput, 'The mark.', InstrumentPayload, {
    does: 'Sets a mark by hand, past the band. Needs a second person once the house is open.',
  }),
  ReportDepth: mutation(['FEED'], ReportDepthInput, 'The depth.', InstrumentPayload, {
    does: 'Says what can be traded near the mark: liquidations are sized by it.',
  }),
  SubmitFundingRate: mutation(['FEED'], SubmitFundingRateInput, 'The rate.', InstrumentPayload, {
    does: 'Settles funding of a perpetual for the interval that ends now.',
  }),
});
