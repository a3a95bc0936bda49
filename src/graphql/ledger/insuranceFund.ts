/** Insurance funds: what each holds, where it came from, and every movement.  Rule: B3-1 */

import { Args, Ctx, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import { accountBehind } from '../../core/ledger/transfers';
import type { LedgerName } from '../../core/message/ledger';
import type { InsuranceFundEntry as EntryRow, InsuranceFund as FundRow } from '../../store/generated/client';
import { Access, Reached, ROLES, STAFF } from '../access/policy';
import { shownAccount } from '../position/trade';
import type { Amounts } from '../reading/amounts';
import { AsOf, asOf } from '../reading/asOf';
import { type Connection, connectionOf, PageArgs } from '../reading/connection';
import type { Context } from '../reading/context';
import { list, one, resolversOf } from '../reading/list';
import { Node } from '../reading/node';
import { ascending, NEWEST_FIRST, pageOf } from '../reading/page';
import { Amount, Id, Of, OPTIONAL, SeqNo, Text, When, Whole } from '../schema/fields';
import { TransferReason } from './ledger';

@Reached()
@ObjectType({
  description: 'The insurance fund of a settlement currency. All amounts are in that currency.',
  implements: Node,
})
export class InsuranceFund {
  @Id('The currency.')
  currency!: string;

  @Amount('The balance of the fund.')
  balance!: string;

  @Amount('The target of the fund.')
  target!: string;

  @Amount('Total of contributions.')
  contributed!: string;

  @Amount('Total received in liquidation fees.')
  fees!: string;

  @Amount('Total received in liquidation penalties.')
  penalties!: string;

  @Amount('Total received as surplus of disposals.')
  surplus!: string;

  @Amount('Total paid for losses, at auctions and for taking portfolios.')
  paid!: string;

  @Amount('Total of withdrawals.')
  withdrawn!: string;

  @Amount('Net total of reversals, signed. Below zero the fund gave money back.')
  reversed!: string;
}

@Reached()
@ObjectType({ description: 'A movement of an insurance fund.' })
export class InsuranceFundEntry {
  @SeqNo('Journal entry that made it.')
  seq!: bigint;

  @Whole('Its place among the transfers of that entry.')
  place!: number;

  @When('House time at which it happened.')
  at!: Date;

  @Amount('The amount in the currency of the fund: above zero if the fund received it, below zero if it paid.')
  amount!: string;

  @Amount('The balance of the fund afterwards, in its currency.')
  balance!: string;

  @Of(() => TransferReason, 'The reason.')
  reason!: string;

  @Text('The other ledger account. Null if the caller may not see it.', OPTIONAL)
  counter!: string | null;
}

export const InsuranceFundEntryConnection = connectionOf(
  'InsuranceFundEntry',
  InsuranceFundEntry,
  'movements of a fund',
);

export function insuranceFundOf(row: FundRow, { money }: Amounts): InsuranceFund {
  const { currency } = row;
  return {
    currency,
    balance: money(row.balance, currency),
    target: money(row.target, currency),
    contributed: money(row.contributed, currency),
    fees: money(row.fees, currency),
    penalties: money(row.penalties, currency),
    surplus: money(row.surplus, currency),
    paid: money(row.paid, currency),
    withdrawn: money(row.withdrawn, currency),
    reversed: money(row.reversed, currency),
  };
}

function entryOf(row: EntryRow, context: Context): InsuranceFundEntry {
  const { money } = context.services.amounts;
  const account = accountBehind(row.counter as LedgerName);
  const counter = account === undefined || shownAccount(context, account) !== null ? row.counter : null;
  return { ...row, counter, amount: money(row.amount, row.currency), balance: money(row.balance, row.currency) };
}

export async function readInsuranceFund(context: Context, currency: string): Promise<InsuranceFund | null> {
  const row = await (await context.read()).db.insuranceFund.findUnique({ where: { currency } });
  return row && insuranceFundOf(row, context.services.amounts);
}

resolversOf(
  one({
    name: 'insuranceFund',
    key: ({ currency }) => currency,
    description: 'The insurance fund of a currency. Null if there is none.',
    of: InsuranceFund,
    argument: 'currency',
    id: 'The currency.',
    access: ROLES,
    read: readInsuranceFund,
  }),
  list({
    name: 'insuranceFunds',
    description: 'Insurance funds by currency.',
    of: connectionOf('InsuranceFund', InsuranceFund, 'insurance funds'),
    access: ROLES,
    table: 'InsuranceFund',
    order: ascending({ currency: 'text' }),
    node: (row, { services }) => insuranceFundOf(row, services.amounts),
  }),
);

@Resolver(() => InsuranceFund)
export class InsuranceFundFields {
  @FieldResolver(() => AsOf, { description: 'The journal entry it is as of.' })
  async asOf(@Ctx() context: Context): Promise<AsOf> {
    return asOf(await context.read());
  }

  @Access(...STAFF)
  @FieldResolver(() => InsuranceFundEntryConnection, {
    nullable: true,
    description: 'Every movement of the fund, the newest first. Only staff may ask.',
  })
  async entries(
    @Root() { currency }: InsuranceFund,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<InsuranceFundEntry>> {
    const reading = await context.read();
    const node = (row: EntryRow): InsuranceFundEntry => entryOf(row, context);
    return pageOf(reading, args, {
      table: reading.db.insuranceFundEntry,
      order: NEWEST_FIRST,
      where: { currency },
      node,
    });
  }
}
