/**
 * What is held open about a liquidation: who has claimed it, what is due for it, what it charged, who objects.  Rules:
 * LI-1, LI-2, LP-5
 */

import type { Cash, Instant, Seq } from '../../units/quantity';
import { kind, type RecordOf } from '../kind/kind';
import type { AccountId } from './account';
import type { LiquidationId, LiquidationOrderId } from './liquidation';

/** An offer somebody has claimed, or had. */
export const CLAIM = kind.record({
  order: kind.text<LiquidationOrderId>(),
  account: kind.nullable(kind.account()), // the liquidator whose it is now
  claimedAt: kind.instant(),
  expiresAt: kind.instant(), // others are kept out until then
  failed: kind.list(kind.account()), // those who let a claim on it expire
});
export type Claim = RecordOf<typeof CLAIM>;

/** A reward that waits for the end of its liquidation: paid when the account is restored, and not otherwise.  LI-2 */
export const HELD_REWARD = kind.record({
  liquidatorId: kind.account(),
  order: kind.text<LiquidationOrderId>(),
  due: kind.cash('account'),
});
export type HeldReward = RecordOf<typeof HELD_REWARD>;

/** Who got what part of the charges of a liquidation: what a ruling would give back.  LP-5 */
export interface ChargeLine {
  readonly entry: Seq; // of the journal, that charged it
  readonly to: string; // ledger account
  readonly reason: 'LIQUIDATION_FEE' | 'LIQUIDATION_PENALTY';
  readonly amount: Cash; // less what was given back already
}

/** What a liquidation that has ended charged, kept while it may be disputed. */
export interface ChargeRecord {
  readonly liquidation: LiquidationId;
  readonly account: AccountId;
  readonly lines: readonly ChargeLine[];
  readonly until: Instant; // disputes are taken until then, exclusive
}

/** An objection to a liquidation. It stops nothing. */
export const LIQUIDATION_DISPUTE = kind.record({
  id: kind.text(),
  liquidation: kind.text<LiquidationId>(),
  account: kind.account(),
  by: kind.text(),
  reason: kind.text(),
  at: kind.instant(),
});
export type LiquidationDispute = RecordOf<typeof LIQUIDATION_DISPUTE>;

/** An open dispute with what is at stake; null while the liquidation still runs. */
export interface DisputeCase {
  readonly dispute: LiquidationDispute;
  readonly lines: readonly ChargeLine[] | null;
}
