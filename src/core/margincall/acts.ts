/**
 * What people do about a margin call: acknowledge, dispute, issue by hand, extend, waive, rule.  Rules: B1-2, B1-5,
 * MCM-4
 */

import { known } from '../../units/failure';
import { formatInstant } from '../../units/instant';
import { type Cash, duration, type Instant, instant, type Milliseconds } from '../../units/quantity';
import { type Standing, standingOfAccount } from '../margin/standing';
import type { CommandOf } from '../message/command';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';

import { type Checked, ok, refused } from '../message/rejection';
import type { Account } from '../model/account';
import type { Actor } from '../model/actor';
import type { MarginCall, MarginCallId } from '../model/call';
import type { State, View } from '../model/state';
import { accountFor } from '../reference/accounts';
import { LONGEST_WINDOW } from '../reference/policies';
import { readPayment, readSpan } from '../reference/reading';
import { amendCall, leaveCall, newCall, noticeOf, onCallChanged } from './call';
import { deadlineOf } from './clock';
import { changeStatus } from './status';

/** An open call as far as the caller may know of it. Errors: CALL_NOT_FOUND. */
function openCallFor(view: View, actor: Actor, id: MarginCallId): Checked<MarginCall> {
  const call = view.calls.get(id);
  return call && accountFor(view, actor, call.account) ? ok(call) : refused('CALL_NOT_FOUND', { call: id });
}

/** Errors: CALL_NOT_FOUND, CALL_ALREADY_ACKNOWLEDGED. */
export function checkAcknowledge(
  view: View,
  command: CommandOf<'AcknowledgeMarginCall'>,
  actor: Actor,
): Checked<MarginCall> {
  const call = openCallFor(view, actor, command.call);
  if (call.rejection) return call;
  return call.ok.acknowledgedAt === null ? call : refused('CALL_ALREADY_ACKNOWLEDGED', { call: command.call });
}

export const acknowledge = (desk: Desk, call: MarginCall): void =>
  desk.emit({ type: 'MarginCallAcknowledged', call: call.id, account: call.account, at: desk.at, by: desk.actor.id });

export interface Act {
  readonly call: MarginCall;
  readonly reason: string;
}

/** Errors: CALL_NOT_FOUND. */
export function checkDispute(view: View, command: CommandOf<'DisputeMarginCall'>, actor: Actor): Checked<Act> {
  const call = openCallFor(view, actor, command.call);
  return call.rejection ? call : ok({ call: call.ok, reason: command.reason });
}

/** Recorded, shown, and without effect on the clock until an officer rules. */
export const dispute = (desk: Desk, { call, reason }: Act): void =>
  desk.emit({ type: 'MarginCallDisputed', call: call.id, account: call.account, by: desk.actor.id, reason });

/** Errors: CALL_NOT_FOUND, CALL_NOT_DISPUTED. */
export function checkRule(
  view: View,
  command: CommandOf<'RuleOnDispute'>,
  actor: Actor,
): Checked<Act & { stopClock: boolean }> {
  const call = openCallFor(view, actor, command.call);
  if (call.rejection) return call;
  if (!call.ok.disputed) return refused('CALL_NOT_DISPUTED', { call: command.call });
  return ok({ call: call.ok, reason: command.reason, stopClock: command.stopClock });
}

export const rule = (desk: Desk, { call, reason, stopClock }: Act & { stopClock: boolean }): void =>
  desk.emit({
    type: 'MarginCallDisputeRuled',
    call: call.id,
    account: call.account,
    clockStopped: stopClock,
    by: desk.actor.id,
    reason,
  });

/** Errors: CALL_NOT_FOUND, DEADLINE_NOT_LATER, VALUE_OUT_OF_RANGE. */
export function checkExtend(
  view: View,
  command: CommandOf<'ExtendMarginCall'>,
  actor: Actor,
): Checked<Act & { deadline: Instant }> {
  const call = openCallFor(view, actor, command.call);
  if (call.rejection) return call;
  const deadline = deadlineOf(call.ok, view.now);
  if (command.deadline <= deadline) return refused('DEADLINE_NOT_LATER', { deadline: formatInstant(deadline) });
  const window = readSpan('deadline', command.deadline - view.now, 0, LONGEST_WINDOW);
  return window.rejection ? window : ok({ call: call.ok, reason: command.reason, deadline: instant(command.deadline) });
}

export const extend = (desk: Desk, { call, reason, deadline }: Act & { deadline: Instant }): void =>
  desk.emit({ type: 'MarginCallExtended', call: call.id, account: call.account, deadline, by: desk.actor.id, reason });

/** Errors: CALL_NOT_FOUND. */
export function checkWaive(view: View, command: CommandOf<'WaiveMarginCall'>, actor: Actor): Checked<Act> {
  const call = openCallFor(view, actor, command.call);
  return call.rejection ? call : ok({ call: call.ok, reason: command.reason });
}

