/**
 * Events as a scenario speaks of them: names in camelCase, amounts, prices, sizes and rates as decimals, instants and
 * spans as text, and what an event is about (the call, the order, the account) laid out flat beside the rest.
 */

import { shownRecord } from '../../core/kind/show';
import { EVENTS, type Event } from '../../core/message/event';
import type { Definitions } from './definitions';

export interface StepEvent {
  readonly name: string;
  readonly seq: number; // of its journal entry
  readonly fields: Readonly<Record<string, unknown>>;
}

export const nameOf = (type: string): string => `${type.charAt(0).toLowerCase()}${type.slice(1)}`;

export function stepEventOf({ type, ...values }: Event, seq: number, { units }: Definitions): StepEvent {
  return { name: nameOf(type), seq, fields: shownRecord(EVENTS[type], values, units) };
}
