/**
 * Numbers of rows and of the core as the decimals of the API: amounts by their currency, prices by tick, sizes by lot.
 */

import type { CurrencyId, IndexId, InstrumentId } from '../../core/model/reference';
import { formatCount, formatScaled, formatShortest, parseExact, shortestText } from '../../units/decimal';
import { assert } from '../../units/failure';
import type { Cash, Price, Rate, Size } from '../../units/quantity';
import type { Directory } from '../live/directory';

/** A decimal column of a row. */
export interface Numeric {
  toFixed(digits?: number): string;
}

export interface Amounts {
  /** Amounts of a currency. */
  money(value: Numeric, currency: CurrencyId): string;
  cash(value: Cash, currency: CurrencyId): string;
  /** Prices of an instrument. */
  price(value: Numeric, instrument: InstrumentId): string;
  ticks(value: Price, instrument: InstrumentId): string;
  /** Sizes in contracts. */
  size(value: Numeric, instrument: InstrumentId): string;
  lots(value: Size | bigint, instrument: InstrumentId): string;
  indexPrice(value: Numeric, index: IndexId): string;
  indexTicks(value: Price, index: IndexId): string;
}

const digitsOf = (step: string): number => parseExact(step).scale;

/** A stored decimal with a set number of digits after the point, of which none is lost. */
function padded(value: Numeric, digits: number): string {
  const exact = value.toFixed();
  const text = value.toFixed(Math.max(digits, parseExact(exact).scale));
  assert(parseExact(text).scale === parseExact(exact).scale, 'A decimal lost digits', { exact, text });
  return text;
}

/** A rate column as the shortest decimal. */
export const shortest = (value: Numeric): string => shortestText(value.toFixed());

export const rateText = (value: Rate): string => formatShortest(value, 12);

export function amountsOf(directory: Directory): Amounts {
  return {
    money: (value, currency) => padded(value, directory.scaleOf(currency)),
    cash: (value, currency) => formatScaled(value, directory.scaleOf(currency)),
    price: (value, instrument) => padded(value, digitsOf(directory.instrument(instrument).tick)),
    ticks: (value, instrument) => formatCount(value, directory.instrument(instrument).tick),
    size: (value, instrument) => padded(value, digitsOf(directory.instrument(instrument).lot)),
    lots: (value, instrument) => formatCount(value, directory.instrument(instrument).lot),
    indexPrice: (value, index) => padded(value, digitsOf(directory.tickOf(index))),
    indexTicks: (value, index) => formatCount(value, directory.tickOf(index)),
  };
}
