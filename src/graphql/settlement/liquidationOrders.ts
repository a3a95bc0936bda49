/**
 * Liquidation orders as a venue or a liquidator works them: what is to be traded, no worse than which price, until
 * when.
 */

import { Prisma } from '../../store/generated/client';
import { ACCOUNT_READERS } from '../access/policy';
import { shownAccount } from '../position/trade';
import { connectionOf } from '../reading/connection';
import type { Context } from '../reading/context';
import { byId, byOneOf, fieldsOf, list, listField, one, resolversOf } from '../reading/list';
import { ascending } from '../reading/page';
import { inSight } from '../reading/scoped';
import { Liquidation, LiquidationOrder, LiquidationOrderStatus, liquidationOrderOf } from './liquidation';

/**
 * Those who execute them see all of them, without the accounts behind; brokers see those of their own, and what any
 * liquidator may take.
 */
export const ORDER_READERS = [...ACCOUNT_READERS, 'LIQUIDATOR', 'FEED'] as const;

const seesAll = ({ sight, actor }: Context): boolean =>
  sight.accounts === 'ALL' || actor.role === 'LIQUIDATOR' || actor.role === 'FEED';

export async function readLiquidationOrder(context: Context, id: string): Promise<LiquidationOrder | null> {
  const row = await (await context.read()).db.liquidationOrder.findUnique({ where: { id } });
  if (!row) return null;
  const offered = row.method === 'LIQUIDATORS' && row.status === 'OPEN';
  return offered || seesAll(context) || shownAccount(context, row.accountId) !== null
    ? liquidationOrderOf(row, context)
    : null;
}

/** Each is in sight for its account's sake, or because any liquidator may take it. */
const ORDERS = {
  of: connectionOf('LiquidationOrder', LiquidationOrder, 'liquidation orders'),
  table: 'LiquidationOrder',
  order: ascending({ issuedAt: 'date', id: 'text' }),
  scope: (context: Context) =>
    seesAll(context)
      ? []
      : [inSight(context.sight, 'accountId'), Prisma.sql`"method" = 'LIQUIDATORS' AND "status" = 'OPEN'`],
  node: liquidationOrderOf,
} as const;

resolversOf(
  one({
    name: 'liquidationOrder',
    key: ({ id }) => id,
    description: 'A liquidation order. Null if it does not exist or the caller may not see it.',
    of: LiquidationOrder,
    id: 'The order.',
    access: ORDER_READERS,
    read: readLiquidationOrder,
  }),
  list({
    ...ORDERS,
    name: 'liquidationOrders',
    description:
      'The liquidation orders that the caller may see, by time of issue. `status: [OPEN]` are the ' +
      'orders that wait for a venue.',
    access: ORDER_READERS,
    filters: {
      status: byOneOf(LiquidationOrderStatus, 'Only calls with one of these statuses.'),
      instrument: byId('Only in this instrument.', 'instrumentId'),
    },
  }),
);

export const LiquidationOrdersField = fieldsOf(
  Liquidation,
  listField({
    ...ORDERS,
    name: 'orders',
    description: 'The orders of the liquidation, by time of issue.',
    within: ({ id }: Liquidation) => ({ liquidationId: id }),
  }),
);
