/**
 * What a position has gained since it was opened, as its holder sees it. It is what would have been posted had gains
 * never been settled, so one settlement and a million come to the same figures. A position that turns is a new one.
 * Rules: PV-1, NE-3
 */

import { marginOf, minus, NO_CASH, plus } from '../../units/quantity';
import { cashDown } from '../../units/rounding';
import type { PositionChange } from '../message/position';
import type { Position, SinceOpened } from '../model/account';
import type { Instrument } from '../model/reference';
import { costOf, entryCostOf, NOTHING_POSTED, sinceOpenedOf, withCost } from '../product/posting';
import { fill } from './value';

/** After lots were traded, or money was moved alone. */
export function sinceOpenedAfter(instrument: Instrument, before: Position, change: PositionChange): SinceOpened {
  const { settled, realised } = sinceOpenedOf(before);
  const { size, gain } = change;
  const gained = minus(gain, before.gain);
  const lots = minus(size, before.size);
  if (size === 0n || before.size === 0n) return NOTHING_POSTED;
  if (lots === 0n) return { settled, realised: plus(realised, gained) };

  const turned = size > 0n !== before.size > 0n;
  const paid = minus(minus(costOf(change), costOf(before)), marginOf(gained));
  const filled = fill(instrument, withCost(before, entryCostOf(before)), lots, paid);
  return {
    settled: cashDown(minus(costOf(change), costOf(filled.position))),
    realised: turned ? NO_CASH : plus(realised, filled.realised),
  };
}
