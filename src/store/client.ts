/**
 * The one Prisma client, over Postgres by URL or over an embedded database in a folder. Both speak the same SQL, so
 * what is above need not know which it is.
 */

import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { ThreadLost } from '../thread/thread';
import { asPGlite, type Database, openDatabase, watched } from './database';
import { claimFolder, condemnFolder, StoreDamaged } from './folder';
import { type Prisma, PrismaClient } from './generated/client';

/** Plain SQL, one statement at a time. */
export interface Queries {
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** Plain SQL, for what Prisma has no word for: migrations, rows in sets. */
export interface Sql extends Queries {
  /** Runs statements separated by semicolons. */
  exec(script: string): Promise<void>;
}

export interface Store {
  readonly kind: 'POSTGRES' | 'EMBEDDED';
  readonly prisma: PrismaClient;
  /** Runs the work in one transaction of plain SQL, rolled back if it throws. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** Runs one statement outside of any transaction, such as VACUUM. */
  alone(statement: string): Promise<void>;
  /** Lets go of every connection. A process with an embedded store that is not closed does not end. */
  close(): Promise<void>;
}

/** What is common to the client and to one transaction of it. */
export type Db = Prisma.TransactionClient;

/** Plain SQL within a transaction of the client. */
export const queriesOf = (db: Db): Queries => ({
  query: <Row>(text: string, values: readonly unknown[] = []) => db.$queryRawUnsafe<Row[]>(text, ...values),
});

export const OLDEST_POSTGRES = 14;

export interface PostgresOptions {
  readonly connections?: number; // held at most
  readonly onIdleError?: (error: Error) => void; // a connection broke while nobody used it; the next use opens another
}

/** A database server that cannot be worked with. */
export class StoreUnusable extends Error {
  override readonly name = 'StoreUnusable';
}

export async function openPostgres(url: string, options: PostgresOptions = {}): Promise<Store> {
  // Times are read by their digits: a session in another time zone would shift every one of them.
  const pool = new pg.Pool({
    connectionString: url,
    max: options.connections ?? 10,
    application_name: 'novate',
    options: '-c TimeZone=UTC -c DateStyle=ISO',
  });
  // Without a listener a connection that breaks while idle would end the process.
  pool.on('error', options.onIdleError ?? unheard);
  const transaction: Store['transaction'] = async (work) => {
    const client = await pool.connect();
    // A connection that breaks between two statements fails the next one; without a listener it would end the process.
    client.on('error', unheard);
    try {
      await client.query('BEGIN');
      const done = await work({
        exec: async (script) => void (await client.query(script)),
        query: async <Row>(text: string, values: readonly unknown[] = []) =>
          (await client.query(text, [...values])).rows as Row[],
      });
      await client.query('COMMIT');
      client.release();
      return done;
    } catch (error) {
      // What the connection was in the middle of is unknown: closing it rolls back.
      client.release(true);
      throw error;
    } finally {
      client.off('error', unheard);
    }
  };
  try {
    await transaction(checkServer);
  } catch (error) {
    await pool.end();
    throw error;
  }
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool, { disposeExternalPool: false }) });
  return {
    kind: 'POSTGRES',
    prisma,
    transaction,
    alone: async (statement) => void (await pool.query(statement)),
    close: once(async () => closeBoth(prisma, () => pool.end())),
  };
}

const unheard = (): void => undefined;

async function checkServer({ query }: Sql): Promise<void> {
  const [row] = await query<{ version: string; zone: string; encoding: string }>(
    `SELECT current_setting('server_version_num') AS version, current_setting('TimeZone') AS zone, ` +
      `current_setting('server_encoding') AS encoding`,
  );
  const version = Math.floor(Number(row?.version ?? 0) / 10_000);
  if (version < OLDEST_POSTGRES)
    throw new StoreUnusable(`Postgres ${OLDEST_POSTGRES} or newer is needed, this is ${version}`);
  if (row?.zone !== 'UTC')
    throw new StoreUnusable(`The session's time zone is ${row?.zone}, not UTC: something between overrides it`);
  if (row.encoding !== 'UTF8') throw new StoreUnusable(`The database is encoded in ${row.encoding}, not UTF8`);
}

