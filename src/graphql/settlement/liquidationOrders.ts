/** Liquidation orders as a venue or a liquidator works them: what is to be traded, no worse than which price, until when. */

import { Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { type LiquidationOrder as OrderRow, Prisma } from '../../store/generated/client';
import { ACCOUNT_READERS, Access } from '../access/policy';
import { shownAccount } from '../position/trade';
import { type Connection, PageArgs } from '../reading/connection';
import type { Context } from '../reading/context';
import type { KeyColumn } from '../reading/page';
import { among, equals, inSight, scopedPageOf } from '../reading/scoped';
import { Instrument, readInstrument } from '../reference/instrument';
import { MayTake, Takes } from '../schema/fields';
import { Liquidation, LiquidationOrder, LiquidationOrderConnection, LiquidationOrderStatus, liquidationOrderOf } from './liquidation';

/** Those who execute them see all of them, without the accounts behind; brokers see those of their own, and what any liquidator may take. */
export const ORDER_READERS = [...ACCOUNT_READERS, 'LIQUIDATOR', 'FEED'] as const;

const BY_ISSUE: readonly KeyColumn[] = [
  { field: 'issuedAt', type: 'date' },
  { field: 'id', type: 'text' },
];

const seesAll = ({ sight, actor }: Context): boolean => sight.accounts === 'ALL' || actor.role === 'LIQUIDATOR' || actor.role === 'FEED';

export async function readLiquidationOrder(context: Context, id: string): Promise<LiquidationOrder | null> {
  const row = await (await context.read()).db.liquidationOrder.findUnique({ where: { id } });
  if (!row) return null;
  const offered = row.method === 'LIQUIDATORS' && row.status === 'OPEN';
  return offered || seesAll(context) || shownAccount(context, row.accountId) !== null ? liquidationOrderOf(row, context) : null;
}

async function readOrders(context: Context, args: PageArgs, where: readonly Prisma.Sql[]): Promise<Connection<LiquidationOrder>> {
  const reading = await context.read();
  const { sight } = context;
  const own = inSight(sight, 'accountId');
  const either = seesAll(context) ? [] : [own, Prisma.sql`"method" = 'LIQUIDATORS' AND "status" = 'OPEN'`];
  const node = (row: OrderRow): LiquidationOrder => liquidationOrderOf(row, context);
  return scopedPageOf(reading, args, { table: 'LiquidationOrder', order: BY_ISSUE, where, either, node });
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
    return readOrders(context, args, [among('status', status), equals('instrumentId', instrument)]);
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
    return readOrders(context, args, [equals('liquidationId', id)]);
  }
}

@Resolver(() => LiquidationOrder)
export class LiquidationOrderFields {
  @FieldResolver(() => Instrument, { nullable: true, complexity: 2, description: 'The instrument.' })
  instrument(@Root() { instrumentId }: LiquidationOrder, @Ctx() context: Context): Promise<Instrument | null> {
    return readInstrument(context, instrumentId);
  }
}
