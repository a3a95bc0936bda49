/**
 * Reading the decimals of commands as quantities of the house: the one place where digits can be too many, or a
 * quantity too large.
 */

import { MOST_CASH, MOST_LOTS, MOST_PRICE, STEP_DIGITS, within } from '../../units/bounds';
import { countOf, parseDecimal, parseRate, toScaled } from '../../units/decimal';
import { formatDuration } from '../../units/instant';
import {
  type Cash,
  type Count,
  cash,
  duration,
  type Milliseconds,
  type Price,
  price,
  RATE_ONE,
  type Rate,
  type Size,
  size,
} from '../../units/quantity';
import type { Decimal } from '../message/definition';

import { type Checked, ok, refused } from '../message/rejection';
import type { Currency, CurrencyId, Instrument } from '../model/reference';
import type { View } from '../model/state';
import { productOf } from '../product/products';

/** An amount in the smallest unit of its currency. Errors: CURRENCY_NOT_FOUND, TOO_MANY_DIGITS, VALUE_OUT_OF_RANGE. */
export function readAmount(view: View, currency: CurrencyId, text: Decimal): Checked<Cash> {
  const known = view.currencies.get(currency);
  return known ? readCash(known, text) : refused('CURRENCY_NOT_FOUND', { currency });
}

/** An amount above zero. Errors: CURRENCY_NOT_FOUND, TOO_MANY_DIGITS, VALUE_OUT_OF_RANGE, AMOUNT_NOT_POSITIVE. */
export function readPayment(view: View, currency: CurrencyId, text: Decimal): Checked<Cash> {
  const amount = readAmount(view, currency, text);
  // Zero and negative amounts are somebody's mistake, never a deposit in disguise.
  return amount.rejection || amount.ok > 0n ? amount : refused('AMOUNT_NOT_POSITIVE', { amount: text });
}

/** Errors: TOO_MANY_DIGITS, VALUE_OUT_OF_RANGE. */
export function readCash(currency: Currency, text: Decimal, field = 'amount'): Checked<Cash> {
  const scaled = toScaled(text, currency.scale);
  if (scaled === undefined)
    return refused('TOO_MANY_DIGITS', { amount: text, currency: currency.id, digits: String(currency.scale) });
  return within(scaled, MOST_CASH) ? ok(cash(scaled)) : refused('VALUE_OUT_OF_RANGE', { field, value: text });
}

/** An amount of zero or more, as terms state them. Errors: TOO_MANY_DIGITS, VALUE_OUT_OF_RANGE. */
export function readTerm(currency: Currency, field: string, text: Decimal): Checked<Cash> {
  const amount = readCash(currency, text, field);
  return amount.rejection || amount.ok >= 0n ? amount : refused('VALUE_OUT_OF_RANGE', { field, value: text });
}

/** A price in ticks. Errors: PRICE_NOT_POSITIVE, PRICE_OFF_TICK, VALUE_OUT_OF_RANGE. */
export function readPrice(
  terms: { readonly tick: string; readonly allowsNonPositivePrice?: boolean },
  text: Decimal,
): Checked<Price> {
  // A price of zero or less is a fault of the feed, unless the contract was made for it.
  if (parseDecimal(text).mantissa <= 0n && !terms.allowsNonPositivePrice)
    return refused('PRICE_NOT_POSITIVE', { price: text });
  const ticks = countOf(text, terms.tick);
  if (ticks === undefined) return refused('PRICE_OFF_TICK', { price: text, tick: terms.tick });
  return within(ticks, MOST_PRICE) ? ok(price(ticks)) : refused('VALUE_OUT_OF_RANGE', { field: 'price', value: text });
}

/** A quantity in lots, above zero. Errors: SIZE_NOT_POSITIVE, SIZE_OFF_LOT, VALUE_OUT_OF_RANGE. */
export function readSize(instrument: Instrument, text: Decimal): Checked<Size> {
  if (parseDecimal(text).mantissa <= 0n) return refused('SIZE_NOT_POSITIVE', { size: text });
  const lots = countOf(text, instrument.lot);
  if (lots === undefined) return refused('SIZE_OFF_LOT', { size: text, lot: instrument.lot });
  return within(lots, MOST_LOTS) ? ok(size(lots)) : refused('VALUE_OUT_OF_RANGE', { field: 'size', value: text });
}

/** A quantity at a price, which together are an amount. Errors: SIZE_NOT_POSITIVE, SIZE_OFF_LOT, VALUE_OUT_OF_RANGE. */
export function readTraded(instrument: Instrument, text: Decimal, at: Price): Checked<Size> {
  const lots = readSize(instrument, text);
  if (lots.rejection) return lots;
  const { numerator, denominator } = productOf(instrument).lotAt(instrument, at);
  return within((lots.ok * numerator) / denominator, MOST_CASH)
    ? lots
    : refused('VALUE_OUT_OF_RANGE', { field: 'size', value: text });
}

/** A step above zero, in which prices or sizes are counted. Errors: VALUE_OUT_OF_RANGE. */
export function readStep(field: string, text: Decimal): Checked<ReturnType<typeof parseDecimal>> {
  const step = parseDecimal(text);
  const small = step.mantissa < 10n ** BigInt(STEP_DIGITS.before + step.scale) && step.scale <= STEP_DIGITS.after;
  return step.mantissa > 0n && small ? ok(step) : refused('VALUE_OUT_OF_RANGE', { field, value: text });
}

/** A rate between the bounds, both included. Errors: TOO_MANY_DIGITS, VALUE_OUT_OF_RANGE. */
export function readRate(field: string, text: Decimal, least = 0n, most = RATE_ONE): Checked<Rate> {
  const value = parseRate(text);
  if (value === undefined) return refused('TOO_MANY_DIGITS', { field, value: text, digits: '12' });
  return value < least || value > most ? refused('VALUE_OUT_OF_RANGE', { field, value: text }) : ok(value);
}

/** Whether a span of time lies between the bounds, both included. Errors: VALUE_OUT_OF_RANGE. */
export function readSpan(
  field: string,
  span: Milliseconds,
  least: Milliseconds,
  most: Milliseconds,
): Checked<Milliseconds> {
  if (Number.isSafeInteger(span) && span >= least && span <= most) return ok(span);
  return refused('VALUE_OUT_OF_RANGE', { field, value: spanText(span) });
}

/** As who asks writes it; what no span can be is shown as it came. */
const spanText = (span: Milliseconds): string =>
  Number.isSafeInteger(span) && span >= 0 ? formatDuration(duration(span)) : String(span);

/** Whether a whole number lies between the bounds, both included. */
export function readWhole(field: string, value: Count, least: Count, most: Count): Checked<number> {
  return Number.isSafeInteger(value) && value >= least && value <= most
    ? ok(value)
    : refused('VALUE_OUT_OF_RANGE', { field, value: String(value) });
}

/** Reads the fields that are stated, up to the first that is wrong; those left out stay so. */
export function readStated<Name extends string, Given, Value>(
  given: { readonly [N in Name]?: Given | null | undefined },
  names: readonly Name[],
  read: (name: Name, given: Given) => Checked<Value>,
): Checked<{ readonly [N in Name]?: Value }> {
  const stated: { [N in Name]?: Value } = {};
  for (const name of names) {
    const value = given[name] ?? null;
    const taken = value === null ? undefined : read(name, value);
    if (taken?.rejection) return taken;
    if (taken) stated[name] = taken.ok;
  }
  return ok(stated);
}
