/** Commands and events of the margin ladder: warnings, calls, and what becomes of them. */

import type { Cash, Instant } from '../../units/quantity';
import type { AccountId, AccountStatus } from '../model/account';
import type { Actor } from '../model/actor';
import type { MarginCall, MarginCallId, OrdersShare } from '../model/call';
import type { LiquidationCause } from '../model/liquidation';
import type { CurrencyId } from '../model/reference';
import type { Decimal } from './reference';

export interface AcknowledgeMarginCall {
  readonly type: 'AcknowledgeMarginCall';
  readonly call: MarginCallId;
}

/** A call by an officer, for what no ladder sees.  Rule: B1-5 */
export interface IssueMarginCall {
  readonly type: 'IssueMarginCall';
  readonly account: AccountId;
  readonly amount: Decimal;
  readonly window: number | null; // ms; null: the policy's
  readonly reason: string;
}

export interface ExtendMarginCall {
  readonly type: 'ExtendMarginCall';
  readonly call: MarginCallId;
  readonly deadline: number; // epoch ms
  readonly reason: string;
}

export interface WaiveMarginCall {
  readonly type: 'WaiveMarginCall';
  readonly call: MarginCallId;
  readonly reason: string;
}

export interface DisputeMarginCall {
  readonly type: 'DisputeMarginCall';
  readonly call: MarginCallId;
  readonly reason: string;
}

/** Whether a disputed call's clock stands still. The dispute alone never stops it.  Rule: MCM-4 */
export interface RuleOnDispute {
  readonly type: 'RuleOnDispute';
  readonly call: MarginCallId;
  readonly stopClock: boolean;
  readonly reason: string;
}

export type MarginCallCommand =
  | AcknowledgeMarginCall
  | IssueMarginCall
  | ExtendMarginCall
  | WaiveMarginCall
  | DisputeMarginCall
  | RuleOnDispute;

export type CureCause = 'DEPOSIT' | 'PRICE' | 'CLOSING' | 'SETTLEMENT' | 'POLICY';

interface OfCall {
  readonly call: MarginCallId;
  readonly account: AccountId;
}

export type MarginCallEvent =
  | {
      readonly type: 'AccountStatusChanged';
      readonly account: AccountId;
      readonly from: AccountStatus;
      readonly to: AccountStatus;
      readonly cause: string;
      readonly equity: Cash; // rounded down
      readonly initial: Cash; // rounded up
      readonly maintenance: Cash; // rounded up
    }
  | {
      readonly type: 'MarginWarningIssued';
      readonly account: AccountId;
      readonly currency: CurrencyId;
      readonly rung: number; // 1 is the earliest
      readonly level: Cash; // equity below which it is issued, rounded up
      readonly equity: Cash;
      readonly orders?: OrdersShare; // of the requirement, where open orders make any of it
    }
  | { readonly type: 'MarginWarningWithdrawn'; readonly account: AccountId; readonly rung: number }
  | { readonly type: 'MarginCallIssued'; readonly issued: MarginCall; readonly reason: string | null }
  | { readonly type: 'MarginCallAmended'; readonly amended: MarginCall }
  | ({ readonly type: 'MarginCallAcknowledged'; readonly at: Instant; readonly by: string } & OfCall)
  | ({ readonly type: 'MarginCallPaid'; readonly amount: Cash; readonly paid: Cash } & OfCall)
  | ({ readonly type: 'MarginCallCured'; readonly cause: CureCause; readonly equity: Cash } & OfCall)
  | ({ readonly type: 'MarginCallExpired'; readonly equity: Cash } & OfCall)
  | ({ readonly type: 'MarginCallSuperseded'; readonly cause: LiquidationCause; readonly equity: Cash } & OfCall)
  | ({ readonly type: 'MarginCallExtended'; readonly deadline: Instant; readonly by: string; readonly reason: string } & OfCall)
  | ({ readonly type: 'MarginCallWaived'; readonly by: string; readonly reason: string } & OfCall)
  | ({ readonly type: 'MarginCallDisputed'; readonly by: string; readonly reason: string } & OfCall)
  | ({ readonly type: 'MarginCallDisputeRuled'; readonly clockStopped: boolean; readonly by: string; readonly reason: string } & OfCall)
  | ({ readonly type: 'MarginCallFinalNotice'; readonly deadline: Instant; readonly amount: Cash } & OfCall);

/** Something that happened to a call. */
export type CallEvent = Exclude<MarginCallEvent, { type: 'AccountStatusChanged' | 'MarginWarningIssued' | 'MarginWarningWithdrawn' }>;

/** Who acted, of acts by people: the event names it, or it is who sent the command. Null of what the house does by itself. */
export function actedBy(event: CallEvent, actor: Actor): string | null {
  if ('by' in event) return event.by;
  const sent = event.type === 'MarginCallPaid' || (event.type === 'MarginCallIssued' && event.issued.manual);
  return sent && actor.role !== 'SYSTEM' ? actor.id : null;
}

/** Accounts that are to be acted on and wait for their turn.  Rule: LE-3 */
export type BacklogEvent =
  | { readonly type: 'AccountsQueued'; readonly accounts: readonly AccountId[] } // in the order in which they wait
  | { readonly type: 'AccountsTaken'; readonly accounts: readonly AccountId[] };
