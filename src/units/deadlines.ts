/**
 * The earliest of many deadlines, each under a key that can be moved or dropped: a binary heap with places remembered.
 * Equal instants come out in the order of their keys, so that replay meets them in the same order.
 */

import { type Instant, instant } from './quantity';

export interface Deadlines {
  /** Sets or moves the deadline of a key; `undefined` drops it. */
  set(key: string, at: Instant | undefined): void;
  first(): { readonly key: string; readonly at: Instant } | undefined;
  /** Those that have been reached at an instant, in no order. */
  reached(now: Instant): Reached[];
  readonly size: number;
}

export type Reached = readonly [key: string, at: Instant];

export function createDeadlines(): Deadlines {
  const keys: string[] = [];
  const times: number[] = [];
  const places = new Map<string, number>();

  const before = (i: number, j: number): boolean => {
    const [a, b] = [times[i] as number, times[j] as number];
    return a < b || (a === b && (keys[i] as string) < (keys[j] as string));
  };
  const swap = (i: number, j: number): void => {
    [keys[i], keys[j]] = [keys[j] as string, keys[i] as string];
    [times[i], times[j]] = [times[j] as number, times[i] as number];
    places.set(keys[i] as string, i).set(keys[j] as string, j);
  };
  const settle = (start: number): void => {
    let i = start;
    for (let up = (i - 1) >> 1; i > 0 && before(i, up); up = (i - 1) >> 1) {
      swap(i, up);
      i = up;
    }
    for (;;) {
      let smallest = i;
      for (const child of [2 * i + 1, 2 * i + 2]) if (child < keys.length && before(child, smallest)) smallest = child;
      if (smallest === i) return;
      swap(i, smallest);
      i = smallest;
    }
  };
  const drop = (place: number): void => {
    const last = keys.length - 1;
    swap(place, last);
    places.delete(keys.pop() as string);
    times.pop();
    if (place < last) settle(place);
  };

  return {
    set(key, at) {
      const place = places.get(key);
      if (at === undefined) {
        if (place !== undefined) drop(place);
      } else if (place === undefined) {
        places.set(key, keys.length);
        keys.push(key);
        times.push(at);
        settle(keys.length - 1);
      } else if (times[place] !== at) {
        times[place] = at;
        settle(place);
      }
    },
    first: () => (keys.length === 0 ? undefined : { key: keys[0] as string, at: instant(times[0] as number) }),
    reached: (now) =>
      keys.flatMap((key, i): Reached[] => ((times[i] as number) <= now ? [[key, instant(times[i] as number)]] : [])),
    get size() {
      return keys.length;
    },
  };
}
