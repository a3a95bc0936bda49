/** One listener on the house for all streams: wakes those that wait when something was committed. Nothing is queued here. */

import type { House } from '../../sequencer/house';
import type { Seq } from '../../units/quantity';

export interface Pulse {
  /** Last committed entry. */
  readonly seq: Seq;
  /** Whether nothing will come any more: streams end. */
  readonly stopped: boolean;
  /** Resolves when something after the entry is committed, when the time is up, or when nobody waits any more. */
  next(after: Seq, waitMs: number, abandoned: AbortSignal): Promise<void>;
  /** Resolves when the time is up, or when nobody waits any more. */
  rest(waitMs: number, abandoned: AbortSignal): Promise<void>;
  stop(): void;
}

export function createPulse(house: House): Pulse {
  const sleepers = new Set<() => void>();
  const resting = new Set<() => void>();
  let stopped = false;
  const wake = (group: Set<() => void>): void => {
    for (const sleeper of [...group]) sleeper();
  };
  const unfollow = house.follow(() => wake(sleepers));

  function sleep(group: Set<() => void>, waitMs: number, abandoned: AbortSignal): Promise<void> {
    if (stopped || abandoned.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(done, waitMs);
      timer.unref();
      function done(): void {
        clearTimeout(timer);
        group.delete(done);
        abandoned.removeEventListener('abort', done);
        resolve();
      }
      group.add(done);
      abandoned.addEventListener('abort', done);
    });
  }

  return {
    get seq() {
      return house.status().seq;
    },
    get stopped() {
      return stopped;
    },
    next: (after, waitMs, abandoned) => (house.status().seq > after ? Promise.resolve() : sleep(sleepers, waitMs, abandoned)),
    rest: (waitMs, abandoned) => sleep(resting, waitMs, abandoned),
    stop() {
      stopped = true;
      unfollow();
      wake(sleepers);
      wake(resting);
    },
  };
}
