/**
 * What may be done in an instrument: active, for reducing only, halted. A halt by one person lifts by itself.  Ruling
 * 15
 */

import { known } from '../../units/failure';
import { later } from '../../units/quantity';
import type { CommandOf } from '../message/command';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';
import { type Checked, ok, refused } from '../message/rejection';
import type { Halt, InstrumentId } from '../model/reference';
import type { Listing, State, View } from '../model/state';
import { haltWindowOf } from './lossPolicies';

export interface NewStatus extends Pick<CommandOf<'SetInstrumentStatus'>, 'instrument' | 'status' | 'reason'> {
  readonly halt: Halt | null;
}

/** Errors: INSTRUMENT_NOT_FOUND, INSTRUMENT_NOT_TRADING. */
export function checkSetInstrumentStatus(view: View, command: CommandOf<'SetInstrumentStatus'>): Checked<NewStatus> {
  const { instrument, status, reason, lasting } = command;
  const listing = view.listings.get(instrument);
  if (!listing) return refused('INSTRUMENT_NOT_FOUND', { instrument });
  // What has expired does not come back.
  if (listing.status === 'EXPIRED') return refused('INSTRUMENT_NOT_TRADING', { instrument, status: listing.status });
  return ok({ instrument, status, reason, halt: status === 'HALTED' && !lasting ? haltOf(view, listing) : null });
}

/**
 * A halt that does not last. One that is there already goes on as it is: nobody makes it longer by halting again.
 * Ruling 15
 */
function haltOf(view: View, { instrument, status, halt }: Listing): Halt | null {
  if (status === 'HALTED') return halt ?? null;
  return { until: later(view.now, haltWindowOf(view, instrument.settlement)), before: status };
}

export const setInstrumentStatus = (desk: Desk, { halt, ...set }: NewStatus): void =>
  desk.emit({ type: 'InstrumentStatusSet', ...set, ...(halt ? { halt } : {}) });

/** Whether a halt by one person has had its time, and there is a live price to go on with.  Ruling 15 */
export function haltIsOver(view: View, id: InstrumentId): boolean {
  const listing = view.listings.get(id);
  return (
    listing?.status === 'HALTED' &&
    listing.halt !== undefined &&
    listing.halt.until <= view.now &&
    listing.mark !== null &&
    !listing.mark.stale
  );
}

export function liftHalt(desk: Desk, instrument: InstrumentId): void {
  const { halt } = known(desk.view.listings.get(instrument), 'Instrument', instrument);
  const status = known(halt, 'Halt', instrument).before;
  desk.emit({
    type: 'InstrumentStatusSet',
    instrument,
    status,
    reason: "the halt was one person's, and its time is over",
  });
}

export function onInstrumentStatusSet(
  state: State,
  { instrument, status, halt }: EventOf<'InstrumentStatusSet'>,
): void {
  const { halt: _, ...listing } = known(state.listings.get(instrument), 'Instrument', instrument);
  state.listings.set(instrument, { ...listing, status, ...(halt ? { halt } : {}) });
  state.deadlines.set(`halt/${instrument}`, halt?.until);
  for (const account of state.book.holders(instrument)) state.due.add(account);
}
