/** What positions are worth, by the product of their instrument.  Rules: PV-1, QC-2 */

import { abs, type Cash, cash, MARGIN_PER_CASH, type Margin, type Price, type Size } from '../../units/quantity';
import { type Ratio, ratio } from '../../units/ratio';
import { cashDown, divUp } from '../../units/rounding';
import type { Position } from '../model/account';
import type { Instrument } from '../model/reference';
import { gainOf } from '../product/posting';
import type { Filled } from '../product/product';
import { productOf } from '../product/products';

/** Signed worth of a size at a price, so that the gain from one price to another is the difference. Unit: margin. */
export const worthAt = (instrument: Instrument, lots: Size, at: Price): Margin =>
  productOf(instrument).worthAt(instrument, lots, at);

/** The same in whole units of the settlement currency, rounded down. */
export const valueAt = (instrument: Instrument, lots: Size, at: Price): Cash => cashDown(worthAt(instrument, lots, at));

/** Notional: the value without its sign, rounded up to whole units. */
export function notionalOf(instrument: Instrument, lots: Size, at: Price): Cash {
  const { numerator, denominator } = productOf(instrument).lotAt(instrument, at);
  return cash(divUp(abs(lots * numerator), denominator));
}

/** The value as it is shown: above zero for who is long. */
export const shownValueOf = (instrument: Instrument, lots: Size, at: Price): Cash => {
  const { numerator, denominator } = productOf(instrument).lotAt(instrument, at);
  return cash((productOf(instrument).shown * lots * numerator) / denominator);
};

/**
 * What lots gain for each whole of the price that it rises, at the pace of now: price x slope of the worth. Signed, in
 * whole units of the settlement currency.  PV-1
 */
export const deltaNotionalOf = (instrument: Instrument, lots: Size, at: Price): Cash => {
  const { lotAt, tickPower } = productOf(instrument);
  const { numerator, denominator } = lotAt(instrument, at);
  return cash((BigInt(tickPower) * lots * numerator) / denominator);
};

/** Gain (above zero) or loss since entry or the last settlement of variation margin. Unit: margin.  PV-2 */
export const gainAt = (instrument: Instrument, position: Position, mark: Price): Margin =>
  gainOf(position, worthAt(instrument, position.size, mark));

/** The same as it would be posted: whole units, rounded down. */
export const unrealisedOf = (instrument: Instrument, position: Position, mark: Price): Cash =>
  productOf(instrument).due(position, worthAt(instrument, position.size, mark));

/** The price, in ticks, at which lots are worth so much; undefined where there is none. */
export function priceOfWorth(instrument: Instrument, lots: Size, worth: Margin): Ratio | undefined {
  const product = productOf(instrument);
  const { numerator, denominator } = product.slopeOf(instrument);
  return product.priceAt(ratio(worth * denominator, lots * numerator * MARGIN_PER_CASH));
}

/**
 * A position after trading `lots` (buy positive) for `worth`: what the account pays, signed as the worth of the lots.
 * NE-3
 */
export const fill = (instrument: Instrument, position: Position, lots: Size, worth: Margin): Filled =>
  productOf(instrument).fill(position, lots, worth);
