/**
 * Market limits: open interest and the positions of one owner against the free float of the underlying. A trade that
 * raises either above its share is refused; what is there already may only shrink.  Rules: S07, S11
 */

import { abs, plus, RATE_ONE, type Size, size } from '../../units/quantity';
import type { SetMarketLimits } from '../message/deleveraging';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';
import type { PositionChange } from '../message/position';
import { type Checked, ok, type Rejection, refused, reject } from '../message/rejection';
import type { MarketLimits } from '../model/deleveraging';
import type { InstrumentId } from '../model/reference';
import type { State, View } from '../model/state';
import { readRate, readSize } from './reading';

/** Errors, in order: INSTRUMENT_NOT_FOUND, SIZE_NOT_POSITIVE, SIZE_OFF_LOT, TOO_MANY_DIGITS, VALUE_OUT_OF_RANGE. */
export function checkSetMarketLimits(view: View, command: SetMarketLimits): Checked<MarketLimits> {
  const listing = view.listings.get(command.instrument);
  if (!listing) return refused('INSTRUMENT_NOT_FOUND', { instrument: command.instrument });
  const { id } = listing.instrument;
  const float = readSize(listing.instrument, command.float);
  if (float.rejection) return float;
  const shares = { openInterestShare: command.openInterestShare, positionShare: command.positionShare };
  const [openInterest, position] = Object.entries(shares).map(([field, text]) => (text === null ? ok(null) : readRate(field, text, 1n)));
  if (openInterest?.rejection) return openInterest;
  if (position?.rejection) return position;
  const before = view.marketLimits.get(id);
  return ok({
    instrument: id,
    version: (before?.version ?? 0) + 1,
    float: float.ok,
    openInterestShare: openInterest?.ok ?? null,
    positionShare: position?.ok ?? null,
    openInterest: before?.openInterest ?? openInterestOf(view, id),
  });
}

/** Lots of one side. */
function openInterestOf(view: View, instrument: InstrumentId): Size {
  let long = size(0n);
  for (const id of view.book.holders(instrument)) {
    const held = view.book.position(id, instrument)?.size ?? size(0n);
    if (held > 0n) long = plus(long, held);
  }
  return long;
}

export const setMarketLimits = (desk: Desk, limits: MarketLimits): void => desk.emit({ type: 'MarketLimitsSet', limits });

export function onMarketLimitsSet(state: State, { limits }: EventOf<'MarketLimitsSet'>): void {
  state.marketLimits.set(limits.instrument, limits);
}

/** Before positions change: open interest moves with what is long. */
export function countOpenInterest(state: State, changes: readonly PositionChange[]): void {
  if (state.marketLimits.size === 0) return;
  for (const { account, instrument, size: after } of changes) {
    const limits = state.marketLimits.get(instrument);
    if (!limits) continue;
    const before = state.book.position(account, instrument)?.size ?? size(0n);
    const moved = longOf(after) - longOf(before);
    if (moved !== 0n) state.marketLimits.set(instrument, { ...limits, openInterest: size(limits.openInterest + moved) });
  }
}

const longOf = (lots: Size): bigint => (lots > 0n ? lots : 0n);

/** Errors: POSITION_ABOVE_FLOAT. `lots` is what the owner's accounts could reach together, without sign. */
export function checkPositionLimit(view: View, instrument: InstrumentId, account: string, lots: Size): Rejection | undefined {
  const limits = view.marketLimits.get(instrument);
  if (!limits || limits.positionShare === null) return undefined;
  return lots * RATE_ONE > limits.float * limits.positionShare ? reject('POSITION_ABOVE_FLOAT', { account, instrument }) : undefined;
}

/** Errors: OPEN_INTEREST_LIMIT. `moves` are the sizes of both sides before and after. */
export function checkOpenInterest(
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
