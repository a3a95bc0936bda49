/** The journal in memory. */

import type { JournalRecord } from '../../src/journal/journal';
import { createMemoryJournal } from '../../src/journal/memory';
import { journalContract } from './contract';

journalContract(async () => {
  const records: JournalRecord[] = [];
  return { open: async () => createMemoryJournal(records) };
});
