/** Wall time for the house: the only place where the sequencer learns what time it is. */

import { type Duration, type Instant, instant } from '../units/quantity';

export interface Clock {
  now(): Instant;
}

/** The wall clock, moved by an offset: a house that relives another day keeps that day's time. */
export const wallClock = (offset: Duration | 0 = 0): Clock => ({ now: () => instant(Date.now() + offset) });

/** A clock that stands still until it is set: tests, scenarios, replays. */
export interface ManualClock extends Clock {
  set(at: Instant): void;
}

export function manualClock(start: Instant): ManualClock {
  let at = start;
  return {
    now: () => at,
    set(next) {
      at = next;
    },
  };
}
