/** The backstop pool with statements of its contributors, and insurance fund pools. */

import { Args, Ctx, ObjectType, Query, Resolver } from 'type-graphql';
import { readerOf } from '../../../core/kind/json';
import { WATERFALL_COMMANDS } from '../../../core/message/waterfallCommands';
import { BACKSTOP_ENTRY, BACKSTOP_POOL, type BackstopPool as Pool } from '../../../core/model/waterfall';
import { contributionOf, emptyPool, incomeOf, withIncome } from '../../../core/settlement/waterfall/backstop';
import type { InsurancePool as PoolRow } from '../../../store/generated/client';
import { toScaled } from '../../../units/decimal';
import { known } from '../../../units/failure';
import { type Cash, cash, minus } from '../../../units/quantity';
import { ACCOUNT_READERS, Access, Reached, ROLES } from '../../access/policy';
import { TermsType, versionsOf } from '../../mutation/terms';
import { shownAccount } from '../../position/trade';
import type { Numeric } from '../../reading/amounts';
import { type Connection, connectionOf, PageArgs } from '../../reading/connection';
import type { Context } from '../../reading/context';
import { identify, isInt } from '../../reading/identity';
import { Ref } from '../../reading/link';
import { one } from '../../reading/list';
import { Node } from '../../reading/node';
import { pageOf, versionsBy } from '../../reading/page';
import { Amount, Id, Whole } from '../../schema/fields';

const readPool = readerOf(BACKSTOP_POOL);
const readEntry = readerOf(BACKSTOP_ENTRY);

@Reached()
@ObjectType({ description: 'The backstop pool of a currency. Amounts are in that currency.', implements: Node })
export class BackstopPool {
  @Id('The currency.')
  currency!: string;

  @Amount('The contributions that losses have left.')
  total!: string;

  @Amount('The income that contributors earned and have not taken.')
  income!: string;

  @Whole('How often losses have emptied it.')
  emptied!: number;
}

@Reached()
@ObjectType({
  description:
    'The contribution of an account to the backstop pool, to the unit. Amounts are in the ' +
    'currency of the account.',
  implements: Node,
})
export class BackstopStatement {
  @Ref('Account', 'The account.')
  accountId!: string;

  @Amount('What is left of its contribution.')
  contribution!: string;

  @Amount('The income that it earned and has not taken.')
  income!: string;
}

@TermsType('An insurance fund of its own for a group of instruments. Amounts are in its currency.')
export class InsurancePool extends versionsOf(WATERFALL_COMMANDS.SetInsurancePool.fields, 'pool') {
  @Id('The pool: the same of all its versions.')
  poolId!: string;

  @Amount('The balance of the fund.')
  balance!: string;
}

export const InsurancePoolConnection = connectionOf('InsurancePool', InsurancePool, 'insurance fund pools');

async function balanceOf(context: Context, name: string, currency: string): Promise<Numeric> {
  const { db } = await context.read();
  const row = await db.ledgerAccount.findUnique({ where: { name_currency: { name, currency } } });
  return row?.balance ?? NOTHING;
}

/** The pool as of the snapshot: what has reached its income ledger since the last act is shared out. */
async function poolOf(context: Context, currency: string): Promise<Pool> {
  const { db } = await context.read();
  const row = await db.backstopPool.findUnique({ where: { currency } });
  const pool = row ? readPool(structuredClone(row.terms)) : emptyPool(currency);
  const income = (await balanceOf(context, 'backstop-income', currency)).toFixed();
  const held = cash(known(toScaled(income, context.services.directory.scaleOf(currency)), 'Amount', income));
  return withIncome(pool, minus(held, pool.recognised));
}

export async function readBackstopPool(context: Context, currency: string): Promise<BackstopPool | null> {
  const { db } = await context.read();
  if (!(await db.currency.findUnique({ where: { id: currency } }))) return null;
  const { total, recognised, epoch } = await poolOf(context, currency);
  const text = (amount: Cash): string => context.services.amounts.cash(amount, currency);
  return { currency, total: text(total), income: text(recognised), emptied: Number(epoch) };
}

export async function readBackstopStatement(context: Context, account: string): Promise<BackstopStatement | null> {
  const { db } = await context.read();
  if (shownAccount(context, account) === null) return null;
  const row = await db.backstopEntry.findUnique({ where: { accountId: account } });
  if (!row) return null;
  const entry = readEntry(structuredClone(row.terms));
  const pool = await poolOf(context, row.currency);
  const text = (amount: Cash): string => context.services.amounts.cash(amount, row.currency);
  return { accountId: account, contribution: text(contributionOf(pool, entry)), income: text(incomeOf(pool, entry)) };
}

async function insurancePoolOf(row: PoolRow, context: Context): Promise<InsurancePool> {
  const balance = await balanceOf(context, `insurance-fund/${row.id}`, row.currency);
  return poolShown(row, balance, context);
}

const poolShown = ({ id, ...row }: PoolRow, balance: Numeric, { services: { amounts } }: Context): InsurancePool => ({
  ...row,
  poolId: id,
  cap: row.cap && amounts.money(row.cap, row.currency),
  balance: amounts.money(balance, row.currency),
});

const NOTHING: Numeric = { toFixed: (digits = 0) => (digits > 0 ? `0.${'0'.repeat(digits)}` : '0') };

identify('InsurancePool', {
  key: ({ poolId, version }: InsurancePool) => [poolId, version],
  access: ROLES,
  async read(context, [id, version, ...more]) {
    if (typeof id !== 'string' || !isInt(version) || more.length > 0) return null;
    const row = await (await context.read()).db.insurancePool.findUnique({ where: { id_version: { id, version } } });
    return row && insurancePoolOf(row, context);
  },
});

export async function readInsurancePool(context: Context, id: string): Promise<InsurancePool | null> {
  const { db } = await context.read();
  const row = await db.insurancePool.findFirst({ where: { id }, orderBy: { version: 'desc' } });
  return row && insurancePoolOf(row, context);
}

@Resolver()
@one({
  name: 'backstopPool',
  key: ({ currency }) => currency,
  description: 'The backstop pool of a currency. Null if the currency does not exist.',
  of: BackstopPool,
  argument: 'currency',
  id: 'The currency.',
  access: ROLES,
  read: readBackstopPool,
})
@one({
  name: 'backstopStatement',
  key: ({ accountId }) => accountId,
  description: 'The contribution of an account to the backstop pool. Null if it has none or the caller may not see it.',
  of: BackstopStatement,
  argument: 'account',
  id: 'The account.',
  access: ACCOUNT_READERS,
  read: readBackstopStatement,
})
@one({
  name: 'insurancePool',
  description: 'The present version of an insurance fund pool. Null if it does not exist.',
  of: InsurancePool,
  id: 'The pool.',
  access: ROLES,
  read: readInsurancePool,
})
export class PoolQueries {
  @Access(...ROLES)
  @Query(() => InsurancePoolConnection, {
    description: 'Every version of the insurance fund pools, by id. Each shows what the pool holds now.',
  })
  async insurancePools(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<InsurancePool>> {
    const reading = await context.read();
    const rows = await reading.db.ledgerAccount.findMany({ where: { name: { startsWith: 'insurance-fund/' } } });
    const held = new Map(rows.map(({ name, balance }) => [name, balance]));
    const node = (row: PoolRow): InsurancePool =>
      poolShown(row, held.get(`insurance-fund/${row.id}`) ?? NOTHING, context);
    return pageOf(reading, args, { table: reading.db.insurancePool, order: versionsBy('id'), where: {}, node });
  }
}
