/**
 * Looks at the health of accounts, shared by all who watch the same ones: however many they are, the engine is asked
 * once in an interval, and everybody is shown the figures of the same entry.  Rule: AH-4
 */

import type { Health } from '../../core/margin/health';
import type { AccountId } from '../../core/model/account';
import type { House } from '../../sequencer/house';
import type { Instant, Seq } from '../../units/quantity';
import type { Pulse } from './pulse';

export interface Look {
  readonly seq: Seq;
  readonly at: Instant; // house time of that entry
  readonly health: readonly Health[];
}

export interface Looks {
  /** Figures of an entry after the one that was seen, as soon as that entry is durable. */
  after(seen: Seq, accounts: readonly AccountId[]): Promise<Look>;
}

interface Shared {
  readonly taken: number;
  readonly look: Promise<Look>;
}

export function createLooks(house: House, pulse: Pulse, intervalMs: number): Looks {
  const latest = new Map<string, Shared>();
  const forever = new AbortController().signal;

  async function take(accounts: readonly AccountId[]): Promise<Look> {
    const look = await house.health(accounts);
    // What is not durable yet is not shown.
    while (pulse.seq < look.seq && !pulse.stopped) await pulse.next(look.seq - 1, intervalMs, forever);
    return look;
  }

  return {
    async after(seen, accounts) {
      const key = JSON.stringify(accounts);
      for (const [other, { taken }] of latest) {
        if (performance.now() - taken < intervalMs) break;
        latest.delete(other);
      }
      for (let shared = latest.get(key); shared; ) {
        const look = await shared.look;
        if (look.seq > seen) return look;
        const newer = latest.get(key);
        shared = newer === shared ? undefined : newer;
      }
      const mine = { taken: performance.now(), look: take(accounts) };
      // Behind the others: the oldest is the first to be forgotten.
      latest.delete(key);
      latest.set(key, mine);
      return mine.look;
    },
  };
}
