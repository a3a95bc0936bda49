/** The house as a whole: how far it is, what time it is there, whether anything keeps it from deciding.  Rule: RLM-4 */

import { Ctx, FieldResolver, ObjectType, Query, Resolver } from 'type-graphql';
import type { Trouble } from '../../sequencer/house';
import { Access, Reached, ROLES, STAFF } from '../access/policy';
import { clockShown, HouseClock } from '../control/clock';
import { Retention } from '../control/retention';
import { AsOf, asOf } from '../reading/asOf';
import type { Context } from '../reading/context';
import { AccountStatus } from '../reference/account';
import { enumOf } from '../schema/enums';
import { Flag, Id, Of, OPTIONAL, SeqNo, Text, When, Whole } from '../schema/fields';
import { ReadModels, readModelsOf } from './readModels';

export const HouseState = enumOf<'RUNNING' | 'DEGRADED' | 'STOPPED'>(
  'HouseState',
  'Whether the house can do its work.',
  {
    RUNNING: 'The house takes commands, every price it needs is live, and its read models are up to date.',
    DEGRADED:
      'The house works, but with limits. A price that somebody depends on is stale and nothing is ' +
      'decided on it, the read models are behind, or `troubles` keep the house from taking every ' +
      'command.',
    STOPPED: 'The house takes no commands.',
  },
);

export const HouseTrouble = enumOf<Trouble['kind']>(
  'HouseTrouble',
  'A trouble that keeps the house from taking every command for a while.',
  {
    JOURNAL_AWAY: 'The journal cannot be written. Every command is answered with UNAVAILABLE until it can be.',
    SPACE_LOW:
      'The disk is nearly full. New business is answered with UNAVAILABLE. Prices, calls and liquidations go on.',
  },
);

@Reached()
@ObjectType({ description: 'The number of accounts in one status.' })
export class StatusCount {
  @Of(() => AccountStatus, 'The status.')
  status!: string;

  @Whole('Number of accounts in this status.')
  accounts!: number;
}

export const PriceKind = enumOf<'INSTRUMENT' | 'INDEX'>('PriceKind', 'The kind of price.', {
  INSTRUMENT: 'The mark price of an instrument.',
  INDEX: 'The price of an index.',
});

@Reached()
@ObjectType({ description: 'A price that is too old to decide on.' })
export class StalePrice {
  @Of(() => PriceKind, 'The kind of price.')
  kind!: string;

  @Id('The instrument or the index.')
  id!: string;

  @When('When the price was last live. Null if it never was.', OPTIONAL)
  since!: Date | null;
}

@Reached()
@ObjectType({ description: 'The digest of the whole state of the house.' })
export class Digest {
  @SeqNo('The journal entry of the digest.')
  seq!: number;

  @Text('SHA-256 of the state.')
  digest!: string;
}

@Reached()
@ObjectType({
  description: 'The clearinghouse. What it says of the journal is as of now. Everything else is as of `asOf`.',
})
export class House {
  @SeqNo('The last durable entry of the journal.')
  seq!: number;

  @Text('Hash of that entry. It covers every entry before it.')
  hash!: string;

  @When('House time of that entry.')
  now!: number;

  @When('The next deadline of the clock. Null if there is none.', OPTIONAL)
  nextDeadline!: number | null;

  @Whole('Number of commands that wait.')
  queued!: number;

  @Whole('Number of accounts that wait to be acted on. One entry acts on a limited number of accounts.')
  backlog!: number;

  @Flag('Whether the house takes commands.')
  running!: boolean;

  @Of(() => [HouseTrouble], 'Why the house does not take every command now. Empty if it does.')
  troubles!: string[];

  @Of(() => HouseClock, 'The clock of the house.')
  clock!: HouseClock;

  @Of(() => Retention, 'How long the house remembers what it has done.')
  retention!: Retention;

  @Flag('Whether the clock is manual, so that `advanceTime` moves it.')
  manualClock!: boolean;
}

@Resolver()
export class HouseQueries {
  @Access(...ROLES)
  @Query(() => AsOf, { description: 'The journal entry that the whole answer is as of.' })
  async asOf(@Ctx() context: Context): Promise<AsOf> {
    return asOf(await context.read());
  }

