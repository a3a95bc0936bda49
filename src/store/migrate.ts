/**
 * Brings a database to the program's layout: applies the migrations it has not had, in order, each in one transaction
 * with its line in `_prisma_migrations`. The line says what `prisma migrate deploy` would have written, so that either
 * can be used on the same database at any time.
 */

import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sql, Store } from './client';

export interface Migration {
  readonly name: string; // folder: 14 digits and what it does
  readonly script: string;
}

/** The folder with the program's migrations, in source and in build alike. */
export const MIGRATIONS = join(__dirname, '..', '..', 'prisma', 'migrations');

/** Why a database is not touched. */
export class MigrationRefused extends Error {
  override readonly name = 'MigrationRefused';
}

/** The lock Prisma takes while it migrates; taken by both, no two programs migrate at once. */
const LOCK = 72_707_369;

const TABLE = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id                  VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum            VARCHAR(64) NOT NULL,
  finished_at         TIMESTAMPTZ,
  migration_name      VARCHAR(255) NOT NULL,
  logs                TEXT,
  rolled_back_at      TIMESTAMPTZ,
  started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`;

export async function readMigrations(folder: string = MIGRATIONS): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => ({ name, script: await readFile(join(folder, name, 'migration.sql'), 'utf8') })),
  );
}

/**
 * Applies what is missing; returns the names. Throws MigrationRefused where the database's history is not the
 * program's.
 */
export async function migrate(store: Pick<Store, 'transaction'>, migrations?: readonly Migration[]): Promise<string[]> {
  const known = migrations ?? (await readMigrations());
  const applied: string[] = [];
  for (let name = await applyNext(store, known); name !== undefined; name = await applyNext(store, known))
    applied.push(name);
  return applied;
}

/** One migration, one transaction: a script that fails leaves nothing behind, and the next start tries it again. */
function applyNext(store: Pick<Store, 'transaction'>, known: readonly Migration[]): Promise<string | undefined> {
  return store.transaction(async (sql) => {
    await sql.query('SELECT pg_advisory_xact_lock($1)::text', [LOCK]);
    await sql.exec(TABLE);
    const next = nextOf(known, await historyOf(sql));
    if (!next) return undefined;
    const id = randomUUID();
    await sql.query(
      'INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at) VALUES ($1, $2, $3, clock_timestamp())',
      [id, checksumOf(next), next.name],
    );
    await sql.exec(next.script);
    await sql.query(
      'UPDATE _prisma_migrations SET applied_steps_count = 1, finished_at = clock_timestamp() WHERE id = $1',
      [id],
    );
    return next.name;
  });
}

interface Line {
  readonly name: string;
  readonly checksum: string;
  readonly finished: boolean;
}

/** What the database has had, leaving out what was marked as rolled back. */
const historyOf = ({ query }: Sql): Promise<Line[]> =>
  query<Line>(
    `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
     FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY migration_name`,
  );

function nextOf(known: readonly Migration[], history: readonly Line[]): Migration | undefined {
  for (const { name, checksum, finished } of history) {
    if (!finished) throw new MigrationRefused(`Migration ${name} failed before: see \`prisma migrate resolve\``);
    const migration = known.find((candidate) => candidate.name === name);
    // A newer program was here: this one does not know what its rows mean.
    if (!migration) throw new MigrationRefused(`The database has migration ${name}, which this program does not know`);
    if (checksumOf(migration) !== checksum)
      throw new MigrationRefused(`Migration ${name} is not the one the database has had`);
  }
  const had = new Set(history.map((line) => line.name));
  return known.find(({ name }) => !had.has(name));
}

export const checksumOf = ({ script }: Migration): string => createHash('sha256').update(script, 'utf8').digest('hex');
