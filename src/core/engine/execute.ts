/**
 * Executing a command: check, then write. Above the line the command is tested completely and may be refused; below it
 * events are made and applied one by one, and nothing refuses any more. A refused command leaves no trace but its
 * entry.
 */

import { assert } from '../../units/failure';
import { forgetOldest } from '../../units/forget';
import { idOf } from '../../units/id';
import type { Count } from '../../units/quantity';
import { effectProblem, isAtShortNotice, isForLater, scheduleChange } from '../control/change';
import { isToBeCounted } from '../control/counted';
import { namedPerson } from '../control/person';
import { checkApproveProposal, commandOf, propose } from '../control/proposal';
import { takeBacklog } from '../margincall/backlog';
import type { Command } from '../message/command';
import type { Desk } from '../message/desk';
import { type Entry, type Envelope, eventsOf, type Outcome, type Refusal } from '../message/envelope';
import type { Event } from '../message/event';
import type { CureCause } from '../message/margincall';
import { reject } from '../message/rejection';
import type { Proposal } from '../model/proposal';
import type { State } from '../model/state';
import { forgetTrades } from '../position/tradeIds';
import { advanceCoverages } from '../settlement/waterfall/defaultFund';
import { advanceChangeCounts } from './changeCounts';
import { type AnyHandler, handlerOf, refusalsOf } from './commands';
import { runDay } from './day';
import { evolve } from './evolve';
import { rememberKey } from './idempotency';
import { vigilOf } from './quiet';
import { dropMetDeadlines, meetDeadlines, scheduleDisposals } from './time';

/** ASKED: a command may have to wait for a second person. GIVEN: there is one, as where it is only tried out. */
export type Approval = 'ASKED' | 'GIVEN';

/**
 * Executes a command against the state. Throws Malformed, with the state as it was, where the command cannot be read.
 */
export const execute = (state: State, envelope: Envelope, approval: Approval = 'ASKED'): Outcome =>
  executeBy(state, envelope, () => dispatch(state, envelope, approval));

/** Brings about what no command of a person would, with all that follows from it: on a state that is only supposed. */
export const bringAbout = (state: State, envelope: Envelope, cause: CureCause, make: (desk: Desk) => void): Outcome =>
  executeBy(state, envelope, () => {
    const { desk, events } = openDesk(state, envelope, cause);
    make(desk);
    runDay(state, desk, events);
    return { events };
  });

function executeBy(state: State, envelope: Envelope, run: () => Outcome): Outcome {
  const { seq, now, rules } = state;
  armWatch(state);
  beginEntry(state, envelope);
  let outcome: Outcome;
  try {
    outcome = run();
  } catch (error) {
    state.seq = seq;
    state.now = now;
    state.rules = rules;
    throw error;
  }
  finishEntry(state, envelope, outcome);
  state.watch.settle(state, (account) => vigilOf(state, account));
  return outcome;
}

/**
 * Begins to watch everybody, which takes its time in a large house: best done before the first command waits for it.
 */
export function armWatch(state: State): void {
  if (!state.watch.armed) state.watch.arm(state, (account) => vigilOf(state, account));
}

/**
 * Applies an entry that was executed before: its events, and what every entry does to the clock and the memory. Who
 * wants to follow is shown each event once the state has it.
 */
export function applyEntry(state: State, entry: Entry, applied?: (event: Event, place: Count) => void): void {
  // Nobody is asked for while events are only applied; whoever executes again begins to watch anew.
  if (state.watch.armed) state.watch.disarm();
  beginEntry(state, entry);
  if (entry.command.type === 'AdvanceTime') dropMetDeadlines(state);
  for (const [place, event] of eventsOf(entry.outcome).entries()) {
    evolve(state, event);
    applied?.(event, place);
  }
  finishEntry(state, entry, entry.outcome);
}

function beginEntry(state: State, { seq, at, actor, rules }: Envelope): void {
  assert(seq === state.seq + 1, 'Entries come without gaps', { seq, last: state.seq });
  assert(at >= state.now, 'Time does not run backwards', { at, now: state.now });
  state.seq = seq;
  state.now = at;
  state.by = actor.id;
  state.rules = rules ?? state.rules;
}

