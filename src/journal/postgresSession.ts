/**
 * The connection of the one writer of a journal in Postgres. It holds an advisory lock for as long as it lives: whoever
 * has the lock knows that no earlier writer can write any more, and that what the earlier one was writing is there or
 * is not. The lock is of a session, so the connection must not go through a pooler that shares sessions.
 */

import { Socket } from 'node:net';
import { Client } from 'pg';
import type { Seq } from '../units/quantity';
import { blockOf, recordsOf } from './blocks';
import { GENESIS_HASH } from './journal';
import { JournalLocked } from './lock';

/** Another writer holds the journal of this database. */
export class DatabaseLocked extends JournalLocked {
  override readonly name = 'DatabaseLocked';
  constructor(readonly database: string) {
    super(database, `The journal in ${database} is in use by another process`);
  }
}

/** The end of the journal. */
export interface Last {
  readonly seq: Seq;
  readonly hash: string;
}

export interface Session {
  readonly client: Client;
  readonly place: string;
  readonly last: Last; // when the lock was taken
  readonly self: Backend;
  /** Whether it still stands, as far as is known. */
  readonly alive: boolean;
  /** Calls back once when it breaks. */
  onLost(listener: () => void): void;
  /** Gives it up at once; what it was doing is undone or done, and only the next session knows. */
  drop(): void;
}

/** The server's process behind a session: its number may be another's later, its start tells. */
interface Backend {
  readonly pid: number;
  readonly started: string;
}

export interface SessionOptions {
  readonly url: string;
  readonly lockWaitMs: number;
  readonly timeoutMs: number; // a statement that takes longer has failed
  readonly before?: Backend | undefined; // of the session that this one takes the place of
}

/** Throws DatabaseLocked, JournalCorrupt, and what the database says. */
export async function openSession({ url, lockWaitMs, timeoutMs, before }: SessionOptions): Promise<Session> {
  const socket = new Socket();
  const client = new Client({
    connectionString: url,
    application_name: 'novate journal',
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    query_timeout: timeoutMs,
    stream: () => socket,
  });
  const place = `database ${client.database ?? ''} on ${client.host}`;
  let alive = true;
  let lost: (() => void) | undefined;
  const end = (): void => {
    if (!alive) return;
    alive = false;
    socket.destroy();
    lost?.();
  };
  client.on('error', end);
  client.on('end', end);
  const drop = (): void => {
    lost = undefined;
    end();
  };
  try {
    await client.connect();
    await prepare(client);
    await takeLock(client, place, lockWaitMs, before);
    const session = { last: await lastOf(client), self: await backendOf(client) };
    return {
      ...session,
      client,
      place,
      get alive() {
        return alive;
      },
      onLost(listener) {
        lost = listener;
        if (!alive) listener();
      },
      drop,
    };
  } catch (error) {
    drop();
    throw error;
  }
}

/** What the server or the role may be set to, and a journal cannot live with. */
async function prepare(client: Client): Promise<void> {
  await client.query(
    `SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'`,
  );
  await client.query(`SELECT set_config('idle_session_timeout', '0', false)`);
}

async function takeLock(client: Client, place: string, waitMs: number, before: Backend | undefined): Promise<void> {
  const until = Date.now() + waitMs;
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>(
      `SELECT pg_try_advisory_lock(hashtextextended('novate journal ' || current_schema(), 0)) AS taken`,
    );
    if (rows[0]?.taken) return;
    // The server may not have noticed that the session before has lost its other end. It is ours to end.
    if (before) await endBackend(client, before);
    if (Date.now() >= until) throw new DatabaseLocked(place);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function backendOf(client: Client): Promise<Backend> {
  const { rows } = await client.query<Backend>(
    'SELECT pid, backend_start::text AS started FROM pg_stat_activity WHERE pid = pg_backend_pid()',
  );
  return rows[0] ?? { pid: 0, started: '' };
}

const endBackend = (client: Client, { pid, started }: Backend): Promise<unknown> =>
  client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1 AND backend_start::text = $2', [
    pid,
    started,
  ]);

/** Throws where the last block does not check. */
async function lastOf(client: Client): Promise<Last> {
  const { rows } = await client.query(
    'SELECT "firstSeq", "lastSeq", lines, previous, hash FROM "JournalBlock" ORDER BY "lastSeq" DESC LIMIT 1',
  );
  if (!rows[0]) return { seq: 0, hash: GENESIS_HASH };
  const block = blockOf(rows[0]);
  recordsOf(block, block.firstSeq, block.previous);
  return { seq: block.lastSeq, hash: block.hash };
}
