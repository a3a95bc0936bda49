/** Wall time for the house: the only place where the sequencer learns what time it is. */

import { type Instant, instant } from '../units/quantity';

export interface Clock {
  now(): Instant;
}

/** What a clock is set to: it stands at an instant, or runs so many milliseconds ahead of the wall clock. */
export type ClockSetting = { readonly stands: Instant } | { readonly ahead: number };

/** A clock whose setting can be followed, so that another thread has the same time. */
export interface HouseClock extends Clock {
  readonly setting: ClockSetting;
  /** Calls back with every setting from now on; returns how to stop. */
  watch(listener: (setting: ClockSetting) => void): () => void;
}

export interface SettableClock extends HouseClock {
  apply(setting: ClockSetting): void;
}

export function createClock(first: ClockSetting): SettableClock {
  let setting = first;
  const listeners = new Set<(setting: ClockSetting) => void>();
  return {
    now: () => ('stands' in setting ? setting.stands : instant(Date.now() + setting.ahead)),
    get setting() {
      return setting;
    },
    apply(next) {
      setting = next;
      for (const listener of listeners) listener(next);
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The wall clock, moved by an offset: a house that relives another day keeps that day's time. */
export const wallClock = (offset = 0): HouseClock => createClock({ ahead: offset });

/** A clock that stands still until it is set: tests, scenarios, replays. */
export interface ManualClock extends HouseClock {
  set(at: Instant): void;
}

export function manualClock(start: Instant): ManualClock {
  const clock = createClock({ stands: start });
  return Object.assign(clock, { set: (at: Instant) => clock.apply({ stands: at }) });
}
