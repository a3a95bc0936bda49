/** Committed entries: carried as the text that was journaled, read only where somebody wants to know what it says. */

import type { Entry } from '../core/message/envelope';
import type { JournalRecord } from '../journal/journal';
import { decodeEntry } from './entryText';
import type { Committed } from './house';

/** The entry of a record; `known` where it has been read, or made, already. */
export function committedOf({ seq, text, hash }: JournalRecord, known?: Entry): Committed {
  let entry = known;
  return {
    seq,
    text,
    hash,
    get entry() {
      entry ??= decodeEntry(text);
      return entry;
    },
  };
}

/** Committed entries in a row, of which at least the last so many are kept. */
export interface Recent {
  readonly first: number; // number of the first that is kept; of the next one where none is
  at(seq: number): Committed | undefined;
  add(batch: readonly Committed[]): void;
}

/** Entries after a number, as they come. */
export function createRecent(after: number, limit: number): Recent {
  let kept: Committed[] = [];
  let first = after + 1;
  return {
    get first() {
      return first;
    },
    at: (seq) => kept[seq - first],
    add(batch) {
      for (const committed of batch) kept.push(committed);
      // Cut when there are twice as many, so that an entry is moved once and not with every commit.
      if (kept.length <= 2 * limit) return;
      first += kept.length - limit;
      kept = kept.slice(-limit);
    },
  };
}
