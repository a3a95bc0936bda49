/** What the house clears and on which terms: currencies, indices, instruments, collateral. Terms never change once in use. */

import type { Cash, Duration, Instant, Rate } from '../../units/quantity';

export type CurrencyId = string;
export type IndexId = string; // base/quote, such as BTC/USDT
export type InstrumentId = string;
export type SourceId = string; // who publishes a price

export interface Currency {
  readonly id: CurrencyId;
  readonly scale: number; // digits after the point of its smallest unit, 0 to 12
}

/** How much a currency counts as collateral for accounts margined in another one.  Rule: RB-4 */
export interface CollateralTerms {
  readonly currency: CurrencyId;
  readonly version: number;
  readonly haircut: Rate; // taken off its index value, 0 to 1
  readonly conversionDiscount: Rate; // at which the house takes it over to cover a debt, never above the haircut
  readonly eligible: boolean;
}

/** Where an external price comes from and when it may be trusted.  Rule: PS-4, FC-2 */
export interface PriceIndex {
  readonly id: IndexId;
  readonly base: CurrencyId;
  readonly quote: CurrencyId;
  readonly tick: string; // price step, a decimal in the quote currency
  readonly sources: readonly SourceId[];
  readonly minimumSources: number; // fewer live ones make it stale
  readonly maximumDeviation: Rate; // a source further than this from the median is quarantined
  readonly heartbeat: Duration; // a source silent for longer is not live
}

export type InstrumentKind = 'PERPETUAL' | 'FUTURE';
export type MarkMethod = 'INDEX' | 'VENUE'; // the index itself, or what the venue submits within a band around it
export type InstrumentStatus = 'ACTIVE' | 'REDUCE_ONLY' | 'HALTED' | 'EXPIRED';

/** How the gain of a contract follows from its price: `core/product` has a file for each. */
export type ContractKind = 'LINEAR';

export interface Instrument {
  readonly id: InstrumentId;
  readonly kind: InstrumentKind;
  readonly contract?: ContractKind; // LINEAR where nothing is said
  readonly base: CurrencyId;
  readonly quote: CurrencyId;
  readonly settlement: CurrencyId;
  readonly tick: string; // price step, a decimal in the quote currency
  readonly lot: string; // quantity step, a decimal in contracts
  readonly multiplier: string; // units of base per contract
  readonly tickValue: Cash; // what one lot is worth at a price of one tick   [settlement currency, whole by definition]
  readonly index: IndexId | null;
  readonly markMethod: MarkMethod;
  readonly markBand: Rate | null; // a venue's mark is clamped to index x (1 +- band)
  readonly priceBand: Rate | null; // a mark further than this from the last one is refused
  readonly heartbeat: Duration; // no mark for longer makes the price stale
  readonly allowsNonPositivePrice: boolean;
  readonly expiry: Instant | null; // futures only
  readonly variationInterval: Duration | null; // between settlements of variation margin; null: at every mark
  readonly makerFee: Rate; // of notional; below zero is a rebate, never larger than the taker fee
  readonly takerFee: Rate;
}
