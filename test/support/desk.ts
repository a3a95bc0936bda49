/** A desk over a house, so that a part of the core can be carried out, or asked, by itself. */

import { evolve } from '../../src/core/engine/evolve';
import type { Desk } from '../../src/core/message/desk';
import type { Event } from '../../src/core/message/event';
import { SYSTEM } from '../../src/core/model/actor';
import type { TestHouse } from './house';

/** What it emits is applied to the house at once, and kept. */
export function deskOf(house: TestHouse): { desk: Desk; events: Event[] } {
  const events: Event[] = [];
  const desk: Desk = {
    view: house.state,
    at: house.now,
    seq: house.state.seq,
    actor: SYSTEM,
    approved: null,
    cause: 'PRICE',
    emit(event) {
      evolve(house.state, event);
      events.push(event);
    },
    newId: (prefix) => `${prefix}_${events.length}`,
  };
  return { desk, events };
}
