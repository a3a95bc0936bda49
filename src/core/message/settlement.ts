/** Commands and events of the settlement service: liquidation, take-over, fees, losses. */

import type { Cash, Price, Size } from '../../units/quantity';
import type { AccountId } from '../model/account';
import type { Liquidation, LiquidationId, LiquidationOrder, LiquidationOrderId } from '../model/liquidation';
import type { SocializationBase } from '../model/policy';
import type { CurrencyId, IndexId, InstrumentId } from '../model/reference';
import type { BackstopPool, DefaultCase } from '../model/waterfall';
import type { Transfer } from './ledger';
import type { PositionChange } from './position';
import type { Decimal } from './reference';

/** A venue's report that part of a liquidation order traded against one of its accounts. */
export interface ReportLiquidationFill {
  readonly type: 'ReportLiquidationFill';
  readonly order: LiquidationOrderId;
  readonly trade: string; // the venue's id
  readonly counterparty: AccountId;
  readonly price: Decimal;
  readonly size: Decimal; // contracts, above zero
}

export type SettlementCommand = ReportLiquidationFill;

/** What a liquidation takes from its account besides the loss, each a line of its own.  Rules: LF-1 to LF-4, LP-1 to LP-3 */
export interface Charges {
  readonly closed: Cash; // notional closed at the mark: the base of both                  Ruling 9
  readonly fee: Cash; // cost fee charged
  readonly feeDue: Cash; // before it shrank to what the account had
  readonly penalty: Cash;
  readonly penaltyDue: Cash;
  readonly policyVersion: number;
}

/** A fill or take-over against three prices.  Ruling 10, LE-4 */
export interface Slippage {
  readonly mark: Cash; // against the mark, above zero is a cost to the account
  readonly trigger: Cash; // against the mark when the order was issued
  readonly bankruptcy: Cash; // against the bankruptcy price
}

export interface LossShare {
  readonly account: AccountId;
  readonly weight: Cash; // gain, open interest or equity it was shared by
  readonly cap: Cash; // the most this account could be asked
  readonly amount: Cash;
}

export type SettlementEvent =
  | { readonly type: 'LiquidationStarted'; readonly started: Liquidation; readonly equity: Cash; readonly maintenance: Cash }
  | { readonly type: 'LiquidationOrderIssued'; readonly issued: LiquidationOrder }
  | {
      readonly type: 'LiquidationOrderFilled';
      readonly order: LiquidationOrderId;
      readonly liquidation: LiquidationId | null;
      readonly account: AccountId;
      readonly counterparty: AccountId;
      readonly trade: string;
      readonly instrument: InstrumentId;
      readonly price: Price;
      readonly mark: Price;
      readonly size: Size; // traded by the account, buy positive
      readonly positions: readonly PositionChange[];
      readonly charges: Charges;
      readonly slippage: Slippage;
      readonly transfers: readonly Transfer[];
    }
  | {
      readonly type: 'LiquidationOrderClosed';
      readonly order: LiquidationOrderId;
      readonly account: AccountId;
      readonly outcome: 'FILLED' | 'EXPIRED' | 'CANCELLED';
      readonly offeredIn?: InstrumentId; // the instrument, where it was liquidators that were offered it    LI-1
    }
  | {
      readonly type: 'PositionTakenOver';
      readonly liquidation: LiquidationId;
      readonly account: AccountId;
      readonly receiver: AccountId; // the house's close-out account
      readonly instrument: InstrumentId;
      readonly size: Size; // traded by the account, buy positive
      readonly value: Cash; // what the account pays (above zero) or receives: size at the bankruptcy price
      readonly mark: Price;
      readonly positions: readonly PositionChange[];
      readonly charges: Charges;
      readonly slippage: Slippage;
      readonly transfers: readonly Transfer[];
    }
  | {
      readonly type: 'LiquidationPaused';
      readonly liquidation: LiquidationId;
      readonly account: AccountId;
      readonly instrument: InstrumentId | IndexId; // without whose price it cannot go on
    }
  | { readonly type: 'LiquidationResumed'; readonly liquidation: LiquidationId; readonly account: AccountId }
  | {
      readonly type: 'LiquidationEnded';
      readonly liquidation: LiquidationId;
      readonly account: AccountId;
      readonly outcome: 'RESTORED' | 'BANKRUPT' | 'CLOSED_OUT' | 'SEIZED';
      readonly equity: Cash;
    }
  | {
      readonly type: 'CollateralConverted';
      readonly account: AccountId;
      readonly currency: CurrencyId;
      readonly amount: Cash; // taken, in that currency
      readonly proceeds: Cash; // given, in the account's currency
      readonly price: Price; // of the index it was done at
      readonly transfers: readonly Transfer[];
    }
  | {
      readonly type: 'LossAllocated';
      readonly currency: CurrencyId;
      readonly base: SocializationBase;
      readonly policyVersion: number;
      readonly cases: readonly DefaultCase[];
      readonly shares: readonly LossShare[];
      readonly backstop: BackstopPool | null; // as the loss leaves it, where it bore
      readonly transfers: readonly Transfer[];
    }
  | {
      readonly type: 'InventorySwept';
      readonly account: AccountId;
      readonly currency: CurrencyId;
      readonly amount: Cash;
      readonly transfers: readonly Transfer[];
    };
