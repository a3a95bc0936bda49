/** Liquidators with what they have done, their claims, what they took and what they were paid.  Rules: LI-1, LI-2, LI-5 */

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
import { byFlag, byId, byOneOf, fieldsOf, list, listField, resolversOf } from '../../reading/list';
import { ascending, descending, IN_ORDER } from '../../reading/page';
import { inSight, operatedBy } from '../../reading/scoped';
import { enumOf } from '../../schema/enums';
import { Amount, Flag, Id, Of, OPTIONAL, Rate, SeqNo, Span, When, Whole } from '../../schema/fields';

export const LiquidationClaimStatus = enumOf<'OPEN' | 'TAKEN' | 'EXPIRED' | 'RELEASED'>(
  'LiquidationClaimStatus',
  'How a claim stands, or how it ended.',
  {
    OPEN: 'It keeps others out.',
    TAKEN: 'The order was taken whole.',
    EXPIRED: 'Its time was up: the penalty was taken from the deposit.',
    RELEASED: 'The order was not needed any more.',
  },
);

@Reached()
@ObjectType({ description: 'An account that may claim and take what is offered. Its amounts are in the currency of the account.' })
export class Liquidator {
  @Id('The account.')
  accountId!: string;

  @Id('Currency of its amounts.')
  currency!: string;

  @Id('Key of a liquidator that may act for it besides its brokers.', OPTIONAL)
  operator!: string | null;

  @Flag('Whether it is on the list now.')
  active!: boolean;

  @When('When it was first put on the list.')
  since!: Date;

  @Amount('What it has put down.')
  deposit!: string;

  @Whole('Claims it made.')
  claims!: number;

  @Whole('Claims of it that expired.')
  expiredClaims!: number;

  @Whole('Times it took something.')
  takes!: number;

  @Whole('Takes whose liquidation restored the account.')
  completed!: number;

  @Span('From the offer to its take, on average, rounded down; null before the first.', OPTIONAL)
  averageWait!: number | null;

  @Amount('Shares of liquidation fees it was paid.')
  feeShares!: string;

  @Amount('Rewards it was paid.')
  rewards!: string;

  @Amount('Taken from its deposit.')
  penalties!: string;
}

@Reached()
@ObjectType({ description: 'A claim of a liquidator on an order: until it ends nobody else may take it.' })
export class LiquidationClaim {
  @Id('The order.')
  orderId!: string;

  @Id('The liquidator.')
  liquidatorId!: string;

  @When('When it was claimed.')
  claimedAt!: Date;

  @When('When it lets others in again.')
  expiresAt!: Date;

  @Of(() => LiquidationClaimStatus, 'How it stands, or how it ended.')
  status!: string;

  @Amount('Taken from the deposit, in the currency of the liquidator.')
  penalty!: string;

  @When('When it ended.', OPTIONAL)
  endedAt!: Date | null;
}

@Reached()
@ObjectType({ description: 'What a liquidator took. Its amounts are in the settlement currency of the instrument.' })
export class LiquidationTake {
  @SeqNo('Journal entry that made it.')
  seq!: bigint;

  @When('When.')
  at!: Date;

  @Id('The order.')
  orderId!: string;

  @Id('The liquidation.')
  liquidationId!: string;

  @Id('Account that was reduced; null where the caller may not see it.', OPTIONAL)
  accountId!: string | null;

  @Id('The liquidator.')
  liquidatorId!: string;

  @Id('The instrument.')
  instrumentId!: string;

  @Id('The trade.')
  tradeId!: string;

  @Amount('Contracts traded by the account, buy above zero.')
  size!: string;

  @Span('Since the offer.')
  waited!: number;

  @Rate('Share of the notional offered then.')
  rate!: string;

  @Amount('Share of the fee, paid at once.')
  feeShare!: string;

  @Amount('Reward that is held until the account is restored.')
  rewardDue!: string;
}

@Reached()
@ObjectType({ description: 'What became of a reward when its liquidation ended.' })
export class LiquidatorReward {
  @SeqNo('Journal entry that paid it.')
  seq!: bigint;

  @When('When.')
  at!: Date;

  @Id('The order.')
  orderId!: string;

  @Id('The liquidation.')
  liquidationId!: string;

  @Id('The liquidator.')
  liquidatorId!: string;

  @Id('Currency of its amounts.')
  currency!: string;

  @Flag('Whether the account was restored: nothing is paid where it was not.')
  restored!: boolean;

  @Amount('What was due.')
  due!: string;

  @Amount('What was paid: what the account could spare above its target.')
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

export const LiquidatorQueries = resolversOf(
  list({
    name: 'liquidators',
    description: 'Liquidators with what they have done, by account: those the caller may act for, or all.',
    of: connectionOf('Liquidator', Liquidator, 'liquidators'),
    access: LIQUIDATOR_READERS,
    table: 'Liquidator',
    order: ascending({ accountId: 'text' }),
    filters: {
      account: byId('This account only.', 'accountId'),
      active: byFlag('Only those on the list now, or only those that are not.'),
    },
    scope: (context) => [own(context, 'accountId')],
    node: liquidatorOf,
  }),
  list({
    name: 'liquidationClaims',
    description: 'Claims on orders, the newest first: of liquidators the caller may act for, or all.',
    of: connectionOf('LiquidationClaim', LiquidationClaim, 'claims of liquidators'),
    access: LIQUIDATOR_READERS,
    table: 'LiquidationClaim',
    order: descending({ claimedAt: 'date', orderId: 'text', liquidatorId: 'text' }),
    filters: { status: byOneOf(LiquidationClaimStatus, 'In one of these statuses only.') },
    scope: (context) => [own(context, 'liquidatorId')],
    node: claimOf,
  }),
);

export const LiquidatorFields = fieldsOf(
  Liquidator,
  listField({
    name: 'taken',
    description: 'What it took, in order.',
    of: connectionOf('LiquidationTake', LiquidationTake, 'takes'),
    table: 'LiquidationTake',
    order: IN_ORDER,
    within: ({ accountId }: Liquidator) => ({ liquidatorId: accountId }),
    node: takeOf,
  }),
  listField({
    name: 'paid',
    description: 'What became of its rewards, in order.',
    of: connectionOf('LiquidatorReward', LiquidatorReward, 'rewards'),
    table: 'LiquidatorReward',
    order: IN_ORDER,
    within: ({ accountId }: Liquidator) => ({ liquidatorId: accountId }),
    node: rewardOf,
  }),
);
