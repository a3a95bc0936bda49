/**
 * Novation: the house becomes the buyer to every seller and the seller to every buyer. Both legs or neither; the
 * house's own net position is zero by construction.  Rule: LCS-1
 */

import { type Cash, cash, type Margin, negate, type Price, RATE_ONE, type Size } from '../../units/quantity';
import { divUp } from '../../units/rounding';
import { EMPTY_POSITION } from '../book/exposure';
import { accountName } from '../ledger/transfers';
import { payment } from '../message/event';
import type { Transfer } from '../message/ledger';
import type { AccountId, Position, Side } from '../model/account';
import type { Instrument } from '../model/reference';
import type { View } from '../model/state';
import type { Filled } from '../product/product';
import { fill, notionalOf } from './value';

export interface Leg {
  readonly account: AccountId;
  readonly filled: Filled;
}

/**
 * One side of a trade: the account's position after it, and what it realised. `worth` is what the account pays, signed;
 * `before` its position where it is not what the book says.
 */
export function legOf(
  view: View,
  account: AccountId,
  instrument: Instrument,
  lots: Size,
  worth: Margin,
  before?: Position,
): Leg {
  const position = before ?? view.book.position(account, instrument.id) ?? EMPTY_POSITION;
  return { account, filled: fill(instrument, position, lots, worth) };
}

/** Realised gains and losses, paid through the instrument's control account. */
export function realisedTransfers(legs: readonly Leg[], instrument: Instrument): Transfer[] {
  return legs
    .filter(({ filled }) => filled.realised !== 0n)
    .map(({ account, filled }) =>
      payment(accountName(account), `variation/${instrument.id}`, filled.realised, instrument.settlement, 'REALISED'),
    );
}

/**
 * What a side pays the house for its trade: above zero a fee, rounded up; below zero a rebate, rounded down in size.
 * Rule: ALT-1
 */
export function tradingFeeOf(instrument: Instrument, lots: Size, at: Price, side: Side, taker: Side | null): Cash {
  if (taker === null) return cash(0n);
  const rate = side === taker ? instrument.takerFee : instrument.makerFee;
  return cash(divUp(notionalOf(instrument, lots, at) * rate, RATE_ONE));
}

export function feeTransfers(account: AccountId, fee: Cash, currency: string): Transfer[] {
  if (fee === 0n) return [];
  return [payment(accountName(account), 'house-fees', negate(fee), currency, fee > 0n ? 'TRADING_FEE' : 'REBATE')];
}
