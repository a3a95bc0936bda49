/** Members that default: their own accounts and their clients', and what officers do about it. */

import type { MemberDefault } from '../../src/core/model/memberDefault';
import { classicPolicy, flatTiers, mark, onePerpetual, openAccount, pay, trade } from './given';
import type { TestHouse } from './house';
import { byTwo } from './ladder';

export const brokerOf = (member: string) => ({ id: `key-${member}`, role: 'BROKER' as const, member });

export function admit(house: TestHouse, ...members: string[]): void {
  for (const member of members) house.send({ type: 'AdmitMember', member, name: `Member ${member}` });
}

export function openHouse(house: TestHouse, account: string, member: string, deposit?: string): void {
  house.send({
    type: 'OpenAccount',
    account,
    member,
    owner: account,
    kind: 'HOUSE',
    currency: 'USD',
    policy: 'classic',
    mode: 'CROSS',
    instrument: null,
  });
  if (deposit) pay(house, account, deposit);
}

export const declare = (house: TestHouse, member: string, reason = 'a call was not met'): MemberDefault => {
  byTwo(house, { type: 'DeclareDefault', member, reason });
  return openDefault(house, member);
};

export function openDefault(house: TestHouse, member: string): MemberDefault {
  const found = [...house.state.memberDefaults.values()].find((each) => each.member === member);
  if (!found) throw new Error(`${member} is not in default`);
  return found;
}

/** The close-out account of a default. */
export const takenBy = (found: MemberDefault): string => found.books[0]?.account ?? '';

/** The sums of its ledger, as text. */
export const sumsOf = (house: TestHouse, member: string): string[] =>
  openDefault(house, member).books.flatMap(({ sums }) =>
    sums.map(({ kind, currency, amount }) => `${kind} ${amount} ${currency}`),
  );

/**
 * Member `m` with its own account `m-own` (100,000) and clients `c1` and `c2` (20,000 each), members `n` and `o`, and
 * `maker` of `n` with enough for anything. `m-own` is long ten at 50,000, `c1` long two, `c2` short one.
 */
export function threeMembers(): TestHouse {
  const house = onePerpetual({ tiers: flatTiers('0.05', '0.025'), policy: classicPolicy(), lot: '1', tick: '1' });
  admit(house, 'm', 'n', 'o');
  openHouse(house, 'm-own', 'm', '100000');
  openAccount(house, 'maker', '900000000', { member: 'n' });
  for (const client of ['c1', 'c2']) openAccount(house, client, '20000', { member: 'm' });
  trade(house, 'm-own', 'maker', '10', '50000');
  trade(house, 'c1', 'maker', '2', '50000');
  trade(house, 'maker', 'c2', '1', '50000');
  return house;
}

export { mark };
