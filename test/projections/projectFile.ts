/**
 * Run as a program: projects the journal in a file into the embedded database of a folder, an entry at a time, and says
 * how far it is.
 */

import { readFileSync } from 'node:fs';
import { createProjector } from '../../src/projections/follow/projector';
import { decodeEntry } from '../../src/sequencer/entryText';
import { openEmbedded } from '../../src/store/client';
import { migrate } from '../../src/store/migrate';
import { followed, readerOf } from './support';

const [folder = '', journal = ''] = process.argv.slice(2);

async function project(): Promise<void> {
  const all = followed(readFileSync(journal, 'utf8').trimEnd().split('\n').map(decodeEntry));
  const store = await openEmbedded(folder);
  await migrate(store);
  let told = 0;
  const projector = createProjector({ store, read: readerOf(all), batchLimit: 1 });
  // It goes on for as long as it is let.
  setInterval(() => {
    if (projector.seq > told) process.stdout.write(`at ${projector.seq}\n`);
    told = projector.seq;
  }, 1);
  await projector.start();
}

project().catch((error: Error) => {
  process.stdout.write(`${error.name}: ${error.message}\n`);
  process.exitCode = 1;
});
