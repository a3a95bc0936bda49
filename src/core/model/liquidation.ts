/** Liquidations and the orders by which they turn positions into money. */

import type { Cash, Instant, Price, Rate, Size } from '../../units/quantity';
import type { AccountId } from './account';
import type { MarginCallId } from './call';
import type { Stand } from './ladder';
import type { CurrencyId, InstrumentId } from './reference';

export type LiquidationId = string;
export type LiquidationOrderId = string;

export type LiquidationCause = 'DEADLINE_PASSED' | 'CLOSE_OUT_LEVEL' | 'BANKRUPT_AT_MARK' | 'MEMBER_DEFAULT';

/** Why a reduction is as large as it is. */
export type ReductionReason =
  | 'RESTORES_TARGET'
  | 'STAGED'
  | 'CANNOT_RESTORE'
  | 'REMAINDER_TOO_SMALL'
  | 'DISPOSAL'
  | 'MEMBER_DEFAULT'
  | 'HEDGE'
  | 'DEFAULT_CLOSING';

export interface Liquidation {
  readonly id: LiquidationId;
  readonly account: AccountId;
  readonly call: MarginCallId | null;
  readonly cause: LiquidationCause;
  readonly startedAt: Instant;
  readonly paused: boolean; // a price it needs is stale or halted
  readonly step: number; // reductions ordered so far
  readonly unsold?: readonly CurrencyId[]; // collateral that an auction could not sell: it is not offered again   CA-4
  readonly severity?: Rate; // added to the penalty because of how far equity had fallen when it started   LP-2
}

/** An order to a venue for a liquidated account, or for the house disposing of what it took over. */
export interface LiquidationOrder {
  readonly id: LiquidationOrderId;
  readonly liquidation: LiquidationId | null; // null: of the house, for its inventory or a default
  readonly account: AccountId;
  readonly instrument: InstrumentId;
  readonly size: Size; // lots to trade, buy positive
  readonly filled: Size; // of them, same sign
  readonly limit: Price | null; // no worse than this: the bankruptcy price
  readonly mark: Price; // when issued
  readonly reason: ReductionReason;
  readonly issuedAt: Instant;
  readonly expiresAt: Instant;
  readonly stand?: Stand; // on the disposal ladder, where the instrument has one
}

/** One layer of a default's loss ledger.  available = used + left.  Rule: B3-1 */
export interface LayerUse {
  readonly layer: string;
  readonly available: Cash;
  readonly used: Cash;
  readonly left: Cash;
}
