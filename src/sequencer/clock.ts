/** Time for the house: the only place where the sequencer learns what time it is. */

import { type Duration, duration, type Instant, instant } from '../units/quantity';
import { createSteadyTime, type Known } from './steadyTime';

export interface Clock {
  /** House time: follows the wall clock, but for steps that are not taken. */
  now(): Instant;
}

/** What a clock is set to: it stands at an instant, or runs so many milliseconds ahead of the wall clock. */
export type ClockSetting = { readonly stands: Instant } | { readonly ahead: number };

/**
 * A clock whose setting can be followed, so that another thread has the same time, and which tells of steps it has not
 * taken.
 */
export interface HouseClock extends Clock {
  readonly setting: ClockSetting;
  /** A step over this much is not taken. */
  readonly bound: Duration;
  /** The step that was not taken, forward above zero; else 0. */
  readonly step: Duration;
  /** Goes on from the last entry of a journal. */
  resume(last: Instant, known: Known): void;
  /** Takes a step that the house has accepted. */
  accept(jump: Duration, ahead: Duration): void;
  /** Calls back with every setting from now on; returns how to stop. */
  watch(listener: (setting: ClockSetting) => void): () => void;
}

export interface SettableClock extends HouseClock {
  /** Sets it on purpose: whatever it says then is right. */
  apply(setting: ClockSetting): void;
}

/** Where nothing else is said: more than any correction by a time server, and less than any deadline. */
export const STEP_BOUND = duration(60_000);

export function createClock(first: ClockSetting, bound: Duration = STEP_BOUND): SettableClock {
  return settable(first, bound).clock;
}

function settable(first: ClockSetting, bound: Duration) {
  let setting = first;
  let shift = 0; // of the monotone hand, which goes on whatever the clock is set to
  const listeners = new Set<(setting: ClockSetting) => void>();
  const wall = (): number => ('stands' in setting ? setting.stands : Date.now() + setting.ahead);
  const ticks = (): number => ('stands' in setting ? 0 : performance.now());
  const time = createSteadyTime({ wall, monotone: () => ticks() + shift }, bound);

  /** Sets the wall clock; the monotone one moves by `passed`. */
  function set(next: ClockSetting, passed: number): void {
    const monotone = ticks() + shift + passed;
    setting = next;
    shift = monotone - ticks();
    for (const listener of listeners) listener(next);
  }

  const clock: SettableClock = {
    now: time.now,
    bound,
    get setting() {
      return setting;
    },
    get step() {
      return time.step();
    },
    // A clock that stands was set to where it stands.
    resume: (last, known) => ('stands' in setting ? time.anchor() : time.resume(last, known)),
    accept: time.accept,
    apply(next) {
      set(next, 0);
      time.anchor();
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return { clock, wall, set };
}

/** A clock that stands still until it is set: tests, scenarios, replays. */
export interface ManualClock extends HouseClock {
  /** Time passes until then. */
  set(at: Instant): void;
  /** The wall clock is set, and no time passes. */
  jump(at: Instant): void;
}

export function manualClock(start: Instant, bound: Duration = STEP_BOUND): ManualClock {
  const { clock, wall, set } = settable({ stands: start }, bound);
  return Object.assign(clock, {
    set(at: Instant) {
      const passed = at - clock.now();
      if (passed < 0) clock.apply({ stands: at });
      else set({ stands: instant(wall() + passed) }, passed);
    },
    jump: (at: Instant) => set({ stands: at }, 0),
  });
}
