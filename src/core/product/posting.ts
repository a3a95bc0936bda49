/**
 * Posting of gains: what has been posted to a position so far is its gain since entry in whole units, rounded down;
 * what it was entered at is kept at a finer grain. So one settlement and a million come to the same total.  Rules:
 * NE-3, QC-2
 */

import {
  abs,
  type Cash,
  cash,
  type Margin,
  margin,
  marginOf,
  minus,
  NO_CASH,
  negate,
  plus,
  rate,
  type Size,
} from '../../units/quantity';
import { cashDown } from '../../units/rounding';
import type { Position, SinceOpened } from '../model/account';
import type { Filled } from './product';

/** What a position was entered or last settled at, to the last part. */
export const costOf = ({ cost, fraction }: Pick<Position, 'cost' | 'fraction'>): Margin =>
  fraction === undefined ? marginOf(cost) : margin(marginOf(cost) + fraction);

export function withCost({ size, bids, asks, gain, recent, sinceOpened }: Position, cost: Margin): Position {
  const whole = cashDown(cost);
  const fraction = rate(cost - marginOf(whole));
  const position = {
    ...{ size, cost: whole, bids, asks, gain },
    ...(recent === undefined ? undefined : { recent }),
    ...(sinceOpened === undefined || size === 0n ? undefined : { sinceOpened }),
  };
  return fraction === 0n ? position : { ...position, fraction };
}

export const NOTHING_POSTED: SinceOpened = { settled: NO_CASH, realised: NO_CASH };

export const sinceOpenedOf = ({ sinceOpened = NOTHING_POSTED }: Position): SinceOpened => sinceOpened;

export function withSinceOpened({ sinceOpened: _, ...position }: Position, since: SinceOpened): Position {
  return since.settled === 0n && since.realised === 0n ? position : { ...position, sinceOpened: since };
}

/** What the open lots of a position were entered at, however often gains were settled since.  PV-1 */
export const entryCostOf = (position: Position): Margin =>
  minus(costOf(position), marginOf(sinceOpenedOf(position).settled));

/**
 * A position after a trade. What is closed realises against the average cost, rounded towards zero to the grain (so
 * many parts of margin); what is opened adds its worth to the cost. The cost not released stays with the position, so
 * that realised plus unrealised never loses a part.
 */
export function fillBy(grain: bigint, position: Position, lots: Size, worth: Margin): Filled {
  const cost = costOf(position);
  const opens = position.size === 0n || position.size > 0n === lots > 0n;
  if (opens)
    return {
      position: withCost({ ...position, size: plus(position.size, lots) }, plus(cost, worth)),
      realised: cash(0n),
    };

  const held = abs(position.size);
  const traded = abs(lots);
  if (traded > held) return turn(grain, position, lots, worth, held, traded);
  const released = grained((cost * traded) / held, grain);
  const realised = cashDown(negate(plus(worth, released)));
  const after = { ...position, size: plus(position.size, lots), gain: plus(position.gain, realised) };
  return { position: withCost(after, plus(plus(cost, worth), marginOf(realised))), realised };
}

/**
 * A trade through zero: the old position closes whole, the rest opens a new one on the other side, each at its part of
 * the worth.
 */
function turn(grain: bigint, position: Position, lots: Size, worth: Margin, held: bigint, traded: bigint): Filled {
  const closing = grained((worth * held) / traded, grain);
  const closed = fillBy(grain, position, negate(position.size), closing);
  const opened = fillBy(grain, closed.position, plus(lots, position.size), minus(worth, closing));
  return { position: opened.position, realised: closed.realised };
}

/** Rounded towards zero: what a side pays is what the other receives. */
const grained = (parts: bigint, grain: bigint): Margin => margin((parts / grain) * grain);

/** A position after an amount has been posted to it on the way. */
export function settledBy(position: Position, amount: Cash): Position {
  const { settled, realised } = sinceOpenedOf(position);
  const after = withCost(position, plus(costOf(position), marginOf(amount)));
  return withSinceOpened({ ...after, gain: plus(position.gain, amount) }, { settled: plus(settled, amount), realised });
}

/** What a position has gained and not yet been posted. */
export const gainOf = (position: Position, worth: Margin): Margin => minus(worth, costOf(position));