/** The call is withdrawn; none follows before the account has recovered, unless it reaches the close-out level. */
export function waive(desk: Desk, { call, reason }: Act): void {
  desk.emit({ type: 'MarginCallWaived', call: call.id, account: call.account, by: desk.actor.id, reason });
  leaveCall(desk, standingOfAccount(desk.view, call.account), 'WAIVED');
}

export interface ManualCall {
  readonly account: Account;
  readonly amount: Cash;
  readonly window: Milliseconds;
  readonly reason: string;
}

/**
 * Errors, in order: ACCOUNT_NOT_FOUND, ACCOUNT_NOT_OPEN, CALL_ALREADY_OPEN, CURRENCY_NOT_FOUND, TOO_MANY_DIGITS,
 * AMOUNT_NOT_POSITIVE, VALUE_OUT_OF_RANGE.
 */
export function checkIssue(view: View, command: CommandOf<'IssueMarginCall'>, actor: Actor): Checked<ManualCall> {
  const account = accountFor(view, actor, command.account);
  if (!account || account.kind === 'CLOSE_OUT') return refused('ACCOUNT_NOT_FOUND', { account: command.account });
  const { status } = view.book.stateOf(account.id);
  if (status !== 'HEALTHY' && status !== 'WARNING' && status !== 'CALL') return refused('ACCOUNT_NOT_OPEN', { status });
  if (view.callOf.has(account.id)) return refused('CALL_ALREADY_OPEN', { account: account.id });
  const amount = readPayment(view, account.currency, command.amount);
  if (amount.rejection) return amount;
  const standard = known(view.policies.get(account.policy), 'Margin policy', account.policy).cureWindow;
  const window = readSpan('window', command.window ?? standard, 0, LONGEST_WINDOW);
  return window.rejection ? window : ok({ account, amount: amount.ok, window: window.ok, reason: command.reason });
}

export function issue(desk: Desk, { account, amount, window, reason }: ManualCall): void {
  const standing: Standing = standingOfAccount(desk.view, account.id);
  if (desk.view.book.stateOf(account.id).status === 'HEALTHY')
    changeStatus(desk, account.id, 'WARNING', 'CALLED_BY_OFFICER', standing);
  changeStatus(desk, account.id, 'CALL', 'CALLED_BY_OFFICER', standing);
  desk.emit({ type: 'MarginCallIssued', issued: newCall(desk, standing, amount, duration(window), true), reason });
}

export function onMarginCallIssued(state: State, { issued }: EventOf<'MarginCallIssued'>): void {
  onCallChanged(state, issued);
  // Nobody has looked at whom an officer calls: his clock may have to stand.  Ruling 13
  if (issued.manual) state.due.add(issued.account);
}

export const onMarginCallAmended = (state: State, { amended }: EventOf<'MarginCallAmended'>): void =>
  onCallChanged(state, amended);

export const onMarginCallAcknowledged = (state: State, { call, at, by }: EventOf<'MarginCallAcknowledged'>): void =>
  amendCall(state, call, { acknowledgedAt: at, acknowledgedBy: by });

export const onMarginCallPaid = (state: State, { call, paid }: EventOf<'MarginCallPaid'>): void =>
  amendCall(state, call, { paid });

export const onMarginCallDisputed = (state: State, { call }: EventOf<'MarginCallDisputed'>): void =>
  amendCall(state, call, { disputed: true });

/** A clock that stands still gives no final notice; set going again, it gives the one still ahead. */
export function onMarginCallDisputeRuled(
  state: State,
  { call: id, clockStopped }: EventOf<'MarginCallDisputeRuled'>,
): void {
  const call = known(state.calls.get(id), 'Margin call', id);
  const running =
    call.clockStopped && call.pausedAt === undefined ? noticeOf(state, call, call.deadline) : call.finalNoticeAt;
  amendCall(state, id, { disputed: clockStopped, clockStopped, finalNoticeAt: clockStopped ? null : running });
}

export function onMarginCallExtended(state: State, event: EventOf<'MarginCallExtended'>): void {
  const call = known(state.calls.get(event.call), 'Margin call', event.call);
  const { deadline } = event;
  state.due.add(call.account);
  // A clock that stands goes on standing from here: what it stood before is in the new deadline.
  if (call.pausedAt !== undefined) amendCall(state, call.id, { deadline, pausedAt: state.now });
  else
    amendCall(state, call.id, { deadline, finalNoticeAt: call.clockStopped ? null : noticeOf(state, call, deadline) });
}

/** Shortly before the deadline: the last word.  MCM-2 */
export const sendFinalNotice = (desk: Desk, call: MarginCall): void =>
  desk.emit({
    type: 'MarginCallFinalNotice',
    call: call.id,
    account: call.account,
    deadline: call.deadline,
    amount: (call.amount - call.paid) as Cash,
  });

export const onMarginCallFinalNotice = (state: State, { call }: EventOf<'MarginCallFinalNotice'>): void =>
  amendCall(state, call, { finalNoticeAt: null });
