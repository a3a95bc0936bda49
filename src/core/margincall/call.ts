/**
 * The life of a margin call on the ladder: issued when equity falls below the call level, amended as it worsens, cured
 * when equity is back at the cure level. At most one is open per account.  Rules: B1-1 to B1-5, MCM-4
 */

import { known } from '../../units/failure';
import { type Cash, type Count, cash, type Instant, instant, type Milliseconds } from '../../units/quantity';
import { cashDown } from '../../units/rounding';
import { policyOf, standingBefore } from '../margin/former';
import { isBelow } from '../margin/level';
import type { Standing } from '../margin/standing';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';
import type { AccountId } from '../model/account';
import type { MarginCall } from '../model/call';
import type { LiquidationCause } from '../model/liquidation';
import type { State, View } from '../model/state';
import { unseenChange } from '../reference/former';
import { amountCalled, figuresOf } from './notice';
import { changeStatus } from './status';
import { moveWarnings } from './warning';

export const openCallOf = (view: View, account: AccountId): MarginCall | undefined => {
  const id = view.callOf.get(account);
  return id === undefined ? undefined : known(view.calls.get(id), 'Margin call', id);
};

/** Issues the call of an account below its call level, with everything the notice has to say. */
export function issueMarginCall(desk: Desk, standing: Standing): MarginCall {
  const account = standing.picture.account.id;
  if (desk.view.book.stateOf(account).status === 'HEALTHY')
    changeStatus(desk, account, 'WARNING', 'BELOW_WARNING_LEVEL', standing);
  changeStatus(desk, account, 'CALL', 'BELOW_CALL_LEVEL', standing);
  const issued = newCall(desk, standing, amountCalled(standing), windowOf(desk.view, standing), false);
  desk.emit({ type: 'MarginCallIssued', issued, reason: null });
  return issued;
}

/** The full window: who is called because terms changed has the longer one of before and after.  Ruling 12 */
function windowOf(view: View, standing: Standing): Milliseconds {
  const before = standingBefore(view, standing, unseenChange(view, standing.picture.account.id));
  const { cureWindow } = policyOf(standing);
  return before ? Math.max(cureWindow, policyOf(before).cureWindow) : cureWindow;
}

export function newCall(
  desk: Desk,
  standing: Standing,
  amount: Cash,
  window: Milliseconds,
  manual: boolean,
): MarginCall {
  const { finalNotice } = policyOf(standing);
  const deadline = instant(desk.at + window);
  return {
    id: desk.newId('call'),
    account: standing.picture.account.id,
    revision: 1,
    manual,
    amount,
    paid: cash(0n),
    ...figuresOf(desk.view, standing),
    issuedAt: desk.at,
    deadline,
    finalNoticeAt: noticeBefore(deadline, finalNotice, desk.at),
    acknowledgedAt: null,
    acknowledgedBy: null,
    disputed: false,
    clockStopped: false,
    // Nothing that changes from here on closes out while it is open, nor does the change that made it.
    termsBefore: unseenChange(desk.view, standing.picture.account.id) ?? desk.seq + 1,
  };
}

/** When the final notice is due; none where its time has passed already. */
export function noticeBefore(
  deadline: MarginCall['deadline'],
  before: Count | null,
  now: MarginCall['issuedAt'],
): MarginCall['finalNoticeAt'] {
  return before === null || deadline - before <= now ? null : instant(deadline - before);
}

/** Whether the call is met: the ladder's by equity at the cure level, an officer's by what was paid in. */
export function isMet(call: MarginCall, standing: Standing): boolean {
  const policy = policyOf(standing);
  if (call.manual) return call.paid >= call.amount && !isBelow(standing.equity, policy.call, standing);
  return !isBelow(standing.equity, policy.cure, standing);
}

