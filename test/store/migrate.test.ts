/** Migrations: the runner, what it leaves in the database, and that Prisma's own engine agrees with it. */

import { PGlite } from '@electric-sql/pglite';
import { readMigrations } from '../../src/store/migrate';
import { deploy, diagnose, type Engine, openEngine, sqlToSchema } from './schemaEngine';

test('x', async () => {
  const db = await PGlite.create();
  const engine = await openEngine(db);
  const migrations = await readMigrations();
  console.log((await sqlToSchema(engine, [])).length);
  console.log(await sqlToSchema(engine, migrations));
  console.log(await deploy(engine, migrations));
  console.log(await diagnose(engine, migrations));
  console.log((await db.query('select * from _prisma_migrations')).rows);
  console.log(
    (
      await db.query(
        `select column_name, data_type, is_nullable, column_default, character_maximum_length from information_schema.columns where table_name='_prisma_migrations' order by ordinal_position`,
      )
    ).rows,
  );
  await engine.close();
  await db.close();
}, 60000);
