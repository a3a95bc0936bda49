/** Two persons are two persons, not two keys.  Ruling 20 */

import type { Command } from '../../../src/core/message/command';
import { eventsOf } from '../../../src/core/message/envelope';
import type { Actor, Role } from '../../../src/core/model/actor';
import { onePerpetual, openAccount } from '../../support/given';
import { ofType, type TestHouse } from '../../support/house';
import { rejectionOf } from '../../support/outcome';
import { expectReplays } from '../../support/twin';

const HASH = 'a'.repeat(64);
const reason = 'reason';
const by = (id: string, role: Role = 'ADMIN'): Actor => ({ id, role, member: null });
const keyOf = (apiKey: string, person: string | null, role: 'ADMIN' | 'RISK_OFFICER' = 'ADMIN'): Command => ({
  ...{ type: 'IssueApiKey', apiKey, role, member: null, hash: HASH, label: apiKey, person },
});

/** Anna has two keys; hers and Berta's were issued by the house itself. */
function opened(): TestHouse {
  const house = onePerpetual();
  house.send(keyOf('anna', null));
  house.send(keyOf('anna-2', 'anna', 'RISK_OFFICER'));
  house.send(keyOf('berta', null));
  return house;
}

const inBusiness = (house = opened()): TestHouse => {
  openAccount(house, 'alice');
  return house;
};

const LOOSER: Command = { type: 'WithdrawFromInsuranceFund', currency: 'USD', amount: '1', reason };

/** What comes of an act proposed by one key and approved by another. */
function approved(house: TestHouse, command: Command, one: Actor, other: Actor): string {
  const [created] = ofType(eventsOf(house.try(command, one)), 'ProposalCreated');
  if (!created) throw new Error('Nothing was proposed');
  const { id: proposal, hash } = created.created;
  return rejectionOf(house.try({ type: 'ApproveProposal', proposal, hash }, other))?.code ?? 'DONE';
}

/** A house with money to take out. */
const funded = (house: TestHouse): TestHouse => {
  house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: '100', source: 'EXTERNAL' });
  return house;
};

test.each([
  ['another key of the proposer', by('anna'), by('anna-2', 'RISK_OFFICER'), 'PROPOSER_CANNOT_APPROVE'],
  ['the other way round', by('anna-2', 'RISK_OFFICER'), by('anna'), 'PROPOSER_CANNOT_APPROVE'],
  ['the control, another person', by('anna'), by('berta'), 'DONE'],
  ['the control, and the other key beside her', by('berta'), by('anna-2', 'RISK_OFFICER'), 'DONE'],
  ['a key without a record is a person by its name', by('old'), by('older'), 'DONE'],
])('ruling 20 approved by %s', (_, one, other, code) => {
  expect(approved(funded(inBusiness()), LOOSER, one, other)).toBe(code);
});

test('ruling 20 who proposed and who approved are on record as persons, where the key has another name', () => {
  const house = funded(inBusiness());
  approved(house, LOOSER, by('anna-2', 'RISK_OFFICER'), by('berta'));
  const [created, approval] = house.entries.slice(-2).map(({ outcome }) => eventsOf(outcome)[0]);
  expect(created).toMatchObject({ created: { proposedBy: 'anna-2', person: 'anna' } });
  expect(approval).toMatchObject({ type: 'ProposalApproved', by: 'berta' });
  expect(approval).not.toHaveProperty('person');
  expectReplays(house.state, house.entries);
});

