/** Reading the decimals of commands as quantities of the house: the one place where digits can be too many. */

import { countOf, parseDecimal, parseRate, toScaled } from '../../units/decimal';
import { type Cash, cash, type Price, price, RATE_ONE, type Rate, type Size, size } from '../../units/quantity';
import type { Decimal } from '../message/reference';
import { type Checked, ok, refused } from '../message/rejection';
import type { Currency, CurrencyId, Instrument } from '../model/reference';
import type { View } from '../model/state';

/** An amount in the smallest unit of its currency. Errors: CURRENCY_NOT_FOUND, TOO_MANY_DIGITS. */
export function readAmount(view: View, currency: CurrencyId, text: Decimal): Checked<Cash> {
  const known = view.currencies.get(currency);
  return known ? readCash(known, text) : refused('CURRENCY_NOT_FOUND', { currency });
}

/** An amount above zero. Errors: CURRENCY_NOT_FOUND, TOO_MANY_DIGITS, AMOUNT_NOT_POSITIVE. */
export function readPayment(view: View, currency: CurrencyId, text: Decimal): Checked<Cash> {
  const amount = readAmount(view, currency, text);
  // Zero and negative amounts are somebody's mistake, never a deposit in disguise.
  return amount.rejection || amount.ok > 0n ? amount : refused('AMOUNT_NOT_POSITIVE', { amount: text });
}

export function readCash(currency: Currency, text: Decimal): Checked<Cash> {
  const scaled = toScaled(text, currency.scale);
  return scaled === undefined
    ? refused('TOO_MANY_DIGITS', { amount: text, currency: currency.id, digits: String(currency.scale) })
    : ok(cash(scaled));
}

/** An amount of zero or more, as terms state them. Errors: TOO_MANY_DIGITS, VALUE_OUT_OF_RANGE. */
export function readTerm(currency: Currency, field: string, text: Decimal): Checked<Cash> {
  const amount = readCash(currency, text);
  return amount.rejection || amount.ok >= 0n ? amount : refused('VALUE_OUT_OF_RANGE', { field, value: text });
}

/** A price in ticks. Errors: PRICE_NOT_POSITIVE, PRICE_OFF_TICK. */
export function readPrice(terms: { readonly tick: string; readonly allowsNonPositivePrice?: boolean }, text: Decimal): Checked<Price> {
  // A price of zero or less is a fault of the feed, unless the contract was made for it.
  if (parseDecimal(text).mantissa <= 0n && !terms.allowsNonPositivePrice) return refused('PRICE_NOT_POSITIVE', { price: text });
  const ticks = countOf(text, terms.tick);
  return ticks === undefined ? refused('PRICE_OFF_TICK', { price: text, tick: terms.tick }) : ok(price(ticks));
}

/** A quantity in lots, above zero. Errors: SIZE_NOT_POSITIVE, SIZE_OFF_LOT. */
export function readSize(instrument: Instrument, text: Decimal): Checked<Size> {
  if (parseDecimal(text).mantissa <= 0n) return refused('SIZE_NOT_POSITIVE', { size: text });
  const lots = countOf(text, instrument.lot);
  return lots === undefined ? refused('SIZE_OFF_LOT', { size: text, lot: instrument.lot }) : ok(size(lots));
}

/** A rate between the bounds, both included. Errors: TOO_MANY_DIGITS, VALUE_OUT_OF_RANGE. */
export function readRate(field: string, text: Decimal, least = 0n, most = RATE_ONE): Checked<Rate> {
  const value = parseRate(text);
  if (value === undefined) return refused('TOO_MANY_DIGITS', { field, value: text, digits: '12' });
  return value < least || value > most ? refused('VALUE_OUT_OF_RANGE', { field, value: text }) : ok(value);
}

/** Whether a whole number lies between the bounds, both included. */
export function readWhole(field: string, value: number, least: number, most: number): Checked<number> {
  return Number.isSafeInteger(value) && value >= least && value <= most
    ? ok(value)
    : refused('VALUE_OUT_OF_RANGE', { field, value: String(value) });
}
