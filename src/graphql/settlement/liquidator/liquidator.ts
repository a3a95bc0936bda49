/** Liquidators with what they have done, their claims, what they took and what they were paid.  Rules: LI-1, LI-2, LI-5 */

import { Args, Ctx, FieldResolver, ID, ObjectType, Query, Resolver, Root } from 'type-graphql';
import type {
  LiquidationClaim as ClaimRow,
  LiquidatorReward as RewardRow,
  Liquidator as Row,
  LiquidationTake as TakeRow,
} from '../../../store/generated/client';
import { ACCOUNT_READERS, Access, Reached } from '../../access/policy';
import { shownAccount } from '../../position/trade';
import { shortest } from '../../reading/amounts';
import { type Connection, connectionOf, PageArgs } from '../../reading/connection';
import type { Context } from '../../reading/context';
import { type KeyColumn, pageOf } from '../../reading/page';
import { among, equals, inSight, operatedBy, scopedPageOf } from '../../reading/scoped';
import { enumOf } from '../../schema/enums';
import { Amount, Flag, Id, MayTake, Of, OPTIONAL, Rate, SeqNo, Span, When, Whole } from '../../schema/fields';

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

export const LiquidatorConnection = connectionOf('Liquidator', Liquidator, 'liquidators');
export const LiquidationClaimConnection = connectionOf('LiquidationClaim', LiquidationClaim, 'claims of liquidators');
export const LiquidationTakeConnection = connectionOf('LiquidationTake', LiquidationTake, 'takes');
export const LiquidatorRewardConnection = connectionOf('LiquidatorReward', LiquidatorReward, 'rewards');

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

const BY_ACCOUNT: readonly KeyColumn[] = [{ field: 'accountId', type: 'text' }];
const NEWEST_CLAIM_FIRST: readonly KeyColumn[] = [
  { field: 'claimedAt', type: 'date', descending: true },
  { field: 'orderId', type: 'text', descending: true },
  { field: 'liquidatorId', type: 'text', descending: true },
];
const IN_ORDER: readonly KeyColumn[] = [
  { field: 'seq', type: 'bigint' },
  { field: 'place', type: 'int' },
];

export async function readLiquidator(context: Context, accountId: string): Promise<Liquidator | null> {
  const row = await (await context.read()).db.liquidator.findUnique({ where: { accountId } });
  return row && liquidatorOf(row, context);
}

@Resolver()
export class LiquidatorQueries {
  @Access(...LIQUIDATOR_READERS)
  @Query(() => LiquidatorConnection, {
    description: 'Liquidators with what they have done, by account: those the caller may act for, or all.',
  })
  async liquidators(
    @MayTake('account', () => ID, 'This account only.') account: string | null,
    @MayTake('active', () => Boolean, 'Only those on the list now, or only those that are not.') active: boolean | null,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<Liquidator>> {
    const where = [own(context, 'accountId'), equals('accountId', account), equals('active', active)];
    const node = (row: Row): Liquidator => liquidatorOf(row, context);
    return scopedPageOf(await context.read(), args, { table: 'Liquidator', order: BY_ACCOUNT, where, node });
  }

  @Access(...LIQUIDATOR_READERS)
  @Query(() => LiquidationClaimConnection, {
    description: 'Claims on orders, the newest first: of liquidators the caller may act for, or all.',
  })
  async liquidationClaims(
    @MayTake('status', () => [LiquidationClaimStatus], 'In one of these statuses only.') status: string[] | null,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<LiquidationClaim>> {
    const where = [own(context, 'liquidatorId'), among('status', status)];
    const node = (row: ClaimRow): LiquidationClaim => claimOf(row, context);
    return scopedPageOf(await context.read(), args, { table: 'LiquidationClaim', order: NEWEST_CLAIM_FIRST, where, node });
  }
}

@Resolver(() => Liquidator)
export class LiquidatorFields {
  @FieldResolver(() => LiquidationTakeConnection, { description: 'What it took, in order.' })
  async taken(
    @Root() { accountId }: Liquidator,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<LiquidationTake>> {
    const reading = await context.read();
    const node = (row: TakeRow): LiquidationTake => takeOf(row, context);
    return pageOf(reading, args, { table: reading.db.liquidationTake, order: IN_ORDER, where: { liquidatorId: accountId }, node });
  }

  @FieldResolver(() => LiquidatorRewardConnection, { description: 'What became of its rewards, in order.' })
  async paid(
    @Root() { accountId }: Liquidator,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<LiquidatorReward>> {
    const reading = await context.read();
    const node = (row: RewardRow): LiquidatorReward => rewardOf(row, context);
    return pageOf(reading, args, { table: reading.db.liquidatorReward, order: IN_ORDER, where: { liquidatorId: accountId }, node });
  }
}
