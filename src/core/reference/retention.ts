/** How long the house remembers what it has done, so that nothing is done twice.  Ruling 22, decision 11 */

import { duration } from '../../units/quantity';
import type { CommandOf } from '../message/command';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';

import { type Checked, ok } from '../message/rejection';
import type { Retention, State, View } from '../model/state';
import { readSpan } from './reading';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Where nothing was set; what the API promises, so nothing shorter can be. */
export const RETENTION: Retention = { keys: duration(DAY), trades: duration(7 * DAY) };

const LONGEST: Retention = { keys: duration(31 * DAY), trades: duration(366 * DAY) };

/** Errors: VALUE_OUT_OF_RANGE. */
export function checkSetRetention(_view: View, command: CommandOf<'SetRetention'>): Checked<Retention> {
  const keys = readSpan('keys', command.keys, RETENTION.keys, LONGEST.keys);
  if (keys.rejection) return keys;
  const trades = readSpan('trades', command.trades, RETENTION.trades, LONGEST.trades);
  if (trades.rejection) return trades;
  return ok({ keys: duration(keys.ok), trades: duration(trades.ok) });
}

/** Whether anything would be forgotten sooner than it is now. */
export const shortens = (before: Retention, after: Retention): boolean =>
  after.keys < before.keys || after.trades < before.trades;

export const setRetention = (desk: Desk, set: Retention): void => desk.emit({ type: 'RetentionSet', ...set });

export function onRetentionSet(state: State, { keys, trades }: EventOf<'RetentionSet'>): void {
  state.retention = { keys, trades };
}
