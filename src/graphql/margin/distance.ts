/**
 * How far accounts are from their levels: the nearest first, and the place of one account among all.  Rules: RLM-3,
 * AH-1
 */

import { Args, ArgsType, Ctx, FieldResolver, ID, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { marginText } from '../../core/margin/health';
import type { Distance, NearAccount, Nearest, Rung } from '../../core/risk/question';
import type { House } from '../../sequencer/house';
import { approximate, compareRatios, type Ratio as Fraction, parseRatio } from '../../units/ratio';
import { ACCOUNT_READERS, Access, Reached } from '../access/policy';
import type { Sight } from '../access/sight';
import { badInput } from '../error/problem';
import { batched } from '../reading/batch';
import { type Connection, connectionOf } from '../reading/connection';
import type { Context, Services } from '../reading/context';
import { Ref } from '../reading/link';
import { LARGEST_PAGE } from '../reading/page';
import { Account, AccountStatus } from '../reference/account';
import { openCursor, sealCursor } from '../scalar/place';
import { Ratio } from '../scalar/ratio';
import { enumOf } from '../schema/enums';
import { ABSENT, Amount, Id, MayTake, Of, OPTIONAL, Place, Rate, SeqNo, When, Whole } from '../schema/fields';

const STANDARD_LEVEL: Rung = 'CLOSE_OUT';

/**
 * Why not in prices: of a short inverse position what is left over a level is convex in them, and has no exact root.
 */
const RECIPROCAL =
  'For an inverse contract the reciprocal of the price moves by the share s. ' +
  'The price of a long position goes to 1 / (1 + s) of itself, that of a short one to 1 / (1 - s).';

export const RiskLevel = enumOf<Rung>('RiskLevel', 'A level of the margin ladder, to which the distance is measured.', {
  WARNING: 'The first warning.',
  CALL: 'The margin call.',
  CLOSE_OUT: 'The close-out. Below it liquidation starts.',
});

const DIGITS = 12;

@Reached()
@ObjectType({
  description: 'An account and its distance to a level of its margin ladder. Amounts are in its currency.',
})
export class AccountDistance {
  @Id('The account.')
  account!: string;

  @Ref('Member', 'The member of the account.')
  memberId!: string;

  @Id('Currency of the amounts.')
  currency!: string;

  @Of(() => AccountStatus, 'The status of the account.')
  status!: string;

  @Rate(
    'The share by which every price has to move against the account until equity meets the ' +
      'level, to 12 digits. 0 if equity is below it already. ' +
      RECIPROCAL,
  )
  distance!: string;

  @Whole('The rank: 1 is the nearest. Among equals the smaller id comes first.')
  rank!: number;

  @Rate('Equity, exact.')
  equity!: string;

  @Rate('The level as an amount, rounded up at 12 digits past the smallest unit.')
  level!: string;

  @Rate('Equity less the level, signed.')
  buffer!: string;

  @Amount('Gross notional: the sum of the notionals of its positions, without sign.')
  grossNotional!: string;
}

const AccountDistanceConnection = connectionOf('AccountDistance', AccountDistance, 'accounts by distance');

@ArgsType()
class DistanceArgs {
  @Of(() => RiskLevel, 'The level to measure to.', { defaultValue: STANDARD_LEVEL })
  level!: Rung;

  @Of(() => Ratio, 'Only accounts within this distance, such as `"0.05"`.', ABSENT)
  within!: string | null;

  @Of(() => ID, 'Only accounts of this member.', ABSENT)
  member!: string | null;

  @Whole('How many accounts to list, 1 to 100.')
  first!: number;

  @Place('Only accounts after this cursor.', ABSENT)
  after!: string | null;
}

const ALL: Fraction = { numerator: 1n, denominator: 1n };

/** Whose accounts are counted; '' is nobody's. */
const memberIn = (sight: Sight, asked: string | null): string | null => {
  if (sight.accounts === 'ALL') return asked;
  return sight.accounts === 'MEMBER' && (asked === null || asked === sight.member) ? sight.member : '';
};

/** Errors: BAD_USER_INPUT. */
function readWithin(within: string | null): Fraction {
  if (within === null) return ALL;
  const share = parseRatio(within);
  if (share.numerator < 0n || compareRatios(share, ALL) > 0) throw badInput('`within` is a share from 0 to 1.');
  return share;
}

/** Errors: BAD_USER_INPUT. */
function readPlace(cursor: string | null, level: Rung): { share: Fraction; account: string } | null {
  if (cursor === null) return null;
  const [list, share, account, ...more] = openCursor(cursor);
  const isOurs =
    list === `distance.${level}` && typeof share === 'string' && typeof account === 'string' && more.length === 0;
  if (!isOurs || !/^\d+\/\d+$/.test(share) || share.endsWith('/0'))
    throw badInput('This cursor belongs to another list.');
  return { share: parseRatio(share), account };
}

const cursorOf = ({ share, account }: NearAccount, level: Rung): string =>
  sealCursor([`distance.${level}`, `${share.numerator}/${share.denominator}`, account]);

function shown(near: NearAccount, { amounts, directory }: Services): AccountDistance {
  const exact = (amount: NearAccount['equity']): string => marginText(amount, directory.scaleOf(near.currency));
  const { account, member, currency, status, share, rank } = near;
  return {
    ...{ account, memberId: member, currency, status, rank },
    distance: approximate(share.numerator, share.denominator, DIGITS),
    equity: exact(near.equity),
    level: exact(near.level),
    buffer: exact(near.buffer),
    grossNotional: amounts.cash(near.notional, currency),
  };
}

function connected(nearest: Nearest, { level, after }: DistanceArgs, services: Services): Connection<AccountDistance> {
  const edges = nearest.list.map((near) => ({ cursor: cursorOf(near, level), node: shown(near, services) }));
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage: nearest.more,
      hasPreviousPage: after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    asOf: { seq: nearest.seq, at: nearest.at, fresh: true },
    count: () => Promise.resolve(nearest.within ?? 0),
  };
}