export function cureMarginCall(desk: Desk, call: MarginCall, standing: Standing): void {
  desk.emit({
    type: 'MarginCallCured',
    call: call.id,
    account: call.account,
    cause: desk.cause,
    equity: cashDown(standing.equity),
  });
  leaveCall(desk, standing, 'CURED');
}

/** From CALL to where equity puts the account on the rungs above. */
export function leaveCall(desk: Desk, standing: Standing, cause: 'CURED' | 'WAIVED'): void {
  changeStatus(desk, standing.picture.account.id, 'WARNING', cause, standing);
  moveWarnings(desk, standing);
}

/**
 * A new revision when what is called has grown by more than the policy's step. Payments made stay counted. What an
 * officer called is the officer's until the account falls to its call level: then the ladder's larger amount takes its
 * place.  B1-1
 */
export function amendMarginCall(desk: Desk, call: MarginCall, standing: Standing): void {
  const { amendStep, call: level } = policyOf(standing);
  if (call.manual && !isBelow(standing.equity, level, standing)) return;
  const called = cash(amountCalled(standing) + call.paid);
  const grown = (called - call.amount) * amendStep.denominator > call.amount * amendStep.numerator;
  if (!grown) return;
  const { orders: _, ...before } = call; // of the notice before: the new one says its own
  const amended: MarginCall = {
    ...before,
    ...figuresOf(desk.view, standing),
    manual: false,
    revision: call.revision + 1,
    amount: called,
  };
  desk.emit({ type: 'MarginCallAmended', amended });
}

/** Ends the call because liquidation takes over: its window is cut or has passed. */
export function supersedeMarginCall(desk: Desk, call: MarginCall, standing: Standing, cause: LiquidationCause): void {
  const equity = cashDown(standing.equity);
  if (cause === 'DEADLINE_PASSED')
    desk.emit({ type: 'MarginCallExpired', call: call.id, account: call.account, equity });
  else desk.emit({ type: 'MarginCallSuperseded', call: call.id, account: call.account, cause, equity });
}

const runs = ({ clockStopped, pausedAt }: MarginCall): boolean => !clockStopped && pausedAt === undefined;

export const isExpired = (call: MarginCall, view: View): boolean => call.deadline <= view.now && runs(call);

/** When its deadline is to be met; at no time while its clock stands. */
export const dueOf = (call: MarginCall): Instant | undefined => (runs(call) ? call.deadline : undefined);

/** When the final notice before a deadline is due, by the policy of the account. */
export function noticeOf(state: State, { account }: MarginCall, deadline: Instant): Instant | null {
  const notice = state.policies.get(state.book.account(account)?.policy ?? '')?.finalNotice ?? null;
  return noticeBefore(deadline, notice, state.now);
}

export function onCallChanged(state: State, call: MarginCall): void {
  state.calls.set(call.id, call);
  state.callOf.set(call.account, call.id);
  state.watch.disturb(call.account);
  const passed = call.deadline <= state.now;
  state.deadlines.set(`call/${call.id}`, passed ? undefined : dueOf(call));
  state.deadlines.set(`notice/${call.id}`, call.finalNoticeAt ?? undefined);
  // Issued without a window, or its clock set going too late: it expires now.
  if (passed) state.due.add(call.account);
}

export function amendCall(state: State, id: string, fields: Partial<MarginCall>): void {
  onCallChanged(state, { ...known(state.calls.get(id), 'Margin call', id), ...fields });
}

type CallEnded = EventOf<'MarginCallCured' | 'MarginCallExpired' | 'MarginCallSuperseded' | 'MarginCallWaived'>;

export function onCallEnded(state: State, event: CallEnded): void {
  state.calls.delete(event.call);
  state.callOf.delete(event.account);
  state.watch.disturb(event.account);
  state.deadlines.set(`call/${event.call}`, undefined);
  state.deadlines.set(`notice/${event.call}`, undefined);
  const waived = event.type === 'MarginCallWaived';
  state.book.setState(event.account, { ...state.book.stateOf(event.account), waived });
}
