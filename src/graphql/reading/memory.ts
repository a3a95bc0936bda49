/**
 * Keeps small facts of the house in memory: filled from the rows once, then from the committed events. The rows may be behind:
 * what they do not have yet is read from the journal, so that a house is served whatever its read models need.
 */

import { eventsOf } from '../../core/message/envelope';
import type { Event } from '../../core/message/event';
import type { Reader } from '../../projections/reader';
import type { Committed, House } from '../../sequencer/house';
import type { Db } from '../../store/client';

export interface Memory {
  load(db: Db): Promise<void>;
  learn(event: Event): void;
}

/** Fills the memories and keeps them up to date; returns how to stop. */
export async function keepUp(house: House, reader: Reader, memories: readonly Memory[]): Promise<() => void> {
  let known = 0; // last entry that was learned
  const take = (batch: readonly Committed[]): void => {
    for (const { entry } of batch) {
      if (entry.seq <= known) continue;
      for (const event of eventsOf(entry.outcome)) for (const memory of memories) memory.learn(event);
      known = entry.seq;
    }
  };
  // What is committed while rows and journal are being read waits: what is older must not overwrite what is newer.
  const early: Committed[] = [];
  let loaded = false;
  const stop = house.follow((batch) => {
    if (loaded) take(batch);
    else early.push(...batch);
  });
  try {
    await reader.snapshot({ committed: house.status().seq }, async ({ db, seq }) => {
      for (const memory of memories) await memory.load(db);
      known = seq;
    });
    for await (const committed of house.read(known)) take([committed]);
    take(early);
  } catch (error) {
    stop();
    throw error;
  }
  loaded = true;
  return stop;
}
