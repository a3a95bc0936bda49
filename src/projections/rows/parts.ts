/** Parts of events, and things of the state, as rows keep them whole: as the journal has them, integers as texts under their names. */

import { decodeEvent, encodeEvent } from '../../core/message/codec';
import type { Event } from '../../core/message/event';
import type { Row } from './rows';

export type Json = Row<'MarginPolicy'>['terms'];

/** A part of an event, by its name. */
export const partOf = (event: Event, name: string): Json => (JSON.parse(encodeEvent(event)) as Record<string, Json>)[name] as Json;

/** A thing of the state, as an event would have it. */
export const textOf = (whole: unknown): Json => partOf({ whole } as unknown as Event, 'whole');

/** What either of them was. */
export const wholeOf = <Whole>(json: unknown): Whole => (decodeEvent({ whole: json }) as unknown as { whole: Whole }).whole;
