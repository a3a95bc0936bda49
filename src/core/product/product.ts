/**
 * What a contract is worth and what happens to its holder: the seam behind which every kind of contract stands. A
 * position is worth a straight line in one *factor*, a number made of the price; whoever watches prices watches
 * factors. Worths are counted as margin, 1e-12 of the smallest unit of the settlement currency; what is posted is whole
 * units.
 */

import type { Cash, Instant, Margin, Price, Size } from '../../units/quantity';
import type { Ratio } from '../../units/ratio';
import type { Position } from '../model/account';
import type { CurrencyId, Instrument } from '../model/reference';

export interface Filled {
  readonly position: Position;
  readonly realised: Cash; // signed
}

/** What a contract is defined by, as decimals. */
export interface Terms {
  readonly base: CurrencyId;
  readonly quote: CurrencyId;
  readonly settlement: CurrencyId;
}

export interface Product {
  /** Whether a contract may gain and be margined in the settlement currency that its terms state. */
  settles(terms: Terms): boolean;
  /**
   * What one lot is worth at a price of one tick is lot x multiplier x tick ^ this: a whole number of units, by
   * definition.
   */
  readonly tickPower: 1 | -1;
  /** Which way the worth of a long position is shown: it is an asset, however its gains are reckoned. */
  readonly shown: 1n | -1n;

  /** Whether a contract may be made for prices of zero and below. */
  readonly anyPrice: boolean;

  /** The factor at a price. Over a denominator, as are the next three. */
  factorOf(at: Price): Ratio;
  /** The price in ticks at a factor; undefined where there is none. */
  priceAt(factor: Ratio): Ratio | undefined;
  /** What one lot gains when the factor grows by one: signed, so that who is long gains when the price rises. */
  slopeOf(instrument: Instrument): Ratio;
  /** What one lot is worth at a price: slope x factor. */
  lotAt(instrument: Instrument, at: Price): Ratio;
  /** What lots are worth at a price; of the opposite lots it is the opposite. */
  worthAt(instrument: Instrument, lots: Size, at: Price): Margin;

  /**
   * A position after trading `lots` (buy positive) for `worth`: what the account pays, signed as the worth of the lots.
   * NE-3
   */
  fill(position: Position, lots: Size, worth: Margin): Filled;
  /** What a position has gained up to a worth and is to be posted now. */
  due(position: Position, worth: Margin): Cash;
  /** A position after that has been posted. */
  settled(position: Position, posted: Cash): Position;
  /** What happens to a contract in its life, and when next, from an instant on. */
  course(instrument: Instrument, from: Instant): Course;
}

/** Instants at which something happens to a contract; null: never, or at every mark. */
export interface Course {
  readonly variation: Instant | null; // gains and losses change hands
  readonly expiry: Instant | null; // everybody is paid out
}
