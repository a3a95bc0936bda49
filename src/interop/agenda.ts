/** What is to happen in a simulation, in order of time; of equal times, in the order it was written down. */

import { createDeadlines } from '../units/deadlines';
import type { Instant } from '../units/quantity';

export interface Agenda<Item> {
  add(at: Instant, item: Item): void;
  /** Everything due at the earliest instant. */
  next(): { readonly at: Instant; readonly items: readonly Item[] } | undefined;
}

export function createAgenda<Item>(): Agenda<Item> {
  const times = createDeadlines();
  const pages = new Map<string, Item[]>();
  return {
    add(at, item) {
      const key = String(at);
      const page = pages.get(key);
      if (page) page.push(item);
      else pages.set(key, [item]);
      times.set(key, at);
    },
    next() {
      const first = times.first();
      if (!first) return undefined;
      times.set(first.key, undefined);
      const items = pages.get(first.key) ?? [];
      pages.delete(first.key);
      return { at: first.at, items };
    },
  };
}
