/** Liquidation orders as a venue or a liquidator works them: what is to be traded, no worse than which price, until when. */

import { Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { LiquidationOrder as OrderRow } from '../../store/generated/client';
import { ACCOUNT_READERS, Access } from '../access/policy';
import type { Context } from '../context';
import { type KeyColumn, pageOf } from '../reading/page';
import { Instrument, readInstrument } from '../reference/instrument';
import { type Connection, PageArgs } from '../schema/connection';
import { MayTake, Takes } from '../schema/fields';
import { Liquidation, LiquidationOrder, LiquidationOrderConnection, LiquidationOrderStatus, liquidationOrderOf } from './liquidation';

/** Those who execute them see all of them, without the accounts behind; brokers see those of their own, and what any liquidator may take. */
export const ORDER_READERS = [...ACCOUNT_READERS, 'LIQUIDATOR', 'FEED'] as const;

const BY_ISSUE: readonly KeyColumn[] = [
  { field: 'issuedAt', type: 'date' },
  { field: 'id', type: 'text' },
];

const ordersInSight = ({ sight, actor }: Context): object => {
  if (sight.accounts === 'ALL' || actor.role === 'LIQUIDATOR' || actor.role === 'FEED') return {};
  const own = { liquidation: { account: { memberId: sight.accounts === 'MEMBER' ? sight.member : '' } } };
  return { OR: [own, { method: 'LIQUIDATORS', status: 'OPEN' }] };
};

export async function readLiquidationOrder(context: Context, id: string): Promise<LiquidationOrder | null> {
  const row = await (await context.read()).db.liquidationOrder.findFirst({ where: { AND: [{ id }, ordersInSight(context)] } });
  return row && liquidationOrderOf(row, context);
}

async function readOrders(context: Context, args: PageArgs, conditions: readonly object[]): Promise<Connection<LiquidationOrder>> {
  const reading = await context.read();
  const node = (row: OrderRow): LiquidationOrder => liquidationOrderOf(row, context);
  const where = { AND: [ordersInSight(context), ...conditions] };
  return pageOf(reading, args, { table: reading.db.liquidationOrder, order: BY_ISSUE, where, node });
}

@Resolver()
export class LiquidationOrderQueries {
  @Access(...ORDER_READERS)
  @Query(() => LiquidationOrder, { nullable: true, description: 'A liquidation order; null where there is none that the caller may see.' })
  liquidationOrder(@Takes('id', () => ID, 'The order.') id: string, @Ctx() context: Context): Promise<LiquidationOrder | null> {
    return readLiquidationOrder(context, id);
  }

  @Access(...ORDER_READERS)
  @Query(() => LiquidationOrderConnection, {
    description: 'Liquidation orders by time of issue, as far as the caller may see them. `status: [OPEN]` is what waits for a venue.',
  })
  liquidationOrders(
    @MayTake('status', () => [LiquidationOrderStatus], 'In one of these statuses only.') status: string[] | null,
    @MayTake('instrument', () => ID, 'In this instrument only.') instrument: string | null,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<LiquidationOrder>> {
    const conditions = [status === null ? {} : { status: { in: status } }, instrument === null ? {} : { instrumentId: instrument }];
    return readOrders(context, args, conditions);
  }
}

@Resolver(() => Liquidation)
export class LiquidationOrdersField {
  @FieldResolver(() => LiquidationOrderConnection, { description: 'Its orders, by time of issue.' })
  orders(
    @Root() { id }: Liquidation,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<LiquidationOrder>> {
    return readOrders(context, args, [{ liquidationId: id }]);
  }
}

@Resolver(() => LiquidationOrder)
export class LiquidationOrderFields {
  @FieldResolver(() => Instrument, { nullable: true, complexity: 2, description: 'The instrument.' })
  instrument(@Root() { instrumentId }: LiquidationOrder, @Ctx() context: Context): Promise<Instrument | null> {
    return readInstrument(context, instrumentId);
  }
}
