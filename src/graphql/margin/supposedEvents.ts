/**
 * What would happen to an account, as a caller who may see that account is told of it: nothing of others.  Rules:
 * RMR-4, X-5
 */

import type { Fields, Kind } from '../../core/kind/kind';
import { flattened, shownRecord, type Units } from '../../core/kind/show';
import { EVENTS, type Event } from '../../core/message/event';
import type { AccountId } from '../../core/model/account';
import type { Directory } from '../live/directory';

export interface SupposedEvent {
  readonly type: string;
  readonly details: object;
}

export function eventsAbout(account: AccountId, events: readonly Event[], directory: Directory): SupposedEvent[] {
  const units = unitsOf(directory);
  return events.flatMap(({ type, ...values }) => {
    const flat = flattened(EVENTS[type], values);
    const named = accountsIn(flat.fields, flat.values);
    if (!named.some(([, id]) => id === account)) return [];
    const others = new Set(named.filter(([, id]) => id !== account).map(([field]) => field));
    const facts = Object.entries(shownRecord(EVENTS[type], values, units));
    return [
      { type, details: Object.fromEntries(facts.filter(([field, value]) => !others.has(field) && isFact(value))) },
    ];
  });
}

/** Lists name others too, and so may what stands in a part. */
const isFact = (value: unknown): boolean => value !== undefined && (value === null || typeof value !== 'object');

function accountsIn(fields: Fields, values: Readonly<Record<string, unknown>>): [field: string, id: unknown][] {
  return Object.entries(fields)
    .filter(([, kind]) => namesAccount(kind))
    .map(([field]) => [field, values[field]]);
}

function namesAccount(kind: Kind): boolean {
  if (kind.is === 'nullable' || kind.is === 'optional') return namesAccount(kind.item);
  return kind.is === 'name' && kind.of === 'account';
}

const unitsOf = (directory: Directory): Units => ({
  scaleOf: directory.scaleOf,
  tickOf: (instrument) => directory.instrument(instrument).tick,
  lotOf: (instrument) => directory.instrument(instrument).lot,
  indexTickOf: directory.tickOf,
  settlementOf: (instrument) => directory.instrument(instrument).settlement,
  currencyOf: (account) => directory.account(account)?.currency,
});
