/**
 * Liquidators with what they have done, their claims, what they took and what they were paid.  Rules: LI-1, LI-2, LI-5
 */

import { ObjectType } from 'type-graphql';
import type {
  LiquidationClaim as ClaimRow,
  LiquidatorReward as RewardRow,
  Liquidator as Row,
  LiquidationTake as TakeRow,
} from '../../../store/generated/client';
import { ACCOUNT_READERS, Reached } from '../../access/policy';
import { shownAccount } from '../../position/trade';
import { shortest } from '../../reading/amounts';
import { connectionOf } from '../../reading/connection';
import type { Context } from '../../reading/context';
import { Ref } from '../../reading/link';
import { byFlag, byId, byOneOf, fieldsOf, list, listField, resolversOf } from '../../reading/list';
import { Node } from '../../reading/node';
import { ascending, descending, IN_ORDER } from '../../reading/page';
import { inSight, operatedBy } from '../../reading/scoped';
import { enumOf } from '../../schema/enums';
import { Amount, Flag, Id, Of, OPTIONAL, Rate, SeqNo, Span, When, Whole } from '../../schema/fields';

export const LiquidationClaimStatus = enumOf<'OPEN' | 'TAKEN' | 'EXPIRED' | 'RELEASED'>(
  'LiquidationClaimStatus',
  'The status of a claim.',
  {
    OPEN: 'It keeps others out.',
    TAKEN: 'The order was taken whole.',
    EXPIRED: 'Its time was up. The penalty was taken from the deposit.',
    RELEASED: 'The order was not needed any more.',
  },
);

@Reached()
@ObjectType({
  description:
    'A liquidator: an account that may claim and take orders. Its amounts are in the currency of the account.',
  implements: Node,
})
export class Liquidator {
  @Ref('Account', 'The account.')
  accountId!: string;

  @Id('Currency of the amounts.')
  currency!: string;

  @Id('The key of a liquidator that may act for it, besides its brokers.', OPTIONAL)
  operator!: string | null;

  @Flag('Whether it is registered now.')
  active!: boolean;

  @When('When it was first registered.')
  since!: Date;

  @Amount('Its deposit.')
  deposit!: string;

  @Whole('Number of claims that it made.')
  claims!: number;

  @Whole('Number of its claims that expired.')
  expiredClaims!: number;

  @Whole('Number of its takes.')
  takes!: number;

  @Whole('Number of its takes whose liquidation restored the account.')
  completed!: number;

  @Span('The mean time from the offer to its take, rounded down. Null before the first take.', OPTIONAL)
  averageWait!: number | null;

  @Amount('The sum of its shares of liquidation fees.')
  feeShares!: string;

  @Amount('The sum of its rewards.')
  rewards!: string;

  @Amount('The sum of the penalties taken from its deposit.')
  penalties!: string;
}

@Reached()
@ObjectType({
  description: 'A claim of a liquidator on an order. Until it ends nobody else may take the order.',
  implements: Node,
})
export class LiquidationClaim {
  @Ref('LiquidationOrder', 'The order.')
  orderId!: string;

  @Ref('Liquidator', 'The liquidator.')
  liquidatorId!: string;

  @When('When it was claimed.')
  claimedAt!: Date;

  @When('When it expires.')
  expiresAt!: Date;

  @Of(() => LiquidationClaimStatus, 'The status of the call.')
  status!: string;

  @Amount('The penalty taken from the deposit, in the currency of the liquidator.')
  penalty!: string;

  @When('When it ended.', OPTIONAL)
  endedAt!: Date | null;
}

@Reached()
@ObjectType({ description: 'A take of a liquidator. Its amounts are in the settlement currency of the instrument.' })
export class LiquidationTake {
  @SeqNo('Journal entry that made it.')
  seq!: bigint;

  @When('House time at which it happened.')
  at!: Date;

  @Ref('LiquidationOrder', 'The order.')
  orderId!: string;

  @Ref('Liquidation', 'The liquidation.')
  liquidationId!: string;

  @Ref('Account', 'The account that was reduced. Null if the caller may not see it.', OPTIONAL)
  accountId!: string | null;

  @Ref('Liquidator', 'The liquidator.')
  liquidatorId!: string;

  @Ref('Instrument', 'The instrument.')
  instrumentId!: string;

  @Id('The trade.')
  tradeId!: string;

  @Amount('Contracts that the account traded, signed: above zero is a buy.')
  size!: string;

  @Span('The time since the offer.')
  waited!: number;

  @Rate('The share of the notional that was offered then.')
  rate!: string;

  @Amount('The share of the fee, paid at once.')
  feeShare!: string;

  @Amount('The reward, held until the account is restored.')
  rewardDue!: string;
}

@Reached()
@ObjectType({ description: 'A reward when its liquidation ended.' })
export class LiquidatorReward {
  @SeqNo('Journal entry that paid it.')
  seq!: bigint;

