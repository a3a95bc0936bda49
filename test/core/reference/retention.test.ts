/**
 * How long is remembered is what the house was told by a command, so every replay forgets at the same instants.  DS-1,
 * DS-3
 */

import { execute } from '../../../src/core/engine/execute';
import { earlierUnder } from '../../../src/core/engine/idempotency';
import type { Command } from '../../../src/core/message/command';
import { eventsOf, type Outcome } from '../../../src/core/message/envelope';
import type { State } from '../../../src/core/model/state';
import { duration, instant } from '../../../src/units/quantity';
import { mark, onePerpetual, openAccount } from '../../support/given';
import { START, type TestHouse, typesOf } from '../../support/house';
import { officer } from '../../support/ladder';
import { rejectionOf } from '../../support/outcome';
import { expectReplays, restored } from '../../support/twin';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const open = (): TestHouse => {
  const house = onePerpetual({ lot: '0.1' });
  for (const account of ['alice', 'bob']) openAccount(house, account, '1000000');
  return house;
};
const written = (at: number): string => new Date(at).toISOString();
const retention = (keys: number, trades: number): Command => ({
  type: 'SetRetention',
  keys: duration(keys),
  trades: duration(trades),
});
const sale = (trade: string, executedAt?: number | null): Command => ({
  type: 'SubmitTrade',
  trade,
  instrument: 'BTC-PERP',
  buyer: 'alice',
  seller: 'bob',
  price: '50000',
  size: '0.1',
  taker: null,
  buyOrder: null,
  sellOrder: null,
  ...(executedAt === undefined ? {} : { executedAt }),
});

/** What becomes of a trade at an instant, under a fresh price. */
function sell(house: TestHouse, at: number, trade: string, executedAt?: number): string {
  house.now = instant(at);
  mark(house, '50000');
  const outcome = house.try(sale(trade, executedAt), officer('o'));
  return rejectionOf(outcome)?.code ?? 'CLEARED';
}

test.each([
  ['keys', 24 * HOUR - 1, 7 * DAY],
  ['keys', 31 * DAY + 1, 7 * DAY],
  ['trades', 24 * HOUR, 7 * DAY - 1],
  ['trades', 24 * HOUR, 366 * DAY + 1],
])(
  'DS-3 ruling 22 VALUE_OUT_OF_RANGE: %s shorter than the API promises, or longer than the house can hold',
  (field, keys, trades) => {
    const outcome = open().try(retention(keys, trades), officer('o'));
    expect(rejectionOf(outcome)).toMatchObject({ code: 'VALUE_OUT_OF_RANGE', details: { field } });
  },
);

test('DS-3 ruling 22 longer works at once, shorter needs a second person', () => {
  const house = open();
  expect(typesOf(house.send(retention(2 * DAY, 7 * DAY), officer('o')))).toEqual(['RetentionSet']);
  expect(house.state.retention).toEqual({ keys: 2 * DAY, trades: 7 * DAY });
  for (const shorter of [retention(DAY, 7 * DAY), retention(DAY, 300 * DAY)])
    expect(typesOf(house.send(shorter, officer('o')))).toEqual(['ProposalCreated']);
  expect(house.state.retention.keys).toBe(2 * DAY);
});

test('DS-3 keys are remembered for as long as was set, also across a snapshot and in every replay', () => {
  const house = open();
  house.send(retention(3 * DAY, 8 * DAY), officer('o'));
  const { state } = house;
  const command: Command = { type: 'DepositCollateral', account: 'alice', currency: 'USD', amount: '1' };
  const keyed = (at: State, key: string, when: number): Outcome => {
    const envelope = { seq: at.seq + 1, at: instant(when), actor: officer('o'), key, command };
    const outcome = execute(at, envelope);
    if (at === state) house.entries.push({ ...envelope, outcome });
    return outcome;
  };
  keyed(state, 'k', START);
  keyed(state, 'later', START + 3 * DAY - 1);
  const again = restored(state);
  for (const each of [state, again]) {
    expect(earlierUnder(each, 'o', 'k', command, instant(START + 3 * DAY - 1))).toEqual({
      seq: state.seq - 1,
      sameBody: true,
    });
    expect(earlierUnder(each, 'o', 'k', command, instant(START + 3 * DAY))).toBeUndefined();
  }
  expectReplays(state, house.entries);
});

