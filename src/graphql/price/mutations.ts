/** Mutations that publish prices, depth and funding rates.  Rules: PS-4, FC-2, RLM-4 */

import { ID, ObjectType } from 'type-graphql';
import type { Command, CommandOf } from '../../core/message/command';
import { Reached } from '../access/policy';
import { itemRejectionShown, MutationOutcome, type Outcome, Payload, PayloadType } from '../mutation/payload';
import { mutations } from '../mutation/table';
import { InstrumentPayload } from '../reference/definitionMutations';
import { Of, Whole } from '../schema/fields';
import { Rejection } from '../schema/rejection';

@Reached()
@ObjectType({ description: 'The result of one price of a list.' })
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

type PriceList = CommandOf<'SubmitIndexPrices' | 'SubmitMarkPrices' | 'SubmitImpactPrices'>;

const isPriceList = (command: Command): command is PriceList =>
  (['SubmitIndexPrices', 'SubmitMarkPrices', 'SubmitImpactPrices'] as string[]).includes(command.type);

@PayloadType(
  'The result of a list of prices. They are one journal entry. It is refused as a whole only if every price is.',
)
export class PricesPayload extends Payload {
  @Of(() => [PriceResult], 'The result of each item, in the order of the list.')
  items(): PriceResult[] {
    const { command, outcome, rejections } = this;
    if (!isPriceList(command)) return [];
    const refused = new Map(
      this.refusals.map(({ item, rejection }) => [item, itemRejectionShown(rejection, command, item)]),
    );
    return command.prices.map((price, item) => {
      const id = 'index' in price ? price.index : price.instrument;
      if (outcome === 'REJECTED') return { item, id, outcome, rejections };
      const problem = refused.get(item);
      return { item, id, outcome: problem ? 'REJECTED' : 'DONE', rejections: problem ? [problem] : [] };
    });
  }
}

mutations({
  SubmitIndexPrices: PricesPayload,
  SubmitMarkPrices: PricesPayload,
  SubmitImpactPrices: PricesPayload,
  SetMarkPrice: InstrumentPayload,
  SetSettlementPrice: InstrumentPayload,
  ReportDepth: InstrumentPayload,
  SubmitFundingRate: InstrumentPayload,
});
