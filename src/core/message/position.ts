/** Commands and events of trades, orders and the settlement of gains and losses. */

import type { Cash, Instant, Price, Rate, Size } from '../../units/quantity';
import type { AccountId, Order, OrderId, Side } from '../model/account';
import type { CurrencyId, InstrumentId } from '../model/reference';
import type { Transfer } from './ledger';
import type { Decimal } from './reference';

/** A matched trade, to be novated: the house becomes the buyer to the seller and the seller to the buyer.  Rule: LCS-1 */
export interface SubmitTrade {
  readonly type: 'SubmitTrade';
  readonly trade: string; // the venue's id
  readonly instrument: InstrumentId;
  readonly buyer: AccountId;
  readonly seller: AccountId;
  readonly price: Decimal;
  readonly size: Decimal; // contracts
  readonly taker: Side | null; // which side took liquidity; null: neither pays a taker fee
  readonly buyOrder: OrderId | null; // orders that the trade fills, if the venue placed them here
  readonly sellOrder: OrderId | null;
  readonly executedAt?: number | null; // epoch ms; none: now
}

export interface PlaceOrder {
  readonly type: 'PlaceOrder';
  readonly order: OrderId;
  readonly account: AccountId;
  readonly instrument: InstrumentId;
  readonly side: Side;
  readonly size: Decimal;
  readonly price: Decimal; // limit
}

export interface CancelOrder {
  readonly type: 'CancelOrder';
  readonly order: OrderId;
}

/** The funding rate of the interval that ends now; longs pay shorts when it is above zero. */
export interface SubmitFundingRate {
  readonly type: 'SubmitFundingRate';
  readonly instrument: InstrumentId;
  readonly rate: Decimal;
}

export type PositionCommand = SubmitTrade | PlaceOrder | CancelOrder | SubmitFundingRate;

/** A position as an event leaves it. */
export interface PositionChange {
  readonly account: AccountId;
  readonly instrument: InstrumentId;
  readonly size: Size;
  readonly cost: Cash;
  readonly gain: Cash;
}

/** What one account receives (above zero) or pays in a settlement. */
export interface SettlementLine {
  readonly account: AccountId;
  readonly amount: Cash;
}

/** Proof of a settlement run: recomputable from the inputs, chained to the run before.  Rule: DS-2 */
export interface SettlementRun {
  readonly inputs: string; // SHA-256 of price and positions
  readonly outputs: string; // SHA-256 of the lines
  readonly previous: string | null; // hash of the run before of this instrument
  readonly hash: string; // of the three
  readonly rule: string; // name and version of the rule applied
}

interface Settled {
  readonly instrument: InstrumentId;
  readonly currency: CurrencyId;
  readonly price: Price;
  readonly lines: readonly SettlementLine[];
  readonly run: SettlementRun;
}

export type PositionEvent =
  | {
      readonly type: 'TradeCleared';
      readonly trade: string;
      readonly instrument: InstrumentId;
      readonly buyer: AccountId;
      readonly seller: AccountId;
      readonly price: Price;
      readonly size: Size;
      readonly taker: Side | null;
      readonly executedAt?: Instant; // where the trade said when
      readonly positions: readonly PositionChange[];
      readonly orders: readonly { readonly order: OrderId; readonly size: Size }[]; // what stays open of each
      readonly transfers: readonly Transfer[];
    }
  | { readonly type: 'OrderPlaced'; readonly placed: Order }
  | {
      readonly type: 'OrdersCancelled';
      readonly account: AccountId;
      readonly orders: readonly OrderId[];
      readonly cause: 'REQUEST' | 'LIQUIDATION' | 'EXPIRY' | 'MEMBER_DEFAULT' | 'DELEVERAGING';
    }
  | ({ readonly type: 'VariationSettled'; readonly nextDue: Instant | null } & Settled)
  | ({ readonly type: 'FundingSettled'; readonly rate: Rate } & Settled)
  | ({ readonly type: 'InstrumentExpired' } & Settled)
  | { readonly type: 'LossPeriodStarted'; readonly currency: CurrencyId; readonly ends: Instant };
