/**
 * Events as text and back: JSON, readable by eye and by any other program. What an integer is, the kind of its field
 * says.
 */

import { readerByType, toJson } from '../kind/json';
import { EVENTS, type Event } from './event';

export const encodeEvent = (event: Event): string => toJson(event);

/** An event from the JSON value it was written as; the value is changed in place. */
export const decodeEvent: (json: unknown) => Event = readerByType<Event>(EVENTS);
