/** Which acts take a second person. */

import type { Command } from '../../src/core/message/command';
import { classicPolicy } from './given';
import { type TestHouse, typesOf } from './house';
import { officer } from './ladder';

export const policy = (fields: Parameters<typeof classicPolicy>[1]): Command => classicPolicy({}, fields);

export const needsTwo = (house: TestHouse, command: Command): boolean => {
  const events = house.send(command, officer('one'));
  const proposed = typesOf(events).includes('ProposalCreated');
  // A proposal changes nothing else.
  if (proposed) expect(typesOf(events)).toEqual(['ProposalCreated']);
  return proposed;
};
