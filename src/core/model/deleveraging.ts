/** Deleveraging: closing a position that nobody wants against the holders on the other side.  Rules: SL-5, S07, S09 */

import type { Cash } from '../../units/quantity';
import { type ChoiceOf, choice, kind, type RecordOf } from '../kind/kind';
import type { LiquidationId } from './liquidation';

export const DELEVERAGING_POLICY_METHOD = choice('DeleveragingPolicyMethod', 'How holders are chosen.', {
  QUEUE: 'By rank: each holder gives as much as its bound allows before the next is touched.',
  PRO_RATA: 'By profit: every holder with a profit gives in proportion to it.',
  LEVERAGE_WEIGHTED: 'By profit times effective leverage, in proportion.',
});

export type DeleveragingId = string;

/** Against whom: down the rank; by profit; by profit x leverage; or by what each holds, which a tear-up does. */
export type DeleveragingMethod = 'QUEUE' | 'PRO_RATA' | 'LEVERAGE_WEIGHTED' | 'OPEN_INTEREST';

/**
 * PROFIT_LEVERAGE: profit x effective leverage, a loss / leverage (SL-5). PRICE_RATIO: mark over entry x notional over
 * equity.
 */
export const DELEVERAGING_SCORE = choice('DeleveragingScore', 'The formula that ranks holders, the highest first.', {
  PROFIT_LEVERAGE: 'Profit as a share of entry value, times effective leverage. A loss is divided by it.',
  PRICE_RATIO: 'Mark over entry price (for a short: entry over mark) x notional over equity.',
});
export type DeleveragingScore = ChoiceOf<typeof DELEVERAGING_SCORE>;

/**
 * The most a holder gives up: its own profit in the position (nothing of it that was levied in the loss period), or all
 * it has above maintenance margin. Never below that margin.
 */
export const DELEVERAGING_BOUND = choice('DeleveragingBound', 'The most that a holder can be asked to give up.', {
  PROFIT: 'Its own profit in the position, and never more than what it has above maintenance margin.',
  MAINTENANCE: 'What it has above maintenance margin.',
});
export type DeleveragingBound = ChoiceOf<typeof DELEVERAGING_BOUND>;

/**
 * What counts as profit: against the cost the position has now, or since the loss period began, settled variation
 * included.
 */
export const PROFIT_BASIS = choice('ProfitBasis', 'What counts as the profit of a position.', {
  UNREALISED: 'The gain against its cost. A settlement of variation margin moves the cost to the mark.',
  PERIOD: 'Realised and unrealised gains since the loss period began, including settled variation.',
});
export type ProfitBasis = ChoiceOf<typeof PROFIT_BASIS>;

/** The loss that the house's inventory of one instrument may come to within a loss period.  S07, BY-A1 */
export const INVENTORY_CAP = kind.record({
  // at most this                                        [settlement currency]
  amount: kind.nullable(kind.cash('currency')),
  fundShare: kind.nullable(kind.rate()), // at most this share of the insurance fund, draws of the inventory added back
  stop: kind.ratio(), // once reached, inventory is not kept again before the loss is at or under this share of the cap
});
export type InventoryCap = RecordOf<typeof INVENTORY_CAP>;

/** How positions are deleveraged, per settlement currency, or for one instrument where stated. */
export const DELEVERAGING_POLICY = kind.record({
  currency: kind.currency(),
  instrument: kind.nullable(kind.instrument()),
  version: kind.count(), // 0: the standard, which nobody set
  method: kind.text<Exclude<DeleveragingMethod, 'OPEN_INTEREST'>>(),
  score: kind.text<DeleveragingScore>(),
  bound: kind.text<DeleveragingBound>(),
  basis: kind.text<ProfitBasis>(),
  inventoryCap: kind.nullable(INVENTORY_CAP), // of one instrument only
});
export type DeleveragingPolicy = RecordOf<typeof DELEVERAGING_POLICY>;

/**
 * What the insurance fund and the layers after it have paid for the inventory of one instrument since the loss period
 * began.
 */
export interface InventoryDraw {
  readonly drawn: Cash;
  readonly reached: boolean; // the cap was, and the loss has not been back at the stop since
}

/** Why positions were deleveraged. */
export type DeleveragingCause =
  | 'OWNER_POSITIONS'
  | 'LOSS_LAYER'
  | 'LADDER'
  | 'INVENTORY_CAP'
  | 'TEAR_UP_LAYER'
  | 'TEAR_UP';

/** One decision to deleverage, with the figures by which its fairness can be judged. */
export const DELEVERAGING = kind.record({
  id: kind.text<DeleveragingId>(),
  cause: kind.text<DeleveragingCause>(),
  account: kind.account(), // whose position is closed: the house's inventory, or an account on the last rung
  instrument: kind.instrument(),
  liquidation: kind.nullable(kind.text<LiquidationId>()),
  method: kind.text<DeleveragingMethod>(),
  score: kind.text<DeleveragingScore>(),
  bound: kind.text<DeleveragingBound>(),
  policyVersion: kind.count(),
  size: kind.size('instrument'), // traded by the account, buy positive
  budget: kind.cash('instrument'), // what was missing
  available: kind.cash('instrument'), // what the holders could have given up
  used: kind.cash('instrument'), // what they gave up: never more than the budget
  overshoot: kind.cash('instrument'), // what they gave up beyond the budget: zero
  holders: kind.count(), // on the other side, as ranked
  affected: kind.count(), // of them, whose position was closed or who gave up something
  profit: kind.cash('instrument'), // of all holders on the other side that have one
  concentration: kind.ratio(), // Herfindahl of what was given up; zero where nothing was
});
export type Deleveraging = RecordOf<typeof DELEVERAGING>;

/** Quantities of an instrument against what there is of it in the world.  S07, S11 */
export const MARKET_LIMITS = kind.record({
  instrument: kind.instrument(),
  version: kind.count(),
  float: kind.lots('instrument'), // contracts that the free float of the underlying amounts to   [lots]
  openInterestShare: kind.nullable(kind.rate()), // open interest may not be raised above this share of it
  positionShare: kind.nullable(kind.rate()), // nobody's positions together may be raised above this share of it
  openInterest: kind.size('instrument'), // lots of one side, now
});
export type MarketLimits = RecordOf<typeof MARKET_LIMITS>;
