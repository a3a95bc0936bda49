/** Commands and events of the margin ladder: warnings, calls, and what becomes of them. */

import { type EventsOf, kind } from '../kind/kind';
import type { AccountStatus } from '../model/account';
import type { Actor } from '../model/actor';
import type { MarginCallId } from '../model/call';
import { MARGIN_CALL, ORDERS_SHARE } from '../model/call';
import type { LiquidationCause } from '../model/liquidation';

export type CureCause = 'DEPOSIT' | 'PRICE' | 'CLOSING' | 'SETTLEMENT' | 'POLICY';

const OF_CALL = {
  call: kind.text<MarginCallId>(),
  account: kind.account(),
};

export const ACCOUNT_STATUS_EVENTS = kind.events({
  AccountStatusChanged: kind.event('The status of an account changed.', {
    account: kind.account(),
    from: kind.text<AccountStatus>(),
    to: kind.text<AccountStatus>(),
    cause: kind.text(),
    equity: kind.cash('account'), // rounded down
    initial: kind.cash('account'), // rounded up
    maintenance: kind.cash('account'), // rounded up
  }),
  MarginWarningIssued: kind.event('An account fell below a warning level.', {
    account: kind.account(),
    currency: kind.currency(),
    rung: kind.count(), // 1 is the earliest
    level: kind.cash('account'), // equity below which it is issued, rounded up
    equity: kind.cash('account'),
    orders: kind.optional(ORDERS_SHARE), // of the requirement, where open orders make any of it
  }),
  MarginWarningWithdrawn: kind.event('An account recovered from a warning level.', {
    account: kind.account(),
    rung: kind.count(),
  }),
});

export const MARGIN_CALL_EVENTS = kind.events({
  MarginCallIssued: kind.event('A margin call was issued, by the ladder or by an officer.', {
    issued: kind.about(MARGIN_CALL),
    reason: kind.nullable(kind.text()),
  }),
  MarginCallAmended: kind.event(
    'A margin call was amended: the amount called has grown, and the call has a new revision.',
    {
      amended: kind.about(MARGIN_CALL),
    },
  ),
  MarginCallAcknowledged: kind.event('A margin call was acknowledged.', {
    at: kind.instant(),
    by: kind.text(),
    ...OF_CALL,
  }),
  MarginCallPaid: kind.event('A payment towards a margin call was received.', {
    amount: kind.cash('account'),
    paid: kind.cash('account'),
    ...OF_CALL,
  }),
  MarginCallCured: kind.event('A margin call was cured.', {
    cause: kind.text<CureCause>(),
    equity: kind.cash('account'),
    ...OF_CALL,
  }),
  MarginCallExpired: kind.event('The deadline of a margin call passed and the call was not met.', {
    equity: kind.cash('account'),
    ...OF_CALL,
  }),
  MarginCallSuperseded: kind.event('The window of a margin call was cut, and liquidation starts.', {
    cause: kind.text<LiquidationCause>(),
    equity: kind.cash('account'),
    ...OF_CALL,
  }),
  MarginCallExtended: kind.event('The deadline of a margin call was moved.', {
    deadline: kind.instant(),
    by: kind.text(),
    reason: kind.text(),
    ...OF_CALL,
  }),
  MarginCallWaived: kind.event('An officer waived a margin call.', {
    by: kind.text(),
    reason: kind.text(),
    ...OF_CALL,
  }),
  MarginCallDisputed: kind.event('A margin call was disputed. That alone does not stop its clock.', {
    by: kind.text(),
    reason: kind.text(),
    ...OF_CALL,
  }),
  MarginCallDisputeRuled: kind.event('An officer ruled whether the clock of a disputed margin call stops.', {
    clockStopped: kind.flag(),
    by: kind.text(),
    reason: kind.text(),
    ...OF_CALL,
  }),
  MarginCallPaused: kind.event(
    'The clock of a margin call stands: halted or stale holdings carry the stated part of maintenance margin.',
    {
      instrument: kind.instrument(), // the first of those that stand still
      ...OF_CALL,
    },
  ),
  MarginCallResumed: kind.event(
    'The clock of a margin call runs again. The deadline has moved by as long as it stood.',
    {
      deadline: kind.instant(),
      ...OF_CALL,
    },
  ),
  MarginCallFinalNotice: kind.event('The final notice before the deadline of a margin call went out.', {
    deadline: kind.instant(),
    amount: kind.cash('account'),
    ...OF_CALL,
  }),
});
export type MarginCallEvent = EventsOf<typeof ACCOUNT_STATUS_EVENTS> | CallEvent;

/** Something that happened to a call. */
export type CallEvent = EventsOf<typeof MARGIN_CALL_EVENTS>;

/**
 * Who acted, of acts by people: the event names it, or it is who sent the command. Null of what the house does by
 * itself.
 */
export function actedBy(event: CallEvent, actor: Actor): string | null {
  if ('by' in event) return event.by;
  const sent = event.type === 'MarginCallPaid' || (event.type === 'MarginCallIssued' && event.issued.manual);
  return sent && actor.role !== 'SYSTEM' ? actor.id : null;
}

/** Accounts that are to be acted on and wait for their turn.  Rule: LE-3 */
export const BACKLOG_EVENTS = kind.events({
  AccountsQueued: kind.event('More accounts have to be acted on than one entry may act on. These accounts wait.', {
    accounts: kind.list(kind.account()), // in the order in which they wait
    termsBefore: kind.optional(kind.entry()), // where they have not been looked at since terms changed in that entry
  }),
  AccountsTaken: kind.event('Accounts that waited were acted on.', { accounts: kind.list(kind.account()) }),
});
