/** What the house remembers so that nothing is done twice, and for how long.  DS-3 */

import { bodyHash, execute, KEY_LIFE, rememberedKey } from '../../../src/core/engine/execute';
import type { Command } from '../../../src/core/message/command';
import { canonicalText } from '../../../src/core/message/command';
import type { State } from '../../../src/core/model/state';
import { instant } from '../../../src/units/quantity';
import { onePerpetual, openAccount } from '../../support/given';
import { START } from '../../support/house';
import { broker, officer } from '../../support/ladder';

const deposit = (amount: string): Command => ({ type: 'DepositCollateral', account: 'alice', currency: 'USD', amount });

const send = (state: State, key: string | null, at: number, command: Command = deposit('1'), actor = officer('o')) =>
  execute(state, { seq: state.seq + 1, at: instant(at), actor, key, command });

function alice(): State {
  const house = onePerpetual();
  openAccount(house, 'alice');
  return house.state;
}

test('DS-3 a key is kept with the hash of its body and the entry that answered it, refused or not', () => {
  const state = alice();
  send(state, 'k1', START);
  send(state, 'k2', START, deposit('-1'));
  send(state, null, START);
  expect([...state.remembered]).toEqual([
    ['o\nk1', { hash: bodyHash(deposit('1')), seq: state.seq - 2, at: START }],
    ['o\nk2', { hash: bodyHash(deposit('-1')), seq: state.seq - 1, at: START }],
  ]);
});

test('DS-3 the keys of two actors are two keys', () => {
  const state = alice();
  send(state, 'k', START);
  send(state, 'k', START, deposit('2'), broker('broker'));
  expect(state.remembered.get(rememberedKey('o', 'k'))?.hash).toBe(bodyHash(deposit('1')));
  expect(state.remembered.get(rememberedKey('broker-key', 'k'))?.hash).toBe(bodyHash(deposit('2')));
});

test('DS-3 a key is forgotten a day after its entry, not a millisecond earlier, and younger ones stay', () => {
  const state = alice();
  send(state, 'old', START);
  send(state, 'young', START + 1000);
  send(state, null, START + KEY_LIFE - 1);
  expect([...state.remembered.keys()]).toEqual(['o\nold', 'o\nyoung']);
  send(state, null, START + KEY_LIFE);
  expect([...state.remembered.keys()]).toEqual(['o\nyoung']);
});

test('DS-3 two bodies are one where only the order of their fields differs, and two where any value does', () => {
  const shuffled = { amount: '1', currency: 'USD', account: 'alice', type: 'DepositCollateral' } as const;
  expect(bodyHash(shuffled)).toBe(bodyHash(deposit('1')));
  expect(bodyHash(deposit('1.0'))).not.toBe(bodyHash(deposit('1')));
  expect(bodyHash({ ...deposit('1'), account: 'bob' } as Command)).not.toBe(bodyHash(deposit('1')));
});

test('DS-3 the canonical text keeps lists in order and tells null, text and numbers apart', () => {
  expect(canonicalText({ b: [2, 1], a: { d: null, c: 'x"y' } })).toBe('{"a":{"c":"x\\"y","d":null},"b":[2,1]}');
  expect(canonicalText({ a: '1' })).not.toBe(canonicalText({ a: 1 }));
  expect(canonicalText({ a: undefined })).toBe('{}');
  expect(canonicalText({ n: 12n })).toBe('{"n":"12"}');
});
