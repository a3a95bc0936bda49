/** Funding rates as they are fixed, and as samples move the one to come.  PS-5 */

import { Args, ID, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import type { Event, EventOf } from '../../core/message/event';
import { Access, Reached, ROLES } from '../access/policy';
import { rateText } from '../reading/amounts';
import type { Context } from '../reading/context';
import { Ref } from '../reading/link';
import type { Reading } from '../reading/reading';
import { enumOf } from '../schema/enums';
import { MayTake, Of, OPTIONAL, Rate, When, Whole } from '../schema/fields';
import type { Delivery } from '../subscription/delivery';
import { StreamArgs, StreamMessage } from '../subscription/message';
import { openStream } from '../subscription/open';
import { predictionIn } from './fundingRate';

type RateType = 'PREDICTED' | 'FIXED';

const FundingRateType = enumOf<RateType>('FundingRateType', 'What is known of a funding rate.', {
  PREDICTED: 'What the interval would settle if it ended now.',
  FIXED: 'What an interval settles.',
});

@Reached()
@ObjectType({
  description: 'A funding rate that was fixed, or a sample that moves the next.',
  implements: StreamMessage,
})
export class FundingRateMessage extends StreamMessage {
  @Of(() => FundingRateType, 'What is known of the rate. Null in a heartbeat.', OPTIONAL)
  type!: RateType | null;

  @Ref('Instrument', 'The perpetual.', OPTIONAL)
  instrumentId!: string | null;

  @Rate('The rate. Above zero longs pay shorts.', OPTIONAL)
  rate!: string | null;

  @Rate('Fixed: the average premium. Predicted: the premium of the sample. Null if there was none.', OPTIONAL)
  premium!: string | null;

  @Whole('Samples that it rests on.', OPTIONAL)
  samples!: number | null;

  @When('Fixed: the end of its interval.', OPTIONAL)
  to!: number | null;
}

interface Item {
  readonly type: RateType;
  readonly instrumentId: string;
  readonly rate: string;
  readonly premium: string | null;
  readonly samples: number;
  readonly to: number | null;
}

type Told = EventOf<'PremiumSampled' | 'FundingRateFixed'>;

const isTold = (event: Event): event is Told => event.type === 'PremiumSampled' || event.type === 'FundingRateFixed';

const itemOf = (event: Told): Item => ({
  type: event.type === 'FundingRateFixed' ? 'FIXED' : 'PREDICTED',
  instrumentId: event.instrument,
  rate: rateText(event.rate),
  premium: event.premium === null ? null : rateText(event.premium),
  samples: event.type === 'FundingRateFixed' ? event.samples : event.window.samples,
  to: event.type === 'FundingRateFixed' ? event.to : null,
});

/** What is predicted now, of every perpetual whose funding the house computes. */
async function stateOf(reading: Reading, wanted: (id: string) => boolean): Promise<Item[]> {
  const rows = await reading.db.fundingPolicy.findMany({
    where: { due: { not: null } },
    orderBy: { instrumentId: 'asc' },
  });
  const items: Item[] = [];
  for (const { instrumentId } of rows.filter((row) => wanted(row.instrumentId))) {
    const prediction = predictionIn(await reading.marketOf(instrumentId), instrumentId);
    if (!prediction) continue;
    const { predictedRate: rate, premium, samples } = prediction;
    items.push({ type: 'PREDICTED', instrumentId, rate, premium, samples, to: null });
  }
  return items;
}

function streamRates(
  context: Context,
  args: StreamArgs & { instruments: string[] | null },
): Promise<AsyncIterable<Delivery>> {
  const { instruments } = args;
  const wanted = (id: string): boolean => instruments?.includes(id) ?? true;
  return openStream<Item>(context, args, {
    name: 'fundingRates',
    filter: { instruments },
    pick: (event) => (isTold(event) && wanted(event.instrument) ? () => itemOf(event) : undefined),
    state: (reading) => stateOf(reading, wanted),
  });
}

@Resolver(() => FundingRateMessage)
export class FundingRateStream {
  @Access(...ROLES)
  @Subscription(() => FundingRateMessage, {
    subscribe: ({ args, context }) => streamRates(context, args),
    description: 'Funding rates as they are fixed, and the next as samples move it. A snapshot tells the next ones.',
  })
  fundingRates(
    @MayTake('instruments', () => [ID], 'Only those of these instruments.') _instruments: string[] | null,
    @Args(() => StreamArgs) _args: StreamArgs,
    @Root() message: FundingRateMessage,
  ): FundingRateMessage {
    return message;
  }
}
