/** Keeps small facts of the house in memory: filled from the rows once, then from the committed events as they come. */

import { eventsOf } from '../../core/message/envelope';
import type { Event } from '../../core/message/event';
import type { Reader } from '../../projections/reader';
import type { Committed, House } from '../../sequencer/house';
import { Unavailable } from '../../sequencer/house';
import type { Db } from '../../store/client';

export interface Memory {
  load(db: Db): Promise<void>;
  learn(event: Event): void;
}

const LOAD_WAIT_MS = 60_000;

/** Fills the memories and keeps them up to date; returns how to stop. */
export async function keepUp(house: House, reader: Reader, memories: readonly Memory[]): Promise<() => void> {
  const take = (batch: readonly Committed[], after: number): void => {
    for (const { entry } of batch) {
      if (entry.seq <= after) continue;
      for (const event of eventsOf(entry.outcome)) for (const memory of memories) memory.learn(event);
    }
  };
  // What is committed while the rows are being read waits: an older row must not overwrite what is newer.
  const early: Committed[] = [];
  let loaded = false;
  const stop = house.follow((batch) => {
    if (loaded) take(batch, 0);
    else early.push(...batch);
  });
  try {
    const options = { committed: house.status().seq, waitMs: LOAD_WAIT_MS };
    await reader.snapshot(options, async ({ db, seq, fresh }) => {
      if (!fresh) throw new Unavailable('CLOSED', 'The read models have not caught up with the journal', LOAD_WAIT_MS);
      for (const memory of memories) await memory.load(db);
      take(early, seq);
    });
  } catch (error) {
    stop();
    throw error;
  }
  loaded = true;
  return stop;
}
