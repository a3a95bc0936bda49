/**
 * What each thread of the program holds in memory. A thread writes its own figures; whoever measures reads all of them.
 */

import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import { isMainThread } from 'node:worker_threads';

export interface ThreadMemory {
  readonly thread: string;
  readonly used: number; // bytes of its heap, with what nobody needs any more
  readonly live: number; // bytes of its heap when it was last collected in full; 0: it never was
  readonly external: number; // bytes outside its heap, such as buffers and the memory of WebAssembly
}

/** What an entry says of a collection. */
type GcEntry = PerformanceEntry & { readonly detail?: { readonly kind?: number } };

const FIGURES = 3;
const EVERY_MS = 1_000;

const known = new Map<string, Float64Array>();

/** Room for the figures of a thread. A thread of the same name that has ended gives up its room. */
export function memoryRoom(thread: string): SharedArrayBuffer {
  const room = new SharedArrayBuffer(FIGURES * Float64Array.BYTES_PER_ELEMENT);
  known.set(thread, new Float64Array(room));
  return room;
}

export const forgetMemoryOf = (thread: string): void => void known.delete(thread);

/** Writes the figures of the thread in which it is called, from now on. */
export function reportMemory(room: SharedArrayBuffer): void {
  const figures = new Float64Array(room);
  const write = (): number => {
    const { used_heap_size: used, external_memory: external } = getHeapStatistics();
    figures[0] = used;
    figures[2] = external;
    return used;
  };
  new PerformanceObserver((list) => {
    const full = list
      .getEntries()
      .some((entry) => (entry as GcEntry).detail?.kind === constants.NODE_PERFORMANCE_GC_MAJOR);
    if (full) figures[1] = write();
  }).observe({ entryTypes: ['gc'] });
  setInterval(write, EVERY_MS).unref();
  write();
}

/** The figures of all threads, from the main thread. */
export function memoryOfThreads(): ThreadMemory[] {
  if (isMainThread && !known.has('main')) reportMemory(memoryRoom('main'));
  return [...known].map(([thread, [used = 0, live = 0, external = 0]]) => ({ thread, used, live, external }));
}
