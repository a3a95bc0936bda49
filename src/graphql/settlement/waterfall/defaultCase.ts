/** Defaults: what an account could not bear, and who bore it, layer by layer.  Rules: B3-1, SL-1 to SL-3 */

import { Args, Ctx, FieldResolver, ID, ObjectType, Query, Resolver, Root } from 'type-graphql';
import type { LossLayer as Layer } from '../../../core/model/policy';
import type { CaseStatus } from '../../../core/model/waterfall';
import { indexIdOf } from '../../../core/reference/indices';
import type {
  DefaultCase as CaseRow,
  CollateralConversion as ConversionRow,
  SocializedLossShare as ShareRow,
} from '../../../store/generated/client';
import { ACCOUNT_READERS, Access, Reached } from '../../access/policy';
import { shownAccount } from '../../position/trade';
import { type Connection, connectionOf, PageArgs } from '../../reading/connection';
import type { Context } from '../../reading/context';
import { type KeyColumn, pageOf } from '../../reading/page';
import { equals, inSight, scopedPageOf } from '../../reading/scoped';
import { Account, readAccount } from '../../reference/account';
import { SocializationBase } from '../../reference/lossPolicy';
import { enumOf } from '../../schema/enums';
import { Amount, Id, MayTake, Of, OPTIONAL, SeqNo, Takes, When, Whole } from '../../schema/fields';

export const DefaultLayerKind = enumOf<Layer | 'UNALLOCATED'>('DefaultLayerKind', 'Who bears a part of a loss.', {
  DEFAULTER_MARGIN: "The account's own collateral.",
  OWNER_COLLATERAL: "Other accounts of the account's owner with the same member.",
  MEMBER_COLLATERAL: "House accounts of the account's member.",
  DEFAULTER_FUND: "The default-fund contribution of the account's member.",
  INSURANCE_FUND: 'The insurance fund.',
  HOUSE_CAPITAL: "The house's own capital.",
  DEFAULT_FUND: "The other members' contributions.",
  HOUSE_TRANCHE_2: "The second tranche of the house's capital.",
  HOUSE_FURTHER: 'What the house has set aside beyond that.',
  BACKSTOP_POOL: 'The backstop pool.',
  ASSESSMENTS: 'Surviving members, by assessment.',
  GAINS_HAIRCUT: 'Accounts that gained, by a cut of their gains.',
  DELEVERAGING: 'Counterparties whose positions were closed.',
  TEAR_UP: 'Counterparties whose positions were torn up.',
  SOCIALIZED_LOSS: 'Accounts that gained.',
  UNALLOCATED: 'Nobody: what no layer could bear stands on the books until it is covered.',
});

@Reached()
@ObjectType({ description: 'What one layer bore of a default: available = used + left. Amounts are in the currency of the case.' })
export class DefaultLayer {
  @Whole('Its place in the order of layers, from 1.')
  ordinal!: number;

  @Of(() => DefaultLayerKind, 'The layer.')
  layer!: string;

  @Amount('What it could bear.')
  available!: string;

  @Amount('What it bore.')
  used!: string;

  @Amount('What was left of it.')
  left!: string;
}

export const DefaultCaseStatus = enumOf<CaseStatus>('DefaultCaseStatus', 'Where a default stands.', {
  BORNE: 'All of the loss has been borne.',
  UNALLOCATED: 'A part that no layer could bear stands on the books.',
  AWAITING_ASSESSMENTS: 'A part stands on the books until assessed members have paid or their time is up.',
});

@Reached()
@ObjectType({ description: 'A default: a loss that its account could not bear.' })
export class DefaultCase {
  @Id('The case.')
  id!: string;

  @Id('Account that defaulted.')
  accountId!: string;

  @Id('Currency of the loss.')
  currency!: string;

  @Amount('The loss, in the currency of the case.')
  loss!: string;

  @When('When it was allocated.')
  at!: Date;

  @SeqNo('Journal entry that allocated it.')
  seq!: bigint;

  @Whole('Version of the loss policy it was allocated by.')
  policyVersion!: number;

  @Id('Instrument whose pool of the insurance fund bears.', OPTIONAL)
  instrumentId!: string | null;

  @Of(() => DefaultCaseStatus, 'Where it stands.')
  status!: string;

  @Amount('Of the loss, what still stands on the books, in the currency of the case.')
  unallocated!: string;
}

@Reached()
@ObjectType({ description: 'What one account paid of a socialized loss. Losses allocated by one journal entry are shared together.' })
export class SocializedLossShare {
  @SeqNo('Journal entry that levied it.')
  seq!: bigint;

  @Id('Who paid.')
  accountId!: string;

  @Id('Currency of the amounts.')
  currency!: string;

  @Of(() => SocializationBase, 'By what the loss was shared.')
  base!: string;

  @Amount("The account's base.")
  weight!: string;

  @Amount('The most it could be asked.')
  cap!: string;

  @Amount('What it paid.')
  amount!: string;

  @When('When.')
  at!: Date;
}

@Reached()
@ObjectType({ description: 'Collateral of another currency taken over against cash.' })
export class CollateralConversion {
  @SeqNo('Journal entry that made it.')
  seq!: bigint;

  @When('When.')
  at!: Date;

  @Id('Currency taken.')
  currency!: string;

  @Amount('Taken, in that currency.')
  amount!: string;

  @Amount('Given for it, in the currency of the account.')
  proceeds!: string;

  @Amount('Index price it was done at, in the currency of the account.')
  price!: string;
}

