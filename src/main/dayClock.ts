/**
 * The clock of a house that relives another day: it stands still while the replay keeps the time, and runs on from
 * there.
 */

import { createClock, type HouseClock } from '../sequencer/clock';
import { type Instant, instant } from '../units/quantity';

export interface DayClock extends HouseClock {
  /** From now on time passes, beginning at this instant. */
  run(from: Instant): void;
}

export function createDayClock(start: Instant): DayClock {
  const clock = createClock({ stands: start });
  return Object.assign(clock, { run: (from: Instant) => clock.apply({ ahead: from - Date.now() }) });
}

/** Wall time, ahead by so many milliseconds. */
export function runningClock(ahead: number): DayClock {
  const clock = createDayClock(instant(Date.now()));
  clock.run(instant(Date.now() + ahead));
  return clock;
}
