/** A process that appends to the journal of a folder until it is killed, and says what is durable. */

import { openFileJournal } from '../../src/journal/file';
import { textOf } from './lines';

async function appendForever(folder: string): Promise<void> {
  const journal = await openFileJournal({ folder, segmentBytes: 32 * 1024 });
  process.stdout.write(`open ${journal.lastSeq}\n`);
  for (;;) {
    const first = journal.lastSeq + 1;
    const count = 1 + (first % 4);
    await journal.append(Array.from({ length: count }, (_, i) => textOf(first + i)));
    process.stdout.write(`durable ${journal.lastSeq}\n`);
  }
}

void appendForever(process.argv[2] as string).catch((error: Error) => {
  process.stdout.write(`failed ${error.name}\n`);
  process.exitCode = 1;
});
