/** Liquidation orders as they are issued, filled and ended: what venues and liquidators work by.  Rules: LE-4, LI-1 */

import { Args, ID, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import type { Event } from '../../core/message/event';
import type { AccountId } from '../../core/model/account';
import type { InstrumentId } from '../../core/model/reference';
import { Access, Reached } from '../access/policy';
import { seesAccount } from '../access/sight';
import type { Context } from '../reading/context';
import { Ref } from '../reading/link';
import { eventEnumOf } from '../schema/enums';
import { Amount, MayTake, Of, OPTIONAL, When } from '../schema/fields';
import type { Delivery } from '../subscription/delivery';
import { StreamArgs, StreamMessage } from '../subscription/message';
import { openStream } from '../subscription/open';
import { LiquidationOrderStatus } from './liquidation';
import { ORDER_READERS } from './liquidationOrders';

const CHANGES = ['LiquidationOrderIssued', 'LiquidationOrderFilled', 'LiquidationOrderClosed'] as const;
type ChangeType = (typeof CHANGES)[number];

export const LiquidationOrderChange = eventEnumOf(
  'LiquidationOrderChange',
  'A kind of event of a liquidation order.',
  CHANGES,
);

@Reached()
@ObjectType({
  description: 'An event of a liquidation order. The type decides which fields are set.',
  implements: StreamMessage,
})
export class LiquidationOrderMessage extends StreamMessage {
  @Of(() => LiquidationOrderChange, 'What happened. Null in messages that are not events.', OPTIONAL)
  type!: string | null;

  @Ref('LiquidationOrder', 'The order.', OPTIONAL)
  orderId!: string | null;

  @Ref('Instrument', 'The instrument. Null if the order ended.', OPTIONAL)
  instrumentId!: string | null;

  @Amount('The contracts to trade, or that were filled, signed: above zero is a buy.', OPTIONAL)
  size!: string | null;

  @Amount('The worst price, in the quote currency, if the order was issued.', OPTIONAL)
  limit!: string | null;

  @Amount('The price of a fill, in the quote currency.', OPTIONAL)
  price!: string | null;

  @When('When its time is up, if the order was issued.', OPTIONAL)
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
      const terms = () => ({
        size: lots(size, instrument),
        limit: limit === null ? null : ticks(limit, instrument),
        expiresAt,
      });
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

function streamOrders(
  context: Context,
  args: StreamArgs & { instrument: string | null },
): Promise<AsyncIterable<Delivery>> {
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
      return open
        .filter(({ accountId }) => inSight(accountId))
        .map(({ id, instrumentId }) => ({ type: null, orderId: id, instrumentId }));
    },
  });
}

@Resolver(() => LiquidationOrderMessage)
export class LiquidationOrderStream {
  @Access(...ORDER_READERS)
  @Subscription(() => LiquidationOrderMessage, {
    subscribe: ({ args, context }) => streamOrders(context, args),
    description: 'The events of liquidation orders that the caller may see. Ends are sent for every instrument.',
  })
  liquidationOrders(
    @MayTake('instrument', () => ID, 'Only in this instrument.') _instrument: string | null,
    @Args(() => StreamArgs) _args: StreamArgs,
    @Root() message: LiquidationOrderMessage,
  ): LiquidationOrderMessage {
    return message;
  }
}
