/** Settlement runs: everybody who held an instrument, paid or charged at one price, with the proof of it.  Rule: DS-2 */

import { Args, Ctx, FieldResolver, ID, ObjectType, Query, Resolver, Root } from 'type-graphql';
import type { SettlementLine as LineRow, SettlementRun as RunRow } from '../../store/generated/client';
import { ACCOUNT_READERS, Access, Reached } from '../access/policy';
import { shortest } from '../reading/amounts';
import { type Connection, connectionOf, PageArgs } from '../reading/connection';
import type { Context } from '../reading/context';
import { type KeyColumn, pageOf } from '../reading/page';
import { equals, inSight, scopedPageOf } from '../reading/scoped';
import { enumOf } from '../schema/enums';
import { Amount, Id, MayTake, Of, OPTIONAL, Rate, SeqNo, Text, When, Whole } from '../schema/fields';

export const SettlementKind = enumOf<'VARIATION' | 'FUNDING' | 'EXPIRY'>('SettlementKind', 'What a run settles.', {
  VARIATION: 'Gains and losses since the run before.',
  FUNDING: 'Funding of a perpetual.',
  EXPIRY: 'A future at its end.',
});

@Reached()
@ObjectType({ description: 'A settlement run. Its hash is over inputs, outputs, rule and the run before, so anybody can check it.' })
export class SettlementRun {
  @SeqNo('Journal entry that made it.')
  seq!: bigint;

  @Whole('Its place among the events of that entry.')
  place!: number;

  @When('When.')
  at!: Date;

  @Of(() => SettlementKind, 'What it settles.')
  kind!: string;

  @Id('The instrument.')
  instrumentId!: string;

  @Id('Currency of the payments.')
  currency!: string;

  @Amount('The mark it was done at, in the quote currency.')
  price!: string;

  @Rate('Funding rate, of funding: longs pay shorts above zero.', OPTIONAL)
  rate!: string | null;

  @Text('SHA-256 of price and positions.')
  inputs!: string;

  @Text('SHA-256 of the lines.')
  outputs!: string;

  @Text('Hash of the run before of this instrument.', OPTIONAL)
  previous!: string | null;

  @Text('Hash of the run.')
  hash!: string;

  @Text('Name and version of the rule.')
  rule!: string;
}

@Reached()
@ObjectType({ description: 'What one account received or paid in a settlement run.' })
export class SettlementLine {
  @Id('The account.')
  accountId!: string;

  @Amount('Received above zero, paid below, in the currency of the run.')
  amount!: string;
}

export const SettlementRunConnection = connectionOf('SettlementRun', SettlementRun, 'settlement runs');
export const SettlementLineConnection = connectionOf('SettlementLine', SettlementLine, 'lines of a settlement run');

const runOf = (row: RunRow, { services }: Context): SettlementRun => ({
  ...row,
  price: services.amounts.price(row.price, row.instrumentId),
  rate: row.rate && shortest(row.rate),
});

const NEWEST_FIRST: readonly KeyColumn[] = [
  { field: 'seq', type: 'bigint', descending: true },
  { field: 'place', type: 'int', descending: true },
];
const BY_ACCOUNT: readonly KeyColumn[] = [{ field: 'accountId', type: 'text' }];

@Resolver()
export class SettlementRunQueries {
  @Access(...ACCOUNT_READERS)
  @Query(() => SettlementRunConnection, { description: 'Settlement runs, the newest first.' })
  async settlementRuns(
    @MayTake('instrument', () => ID, 'Of this instrument only.') instrument: string | null,
    @MayTake('kind', () => [SettlementKind], 'Of one of these kinds only.') kind: string[] | null,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<SettlementRun>> {
    const reading = await context.read();
    const where = { ...(instrument === null ? {} : { instrumentId: instrument }), ...(kind === null ? {} : { kind: { in: kind } }) };
    const node = (row: RunRow): SettlementRun => runOf(row, context);
    return pageOf(reading, args, { table: reading.db.settlementRun, order: NEWEST_FIRST, where, node });
  }
}

@Resolver(() => SettlementRun)
export class SettlementRunFields {
  @FieldResolver(() => SettlementLineConnection, {
    description: 'Who received or paid what, by account, as far as the caller may see them.',
  })
  async lines(
    @Root() { seq, place, currency }: SettlementRun,
    @MayTake('account', () => ID, 'Of this account only.') account: string | null,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<SettlementLine>> {
    const { money } = context.services.amounts;
    const where = [equals('seq', seq), equals('place', place), equals('accountId', account), inSight(context.sight, 'accountId')];
    const node = (row: LineRow): SettlementLine => ({ accountId: row.accountId, amount: money(row.amount, currency) });
    return scopedPageOf(await context.read(), args, { table: 'SettlementLine', order: BY_ACCOUNT, where, node });
  }
}
