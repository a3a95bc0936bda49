/** Liquidations and the orders by which they turn positions into money. */

import { kind, type RecordOf } from '../kind/kind';
import type { MarginCallId } from './call';
import { STAND } from './ladder';

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

export const LIQUIDATION = kind.record({
  id: kind.text<LiquidationId>(),
  account: kind.account(),
  call: kind.nullable(kind.text<MarginCallId>()),
  cause: kind.text<LiquidationCause>(),
  startedAt: kind.instant(),
  // all there is to close is halted or has a stale price, or a debt waits for the price of collateral
  paused: kind.flag(),
  waitsUntil: kind.optional(kind.instant()), // for the price of collateral, no longer than this     Ruling 16
  step: kind.count(), // reductions ordered so far
  restsUntil: kind.optional(kind.instant()), // after a step in parts: until then the next waits, or goes whole    LE-6
  // collateral that an auction could not sell: it is not offered again   CA-4
  unsold: kind.optional(kind.list(kind.currency())),
  // added to the penalty because of how far equity had fallen when it started   LP-2
  severity: kind.optional(kind.rate()),
});
export type Liquidation = RecordOf<typeof LIQUIDATION>;

/** An order to a venue for a liquidated account, or for the house disposing of what it took over. */
export const LIQUIDATION_ORDER = kind.record({
  id: kind.text<LiquidationOrderId>(),
  liquidation: kind.nullable(kind.text<LiquidationId>()), // null: of the house, for its inventory or a default
  account: kind.account(),
  instrument: kind.instrument(),
  size: kind.size('instrument'), // lots to trade, buy positive
  filled: kind.size('instrument'), // of them, same sign
  limit: kind.nullable(kind.price('instrument')), // no worse than this: the closing limit
  mark: kind.price('instrument'), // when issued
  reason: kind.text<ReductionReason>(),
  issuedAt: kind.instant(),
  expiresAt: kind.instant(),
  stand: kind.optional(STAND), // on the disposal ladder, where the instrument has one
});
export type LiquidationOrder = RecordOf<typeof LIQUIDATION_ORDER>;

/** One layer of a default's loss ledger.  available = used + left.  Rule: B3-1 */
export const LAYER_USE = kind.record({
  layer: kind.text(),
  available: kind.cash('currency'),
  used: kind.cash('currency'),
  left: kind.cash('currency'),
});
export type LayerUse = RecordOf<typeof LAYER_USE>;
