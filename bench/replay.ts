/**
 * How fast a house is known again from its journal: by applying what was recorded, which is what a start does, and by
 * executing every command once more, which is what `npm run verify` does.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createState } from '../dist/core/engine/genesis';
import { eventsOf } from '../dist/core/message/envelope';
import type { DayName } from '../dist/interop/day';
import { createReplay, STANDARD } from '../dist/interop/replay';
import { openFileJournal } from '../dist/journal/file';
import type { Journal } from '../dist/journal/journal';
import { manualClock } from '../dist/sequencer/clock';
import { decodeEntry } from '../dist/sequencer/entryText';
import { recover, verify } from '../dist/sequencer/recover';
import { createSequencer } from '../dist/sequencer/sequencer';
import { instant } from '../dist/units/quantity';
import { task } from './task';

/** A folder with a journal, or a day to be lived through first. */
export type ReplayInput = { readonly folder: string } | { readonly day: DayName; readonly clients: number };

export interface Replayed {
  readonly entries: number;
  readonly events: number;
  readonly recover: number; // s
  readonly verify: number; // s
}

task(async (input: ReplayInput): Promise<Replayed> => {
  if ('folder' in input) return measure(input.folder);
  const folder = await mkdtemp(join(tmpdir(), 'novate-bench-'));
  try {
    await live(folder, input.day, input.clients);
    return await measure(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

async function live(folder: string, day: DayName, clients: number): Promise<void> {
  const journal = await openFileJournal({ folder });
  let failure: unknown;
  const onFatal = (error: unknown): void => {
    failure = error;
  };
  const house = createSequencer({ state: createState(), journal, clock: manualClock(instant(0)), onFatal });
  await createReplay(house, { ...STANDARD, day, clients }).run();
  await house.close();
  if (failure !== undefined) throw failure;
}

async function measure(folder: string): Promise<Replayed> {
  const journal = await openFileJournal({ folder });
  try {
    const events = await eventsIn(journal);
    const began = performance.now();
    await recover(journal);
    const recovered = performance.now();
    await verify(journal);
    const verified = performance.now();
    return {
      entries: journal.lastSeq,
      events,
      recover: (recovered - began) / 1000,
      verify: (verified - recovered) / 1000,
    };
  } finally {
    await journal.close();
  }
}

async function eventsIn(journal: Journal): Promise<number> {
  let events = 0;
  for await (const { text } of journal.read(1)) events += eventsOf(decodeEntry(text).outcome).length;
  return events;
}
