/** Liquidation orders as they are issued, filled and ended: what venues and liquidators work by.  Rules: LE-4, LI-1 */

import { Args, Ctx, FieldResolver, ID, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import type { Event } from '../../core/message/event';
import type { AccountId } from '../../core/model/account';
import type { InstrumentId } from '../../core/model/reference';
import { Access, Reached } from '../access/policy';
import { seesAccount } from '../access/sight';
import type { Context } from '../reading/context';
import { enumOf } from '../schema/enums';
import { Amount, Id, MayTake, Of, OPTIONAL, When } from '../schema/fields';
import type { Delivery } from '../subscription/delivery';
import { StreamArgs, StreamMessage } from '../subscription/message';
import { openStream } from '../subscription/open';
import { LiquidationOrder, LiquidationOrderStatus } from './liquidation';
import { ORDER_READERS, readLiquidationOrder } from './liquidationOrders';

type ChangeType = 'LiquidationOrderIssued' | 'LiquidationOrderFilled' | 'LiquidationOrderClosed';

export const LiquidationOrderChange = enumOf<ChangeType>('LiquidationOrderChange', 'What happened to a liquidation order.', {
  LiquidationOrderIssued: 'It was issued: to be filled before it expires.',
  LiquidationOrderFilled: 'A part of it was filled, or all.',
  LiquidationOrderClosed: 'It ended.',
});

@Reached()
@ObjectType({ description: 'Something that happened to a liquidation order. Which fields are set depends on what.' })
export class LiquidationOrderMessage extends StreamMessage {
  @Of(() => LiquidationOrderChange, 'What happened; null of messages that are no event.', OPTIONAL)
  type!: string | null;

  @Id('The order.', OPTIONAL)
  orderId!: string | null;

  @Id('The instrument; null where it ended.', OPTIONAL)
  instrumentId!: string | null;

  @Amount('Contracts to trade, or that were filled; buy above zero.', OPTIONAL)
  size!: string | null;

  @Amount('No worse than this price, where it was issued, in the quote currency.', OPTIONAL)
  limit!: string | null;

  @Amount('Price of a fill, in the quote currency.', OPTIONAL)
  price!: string | null;

  @When('When its time is up, where it was issued.', OPTIONAL)
  expiresAt!: number | null;

  @Of(() => LiquidationOrderStatus, 'How it ended.', OPTIONAL)
  outcome!: string | null;
}

interface Item {
  readonly type: ChangeType | null;
  readonly orderId: string;
  readonly instrumentId: InstrumentId | null;
}

interface Change {
  readonly account: AccountId;
  readonly instrument: InstrumentId | null; // ends name none
  readonly says: () => Item;
}

function changeOf(event: Event, { services }: Context): Change | undefined {
  const { lots, ticks } = services.amounts;
  switch (event.type) {
    case 'LiquidationOrderIssued': {
      const { id: orderId, account, instrument, size, limit, expiresAt } = event.issued;
      const terms = () => ({ size: lots(size, instrument), limit: limit === null ? null : ticks(limit, instrument), expiresAt });
      return { account, instrument, says: () => ({ type: event.type, orderId, instrumentId: instrument, ...terms() }) };
    }
    case 'LiquidationOrderFilled': {
      const { order: orderId, account, instrument } = event;
      const fill = () => ({ size: lots(event.size, instrument), price: ticks(event.price, instrument) });
      return { account, instrument, says: () => ({ type: event.type, orderId, instrumentId: instrument, ...fill() }) };
    }
    case 'LiquidationOrderClosed': {
      const end = { outcome: event.outcome };
      const says = () => ({ type: event.type, orderId: event.order, instrumentId: null, ...end });
      return { account: event.account, instrument: null, says };
    }
    default:
      return undefined;
  }
}

function streamOrders(context: Context, args: StreamArgs & { instrument: string | null }): Promise<AsyncIterable<Delivery>> {
  const { sight, services, actor } = context;
  const { instrument } = args;
  const executes = actor.role === 'LIQUIDATOR' || actor.role === 'FEED';
  const inSight = (account: AccountId): boolean => executes || seesAccount(sight, services.directory, account);
  const inScope = (id: InstrumentId | null): boolean => instrument === null || id === null || id === instrument;
  return openStream<Item>(context, args, {
    name: 'liquidationOrders',
    filter: { instrument, executes },
    pick(event) {
      const change = changeOf(event, context);
      return change && inSight(change.account) && inScope(change.instrument) ? change.says : undefined;
    },
    async state({ db }) {
      const open = await db.liquidationOrder.findMany({
        where: { status: 'OPEN', ...(instrument === null ? {} : { instrumentId: instrument }) },
        orderBy: [{ issuedAt: 'asc' }, { id: 'asc' }],
        select: { id: true, accountId: true, instrumentId: true },
      });
      return open.filter(({ accountId }) => inSight(accountId)).map(({ id, instrumentId }) => ({ type: null, orderId: id, instrumentId }));
    },
  });
}

@Resolver(() => LiquidationOrderMessage)
export class LiquidationOrderStream {
  @Access(...ORDER_READERS)
  @Subscription(() => LiquidationOrderMessage, {
    subscribe: ({ args, context }) => streamOrders(context, args),
    description: 'What happens to liquidation orders that the caller may see. Ends are sent whatever the instrument.',
  })
  liquidationOrders(
    @MayTake('instrument', () => ID, 'In this instrument only.') _instrument: string | null,
    @Args(() => StreamArgs) _args: StreamArgs,
    @Root() message: LiquidationOrderMessage,
  ): LiquidationOrderMessage {
    return message;
  }

  @FieldResolver(() => LiquidationOrder, {
    nullable: true,
    complexity: 3,
    description: 'The order as the read models have it, at this entry or later.',
  })
  order(@Root() { orderId }: LiquidationOrderMessage, @Ctx() context: Context): Promise<LiquidationOrder | null> | null {
    return orderId ? readLiquidationOrder(context, orderId) : null;
  }
}
