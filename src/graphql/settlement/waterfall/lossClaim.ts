/** Claims of those who bore a loss, and what has been recovered for it.  Rule: SL-4 */

import { ObjectType } from 'type-graphql';
import type { ClaimBase as Base } from '../../../core/model/waterfall';
import { type LossClaim as ClaimRow, Prisma } from '../../../store/generated/client';
import { ACCOUNT_READERS, Reached } from '../../access/policy';
import type { Sight } from '../../access/sight';
import { connectionOf } from '../../reading/connection';
import type { Context } from '../../reading/context';
import { byId, fieldsOf, list, listField, resolversOf } from '../../reading/list';
import { descending, NEWEST_FIRST } from '../../reading/page';
import { equals, inSight } from '../../reading/scoped';
import { enumOf } from '../../schema/enums';
import { Amount, Id, Of, OPTIONAL, SeqNo, Text, When } from '../../schema/fields';
import { LossCase, LossCaseLayerKind } from './lossCase';

export const ClaimBase = enumOf<Base>(
  'ClaimBase',
  'By what a layer was shared among its payers: each paid loss x base / sum of bases, capped, exactly, ties by id.',
  {
    CONTRIBUTION: 'Contribution to the default fund.',
    BALANCE: 'What the ledger account held.',
    SPARE_COLLATERAL: 'Equity above maintenance margin; where nothing is held, no more than the cash.',
    FREE_COLLATERAL: 'Collateral above initial margin.',
    GAINS: 'Realised and unrealised gains of the loss period.',
    OPEN_INTEREST: 'Notional of open positions.',
    EQUITY: 'Equity.',
    PROFIT: 'Profit of the position that was closed against the side that lost.',
  },
);

@Reached()
@ObjectType({
  description: 'What one payer bore of a default, with its claim to what is recovered. Amounts are in the currency of the claim.',
})
export class LossClaim {
  @Id('The case.')
  caseId!: string;

  @Of(() => LossCaseLayerKind, 'The layer it bore in.')
  layer!: string;

  @Text('Ledger account that paid, and to which recoveries go.')
  claimant!: string;

  @Id('The account behind it, if it is one.', OPTIONAL)
  accountId!: string | null;

  @Id('The member whose default-fund contribution paid, if it is one.', OPTIONAL)
  memberId!: string | null;

  @Id('Currency of the amounts.')
  currency!: string;

  @Of(() => ClaimBase, 'By what the layer was shared.')
  base!: string;

  @Amount("The payer's base.")
  weight!: string;

  @Amount('The most it could be asked.')
  cap!: string;

  @Amount('What it bore: its share.')
  amount!: string;

  @Amount('What has come back.')
  repaid!: string;

  @Amount('The running claim: what it bore and has not got back.')
  outstanding!: string;

  @SeqNo('Journal entry that charged it.')
  seq!: bigint;

  @When('When.')
  at!: Date;
}

@Reached()
@ObjectType({ description: 'Money recovered for a default.' })
export class LossRecovery {
  @SeqNo('Journal entry that recorded it.')
  seq!: bigint;

  @Amount('What was recovered, in the currency of the case.')
  amount!: string;

  @When('When.')
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

/** A broker sees what its accounts and its own contribution paid; what the house paid is for those who see everything. */
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

export const LossClaimQueries = resolversOf(
  list({
    ...CLAIMS,
    name: 'lossClaims',
    description: 'Who bore what of defaults and what has come back, the newest first, as far as the caller may see it.',
    access: ACCOUNT_READERS,
    filters: {
      account: byId('Paid by this account only.', 'accountId'),
      member: byId("Paid by this member's default-fund contribution only.", 'memberId'),
    },
  }),
);

export const LossCaseClaims = fieldsOf(
  LossCase,
  listField({
    ...CLAIMS,
    name: 'claims',
    description: 'Who paid what in which layer, as far as the caller may see it.',
    within: ({ id }: LossCase) => ({ caseId: id }),
  }),
  listField({
    name: 'recoveries',
    description: 'What was recovered, the newest first.',
    of: connectionOf('LossRecovery', LossRecovery, 'recoveries'),
    table: 'LossRecovery',
    order: NEWEST_FIRST,
    within: ({ id }: LossCase) => ({ caseId: id }),
    node: (row, { services }, { currency }): LossRecovery => ({ ...row, amount: services.amounts.money(row.amount, currency) }),
  }),
);
