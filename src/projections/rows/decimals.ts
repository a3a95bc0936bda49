/**
 * Integers of the core as the decimals of rows, and back, without losing a digit.  Rule: X-2
 * An amount has as many digits as its currency, a price as its tick, a size as its lot: one value has one text,
 * whichever way it came about.
 */

import type { CurrencyId, Instrument, InstrumentId } from '../../core/model/reference';
import type { View } from '../../core/model/state';
import { countOf, formatCount, formatScaled, parseDecimal, parseRate, RATE_SCALE, toScaled } from '../../units/decimal';
import { known } from '../../units/failure';
import {
  type Cash,
  cash,
  type Instant,
  instant,
  type Margin,
  margin,
  type Price,
  price,
  type Rate,
  type Size,
  size,
} from '../../units/quantity';
import { formatRatio, type Ratio, parseRatio as readRatio } from '../../units/ratio';

/** What says how many digits a quantity has. */
export type Terms = Pick<View, 'currencies' | 'listings'>;
type Scales = Pick<Terms, 'currencies'>;

export const scaleOf = (terms: Scales, currency: CurrencyId): number =>
  known(terms.currencies.get(currency), 'Currency', currency).scale;

export const instrumentOf = (terms: Terms, id: InstrumentId): Instrument =>
  known(terms.listings.get(id), 'Instrument', id).instrument;

export const cashText = (terms: Scales, currency: CurrencyId, amount: Cash): string =>
  formatScaled(amount, scaleOf(terms, currency));

export const cashOf = (terms: Scales, currency: CurrencyId, text: string): Cash =>
  cash(known(toScaled(text, scaleOf(terms, currency)), 'Amount in whole units', text));

/** Amounts at the resolution of margin, twelve digits more than their currency has. */
export const marginText = (terms: Terms, currency: CurrencyId, amount: Margin): string =>
  formatScaled(amount, scaleOf(terms, currency) + 12);

export const marginOf = (terms: Terms, currency: CurrencyId, text: string): Margin =>
  margin(known(toScaled(text, scaleOf(terms, currency) + 12), 'Amount in parts of a unit', text));

export const priceText = (of: { readonly tick: string }, value: Price): string => formatCount(value, of.tick);

export const priceOf = (of: { readonly tick: string }, text: string): Price =>
  price(known(countOf(text, of.tick), 'Price on its tick', text));

/** Prices in 1e-12 of a tick. */
export const finePriceText = ({ tick }: { readonly tick: string }, parts: bigint): string => {
  const { mantissa, scale } = parseDecimal(tick);
  return formatScaled(parts * mantissa, scale + 12);
};

export const finePriceOf = ({ tick }: { readonly tick: string }, text: string): bigint => {
  const { mantissa, scale } = parseDecimal(tick);
  return known(toScaled(text, scale + 12), 'Price in parts of a tick', text) / mantissa;
};

export const sizeText = (of: { readonly lot: string }, lots: bigint): string => formatCount(lots, of.lot);

export const sizeOf = (of: { readonly lot: string }, text: string): Size =>
  size(known(countOf(text, of.lot), 'Size in whole lots', text));

export const rateText = (value: Rate): string => formatScaled(value, RATE_SCALE);

export const rateOf = (text: string): Rate => known(parseRate(text), 'Rate', text);

export const ratioText = (value: Ratio): string => formatRatio(value);

export const ratioOf = (text: string): Ratio => readRatio(text);

/** For what may be missing. */
export const orNull = <From, To>(value: From | null, convert: (value: From) => To): To | null =>
  value === null ? null : convert(value);

const FIRST = Date.UTC(1, 0, 1);
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** An instant as the database reads it. Beyond what four digits of a year can say it is shown as the last that can. */
export function timeText(at: Instant): string {
  // The rows of an entry carry the same instant, one after the other.
  if (at !== lastTime.at) lastTime = { at, text: new Date(Math.min(Math.max(at, FIRST), LAST)).toISOString() };
  return lastTime.text;
}

let lastTime = { at: Number.NaN, text: '' };

/** Of milliseconds as they are selected. */
export const timeOf = (milliseconds: number): Instant => instant(milliseconds);