function finishEntry(state: State, envelope: Envelope, outcome: Outcome): void {
  const { command, at } = envelope;
  rememberKey(state, envelope);
  forgetTrades(state, at);
  forgetOldest(state.endedCharges, ({ until }) => until <= at);
  scheduleDisposals(state, eventsOf(outcome), command.type === 'AdvanceTime');
  state.due.clear();
  state.madeUp.clear();
  state.auctionsMoved.clear();
  state.capacityMoved.clear();
}

function dispatch(state: State, envelope: Envelope, approval: Approval): Outcome {
  const { command, actor, at } = envelope;
  if (command.type === 'AdvanceTime') {
    const { desk, events } = openDesk(state, envelope, 'PRICE');
    advanceCoverages(desk);
    advanceChangeCounts(desk);
    const instruments = meetDeadlines(desk, state);
    runDay(state, desk, events, instruments, takeBacklog(desk));
    return { events };
  }
  if (command.type === 'ApproveProposal') return approve(state, envelope, command);
  const handler = handlerOf(command.type);
  const checked = handler.check(state, command, actor, at);
  const rejection = checked.rejection ?? effectProblem(state, command);
  if (rejection) return { rejection };
  // ------------------------------------------------------------------ the line: nothing below refuses
  const { desk, events } = openDesk(state, envelope, handler.cause);
  const needsSecond = handler.secondPerson(state, command, checked.ok, actor) || isAtShortNotice(state, command);
  if (approval === 'ASKED') {
    const isCounted = !needsSecond && isToBeCounted(state, command, checked.ok);
    if (needsSecond || isCounted) {
      propose(desk, command, isCounted);
      return { events };
    }
  }
  return carryOut(state, { desk, events }, command, handler, checked.ok);
}

/** What was checked, with all that follows from it; of terms that hold from later on, that they are announced. */
function carryOut(
  state: State,
  { desk, events }: OpenDesk,
  command: Command,
  handler: AnyHandler,
  checked: unknown,
): Outcome {
  if (isForLater(command, desk.at)) {
    scheduleChange(desk, command);
    return { events };
  }
  handler.run(desk, checked);
  runDay(state, desk, events);
  return withRefusals(events, refusalsOf(checked));
}

const withRefusals = (events: readonly Event[], refusals: readonly Refusal[]): Outcome =>
  refusals.length > 0 ? { events, refusals } : { events };

/** The approved command is checked anew, against the house as it is now, and runs in the name of the second person. */
function approve(state: State, envelope: Envelope, command: Extract<Command, { type: 'ApproveProposal' }>): Outcome {
  const approval = checkApproveProposal(state, command, envelope.actor);
  if (approval.rejection) return { rejection: approval.rejection };
  const inner = commandOf(approval.ok);
  if (inner.type === 'ApproveProposal' || inner.type === 'AdvanceTime')
    return { rejection: reject('WITHOUT_SECOND_PERSON') };
  const handler = handlerOf(inner.type);
  const checked = handler.check(state, inner, envelope.actor, envelope.at);
  const rejection = checked.rejection ?? effectProblem(state, inner);
  if (rejection) return { rejection };
  // ------------------------------------------------------------------ the line: nothing below refuses
  const { desk, events } = openDesk(state, envelope, handler.cause, approval.ok);
  const { id: by } = envelope.actor;
  desk.emit({ type: 'ProposalApproved', proposal: approval.ok.id, by, ...namedPerson(state, by), at: envelope.at });
  return carryOut(state, { desk, events }, inner, handler, checked.ok);
}

interface OpenDesk {
  readonly desk: Desk;
  readonly events: Event[]; // that it has emitted
}

function openDesk(
  state: State,
  { seq, at, actor }: Envelope,
  cause: CureCause,
  approved: Proposal | null = null,
): OpenDesk {
  const events: Event[] = [];
  let ids = 0;
  const desk: Desk = {
    view: state,
    at,
    seq,
    actor,
    approved,
    cause,
    emit(event) {
      evolve(state, event);
      events.push(event);
    },
    newId(prefix) {
      ids += 1;
      return idOf(prefix, at, seq, ids);
    },
  };
  return { desk, events };
}
