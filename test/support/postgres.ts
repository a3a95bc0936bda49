/**
 * Postgres for tests: a fresh database for a test file, dropped after it. The server is DATABASE_URL_TEST, or the one
 * on this machine. Where none answers the tests are left out and say so; with CI set they fail instead.
 */

import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';

export const SERVER_URL = process.env['DATABASE_URL_TEST'] ?? 'postgresql://root@127.0.0.1:5432/test';

export interface TestDatabase {
  readonly url: string;
  /** One statement on a connection of its own. */
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** A `describe` whose tests have a fresh, empty database. It can be used from the first `beforeAll` of the body on. */
export function describePostgres(title: string, body: (database: TestDatabase) => void): void {
  const reason = whyNoServer();
  if (reason !== undefined && process.env['CI']) {
    test(`${title}: a Postgres server answers`, () => {
      throw new Error(`CI is set and ${reason}`);
    });
    return;
  }
  if (reason !== undefined) console.warn(`LEFT OUT: ${title}, because ${reason}`);
  (reason === undefined ? describe : describe.skip)(title, () => {
    let created: CreatedDatabase | undefined;
    const database = (): CreatedDatabase => {
      if (!created) throw new Error('The database is there from beforeAll on');
      return created;
    };
    beforeAll(async () => {
      created = await createTestDatabase();
    });
    afterAll(() => created?.drop());
    body({
      get url() {
        return database().url;
      },
      query: <Row>(text: string, values?: readonly unknown[]) => queryOnce<Row>(database().url, text, values),
    });
  });
}

export interface CreatedDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** A fresh, empty database. */
export async function createTestDatabase(): Promise<CreatedDatabase> {
  const name = `novate_test_${process.pid}_${randomBytes(6).toString('hex')}`;
  await queryOnce(SERVER_URL, `CREATE DATABASE "${name}"`);
  const url = new URL(SERVER_URL);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: async () => void (await queryOnce(SERVER_URL, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`)),
  };
}

/** Gives a database the tables of the migrations, without the runner that keeps account of them. */
export async function createTables(url: string): Promise<void> {
  const migrations = join(__dirname, '..', '..', 'prisma', 'migrations');
  const folders = readdirSync(migrations, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of folders.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    await queryOnce(url, readFileSync(join(migrations, name, 'migration.sql'), 'utf8'));
  }
}

export async function queryOnce<Row>(url: string, text: string, values?: readonly unknown[]): Promise<Row[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    const { rows } = await client.query(text, values && [...values]);
    return rows as Row[];
  } finally {
    await client.end();
  }
}

const PROBE = `
  const { Client } = require('pg');
  const client = new Client({ connectionString: process.argv[1], connectionTimeoutMillis: 3000 });
  client.connect().then(() => client.query('SELECT 1')).then(() => client.end(), (error) => {
  console.error(error.message); process.exit(1); });
`;

let probed: { readonly reason: string | undefined } | undefined;

/**
 * Why the server cannot be used, if it cannot. Tests are declared before anything can be waited for, so a process asks.
 */
function whyNoServer(): string | undefined {
  if (!probed) {
    const { status, stderr } = spawnSync(process.execPath, ['-e', PROBE, SERVER_URL], {
      encoding: 'utf8',
      cwd: __dirname,
    });
    const server = new URL(SERVER_URL);
    probed = { reason: status === 0 ? undefined : `no Postgres answers on ${server.host}: ${stderr.trim()}` };
  }
  return probed.reason;
}
