/** Trades that their venue numbers are cleared once for ever, and nothing else is remembered of them.  Ruling 22 */

import type { Command } from '../../../src/core/message/command';
import { instant } from '../../../src/units/quantity';
import { mark, onePerpetual, openAccount, tradeOf } from '../../support/given';
import { START, type TestHouse, typesOf } from '../../support/house';
import { byTwo, officer } from '../../support/ladder';
import { rejectionOf } from '../../support/outcome';
import { expectReplays, expectTwins, restored } from '../../support/twin';

const DAY = 86_400_000;

const venue = (id: string, highest: string | null = null): Command => ({
  type: 'SetVenue',
  venue: id,
  name: 'A venue',
  highest,
});

function open(): TestHouse {
  const house = onePerpetual();
  for (const id of ['alice', 'bob']) openAccount(house, id, '1000000');
  for (const id of ['east', 'west']) house.send(venue(id));
  return house;
}

const numbered = (number: string | null, more: object = {}): Command => ({
  ...tradeOf('alice', 'bob', '0.1', '50000'),
  venue: 'east',
  number,
  ...more,
});
const codeOf = (house: TestHouse, command: Command): string => rejectionOf(house.try(command))?.code ?? 'CLEARED';
const highestOf = (house: TestHouse, id = 'east') => house.state.venues.get(id)?.highest;

test('ruling 22 a number at or below the highest of its venue is refused, and the refusal names it', () => {
  const house = open();
  expect(codeOf(house, numbered('7'))).toBe('CLEARED');
  expect(codeOf(house, numbered('7'))).toBe('TRADE_NUMBER_TOO_LOW');
  expect(rejectionOf(house.try(numbered('3')))).toEqual({
    code: 'TRADE_NUMBER_TOO_LOW',
    details: { venue: 'east', number: '3', highest: '7' },
  });
  expect(codeOf(house, numbered('8'))).toBe('CLEARED');
  // Beyond what a float tells apart.
  expect(codeOf(house, numbered('9007199254740993'))).toBe('CLEARED');
  expect(codeOf(house, numbered('9007199254740993'))).toBe('TRADE_NUMBER_TOO_LOW');
  expect(codeOf(house, numbered('9007199254740994'))).toBe('CLEARED');
  expectReplays(house.state, house.entries);
});

test('ruling 22 every venue has numbers of its own', () => {
  const house = open();
  expect(codeOf(house, numbered('7'))).toBe('CLEARED');
  expect(codeOf(house, numbered('2', { venue: 'west' }))).toBe('CLEARED');
  expect([highestOf(house), highestOf(house, 'west')]).toEqual([7n, 2n]);
});

test('ruling 22 a number that was refused is not used up', () => {
  const house = open();
  expect(codeOf(house, numbered('7', { size: '1000' }))).toBe('INSUFFICIENT_INITIAL_MARGIN');
  expect(highestOf(house)).toBe(0n);
  expect(codeOf(house, numbered('7'))).toBe('CLEARED');
});

test('ruling 22 no id is remembered of a numbered trade, however old it is', () => {
  const house = open();
  house.send({ ...tradeOf('alice', 'bob', '0.1', '50000'), trade: 'plain' });
  expect(house.state.trades.size).toBe(1);
  expect(codeOf(house, numbered('1', { trade: 'n', executedAt: START }))).toBe('CLEARED');
  expect(house.state.trades.size).toBe(1);
  // A file of a month ago.
  house.now = instant(START + 30 * DAY);
  mark(house, '50000');
  expect(codeOf(house, numbered('2', { executedAt: START }))).toBe('CLEARED');
  expect(codeOf(house, numbered('2', { executedAt: START }))).toBe('TRADE_NUMBER_TOO_LOW');
  expect(codeOf(house, numbered('3', { executedAt: house.now + DAY }))).toBe('TRADE_FROM_FUTURE');
  expect(codeOf(house, { ...tradeOf('alice', 'bob', '0.1', '50000'), executedAt: START })).toBe('TRADE_TOO_OLD');
});

test('ruling 22 an id that is remembered is refused under a number as well', () => {
  const house = open();
  house.send({ ...tradeOf('alice', 'bob', '0.1', '50000'), trade: 'plain' });
  expect(codeOf(house, numbered('1', { trade: 'plain' }))).toBe('DUPLICATE_TRADE');
});

test.each([
  ['a venue that was not declared', { venue: 'north' }, 'VENUE_NOT_FOUND'],
  ['a venue without a number', { number: null }, 'VALUE_OUT_OF_RANGE'],
  ['a number without a venue', { venue: null }, 'VALUE_OUT_OF_RANGE'],
  ['no whole number', { number: '1.5' }, 'VALUE_OUT_OF_RANGE'],
  ['zero', { number: '0' }, 'VALUE_OUT_OF_RANGE'],
  ['too large a number', { number: '1000000000000000001' }, 'VALUE_OUT_OF_RANGE'],
])('ruling 22 %s is refused', (_, fields, code) => {
  expect(codeOf(open(), numbered('5', fields))).toBe(code);
});

test('ruling 22 the highest number survives a snapshot', () => {
  const house = open();
  house.send(numbered('7'));
  const again = restored(house.state);
  expectTwins(again, house.state);
  expect(again.venues.get('east')?.highest).toBe(7n);
});

test('ruling 22 a venue keeps its highest number when it is renamed; to lower it needs a second person', () => {
  const house = open();
  house.send(numbered('7'));
  house.send(venue('east'), officer('o'));
  expect(highestOf(house)).toBe(7n);
  expect(typesOf(house.send(venue('east', '9'), officer('o')))).toEqual(['VenueSet']);
  expect(codeOf(house, numbered('9'))).toBe('TRADE_NUMBER_TOO_LOW');
  expect(typesOf(house.send(venue('east', '8'), officer('o')))).toEqual(['ProposalCreated']);
  expect(highestOf(house)).toBe(9n);
  byTwo(house, venue('east', '8'));
  expect(codeOf(house, numbered('9'))).toBe('CLEARED');
  expect([codeOf(house, venue('no id', null)), codeOf(house, venue('east', '-1'))]).toEqual([
    'ID_INVALID',
    'VALUE_OUT_OF_RANGE',
  ]);
});
