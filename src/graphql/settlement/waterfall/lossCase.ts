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
import { Ref } from '../../reading/link';
import { byId, fieldsOf, list, listField, one, resolversOf } from '../../reading/list';
import { Node } from '../../reading/node';
import { descending, NEWEST_FIRST } from '../../reading/page';
import { inSight } from '../../reading/scoped';
import { Account } from '../../reference/account';
import { SocializationBase } from '../../reference/lossPolicy';
import { enumOf } from '../../schema/enums';
import { Amount, Id, Of, OPTIONAL, SeqNo, When, Whole } from '../../schema/fields';

export const LossCaseLayerKind = enumOf<Layer | 'UNALLOCATED'>('LossCaseLayerKind', 'Who bears a part of a loss.', {
  DEFAULTER_MARGIN: "The account's own collateral.",
  OWNER_COLLATERAL: "Other accounts of the account's owner.",
  MEMBER_COLLATERAL: "House accounts of the account's member.",
  DEFAULTER_FUND: "The default-fund contribution of the account's member.",
  INSURANCE_FUND: 'The insurance fund.',
  HOUSE_CAPITAL: "The house's own capital.",
  DEFAULT_FUND: "The other members' contributions.",
  HOUSE_TRANCHE_2: "The second tranche of the house's capital.",
  HOUSE_FURTHER: 'The capital that the house has set aside beyond that.',
  BACKSTOP_POOL: 'The backstop pool.',
  ASSESSMENTS: 'Surviving members, by assessment.',
  GAINS_HAIRCUT: 'The accounts that gained, by a cut of their gains.',
  DELEVERAGING: 'The counterparties whose positions were closed.',
  TEAR_UP: 'The counterparties whose positions were torn up.',
  SOCIALIZED_LOSS: 'The accounts that gained.',
  UNALLOCATED: 'Nobody. The loss stays on the books until it is covered.',
});

@Reached()
@ObjectType({
  description:
    'The part of a loss case that one layer bore: available = used + left. Amounts are in the ' +
    'currency of the case.',
})
export class LossCaseLayer {
  @Whole('Its place in the order of layers, from 1.')
  ordinal!: number;

  @Of(() => LossCaseLayerKind, 'The layer.')
  layer!: string;

  @Amount('The amount that it could bear.')
  available!: string;

  @Amount('The amount that it bore.')
  used!: string;

  @Amount('The amount that was left of it.')
  left!: string;
}

export const LossCaseStatus = enumOf<CaseStatus>('LossCaseStatus', 'The status of a loss case.', {
  BORNE: 'All of the loss has been borne.',
  UNALLOCATED: 'A part that no layer could bear stays on the books.',
  AWAITING_ASSESSMENTS: 'A part stays on the books until assessed members have paid or their time is up.',
});

@Reached()
@ObjectType({ description: 'A loss case: the loss that a bankrupt account left.', implements: Node })
export class LossCase {
  @Id('The case.')
  id!: string;

  @Ref('Account', 'The account that left the loss.')
  accountId!: string;

  @Id('Currency of the loss.')
  currency!: string;

  @Amount('The loss, in the currency of the case.')
  loss!: string;

  @When('When it was allocated.')
  at!: Date;

  @SeqNo('Journal entry that allocated it.')
  seq!: bigint;

  @Whole('The version of the loss policy that allocated it.')
  policyVersion!: number;

  @Ref('Instrument', 'The instrument whose pool of the insurance fund bears the loss.', OPTIONAL)
  instrumentId!: string | null;

  @Of(() => LossCaseStatus, 'The status.')
  status!: string;

  @Amount('The part of the loss that is still on the books, in the currency of the case.')
  unallocated!: string;
}

@Reached()
@ObjectType({
  description:
    'The payment of one account for a socialized loss. Losses that one journal entry allocates are shared ' +
    'together, and ' +
    'each case is paid out of that in its turn.',
})
export class SocializedLossShare {
  @SeqNo('Journal entry that levied it.')
  seq!: bigint;