  @Access(...ROLES)
  @Query(() => House, { description: 'The clearinghouse as a whole.' })
  house(@Ctx() { services }: Context): House {
    const { seq, hash, now, nextDeadline, queued, backlog, running, troubles, retention, clock } =
      services.house.status();
    const kinds = troubles.map(({ kind }) => kind);
    const trouble = { troubles: kinds, clock: clockShown(clock), manualClock: services.clock !== null };
    return { seq, hash, now, nextDeadline, queued, backlog, running, retention, ...trouble };
  }
}

const readModelsIn = ({ services: { house, reader } }: Context): ReadModels =>
  readModelsOf(reader.following(), house.status().seq);

async function stalePricesIn(context: Context): Promise<StalePrice[]> {
  const { db } = await context.read();
  const marks = await db.instrument.findMany({
    where: { markStale: true, status: { not: 'EXPIRED' } },
    orderBy: { id: 'asc' },
  });
  const indices = await db.priceIndex.findMany({ where: { stale: true }, orderBy: { id: 'asc' } });
  return [
    ...marks.map(({ id, markAt }) => ({ kind: 'INSTRUMENT', id, since: markAt })),
    ...indices.map(({ id, at }) => ({ kind: 'INDEX', id, since: at })),
  ];
}

/** Whether anybody depends on a price that is stale: an instrument that nobody holds keeps the house from nothing. */
async function waitsForPrice(context: Context): Promise<boolean> {
  const stale = await stalePricesIn(context);
  if (stale.length === 0) return false;
  const idsOf = (kind: string): string[] => stale.filter((price) => price.kind === kind).map(({ id }) => id);
  const { db } = await context.read();
  const priced = { OR: [{ id: { in: idsOf('INSTRUMENT') } }, { indexId: { in: idsOf('INDEX') } }] };
  const concerned = (await db.instrument.findMany({ where: priced, select: { id: true } })).map(({ id }) => id);
  const open = { OR: [{ size: { not: 0 } }, { bids: { not: 0 } }, { asks: { not: 0 } }] };
  if (await db.position.findFirst({ where: { instrumentId: { in: concerned }, ...open }, select: { accountId: true } }))
    return true;
  // Collateral is valued by the index of its currency.
  const bases = (await db.priceIndex.findMany({ where: { id: { in: idsOf('INDEX') } }, select: { base: true } })).map(
    ({ base }) => base,
  );
  return (
    (await db.collateralTerms.findFirst({ where: { currency: { in: bases } }, select: { currency: true } })) !== null
  );
}

@Resolver(() => House)
export class HouseFields {
  @FieldResolver(() => AsOf, { description: 'The journal entry that the rest of the answer is as of.' })
  async asOf(@Ctx() context: Context): Promise<AsOf> {
    return asOf(await context.read());
  }

  @FieldResolver(() => HouseState, { complexity: 5, description: 'Whether the house can do its work.' })
  async state(@Ctx() context: Context): Promise<string> {
    const { running, troubles } = context.services.house.status();
    if (!running) return 'STOPPED';
    const { following } = readModelsIn(context);
    return troubles.length > 0 || !following || (await waitsForPrice(context)) ? 'DEGRADED' : 'RUNNING';
  }

  @FieldResolver(() => ReadModels, { description: 'How far the read models are, and what holds them up.' })
  readModels(@Ctx() context: Context): ReadModels {
    return readModelsIn(context);
  }

  @FieldResolver(() => [StalePrice], {
    complexity: 5,
    description: 'Stale prices. Nothing is closed on them, and they back no new risk.',
  })
  stalePrices(@Ctx() context: Context): Promise<StalePrice[]> {
    return stalePricesIn(context);
  }

  @Access(...STAFF)
  @FieldResolver(() => [StatusCount], {
    nullable: true,
    complexity: 20,
    description: 'The number of accounts in each status. Only staff may ask.',
  })
  async ladder(@Ctx() context: Context): Promise<StatusCount[]> {
    const { db } = await context.read();
    const groups = await db.account.groupBy({ by: ['status'], _count: { _all: true }, orderBy: { status: 'asc' } });
    return groups.map(({ status, _count }) => ({ status, accounts: _count._all }));
  }

  @Access('ADMIN', 'AUDITOR')
  @FieldResolver(() => Digest, {
    nullable: true,
    complexity: 500,
    description:
      'The digest of the whole state. Two houses with the same journal have the same digest. For ' +
      'administrators and auditors.',
  })
  digest(@Ctx() { services }: Context): Promise<Digest> {
    return services.house.digest();
  }
}
