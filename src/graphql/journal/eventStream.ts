/** Every event of the house, as the journal has it: for other systems that keep their own books. */

import { GraphQLJSONObject } from 'graphql-scalars';
import { Args, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import { encodeEvent } from '../../core/message/codec';
import type { Entry } from '../../core/message/envelope';
import type { Event } from '../../core/message/event';
import { Access, Reached, STAFF } from '../access/policy';
import type { Context } from '../reading/context';
import { Seq } from '../scalar/place';
import { EventType } from '../schema/eventType';
import { Id, MayTake, Of, OPTIONAL, Text } from '../schema/fields';
import type { Delivery } from '../subscription/delivery';
import { StreamArgs, StreamMessage } from '../subscription/message';
import { openStream } from '../subscription/open';
import { hideBids, sealedIn } from './sealed';

@Reached()
@ObjectType({ description: 'An event of the journal.', implements: StreamMessage })
export class EventMessage extends StreamMessage {
  @Of(() => EventType, 'What happened. Null in a heartbeat.', OPTIONAL)
  type!: string | null;

  @Id('The key that sent the command. `system` is the house itself.', OPTIONAL)
  actor!: string | null;

  @Id('The person whose key that is.', OPTIONAL)
  person!: string | null;

  @Text('The type of that command.', OPTIONAL)
  commandType!: string | null;

  @Of(
    () => GraphQLJSONObject,
    'The event as the journal holds it. Amounts are strings that count the smallest unit. The ' +
      'amounts of sealed bids are null. `journal` has them once the round has ended.',
    OPTIONAL,
  )
  event!: object | null;
}

interface Item {
  readonly type: string;
  readonly actor: string;
  readonly person: string;
  readonly commandType: string;
  readonly event: object;
}

function itemOf(event: Event, { actor, command }: Entry): Item {
  const told = JSON.parse(encodeEvent(event)) as object;
  // What was told once cannot be unsaid: the stream never tells what a sealed bid was.
  if (sealedIn(event) !== undefined) hideBids(told);
  return {
    type: event.type,
    actor: actor.id,
    person: actor.person ?? actor.id,
    commandType: command.type,
    event: told,
  };
}

function streamEvents(
  context: Context,
  args: StreamArgs & { types: string[] | null; afterSeq: number | null },
): Promise<AsyncIterable<Delivery>> {
  const { types, afterSeq } = args;
  return openStream<Item>(context, args, {
    name: 'events',
    filter: { types },
    start: afterSeq,
    pick: (event, entry) => (types === null || types.includes(event.type) ? () => itemOf(event, entry) : undefined),
    // How the house stands is what all its events say: there is no shorter state of it.
    state: async () => [],
  });
}

@Resolver()
export class EventStream {
  @Access(...STAFF)
  @Subscription(() => EventMessage, {
    subscribe: ({ args, context }) => streamEvents(context, args),
    description:
      'Every event of the house, in order. There is no snapshot: start with `afterSeq: "0"` to get all events.',
  })
  events(
    @MayTake('types', () => [EventType], 'Only events of these types.') _types: string[] | null,
    @MayTake('afterSeq', () => Seq, 'Start after this journal entry instead of now.') _afterSeq: number | null,
    @Args(() => StreamArgs) _args: StreamArgs,
    @Root() message: EventMessage,
  ): EventMessage {
    return message;
  }
}
