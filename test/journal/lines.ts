/** Lines that are known by their number. */

import { chainHash, GENESIS_HASH, type Journal, type JournalRecord } from '../../src/journal/journal';

/** A line for an entry: its length differs from entry to entry, so that records end anywhere in a sector. */
export const textOf = (seq: number): string => JSON.stringify({ seq, text: '€ä-'.repeat((seq * 61) % 140) });

export const textsOf = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => textOf(from + i));

/** The records that these texts must have become. */
export function recordsOf(texts: readonly string[]): JournalRecord[] {
  let hash = GENESIS_HASH;
  return texts.map((text, i) => {
    hash = chainHash(hash, text);
    return { seq: i + 1, text, hash };
  });
}

export async function readAll(journal: Journal, from = 1): Promise<JournalRecord[]> {
  const records: JournalRecord[] = [];
  for await (const record of journal.read(from)) records.push(record);
  return records;
}
