/** Marks and indices as they are set, and as they go stale.  Rules: PS-4, RLM-4 */

import { Args, ID, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import type { Event, EventOf } from '../../core/message/event';
import { Access, Reached, ROLES } from '../access/policy';
import { PriceKind } from '../journal/house';
import type { Context } from '../reading/context';
import type { Reading } from '../reading/reading';
import { Amount, Flag, Id, MayTake, Of, OPTIONAL, Text, When } from '../schema/fields';
import type { Delivery } from '../subscription/delivery';
import { StreamArgs, StreamMessage } from '../subscription/message';
import { openStream } from '../subscription/open';

@Reached()
@ObjectType({ description: 'A price that was set, or that became stale.', implements: StreamMessage })
export class PriceMessage extends StreamMessage {
  @Of(() => PriceKind, 'The kind of price. Null in a heartbeat.', OPTIONAL)
  of!: string | null;

  @Id('The instrument or the index.', OPTIONAL)
  id!: string | null;

  @Amount('The price, in the quote currency. Null for a mark that became stale.', OPTIONAL)
  price!: string | null;

  @Flag('Whether it is too old to decide on.', OPTIONAL)
  stale!: boolean | null;

  @Text('For a mark: the source that published it.', OPTIONAL)
  source!: string | null;

  @When('For a mark: when it was observed.', OPTIONAL)
  observedAt!: number | null;

  @Flag('Whether the band around the index limited the mark.', OPTIONAL)
  clamped!: boolean | null;
}

interface Item {
  readonly of: 'INSTRUMENT' | 'INDEX';
  readonly id: string;
  readonly price: string | null;
  readonly stale: boolean;
  readonly source?: string | null;
  readonly observedAt?: number | null;
  readonly clamped?: boolean;
}

type Set = EventOf<'MarkPriceSet' | 'MarkPriceWentStale' | 'IndexPriceSet'>;

/** What a price is of; nothing of other events. */
function priceIn(event: Event): (Pick<Item, 'of' | 'id'> & { readonly set: Set }) | undefined {
  switch (event.type) {
    case 'MarkPriceSet':
    case 'MarkPriceWentStale':
      return { of: 'INSTRUMENT', id: event.instrument, set: event };
    case 'IndexPriceSet':
      return { of: 'INDEX', id: event.index, set: event };
    default:
      return undefined;
  }
}

function itemOf(event: Set, { services }: Context): Item {
  const { ticks, indexTicks } = services.amounts;
  switch (event.type) {
    case 'MarkPriceSet': {
      const { instrument: id, at: observedAt, source, clamped } = event;
      return { of: 'INSTRUMENT', id, price: ticks(event.price, id), stale: false, observedAt, source, clamped };
    }
    case 'MarkPriceWentStale':
      return { of: 'INSTRUMENT', id: event.instrument, price: null, stale: true };
    case 'IndexPriceSet':
      return {
        of: 'INDEX',
        id: event.index,
        price: event.price === null ? null : indexTicks(event.price, event.index),
        stale: event.stale,
      };
  }
}

async function stateOf({ db }: Reading, { services }: Context): Promise<Item[]> {
  const { price, indexPrice } = services.amounts;
  const instruments = await db.instrument.findMany({ where: { mark: { not: null } }, orderBy: { id: 'asc' } });
  const indices = await db.priceIndex.findMany({ where: { price: { not: null } }, orderBy: { id: 'asc' } });
  return [
    ...instruments.map(
      ({ id, mark, markStale, markSource, markAt }): Item => ({
        of: 'INSTRUMENT',
        id,
        price: mark && price(mark, id),
        stale: markStale,
        source: markSource,
        observedAt: markAt === null ? null : markAt.getTime(),
      }),
    ),
    ...indices.map(
      (index): Item => ({
        of: 'INDEX',
        id: index.id,
        price: index.price && indexPrice(index.price, index.id),
        stale: index.stale,
      }),
    ),
  ];
}

type Filter = StreamArgs & { instruments: string[] | null; indices: string[] | null };

function streamPrices(context: Context, args: Filter): Promise<AsyncIterable<Delivery>> {
  const { instruments, indices } = args;
  // Naming some of one kind asks for nothing of the other.
  const named = instruments !== null || indices !== null;
  const wanted = ({ of, id }: Pick<Item, 'of' | 'id'>): boolean =>
    !named || ((of === 'INSTRUMENT' ? instruments : indices)?.includes(id) ?? false);
  return openStream<Item>(context, args, {
    name: 'prices',
    filter: { instruments, indices },
    pick(event) {
      const price = priceIn(event);
      return price && wanted(price) ? () => itemOf(price.set, context) : undefined;
    },
    state: async (reading) => (await stateOf(reading, context)).filter(wanted),
  });
}

@Resolver(() => PriceMessage)
export class PriceStream {
  @Access(...ROLES)
  @Subscription(() => PriceMessage, {
    subscribe: ({ args, context }) => streamPrices(context, args),
    description: 'Marks and indices as they are set. All of them if none is named.',
  })
  prices(
    @MayTake('instruments', () => [ID], 'Only marks of these instruments.') _instruments: string[] | null,
    @MayTake('indices', () => [ID], 'Only these indices.') _indices: string[] | null,
    @Args(() => StreamArgs) _args: StreamArgs,
    @Root() message: PriceMessage,
  ): PriceMessage {
    return message;
  }
}
