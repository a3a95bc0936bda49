/** Commands and events of deleveraging, tear-up and market limits. */

import type { Cash, Price, Size } from '../../units/quantity';
import type { Ratio } from '../../units/ratio';
import type { AccountId } from '../model/account';
import type {
  Deleveraging,
  DeleveragingBound,
  DeleveragingId,
  DeleveragingPolicy,
  DeleveragingScore,
  MarketLimits,
  ProfitBasis,
} from '../model/deleveraging';
import type { CurrencyId, InstrumentId } from '../model/reference';
import type { Transfer } from './ledger';
import type { PositionChange } from './position';
import type { Decimal } from './reference';
import type { Charges, Slippage } from './settlement';

export interface InventoryCapInput {
  readonly amount: Decimal | null;
  readonly fundShare: Decimal | null;
  readonly stop: Decimal; // or a fraction
}

export interface SetDeleveragingPolicy {
  readonly type: 'SetDeleveragingPolicy';
  readonly currency: CurrencyId;
  readonly instrument: InstrumentId | null; // null: of every instrument of the currency without a policy of its own
  readonly method: DeleveragingPolicy['method'];
  readonly score: DeleveragingScore;
  readonly bound: DeleveragingBound;
  readonly basis: ProfitBasis;
  readonly inventoryCap: InventoryCapInput | null;
}

/** Closes what the house took over against the other side, pro rata to what each holds, at the mark. */
export interface TearUpPositions {
  readonly type: 'TearUpPositions';
  readonly instrument: InstrumentId;
  readonly size: Decimal | null; // contracts, or
  readonly share: Decimal | null; // a share of the inventory, above 0 to 1
  readonly reason: string;
}

export interface SetMarketLimits {
  readonly type: 'SetMarketLimits';
  readonly instrument: InstrumentId;
  readonly float: Decimal; // contracts that the free float of the underlying amounts to
  readonly openInterestShare: Decimal | null;
  readonly positionShare: Decimal | null;
}

/** A reduction that was carried out at the mark. */
export interface CarriedOut {
  readonly mark: Price;
  readonly value: Cash; // what the account paid (above zero) or received
  readonly slippage: Slippage;
}

export type DeleveragingCommand = SetDeleveragingPolicy | TearUpPositions | SetMarketLimits;

/** One pair: the position that is closed, and a holder against whom. */
export interface DeleveragedPair {
  readonly deleveraging: DeleveragingId;
  readonly account: AccountId; // the holder
  readonly counterparty: AccountId; // whose position is closed against it
  readonly instrument: InstrumentId;
  readonly rank: number; // of the holder among those on its side, 1 is the first
  readonly holders: number; // so many were ranked
  readonly score: Ratio;
  readonly size: Size; // traded by the holder, buy positive; zero where its share was less than a lot
  readonly value: Cash; // what the holder pays (above zero) or receives
  readonly mark: Price;
  readonly profit: Cash; // of the holder in the position before, signed
  readonly forgone: Cash; // given up against the mark
  readonly positions: readonly PositionChange[];
  readonly transfers: readonly Transfer[];
}

export type DeleveragingEvent =
  | { readonly type: 'DeleveragingPolicySet'; readonly terms: DeleveragingPolicy }
  | { readonly type: 'MarketLimitsSet'; readonly limits: MarketLimits }
  | {
      readonly type: 'DeleveragingDecided';
      readonly decided: Deleveraging;
      readonly charges: Charges | null; // fee and penalty of an account on its ladder
      readonly carried: CarriedOut | null; // how, of an account on its ladder      LE-4
      readonly reason: string; // of a tear-up by an officer
      readonly transfers: readonly Transfer[];
    }
  | ({ readonly type: 'PositionDeleveraged' } & DeleveragedPair);
