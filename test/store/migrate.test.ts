/** The runner of migrations: what it applies, what it refuses, and that it never does half of one. */

import { readdirSync } from 'node:fs';
import { TABLES } from '../../src/projections/rows/rows';
import { openPostgres } from '../../src/store/client';
import {
  checksumOf,
  MIGRATIONS,
  type Migration,
  MigrationRefused,
  migrate,
  readMigrations,
} from '../../src/store/migrate';
import { createTestDatabase, describePostgres } from '../support/postgres';
import { type Blank, describeBlanks } from './blank';

const first: Migration = {
  name: '20260101000000_first',
  script: 'CREATE TABLE "A" ("id" INT PRIMARY KEY);\nINSERT INTO "A" VALUES (1);\n',
};
const second: Migration = {
  name: '20260102000000_second',
  script: 'CREATE TABLE "B" ("id" INT); -- the second; with a semicolon\n',
};
const third: Migration = { name: '20260103000000_third', script: 'ALTER TABLE "A" ADD COLUMN "more" TEXT;\n' };

const tablesOf = async (blank: Blank): Promise<string[]> => {
  const rows = await blank.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
};

const linesOf = (blank: Blank) =>
  blank.query<Record<string, unknown>>('SELECT * FROM _prisma_migrations ORDER BY migration_name');

test('the migrations of the program are its folders, in the order of their names', async () => {
  const migrations = await readMigrations();
  const folders = readdirSync(MIGRATIONS).filter((name) => /^\d{14}_\w+$/.test(name));
  expect(migrations.map(({ name }) => name)).toEqual(folders.sort());
  expect(migrations.every(({ script }) => script.length > 0)).toBe(true);
});

describeBlanks('the runner of migrations', (blank) => {
  test('makes every table from nothing, and a second run changes nothing', async () => {
    const all = (await readMigrations()).map(({ name }) => name);
    expect(await migrate(blank())).toEqual(all);
    expect(await tablesOf(blank())).toEqual(
      [...TABLES, 'JournalBlock', 'Snapshot', '_prisma_migrations'].sort(byBytes),
    );
    const before = await linesOf(blank());
    expect(before).toHaveLength(all.length);
    expect(await migrate(blank())).toEqual([]);
    expect(await linesOf(blank())).toEqual(before);
  });

  test('applies what is missing, in order, and nothing twice', async () => {
    expect(await migrate(blank(), [first])).toEqual([first.name]);
    expect(await migrate(blank(), [first, second, third])).toEqual([second.name, third.name]);
    expect(await blank().query('SELECT * FROM "A"')).toEqual([{ id: 1, more: null }]);
    const lines = await linesOf(blank());
    expect(lines.map((line) => [line['migration_name'], line['checksum'], line['applied_steps_count']])).toEqual(
      [first, second, third].map((migration) => [migration.name, checksumOf(migration), 1]),
    );
  });

  test('refuses a database that has had another script under a name it knows', async () => {
    await migrate(blank(), [first]);
    const changed = { ...first, script: `${first.script}-- changed\n` };
    await expectRefused(blank(), [changed, second], `Migration ${first.name} is not the one the database has had`);
  });

  test('refuses a database that has had a migration of a newer program', async () => {
    await migrate(blank(), [first, second]);
    await expectRefused(
      blank(),
      [first],
      `The database has migration ${second.name}, which this program does not know`,
    );
  });

  test('refuses a database in which a migration has failed, until it is marked as rolled back', async () => {
    await migrate(blank(), [first]);
    await blank().query('UPDATE _prisma_migrations SET finished_at = NULL, applied_steps_count = 0');
    await expectRefused(blank(), [first, second], `Migration ${first.name} failed before`);
    await blank().query('DROP TABLE "A"');
    await blank().query('UPDATE _prisma_migrations SET rolled_back_at = now()');
    expect(await migrate(blank(), [first, second])).toEqual([first.name, second.name]);
    expect(await linesOf(blank())).toHaveLength(3);
  });

  test('a script that fails leaves nothing behind, keeps what came before it, and can be tried again', async () => {
    const broken = {
      ...second,
      script: `${second.script}INSERT INTO "B" VALUES (1);\nINSERT INTO "Nowhere" VALUES (1);\n`,
    };
    await expect(migrate(blank(), [first, broken, third])).rejects.toThrow('Nowhere');
    expect(await tablesOf(blank())).toEqual(['A', '_prisma_migrations']);
    expect((await linesOf(blank())).map((line) => line['migration_name'])).toEqual([first.name]);
    expect(await migrate(blank(), [first, second, third])).toEqual([second.name, third.name]);
  });

  test('two at once apply each migration once between them', async () => {
    const all = [first, second, third];
    const names = (await Promise.all([migrate(blank(), all), migrate(blank(), all)])).flat();
    expect(names.sort(byBytes)).toEqual(all.map(({ name }) => name));
    expect(await blank().query('SELECT * FROM "A"')).toEqual([{ id: 1, more: null }]);
    expect(await linesOf(blank())).toHaveLength(3);
  });
});

describePostgres('the lock of migrations', (database) => {
  test('waits while Prisma migrates, which takes the same lock', async () => {
    const [store, other] = await Promise.all([openPostgres(database.url), openPostgres(database.url)]);
    let done = false;
    let running: Promise<unknown> | undefined;
    await other.transaction(async ({ query }) => {
      await query('SELECT pg_advisory_xact_lock(72707369)::text');
      running = migrate(store, [first]).finally(() => {
        done = true;
      });
      const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'`;
      await waitUntil(async () => (await query(waiting)).length > 0);
      expect(done).toBe(false);
      expect(await query(`SELECT to_regclass('_prisma_migrations') AS name`)).toEqual([{ name: null }]);
    });
    expect(await running).toEqual([first.name]);
    await Promise.all([store.close(), other.close()]);
  });

  test('two processes that start on a fresh database', async () => {
    const fresh = await createTestDatabase();
    const stores = await Promise.all([1, 2, 3].map(() => openPostgres(fresh.url)));
    const all = await readMigrations();
    const applied = await Promise.all(stores.map((store) => migrate(store)));
    expect(applied.flat().sort(byBytes)).toEqual(all.map(({ name }) => name));
    for (const store of stores) await store.close();
    await fresh.drop();
  });
});

async function expectRefused(blank: Blank, migrations: readonly Migration[], why: string): Promise<void> {
  const before = [await tablesOf(blank), await linesOf(blank)];
  const refusal = await migrate(blank, migrations).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(MigrationRefused);
  expect((refusal as Error).message).toContain(why);
  expect([await tablesOf(blank), await linesOf(blank)]).toEqual(before);
}

const byBytes = (a: string, b: string): number => (a < b ? -1 : 1);

async function waitUntil(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}
