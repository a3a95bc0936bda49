/**
 * Turns wall time into commands: wakes the house when its next deadline falls. The house itself decides what that
 * means.
 */

import type { Clock } from '../sequencer/clock';
import { type House, isOver, Unavailable } from '../sequencer/house';
import type { Instant } from '../units/quantity';

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

  /** A house that takes nothing now takes it later; what has passed by then is met in order. */
  async function advance(): Promise<Instant | null> {
    try {
      return await house.advance();
    } catch (error) {
      if (error instanceof Unavailable && !isOver(error)) return null;
      throw error;
    }
  }

  async function keep(): Promise<void> {
    while (!stopped) {
      const next = await advance();
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