describe('ruling 20 who issued a key is no second person to it', () => {
  /** Anna issues Carl's key in the set-up, and Carl issues Dora's. */
  const chain = (): TestHouse => {
    const house = opened();
    house.send(keyOf('carl', 'carl'), by('anna'));
    house.send(keyOf('dora', 'dora'), by('carl'));
    return funded(inBusiness(house));
  };

  test.each([
    ['anna', 'carl', 'PROPOSER_CANNOT_APPROVE'],
    ['carl', 'anna', 'PROPOSER_CANNOT_APPROVE'],
    ['anna-2', 'carl', 'PROPOSER_CANNOT_APPROVE'],
    ['dora', 'carl', 'PROPOSER_CANNOT_APPROVE'],
    // Who issued the key of who issued it could have made both.
    ['anna', 'dora', 'PROPOSER_CANNOT_APPROVE'],
    ['berta', 'carl', 'DONE'],
    ['dora', 'berta', 'DONE'],
  ])('%s proposes, %s approves: %s', (one, other, code) => {
    const house = chain();
    expect(approved(house, LOOSER, by(one), by(other))).toBe(code);
  });

  test('of two who issued it together it is the one who proposed it, and was shown the secret', () => {
    const house = funded(inBusiness());
    expect(approved(house, keyOf('emil', 'emil'), by('anna'), by('berta'))).toBe('DONE');
    expect(house.state.apiKeys.get('emil')).toMatchObject({ id: 'emil', issuers: ['anna'] });
    expect(approved(house, LOOSER, by('anna'), by('emil'))).toBe('PROPOSER_CANNOT_APPROVE');
    expect(approved(house, LOOSER, by('berta'), by('emil'))).toBe('DONE');
    // Also when the key that proposed it is gone.
    house.send({ type: 'RevokeApiKey', apiKey: 'anna', reason }, by('berta'));
    expect(approved(house, LOOSER, by('anna-2', 'RISK_OFFICER'), by('emil'))).toBe('PROPOSER_CANNOT_APPROVE');
    expectReplays(house.state, house.entries);
  });
});

test('ruling 20 who approves must be allowed to do what is approved', () => {
  const house = inBusiness();
  expect(approved(house, keyOf('k', null), by('anna'), by('o', 'RISK_OFFICER'))).toBe('APPROVER_NOT_ALLOWED');
  expect(house.state.apiKeys.has('k')).toBe(false);
  expect(approved(house, keyOf('k', null), by('anna'), by('berta'))).toBe('DONE');
});

describe('ruling 20 the last other administrator', () => {
  const revoke = (house: TestHouse, apiKey: string, actor = by('anna')): string =>
    eventsOf(house.try({ type: 'RevokeApiKey', apiKey, reason }, actor))[0]?.type ?? '';

  test('is not revoked by one alone; before the house is open, or beside a third one, it is', () => {
    expect(revoke(opened(), 'berta')).toBe('ApiKeyRevoked');
    const house = inBusiness();
    expect(revoke(house, 'berta')).toBe('ProposalCreated');
    const [proposal] = house.state.proposals.values();
    house.send({ type: 'ApproveProposal', proposal: proposal?.id ?? '', hash: proposal?.hash ?? '' }, by('berta'));
    expect(house.state.apiKeys.has('berta')).toBe(false);
    const third = opened();
    third.send(keyOf('clara', null));
    expect(revoke(inBusiness(third), 'berta')).toBe('ApiKeyRevoked');
  });

  test('one of her two keys is not the last, and a key that the revoker issued is nobody else', () => {
    const house = opened();
    house.send(keyOf('berta-2', 'berta'));
    house.send(keyOf('puppet', 'carl'), by('anna'));
    inBusiness(house);
    expect(revoke(house, 'berta')).toBe('ApiKeyRevoked');
    expect(revoke(house, 'berta-2')).toBe('ProposalCreated');
  });

  test('keys of others, and own ones, are revoked as before', () => {
    const house = inBusiness();
    expect(revoke(house, 'anna-2')).toBe('ApiKeyRevoked');
    expect(revoke(house, 'anna')).toBe('ApiKeyRevoked');
    const officers = opened();
    officers.send(keyOf('o', null, 'RISK_OFFICER'));
    expect(revoke(inBusiness(officers), 'o')).toBe('ApiKeyRevoked');
  });
});

test('X-5 ruling 20 a person nobody may be called is refused', () => {
  const house = onePerpetual();
  expect(house.refusal(keyOf('k', ' '))).toBe('ID_INVALID');
  house.send(keyOf('k', 'k'));
  expect(house.state.apiKeys.get('k')).toEqual({ id: 'k', role: 'ADMIN', member: null, hash: HASH, label: 'k' });
});
