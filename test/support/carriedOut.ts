/** What a command comes to, beside what a what-if says of it. */

import { encodeEvent } from '../../src/core/message/codec';
import type { Command } from '../../src/core/message/command';
import { eventsOf } from '../../src/core/message/envelope';
import type { Event } from '../../src/core/message/event';
import type { TestHouse } from './house';
import { officer } from './ladder';

/** What tells a supposed change from a real one: who is named as its source. */
export const said = (events: readonly Event[]): string[] =>
  events.map((event) =>
    encodeEvent(event)
      .replace(/"what-if:0"/g, '"t"')
      .replace(/"source":"(manual|venue)"/g, '"source":""'),
  );

/** Sends a command as it is and, where it waits for one, with a second person. */
export function carriedOut(house: TestHouse, command: Command) {
  const outcome = house.try(command);
  const [created] = eventsOf(outcome);
  if (created?.type !== 'ProposalCreated') return outcome;
  const { id: proposal, hash } = created.created;
  return house.try({ type: 'ApproveProposal', proposal, hash }, officer('second'));
}
