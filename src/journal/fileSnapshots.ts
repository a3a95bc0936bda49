/**
 * Snapshots in the data folder, a file each: `snapshot-<entry, 12 digits>.bin`. The newest two are kept, so that one
 * that turns out to be damaged costs a longer replay and nothing else.
 */

import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Seq } from '../units/quantity';
import { makeFolder, replaceFile } from './durable';
import type { SavedSnapshot, Snapshots } from './journal';
import { openSnapshot, sealSnapshot } from './sealedSnapshot';

const KEPT = 2;

const nameOf = (seq: Seq): string => `snapshot-${String(seq).padStart(12, '0')}.bin`;

export function createFileSnapshots(folder: string): Snapshots {
  // saves come one after the other: they share the file they are prepared in
  let last: Promise<void> = Promise.resolve();
  return {
    save(snapshot) {
      const turn = last.then(() => save(folder, snapshot));
      last = turn.catch(() => undefined);
      return turn;
    },
    async latest(atMost) {
      for (const seq of await numbersIn(folder)) {
        if (seq > atMost) continue;
        const snapshot = await readSnapshot(join(folder, nameOf(seq)));
        if (snapshot?.seq === seq) return snapshot;
      }
      return undefined;
    },
    async discardAfter(last) {
      for (const seq of await numbersIn(folder)) if (seq > last) await rm(join(folder, nameOf(seq)), { force: true });
    },
  };
}

async function save(folder: string, snapshot: SavedSnapshot): Promise<void> {
  await makeFolder(folder);
  await replaceFile(join(folder, nameOf(snapshot.seq)), join(folder, 'snapshot-next.tmp'), sealSnapshot(snapshot));
  // A house saves its present: whatever claims to be later is of a past that was given up.
  const saved = await numbersIn(folder);
  const kept = saved.filter((seq) => seq <= snapshot.seq).slice(0, KEPT);
  for (const seq of saved) if (!kept.includes(seq)) await rm(join(folder, nameOf(seq)), { force: true });
}

/** Entries that snapshots are there of, the newest first. */
async function numbersIn(folder: string): Promise<Seq[]> {
  const names = await readdir(folder).catch(() => []);
  const numbers = names.flatMap((name) => /^snapshot-(\d{12,})\.bin$/.exec(name)?.[1] ?? []).map(Number);
  return numbers.sort((a, b) => b - a);
}

/** A file that cannot be read is as good as a damaged one: there is an older snapshot, or the journal. */
async function readSnapshot(path: string): Promise<SavedSnapshot | undefined> {
  return openSnapshot(await readFile(path).catch(() => Buffer.alloc(0)));
}
