/** Turns wall time into commands: wakes the house when its next deadline falls. The house itself decides what that means. */

import type { Clock } from '../sequencer/clock';
import type { House } from '../sequencer/house';

export interface Timekeeper {
  stop(): Promise<void>;
}

/** The longest sleep: a deadline set meanwhile is met at most this late. */
const LONGEST_SLEEP = 250;

export function startTimekeeper(house: House, clock: Clock, onError: (error: unknown) => void): Timekeeper {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let wake: (() => void) | undefined;

  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
      timer = setTimeout(resolve, ms);
    });

  async function keep(): Promise<void> {
    while (!stopped) {
      const next = await house.advance();
      const wait = next === null ? LONGEST_SLEEP : Math.min(LONGEST_SLEEP, Math.max(0, next - clock.now()));
      await sleep(wait);
    }
  }

  const kept = keep().catch((error: unknown) => {
    if (!stopped) onError(error);
  });

  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      wake?.();
      await kept;
    },
  };
}