describe('trades that say when they were executed', () => {
  test('DS-3 ruling 22 are taken within seven days, and refused before and after, with the reason', () => {
    const house = open();
    const now = START + 10 * DAY;
    expect(sell(house, now, 'fresh', now)).toBe('CLEARED');
    expect(sell(house, now, 'late', now - 7 * DAY + 1)).toBe('CLEARED');
    expect(sell(house, now, 'too-late', now - 7 * DAY)).toBe('TRADE_TOO_OLD');
    expect(sell(house, now, 'clock', now + 1000)).toBe('CLEARED');
    expect(sell(house, now, 'future', now + 1001)).toBe('TRADE_FROM_FUTURE');
    expect(house.try(sale('too-late', now - 7 * DAY))).toMatchObject({
      rejection: { details: { executedAt: written(now - 7 * DAY), since: written(now - 7 * DAY), now: written(now) } },
    });
    expectReplays(house.state, house.entries);
  });

  test('DS-3 ruling 22 are never cleared twice, at no time: as duplicates first, as too old afterwards', () => {
    const house = open();
    for (const [i, ahead] of [-6 * DAY, -DAY, 0, 500, 1000].entries()) {
      const trade = `t${i}`;
      const began = house.now + DAY;
      const executedAt = began + ahead;
      expect(sell(house, began, trade, executedAt)).toBe('CLEARED');
      const codes = new Set<string>();
      for (const after of [
        0,
        1,
        DAY,
        7 * DAY + ahead - 1,
        7 * DAY + ahead,
        7 * DAY - 1,
        7 * DAY,
        7 * DAY + ahead + 1,
        8 * DAY,
        30 * DAY,
      ].sort((a, b) => a - b))
        codes.add(sell(house, Math.max(house.now, began + after), trade, executedAt));
      expect([...codes].sort()).toEqual(['DUPLICATE_TRADE', 'TRADE_TOO_OLD']);
    }
    expectReplays(house.state, house.entries);
  });

  test('DS-3 ruling 22 without a time the id is known for seven days, and then it is a trade of now', () => {
    const house = open();
    const began = house.now;
    expect(sell(house, began, 't')).toBe('CLEARED');
    expect(sell(house, began + 7 * DAY - 1, 't')).toBe('DUPLICATE_TRADE');
    expect(sell(house, began + 7 * DAY, 't')).toBe('CLEARED');
  });

  test('DS-3 ruling 22 a longer window fills before it admits: what was forgotten under the shorter one stays refused', () => {
    const house = open();
    const began = house.now;
    expect(sell(house, began, 't', began)).toBe('CLEARED');
    expect(sell(house, began + 10 * DAY, 'u')).toBe('CLEARED');
    house.send(retention(DAY, 30 * DAY), officer('o'));
    expect(sell(house, began + 10 * DAY, 't', began)).toBe('TRADE_TOO_OLD');
    expect(sell(house, began + 20 * DAY, 'u')).toBe('DUPLICATE_TRADE');
    expect(sell(house, began + 20 * DAY, 'v', began + 3 * DAY + 1)).toBe('CLEARED');
    expect(eventsOf(house.try(retention(DAY, 7 * DAY), officer('o'))).map(({ type }) => type)).toEqual([
      'ProposalCreated',
    ]);
    expectReplays(house.state, house.entries);
  });

  test('DS-3 an entry of an earlier version, which knows no such time, applies as before', () => {
    const house = open();
    expect(sell(house, house.now, 'a')).toBe('CLEARED');
    house.send(sale('b', null), officer('o'));
    const [one, two] = house.entries.slice(-2).map((entry) => Object.keys(eventsOf(entry.outcome)[0] ?? {}));
    expect(one).not.toContain('executedAt');
    expect(two).not.toContain('executedAt');
    expectReplays(house.state, house.entries);
  });
});
