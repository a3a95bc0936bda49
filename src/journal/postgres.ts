/**
 * The journal in Postgres 14 or newer, tables `JournalBlock` and `Snapshot`: one row for every append, in one transaction.
 * Rules: DS-3, DS-4
 *
 * One connection is the writer. It holds an advisory lock for as long as it lives, and it alone appends: when it is gone,
 * nothing more can be written through this journal, and another process can take the lock. Should two writers meet all
 * the same, a block is taken only where it continues the last one, and the key of the table lets one of them continue it.
 * The lock is of a session, so the connection must not go through a pooler that shares sessions.
 */

import { Client, Pool } from 'pg';
import type { Seq } from '../units/quantity';
import { createAppender } from './appender';
import { blockOf, linesOf, readBlocks, recordsOf } from './blocks';
import { chainHash, GENESIS_HASH, type Journal, type Snapshots } from './journal';
import { JournalLocked } from './lock';
import { createPostgresSnapshots } from './postgresSnapshots';

/** Another writer holds the journal of this database. */
export class DatabaseLocked extends JournalLocked {
  override readonly name = 'DatabaseLocked';
  constructor(readonly database: string) {
    super(database, `The journal in ${database} is in use by another process`);
  }
}

export interface PostgresJournalOptions {
  readonly url: string;
  readonly lockWaitMs?: number; // how long a lock is waited for that a writer just gone may still hold
  readonly appendTimeoutMs?: number; // an append that takes longer has failed
  readonly pageBytes?: number; // text read at a time, or one block if that is more
}

export interface PostgresJournal extends Journal {
  /** In the same database; closed with the journal. */
  readonly snapshots: Snapshots;
}

/** Opens the journal of a migrated database for this process alone. Throws DatabaseLocked, JournalCorrupt. */
export async function openPostgresJournal(options: PostgresJournalOptions): Promise<PostgresJournal> {
  const writer = new Client({
    connectionString: options.url,
    application_name: 'novate journal',
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    query_timeout: options.appendTimeoutMs ?? 30_000,
  });
  const place = `database ${writer.database ?? ''} on ${writer.host}`;
  let lost = (_error: Error): void => undefined;
  writer.on('error', (error) => lost(error));
  writer.on('end', () => lost(new Error('the connection to the database has ended')));
  try {
    await writer.connect();
    await prepareSession(writer);
    await takeLock(writer, place, options.lockWaitMs ?? 1_000);
    const last = await lastOf(writer);
    const journal = journalOf(writer, place, last, options);
    lost = journal.lost;
    return journal.journal;
  } catch (error) {
    await writer.end();
    throw error;
  }
}

interface Last {
  readonly seq: Seq;
  readonly hash: string;
}

function journalOf(writer: Client, place: string, last: Last, { url, pageBytes = 4 * 1024 * 1024 }: PostgresJournalOptions) {
  let { seq: lastSeq, hash: lastHash } = last;
  const pool = new Pool({ connectionString: url, application_name: 'novate journal reader', max: 4, connectionTimeoutMillis: 10_000 });
  pool.on('error', () => undefined); // an idle reader went away; the next read opens another

  const appender = createAppender(place, async (texts) => {
    const hash = texts.reduce(chainHash, lastHash);
    const { rowCount } = await writer.query(APPEND, [lastSeq + 1, lastSeq + texts.length, linesOf(texts), lastHash, hash]);
    if (rowCount !== 1) throw new Error(`entry ${lastSeq} is not the last of the journal: another process has written to it`);
    lastSeq += texts.length;
    lastHash = hash;
  });

  let closing: Promise<void> | undefined;
  async function close(): Promise<void> {
    await appender.finish();
    await writer.end();
    await pool.end();
  }

  const journal: PostgresJournal = {
    get lastSeq() {
      return lastSeq;
    },
    get lastHash() {
      return lastHash;
    },
    append: appender.append,
    read: (from) => readBlocks(pool, from, () => lastSeq, pageBytes),
    snapshots: createPostgresSnapshots(pool),
    close() {
      closing ??= close();
      return closing;
    },
  };
  return { journal, lost: appender.stop };
}

const APPEND = `
  INSERT INTO "JournalBlock" ("firstSeq", "lastSeq", lines, previous, hash)
  SELECT $1::bigint, $2::bigint, $3, $4, $5
  WHERE $1::bigint = 1 OR EXISTS (SELECT 1 FROM "JournalBlock" WHERE "lastSeq" = $1::bigint - 1 AND hash = $4)`;

/** What the server or the role may be set to, and a journal cannot live with. */
async function prepareSession(writer: Client): Promise<void> {
  await writer.query(`SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'`);
  await writer.query(`SELECT set_config('idle_session_timeout', '0', false)`);
}

async function takeLock(writer: Client, place: string, waitMs: number): Promise<void> {
  const until = Date.now() + waitMs;
  for (;;) {
    const { rows } = await writer.query<{ taken: boolean }>(
      `SELECT pg_try_advisory_lock(hashtextextended('novate journal ' || current_schema(), 0)) AS taken`,
    );
    if (rows[0]?.taken) return;
    if (Date.now() >= until) throw new DatabaseLocked(place);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The end of the journal; throws where the last block does not check. */
async function lastOf(writer: Client): Promise<Last> {
  const { rows } = await writer.query(
    'SELECT "firstSeq", "lastSeq", lines, previous, hash FROM "JournalBlock" ORDER BY "lastSeq" DESC LIMIT 1',
  );
  if (!rows[0]) return { seq: 0, hash: GENESIS_HASH };
  const block = blockOf(rows[0]);
  recordsOf(block, block.firstSeq, block.previous);
  return { seq: block.lastSeq, hash: block.hash };
}
