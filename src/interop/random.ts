/**
 * Seeded pseudo-random numbers for simulated people: the same seed gives the same day on every machine. Never used by
 * the core.
 */

export interface Random {
  /** A whole number from 0 to below - 1. */
  below(limit: number): number;
  /** Whether something of the given percentage happens. */
  chance(percent: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** One of the items, each as likely as its weight. */
  weighted<T>(items: readonly (readonly [item: T, weight: number])[]): T;
}

/** Mulberry32: 32-bit integer arithmetic only. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
  const below = (limit: number): number => next() % limit;
  return {
    below,
    chance: (percent) => below(100) < percent,
    pick: (items) => items[below(items.length)] as (typeof items)[number],
    weighted(items) {
      const total = items.reduce((sum, [, weight]) => sum + weight, 0);
      let left = below(total);
      for (const [item, weight] of items) {
        if (left < weight) return item;
        left -= weight;
      }
      throw new RangeError('No weights');
    },
  };
}
