/**
 * The account most tests of the ladder look at: alice, long 10 at 50,000 with exactly her initial margin, 25,000. With
 * P the mark her equity is 10 P - 475,000, initial margin P / 2, maintenance margin P / 4. She is warned below 50,000,
 * called from 48,717.9 down, closed out from 48,305.0 down, bankrupt below 47,500.
 */

import { COMMANDS, type CommandType } from '../../src/core/message/command';
import type { Definition } from '../../src/core/message/definition';
import type { Actor } from '../../src/core/model/actor';
import type { MarginCall } from '../../src/core/model/call';
import { toScaled } from '../../src/units/decimal';
import { onePerpetual, openAccount, type Perpetual, trade } from './given';
import type { TestHouse } from './house';

export const usd = (text: string): bigint => toScaled(text, 2) as bigint;

export const officer = (id: string): Actor => ({ id, role: 'RISK_OFFICER', member: null });
export const broker = (member: string): Actor => ({ id: `${member}-key`, role: 'BROKER', member });

export function leveragedHouse(given: Perpetual = {}): TestHouse {
  const house = onePerpetual(given);
  openAccount(house, 'maker', '100000000');
  openAccount(house, 'alice', '25000');
  trade(house, 'alice', 'maker', '10', '50000');
  return house;
}

/** The open call of an account; throws where there is none. */
export function callOf(house: TestHouse, account = 'alice'): MarginCall {
  const call = house.state.calls.get(house.state.callOf.get(account) ?? '');
  if (!call) throw new Error(`${account} has no open call`);
  return call;
}

export const statusOf = (house: TestHouse, account = 'alice') => house.state.book.stateOf(account).status;

/**
 * Has a command proposed by one officer and approved by another who may do it too. Returns the events of the approval.
 */
export function byTwo(house: TestHouse, command: Parameters<TestHouse['send']>[0]) {
  house.send(command, officer('first'));
  const proposal = [...house.state.proposals.values()].at(-1);
  if (!proposal) throw new Error(`${command.type} needed no second person`);
  return house.send({ type: 'ApproveProposal', proposal: proposal.id, hash: proposal.hash }, secondFor(command.type));
}

function secondFor(type: CommandType): Actor {
  const { by }: Definition = COMMANDS[type];
  return by.includes('RISK_OFFICER') ? officer('second') : { id: 'second', role: 'ADMIN', member: null };
}
