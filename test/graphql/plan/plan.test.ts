/**
 * How every list of the API finds its rows, with every filter and every order it offers, on its first pages, its last
 * ones and deep in between: by an index, and without reading much more than it shows.
 */

import { rm } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import { graphql } from 'graphql';
import { createPlainState } from '../../../src/core/engine/genesis';
import { sightOf } from '../../../src/graphql/access/sight';
import { createDirectory } from '../../../src/graphql/live/directory';
import { amountsOf } from '../../../src/graphql/reading/amounts';
import type { Context, Services } from '../../../src/graphql/reading/context';
import type { Reading } from '../../../src/graphql/reading/reading';
import { schema } from '../../../src/graphql/schema';
import type { Roster } from '../../../src/sequencer/roster';
import { openPostgres, type Store } from '../../../src/store/client';
import type { PrismaClient } from '../../../src/store/generated/client';
import { migrate } from '../../../src/store/migrate';
import { instant } from '../../../src/units/quantity';
import { migratedFolder } from '../../support/embedded';
import { describePostgres } from '../../support/postgres';
import { FEW, fillEverything, SIZE } from './filled';
import { type Asked, everyList, listsOf } from './lists';
import { foundBy, type Recorded, recorded, type Statement } from './recorded';

const PAGE = 5;
/** Rows that one statement looks at: a small part of the smallest table, twice what has one value of a filter. */
const MOST_READ = 2_000;

/**
 * Calls in the order of their deadlines that were issued before an instant: no index is in one order and of the other
 * column, and how long after its issue a call is due is for each policy to say.
 */
const EXCEPTED = 'Query.marginCalls(to:';

const asked = everyList(schema());
const statements = new Map<string, Statement[]>();
let folder = '';
let database: PGlite;
let recording: Recorded;
const directory = createDirectory();

