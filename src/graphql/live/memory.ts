/**
 * Keeps small facts of the house in memory: filled from the state of the engine once, then from the committed events.
 * Rows are not asked: a house is served whatever its read models need.
 */

import { eventsOf } from '../../core/message/envelope';
import type { Event } from '../../core/message/event';
import type { Committed, House } from '../../sequencer/house';
import type { Roster } from '../../sequencer/roster';

export interface Memory {
  load(roster: Roster): void;
  learn(event: Event): void;
}

/** Fills the memories and keeps them up to date; returns how to stop. Throws Unavailable. */
export async function keepUp(
  house: Pick<House, 'follow' | 'roster'>,
  memories: readonly Memory[],
): Promise<() => void> {
  let known = 0; // last entry that was learned
  const take = (batch: readonly Committed[]): void => {
    for (const { entry } of batch) {
      if (entry.seq <= known) continue;
      for (const event of eventsOf(entry.outcome)) for (const memory of memories) memory.learn(event);
      known = entry.seq;
    }
  };
  // What is committed while the state is being told waits: what is older must not overwrite what is newer.
  const early: Committed[] = [];
  let loaded = false;
  const stop = house.follow((batch) => {
    if (loaded) take(batch);
    else early.push(...batch);
  });
  try {
    const roster = await house.roster(null);
    for (const memory of memories) memory.load(roster);
    known = roster.seq;
    take(early);
  } catch (error) {
    stop();
    throw error;
  }
  loaded = true;
  return stop;
}
