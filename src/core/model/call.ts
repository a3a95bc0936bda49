/** The margin call, a first-class object.  Rules: B1-1 to B1-5, MCM-2, MCM-4 */

import type { Cash, Instant, Price, Rate, Seq } from '../../units/quantity';
import type { AccountId } from './account';
import type { CurrencyId, InstrumentId } from './reference';

export type MarginCallId = string;

/** A price a decision was made at; its seq names the journal entry that set it. */
export interface PriceUsed {
  readonly instrument: InstrumentId;
  readonly price: Price;
  readonly seq: Seq;
}

export interface EligibleCollateral {
  readonly currency: CurrencyId;
  readonly haircut: Rate;
}

/** What open orders make of a requirement: cancelling all of them would reduce it by so much.  Rule: IM-1 */
export interface OrdersShare {
  readonly initial: Cash; // [settlement currency]
  readonly maintenance: Cash; // [settlement currency]
}

export interface MarginCall {
  readonly id: MarginCallId;
  readonly account: AccountId;
  readonly revision: number; // 1 when issued, + 1 per amendment
  readonly manual: boolean; // issued by an officer, not by the ladder
  readonly amount: Cash; // to be paid in: initial margin - equity          [settlement currency, rounded up]
  readonly paid: Cash; // received since issue                              [settlement currency, at collateral value]
  readonly equity: Cash; // when issued or last amended                     [settlement currency, signed, rounded down]
  readonly initial: Cash; // initial margin then                            [settlement currency, rounded up]
  readonly maintenance: Cash; // maintenance margin then                    [settlement currency, rounded up]
  readonly orders?: OrdersShare; // of both then, where open orders make any of it
  readonly shortfallToMaintenance: Cash; // maintenance - equity, at least zero
  readonly cureLevel: Cash; // equity at or above this cures                [settlement currency]
  readonly feePreview: Cash; // liquidation fee if closed out now           [settlement currency]   LF-4
  readonly penaltyPreview: Cash; // and penalty                             [settlement currency]
  readonly eligible: readonly EligibleCollateral[];
  readonly prices: readonly PriceUsed[];
  readonly policyVersion: number;
  readonly issuedAt: Instant;
  readonly deadline: Instant; // the window closes at this instant, exclusive
  readonly finalNoticeAt: Instant | null; // still to be sent
  readonly acknowledgedAt: Instant | null;
  readonly acknowledgedBy: string | null;
  readonly disputed: boolean;
  readonly clockStopped: boolean; // an officer ruled that the dispute stops the clock
}
