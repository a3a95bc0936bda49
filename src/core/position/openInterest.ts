/**
 * Open interest where an instrument has limits: counted as positions change, and held against its share of the float.
 * Rules: S07, S11
 */

import { abs, RATE_ONE, type Size, size } from '../../units/quantity';
import type { PositionChange } from '../message/position';
import { type Rejection, reject } from '../message/rejection';
import type { InstrumentId } from '../model/reference';
import type { State, View } from '../model/state';

/** Before positions change: open interest moves with what is long. */
export function countOpenInterest(state: State, changes: readonly PositionChange[]): void {
  if (state.marketLimits.size === 0) return;
  for (const { account, instrument, size: after } of changes) {
    const limits = state.marketLimits.get(instrument);
    if (!limits) continue;
    const before = state.book.position(account, instrument)?.size ?? size(0n);
    const moved = longOf(after) - longOf(before);
    if (moved !== 0n)
      state.marketLimits.set(instrument, { ...limits, openInterest: size(limits.openInterest + moved) });
  }
}

/** Nothing is held of the instrument any more. */
export function clearOpenInterest(state: State, instrument: InstrumentId): void {
  const limits = state.marketLimits.get(instrument);
  if (limits) state.marketLimits.set(instrument, { ...limits, openInterest: size(0n) });
}

const longOf = (lots: Size): bigint => (lots > 0n ? lots : 0n);

/** Errors: OPEN_INTEREST_LIMIT. `moves` are the sizes of both sides before and after. */
export function openInterestProblem(
  view: View,
  instrument: InstrumentId,
  moves: readonly (readonly [before: Size, after: Size])[],
): Rejection | undefined {
  const limits = view.marketLimits.get(instrument);
  if (!limits || limits.openInterestShare === null) return undefined;
  const raised = moves.reduce((sum, [before, after]) => sum + longOf(after) - longOf(before), 0n);
  const after = limits.openInterest + raised;
  return raised > 0n && abs(after) * RATE_ONE > limits.float * limits.openInterestShare
    ? reject('OPEN_INTEREST_LIMIT', { instrument })
    : undefined;
}
