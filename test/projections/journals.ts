/** A journal that grows while a projector reads it, and a database that fails when it is told to. */

import type { Followed } from '../../src/projections/commit/commit';
import type { ProjectorOptions } from '../../src/projections/follow/projector';
import type { Sql, Store } from '../../src/store/client';

export interface GrowingJournal {
  readonly read: ProjectorOptions['read'];
  /** Commits the next entries, and returns them to be offered. */
  grow(count: number): Followed[];
  readonly length: number;
}

export function growingJournal(all: readonly Followed[], start = 0): GrowingJournal {
  let length = start;
  return {
    async *read(after) {
      for (let i = after; i < length; i++) yield all[i] as Followed;
    },
    grow(count) {
      const grown = all.slice(length, length + count);
      length += grown.length;
      return grown;
    },
    get length() {
      return length;
    },
  };
}

/**
 * Where a transaction can go wrong: before it, in the middle of its work, at its end, or when the answer to its commit
 * is lost.
 */
export const FAULTS = ['BEFORE', 'STATEMENT', 'END', 'ANSWER'] as const;
export type Fault = (typeof FAULTS)[number];

export class Broken extends Error {
  override readonly name = 'Broken';
}

/** A store whose transactions fail as `next` says; undefined lets one pass, a promise lets it wait. */
export function faulty(store: Store, next: () => Fault | undefined | Promise<undefined>): Store {
  return {
    ...store,
    async transaction(work) {
      const fault = await next();
      if (fault === 'BEFORE') throw new Broken(fault);
      const done = await store.transaction(async (sql) => {
        const result = await work(fault === 'STATEMENT' ? failingAfter(sql, 4) : sql);
        if (fault === 'END') throw new Broken(fault);
        return result;
      });
      if (fault === 'ANSWER') throw new Broken(fault);
      return done;
    },
  };
}

/** Lets so many statements pass. A transaction with fewer goes through. */
function failingAfter(sql: Sql, statements: number): Sql {
  let left = statements;
  return {
    ...sql,
    query: (text, values) => (left-- > 0 ? sql.query(text, values) : Promise.reject(new Broken('STATEMENT'))),
  };
}
