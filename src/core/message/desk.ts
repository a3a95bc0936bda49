/**
 * What a room works with while a command runs: the state as the events so far left it, and the one way to change it.
 * Emitting an event applies it at once, so that each step sees what the step before did.
 */

import type { Instant, Seq } from '../../units/quantity';
import type { Actor } from '../model/actor';
import type { Proposal } from '../model/proposal';
import type { View } from '../model/state';
import type { Event } from './event';
import type { CureCause } from './margincall';

export interface Desk {
  readonly view: View;
  readonly at: Instant;
  readonly seq: Seq;
  readonly actor: Actor;
  readonly approved: Proposal | null; // what a second person, who is the actor, has just approved
  readonly cause: CureCause; // what kind of command runs, for events that say why
  emit(event: Event): void;
  /** The next id of this command, such as `call_…`. */
  newId(prefix: string): string;
}
