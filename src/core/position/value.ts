/** What positions are worth. All figures are whole numbers of the settlement currency's smallest unit.  Rules: PV-1, QC-2 */

import { abs, type Cash, cash, minus, type Price, plus, type Size, size } from '../../units/quantity';
import type { Position } from '../model/account';
import type { Instrument } from '../model/reference';

/** Signed value of a size at a price: size x price x tick value. */
export const valueAt = (instrument: Instrument, lots: Size, at: Price): Cash => cash(lots * at * instrument.tickValue);

/** Notional: the value without its sign. */
export const notionalOf = (instrument: Instrument, lots: Size, at: Price): Cash => abs(valueAt(instrument, lots, at));

/** Gain (above zero) or loss since entry or the last settlement of variation margin.  PV-2 */
export const unrealisedOf = (instrument: Instrument, position: Position, mark: Price): Cash =>
  minus(valueAt(instrument, position.size, mark), position.cost);

export interface Filled {
  readonly position: Position;
  readonly realised: Cash; // signed
}

/**
 * A position after trading `lots` (buy positive) for `value` (what the account pays, signed as the lots at their price).
 * What is closed realises against the average cost, rounded down; what is opened adds its value to the cost. The cost not
 * released stays with the position, so that realised plus unrealised never loses a unit.  Rule: NE-3
 */
export function fill(position: Position, lots: Size, value: Cash): Filled {
  const opens = position.size === 0n || position.size > 0n === lots > 0n;
  if (opens) return { position: { ...position, size: plus(position.size, lots), cost: plus(position.cost, value) }, realised: cash(0n) };

  const held = abs(position.size);
  const traded = abs(lots);
  if (traded > held) return turn(position, lots, value, held, traded);
  const released = cash((position.cost * traded) / held);
  const realised = cash(-value - released);
  const after = { ...position, size: plus(position.size, lots), cost: minus(position.cost, released), gain: plus(position.gain, realised) };
  return { position: after, realised };
}

/** A trade through zero: the old position closes whole, the rest opens a new one on the other side, each at its part of the value. */
function turn(position: Position, lots: Size, value: Cash, held: bigint, traded: bigint): Filled {
  const closing = cash((value * held) / traded);
  const closed = fill(position, size(-position.size), closing);
  const opened = fill(closed.position, plus(lots, position.size), minus(value, closing));
  return { position: opened.position, realised: closed.realised };
}
