/**
 * The embedded database as the main thread sees it: the methods that Prisma's adapter and the store use, answered by
 * the thread in which it runs.
 */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PGlite, QueryOptions, Results } from '@electric-sql/pglite';
import type { Functions } from '../thread/line';
import { startThread, type Thread } from '../thread/thread';
import { DATABASE_KINDS } from './databaseFailure';
import type { Answer, DatabaseCalls } from './databaseThread';

/** Statements, by themselves or within a transaction. */
export interface Statements {
  query<Row>(text: string, values?: readonly unknown[], options?: QueryOptions): Promise<Results<Row>>;
  exec(script: string): Promise<void>;
}

export interface TransactionStatements extends Statements {
  rollback(): Promise<void>;
}

export interface Database extends Statements {
  /** Runs the work in a transaction that has the database to itself, rolled back if it throws. */
  transaction<T>(work: (inside: TransactionStatements) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** As the adapter knows it: it uses no more of it than is there. */
export const asPGlite = (database: Database): PGlite => database as unknown as PGlite;

/** Opens a folder, or memory. Rejects with what the database says where it does not start. */
export async function openDatabase(folder: string | null, onLost: (error: Error) => void): Promise<Database> {
  // Making one takes three times the memory of having one, and a thread gives memory back only when it ends.
  if (folder !== null && !existsSync(join(folder, MADE))) await (await openInThread(folder, () => undefined)).close();
  return openInThread(folder, onLost);
}

/** What every folder of a database has. */
const MADE = 'PG_VERSION';

async function openInThread(folder: string | null, onLost: (error: Error) => void): Promise<Database> {
  const thread = startThread<DatabaseCalls, Functions<object>>(join(__dirname, 'databaseThread'), {
    name: 'database',
    here: {},
    kinds: DATABASE_KINDS,
    onLost,
  });
  try {
    await thread.ask('open', folder);
  } catch (error) {
    await thread.end();
    throw error;
  }
  return {
    ...statements(thread, null),
    transaction: (work) => transaction(thread, work),
    async close() {
      try {
        await thread.ask('close', null);
      } finally {
        await thread.end();
      }
    },
  };
}

type DatabaseThread = Thread<DatabaseCalls>;

function statements(thread: DatabaseThread, number: number | null): Statements {
  return {
    async query<Row>(
      text: string,
      values: readonly unknown[] = [],
      { rowMode = 'object', parsers = {} }: QueryOptions = {},
    ) {
      const answer = await thread.ask('query', {
        transaction: number,
        text,
        values,
        rowMode,
        asText: Object.keys(parsers),
      });
      return parsed(answer, parsers) as Results<Row>;
    },
    exec: (script) => thread.ask('exec', { transaction: number, script }),
  };
}

async function transaction<T>(thread: DatabaseThread, work: (inside: TransactionStatements) => Promise<T>): Promise<T> {
  const number = await thread.ask('begin', null);
  let ended: Promise<void> | undefined;
  const rollback = (): Promise<void> => {
    ended ??= thread.ask('rollback', number);
    return ended;
  };
  try {
    const done = await work({ ...statements(thread, number), rollback });
    await (ended ?? thread.ask('commit', number));
    return done;
  } catch (error) {
    // What failed says more than that it could not be rolled back.
    await rollback().catch(() => undefined);
    throw error;
  }
}

/** Functions do not cross: values whose reading was asked for come as text and are read here. */
function parsed(answer: Answer, parsers: NonNullable<QueryOptions['parsers']>): Answer {
  for (const [i, { name, dataTypeID }] of answer.fields.entries()) {
    const read = parsers[dataTypeID];
    if (!read) continue;
    for (const row of answer.rows as Record<string | number, unknown>[]) {
      const column = Array.isArray(row) ? i : name;
      const value = row[column];
      if (value !== null) row[column] = read(value as string);
    }
  }
  return answer;
}

/** The same database; what its statements fail with is told as well. */
export function watched(database: Database, tell: (error: unknown) => void): Database {
  const told = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (error) {
      tell(error);
      throw error;
    }
  };
  const watching = (statements: Statements): Statements => ({
    query: (text, values, options) => told(statements.query(text, values, options)),
    exec: (script) => told(statements.exec(script)),
  });
  return {
    ...watching(database),
    transaction: (work) => database.transaction((inside) => work({ ...watching(inside), rollback: inside.rollback })),
    close: database.close,
  };
}