export const DefaultCaseConnection = connectionOf('DefaultCase', DefaultCase, 'defaults');
export const SocializedLossShareConnection = connectionOf('SocializedLossShare', SocializedLossShare, 'shares of socialized losses');
export const CollateralConversionConnection = connectionOf('CollateralConversion', CollateralConversion, 'conversions');

const caseOf = (row: CaseRow, { services }: Context): DefaultCase => ({
  ...row,
  loss: services.amounts.money(row.loss, row.currency),
  unallocated: services.amounts.money(row.unallocated, row.currency),
});

export async function readDefaultCase(context: Context, id: string): Promise<DefaultCase | null> {
  const row = await (await context.read()).db.defaultCase.findUnique({ where: { id } });
  return row && shownAccount(context, row.accountId) !== null ? caseOf(row, context) : null;
}

function shareOf(row: ShareRow, { services }: Context): SocializedLossShare {
  const { money } = services.amounts;
  const { currency } = row;
  return { ...row, weight: money(row.weight, currency), cap: money(row.cap, currency), amount: money(row.amount, currency) };
}

const CASES_NEWEST_FIRST: readonly KeyColumn[] = [
  { field: 'seq', type: 'bigint', descending: true },
  { field: 'id', type: 'text', descending: true },
];
const SHARES_NEWEST_FIRST: readonly KeyColumn[] = [
  { field: 'seq', type: 'bigint', descending: true },
  { field: 'place', type: 'int', descending: true },
  { field: 'accountId', type: 'text', descending: true },
];
const NEWEST_FIRST: readonly KeyColumn[] = [
  { field: 'seq', type: 'bigint', descending: true },
  { field: 'place', type: 'int', descending: true },
];

@Resolver()
export class DefaultCaseQueries {
  @Access(...ACCOUNT_READERS)
  @Query(() => DefaultCase, { nullable: true, description: 'A default; null where there is none that the caller may see.' })
  defaultCase(@Takes('id', () => ID, 'The case.') id: string, @Ctx() context: Context): Promise<DefaultCase | null> {
    return readDefaultCase(context, id);
  }

  @Access(...ACCOUNT_READERS)
  @Query(() => DefaultCaseConnection, { description: 'Defaults, the newest first, as far as the caller may see them.' })
  async defaultCases(
    @MayTake('account', () => ID, 'Of this account only.') account: string | null,
    @MayTake('currency', () => ID, 'In this currency only.') currency: string | null,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<DefaultCase>> {
    const where = [inSight(context.sight, 'accountId'), equals('accountId', account), equals('currency', currency)];
    const node = (row: CaseRow): DefaultCase => caseOf(row, context);
    return scopedPageOf(await context.read(), args, { table: 'DefaultCase', order: CASES_NEWEST_FIRST, where, node });
  }
}

@Resolver(() => DefaultCase)
export class DefaultCaseFields {
  @FieldResolver(() => Account, { nullable: true, complexity: 2, description: 'The account.' })
  account(@Root() { accountId }: DefaultCase, @Ctx() context: Context): Promise<Account | null> {
    return readAccount(context, accountId);
  }

  @FieldResolver(() => [DefaultLayer], { complexity: 5, description: 'Who bore it, in order: what they used sums to the loss.' })
  async layers(@Root() { id, currency }: DefaultCase, @Ctx() context: Context): Promise<DefaultLayer[]> {
    const { money } = context.services.amounts;
    const rows = await (await context.read()).db.defaultLayer.findMany({ where: { caseId: id }, orderBy: { ordinal: 'asc' } });
    return rows.map(({ ordinal, layer, available, used, left }) => ({
      ...{ ordinal, layer },
      available: money(available, currency),
      used: money(used, currency),
      left: money(left, currency),
    }));
  }

  @FieldResolver(() => SocializedLossShareConnection, {
    description: 'What accounts paid when losses were shared by the entry that allocated this one, as far as the caller may see them.',
  })
  async shares(
    @Root() { seq, currency }: DefaultCase,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<SocializedLossShare>> {
    const where = [inSight(context.sight, 'accountId'), equals('seq', seq), equals('currency', currency)];
    const node = (row: ShareRow): SocializedLossShare => shareOf(row, context);
    return scopedPageOf(await context.read(), args, { table: 'SocializedLossShare', order: SHARES_NEWEST_FIRST, where, node });
  }
}

@Resolver(() => Account)
export class AccountLossFields {
  @FieldResolver(() => SocializedLossShareConnection, { description: 'What it paid of socialized losses, the newest first.' })
  async socializedLosses(
    @Root() { id }: Account,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<SocializedLossShare>> {
    const reading = await context.read();
    const node = (row: ShareRow): SocializedLossShare => shareOf(row, context);
    return pageOf(reading, args, { table: reading.db.socializedLossShare, order: SHARES_NEWEST_FIRST, where: { accountId: id }, node });
  }

  @FieldResolver(() => CollateralConversionConnection, {
    description: 'Its collateral that was taken over against cash, the newest first.',
  })
  async conversions(
    @Root() { id, currency }: Account,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<CollateralConversion>> {
    const reading = await context.read();
    const { money, indexPrice } = context.services.amounts;
    const node = (row: ConversionRow): CollateralConversion => ({
      ...row,
      amount: money(row.amount, row.currency),
      proceeds: money(row.proceeds, currency),
      price: indexPrice(row.price, indexIdOf(row.currency, currency)),
    });
    return pageOf(reading, args, { table: reading.db.collateralConversion, order: NEWEST_FIRST, where: { accountId: id }, node });
  }
}
