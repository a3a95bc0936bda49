/**
 * Snapshots to read: everything one query sees is of one entry of the journal, and says which.  Rule: X-4
 * A query sees what was committed before it arrived: it waits for the rows to get there, but no longer than it was
 * told.
 */

import type { AccountId } from '../../core/model/account';
import type { CurrencyId, InstrumentId } from '../../core/model/reference';
import type { View } from '../../core/model/state';
import { type Db, queriesOf, type Store } from '../../store/client';
import type { Instant, Seq } from '../../units/quantity';
import { readCheckpoint } from '../commit/checkpoint';
import type { Following } from '../follow/projector';
import { hydrate } from './hydrate';
import { hydrateDebts } from './openDebts';

export interface SnapshotOptions {
  readonly committed: Seq; // the last entry committed when the query arrived
  readonly atLeast?: Seq; // the caller wants no older answer
  readonly waitMs?: number; // how long to wait for that
  readonly timeoutMs?: number; // how long the work may take
}

export interface Snapshot {
  readonly seq: Seq; // everything is as of this entry
  readonly at: Instant; // house time then
  readonly fresh: boolean; // whether it is as new as was asked for
  readonly db: Db; // one transaction: rows of one entry, however many are read
  /** The same as a state of the core; see `hydrate`. */
  hydrate(ids: readonly AccountId[], instruments?: readonly InstrumentId[]): Promise<View>;
  /** Of the open debts in a currency. */
  hydrateDebts(currency: CurrencyId): Promise<View>;
}

export interface Reader {
  /** How the rows follow the journal. */
  following(): Following;
  snapshot<T>(options: SnapshotOptions, work: (snapshot: Snapshot) => Promise<T>): Promise<T>;
}

/** How far the rows have come: the projector, or whoever watches the checkpoint for it. */
export interface Progress {
  following(): Following;
  waitFor(seq: Seq, ms: number): Promise<boolean>;
}

export const STANDARD_WAIT = 250;
const STANDARD_TIMEOUT = 30_000;

export function createReader(store: Store, progress: Progress): Reader {
  // The embedded store has one connection: a transaction has it alone, and sees one state whatever its isolation is
  // called.
  const isolation = store.kind === 'POSTGRES' ? { isolationLevel: 'RepeatableRead' as const } : {};
  return {
    following: () => progress.following(),
    async snapshot({ committed, atLeast = 0, waitMs = STANDARD_WAIT, timeoutMs = STANDARD_TIMEOUT }, work) {
      const wanted = Math.max(atLeast, committed);
      await progress.waitFor(wanted, waitMs);
      return store.prisma.$transaction(
        async (db) => {
          // First of all: reading it makes the snapshot, and keeps the tables from being emptied before the work is
          // done.
          const { seq, at } = await readCheckpoint(queriesOf(db));
          return work({
            seq,
            at,
            fresh: seq >= wanted,
            db,
            hydrate: (ids, instruments) => hydrate(queriesOf(db), { seq, at }, ids, instruments),
            hydrateDebts: (currency) => hydrateDebts(queriesOf(db), { seq, at }, currency),
          });
        },
        { ...isolation, maxWait: timeoutMs, timeout: timeoutMs },
      );
    },
  };
}
