/**
 * Margin calls as a risk officer works them: the queue by deadline, and how calls went over time.  Rules: MCM-2, MCM-5
 */

import { Args, Ctx, FieldResolver, ID, ObjectType, Query, Resolver, Root } from 'type-graphql';
import type { MarginCall as CallRow } from '../../store/generated/client';
import { ACCOUNT_READERS, Access, Reached } from '../access/policy';
import { accountsInSight } from '../access/sight';
import { type Connection, connectionOf, PageArgs } from '../reading/connection';
import type { Context } from '../reading/context';
import { listField, one } from '../reading/list';
import { ascending, descending, type KeyColumn, NEWEST_FIRST, pageOf } from '../reading/page';
import { Account, AccountStatus } from '../reference/account';
import { DateTime } from '../scalar/time';
import { enumOf } from '../schema/enums';
import { Amount, Id, MayTake, Of, SeqNo, Text, When } from '../schema/fields';
import { MarginCall, MarginCallConnection, MarginCallStatus, marginCallOf, readMarginCall } from './marginCall';

type CallOrder = 'DEADLINE' | 'NEWEST';

const STANDARD_ORDER: CallOrder = 'DEADLINE';

export const MarginCallOrder = enumOf<CallOrder>('MarginCallOrder', 'The order in which calls are listed.', {
  DEADLINE: 'The soonest deadline first, as a queue to work through.',
  NEWEST: 'The newest first.',
});

@Reached()
@ObjectType({ description: 'A change of the status of an account. Amounts are in the currency of the account.' })
export class AccountTransition {
  @SeqNo('Journal entry that made it.')
  seq!: bigint;

  @When('House time at which it happened.')
  at!: Date;

  @Of(() => AccountStatus, 'The status before.')
  from!: string;

  @Of(() => AccountStatus, 'The status after.')
  to!: string;

  @Text('The reason.')
  cause!: string;

  @Amount('Equity at that time, rounded down.')
  equity!: string;

  @Amount('Initial margin at that time, rounded up.')
  initial!: string;

  @Amount('Maintenance margin at that time, rounded up.')
  maintenance!: string;

  @Id('Currency of the amounts.')
  currency!: string;
}

const ORDERS: Readonly<Record<CallOrder, readonly KeyColumn[]>> = {
  DEADLINE: ascending({ deadline: 'date', id: 'text' }),
  NEWEST: descending({ issuedAt: 'date', id: 'text' }),
};

interface CallFilter {
  readonly account: string | null;
  readonly member: string | null;
  readonly status: string[] | null;
  readonly from: number | null;
  readonly to: number | null;
  readonly order: CallOrder;
}

export async function readMarginCalls(
  context: Context,
  args: PageArgs,
  filter: CallFilter,
): Promise<Connection<MarginCall>> {
  const reading = await context.read();
  const { account, member, status, from, to, order } = filter;
  const issued = { ...(from === null ? {} : { gte: new Date(from) }), ...(to === null ? {} : { lt: new Date(to) }) };
  const where = {
    AND: [
      // A call goes with its account to another member: no account need be asked.
      accountsInSight(context.sight),
      account === null ? {} : { accountId: account },
      member === null ? {} : { memberId: member },
      status === null ? {} : { status: { in: status } },
      { issuedAt: issued },
      // No call is due before it is issued: what is too early need not be looked at in the order of deadlines either.
      from === null ? {} : { deadline: { gte: new Date(from) } },
    ],
  };
  const node = (row: CallRow): MarginCall => marginCallOf(row, context.services.amounts);
  return pageOf(reading, args, { table: reading.db.marginCall, order: ORDERS[order], where, node });
}

@Resolver()
@one({
  name: 'marginCall',
  key: ({ id }) => id,
  description: 'A margin call. Null if it does not exist or the caller may not see it.',
  of: MarginCall,
  id: 'The call.',
  access: ACCOUNT_READERS,
  read: readMarginCall,
})
export class MarginCallQueries {
  @Access(...ACCOUNT_READERS)
  @Query(() => MarginCallConnection, {
    description: 'The margin calls that the caller may see. `status: [OPEN]` is the queue.',
  })
  marginCalls(
    @MayTake('status', () => [MarginCallStatus], 'Only calls with one of these statuses.') status: string[] | null,
    @MayTake('account', () => ID, 'Only events of this account.') account: string | null,
    @MayTake('member', () => ID, "Only calls of this member's accounts.") member: string | null,
    @MayTake('from', () => DateTime, 'Only calls issued at this instant or later.') from: number | null,
    @MayTake('to', () => DateTime, 'Only calls issued before this instant.') to: number | null,
    @MayTake('order', () => MarginCallOrder, 'The order of the list.', STANDARD_ORDER) order: CallOrder | null,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<MarginCall>> {
    return readMarginCalls(context, args, { status, account, member, from, to, order: order ?? STANDARD_ORDER });
  }
}

@Resolver(() => Account)
@listField({
  name: 'transitions',
  description: 'Every change of the status of the account, the newest first.',
  of: connectionOf('AccountTransition', AccountTransition, 'transitions'),
  table: 'AccountTransition',
  order: NEWEST_FIRST,
  within: ({ id }: Account) => ({ accountId: id }),
  node: ({ equity, initial, maintenance, ...row }, { services }, { currency }): AccountTransition => ({
    ...row,
    currency,
    equity: services.amounts.money(equity, currency),
    initial: services.amounts.money(initial, currency),
    maintenance: services.amounts.money(maintenance, currency),
  }),
})
export class AccountCallFields {
  @FieldResolver(() => MarginCall, {
    nullable: true,
    complexity: 3,
    description: 'The open margin call. Null if there is none.',
  })
  async openCall(@Root() { id }: Account, @Ctx() context: Context): Promise<MarginCall | null> {
    const { db } = await context.read();
    const row = await db.marginCall.findFirst({ where: { accountId: id, status: 'OPEN' } });
    return row && marginCallOf(row, context.services.amounts);
  }

  @FieldResolver(() => MarginCallConnection, { description: 'The margin calls of the account, the newest first.' })
  calls(
    @Root() { id }: Account,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<MarginCall>> {
    return readMarginCalls(context, args, {
      status: null,
      account: id,
      member: null,
      from: null,
      to: null,
      order: 'NEWEST',
    });
  }
}