  @Ref('Account', 'The account that paid.')
  accountId!: string;

  @Id('Currency of the amounts.')
  currency!: string;

  @Of(() => SocializationBase, 'The base by which the loss was shared.')
  base!: string;

  @Amount('The base of the account.')
  weight!: string;

  @Amount('The most that it could be asked to pay.')
  cap!: string;

  @Amount('The amount that it paid.')
  amount!: string;

  @When('House time at which it happened.')
  at!: Date;

  @When(
    'House time since which what the account did is not counted in its base, if it acted while the debt was open.',
    OPTIONAL,
  )
  actedSince!: Date | null;
}

@Reached()
@ObjectType({ description: 'The house took over collateral of another currency against cash.' })
export class CollateralConversion {
  @SeqNo('Journal entry that made it.')
  seq!: bigint;

  @When('House time at which it happened.')
  at!: Date;

  @Id('The currency that was taken over.')
  currency!: string;

  @Amount('The amount taken over, in that currency.')
  amount!: string;

  @Amount('The amount given for it, in the currency of the account.')
  proceeds!: string;

  @Amount('The index price that was used, in the currency of the account.')
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

type Paid = Pick<
  ShareRow,
  'seq' | 'accountId' | 'currency' | 'base' | 'weight' | 'cap' | 'amount' | 'at' | 'actedSince'
>;

function shareOf(
  { seq, accountId, currency, base, at, actedSince, ...row }: Paid,
  { services }: Context,
): SocializedLossShare {
  const { money } = services.amounts;
  const amounts = {
    weight: money(row.weight, currency),
    cap: money(row.cap, currency),
    amount: money(row.amount, currency),
  };
  return { seq, accountId, currency, base, at, actedSince, ...amounts };
}

resolversOf(
  one({
    name: 'lossCase',
    key: ({ id }) => id,
    description: 'A loss case. Null if it does not exist or the caller may not see it.',
    of: LossCase,
    id: 'The case.',
    access: ACCOUNT_READERS,
    read: readLossCase,
  }),
  list({
    name: 'lossCases',
    description: 'The loss cases that the caller may see, the newest first.',
    of: connectionOf('LossCase', LossCase, 'defaults'),
    access: ACCOUNT_READERS,
    table: 'LossCase',
    order: descending({ seq: 'bigint', id: 'text' }),
    filters: {
      account: byId('Only events of this account.', 'accountId'),
      currency: byId('Only funds in this currency.'),
    },
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
  of: SHARES.of,
  table: 'LossClaim',
  order: descending({ seq: 'bigint', claimant: 'text' }),
  name: 'shares',
  description: 'The payments of accounts that the caller may see for the part of this loss that was socialized.',
  within: ({ id }: LossCase) => ({ caseId: id, layer: 'SOCIALIZED_LOSS' }),
  node: (row, context): SocializedLossShare => shareOf({ ...row, accountId: row.accountId ?? row.claimant }, context),
  scope: ({ sight }) => [inSight(sight, 'accountId')],
})
export class LossCaseFields {
  @FieldResolver(() => [LossCaseLayer], {
    complexity: 5,
    description: 'The layers that bore it, in order. What they used sums to the loss.',
  })
  async layers(@Root() { id, currency }: LossCase, @Ctx() context: Context): Promise<LossCaseLayer[]> {
    const { money } = context.services.amounts;
    const rows = await (await context.read()).db.lossCaseLayer.findMany({
      where: { caseId: id },
      orderBy: { ordinal: 'asc' },
    });
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
    description: 'The payments of the account for socialized losses, the newest first.',
    within: ({ id }: Account) => ({ accountId: id }),
  }),
  listField({
    name: 'conversions',
    description: 'The collateral of the account that was taken over against cash, the newest first.',
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
