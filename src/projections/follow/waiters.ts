/** Those who wait for the rows to reach an entry, each until its time is up. */

import type { Seq } from '../../units/quantity';

interface Waiter {
  readonly seq: Seq;
  readonly resolve: (reached: boolean) => void;
}

export interface Waiters {
  /** Whether anybody waits. */
  readonly any: boolean;
  waitFor(seq: Seq, ms: number): Promise<boolean>;
  reached(seq: Seq): void;
  /** Nothing will be reached any more. */
  giveUp(): void;
}

export function createWaiters(): Waiters {
  const waiting = new Set<Waiter>();
  return {
    get any() {
      return waiting.size > 0;
    },
    waitFor: (seq, ms) =>
      new Promise((resolve) => {
        const waiter: Waiter = {
          seq,
          resolve(reached) {
            clearTimeout(timer);
            waiting.delete(waiter);
            resolve(reached);
          },
        };
        const timer = setTimeout(() => waiter.resolve(false), ms);
        waiting.add(waiter);
      }),
    reached(seq) {
      for (const waiter of [...waiting]) if (waiter.seq <= seq) waiter.resolve(true);
    },
    giveUp() {
      for (const waiter of [...waiting]) waiter.resolve(false);
    },
  };
}
