/**
 * The journal in Postgres 14 or newer, tables `JournalBlock` and `Snapshot`: one row for every append, in one
 * transaction. Rules: DS-3, DS-4
 *
 * One session is the writer (postgresSession.ts). When it breaks, another one takes its place: it has the lock, so the
 * end of the journal says whether the append that was under way became durable. If so it is done; if the journal ends
 * where it ended before, the same lines are written again; if it ends anywhere else, another process has written and
 * this journal stops. Should two writers meet all the same, a block is taken only where it continues the last one, and
 * the key of the table lets one of them continue it.
 */

import { Pool } from 'pg';
import { createAppender } from './appender';
import { linesOf, readBlocks } from './blocks';
import { chainHash, type Journal, JournalCorrupt, type Snapshots } from './journal';
import { JournalLocked } from './lock';
import { type Last, openSession, type Session } from './postgresSession';
import { createPostgresSnapshots } from './postgresSnapshots';

export interface PostgresJournalOptions {
  readonly url: string;
  readonly lockWaitMs?: number; // how long a lock is waited for that a writer just gone may still hold
  readonly relockWaitMs?: number; // the same after a connection was lost: then somebody else may have taken the lock
  readonly appendTimeoutMs?: number; // an append that takes longer is settled over another connection
  readonly pageBytes?: number; // text read at a time, or one block if that is more
}

export interface PostgresJournal extends Journal {
  /** In the same database; closed with the journal. */
  readonly snapshots: Snapshots;
}

/** The journal does not end where this writer left it. */
class Overtaken extends Error {}

/** Opens the journal of a migrated database for this process alone. Throws DatabaseLocked, JournalCorrupt. */
export async function openPostgresJournal(options: PostgresJournalOptions): Promise<PostgresJournal> {
  const timeoutMs = options.appendTimeoutMs ?? 30_000;
  const first = await openSession({ url: options.url, lockWaitMs: options.lockWaitMs ?? 1_000, timeoutMs });
  const again = (before: Session): Promise<Session> =>
    openSession({ url: options.url, lockWaitMs: options.relockWaitMs ?? 10_000, timeoutMs, before: before.self });
  return journalOf(first, again, options);
}

function journalOf(
  first: Session,
  again: (before: Session) => Promise<Session>,
  { url, pageBytes = 4 * 1024 * 1024 }: PostgresJournalOptions,
): PostgresJournal {
  const pool = new Pool({
    connectionString: url,
    application_name: 'novate journal reader',
    max: 4,
    connectionTimeoutMillis: 10_000,
  });
  pool.on('error', () => undefined); // an idle reader went away; the next read opens another
  let last: Last = first.last;
  let session = first;
  let closed = false;

  /** The session, or another in its place, whose end of the journal is one of those that can be. */
  async function connected(...ends: readonly Last[]): Promise<Session> {
    if (session.alive) return session;
    const next = await again(session);
    if (!ends.some((end) => isSame(end, next.last))) {
      next.drop();
      throw new Overtaken(
        `it ends with entry ${next.last.seq}, and not with ${last.seq}: another process has written to it`,
      );
    }
    session = next;
    follow(next);
    return next;
  }

  /** A session that breaks while nothing is written is replaced at once: the lock is not left to others. */
  function follow(current: Session): void {
    current.onLost(() => {
      if (closed) return;
      appender.mend(new Error('the connection to the database has ended'), async () => void (await connected(last)));
    });
  }

  async function write(texts: readonly string[]): Promise<void> {
    const end: Last = { seq: last.seq + texts.length, hash: texts.reduce(chainHash, last.hash) };
    const { client, last: found, drop } = await connected(last, end);
    // Lost its answer only: it became durable over the session before.
    if (!isSame(found, end)) {
      try {
        const { rowCount } = await client.query(APPEND, [last.seq + 1, end.seq, linesOf(texts), last.hash, end.hash]);
        if (rowCount !== 1)
          throw new Overtaken(`entry ${last.seq} is not the last of the journal: another process has written to it`);
      } catch (error) {
        // Whatever failed: what came of it is known when the next session has the lock.
        drop();
        throw error;
      }
    }
    last = end;
  }

  const appender = createAppender({ place: first.place, write, passes });
  follow(first);

  let closing: Promise<void> | undefined;
  async function close(): Promise<void> {
    closed = true;
    await appender.finish();
    if (session.alive) await session.client.end();
    await pool.end();
  }

  return {
    get lastSeq() {
      return last.seq;
    },
    get lastHash() {
      return last.hash;
    },
    append: appender.append,
    watch: appender.watch,
    read: (from) => readBlocks(pool, from, () => last.seq, pageBytes),
    snapshots: createPostgresSnapshots(pool),
    close() {
      closing ??= close();
      return closing;
    },
  };
}

const isSame = (one: Last, other: Last): boolean => one.seq === other.seq && one.hash === other.hash;

/** Refusals that the same statement meets again: its data, a constraint, a table or a database that is not there. */
const LASTING = /^(22|23|26|34|3D|3F|42|0A)\w{3}$/;

/** A connection that broke, a server that restarts or whose disk is full: over when it is tried again, some time. */
function passes(error: unknown): boolean {
  if (error instanceof Overtaken || error instanceof JournalLocked || error instanceof JournalCorrupt) return false;
  return !(error instanceof Error && 'code' in error && LASTING.test(String(error.code)));
}

const APPEND = `
  INSERT INTO "JournalBlock" ("firstSeq", "lastSeq", lines, previous, hash)
  SELECT $1::bigint, $2::bigint, $3, $4, $5
  WHERE $1::bigint = 1 OR EXISTS (SELECT 1 FROM "JournalBlock" WHERE "lastSeq" = $1::bigint - 1 AND hash = $4)`;