@Resolver()
export class DistanceQueries {
  @Access(...ACCOUNT_READERS)
  @Query(() => AccountDistanceConnection, {
    complexity: 200,
    description:
      'Margin accounts by distance to a level, the nearest first. The distance is the smallest ' +
      'share by which every price has to move against the account, each position against its ' +
      'holder. An account that no move up to the whole of every price brings to the level is left ' +
      'out. A broker sees the accounts of its member. The engine itself answers: the list has its ' +
      'own `asOf`, which may be later than that of the rest.',
  })
  async accountsByDistance(
    @Args(() => DistanceArgs) args: DistanceArgs,
    @Ctx() context: Context,
  ): Promise<Connection<AccountDistance>> {
    const { level, within, member, first, after } = args;
    if (first < 1 || first > LARGEST_PAGE) throw badInput(`A page has 1 to ${LARGEST_PAGE} items.`);
    const nearest = await context.services.house.risk({
      type: 'NEAREST',
      rung: level,
      within: readWithin(within),
      member: memberIn(context.sight, member),
      first,
      after: readPlace(after, level),
    });
    return connected(nearest, args, context.services);
  }
}

@Reached()
@ObjectType({
  description: 'The distance of an account to a level, and its rank among the accounts that the caller sees.',
})
export class LiquidationDistance {
  @SeqNo('The journal entry of the engine that it is as of. It may be later than that of the rest of the answer.')
  seq!: number;

  @When('House time of that entry.')
  at!: number;

  @Rate(
    'The share by which every price has to move against the account until equity meets the ' +
      'level, to 12 digits. Null if no share up to 1 does it. ' +
      RECIPROCAL,
    OPTIONAL,
  )
  share!: string | null;

  @Whole('The rank by distance: 1 is the nearest. Null if the account has no distance.', OPTIONAL)
  rank!: number | null;

  @Whole('Number of accounts that are ranked.')
  accounts!: number;
}

type Asked = (account: string) => Promise<LiquidationDistance | null>;

/** What is asked at the same time about the same level is one question to the house. */
const askers = new WeakMap<House, Map<string, Asked>>();

function askerOf(house: House, rung: Rung, member: string | null): Asked {
  const known = askers.get(house) ?? new Map<string, Asked>();
  askers.set(house, known);
  const key = JSON.stringify([rung, member]);
  const asked =
    known.get(key) ?? batched<string, LiquidationDistance | null>((ids) => distancesOf(house, rung, member, ids));
  known.set(key, asked);
  return asked;
}

async function distancesOf(
  house: House,
  rung: Rung,
  member: string | null,
  ids: readonly string[],
): Promise<(LiquidationDistance | null)[]> {
  const found = new Map<string, LiquidationDistance>();
  const unique = [...new Set(ids)];
  for (let from = 0; from < unique.length; from += LARGEST_PAGE) {
    const some = unique.slice(from, from + LARGEST_PAGE);
    const { seq, at, accounts, list } = await house.risk({ type: 'DISTANCES', rung, accounts: some, member });
    const of = ({ share, rank }: Distance): LiquidationDistance => ({
      ...{ seq, at, accounts, rank },
      share: share && approximate(share.numerator, share.denominator, DIGITS),
    });
    for (const distance of list) found.set(distance.account, of(distance));
  }
  return ids.map((id) => found.get(id) ?? null);
}

@Resolver(() => Account)
export class AccountDistanceField {
  @FieldResolver(() => LiquidationDistance, {
    nullable: true,
    complexity: 50,
    description:
      'The distance to a level of the margin ladder, and the rank among all accounts that the ' +
      'caller sees. Null for a close-out account.',
  })
  liquidationDistance(
    @Root() { id }: Account,
    @MayTake('level', () => RiskLevel, 'The level to measure to.', STANDARD_LEVEL) level: Rung | null,
    @Ctx() { services, sight }: Context,
  ): Promise<LiquidationDistance | null> {
    return askerOf(services.house, level ?? STANDARD_LEVEL, memberIn(sight, null))(id);
  }
}
