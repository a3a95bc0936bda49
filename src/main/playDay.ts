/** Plays an example day against an open house at a pace, and keeps count of what happens. */

import type { CommandOf } from '../core/message/command';
import type { Entry } from '../core/message/envelope';
import { BROKERS, CURRENCY } from '../interop/population';
import { createReplay, type Replay } from '../interop/replay';
import { createSummary, type Summarizer } from '../interop/summary';
import type { House } from '../sequencer/house';
import type { Instant } from '../units/quantity';
import type { Example } from './exampleFile';

export const MEMBERS: readonly string[] = BROKERS;

/** House time passes so many times faster than the clock on the wall: 18 hours in 90 seconds. */
export const STANDARD_SPEED = '720';

export interface PlayOptions {
  readonly house: House;
  readonly example: Example;
  readonly speed: number; // 0: as fast as it goes
  readonly keys?: readonly CommandOf<'IssueApiKey'>[]; // issued when the members are admitted
  /** Called between two instants of the day; the day is at `progress`, 0 to 1. */
  readonly onInstant: (at: Instant, progress: number) => Promise<void> | void;
  readonly stopped: AbortSignal;
}

export interface Play {
  readonly replay: Replay;
  readonly summarizer: Summarizer;
  /** Resolves when the day is over or the signal came: whether it is over. */
  run(): Promise<boolean>;
}

/** The day was asked to stop. */
class Stopped extends Error {
  override readonly name = 'Stopped';
}

export function preparePlay({ house, example, speed, keys = [], onInstant, stopped }: PlayOptions): Play {
  const summarizer = createSummary(CURRENCY);
  let began: { readonly wall: number; readonly at: Instant } | undefined;

  async function pace(at: Instant, progress: number): Promise<void> {
    if (stopped.aborted) throw new Stopped();
    await onInstant(at, progress);
    // Setting the house up takes as long as it takes; the day has a pace.
    if (speed === 0 || progress === 0) return;
    began ??= { wall: Date.now(), at };
    await sleep(began.wall + (at - began.at) / speed - Date.now(), stopped);
    if (stopped.aborted) throw new Stopped();
  }

  const observe = (entry: Entry): void => summarizer.observe(entry);
  const replay = createReplay(house, { ...example, keys, pace, observe });
  return {
    replay,
    summarizer,
    async run() {
      try {
        await replay.run();
        return true;
      } catch (error) {
        if (error instanceof Stopped || stopped.aborted) return false;
        throw error;
      }
    },
  };
}

const sleep = (ms: number, stopped: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(done, Math.max(0, ms));
    function done(): void {
      clearTimeout(timer);
      stopped.removeEventListener('abort', done);
      resolve();
    }
    stopped.addEventListener('abort', done);
  });
