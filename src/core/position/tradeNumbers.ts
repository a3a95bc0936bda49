/**
 * Trades that their venue numbers: of each venue the house keeps the highest number that was cleared, and clears no
 * number at or below it. So no id has to be remembered, and a trade is cleared once for ever. A number that was refused
 * is not used up: it may come again until a higher one was cleared.  Ruling 22
 */

import { toScaled } from '../../units/decimal';
import { known } from '../../units/failure';
import { isChosenId } from '../../units/id';
import type { CommandOf } from '../message/command';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';
import { type Checked, ok, refused } from '../message/rejection';
import type { State, View } from '../model/state';
import type { Venue, VenueId } from '../model/venue';

export interface TradeNumber {
  readonly venue: VenueId;
  readonly number: bigint;
}

const HIGHEST = 10n ** 18n;

/** Errors: VALUE_OUT_OF_RANGE. */
function readNumber(field: string, text: string, least: bigint): Checked<bigint> {
  const number = toScaled(text, 0);
  return number !== undefined && number >= least && number <= HIGHEST
    ? ok(number)
    : refused('VALUE_OUT_OF_RANGE', { field, value: text });
}

/**
 * The number of a trade, if its venue numbers trades. Errors: VALUE_OUT_OF_RANGE, VENUE_NOT_FOUND,
 * TRADE_NUMBER_TOO_LOW.
 */
export function readTradeNumber(
  view: View,
  { venue = null, number = null }: CommandOf<'SubmitTrade'>,
): Checked<TradeNumber | null> {
  if (venue === null && number === null) return ok(null);
  // One without the other would be remembered as neither.
  if (venue === null || number === null)
    return refused('VALUE_OUT_OF_RANGE', { field: venue === null ? 'venue' : 'number' });
  const read = readNumber('number', number, 1n);
  if (read.rejection) return read;
  const declared = view.venues.get(venue);
  if (!declared) return refused('VENUE_NOT_FOUND', { venue });
  const { highest } = declared;
  return read.ok > highest
    ? ok({ venue, number: read.ok })
    : refused('TRADE_NUMBER_TOO_LOW', { venue, number: String(read.ok), highest: String(highest) });
}

export function noteNumber(state: State, { venue, number }: TradeNumber): void {
  state.venues.set(venue, { ...known(state.venues.get(venue), 'Venue', venue), highest: number });
}

/** Errors, in order: ID_INVALID, VALUE_OUT_OF_RANGE. */
export function checkSetVenue(view: View, command: CommandOf<'SetVenue'>): Checked<Venue> {
  const { venue: id, name } = command;
  if (!isChosenId(id)) return refused('ID_INVALID', { venue: id });
  const highest = readNumber('highest', command.highest ?? String(view.venues.get(id)?.highest ?? 0n), 0n);
  return highest.rejection ? highest : ok({ id, name, highest: highest.ok });
}

/** Whether numbers that were cleared could be cleared again. */
export const clearsAgain = (before: Venue | undefined, after: Venue): boolean =>
  before !== undefined && after.highest < before.highest;

export const setVenue = (desk: Desk, venue: Venue): void => desk.emit({ type: 'VenueSet', venue });

export function onVenueSet(state: State, { venue }: EventOf<'VenueSet'>): void {
  state.venues.set(venue.id, venue);
}
