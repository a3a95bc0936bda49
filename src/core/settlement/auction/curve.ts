/**
 * The price of a descending auction: a pure function of start, parameters and time. Integers only, 27 digits after the
 * point, so that everybody who knows the terms can say what the price will be at any instant.  Rule: CA-1
 */

import type { Milliseconds } from '../../../units/quantity';
import { divDown } from '../../../units/rounding';
import type { AuctionCurve } from '../../model/auction';

/** One, in the digits prices and factors of auctions have. */
export const RAY = 10n ** 27n;

/**
 * Price after so long: never higher than before, never below zero. `top` may have any unit; the price has the same.
 * Sources of the shapes: Maker MIP45 (linear, stairstep), Derive (two speeds).
 */
export function priceAt(curve: AuctionCurve, top: bigint, elapsed: Milliseconds): bigint {
  const gone = BigInt(Math.max(elapsed, 0));
  switch (curve.shape) {
    case 'LINEAR':
      return remaining(top, gone, BigInt(curve.duration));
    case 'STAIRSTEP':
      return (top * powerOf(curve.stepFactor, gone / BigInt(curve.step))) / RAY;
    case 'EXPONENTIAL':
      // A staircase of one step a millisecond.
      return (top * powerOf(curve.stepFactor, gone)) / RAY;
    case 'TWO_SPEED':
      return (top * twoSpeedFactor(curve, gone)) / RAY;
    case 'FIXED':
      return top;
  }
}

const remaining = (top: bigint, gone: bigint, duration: bigint): bigint =>
  gone >= duration ? 0n : (top * (duration - gone)) / duration;

/** Share of the value asked: quickly from the start down to the cutoff, then slowly to nothing. Unit: 27 digits. */
export function twoSpeedFactor(curve: Extract<AuctionCurve, { shape: 'TWO_SPEED' }>, gone: bigint): bigint {
  const [fast, slow] = [BigInt(curve.fast), BigInt(curve.slow)];
  if (gone <= fast) return curve.start - ((curve.start - curve.cutoff) * gone) / fast;
  return remaining(curve.cutoff, gone - fast, slow);
}

/** A factor to a whole power by squaring, each product rounded half up at 27 digits. */
export function powerOf(factor: bigint, exponent: bigint): bigint {
  const times = (a: bigint, b: bigint): bigint => (a * b + RAY / 2n) / RAY;
  let result = exponent % 2n === 1n ? factor : RAY;
  let square = factor;
  for (let left = exponent / 2n; left > 0n; left /= 2n) {
    square = times(square, square);
    if (left % 2n === 1n) result = times(result, square);
  }
  return result;
}

/** Whether a round is over: it lasted strictly longer than its duration, or the price fell strictly below its floor. */
export const needsReset = (
  top: bigint,
  price: bigint,
  elapsed: Milliseconds,
  terms: { readonly roundDuration: Milliseconds; readonly priceFloorShare: bigint },
): boolean => elapsed > terms.roundDuration || divDown(price * RAY, top) < terms.priceFloorShare;
