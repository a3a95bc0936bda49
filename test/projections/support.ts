/** The same tests on both stores, the journal of a house in memory, and what the rows say in plain form. */

import type { Entry } from '../../src/core/message/envelope';
import { chainHash, GENESIS_HASH } from '../../src/journal/journal';
import type { Followed } from '../../src/projections/commit/commit';
import { createProjector, type Projector, type ProjectorOptions } from '../../src/projections/follow/projector';
import { removeAll, TABLES } from '../../src/projections/rows/rows';
import { decodeEntry, encodeEntry } from '../../src/sequencer/entryText';
import { openPostgres, type Store } from '../../src/store/client';
import { migrate } from '../../src/store/migrate';
import { openTestEmbedded } from '../support/embedded';
import { describePostgres } from '../support/postgres';

/**
 * Declares the tests for the embedded store and for Postgres, each with one migrated store that is emptied before a
 * test.
 */
export const describeStores = (title: string, body: (store: () => Store) => void): void =>
  describeOn(title, (store) => {
    beforeEach(() => store().transaction(removeAll));
    body(store);
  });

/** The same with a store that holds the rows of one house, for tests that only read. */
export const describeFollowed = (title: string, entries: readonly Entry[], body: (store: () => Store) => void): void =>
  describeOn(title, (store) => {
    beforeAll(async () => (await projected(store(), followed(entries), { batchLimit: 100 })).close());
    body(store);
  });

function describeOn(title: string, body: (store: () => Store) => void): void {
  const on = (open: () => Promise<Store>): void => {
    let opened: Store | undefined;
    const store = (): Store => {
      if (!opened) throw new Error('The store is there from beforeAll on');
      return opened;
    };
    beforeAll(async () => {
      opened = await open();
    }, 60_000);
    afterAll(() => opened?.close());
    body(store);
  };
  describe(`${title}, embedded`, () => on(openTestEmbedded));
  describePostgres(`${title}, Postgres`, (database) =>
    on(async () => {
      const store = await openPostgres(database.url);
      await migrate(store);
      return store;
    }),
  );
}

/** Entries as they come out of a journal: read back from their text, with their place in the chain. */
export function followed(entries: readonly Entry[]): Followed[] {
  let hash = GENESIS_HASH;
  return entries.map((entry) => {
    const text = encodeEntry(entry);
    hash = chainHash(hash, text);
    return { entry: decodeEntry(text), hash };
  });
}

/** A journal in memory that a projector can read. */
export const readerOf = (all: readonly Followed[]): ProjectorOptions['read'] =>
  async function* (after) {
    for (const item of all.slice(after)) yield item;
  };

/** A projector that has caught up with all entries. */
export async function projected(
  store: Store,
  entries: readonly Followed[],
  options: Partial<ProjectorOptions> = {},
): Promise<Projector> {
  const projector = createProjector({ store, read: readerOf(entries), ...options });
  await projector.start();
  return projector;
}

/** Every row of every table as text, tables and rows in a fixed order; decimals without trailing zeros. */
export async function dump(store: Store, but: readonly string[] = []): Promise<Record<string, string[]>> {
  const tables: Record<string, string[]> = {};
  for (const table of TABLES) {
    if (but.includes(table)) continue;
    const rows = await store.prisma.$queryRawUnsafe<{ row: string }[]>(
      `SELECT row_to_json(t)::text AS row FROM "${table}" t`,
    );
    tables[table] = rows.map(({ row }) => row).sort();
  }
  return tables;
}
