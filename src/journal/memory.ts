/** A journal in memory: for tests and what-ifs that nobody needs to survive. */

import type { Journal, JournalRecord } from './journal';
import { chainHash, GENESIS_HASH } from './journal';

export function createMemoryJournal(records: JournalRecord[] = []): Journal {
  return {
    get lastSeq() {
      return records.length;
    },
    get lastHash() {
      return records.at(-1)?.hash ?? GENESIS_HASH;
    },
    async append(texts) {
      for (const text of texts)
        records.push({ seq: records.length + 1, text, hash: chainHash(records.at(-1)?.hash ?? GENESIS_HASH, text) });
    },
    async *read(from) {
      for (let i = Math.max(0, from - 1); i < records.length; i++) yield records[i] as JournalRecord;
    },
    async close() {},
  };
}
