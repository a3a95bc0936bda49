/** The clock of a house that relives another day: it stands still while the replay keeps the time, and runs on from there. */

import type { Clock } from '../sequencer/clock';
import { type Instant, instant } from '../units/quantity';

export interface DayClock extends Clock {
  /** From now on time passes, beginning at this instant. */
  run(from: Instant): void;
}

export function createDayClock(start: Instant): DayClock {
  let offset: number | undefined;
  return {
    now: () => (offset === undefined ? start : instant(Date.now() + offset)),
    run(from) {
      offset = from - Date.now();
    },
  };
}
