/**
 * Databases without a table, of both kinds, each empty again before every test. Prisma's engine can work on them as
 * well.
 */

import { Pool } from 'pg';
import { openPostgres, type Sql, type Store } from '../../src/store/client';
import { openBlankPglite } from '../support/embedded';
import { describePostgres } from '../support/postgres';
import { type Connect, pgliteAdapter, postgresAdapter } from './schemaEngine';

export interface Blank extends Pick<Store, 'transaction'> {
  readonly connect: Connect;
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

export function describeBlanks(title: string, body: (blank: () => Blank) => void): void {
  const on = (open: () => Promise<Blank>): void => {
    let opened: Blank | undefined;
    const blank = (): Blank => {
      if (!opened) throw new Error('The database is there from beforeAll on');
      return opened;
    };
    beforeAll(async () => {
      opened = await open();
    }, 60_000);
    beforeEach(() => blank().transaction(({ exec }) => exec('DROP SCHEMA public CASCADE; CREATE SCHEMA public')));
    afterAll(() => opened?.close());
    body(blank);
  };
  describe(`${title}, embedded`, () => on(openPglite));
  describePostgres(`${title}, Postgres`, (database) => on(() => openServer(database.url)));
}

async function openPglite(): Promise<Blank> {
  const { database, close } = await openBlankPglite();
  return {
    ...withQuery((work) =>
      database.transaction((inside) =>
        work({
          exec: async (script) => void (await inside.exec(script)),
          query: async <Row>(text: string, values: readonly unknown[] = []) =>
            (await inside.query(text, [...values])).rows as Row[],
        }),
      ),
    ),
    connect: () => pgliteAdapter(database),
    close,
  };
}

async function openServer(url: string): Promise<Blank> {
  const store = await openPostgres(url);
  // Prisma keeps its lock for as long as its connection lives: to the end of the command.
  const pool = new Pool({ connectionString: url, max: 1, idleTimeoutMillis: 10 });
  return {
    ...withQuery(store.transaction),
    connect: () => postgresAdapter(pool),
    async close() {
      await pool.end();
      await store.close();
    },
  };
}

const withQuery = (
  transaction: <T>(work: (sql: Sql) => Promise<T>) => Promise<T>,
): Pick<Blank, 'transaction' | 'query'> => ({
  transaction,
  query: (text, values) => transaction(({ query }) => query(text, values)),
});
