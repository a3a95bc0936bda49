/** A Postgres server to measure beside: fresh databases, dropped afterwards. */

import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

export const SERVER_URL = process.env['DATABASE_URL_TEST'] ?? 'postgresql://root@127.0.0.1:5432/test';

/** What the server calls itself; nothing where none answers. */
export async function serverVersion(): Promise<string | undefined> {
  try {
    return await onServer(
      async (client) =>
        (await client.query<{ version: string }>("SELECT current_setting('server_version') AS version")).rows[0]
          ?.version,
    );
  } catch {
    return undefined;
  }
}

/** Does something with an empty database of its own. */
export async function withDatabase<T>(work: (url: string) => Promise<T>): Promise<T> {
  const name = `novate_bench_${process.pid}_${randomBytes(4).toString('hex')}`;
  await onServer((client) => client.query(`CREATE DATABASE "${name}"`));
  const url = new URL(SERVER_URL);
  url.pathname = `/${name}`;
  try {
    return await work(url.href);
  } finally {
    await onServer((client) => client.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`));
  }
}

async function onServer<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: SERVER_URL, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end();
  }
}
