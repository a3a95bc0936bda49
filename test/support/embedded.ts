/**
 * Embedded databases for tests: making one from nothing takes seconds, copying one takes a fraction of a second. A
 * migrated one is made once for a version of the database and of the migrations, kept with the caches of the tools, and
 * copied.
 */

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { openEmbedded, type Store } from '../../src/store/client';
import { checksumOf, migrate, readMigrations } from '../../src/store/migrate';

const MODULES = join(__dirname, '..', '..', 'node_modules');
const CACHE = join(MODULES, '.cache', 'novate');

/** A folder with an embedded database that has had all migrations. Its user deletes it. */
export async function migratedFolder(): Promise<string> {
  const migrations = await readMigrations();
  const { version } = JSON.parse(readFileSync(join(MODULES, '@electric-sql', 'pglite', 'package.json'), 'utf8')) as {
    version: string;
  };
  const all = createHash('sha256').update(migrations.map(checksumOf).join());
  const name = `sealed-${version}-${all.digest('hex').slice(0, 16)}`;
  const prepared = join(CACHE, name);
  if (!existsSync(prepared)) await prepare(prepared);
  const folder = await mkdtemp(join(tmpdir(), 'novate-'));
  await cp(prepared, folder, { recursive: true });
  return folder;
}

async function prepare(place: string): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const draft = await mkdtemp(join(CACHE, 'draft-'));
  const store = await openEmbedded(draft);
  await migrate(store);
  await store.close();
  try {
    await rename(draft, place);
  } catch (error) {
    // Another worker was faster; theirs is as good.
    if (!existsSync(place)) throw error;
    await rm(draft, { recursive: true, force: true });
  }
}

export interface EmbeddedStore extends Store {
  readonly folder: string;
}

/** A migrated embedded store in a folder of its own, deleted when it is closed. */
export async function openTestEmbedded(): Promise<EmbeddedStore> {
  const folder = await migratedFolder();
  const store = await openEmbedded(folder);
  return {
    ...store,
    folder,
    async close() {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface BlankPglite {
  readonly database: PGlite;
  /** Closes it and deletes its folder. */
  close(): Promise<void>;
}

/** A database without tables. Dropping those of a copy takes less time than making a new one. */
export async function openBlankPglite(): Promise<BlankPglite> {
  const folder = await migratedFolder();
  const database = await PGlite.create(folder);
  await database.exec('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  return {
    database,
    async close() {
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
