/** Committed entries: carried as the text that was journaled, read only where somebody wants to know what it says. */

import type { Entry } from '../core/message/envelope';
import { chainHash, type Journal, type JournalRecord } from '../journal/journal';
import type { Seq } from '../units/quantity';
import { decodeEntry, encodeEntry } from './entryText';
import type { Committed } from './house';

/**
 * What was read stays for whoever asks next, for as long as there is memory to spare: entries that are kept for days
 * would otherwise be kept twice, and what is read of one takes several times the room of its text.
 */
class ReadOnDemand implements Committed {
  readonly seq: Seq;
  readonly text: string;
  readonly hash: string;
  #entry: WeakRef<Entry> | undefined;

  constructor({ seq, text, hash }: JournalRecord, known?: Entry) {
    this.seq = seq;
    this.text = text;
    this.hash = hash;
    if (known) this.#entry = new WeakRef(known);
  }

  get entry(): Entry {
    const known = this.#entry?.deref();
    if (known) return known;
    const entry = decodeEntry(this.text);
    this.#entry = new WeakRef(entry);
    return entry;
  }
}

/** The entry of a record; `known` where it has been read, or made, already. */
export const committedOf = (record: JournalRecord, known?: Entry): Committed => new ReadOnDemand(record, known);

/** Entries that come after a hash, as they are journaled. */
export function chained(entries: readonly Entry[], after: string): Committed[] {
  let hash = after;
  return entries.map((entry) => {
    const text = encodeEntry(entry);
    hash = chainHash(hash, text);
    return committedOf({ seq: entry.seq, text, hash }, entry);
  });
}

/** Committed entries in a row, the last ones, up to a size. */
export interface Recent {
  readonly first: number; // number of the first that is kept; of the next one where none is
  at(seq: number): Committed | undefined;
  add(batch: readonly Committed[]): void;
}

/** Characters of the entries that are kept, where nothing else is said. */
export const RECENT_SIZE = 16_000_000;

/**
 * Entries after a number, as they come: as many of the last as fit into `most` characters, until there is twice as
 * much.
 */
export function createRecent(after: number, most: number): Recent {
  let kept: Committed[] = [];
  let first = after + 1;
  let size = 0;
  return {
    get first() {
      return first;
    },
    at: (seq) => kept[seq - first],
    add(batch) {
      for (const committed of batch) {
        kept.push(committed);
        size += committed.text.length;
      }
      // Cut when there is twice as much, so that an entry is moved once and not with every commit.
      if (size <= 2 * most) return;
      let cut = 0;
      for (; size > most; cut++) size -= kept[cut]?.text.length ?? size;
      kept = kept.slice(cut);
      first += cut;
    },
  };
}

/** What is in the journal after a number, to its end as it is now: from memory as far as it is kept there. */
export async function* readAfter(journal: Journal, recent: Recent, after: Seq): AsyncIterable<Committed> {
  const last = journal.lastSeq;
  for (let next = after + 1; next <= last; ) {
    const known = recent.at(next);
    if (known) yield known;
    else {
      for await (const record of journal.read(next)) {
        if (record.seq > last) return;
        yield committedOf(record);
        next = record.seq;
        if (next + 1 >= recent.first) break;
      }
    }
    next += 1;
  }
}
