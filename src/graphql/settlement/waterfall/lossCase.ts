/** Defaults: what an account could not bear, and who bore it, layer by layer.  Rules: B3-1, SL-1 to SL-3 */

import { Ctx, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import type { LossLayer as Layer } from '../../../core/model/policy';
import type { CaseStatus } from '../../../core/model/waterfall';
import { indexIdOf } from '../../../core/reference/indices';
import type { LossCase as CaseRow, SocializedLossShare as ShareRow } from '../../../store/generated/client';
import { ACCOUNT_READERS, Reached } from '../../access/policy';
import { shownAccount } from '../../position/trade';
import { connectionOf } from '../../reading/connection';
import type { Context } from '../../reading/context';
import { byId, fieldsOf, list, listField, one, resolversOf } from '../../reading/list';
import { descending, NEWEST_FIRST } from '../../reading/page';
import { inSight } from '../../reading/scoped';
import { Account, readAccount } from '../../reference/account';
import { SocializationBase } from '../../reference/lossPolicy';
import { enumOf } from '../../schema/enums';
import { Amount, Id, Of, OPTIONAL, SeqNo, When, Whole } from '../../schema/fields';

export const LossCaseLayerKind = enumOf<Layer | 'UNALLOCATED'>('LossCaseLayerKind', 'Who bears a part of a loss.', {
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
export class LossCaseLayer {
  @Whole('Its place in the order of layers, from 1.')
  ordinal!: number;

  @Of(() => LossCaseLayerKind, 'The layer.')
  layer!: string;

  @Amount('What it could bear.')
  available!: string;

  @Amount('What it bore.')
  used!: string;

  @Amount('What was left of it.')
  left!: string;
}

export const LossCaseStatus = enumOf<CaseStatus>('LossCaseStatus', 'Where a default stands.', {
  BORNE: 'All of the loss has been borne.',
  UNALLOCATED: 'A part that no layer could bear stands on the books.',
  AWAITING_ASSESSMENTS: 'A part stands on the books until assessed members have paid or their time is up.',
});

@Reached()
@ObjectType({ description: 'A default: a loss that its account could not bear.' })
export class LossCase {
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

  @Of(() => LossCaseStatus, 'Where it stands.')
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

const caseOf = (row: CaseRow, { services }: Context): LossCase => ({
  ...row,
  loss: services.amounts.money(row.loss, row.currency),
  unallocated: services.amounts.money(row.unallocated, row.currency),
});

export async function readLossCase(context: Context, id: string): Promise<LossCase | null> {
  const row = await (await context.read()).db.lossCase.findUnique({ where: { id } });
  return row && shownAccount(context, row.accountId) !== null ? caseOf(row, context) : null;
}

function shareOf(row: ShareRow, { services }: Context): SocializedLossShare {
  const { money } = services.amounts;
  const { currency } = row;
  return { ...row, weight: money(row.weight, currency), cap: money(row.cap, currency), amount: money(row.amount, currency) };
}

export const LossCaseQueries = resolversOf(
  one({
    name: 'lossCase',
    description: 'A default; null where there is none that the caller may see.',
    of: LossCase,
    id: 'The case.',
    access: ACCOUNT_READERS,
    read: readLossCase,
  }),
  list({
    name: 'lossCases',
    description: 'Defaults, the newest first, as far as the caller may see them.',
    of: connectionOf('LossCase', LossCase, 'defaults'),
    access: ACCOUNT_READERS,
    table: 'LossCase',
    order: descending({ seq: 'bigint', id: 'text' }),
    filters: { account: byId('Of this account only.', 'accountId'), currency: byId('In this currency only.') },
    scope: ({ sight }) => [inSight(sight, 'accountId')],
    node: caseOf,
  }),
);

const SHARES = {
  of: connectionOf('SocializedLossShare', SocializedLossShare, 'shares of socialized losses'),
  table: 'SocializedLossShare',
  order: descending({ seq: 'bigint', place: 'int', accountId: 'text' }),
  node: shareOf,
} as const;

@Resolver(() => LossCase)
@listField({
  ...SHARES,
  name: 'shares',
  description: 'What accounts paid when losses were shared by the entry that allocated this one, as far as the caller may see them.',
  within: ({ seq, currency }: LossCase) => ({ seq, currency }),
  scope: ({ sight }) => [inSight(sight, 'accountId')],
})
export class LossCaseFields {
  @FieldResolver(() => Account, { nullable: true, complexity: 2, description: 'The account.' })
  account(@Root() { accountId }: LossCase, @Ctx() context: Context): Promise<Account | null> {
    return readAccount(context, accountId);
  }

  @FieldResolver(() => [LossCaseLayer], { complexity: 5, description: 'Who bore it, in order: what they used sums to the loss.' })
  async layers(@Root() { id, currency }: LossCase, @Ctx() context: Context): Promise<LossCaseLayer[]> {
    const { money } = context.services.amounts;
    const rows = await (await context.read()).db.lossCaseLayer.findMany({ where: { caseId: id }, orderBy: { ordinal: 'asc' } });
    return rows.map(({ ordinal, layer, available, used, left }) => ({
      ...{ ordinal, layer },
      available: money(available, currency),
      used: money(used, currency),
      left: money(left, currency),
    }));
  }
}

export const AccountLossFields = fieldsOf(
  Account,
  listField({
    ...SHARES,
    name: 'socializedLosses',
    description: 'What it paid of socialized losses, the newest first.',
    within: ({ id }: Account) => ({ accountId: id }),
  }),
  listField({
    name: 'conversions',
    description: 'Its collateral that was taken over against cash, the newest first.',
    of: connectionOf('CollateralConversion', CollateralConversion, 'conversions'),
    table: 'CollateralConversion',
    order: NEWEST_FIRST,
    within: ({ id }: Account) => ({ accountId: id }),
    node: (row, { services: { amounts } }, { currency }): CollateralConversion => ({
      ...row,
      amount: amounts.money(row.amount, row.currency),
      proceeds: amounts.money(row.proceeds, currency),
      price: amounts.indexPrice(row.price, indexIdOf(row.currency, currency)),
    }),
  }),
);
