/** What liquidators are offered, as it appears, is claimed, taken and ends.  Rules: LI-1, LI-2 */

import { Args, ID, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import type { Event } from '../../../core/message/event';
import type { InstrumentId } from '../../../core/model/reference';
import { Access, Reached } from '../../access/policy';
import type { Context } from '../../reading/context';
import { Ref } from '../../reading/link';
import { eventEnumOf } from '../../schema/enums';
import { MayTake, Of, OPTIONAL } from '../../schema/fields';
import type { Delivery } from '../../subscription/delivery';
import { StreamArgs, StreamMessage } from '../../subscription/message';
import { openStream } from '../../subscription/open';
import { LiquidationOrderStatus } from '../liquidation';
import { LIQUIDATOR_READERS } from './liquidator';

const CHANGES = [
  'LiquidationOrderIssued',
  'LiquidationClaimed',
  'LiquidationClaimEnded',
  'LiquidationTaken',
  'LiquidationOrderClosed',
] as const;
type ChangeType = (typeof CHANGES)[number];

export const LiquidatableAccountChange = eventEnumOf(
  'LiquidatableAccountChange',
  'A kind of event of an order that liquidators are offered.',
  CHANGES,
);

@Reached()
@ObjectType({
  description: 'An event of an order that liquidators are offered. The account behind it is not named.',
  implements: StreamMessage,
})
export class LiquidatableAccountMessage extends StreamMessage {
  @Of(() => LiquidatableAccountChange, 'What happened. Null in messages that are not events.', OPTIONAL)
  type!: string | null;

  @Ref('LiquidationOrder', 'The order.', OPTIONAL)
  orderId!: string | null;

  @Of(() => LiquidationOrderStatus, 'How the offer ended, if it did.', OPTIONAL)
  outcome!: string | null;
}

interface Item {
  readonly type: ChangeType | null;
  readonly orderId: string;
  readonly outcome?: string;
}

interface Change {
  readonly item: Item;
  readonly instrument: InstrumentId | null; // claims name none
}

function changeOf(event: Event): Change | undefined {
  switch (event.type) {
    case 'LiquidationOrderIssued':
      if (!event.issued.stand?.offer) return undefined;
      return { item: { type: event.type, orderId: event.issued.id }, instrument: event.issued.instrument };
    case 'LiquidationClaimed':
      return { item: { type: event.type, orderId: event.claim.order }, instrument: null };
    case 'LiquidationClaimEnded':
      return { item: { type: event.type, orderId: event.order }, instrument: null };
    case 'LiquidationTaken':
      return { item: { type: event.type, orderId: event.order }, instrument: event.instrument };
    case 'LiquidationOrderClosed':
      if (event.offeredIn === undefined) return undefined;
      return { item: { type: event.type, orderId: event.order, outcome: event.outcome }, instrument: event.offeredIn };
    default:
      return undefined;
  }
}

function streamOffers(
  context: Context,
  args: StreamArgs & { instrument: string | null },
): Promise<AsyncIterable<Delivery>> {
  const { instrument } = args;
  return openStream<Item>(context, args, {
    name: 'liquidatableAccounts',
    filter: { instrument },
    pick(event) {
      const change = changeOf(event);
      const inScope = change && (instrument === null || change.instrument === null || change.instrument === instrument);
      return inScope ? () => change.item : undefined;
    },
    async state({ db }) {
      const open = await db.liquidationOrder.findMany({
        where: { status: 'OPEN', method: 'LIQUIDATORS', ...(instrument === null ? {} : { instrumentId: instrument }) },
        orderBy: [{ issuedAt: 'asc' }, { id: 'asc' }],
        select: { id: true },
      });
      return open.map(({ id }) => ({ type: null, orderId: id }));
    },
  });
}

@Resolver(() => LiquidatableAccountMessage)
export class LiquidatableAccountStream {
  @Access(...LIQUIDATOR_READERS)
  @Subscription(() => LiquidatableAccountMessage, {
    subscribe: ({ args, context }) => streamOffers(context, args),
    description:
      'Orders that liquidators are offered, as they appear, are claimed, are taken and end. Claims ' +
      'are sent for every instrument.',
  })
  liquidatableAccounts(
    @MayTake('instrument', () => ID, 'Only in this instrument.') _instrument: string | null,
    @Args(() => StreamArgs) _args: StreamArgs,
    @Root() message: LiquidatableAccountMessage,
  ): LiquidatableAccountMessage {
    return message;
  }
}
