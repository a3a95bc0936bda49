/** Claims of those who bore a loss, and what has been recovered for it.  Rule: SL-4 */

import { ObjectType } from 'type-graphql';
import type { ClaimBase as Base } from '../../../core/model/waterfall';
import { type LossClaim as ClaimRow, Prisma } from '../../../store/generated/client';
import { ACCOUNT_READERS, Reached } from '../../access/policy';
import type { Sight } from '../../access/sight';
import { connectionOf } from '../../reading/connection';
import type { Context } from '../../reading/context';
import { Ref } from '../../reading/link';
import { byId, fieldsOf, list, listField, resolversOf } from '../../reading/list';
import { descending, NEWEST_FIRST } from '../../reading/page';
import { equals, inSight } from '../../reading/scoped';
import { enumOf } from '../../schema/enums';
import { Amount, Id, Of, OPTIONAL, SeqNo, Text, When } from '../../schema/fields';
import { LossCase, LossCaseLayerKind } from './lossCase';

export const ClaimBase = enumOf<Base>(
  'ClaimBase',
  'The base by which a layer was shared among its payers. Each paid loss x base / sum of ' +
    'bases, capped and exact. Ties go by id.',
  {
    CONTRIBUTION: 'The contribution to the default fund.',
    BALANCE: 'The balance of the ledger account.',
    SPARE_COLLATERAL: 'Equity above maintenance margin. If nothing is held, no more than the cash.',
    FREE_COLLATERAL: 'Collateral above initial margin.',
    GAINS: 'Realised and unrealised gains of the loss period.',
    OPEN_INTEREST: 'Notional of open positions.',
    EQUITY: 'Equity.',
    PROFIT: 'The profit of the position that was closed against the losing side.',
  },
);

@Reached()
@ObjectType({
  description:
    'The part of a loss case that one payer bore, with its claim to what is recovered. Amounts ' +
    'are in the currency of the claim.',
})
export class LossClaim {
  @Ref('LossCase', 'The case.')
  caseId!: string;

  @Of(() => LossCaseLayerKind, 'The layer in which it bore.')
  layer!: string;

  @Text('The ledger account that paid. Recoveries go to it.')
  claimant!: string;

  @Ref('Account', 'The account behind it, if it is an account.', OPTIONAL)
  accountId!: string | null;

  @Ref('Member', 'The member whose default-fund contribution paid, if it was one.', OPTIONAL)
  memberId!: string | null;

  @Id('Currency of the amounts.')
  currency!: string;

  @Of(() => ClaimBase, 'The base by which the layer was shared.')
  base!: string;

  @Amount('The base of the payer.')
  weight!: string;

  @Amount('The most that it could be asked to pay.')
  cap!: string;

  @Amount('Its share: the amount that it bore.')
  amount!: string;

  @Amount('The amount that was repaid.')
  repaid!: string;

  @Amount('The running claim: what it bore and was not repaid.')
  outstanding!: string;

  @SeqNo('Journal entry that charged it.')
  seq!: bigint;

  @When('House time at which it happened.')
  at!: Date;

  @When(
    'House time since which what the payer did is not counted in its base, if it acted while the debt was open.',
    OPTIONAL,
  )
  actedSince!: Date | null;
}

@Reached()
@ObjectType({ description: 'Money recovered for a loss case.' })
export class LossRecovery {
  @SeqNo('Journal entry that recorded it.')
  seq!: bigint;

  @Amount('The amount recovered, in the currency of the case.')
  amount!: string;

  @When('House time at which it happened.')
  at!: Date;
}

function claimOf(row: ClaimRow, { services }: Context): LossClaim {
  const { money } = services.amounts;
  const { currency } = row;
  return {
    ...row,
    weight: money(row.weight, currency),
    cap: money(row.cap, currency),
    amount: money(row.amount, currency),
    repaid: money(row.repaid, currency),
    outstanding: money(row.amount.sub(row.repaid), currency),
  };
}

/**
 * A broker sees what its accounts and its own contribution paid; what the house paid is for those who see everything.
 */
function claimsInSight(sight: Sight): Prisma.Sql[] {
  const paidByAccounts = inSight(sight, 'accountId');
  return sight.accounts === 'MEMBER' ? [paidByAccounts, equals('memberId', sight.member)] : [paidByAccounts];
}

const CLAIMS = {
  of: connectionOf('LossClaim', LossClaim, 'claims'),
  table: 'LossClaim',
  order: descending({ seq: 'bigint', caseId: 'text', layer: 'text', claimant: 'text' }),
  scope: ({ sight }: Context) => claimsInSight(sight),
  node: claimOf,
} as const;

resolversOf(
  list({
    ...CLAIMS,
    name: 'lossClaims',
    description: 'The claims of loss cases that the caller may see, with what was repaid, the newest first.',
    access: ACCOUNT_READERS,
    filters: {
      account: byId('Only claims of this account.', 'accountId'),
      member: byId("Only claims of this member's default-fund contribution.", 'memberId'),
    },
  }),
);

export const LossCaseClaims = fieldsOf(
  LossCase,
  listField({
    ...CLAIMS,
    name: 'claims',
    description: 'The claims of the case that the caller may see, by layer.',
    within: ({ id }: LossCase) => ({ caseId: id }),
  }),
  listField({
    name: 'recoveries',
    description: 'The recoveries of the case, the newest first.',
    of: connectionOf('LossRecovery', LossRecovery, 'recoveries'),
    table: 'LossRecovery',
    order: NEWEST_FIRST,
    within: ({ id }: LossCase) => ({ caseId: id }),
    node: (row, { services }, { currency }): LossRecovery => ({
      ...row,
      amount: services.amounts.money(row.amount, currency),
    }),
  }),
);
