/**
 * Keeps the tables of the read models fit to be asked: the database chooses an index by what it knows of a table, and
 * knows nothing until the table has been analyzed; rows that were replaced are in its way until it is vacuumed. A
 * server does both by itself where autovacuum is on. The embedded database never does, and a table that was just filled
 * waits a minute.
 */

import type { Store } from '../../store/client';

/** A table as the database's own statistics have it. */
export interface TableHealth {
  readonly name: string;
  readonly rows: number; // by the last analysis; -1: there was none
  readonly changed: number; // rows written since then
  readonly dead: number; // versions of rows that nobody sees any more
  readonly bytes: number;
}

export interface Upkept {
  readonly analyzed: readonly string[];
  readonly vacuumed: readonly string[];
}

/** As autovacuum has it: so many rows, and such a share of the table. */
const LEAST_CHANGED = 500;
const LEAST_DEAD = 1_000;
const SHARE_CHANGED = 0.1;
const SHARE_DEAD = 0.2;

/** A table of less is read from end to end in no time: nobody need be told. */
const WORTH_TELLING = 2 ** 20;

/** Tables with rows of which the database knows nothing: it reads them from end to end, whatever is asked. */
export const isUnknown = ({ rows, changed }: TableHealth): boolean => rows < 0 && changed > 0;

const isStale = ({ rows, changed }: TableHealth): boolean =>
  changed > LEAST_CHANGED + SHARE_CHANGED * Math.max(rows, 0);
const isLittered = ({ rows, dead }: TableHealth): boolean => dead > LEAST_DEAD + SHARE_DEAD * Math.max(rows, 0);

export async function tableHealth(store: Store): Promise<TableHealth[]> {
  // The embedded database is one session, which counts for itself and tells the statistics only now and then.
  if (store.kind === 'EMBEDDED') await store.alone('SELECT pg_stat_force_next_flush()');
  // A table that has rows and no statistics may have got them before the counters were lost in a crash: its size tells.
  return store.transaction(({ query }) =>
    query<TableHealth>(
      `SELECT c.relname AS name, c.reltuples::float8 AS rows, coalesce(s.n_dead_tup, 0)::float8 AS dead,
        pg_relation_size(c.oid)::float8 AS bytes,
         greatest(coalesce(s.n_mod_since_analyze, 0), CASE WHEN c.reltuples < 0 AND pg_relation_size(c.oid) > 0 THEN 1
         ELSE 0 END)::float8 AS changed
       FROM pg_class c LEFT JOIN pg_stat_user_tables s ON s.relid = c.oid
       WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND c.relname <> '_prisma_migrations'
       ORDER BY c.relname`,
    ),
  );
}

/** Whether the database does all this by itself. */
async function tendsItself(store: Store): Promise<boolean> {
  if (store.kind === 'EMBEDDED') return false;
  const [row] = await store.transaction(({ query }) =>
    query<{ on: boolean }>(
      `SELECT current_setting('autovacuum')::bool AND current_setting('track_counts')::bool AS on`,
    ),
  );
  return row?.on ?? false;
}

/**
 * Analyzes what was much written to, one table at a time so that whoever reads waits for one at most; where the house
 * is `idle`, vacuums as well. On a server with autovacuum only tables of which nothing at all is known are analyzed.
 */
export async function tend(store: Store, { idle }: { readonly idle: boolean }): Promise<Upkept> {
  const tables = await tableHealth(store);
  const itself = await tendsItself(store);
  const littered = idle && !itself ? tables.filter(isLittered) : [];
  for (const { name } of littered) await store.alone(`VACUUM (ANALYZE) "${name}"`);
  const due = tables.filter((table) => !littered.includes(table) && (isUnknown(table) || (!itself && isStale(table))));
  for (const { name } of due) await store.alone(`ANALYZE "${name}"`);
  const names = (list: readonly TableHealth[]): string[] => list.map(({ name }) => name);
  return { vacuumed: names(littered), analyzed: names([...littered, ...due]) };
}

export interface UpkeepOptions {
  readonly store: Store;
  readonly seq: () => number; // how far the rows have come
  readonly everyMs?: number; // between two looks
  readonly everyEntries?: number; // a house that never rests is looked after so often
  /** Large tables that have rows and no statistics, at the first look. */
  readonly onUnknown: (tables: readonly string[]) => void;
  readonly onProblem: (problem: unknown) => void;
}

export interface Upkeep {
  close(): Promise<void>;
}

const LOOK_MS = 5_000;
const LOOK_ENTRIES = 20_000;

/** Looks now and then: after so many entries, and when the rows have not moved since the last look. */
export function startUpkeep({
  store,
  seq,
  everyMs = LOOK_MS,
  everyEntries = LOOK_ENTRIES,
  ...tell
}: UpkeepOptions): Upkeep {
  let tended = -1; // how far the rows were when they were last tended in full
  let seen = seq();
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<void> = warn();
  let closed = false;

  async function warn(): Promise<void> {
    const unknown = (await tableHealth(store)).filter((table) => isUnknown(table) && table.bytes >= WORTH_TELLING);
    if (unknown.length > 0) tell.onUnknown(unknown.map(({ name }) => name));
  }

  async function look(): Promise<void> {
    const now = seq();
    const idle = now === seen;
    seen = now;
    if (idle ? now === tended : now - tended < everyEntries) return;
    await tend(store, { idle });
    tended = now;
  }

  function again(): void {
    if (closed) return;
    timer = setTimeout(() => {
      turn = look().catch(tell.onProblem).then(again);
    }, everyMs).unref();
  }
  turn = turn.catch(tell.onProblem).then(again);
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await turn;
    },
  };
}
