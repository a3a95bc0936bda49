/**
 * Steps of the wall clock. The house does not take them by itself: it goes on by the monotone clock and says so, in the
 * journal too. Two persons may accept a step. Where it leads forward time moves on by it, and whoever was given time,
 * by a margin call or otherwise, keeps what was left of it. House time never goes back: where a step leads back, the
 * house goes ahead of the wall clock by it from then on.  Ruling 23
 */

import { Malformed } from '../../units/failure';
import { duration, instant } from '../../units/quantity';
import { extend } from '../margincall/acts';
import type { CommandOf } from '../message/command';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';
import { type Checked, ok, refused } from '../message/rejection';
import type { Actor } from '../model/actor';
import type { ClockStep, State, View } from '../model/state';
import { movedBy, moveWindows } from './windows';

/** What the house observes itself; no API leads here. */
export function checkReportClockStep(
  _view: View,
  command: CommandOf<'ReportClockStep'>,
  actor: Actor,
): Checked<CommandOf<'ReportClockStep'>> {
  if (actor.role !== 'SYSTEM' || !Number.isSafeInteger(command.step))
    throw new Malformed('Steps of the clock are reported by the house itself');
  return ok(command);
}

export const reportClockStep = (desk: Desk, { step }: CommandOf<'ReportClockStep'>): void =>
  desk.emit({ type: 'ClockStepReported', step: duration(step) });

export function onClockStepReported(state: State, { step }: EventOf<'ClockStepReported'>): void {
  state.clock = { ...state.clock, step: step === 0 ? null : { entry: state.seq, by: step, since: state.now } };
}

export interface CheckedStep {
  readonly step: ClockStep;
  readonly reason: string;
}

/** Errors, in order: CLOCK_NOT_STEPPED, CLOCK_STEP_CHANGED. */
export function checkAcceptClockStep(
  view: View,
  { entry, reason }: CommandOf<'AcceptClockStep'>,
): Checked<CheckedStep> {
  const { step } = view.clock;
  if (!step) return refused('CLOCK_NOT_STEPPED');
  return step.entry === entry ? ok({ step, reason }) : refused('CLOCK_STEP_CHANGED', { entry: String(step.entry) });
}

export function acceptClockStep(desk: Desk, { step, reason }: CheckedStep): void {
  const before = desk.view.clock.ahead;
  const jump = duration(Math.max(0, step.by - before));
  const ahead = duration(Math.max(0, before - step.by));
  const moved = jump === 0 ? [] : movedBy(desk.view, jump);
  desk.emit({
    type: 'ClockStepAccepted',
    entry: step.entry,
    step: step.by,
    jump,
    ahead,
    by: desk.actor.id,
    reason,
    moved,
  });
  if (jump === 0) return;
  // One whose clock stands keeps its time left by that.
  for (const call of [...desk.view.calls.values()])
    if (call.pausedAt === undefined) extend(desk, { call, reason, deadline: instant(call.deadline + jump) });
}

export function onClockStepAccepted(state: State, { ahead, moved = [] }: EventOf<'ClockStepAccepted'>): void {
  state.clock = { step: null, ahead };
  moveWindows(state, moved);
}
