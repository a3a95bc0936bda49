/**
 * One listener on the house for all streams: wakes those that wait when something was committed. Nothing is queued
 * here. Streams of one kind, filter and sight are of one topic: each entry is looked through once for all of them, and
 * they are woken only where it says something to them. Most of what a house commits says nothing to most of its
 * readers.
 */

import type { Entry } from '../../core/message/envelope';
import type { Committed, House } from '../../sequencer/house';
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
  /** Joins the streams under this mark, which all find the same entries worth reading. */
  join(mark: string, concerns: (entry: Entry) => boolean): Topic;
  stop(): void;
}

export interface Topic {
  /** Whether an entry after this one is worth reading; also where nobody has looked. */
  hasMore(after: Seq): boolean;
  /** Resolves when there is more, when the time is up, or when nobody waits any more. */
  next(after: Seq, waitMs: number, abandoned: AbortSignal): Promise<void>;
  leave(): void;
}

type Sleepers = Set<() => void>;

interface Joined {
  readonly concerns: (entry: Entry) => boolean;
  readonly sleepers: Sleepers;
  newest: Seq; // nothing after it is worth reading
  members: number;
}

export function createPulse(house: House): Pulse {
  const sleepers: Sleepers = new Set();
  const resting: Sleepers = new Set();
  const topics = new Map<string, Joined>();
  let stopped = false;

  const unfollow = house.follow((batch) => {
    for (const topic of topics.values()) {
      const newest = batch.findLast(({ entry }: Committed) => topic.concerns(entry));
      if (newest === undefined) continue;
      topic.newest = newest.seq;
      wake(topic.sleepers);
    }
    wake(sleepers);
  });

  function sleep(group: Sleepers, waitMs: number, abandoned: AbortSignal): Promise<void> {
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
    next: (after, waitMs, abandoned) =>
      house.status().seq > after ? Promise.resolve() : sleep(sleepers, waitMs, abandoned),
    rest: (waitMs, abandoned) => sleep(resting, waitMs, abandoned),
    join(mark, concerns) {
      const topic = topics.get(mark) ?? { concerns, sleepers: new Set(), newest: house.status().seq, members: 0 };
      topics.set(mark, topic);
      topic.members += 1;
      return {
        hasMore: (after) => topic.newest > after,
        next: (after, waitMs, abandoned) =>
          topic.newest > after ? Promise.resolve() : sleep(topic.sleepers, waitMs, abandoned),
        leave() {
          topic.members -= 1;
          if (topic.members === 0) topics.delete(mark);
        },
      };
    },
    stop() {
      stopped = true;
      unfollow();
      for (const group of [sleepers, resting, ...[...topics.values()].map((topic) => topic.sleepers)]) wake(group);
    },
  };
}

function wake(group: Sleepers): void {
  for (const sleeper of [...group]) sleeper();
}
