/**
 * Buckets of points that fill up again. Who has not taken anything for so long that his is full again is forgotten;
 * more than a stated number of others share one, so that no flood of names takes memory or pushes anybody out.
 */

export interface Budget {
  readonly capacity: number;
  readonly perSecond: number; // what comes back
}

export interface Bucket {
  readonly budget: Budget;
  left(): number;
  /** May leave less than nothing, but never owes more than comes back in a second. A negative number gives back. */
  take(points: number): void;
}

export interface Buckets {
  bucket(name: string, budget: Budget): Bucket;
  readonly size: number;
}

const SWEEP_MS = 10_000;
/** What is in the bucket of those for whom there is no room. No name is empty. */
const OTHERS = '';

export function createBuckets(now: () => number, most = Number.POSITIVE_INFINITY): Buckets {
  const levels = new Map<string, { left: number; at: number; budget: Budget }>();
  let swept = now();

  function leftOf(name: string, { capacity, perSecond }: Budget): number {
    const level = levels.get(name);
    return level ? Math.min(capacity, level.left + ((now() - level.at) * perSecond) / 1000) : capacity;
  }

  function sweep(): void {
    if (now() - swept < SWEEP_MS) return;
    swept = now();
    for (const [name, { budget }] of levels) if (leftOf(name, budget) >= budget.capacity) levels.delete(name);
  }

  return {
    bucket(asked, budget) {
      sweep();
      const name = levels.has(asked) || levels.size < most ? asked : OTHERS;
      return {
        budget,
        left: () => leftOf(name, budget),
        take(points) {
          const left = Math.max(leftOf(name, budget) - points, -budget.perSecond);
          levels.set(name, { left: Math.min(left, budget.capacity), at: now(), budget });
        },
      };
    },
    get size() {
      return levels.size;
    },
  };
}
