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

export const MARGIN_CALL_EVENTS = kind.events({
  AccountStatusChanged: {
    account: kind.account(),
    from: kind.text<AccountStatus>(),
    to: kind.text<AccountStatus>(),
    cause: kind.text(),
    equity: kind.cash('account'), // rounded down
    initial: kind.cash('account'), // rounded up
    maintenance: kind.cash('account'), // rounded up
  },
  MarginWarningIssued: {
    account: kind.account(),
    currency: kind.currency(),
    rung: kind.count(), // 1 is the earliest
    level: kind.cash('account'), // equity below which it is issued, rounded up
    equity: kind.cash('account'),
    orders: kind.optional(ORDERS_SHARE), // of the requirement, where open orders make any of it
  },
  MarginWarningWithdrawn: { account: kind.account(), rung: kind.count() },
  MarginCallIssued: { issued: kind.about(MARGIN_CALL), reason: kind.nullable(kind.text()) },
  MarginCallAmended: { amended: kind.about(MARGIN_CALL) },
  MarginCallAcknowledged: { at: kind.instant(), by: kind.text(), ...OF_CALL },
  MarginCallPaid: { amount: kind.cash('account'), paid: kind.cash('account'), ...OF_CALL },
  MarginCallCured: { cause: kind.text<CureCause>(), equity: kind.cash('account'), ...OF_CALL },
  MarginCallExpired: { equity: kind.cash('account'), ...OF_CALL },
  MarginCallSuperseded: { cause: kind.text<LiquidationCause>(), equity: kind.cash('account'), ...OF_CALL },
  MarginCallExtended: { deadline: kind.instant(), by: kind.text(), reason: kind.text(), ...OF_CALL },
  MarginCallWaived: { by: kind.text(), reason: kind.text(), ...OF_CALL },
  MarginCallDisputed: { by: kind.text(), reason: kind.text(), ...OF_CALL },
  MarginCallDisputeRuled: { clockStopped: kind.flag(), by: kind.text(), reason: kind.text(), ...OF_CALL },
  MarginCallPaused: { instrument: kind.instrument(), ...OF_CALL }, // the first of those that stand still
  MarginCallResumed: { deadline: kind.instant(), ...OF_CALL },
  MarginCallFinalNotice: { deadline: kind.instant(), amount: kind.cash('account'), ...OF_CALL },
});
export type MarginCallEvent = EventsOf<typeof MARGIN_CALL_EVENTS>;

/** Something that happened to a call. */
export type CallEvent = Exclude<MarginCallEvent, { type: 'AccountStatusChanged' | 'MarginWarningIssued' | 'MarginWarningWithdrawn' }>;

/** Who acted, of acts by people: the event names it, or it is who sent the command. Null of what the house does by itself. */
export function actedBy(event: CallEvent, actor: Actor): string | null {
  if ('by' in event) return event.by;
  const sent = event.type === 'MarginCallPaid' || (event.type === 'MarginCallIssued' && event.issued.manual);
  return sent && actor.role !== 'SYSTEM' ? actor.id : null;
}

/** Accounts that are to be acted on and wait for their turn.  Rule: LE-3 */
export const BACKLOG_EVENTS = kind.events({
  AccountsQueued: {
    accounts: kind.list(kind.account()), // in the order in which they wait
    termsBefore: kind.optional(kind.entry()), // where they have not been looked at since terms changed in that entry
  },
  AccountsTaken: { accounts: kind.list(kind.account()) },
});
