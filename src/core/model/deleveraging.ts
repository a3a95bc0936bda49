/** Deleveraging: closing a position that nobody wants against the holders on the other side.  Rules: SL-5, S07, S09 */

import type { Cash, Rate, Size } from '../../units/quantity';
import type { Ratio } from '../../units/ratio';
import type { AccountId } from './account';
import type { LiquidationId } from './liquidation';
import type { CurrencyId, InstrumentId } from './reference';

export type DeleveragingId = string;

/** Against whom: down the rank; by profit; by profit x leverage; or by what each holds, which a tear-up does. */
export type DeleveragingMethod = 'QUEUE' | 'PRO_RATA' | 'LEVERAGE_WEIGHTED' | 'OPEN_INTEREST';

/** PROFIT_LEVERAGE: profit x effective leverage, a loss / leverage (SL-5). PRICE_RATIO: mark over entry x notional over equity. */
export type DeleveragingScore = 'PROFIT_LEVERAGE' | 'PRICE_RATIO';

/**
 * The most a holder gives up: its own profit in the position (nothing of it that was levied in the loss period), or all it
 * has above maintenance margin. Never below that margin.
 */
export type DeleveragingBound = 'PROFIT' | 'MAINTENANCE';

/** What counts as profit: against the cost the position has now, or since the loss period began, settled variation included. */
export type ProfitBasis = 'UNREALISED' | 'PERIOD';

/** The loss that the house's inventory of one instrument may come to within a loss period.  S07, BY-A1 */
export interface InventoryCap {
  readonly amount: Cash | null; // at most this                                        [settlement currency]
  readonly fundShare: Rate | null; // at most this share of the insurance fund, draws of the inventory added back
  readonly stop: Ratio; // once reached, inventory is not kept again before the loss is at or under this share of the cap
}

/** How positions are deleveraged, per settlement currency, or for one instrument where stated. */
export interface DeleveragingPolicy {
  readonly currency: CurrencyId;
  readonly instrument: InstrumentId | null;
  readonly version: number; // 0: the standard, which nobody set
  readonly method: Exclude<DeleveragingMethod, 'OPEN_INTEREST'>;
  readonly score: DeleveragingScore;
  readonly bound: DeleveragingBound;
  readonly basis: ProfitBasis;
  readonly inventoryCap: InventoryCap | null; // of one instrument only
}

/** What the insurance fund and the layers after it have paid for the inventory of one instrument since the loss period began. */
export interface InventoryDraw {
  readonly drawn: Cash;
  readonly reached: boolean; // the cap was, and the loss has not been back at the stop since
}

/** Why positions were deleveraged. */
export type DeleveragingCause = 'LOSS_LAYER' | 'LADDER' | 'INVENTORY_CAP' | 'TEAR_UP_LAYER' | 'TEAR_UP';

/** One decision to deleverage, with the figures by which its fairness can be judged. */
export interface Deleveraging {
  readonly id: DeleveragingId;
  readonly cause: DeleveragingCause;
  readonly account: AccountId; // whose position is closed: the house's inventory, or an account on the last rung
  readonly instrument: InstrumentId;
  readonly liquidation: LiquidationId | null;
  readonly method: DeleveragingMethod;
  readonly score: DeleveragingScore;
  readonly bound: DeleveragingBound;
  readonly policyVersion: number;
  readonly size: Size; // traded by the account, buy positive
  readonly budget: Cash; // what was missing
  readonly available: Cash; // what the holders could have given up
  readonly used: Cash; // what they gave up: never more than the budget
  readonly overshoot: Cash; // what they gave up beyond the budget: zero
  readonly holders: number; // on the other side, as ranked
  readonly affected: number; // of them, whose position was closed or who gave up something
  readonly profit: Cash; // of all holders on the other side that have one
  readonly concentration: Ratio; // Herfindahl of what was given up; zero where nothing was
}

/** Quantities of an instrument against what there is of it in the world.  S07, S11 */
export interface MarketLimits {
  readonly instrument: InstrumentId;
  readonly version: number;
  readonly float: bigint; // contracts that the free float of the underlying amounts to   [lots]
  readonly openInterestShare: Rate | null; // open interest may not be raised above this share of it
  readonly positionShare: Rate | null; // nobody's positions together may be raised above this share of it
  readonly openInterest: Size; // lots of one side, now
}
