/**
 * House time from two clocks of the machine. The wall clock says what time it is, and may be set; the monotone one says
 * how much time passes, and may not. The wall clock is followed as long as it goes as the other does. A step of it over
 * a bound is not taken: time goes on by the monotone clock until the wall clock is right again, or the step is
 * accepted.  Ruling 23
 */

import { type Duration, duration, type Instant, instant } from '../units/quantity';

/** The clocks of a machine, in milliseconds. */
export interface Hands {
  wall(): number;
  monotone(): number;
}

/**
 * What the house knows of its clock: the step that it has reported, and by how much it goes ahead of the wall clock.
 */
export interface Known {
  readonly step: { readonly by: Duration } | null;
  readonly ahead: Duration;
}

export interface SteadyTime {
  now(): Instant;
  /** How far the wall clock is from house time, ahead above zero, where that is a step that was not taken; else 0. */
  step(): Duration;
  /** Takes the wall clock as it is. */
  anchor(): void;
  /** Goes on from where a house stopped at an instant. */
  resume(last: Instant, known: Known): void;
  /** Time moves on at once, and from now on stands ahead of the wall clock by this much. */
  accept(jump: Duration, ahead: Duration): void;
}

/** Corrections of this span together may not exceed the bound: a clock set again and again is a step too. */
const SPAN = 3_600_000;

export function createSteadyTime({ wall, monotone }: Hands, bound: Duration): SteadyTime {
  let ahead = 0;
  let offset = wall() - monotone(); // of house time from the monotone clock
  let anchor = offset; // what it was at the beginning of the span
  let began = monotone();
  let step = 0;
  let last = Number.NEGATIVE_INFINITY;

  function stand(at: number): void {
    began = monotone();
    offset = at - began;
    anchor = offset;
    step = 0;
  }

  function look(): number {
    const passed = monotone();
    const said = wall() + ahead - passed;
    if (Math.abs(said - anchor) > bound) step = Math.round(said - offset);
    else {
      step = 0;
      offset = said;
      if (passed - began >= SPAN) [anchor, began] = [offset, passed];
    }
    return passed + offset;
  }

  return {
    now() {
      last = Math.max(last, Math.floor(look()));
      return instant(last);
    },
    step() {
      look();
      return duration(step);
    },
    anchor() {
      ahead = 0;
      last = Number.NEGATIVE_INFINITY;
      stand(wall());
    },
    resume(at, known) {
      ahead = known.ahead;
      last = at;
      stand(startOf(wall() + ahead, at, known.step?.by ?? 0));
    },
    accept(jump, distance) {
      const at = look() + jump;
      ahead = distance;
      stand(at);
    },
  };
}

/**
 * Where time goes on when a house is opened again. What passed while it was closed is real, so the wall clock is taken,
 * unless it was found wrong before and still may be, or stands before the last entry.
 */
function startOf(wall: number, last: Instant, step: number): number {
  if (step > 0 && wall - step >= last) return wall - step;
  if (wall >= last) return wall;
  return step < 0 && wall - step >= last ? wall - step : last;
}