/** The store is still being opened: there is nothing to read yet. */
export class StoreOpening extends Error {
  override readonly name = 'StoreOpening';
  constructor() {
    super('The database of the read models is being opened');
  }
}

/**
 * A store that is still being opened: whoever writes waits for it, and its client is there when it is open. Throws
 * StoreOpening.
 */
export function lateStore(kind: Store['kind'], opening: Promise<Store>): Store {
  let open: Store | undefined;
  const opened = opening.then((store) => {
    open = store;
    return store;
  });
  opened.catch(unheard);
  return {
    kind,
    get prisma() {
      if (!open) throw new StoreOpening();
      return open.prisma;
    },
    transaction: async (work) => (await opened).transaction(work),
    alone: async (statement) => (await opened).alone(statement),
    // One that could not be opened holds nothing.
    close: async () => (await opened.catch(() => undefined))?.close(),
  };
}

export interface EmbeddedOptions {
  readonly onLost?: (error: Error) => void; // the database has ended, or a query has found its files broken
}

/**
 * The embedded database in a folder; in memory without one. Throws StoreInUse, and StoreDamaged where the folder cannot
 * be trusted: it then has to be deleted and built anew from the journal.
 */
export async function openEmbedded(
  folder: string | null,
  { onLost = () => undefined }: EmbeddedOptions = {},
): Promise<Store> {
  const claim = folder === null ? undefined : await claimFolder(folder);
  let database: Database;
  try {
    database = await openDatabase(folder, onLost);
  } catch (error) {
    await claim?.release(false);
    throw new StoreDamaged(folder ?? 'memory', 'the database does not start', error);
  }
  // Who writes through `transaction` is told of damage by its error; those who only read get what Prisma makes of it.
  const read = watched(database, (error) => {
    if (folder === null || !isBrokenPage(error)) return;
    const damaged = new StoreDamaged(folder, 'a page that was read does not check', error);
    condemnFolder(folder).then(() => onLost(damaged), onLost);
  });
  const prisma = new PrismaClient({ adapter: new PrismaPGlite(asPGlite(read)) });
  return {
    kind: 'EMBEDDED',
    prisma,
    transaction: async (work) => {
      try {
        return await database.transaction((inside) =>
          work({
            exec: inside.exec,
            query: async <Row>(text: string, values: readonly unknown[] = []) =>
              (await inside.query<Row>(text, values)).rows,
          }),
        );
      } catch (error) {
        throw tellsOfDamage(error)
          ? new StoreDamaged(folder ?? 'memory', 'a page does not check, or the database stopped', error)
          : error;
      }
    },
    alone: (statement) => database.exec(statement),
    close: once(async () => {
      let clean = false;
      try {
        await closeBoth(prisma, () => database.close());
        clean = true;
      } catch (error) {
        // A database that has ended holds nothing any more. Whoever opens the folder next looks at what it left.
        if (!(error instanceof ThreadLost)) throw error;
      } finally {
        await claim?.release(clean);
      }
    }),
  };
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

/** Broken data, a broken index. */
const isBrokenPage = (error: unknown): boolean => /^XX00[12]$/.test(codeOf(error));

/**
 * Errors of class XX are the database's word for broken pages and indexes, 58 for files it cannot find or read; a trap
 * of the machine it runs on is its end.
 */
const tellsOfDamage = (error: unknown): boolean =>
  (error instanceof Error && error.name === 'RuntimeError') || /^(XX|58)\w{3}$/.test(codeOf(error));

async function closeBoth(prisma: PrismaClient, end: () => Promise<void>): Promise<void> {
  try {
    await prisma.$disconnect();
  } finally {
    await end();
  }
}

function once(close: () => Promise<void>): () => Promise<void> {
  let closing: Promise<void> | undefined;
  return () => {
    closing ??= close();
    return closing;
  };
}
