/**
 * What a refusal says is in the units of who asked: instants and spans as texts, prices and sizes as decimals.  Ruling
 * 8, X-6
 */

import type { Command } from '../../../src/core/message/command';
import { classicPolicy, mark, onePerpetual, openAccount, trade, tradeOf } from '../../support/given';
import { START, type TestHouse } from '../../support/house';
import { officer } from '../../support/ladder';
import { rejectionOf } from '../../support/outcome';

const detailsOf = (house: TestHouse, command: Command, actor = officer('o')) =>
  rejectionOf(house.try(command, actor))?.details;
const quoted = (price: string, observedAt: number | null = null): Command => ({
  type: 'SubmitMarkPrices',
  source: 'venue',
  prices: [{ instrument: 'BTC-PERP', price, bid: null, ask: null, observedAt }],
});

test('S12 a price out of the band names the band and the last price', () => {
  const house = onePerpetual({ priceBand: '0.1' });
  openAccount(house, 'alice', '100000');
  openAccount(house, 'bob', '100000');
  const facts = { instrument: 'BTC-PERP', band: '0.1', lastPrice: '50000.0' };
  expect(detailsOf(house, quoted('55000.1'))).toEqual({ ...facts, price: '55000.1' });
  expect(detailsOf(house, tradeOf('alice', 'bob', '1', '44999.9'))).toEqual({ ...facts, price: '44999.9' });
});

test('B1-5 S14 instants are written as instants', () => {
  const house = onePerpetual();
  const later = START + 60_000;
  expect(detailsOf(house, quoted('50000', later))).toEqual({
    observedAt: '2025-10-10T12:01:00.000Z',
    now: '2025-10-10T12:00:00.000Z',
  });
  expect(detailsOf(house, { ...tradeOf('a', 'b', '1', '50000'), executedAt: later })).toMatchObject({
    executedAt: '2025-10-10T12:01:00.000Z',
  });
  // What is no day that there is comes back as it was sent.
  expect(detailsOf(house, quoted('50000', Number.MAX_SAFE_INTEGER))).toMatchObject({ observedAt: '9007199254740991' });
  openAccount(house, 'alice', '25000');
  openAccount(house, 'bob', '1000000');
  trade(house, 'alice', 'bob', '10', '50000');
  mark(house, '48600');
  const call = house.state.callOf.get('alice') ?? '';
  expect(detailsOf(house, { type: 'ExtendMarginCall', call, deadline: START, reason: 'r' })).toEqual({
    deadline: '2025-10-10T13:00:00.000Z',
  });
});

test.each([
  ['a window', classicPolicy({}, { cureWindow: 10 * 366 * 86_400_000 }), { field: 'cureWindow', value: '3660d' }],
  ['a notice', classicPolicy({}, { finalNotice: 5_400_000 }), { field: 'finalNotice', value: '1h30m' }],
  ['less than nothing', classicPolicy({ venueWindow: -1 }), { field: 'venueWindow', value: '-1' }],
  ['a number', classicPolicy({ repeatMaximum: 1000 }), { field: 'repeatMaximum', value: '1000' }],
])('X-6 spans are written as spans: %s', (_, command, details) => {
  expect(detailsOf(onePerpetual(), command)).toEqual(details);
});
