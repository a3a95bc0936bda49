/**
 * The margin state machine: HEALTHY, WARNING, CALL, LIQUIDATING, then RESTORED or BANKRUPT and CLOSED. Every transition
 * is an event with its cause; one that is not in the table cannot happen.  Rule: LE-1
 */

import { assert } from '../../units/failure';
import { cashDown, cashUp } from '../../units/rounding';
import type { Standing } from '../margin/standing';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';
import type { AccountId, AccountStatus } from '../model/account';
import type { State } from '../model/state';

/** From each status, where it may lead. */
export const TRANSITIONS: Readonly<Record<AccountStatus, readonly AccountStatus[]>> = {
  HEALTHY: ['WARNING'],
  WARNING: ['HEALTHY', 'CALL'],
  CALL: ['WARNING', 'LIQUIDATING'],
  LIQUIDATING: ['RESTORED', 'BANKRUPT'],
  RESTORED: ['WARNING'],
  BANKRUPT: ['CLOSED'],
  CLOSED: ['HEALTHY'],
};

/**
 * Where the default of its member alone leads, whatever the account's own margin says: a client's is liquidated, the
 * member's own seized.
 */
const BY_DEFAULT: Partial<typeof TRANSITIONS> = {
  HEALTHY: ['LIQUIDATING', 'CLOSED'],
  WARNING: ['LIQUIDATING', 'CLOSED'],
  CALL: ['CLOSED'],
  LIQUIDATING: ['CLOSED'],
};

/** Whether a cause may lead from one status to another.  LE-1 */
export const mayLead = (from: AccountStatus, to: AccountStatus, cause: StatusCause): boolean =>
  TRANSITIONS[from].includes(to) || (cause === 'MEMBER_DEFAULT' && (BY_DEFAULT[from] ?? []).includes(to));

export type StatusCause =
  | 'BELOW_WARNING_LEVEL'
  | 'BELOW_CALL_LEVEL'
  | 'CALLED_BY_OFFICER'
  | 'RECOVERED'
  | 'CURED'
  | 'WAIVED'
  | 'DEADLINE_PASSED'
  | 'CLOSE_OUT_LEVEL'
  | 'BANKRUPT_AT_MARK'
  | 'TARGET_REACHED'
  | 'NOTHING_LEFT'
  | 'LOSS_ALLOCATED'
  | 'REINSTATED'
  | 'MEMBER_DEFAULT';

export function changeStatus(
  desk: Desk,
  account: AccountId,
  to: AccountStatus,
  cause: StatusCause,
  standing: Standing,
): void {
  const from = desk.view.book.stateOf(account).status;
  assert(mayLead(from, to, cause), 'No such transition of an account', { account, from, to });
  const { equity, initial, maintenance } = standing;
  desk.emit({
    type: 'AccountStatusChanged',
    account,
    from,
    to,
    cause,
    equity: cashDown(equity),
    initial: cashUp(initial),
    maintenance: cashUp(maintenance),
  });
}

export function onAccountStatusChanged(state: State, { account, to }: EventOf<'AccountStatusChanged'>): void {
  const before = state.book.stateOf(account);
  // A waiver lasts until the account has recovered by itself.
  state.book.setState(account, { ...before, status: to, waived: to === 'HEALTHY' ? false : before.waived });
}