  @When('House time at which it happened.')
  at!: Date;

  @Ref('LiquidationOrder', 'The order.')
  orderId!: string;

  @Ref('Liquidation', 'The liquidation.')
  liquidationId!: string;

  @Ref('Liquidator', 'The liquidator.')
  liquidatorId!: string;

  @Id('Currency of the amounts.')
  currency!: string;

  @Flag('Whether the account was restored. If it was not, nothing is paid.')
  restored!: boolean;

  @Amount('The reward due.')
  due!: string;

  @Amount('The reward paid: what the account could spare above its target.')
  amount!: string;
}

export function liquidatorOf(row: Row, { services }: Context): Liquidator {
  const { money } = services.amounts;
  const { currency, takes, waitedMs } = row;
  return {
    ...row,
    deposit: money(row.deposit, currency),
    averageWait: takes === 0 ? null : Number(waitedMs / BigInt(takes)),
    feeShares: money(row.feeShares, currency),
    rewards: money(row.rewards, currency),
    penalties: money(row.penalties, currency),
  };
}

export function claimOf(row: ClaimRow, { services }: Context): LiquidationClaim {
  const currency = services.directory.account(row.liquidatorId)?.currency ?? '';
  return { ...row, penalty: services.amounts.money(row.penalty, currency) };
}

export function takeOf(row: TakeRow, context: Context): LiquidationTake {
  const { amounts, directory } = context.services;
  const { settlement } = directory.instrument(row.instrumentId);
  return {
    ...row,
    tradeId: row.trade,
    accountId: shownAccount(context, row.accountId),
    size: amounts.size(row.size, row.instrumentId),
    waited: Number(row.waitedMs),
    rate: shortest(row.rate),
    feeShare: amounts.money(row.feeShare, settlement),
    rewardDue: amounts.money(row.rewardDue, settlement),
  };
}

function rewardOf(row: RewardRow, { services }: Context): LiquidatorReward {
  const { money } = services.amounts;
  return { ...row, due: money(row.due, row.currency), amount: money(row.amount, row.currency) };
}

export const LIQUIDATOR_READERS = [...ACCOUNT_READERS, 'LIQUIDATOR'] as const;

/** Of the caller's accounts; of a liquidator's key those that name it. */
const own = ({ actor, sight }: Context, column: string) =>
  actor.role === 'LIQUIDATOR' ? operatedBy(actor.id, column) : inSight(sight, column);

export async function readLiquidator(context: Context, accountId: string): Promise<Liquidator | null> {
  const row = await (await context.read()).db.liquidator.findUnique({ where: { accountId } });
  return row && liquidatorOf(row, context);
}

resolversOf(
  list({
    name: 'liquidators',
    key: { accountId: ({ accountId }) => accountId },
    description: 'Liquidators with their statistics, by account. Staff see all, others those they may act for.',
    of: connectionOf('Liquidator', Liquidator, 'liquidators'),
    access: LIQUIDATOR_READERS,
    table: 'Liquidator',
    order: ascending({ accountId: 'text' }),
    filters: {
      account: byId('Only this account.', 'accountId'),
      active: byFlag('Only registered liquidators, or only those that are not.'),
    },
    scope: (context) => [own(context, 'accountId')],
    node: liquidatorOf,
  }),
  list({
    name: 'liquidationClaims',
    key: { orderId: ({ orderId }) => orderId, liquidatorId: ({ liquidatorId }) => liquidatorId },
    description: 'Claims on orders, the newest first. Staff see all, others those of liquidators they may act for.',
    of: connectionOf('LiquidationClaim', LiquidationClaim, 'claims of liquidators'),
    access: LIQUIDATOR_READERS,
    table: 'LiquidationClaim',
    order: descending({ claimedAt: 'date', orderId: 'text', liquidatorId: 'text' }),
    filters: { status: byOneOf(LiquidationClaimStatus, 'Only calls with one of these statuses.') },
    scope: (context) => [own(context, 'liquidatorId')],
    node: claimOf,
  }),
);

export const LiquidatorFields = fieldsOf(
  Liquidator,
  listField({
    name: 'taken',
    description: 'The takes of the liquidator, in order.',
    of: connectionOf('LiquidationTake', LiquidationTake, 'takes'),
    table: 'LiquidationTake',
    order: IN_ORDER,
    within: ({ accountId }: Liquidator) => ({ liquidatorId: accountId }),
    node: takeOf,
  }),
  listField({
    name: 'paid',
    description: 'The rewards of the liquidator, in order.',
    of: connectionOf('LiquidatorReward', LiquidatorReward, 'rewards'),
    table: 'LiquidatorReward',
    order: IN_ORDER,
    within: ({ accountId }: Liquidator) => ({ liquidatorId: accountId }),
    node: rewardOf,
  }),
);