beforeAll(async () => {
  folder = await migratedFolder();
  database = await PGlite.create(folder);
  await fillEverything(sqlOf(database), schema());
  // The standard, of which the sample is larger than every table: what the planner knows is no matter of chance.
  await database.exec('SET default_statistics_target = 100; ANALYZE');
  recording = recorded(database);
  directory.load(await rosterIn(recording.prisma));
}, 120_000);
afterAll(async () => {
  await recording.prisma.$disconnect();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

/** What there is, as the engine would tell it. */
async function rosterIn({ currency, instrument, priceIndex, account }: PrismaClient): Promise<Roster> {
  const accounts = await account.findMany({ select: { id: true, memberId: true, currency: true } });
  const decimal = (value: { toFixed(): string }): string => value.toFixed();
  return {
    ...{ seq: 0, keys: [], proposals: [], currencies: await currency.findMany() },
    indices: (await priceIndex.findMany()).map(({ id, tick }) => ({ id, tick: decimal(tick) })),
    instruments: (await instrument.findMany()).map(({ id, tick, lot, multiplier, settlement }) => ({
      ...{ id, settlement, tick: decimal(tick), lot: decimal(lot), multiplier: decimal(multiplier) },
    })),
    accounts: {
      ids: accounts.map(({ id }) => id),
      members: accounts.map(({ memberId }) => memberId),
      currencies: accounts.map((each) => each.currency),
    },
  };
}

const sqlOf = (on: PGlite) => ({
  exec: async (script: string) => void (await on.exec(script)),
  query: async <Row>(text: string, values: readonly unknown[] = []) => (await on.query<Row>(text, [...values])).rows,
});

function contextOf({ role, member }: Asked): Context {
  const actor = { id: 'caller', role, member };
  const reading: Reading = {
    ...{ seq: SIZE.many, at: instant(0), fresh: true, db: recording.prisma },
    viewOf: async () => undefined,
    viewWith: async () => undefined,
    marketOf: async () => createPlainState(),
    debtsView: async () => createPlainState(),
  };
  const services = { directory, amounts: amountsOf(directory) } as unknown as Services;
  const nothing = async (): Promise<void> => undefined;
  return {
    actor,
    sight: sightOf(actor),
    services,
    notBefore: () => undefined,
    oldest: () => 0,
    read: async () => reading,
    readAfter: nothing,
    close: nothing,
  };
}

interface Page {
  readonly pageInfo: { readonly startCursor: string | null; readonly endCursor: string | null };
}

const tablesOf = ({ text }: Statement): string[] =>
  [...text.matchAll(/(?:FROM|JOIN) (?:"public"\.)?"(\w+)"/g)].map(([, table]) => table ?? '');

/** Asks for a page and keeps its statements. Lists of what was set up by hand are of no concern: undefined. */
async function askFor(list: Asked, page: string): Promise<Page | undefined> {
  recording.taken();
  const { data, errors } = await graphql({
    schema: schema(),
    source: list.document(page),
    contextValue: contextOf(list),
  });
  const all = recording.taken().filter(({ text }) => text.startsWith('SELECT'));
  if (all.length > 0 && all.every((statement) => tablesOf(statement).every((table) => FEW.has(table))))
    return undefined;
  if (errors)
    throw new Error(`${list.document(page)}: ${errors[0]?.message} ${errors[0]?.originalError?.stack?.split('\n')[1]}`);
  statements.set(`${list.name} ${page.replace(/"[^"]*"/, 'a cursor')}`, all);
  const found = list.path.reduce<unknown>(
    (value, step) => (value as Record<string, unknown> | undefined)?.[step],
    data,
  );
  if (!found) throw new Error(`${list.name} is not in the answer`);
  return found as Page;
}

test('there are lists in the schema', () => {
  expect(new Set(asked.map(({ list }) => list))).toEqual(new Set(listsOf(schema())));
});

test('every list is asked for', async () => {
  const problems: unknown[] = [];
  for (const list of asked) {
    try {
      const first = await askFor(list, `first: ${PAGE}`);
      const last = await askFor(list, `last: ${PAGE}`);
      // From the far end: everything but a page lies before it, or after it.
      if (!list.deep) continue;
      const startCursor = last?.pageInfo.startCursor;
      const endCursor = first?.pageInfo.endCursor;
      if (startCursor) await askFor(list, `first: ${PAGE}, after: "${startCursor}"`);
      if (endCursor) await askFor(list, `last: ${PAGE}, before: "${endCursor}"`);
    } catch (error) {
      problems.push(`${list.name}: ${error}`);
    }
  }
  expect(problems).toEqual([]);
}, 120_000);

test('what the nodes of a list lead to is asked for once, not node by node', async () => {
  recording.taken();
  const source = '{ positions(first: 50) { nodes { instrument { id } account { id member { id } } } } }';
  const caller = { role: 'ADMIN', member: null } as Asked;
  const { errors } = await graphql({ schema: schema(), source, contextValue: contextOf(caller) });
  expect(errors).toBeUndefined();
  const tables = recording.taken().flatMap(tablesOf);
  expect(tables.filter((table) => table !== 'Account').sort()).toEqual(['Instrument', 'Member', 'Position']);
});

/** What is wrong with how the statements find their rows. */
async function faultsOf(explain: (statement: Statement) => Promise<unknown>): Promise<string[]> {
  const faults: string[] = [];
  for (const [name, of] of statements) {
    if (name.startsWith(EXCEPTED)) continue;
    for (const statement of of) {
      const { scanned, read } = foundBy(await explain(statement));
      const large = scanned.filter((table) => !FEW.has(table));
      if (large.length > 0 || read > MOST_READ)
        faults.push(`${name}: reads ${read}${large.length > 0 ? `, from end to end ${large}` : ''}\n${statement.text}`);
    }
  }
  return faults;
}

const EXPLAIN = 'EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF, FORMAT JSON)';

test('the embedded database finds their rows by an index', async () => {
  const explain = async ({ text, values }: Statement): Promise<unknown> => {
    const { rows } = await database.query<{ 'QUERY PLAN': unknown }>(`${EXPLAIN} ${text}`, [...values]);
    return rows[0]?.['QUERY PLAN'];
  };
  expect(await faultsOf(explain)).toEqual([]);
}, 120_000);

describePostgres('a server', (of) => {
  let store: Store;
  beforeAll(async () => {
    store = await openPostgres(of.url);
    await migrate(store);
    await store.transaction((sql) => fillEverything(sql, schema()));
    await store.alone('SET default_statistics_target = 100; ANALYZE');
  }, 120_000);
  afterAll(() => store.close());

  test('finds their rows by an index', async () => {
    const explain = ({ text, values }: Statement): Promise<unknown> =>
      store.transaction(
        async ({ query }) => (await query<{ 'QUERY PLAN': unknown }>(`${EXPLAIN} ${text}`, values))[0]?.['QUERY PLAN'],
      );
    expect(statements.size).toBeGreaterThan(100);
    expect(await faultsOf(explain)).toEqual([]);
  }, 120_000);
});
