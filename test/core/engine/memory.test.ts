/** What the house remembers so that nothing is done twice, and for how long.  DS-3 */

import { execute } from '../../../src/core/engine/execute';
import { earlierUnder } from '../../../src/core/engine/idempotency';
import type { Command } from '../../../src/core/message/command';
import { canonicalText } from '../../../src/core/message/command';
import type { State } from '../../../src/core/model/state';
import { noteTrade, wasCleared } from '../../../src/core/position/tradeIds';
import { RETENTION } from '../../../src/core/reference/retention';
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

const earlier = (state: State, key: string, command: Command, at = state.now, actor = 'o') =>
  earlierUnder(state, actor, key, command, instant(at));

test('DS-3 a key is kept with its body and the entry that answered it, refused or not', () => {
  const state = alice();
  send(state, 'k1', START);
  send(state, 'k2', START, deposit('-1'));
  send(state, null, START);
  expect(state.remembered.size).toBe(2);
  expect(earlier(state, 'k1', deposit('1'))).toEqual({ seq: state.seq - 2, sameBody: true });
  expect(earlier(state, 'k2', deposit('-1'))).toEqual({ seq: state.seq - 1, sameBody: true });
  expect(earlier(state, 'k2', deposit('1'))).toEqual({ seq: state.seq - 1, sameBody: false });
  expect(earlier(state, 'k3', deposit('1'))).toBeUndefined();
});

test('DS-3 the keys of two actors are two keys', () => {
  const state = alice();
  send(state, 'k', START);
  send(state, 'k', START, deposit('2'), broker('broker'));
  expect(earlier(state, 'k', deposit('1'))?.sameBody).toBe(true);
  expect(earlier(state, 'k', deposit('2'), START, 'broker-key')?.sameBody).toBe(true);
});

test('DS-3 ruling 22 a key is forgotten a day after its entry, not a millisecond earlier, and younger ones stay', () => {
  const state = alice();
  send(state, 'old', START);
  send(state, 'young', START + 1000);
  const knownAt = (at: number) => ['old', 'young'].filter((key) => earlier(state, key, deposit('1'), instant(at)));
  // Known by the time that is asked about, and kept until an entry that late.
  expect([
    knownAt(START + RETENTION.keys - 1),
    knownAt(START + RETENTION.keys),
    knownAt(START + RETENTION.keys + 1000),
  ]).toEqual([['old', 'young'], ['young'], []]);
  send(state, null, START + RETENTION.keys - 1);
  expect(state.remembered.size).toBe(2);
  send(state, null, START + RETENTION.keys);
  expect(state.remembered.size).toBe(1);
});

test('DS-3 two bodies are one where only the order of their fields differs, and two where any value does', () => {
  const state = alice();
  send(state, 'k', START);
  const shuffled = { amount: '1', currency: 'USD', account: 'alice', type: 'DepositCollateral' } as const;
  expect(earlier(state, 'k', shuffled)?.sameBody).toBe(true);
  expect(earlier(state, 'k', deposit('2'))?.sameBody).toBe(false);
  expect(earlier(state, 'k', { ...deposit('1'), account: 'bob' } as Command)?.sameBody).toBe(false);
});

test('DS-3 ruling 22 a trade id is forgotten seven days after the trade, and not because others came', () => {
  const state = alice();
  noteTrade(state, 'first');
  const since = state.now;
  for (let i = 0; i < 100_000; i++) noteTrade(state, `t${i}`);
  send(state, null, since + RETENTION.trades - 1);
  expect(wasCleared(state, 'first')).toBe(true);
  send(state, null, since + RETENTION.trades);
  expect([wasCleared(state, 'first'), state.trades.size]).toEqual([false, 0]);
});

test('DS-3 the canonical text keeps lists in order and tells null, text and numbers apart', () => {
  expect(canonicalText({ b: [2, 1], a: { d: null, c: 'x"y' } })).toBe('{"a":{"c":"x\\"y","d":null},"b":[2,1]}');
  expect(canonicalText({ a: '1' })).not.toBe(canonicalText({ a: 1 }));
  expect(canonicalText({ a: undefined })).toBe('{}');
  expect(canonicalText({ n: 12n })).toBe('{"n":"12"}');
});
