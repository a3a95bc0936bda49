/**
 * The clock of a margin call in a halt. While holdings whose trading is halted, or whose price nobody vouches for,
 * carry at least the stated part of maintenance margin, its holder can hardly do anything about the call: the clock
 * stands, and the deadline moves on by as long as it stood. Carrying less they hold nothing up.  Rules: B1-4; ruling 13
 */

import { known } from '../../units/failure';
import { type Instant, instant, RATE_ONE, total } from '../../units/quantity';
import { partOf } from '../margin/requirement';
import type { Standing } from '../margin/standing';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';
import type { MarginCall } from '../model/call';
import type { State } from '../model/state';
import { frozenShareOf } from '../reference/policies';
import { noticeOf, onCallChanged, openCallOf } from './call';

/** The holding for which the clock stands; none where it does not. */
function heldUpBy({ picture, maintenance }: Standing): string | undefined {
  const frozen = picture.holdings.filter(({ position, frozen: stands }) => stands && position.size !== 0n);
  const carried = total(frozen.map((holding) => partOf(picture, holding).maintenance));
  const share = frozenShareOf(known(picture.policy, 'Margin policy', picture.account.policy));
  return carried * RATE_ONE >= maintenance * share ? frozen[0]?.instrument.id : undefined;
}

/** Lets the clock of an account's open call stand, or sets it going again. What has passed already has passed. */
export function keepClock(desk: Desk, standing: Standing): void {
  const { id: account } = standing.picture.account;
  const call = openCallOf(desk.view, account);
  if (!call) return;
  const instrument = heldUpBy(standing);
  if (instrument !== undefined && call.pausedAt === undefined && call.deadline > desk.at)
    desk.emit({ type: 'MarginCallPaused', call: call.id, account, instrument });
  if (instrument === undefined && call.pausedAt !== undefined)
    desk.emit({ type: 'MarginCallResumed', call: call.id, account, deadline: deadlineOf(call, desk.at) });
}

/** The deadline if the clock went on now. */
export const deadlineOf = ({ deadline, pausedAt }: MarginCall, now: Instant): Instant =>
  instant(deadline + (now - (pausedAt ?? now)));

/** A clock that stands gives no final notice. */
export function onMarginCallPaused(state: State, event: EventOf<'MarginCallPaused'>): void {
  const call = known(state.calls.get(event.call), 'Margin call', event.call);
  onCallChanged(state, { ...call, pausedAt: state.now, finalNoticeAt: null });
}

export function onMarginCallResumed(state: State, event: EventOf<'MarginCallResumed'>): void {
  const { pausedAt: _, ...call } = known(state.calls.get(event.call), 'Margin call', event.call);
  const { deadline } = event;
  onCallChanged(state, {
    ...call,
    deadline,
    finalNoticeAt: call.clockStopped ? null : noticeOf(state, call, deadline),
  });
}
