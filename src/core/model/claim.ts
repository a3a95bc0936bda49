/** What is held open about a liquidation: who has claimed it, what is due for it, what it charged, who objects.  Rules: LI-1, LI-2, LP-5 */

import type { Cash, Instant, Seq } from '../../units/quantity';
import type { AccountId } from './account';
import type { LiquidationId, LiquidationOrderId } from './liquidation';

/** An offer somebody has claimed, or had. */
export interface Claim {
  readonly order: LiquidationOrderId;
  readonly account: AccountId | null; // the liquidator whose it is now
  readonly claimedAt: Instant;
  readonly expiresAt: Instant; // others are kept out until then
  readonly failed: readonly AccountId[]; // those who let a claim on it expire
}

/** A reward that waits for the end of its liquidation: paid when the account is restored, and not otherwise.  LI-2 */
export interface HeldReward {
  readonly liquidatorId: AccountId;
  readonly order: LiquidationOrderId;
  readonly due: Cash;
}

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
export interface LiquidationDispute {
  readonly id: string;
  readonly liquidation: LiquidationId;
  readonly account: AccountId;
  readonly by: string;
  readonly reason: string;
  readonly at: Instant;
}

/** An open dispute with what is at stake; null while the liquidation still runs. */
export interface DisputeCase {
  readonly dispute: LiquidationDispute;
  readonly lines: readonly ChargeLine[] | null;
}
