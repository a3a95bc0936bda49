/**
 * What remembering costs: idempotency keys as the house keeps them, beside a Map of the same with the oldest forgotten
 * in order, which is what one would write first. Each in a process of its own, filled to a day's keys, and then turned
 * over.
 */

import { sha256, sha256Words } from '../dist/units/hash';
import { instant } from '../dist/units/quantity';
import { createRecall } from '../dist/units/recall';
import { task } from './task';

export interface RememberedInput {
  readonly keys: number; // a day of them
  readonly kept: 'RECALL' | 'MAP';
}

export interface RememberedOutput extends RememberedInput {
  readonly bytes: number; // of memory, a key
  readonly fill: number; // microseconds a key: looked up, not found, noted
  readonly turnOver: number; // the same while as many are forgotten
  readonly hit: number; // microseconds to find one
  readonly worst: number; // milliseconds of the slowest key
}

interface Memory {
  /** Whether the key was known; it is from now on. */
  note(key: string, at: number, seq: number): boolean;
}

const DAY = 86_400_000;

function compact(): Memory {
  const memory = createRecall(2);
  return {
    note(key, at, seq) {
      const print = sha256Words(key, 4);
      const until = instant(at - DAY);
      if (memory.find(print, until)) return true;
      memory.forget(until);
      const body = sha256Words(`body of ${key}`, 2);
      memory.add({ print, holder: 'broker', at: instant(at), seq, facts: [...body] });
      return false;
    },
  };
}

function plain(): Memory {
  const memory = new Map<string, { readonly hash: string; readonly seq: number; readonly at: number }>();
  let oldest = memory.entries();
  let front = oldest.next();
  return {
    note(key, at, seq) {
      const seen = memory.get(key);
      if (seen && seen.at > at - DAY) return true;
      memory.set(key, { hash: sha256(`body of ${key}`), seq, at });
      if (front.done) {
        oldest = memory.entries();
        front = oldest.next();
      }
      while (!front.done && front.value[1].at <= at - DAY) {
        memory.delete(front.value[0]);
        front = oldest.next();
      }
      return false;
    },
  };
}

const used = (): number => {
  const { gc } = globalThis as { gc?: () => void };
  gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

task(async ({ keys, kept }: RememberedInput): Promise<RememberedOutput> => {
  const memory = kept === 'RECALL' ? compact() : plain();
  const before = used();
  let worst = 0;
  const keyOf = (i: number): string => `broker\nrequest ${i} of the day`;
  /** Keys from one number to another, spread over a day; microseconds a key. */
  const run = (from: number, to: number, known: boolean): number => {
    const began = performance.now();
    for (let i = from; i < to; i++) {
      const start = performance.now();
      const found = memory.note(keyOf(i), known ? DAY : Math.floor((i / keys) * DAY), i + 1);
      worst = Math.max(worst, performance.now() - start);
      if (found !== known) throw new Error(`Key ${i} is ${found ? 'known too long' : 'forgotten early'}`);
    }
    return ((performance.now() - began) / (to - from)) * 1000;
  };
  const fill = run(1, keys, false);
  const bytes = (used() - before) / keys;
  const hit = run(keys - Math.ceil(keys / 10), keys, true);
  const turnOver = run(keys, 2 * keys, false);
  return { keys, kept, bytes, fill, turnOver, hit, worst };
});
