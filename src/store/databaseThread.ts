/**
 * The embedded database, in a thread of its own: while it works it does nothing else, and whoever shares a thread with
 * it waits. Transactions are kept open here, each under a number, until the other side says how they end.
 */

import { PGlite, type QueryOptions, type Results, type Transaction } from '@electric-sql/pglite';
import { lineOut } from '../thread/thread';
import { DATABASE_KINDS } from './databaseFailure';
import { tighten } from './private';

export interface Statement {
  readonly transaction: number | null; // null: a transaction of its own
  readonly text: string;
  readonly values: readonly unknown[];
  readonly rowMode: 'array' | 'object';
  readonly asText: readonly string[]; // types whose values are handed over as the database writes them
}

export interface Script {
  readonly transaction: number | null;
  readonly script: string;
}

/** What a statement gives, as it crosses. */
export type Answer = Pick<Results<unknown>, 'rows' | 'fields' | 'affectedRows'>;

/** What the other side may ask. */
export interface DatabaseCalls {
  /** Opens the folder; null: memory. */
  open(folder: string | null): Promise<void>;
  query(statement: Statement): Promise<Answer>;
  exec(script: Script): Promise<void>;
  /** Resolves with the number of the transaction when it is its turn. */
  begin(nothing: null): Promise<number>;
  commit(transaction: number): Promise<void>;
  rollback(transaction: number): Promise<void>;
  close(nothing: null): Promise<void>;
}

interface Open {
  readonly inside: Transaction;
  readonly ended: Promise<void>;
  readonly commit: () => void;
  readonly rollback: (reason: Error) => void;
}

/** How the database is told to roll back: its transaction throws. */
class RolledBack extends Error {}

let opened: PGlite | undefined;
const transactions = new Map<number, Open>();
let begun = 0;

function database(): PGlite {
  if (!opened) throw new Error('The database is not open');
  return opened;
}

/** A transaction that is open, or the database itself. */
function within(transaction: number | null): Pick<Transaction, 'query' | 'exec'> {
  return transaction === null ? database() : transactionOf(transaction).inside;
}

function transactionOf(number: number): Open {
  const open = transactions.get(number);
  if (!open) throw new Error('Transaction is closed');
  return open;
}

function begin(): Promise<number> {
  return new Promise((begins, fails) => {
    const ended = database().transaction(
      (inside) =>
        new Promise<void>((commit, rollback) => {
          begun += 1;
          transactions.set(begun, { inside, ended, commit, rollback });
          begins(begun);
        }),
    );
    ended.catch(fails);
  });
}

function take(number: number): Open {
  const open = transactionOf(number);
  transactions.delete(number);
  return open;
}

const plain = (value: string): string => value;

function optionsOf({ rowMode, asText }: Statement): QueryOptions {
  return { rowMode, parsers: Object.fromEntries(asText.map((type) => [type, plain])) };
}

const calls: DatabaseCalls = {
  async open(folder) {
    opened = await PGlite.create(folder ?? 'memory://');
    // A new one is unpacked with files that anybody may write, whatever the process says.
    if (folder !== null) tighten(folder);
  },
  async query(statement) {
    const { text, values, transaction } = statement;
    const { rows, fields, affectedRows } = await within(transaction).query(text, [...values], optionsOf(statement));
    return { rows, fields, ...(affectedRows === undefined ? {} : { affectedRows }) };
  },
  async exec({ transaction, script }) {
    await within(transaction).exec(script);
  },
  begin,
  async commit(number) {
    const { commit, ended } = take(number);
    commit();
    await ended;
  },
  async rollback(number) {
    const { rollback, ended } = take(number);
    rollback(new RolledBack());
    await ended.catch((error: unknown) => {
      if (!(error instanceof RolledBack)) throw error;
    });
  },
  async close() {
    await opened?.close();
  },
};

lineOut<Record<string, never>, DatabaseCalls>(calls, DATABASE_KINDS);
