/** A house in memory for tests of the core: commands in, outcomes out, under a clock the test sets. */

import { audit } from '../../src/core/engine/audit';
import { execute } from '../../src/core/engine/execute';
import { createState } from '../../src/core/engine/genesis';
import { ruledAs } from '../../src/core/engine/rules';
import { nextDeadline } from '../../src/core/engine/time';
import type { Command } from '../../src/core/message/command';
import { type Entry, eventsOf, type Outcome } from '../../src/core/message/envelope';
import type { Event, EventOf, EventType } from '../../src/core/message/event';
import { type Actor, SYSTEM } from '../../src/core/model/actor';
import type { State } from '../../src/core/model/state';
import { formatScaled } from '../../src/units/decimal';
import { parseDuration } from '../../src/units/instant';
import { type Instant, instant } from '../../src/units/quantity';
import { rejectionOf } from './outcome';

export const START = instant(Date.parse('2025-10-10T12:00:00Z'));

export interface TestHouse {
  readonly state: State;
  readonly entries: Entry[];
  now: Instant;
  audited: boolean; // after every entry; a large house may say that it is not
  /**
   * Sends a command; throws where it is refused. Returns the events it caused, those of time passed before it included.
   */
  send(command: Command, actor?: Actor): Event[];
  /** Sends a command that is expected to be refused; returns the code. */
  refusal(command: Command, actor?: Actor): string;
  try(command: Command, actor?: Actor): Outcome;
  /** Moves the clock on by a duration such as `1h` and lets every deadline on the way be met. */
  pass(span: string): Event[];
  balance(account: string, currency?: string): string;
}

type Amend = (command: Command) => Command;
let amending: Amend | undefined;

/** What `make` makes of houses whose commands are changed on their way, for as long as they live. */
export function amended<T>(amend: Amend | undefined, make: () => T): T {
  amending = amend;
  try {
    return make();
  } finally {
    amending = undefined;
  }
}

/** An empty house, or one that goes on from a state. */
export function createTestHouse(start: Instant = START, state: State = createState()): TestHouse {
  const entries: Entry[] = [];
  const amend = amending ?? ((command) => command);
  const run = (command: Command, actor: Actor, at: Instant): Outcome => {
    const envelope = { seq: state.seq + 1, at, actor, key: null, command: amend(command), ...ruledAs(state) };
    const outcome = execute(state, envelope);
    entries.push({ ...envelope, outcome });
    if (house.audited) audit(state);
    return outcome;
  };
  const meetDeadlines = (at: Instant): Event[] => {
    const events: Event[] = [];
    for (let due = nextDeadline(state); due !== undefined && due <= at; due = nextDeadline(state)) {
      events.push(...eventsOf(run({ type: 'AdvanceTime' }, SYSTEM, instant(Math.max(due, state.now)))));
    }
    return events;
  };
  const house: TestHouse = {
    state,
    entries,
    now: start,
    audited: true,
    send(command, actor = SYSTEM) {
      const before = meetDeadlines(house.now);
      const outcome = run(command, actor, house.now);
      const rejection = rejectionOf(outcome);
      if (rejection) throw new Error(`${command.type} refused: ${rejection.code} ${JSON.stringify(rejection.details)}`);
      return [...before, ...eventsOf(outcome)];
    },
    try(command, actor = SYSTEM) {
      meetDeadlines(house.now);
      return run(command, actor, house.now);
    },
    refusal(command, actor = SYSTEM) {
      const rejection = rejectionOf(house.try(command, actor));
      if (!rejection) throw new Error(`${command.type} was accepted`);
      return rejection.code;
    },
    pass(span) {
      house.now = instant(house.now + parseDuration(span));
      return meetDeadlines(house.now);
    },
    balance(account, currency = 'USD') {
      const scale = state.currencies.get(currency)?.scale ?? 0;
      return formatScaled(state.book.balance(account, currency), scale);
    },
  };
  return house;
}

export const ofType = <Type extends EventType>(events: readonly Event[], type: Type): EventOf<Type>[] =>
  events.filter((event): event is EventOf<Type> => event.type === type);

export const typesOf = (events: readonly Event[]): EventType[] => events.map((event) => event.type);
