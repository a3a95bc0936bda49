/**
 * A pass over every account of a book as it was when the pass began, worked off a few rows at a time. What is about to
 * be written meanwhile is visited first, with everybody of the same owner, so that commands need not wait for the pass
 * to end and nothing has to be copied for it.
 */

import type { ColumnBook } from './columnBook';

export interface Pass {
  /** Goes on by so many accounts at most; false once all have been visited. */
  step(most: number): boolean;
  /** Stops before the end. */
  end(): void;
}

/** `visit` is shown every row that there is now, once. */
export function createPass(book: ColumnBook, visit: (row: number) => void): Pass {
  const { accounts } = book.columns;
  const ends = accounts.count;
  const early = new Set<number>(); // rows visited before their turn
  let next = 0;

  function visitEarly(row: number): void {
    if (row < next || row >= ends || early.has(row)) return;
    early.add(row);
    visit(row);
  }

  const forget = book.beforeWrites((row) => {
    for (const other of book.siblingsOf(row)) visitEarly(other);
  });

  return {
    step(most) {
      const until = Math.min(ends, next + most);
      while (next < until) {
        // Counted as visited first: what a visit reads it does not write.
        const row = next;
        next += 1;
        if (!early.delete(row)) visit(row);
      }
      if (next < ends) return true;
      forget();
      return false;
    },
    end: forget,
  };
}
