/**
 * Prisma's own schema engine, in its WebAssembly build, over an adapter: what `prisma migrate` runs, without the binary
 * that the command would download. For tests, and to draft the SQL of the next migration.
 */

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import type { MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg';
import * as engineModule from '@prisma/schema-engine-wasm/schema_engine_bg';
import type { Pool } from 'pg';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import type { Migration } from '../../src/store/migrate';
import { type BlankPglite, openBlankPglite } from '../support/embedded';

const ROOT = join(__dirname, '..', '..');
const SCHEMA = join(ROOT, 'prisma', 'schema.prisma');
const NO_FILTERS = { externalTables: [], externalEnums: [] };

/** The module is linked with its binary by hand: its own import of it is for bundlers. */
function link(): void {
  const folder = dirname(require.resolve('@prisma/schema-engine-wasm/schema_engine_bg'));
  // The module reports a panic to this global before it throws.
  Object.assign(globalThis, {
    PRISMA_WASM_PANIC_REGISTRY: { set_message: (message: string) => console.error(message) },
  });
  const binary = new WebAssembly.Module(readFileSync(join(folder, 'schema_engine_bg.wasm')));
  const imports: Record<string, unknown> = { ...engineModule };
  // It gives up waiting for its lock after ten seconds by a timer that it leaves running: the process should end before
  // that.
  for (const name of Object.keys(imports).filter((candidate) => candidate.startsWith('__wbg_setTimeout'))) {
    imports[name] = (work: () => void, ms: number) => setTimeout(work, ms).unref();
  }
  const instance = new WebAssembly.Instance(binary, { './schema_engine_bg.js': imports as WebAssembly.ModuleImports });
  engineModule.__wbg_set_wasm(instance.exports);
  (instance.exports['__wbindgen_start'] as () => void)();
}

let linked = false;

/** How the engine reaches the database it looks at. */
export type Connect = () => Promise<SqlDriverAdapter>;

/** An engine at work on one database, and on empty ones that it asks for. */
export interface Engine {
  readonly engine: SchemaEngine;
  close(): Promise<void>;
}

export async function openEngine(connect: Connect): Promise<Engine> {
  if (!linked) link();
  linked = true;
  const shadows: BlankPglite[] = [];
  const factory: SqlMigrationAwareDriverAdapterFactory = {
    provider: 'postgres',
    adapterName: 'test',
    connect,
    connectToShadowDb: async () => {
      const shadow = await openBlankPglite();
      shadows.push(shadow);
      return pgliteAdapter(shadow.database);
    },
  };
  const engine = await engineModule.SchemaEngine.new(
    { datamodels: [[SCHEMA, readFileSync(SCHEMA, 'utf8')]] },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(factory),
  );
  return {
    engine,
    async close() {
      engine.free();
      for (const shadow of shadows) await shadow.close();
    },
  };
}

/** The adapter does not wait for a script to end. */
export async function pgliteAdapter(database: PGlite): Promise<SqlDriverAdapter> {
  const adapter = await new PrismaPGlite(database).connect();
  return Object.assign(adapter, { executeScript: async (script: string) => void (await database.exec(script)) });
}

/**
 * The adapter cuts a script at every semicolon, those within texts and comments too. The pool should have one
 * connection.
 */
export async function postgresAdapter(pool: Pool): Promise<SqlDriverAdapter> {
  const adapter = await new PrismaPg(pool).connect();
  return Object.assign(adapter, { executeScript: async (script: string) => void (await pool.query(script)) });
}

const schemaFiles = () => ({ files: [{ path: SCHEMA, content: readFileSync(SCHEMA, 'utf8') }] });

export function listOf(migrations: readonly Migration[]): MigrationList {
  return {
    baseDir: join(ROOT, 'prisma', 'migrations'),
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: migrations.map(({ name, script }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: script } },
    })),
  };
}

/** The SQL that leads from the migrations to the schema: a comment alone where they say the same. */
export async function sqlToSchema({ engine }: Engine, migrations: readonly Migration[]): Promise<string> {
  const from =
    migrations.length > 0 ? ({ tag: 'migrations', ...listOf(migrations) } as const) : ({ tag: 'empty' } as const);
  const { stdout } = await engine.diff({
    from,
    to: { tag: 'schemaDatamodel', ...schemaFiles() },
    script: true,
    exitCode: null,
    filters: NO_FILTERS,
  });
  return stdout ?? '';
}

/** What `prisma migrate deploy` does: applies what the database has not had, and names it. */
export async function deploy({ engine }: Engine, migrations: readonly Migration[]): Promise<string[]> {
  const { appliedMigrationNames } = await engine.applyMigrations({
    migrationsList: listOf(migrations),
    filters: NO_FILTERS,
  });
  return appliedMigrationNames;
}

/** What `prisma migrate status` finds. */
export const diagnose = ({ engine }: Engine, migrations: readonly Migration[]) =>
  engine.diagnoseMigrationHistory({
    migrationsList: listOf(migrations),
    optInToShadowDatabase: false,
    filters: NO_FILTERS,
  });
