/** The margin call, a first-class object.  Rules: B1-1 to B1-5, MCM-2, MCM-4 */

import { kind, type RecordOf } from '../kind/kind';

export type MarginCallId = string;

/** A price a decision was made at; its seq names the journal entry that set it. */
export const PRICE_USED = kind.record({
  instrument: kind.instrument(),
  price: kind.price('instrument'),
  seq: kind.count(),
});
export type PriceUsed = RecordOf<typeof PRICE_USED>;

export const ELIGIBLE_COLLATERAL = kind.record({
  currency: kind.currency(),
  haircut: kind.rate(),
});
export type EligibleCollateral = RecordOf<typeof ELIGIBLE_COLLATERAL>;

/** What open orders make of a requirement: cancelling all of them would reduce it by so much.  Rule: IM-1 */
export const ORDERS_SHARE = kind.record({
  initial: kind.cash('account'), // [settlement currency]
  maintenance: kind.cash('account'), // [settlement currency]
});
export type OrdersShare = RecordOf<typeof ORDERS_SHARE>;

export const MARGIN_CALL = kind.record({
  id: kind.text<MarginCallId>(),
  account: kind.account(),
  revision: kind.count(), // 1 when issued, + 1 per amendment
  manual: kind.flag(), // issued by an officer, not by the ladder
  amount: kind.cash('account'), // to be paid in: initial margin - equity          [settlement currency, rounded up]
  // received since issue                              [settlement currency, at collateral value]
  paid: kind.cash('account'),
  // when issued or last amended                     [settlement currency, signed, rounded down]
  equity: kind.cash('account'),
  initial: kind.cash('account'), // initial margin then                            [settlement currency, rounded up]
  maintenance: kind.cash('account'), // maintenance margin then                    [settlement currency, rounded up]
  orders: kind.optional(ORDERS_SHARE), // of both then, where open orders make any of it
  shortfallToMaintenance: kind.cash('account'), // maintenance - equity, at least zero
  cureLevel: kind.cash('account'), // equity at or above this cures                [settlement currency]
  feePreview: kind.cash('account'), // liquidation fee if closed out now           [settlement currency]   LF-4
  penaltyPreview: kind.cash('account'), // and penalty                             [settlement currency]
  eligible: kind.list(ELIGIBLE_COLLATERAL),
  prices: kind.list(PRICE_USED),
  policyVersion: kind.count(),
  issuedAt: kind.instant(),
  deadline: kind.instant(), // the window closes at this instant, exclusive
  finalNoticeAt: kind.nullable(kind.instant()), // still to be sent
  acknowledgedAt: kind.nullable(kind.instant()),
  acknowledgedBy: kind.nullable(kind.text()),
  disputed: kind.flag(),
  clockStopped: kind.flag(), // an officer ruled that the dispute stops the clock
  // since when it stands for holdings that stand still: the deadline moves on by as long   Ruling 13
  pausedAt: kind.optional(kind.instant()),
  // no level moved by this entry or a later one closes out while it is open   Ruling 12
  termsBefore: kind.optional(kind.entry()),
});
export type MarginCall = RecordOf<typeof MARGIN_CALL>;
