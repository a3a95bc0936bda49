/**
 * A house whose journal and read models are in Postgres: its sessions are ended again and again while payments come in,
 * and a rule is added to a table that the next row breaks. The house goes on, nothing that was acknowledged is lost,
 * and rows follow again when the rule is gone.
 */

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { openAccounts } from '../bench/setup';
import type { Attack, Effort, Outcome } from './attack';
import { type Book, borrow, callBorrowers, fillBook } from './book';
import { call, comesTrue, hangUp, pause, statusOf } from './caller';
import { harmOf, heldBy } from './house';
import { createPayments, type Payments } from './payments';
import { CLI, newFolder, type Running, removeFolder, startHouse } from './running';

const SERVER = process.env['DATABASE_URL'] ?? 'postgresql://root@127.0.0.1:5432/test';
const EVERY_MS = 250;

async function query<Row>(url: string, text: string): Promise<Row[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000, application_name: 'attacker' });
  try {
    await client.connect();
    return (await client.query(text)).rows as Row[];
  } finally {
    await client.end();
  }
}

const endSessions = (url: string): Promise<{ ended: number }[]> =>
  query(
    url,
    `SELECT count(pg_terminate_backend(pid))::int AS ended FROM pg_stat_activity
      WHERE datname = current_database() AND application_name LIKE 'novate%'`,
  );

interface Scene {
  readonly url: string; // of the database
  readonly house: Running;
  readonly book: Book;
  readonly payments: Payments;
  readonly wrong: string[];
}

/** Ends every session of the house again and again while payments come in; returns how many. */
async function sessionsEnded({ url, book, payments, wrong }: Scene, ms: number): Promise<number> {
  const paying = payments.payFor(book.broker, ms);
  const until = performance.now() + ms;
  let ended = 0;
  while (performance.now() < until) {
    ended += (await endSessions(url))[0]?.ended ?? 0;
    // Now at once, now when it has just come back, now when it is at work.
    await pause(EVERY_MS * (1 + (ended % 4)));
  }
  await paying;
  const well = await comesTrue(async () => (await statusOf(book.admin, '/readyz')) === 200);
  if (!well) wrong.push('The house is not ready again after its sessions were ended.');
  if (ended === 0) wrong.push('No session was ended: nothing was tried.');
  if (payments.acknowledged === 0) wrong.push('No payment was done while sessions were ended.');
  return ended;
}

async function stuckAt(book: Book): Promise<string | null | undefined> {
  const { data } = await call(book.admin, '{ house { readModels { stuck { constraint } } } }');
  const house = data?.['house'] as { readModels: { stuck: { constraint: string | null } | null } } | undefined;
  return house?.readModels.stuck?.constraint;
}

/** Rows break a rule of their table: they stop, and nothing else does. */
async function badRow({ url, book, payments, wrong }: Scene): Promise<void> {
  await query(url, `ALTER TABLE "Account" ADD CONSTRAINT "Account_attacked" CHECK (id <> 'attacked')`);
  await openAccounts(book.admin, ['attacked']).catch(() => undefined); // it is done; its rows cannot be shown
  const told = await comesTrue(async () => (await statusOf(book.admin, '/readyz')) === 503, 20_000);
  if (!told) wrong.push('/readyz does not say that rows are stuck.');
  if ((await stuckAt(book)) !== 'Account_attacked')
    wrong.push(`house { readModels { stuck } } names ${await stuckAt(book)}.`);
  const alive = await statusOf(book.admin, '/healthz');
  if (alive !== 200) wrong.push(`/healthz answers ${alive} while rows are stuck.`);
  const before = payments.acknowledged;
  await payments.payOnce(book.broker);
  if (payments.acknowledged === before) wrong.push('A payment is not done while rows are stuck.');
  const uncalled = await callBorrowers(book);
  if (uncalled !== undefined) wrong.push(`${uncalled} Rows are stuck meanwhile.`);
  await query(url, 'ALTER TABLE "Account" DROP CONSTRAINT "Account_attacked"');
  const well = await comesTrue(async () => (await statusOf(book.admin, '/readyz')) === 200);
  if (!well) wrong.push('Rows do not follow again after the rule is gone.');
  const rows = await query<{ n: number }>(url, `SELECT count(*)::int AS n FROM "Account" WHERE id = 'attacked'`);
  if (rows[0]?.n !== 1) wrong.push('The row that could not be written is missing.');
}

async function attackDatabase(url: string, house: Running, secret: string, { seconds }: Effort): Promise<Outcome> {
  const book = await fillBook({ url: house.target.url, secret });
  const borrowed = await borrow(book, ['low'], 'SLOW');
  const payments = createPayments('database', book.accounts, book.cents + borrowed);
  const wrong: string[] = [];
  const scene: Scene = { url, house, book, payments, wrong };
  const held = await heldBy(house.target);
  const ended = await sessionsEnded(scene, seconds * 1_000);
  await badRow(scene);
  wrong.push(...(await payments.settle(book.broker, house.target)));
  hangUp();
  wrong.push(...(await harmOf(house.target, held)));
  return { strikes: ended, failures: wrong };
}

/** An administrator's key, issued at the console: a house in a database has no others at first. */
async function issueKey(url: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [CLI, 'key', '--role', 'ADMIN'], {
    env: { ...process.env, DATABASE_URL: url },
  });
  const secret = /nvk_\S+/.exec(stdout)?.[0];
  if (secret === undefined) throw new Error(`No key was issued: ${stdout}`);
  return secret;
}

export const database: Attack = {
  name: 'the database',
  sentence: 'every session of a house in Postgres is ended again and again, and a rule is added that a row breaks',
  async run(_target, effort) {
    const name = `novate_attack_${process.pid}_${randomBytes(4).toString('hex')}`;
    try {
      await query(SERVER, `CREATE DATABASE "${name}"`);
    } catch (error) {
      const reason = `no database can be made at ${new URL(SERVER).host}: ${(error as Error).message}`;
      return process.env['CI'] ? { strikes: 0, failures: [reason] } : { strikes: 0, failures: [], skipped: reason };
    }
    const url = Object.assign(new URL(SERVER), { pathname: `/${name}` }).href;
    const data = await newFolder();
    let house: Running | undefined;
    try {
      const secret = await issueKey(url);
      house = await startHouse({ data, database: { url, secret } });
      const { strikes, failures } = await attackDatabase(url, house, secret, effort);
      const code = await house.stop();
      return { strikes, failures: code === 0 ? failures : [...failures, `It ended with ${code}.`] };
    } finally {
      await house?.kill();
      await removeFolder(data);
      await query(SERVER, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
    }
  },
};
