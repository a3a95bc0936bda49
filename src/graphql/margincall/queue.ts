/** Margin calls as a risk officer works them: the queue by deadline, and how calls went over time.  Rules: MCM-2, MCM-5 */

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

export const MarginCallOrder = enumOf<CallOrder>('MarginCallOrder', 'In which order calls are listed.', {
  DEADLINE: 'The soonest deadline first: the queue to work through.',
  NEWEST: 'The last issued first.',
});

@Reached()
@ObjectType({ description: "A change of an account's place on the ladder. Amounts are in the currency of the account." })
export class AccountTransition {
  @SeqNo('Journal entry that made it.')
  seq!: bigint;

  @When('When.')
  at!: Date;

  @Of(() => AccountStatus, 'Status before.')
  from!: string;

  @Of(() => AccountStatus, 'Status after.')
  to!: string;

  @Text('Why.')
  cause!: string;

  @Amount('Equity then, rounded down.')
  equity!: string;

  @Amount('Initial margin then, rounded up.')
  initial!: string;

  @Amount('Maintenance margin then, rounded up.')
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

export async function readMarginCalls(context: Context, args: PageArgs, filter: CallFilter): Promise<Connection<MarginCall>> {
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
  description: 'A margin call; null where there is none that the caller may see.',
  of: MarginCall,
  id: 'The call.',
  access: ACCOUNT_READERS,
  read: readMarginCall,
})
export class MarginCallQueries {
  @Access(...ACCOUNT_READERS)
  @Query(() => MarginCallConnection, { description: 'Margin calls, as far as the caller may see them. `status: [OPEN]` is the queue.' })
  marginCalls(
    @MayTake('status', () => [MarginCallStatus], 'In one of these statuses only.') status: string[] | null,
    @MayTake('account', () => ID, 'Of this account only.') account: string | null,
    @MayTake('member', () => ID, "Of this member's accounts only.") member: string | null,
    @MayTake('from', () => DateTime, 'Issued at this instant or later.') from: number | null,
    @MayTake('to', () => DateTime, 'Issued before this instant.') to: number | null,
    @MayTake('order', () => MarginCallOrder, 'In which order.', STANDARD_ORDER) order: CallOrder | null,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<MarginCall>> {
    return readMarginCalls(context, args, { status, account, member, from, to, order: order ?? STANDARD_ORDER });
  }
}

@Resolver(() => Account)
@listField({
  name: 'transitions',
  description: 'Every change of its place on the ladder, the newest first.',
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
  @FieldResolver(() => MarginCall, { nullable: true, complexity: 3, description: 'Its open margin call; null where there is none.' })
  async openCall(@Root() { id }: Account, @Ctx() context: Context): Promise<MarginCall | null> {
    const { db } = await context.read();
    const row = await db.marginCall.findFirst({ where: { accountId: id, status: 'OPEN' } });
    return row && marginCallOf(row, context.services.amounts);
  }

  @FieldResolver(() => MarginCallConnection, { description: 'Its margin calls, the last issued first.' })
  calls(@Root() { id }: Account, @Args(() => PageArgs) args: PageArgs, @Ctx() context: Context): Promise<Connection<MarginCall>> {
    return readMarginCalls(context, args, { status: null, account: id, member: null, from: null, to: null, order: 'NEWEST' });
  }
}
