/**
 * Initial margin that rises with open interest: terms, and the reviews at which rates are set. Between two reviews
 * rates stand, however positions and prices move.  Rules: S05, ruling 25
 */

import { known } from '../../units/failure';
import { duration, nextMultiple } from '../../units/quantity';
import type { CommandOf } from '../message/command';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';
import type { OpenInterestRampInput } from '../message/positionCommands';
import { type Checked, ok, refused } from '../message/rejection';
import type { OpenInterestRamp, OpenInterestReview, OpenInterestTerms } from '../model/openInterest';
import type { Currency, InstrumentId } from '../model/reference';
import type { State, View } from '../model/state';
import { priceProblem } from '../price/freshness';
import { amendListing } from '../reference/instruments';
import { readSpan, readTerm } from '../reference/reading';
import { variantsOf } from '../reference/tierVariants';
import { notionalOf } from './value';

/** Every review is an entry. */
const SHORTEST_INTERVAL = 60_000;
const LONGEST_INTERVAL = 86_400_000;

/** Errors, in order: INSTRUMENT_NOT_FOUND, INSTRUMENT_NOT_TRADING, VALUE_OUT_OF_RANGE, TOO_MANY_DIGITS. */
export function checkSetOpenInterestScaling(
  view: View,
  command: CommandOf<'SetOpenInterestScaling'>,
): Checked<OpenInterestTerms> {
  const listing = view.listings.get(command.instrument);
  if (!listing) return refused('INSTRUMENT_NOT_FOUND', { instrument: command.instrument });
  const { id, settlement } = listing.instrument;
  if (listing.status === 'EXPIRED')
    return refused('INSTRUMENT_NOT_TRADING', { instrument: id, status: listing.status });
  const version = (listing.scaling?.terms.version ?? 0) + 1;
  if (command.ramp === null) return ok({ instrument: id, version, ramp: null });
  const varied = [listing.tiers, listing.pendingTiers].some((schedule) => schedule && variantsOf(schedule));
  if (varied) return refused('VALUE_OUT_OF_RANGE', { field: 'ramp', value: 'SetTierSchedule' });
  const ramp = readRamp(known(view.currencies.get(settlement), 'Currency', settlement), command.ramp);
  return ramp.rejection ? ramp : ok({ instrument: id, version, ramp: ramp.ok });
}

/** Errors, in order: TOO_MANY_DIGITS, VALUE_OUT_OF_RANGE. */
export function readRamp(currency: Currency, input: OpenInterestRampInput): Checked<OpenInterestRamp> {
  const lowerCap = readTerm(currency, 'lowerCap', input.lowerCap);
  if (lowerCap.rejection) return lowerCap;
  const upperCap = readTerm(currency, 'upperCap', input.upperCap);
  if (upperCap.rejection) return upperCap;
  // At one and the same notional a rate would have to be two.
  if (upperCap.ok <= lowerCap.ok) return refused('VALUE_OUT_OF_RANGE', { field: 'upperCap', value: input.upperCap });
  const interval = readSpan('interval', input.interval, SHORTEST_INTERVAL, LONGEST_INTERVAL);
  return interval.rejection
    ? interval
    : ok({ lowerCap: lowerCap.ok, upperCap: upperCap.ok, interval: duration(interval.ok) });
}

/** Rates follow at once: what is open is counted in the same entry. */
export function setOpenInterestScaling(desk: Desk, terms: OpenInterestTerms): void {
  desk.emit({ type: 'OpenInterestScalingSet', terms });
  if (terms.ramp !== null) reviewOpenInterest(desk, terms.instrument);
}

export function onOpenInterestScalingSet(state: State, { terms }: EventOf<'OpenInterestScalingSet'>): void {
  const review = state.listings.get(terms.instrument)?.scaling?.review ?? null;
  amendListing(state, terms.instrument, { scaling: { terms, review, due: null } });
  state.deadlines.set(`open-interest/${terms.instrument}`, undefined);
}

/** Counts what is open, values it at the mark, and says when that is done next: without a live price at no time. */
export function reviewOpenInterest(desk: Desk, instrument: InstrumentId): void {
  const { status, scaling } = known(desk.view.listings.get(instrument), 'Instrument', instrument);
  const { ramp } = known(scaling, 'Scaling by open interest', instrument).terms;
  if (ramp === null || status === 'EXPIRED') return;
  const review = reviewNow(desk.view, instrument);
  desk.emit({
    type: 'OpenInterestReviewed',
    instrument,
    review,
    nextDue: review && nextMultiple(desk.at, ramp.interval),
  });
}

/** Sets the next review of what waited for a live price and has one again; what stood stands until then. */
export function resumeReviews(desk: Desk, instrument: InstrumentId): void {
  const { status, scaling } = known(desk.view.listings.get(instrument), 'Instrument', instrument);
  const ramp = scaling?.terms.ramp ?? null;
  if (ramp === null || scaling?.due !== null || status === 'EXPIRED' || priceProblem(desk.view, instrument)) return;
  desk.emit({ type: 'OpenInterestReviewed', instrument, review: null, nextDue: nextMultiple(desk.at, ramp.interval) });
}

/** Nothing is decided on a stale price: then nobody takes on risk either. */
export function reviewNow(view: View, id: InstrumentId): OpenInterestReview | null {
  const { instrument, mark } = known(view.listings.get(id), 'Instrument', id);
  if (!mark || priceProblem(view, id)) return null;
  const openInterest = view.book.longLots(id);
  return { openInterest, notional: notionalOf(instrument, openInterest, mark.price), price: mark.price, at: view.now };
}

export function onOpenInterestReviewed(
  state: State,
  { instrument, review, nextDue }: EventOf<'OpenInterestReviewed'>,
): void {
  const { scaling } = known(state.listings.get(instrument), 'Instrument', instrument);
  const before = known(scaling, 'Scaling by open interest', instrument);
  amendListing(state, instrument, { scaling: { ...before, review: review ?? before.review, due: nextDue } });
  state.deadlines.set(`open-interest/${instrument}`, nextDue ?? undefined);
}

/** Nothing is open any more, and nothing is reviewed. */
export function endReviews(state: State, instrument: InstrumentId): void {
  const scaling = state.listings.get(instrument)?.scaling;
  if (!scaling) return;
  amendListing(state, instrument, { scaling: { ...scaling, due: null } });
  state.deadlines.set(`open-interest/${instrument}`, undefined);
}
