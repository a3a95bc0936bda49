/**
 * The end of a contract that would go on: announced, from one instant on it is only left, at another everybody is paid
 * out at its last price. Until that price is averaged it can be called off.  Rule: EX-2
 */

import { instantText } from '../../units/instant';
import { duration, instant, type Milliseconds } from '../../units/quantity';
import type { CommandOf } from '../message/command';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';
import { type Checked, ok, refused } from '../message/rejection';
import type { Delisting, InstrumentId } from '../model/reference';
import type { Listing, State, View } from '../model/state';
import { amendListing, readWindow } from '../reference/instruments';
import { setDeadlinesOfEnd } from './lastPrice';
import { cancelAllOrders } from './settle';

/** How far ahead an end may be announced. */
const FURTHEST = 366 * 86_400_000;

export interface Announced {
  readonly instrument: InstrumentId;
  readonly delisting: Delisting;
}

/** Errors: INSTRUMENT_NOT_FOUND, INSTRUMENT_NOT_TRADING, ALREADY_DELISTING, VALUE_OUT_OF_RANGE. */
export function checkDelistInstrument(view: View, command: CommandOf<'DelistInstrument'>): Checked<Announced> {
  const { instrument: id, endsAt, reason } = command;
  const listing = view.listings.get(id);
  if (!listing) return refused('INSTRUMENT_NOT_FOUND', { instrument: id });
  const { instrument, status } = listing;
  // What was to end anyway and has come to its last price ends as it is.
  if (status === 'EXPIRED' || listing.averaging) return refused('INSTRUMENT_NOT_TRADING', { instrument: id, status });
  if (listing.delisting) return refused('ALREADY_DELISTING', { instrument: id });

  const window = readWindow(command.settlementWindow ?? null);
  if (window.rejection) return window;
  // With an index its average is the last price, and nobody's vote.  S07
  if ((window.ok === null) !== (instrument.index === null)) return outOfRange('settlementWindow');
  const reduceOnlyAt = command.reduceOnlyAt ?? view.now;
  if (reduceOnlyAt < view.now) return outOfRange('reduceOnlyAt', reduceOnlyAt);
  const least = reduceOnlyAt + (window.ok ?? 0);
  const most = Math.min(view.now + FURTHEST, (instrument.expiry ?? Number.POSITIVE_INFINITY) - 1);
  if (endsAt <= view.now || endsAt < least || endsAt > most) return outOfRange('endsAt', endsAt);
  return ok({
    instrument: id,
    delisting: {
      announcedAt: view.now,
      reduceOnlyAt: instant(reduceOnlyAt),
      endsAt: instant(endsAt),
      window: window.ok === null ? null : duration(window.ok),
      reason,
    },
  });
}

const outOfRange = (field: string, at?: Milliseconds) =>
  refused('VALUE_OUT_OF_RANGE', { field, ...(at === undefined ? {} : { value: instantText(at) }) });

export function delistInstrument(desk: Desk, { instrument, delisting }: Announced): void {
  desk.emit({ type: 'DelistingAnnounced', instrument, delisting });
  if (delisting.reduceOnlyAt <= desk.at) beginDelisting(desk, instrument);
}

/** From here on the contract is only left: orders that would open something are called back, and so are all others. */
export function beginDelisting(desk: Desk, instrument: InstrumentId): void {
  const delisting = desk.view.listings.get(instrument)?.delisting;
  if (!delisting) return;
  desk.emit({ type: 'DelistingBegan', instrument, endsAt: delisting.endsAt });
  cancelAllOrders(desk, instrument, 'DELISTING');
}

/** Errors: INSTRUMENT_NOT_FOUND, DELISTING_NOT_FOUND. */
export function checkCancelDelisting(
  view: View,
  command: CommandOf<'CancelDelisting'>,
): Checked<CommandOf<'CancelDelisting'>> {
  const { instrument } = command;
  const listing = view.listings.get(instrument);
  if (!listing) return refused('INSTRUMENT_NOT_FOUND', { instrument });
  return isCancellable(listing, view) ? ok(command) : refused('DELISTING_NOT_FOUND', { instrument });
}

const isCancellable = ({ status, delisting, averaging }: Listing, { now }: View): boolean =>
  status !== 'EXPIRED' && delisting !== undefined && averaging === undefined && delisting.endsAt > now;

export const cancelDelisting = (desk: Desk, { instrument, reason }: CommandOf<'CancelDelisting'>): void =>
  desk.emit({ type: 'DelistingCancelled', instrument, reason });

export function onDelistingAnnounced(state: State, { instrument, delisting }: EventOf<'DelistingAnnounced'>): void {
  amendListing(state, instrument, { delisting });
  setDeadlinesOfEnd(state, instrument);
  state.deadlines.set(
    `delisting/${instrument}`,
    delisting.reduceOnlyAt > state.now ? delisting.reduceOnlyAt : undefined,
  );
}

export function onDelistingCancelled(state: State, { instrument }: EventOf<'DelistingCancelled'>): void {
  const listing = state.listings.get(instrument);
  if (!listing) return;
  const { delisting: _, ...rest } = listing;
  state.listings.set(instrument, rest);
  setDeadlinesOfEnd(state, instrument);
  state.deadlines.set(`delisting/${instrument}`, undefined);
}
