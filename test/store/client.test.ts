/** Opening a server: what it must be, and that a store that was closed lets go of it. */

import { Client } from 'pg';
import { openPostgres, StoreUnusable } from '../../src/store/client';
import { describePostgres, SERVER_URL } from '../support/postgres';

describePostgres('a Postgres server', (database) => {
  test('is used in UTC, whatever its database is set to', async () => {
    const name = new URL(database.url).pathname.slice(1);
    await database.query(`ALTER DATABASE "${name}" SET TimeZone = 'Asia/Kolkata'`);
    await database.query(`ALTER DATABASE "${name}" SET DateStyle = 'SQL, DMY'`);
    const store = await openPostgres(database.url);
    const at = await store.transaction(({ query }) =>
      query<{ at: string }>(`SELECT '2025-10-10T12:00:00Z'::timestamptz::text AS at`),
    );
    expect(at).toEqual([{ at: '2025-10-10 12:00:00+00' }]);
    await store.close();
  });

  test('that does not keep texts in UTF-8 is refused', async () => {
    const name = `${new URL(database.url).pathname.slice(1)}_ascii`;
    await database.query(
      `CREATE DATABASE "${name}" ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'`,
    );
    const url = new URL(database.url);
    url.pathname = `/${name}`;
    await expect(openPostgres(url.href)).rejects.toThrow(
      new StoreUnusable('The database is encoded in SQL_ASCII, not UTF8'),
    );
    // Refused, it is let go of: nobody is connected to it any more.
    await database.query(`DROP DATABASE "${name}"`);
  });

  test('that does not answer is an error, not a wait', async () => {
    await expect(openPostgres('postgresql://root@127.0.0.1:1/none')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('closed, a store holds no connection, and closing it again does nothing', async () => {
    const store = await openPostgres(database.url);
    await store.prisma.$queryRaw`SELECT 1`;
    const connected = async () => {
      const client = new Client({ connectionString: SERVER_URL });
      await client.connect();
      const { rows } = await client.query(
        `SELECT 1 FROM pg_stat_activity WHERE application_name = 'novate' AND datname = $1`,
        [new URL(database.url).pathname.slice(1)],
      );
      await client.end();
      return rows.length;
    };
    expect(await connected()).toBeGreaterThan(0);
    await store.close();
    await store.close();
    while ((await connected()) > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  });

  test('a transaction that throws leaves nothing, and the next one works', async () => {
    const store = await openPostgres(database.url, { connections: 1 });
    await store.transaction(({ exec }) => exec('CREATE TABLE "t" ("id" INT); INSERT INTO "t" VALUES (1)'));
    const failing = store.transaction(async ({ query }) => {
      await query('INSERT INTO "t" VALUES (2)');
      throw new RangeError('not this one');
    });
    await expect(failing).rejects.toThrow(RangeError);
    expect(await store.transaction(({ query }) => query('SELECT * FROM "t"'))).toEqual([{ id: 1 }]);
    await store.close();
  });

  test('whose connection breaks between two statements fails the transaction and nothing else', async () => {
    const store = await openPostgres(database.url, { connections: 1 });
    const broken = store.transaction(async ({ query }) => {
      const [session] = await query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await database.query('SELECT pg_terminate_backend($1)', [session?.pid]);
      // Nobody asks anything when the news arrives.
      await new Promise((resolve) => setTimeout(resolve, 200));
      return query('SELECT 1');
    });
    await expect(broken).rejects.toThrow();
    expect(await store.transaction(({ query }) => query('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
    await store.close();
  });
});
