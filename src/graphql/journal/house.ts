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

export const HouseState = enumOf<'RUNNING' | 'DEGRADED' | 'STOPPED'>('HouseState', 'Whether the house can do its work.', {
  RUNNING: 'It takes commands, every price it decides on is live, and its read models follow.',
  DEGRADED:
    'It works, but prices that somebody depends on are stale and nothing is decided on those, its read models do not follow, or `troubles` keep it from taking every command.',
  STOPPED: 'It takes no commands.',
});

export const HouseTrouble = enumOf<Trouble['kind']>('HouseTrouble', 'What keeps the house from taking every command for a while.', {
  JOURNAL_AWAY: 'The journal cannot be written. Every command is answered with UNAVAILABLE until it can.',
  SPACE_LOW: 'The disk is nearly full. New business is answered with UNAVAILABLE; prices, calls and liquidations go on.',
});

@Reached()
@ObjectType({ description: 'How many accounts stand in one status.' })
export class StatusCount {
  @Of(() => AccountStatus, 'The status.')
  status!: string;

  @Whole('Accounts in it.')
  accounts!: number;
}

export const PriceKind = enumOf<'INSTRUMENT' | 'INDEX'>('PriceKind', 'What a price is of.', {
  INSTRUMENT: 'The mark of an instrument.',
  INDEX: 'An index.',
});

@Reached()
@ObjectType({ description: 'A price that is too old to decide on.' })
export class StalePrice {
  @Of(() => PriceKind, 'What it is of.')
  kind!: string;

  @Id('The instrument or the index.')
  id!: string;

  @When('When it was last live; null where it never was.', OPTIONAL)
  since!: Date | null;
}

@Reached()
@ObjectType({ description: 'The digest of the whole state of the house.' })
export class Digest {
  @SeqNo('Journal entry it is of.')
  seq!: number;

  @Text('SHA-256 of the state.')
  digest!: string;
}

@Reached()
@ObjectType({ description: 'The clearinghouse. What is said of the journal is of this moment; everything else is as of `asOf`.' })
export class House {
  @SeqNo('Last durable entry of the journal.')
  seq!: number;

  @Text('Hash of that entry: it stands for everything before it.')
  hash!: string;

  @When('House time of that entry.')
  now!: number;

  @When('When something is next due by the clock; null where nothing is.', OPTIONAL)
  nextDeadline!: number | null;

  @Whole('Commands waiting.')
  queued!: number;

  @Whole('Accounts that are to be acted on and wait for their turn, because one entry acts on so many at most.')
  backlog!: number;

  @Flag('Whether it takes commands.')
  running!: boolean;

  @Of(() => [HouseTrouble], 'Why not every command is taken now; empty where all are.')
  troubles!: string[];

  @Of(() => HouseClock, 'The clock that it goes by.')
  clock!: HouseClock;

  @Of(() => Retention, 'How long it remembers what it has done.')
  retention!: Retention;

  @Flag('Whether its time is moved by hand, with `advanceTime`.')
  manualClock!: boolean;
}

@Resolver()
export class HouseQueries {
  @Access(...ROLES)
  @Query(() => AsOf, { description: 'The journal entry this whole answer is as of.' })
  async asOf(@Ctx() context: Context): Promise<AsOf> {
    return asOf(await context.read());
  }

  @Access(...ROLES)
  @Query(() => House, { description: 'The clearinghouse as a whole.' })
  house(@Ctx() { services }: Context): House {
    const { seq, hash, now, nextDeadline, queued, backlog, running, troubles, retention, clock } = services.house.status();
    const kinds = troubles.map(({ kind }) => kind);
    const trouble = { troubles: kinds, clock: clockShown(clock), manualClock: services.clock !== null };
    return { seq, hash, now, nextDeadline, queued, backlog, running, retention, ...trouble };
  }
}

const readModelsIn = ({ services: { house, reader } }: Context): ReadModels => readModelsOf(reader.following(), house.status().seq);

async function stalePricesIn(context: Context): Promise<StalePrice[]> {
  const { db } = await context.read();
  const marks = await db.instrument.findMany({ where: { markStale: true, status: { not: 'EXPIRED' } }, orderBy: { id: 'asc' } });
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
  if (await db.position.findFirst({ where: { instrumentId: { in: concerned }, ...open }, select: { accountId: true } })) return true;
  // Collateral is valued by the index of its currency.
  const bases = (await db.priceIndex.findMany({ where: { id: { in: idsOf('INDEX') } }, select: { base: true } })).map(({ base }) => base);
  return (await db.collateralTerms.findFirst({ where: { currency: { in: bases } }, select: { currency: true } })) !== null;
}

@Resolver(() => House)
export class HouseFields {
  @FieldResolver(() => AsOf, { description: 'The journal entry the rest of the answer is as of.' })
  async asOf(@Ctx() context: Context): Promise<AsOf> {
    return asOf(await context.read());
  }

  @FieldResolver(() => HouseState, { complexity: 5, description: 'Whether it can do its work.' })
  async state(@Ctx() context: Context): Promise<string> {
    const { running, troubles } = context.services.house.status();
    if (!running) return 'STOPPED';
    const { following } = readModelsIn(context);
    return troubles.length > 0 || !following || (await waitsForPrice(context)) ? 'DEGRADED' : 'RUNNING';
  }

  @FieldResolver(() => ReadModels, { description: 'The read models: how far they are, and what keeps them.' })
  readModels(@Ctx() context: Context): ReadModels {
    return readModelsIn(context);
  }

  @FieldResolver(() => [StalePrice], { complexity: 5, description: 'Prices that are stale: nothing is decided on those.' })
  stalePrices(@Ctx() context: Context): Promise<StalePrice[]> {
    return stalePricesIn(context);
  }

  @Access(...STAFF)
  @FieldResolver(() => [StatusCount], {
    nullable: true,
    complexity: 20,
    description: 'How many accounts stand where on the ladder; for staff.',
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
    description: 'The digest of the whole state: two houses with the same journal have the same one. For administrators and auditors.',
  })
  digest(@Ctx() { services }: Context): Promise<Digest> {
    return services.house.digest();
  }
}
