/** Every kind of event of the journal. */

import { EVENTS, type EventType as Type } from '../../core/message/event';
import { eventEnumOf } from './enums';

export const EventType = eventEnumOf(
  'EventType',
  'The type of an event of the journal.',
  Object.keys(EVENTS) as Type[],
);
