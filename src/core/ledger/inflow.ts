/**
 * Money that comes in from outside: what is in the house of one currency has a bound, and with it whatever adds up
 * there.
 */

import { MOST_CASH } from '../../units/bounds';
import type { Cash } from '../../units/quantity';
import type { Decimal } from '../message/definition';

import { type Checked, type Rejection, refused, reject } from '../message/rejection';
import type { CurrencyId } from '../model/reference';
import type { View } from '../model/state';
import { readPayment } from '../reference/reading';
import { balanceOf } from './transfers';

/** A payment into the house. Errors: CURRENCY_NOT_FOUND, TOO_MANY_DIGITS, VALUE_OUT_OF_RANGE, AMOUNT_NOT_POSITIVE. */
export function readInflow(view: View, currency: CurrencyId, text: Decimal): Checked<Cash> {
  const amount = readPayment(view, currency, text);
  if (amount.rejection) return amount;
  const full = roomProblem(view, currency, amount.ok);
  return full ? refused(full.code, { field: 'amount', value: text, ...full.details }) : amount;
}

/**
 * Whether so much more may come in: the debt of the outside world is what the house holds. Errors: VALUE_OUT_OF_RANGE.
 */
export function roomProblem(view: View, currency: CurrencyId, amount: Cash): Rejection | undefined {
  return amount - balanceOf(view, 'external', currency) >= MOST_CASH
    ? reject('VALUE_OUT_OF_RANGE', { currency })
    : undefined;
}
