/**
 * Market limits: open interest and the positions of one owner against the free float of the underlying. A trade that
 * raises either above its share is refused; what is there already may only shrink. Where limits are, open interest is
 * counted beside them from when they were first set: by `position/openInterest.ts`.  Rules: S07, S11
 */

import { RATE_ONE, type Size } from '../../units/quantity';
import type { CommandOf } from '../message/command';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';
import { type Checked, ok, type Rejection, refused, reject } from '../message/rejection';
import type { MarketLimits } from '../model/deleveraging';
import type { InstrumentId } from '../model/reference';
import type { State, View } from '../model/state';
import { readRate, readSize } from './reading';

/** Errors, in order: INSTRUMENT_NOT_FOUND, SIZE_NOT_POSITIVE, SIZE_OFF_LOT, TOO_MANY_DIGITS, VALUE_OUT_OF_RANGE. */
export function checkSetMarketLimits(view: View, command: CommandOf<'SetMarketLimits'>): Checked<MarketLimits> {
  const listing = view.listings.get(command.instrument);
  if (!listing) return refused('INSTRUMENT_NOT_FOUND', { instrument: command.instrument });
  const { id } = listing.instrument;
  const float = readSize(listing.instrument, command.float);
  if (float.rejection) return float;
  const shares = { openInterestShare: command.openInterestShare, positionShare: command.positionShare };
  const [openInterest, position] = Object.entries(shares).map(([field, text]) =>
    text === null ? ok(null) : readRate(field, text, 1n),
  );
  if (openInterest?.rejection) return openInterest;
  if (position?.rejection) return position;
  const before = view.marketLimits.get(id);
  return ok({
    instrument: id,
    version: (before?.version ?? 0) + 1,
    float: float.ok,
    openInterestShare: openInterest?.ok ?? null,
    positionShare: position?.ok ?? null,
    openInterest: before?.openInterest ?? view.book.longLots(id),
  });
}

export const setMarketLimits = (desk: Desk, limits: MarketLimits): void =>
  desk.emit({ type: 'MarketLimitsSet', limits });

export function onMarketLimitsSet(state: State, { limits }: EventOf<'MarketLimitsSet'>): void {
  state.marketLimits.set(limits.instrument, limits);
}

/** Errors: POSITION_ABOVE_FLOAT. `lots` is what the owner's accounts could reach together, without sign. */
export function positionLimitProblem(
  view: View,
  instrument: InstrumentId,
  account: string,
  lots: Size,
): Rejection | undefined {
  const limits = view.marketLimits.get(instrument);
  if (!limits || limits.positionShare === null) return undefined;
  return lots * RATE_ONE > limits.float * limits.positionShare
    ? reject('POSITION_ABOVE_FLOAT', { account, instrument })
    : undefined;
}
