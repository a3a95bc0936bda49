/**
 * Prisma's own engine and the runner of the program leave the same database, line in `_prisma_migrations` included, and
 * either can be used after the other.
 */

import { type Migration, MigrationRefused, migrate, readMigrations } from '../../src/store/migrate';
import { type Blank, describeBlanks } from './blank';
import { deploy, diagnose, type Engine, openEngine } from './schemaEngine';

const first: Migration = {
  name: '20260101000000_first',
  script: `CREATE TABLE "A" ("id" INT);\r\n-- Überschuß; 'ends'\r\n`,
};
const second: Migration = { name: '20260102000000_second', script: 'CREATE TABLE "B" ("id" INT);' };
const broken: Migration = { name: second.name, script: `${second.script}\nINSERT INTO "Nowhere" VALUES (1);` };

const IN_SYNC = { editedMigrationNames: [], failedMigrationNames: [], hasMigrationsTable: true, history: null };

/** What the catalogue says of every table, column, key and rule, the runner's own table included. */
const CATALOGUE = [
  `SELECT table_name, ordinal_position, column_name, data_type, udt_name, is_nullable, column_default,
    character_maximum_length,
     numeric_precision, datetime_precision
   FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2`,
  `SELECT conrelid::regclass::text AS "table", conname, contype::text, pg_get_constraintdef(oid) AS definition FROM
    pg_constraint
   WHERE connamespace = 'public'::regnamespace AND contype <> 'n' ORDER BY 1, 2`,
  `SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2`,
];

describeBlanks('Prisma Migrate and the runner', (blank) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openEngine(blank().connect);
  });
  afterAll(() => engine.close());

  test('leave the same tables, and the same line but for its id and times', async () => {
    const program = await readMigrations();
    expect(await deploy(engine, program)).toEqual(program.map(({ name }) => name));
    const prismas = await databaseOf(blank());
    await blank().transaction(({ exec }) => exec('DROP SCHEMA public CASCADE; CREATE SCHEMA public'));
    await migrate(blank());
    const ours = await databaseOf(blank());
    expect(ours).toEqual(prismas);
    expect(ours.lines).toHaveLength(program.length);
    expect(ours.catalogue.every((rows) => rows.length > 30)).toBe(true);
  });

  test('`prisma migrate deploy` finds nothing to do after the runner', async () => {
    await migrate(blank(), [first, second]);
    expect(await diagnose(engine, [first, second])).toEqual(IN_SYNC);
    expect(await deploy(engine, [first, second])).toEqual([]);
    expect(await diagnose(engine, [first, { ...second, script: 'SELECT 1' }])).toEqual({
      ...IN_SYNC,
      editedMigrationNames: [second.name],
    });
  });

  test('the runner finds nothing to do after `prisma migrate deploy`', async () => {
    expect(await deploy(engine, [first, second])).toEqual([first.name, second.name]);
    expect(await migrate(blank(), [first, second])).toEqual([]);
    await expect(migrate(blank(), [first, { ...second, script: 'SELECT 1' }])).rejects.toThrow(MigrationRefused);
  });

  test('each goes on where the other stopped', async () => {
    const third: Migration = { name: '20260103000000_third', script: 'DROP TABLE "B"' };
    expect(await migrate(blank(), [first])).toEqual([first.name]);
    expect(await deploy(engine, [first, second])).toEqual([second.name]);
    expect(await migrate(blank(), [first, second, third])).toEqual([third.name]);
    expect(await diagnose(engine, [first, second, third])).toEqual(IN_SYNC);
  });

  test('a script that failed under Prisma stops the runner, and one that failed under the runner is new to Prisma', async () => {
    await expect(migrate(blank(), [first, broken])).rejects.toThrow('Nowhere');
    expect(await diagnose(engine, [first, second])).toEqual({
      ...IN_SYNC,
      history: { diagnostic: 'databaseIsBehind', unappliedMigrationNames: [second.name] },
    });
    await expect(deploy(engine, [first, broken])).rejects.toThrow('apply_script');
    await expect(migrate(blank(), [first, broken])).rejects.toThrow(`Migration ${second.name} failed before`);
  });
});

async function databaseOf(blank: Blank) {
  const lines = await blank.query<Record<string, unknown>>(
    `SELECT checksum, migration_name, logs, rolled_back_at, applied_steps_count, length(id) AS id, finished_at >=
      started_at AS finished
     FROM _prisma_migrations ORDER BY migration_name`,
  );
  const catalogue: unknown[][] = [];
  for (const query of CATALOGUE) catalogue.push(await blank.query(query));
  return { lines, catalogue };
}
