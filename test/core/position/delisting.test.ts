/** A perpetual ends: announced, only left from then on, paid out at an average, or called off.  EX-2, EX-1, DS-1 */

import type { CommandOf } from '../../../src/core/message/command';
import { mark, onePerpetual, openAccount, trade } from '../../support/given';
import { ofType, START, type TestHouse, typesOf } from '../../support/house';
import { byTwo, officer } from '../../support/ladder';
import { defineIndex, defineOnIndex, quotes } from '../../support/prices';
import { expectReplays, expectTwins, restored } from '../../support/twin';

const HOUR = 3_600_000;
const ID = 'ETH-PERP';

/** A perpetual on an index, of which ten contracts are held at 50,000. */
function held(): TestHouse {
  const house = onePerpetual();
  defineIndex(house, { maximumDeviation: '0.5', heartbeat: 100 * HOUR });
  defineOnIndex(house, { instrument: ID, markBand: null, heartbeat: 100 * HOUR });
  quotes(house, '50000', '50000', '50000');
  mark(house, '50000.0', ID);
  for (const account of ['alice', 'bob']) openAccount(house, account, '90000');
  trade(house, 'alice', 'bob', '10', '50000.0', ID);
  return house;
}

const delist: CommandOf<'DelistInstrument'> = {
  ...{ type: 'DelistInstrument', instrument: ID, reason: 'nobody trades it' },
  ...{ reduceOnlyAt: START + 24 * HOUR, endsAt: START + 48 * HOUR, settlementWindow: HOUR },
};
const callOff = { type: 'CancelDelisting', instrument: ID, reason: 'it goes on' } as const;

const place = (house: TestHouse, order: string, side: 'BUY' | 'SELL', account = 'alice') =>
  house.send({ type: 'PlaceOrder', order, account, instrument: ID, side, size: '1', price: '50000.0' });

test('EX-2 two persons announce it; until the stated time all goes on, from then on positions are only left', () => {
  const house = held();
  expect(typesOf(house.send(delist, officer('one')))).toEqual(['ProposalCreated']);
  expect(typesOf(byTwo(house, delist))).toEqual(['ProposalApproved', 'DelistingAnnounced']);
  place(house, 'more', 'BUY');
  place(house, 'less', 'SELL');
  house.pass('23h59m59.999s');
  trade(house, 'alice', 'bob', '1', '50000.0', ID);
  const began = house.pass('1ms');
  expect(typesOf(began).slice(0, 2)).toEqual(['DelistingBegan', 'OrdersCancelled']);
  expect(ofType(began, 'OrdersCancelled')).toMatchObject([{ orders: ['less', 'more'], cause: 'DELISTING' }]);
  expect(() => trade(house, 'alice', 'bob', '1', '50000.0', ID)).toThrow('INSTRUMENT_ENDING');
  expect(() => place(house, 'again', 'BUY')).toThrow('INSTRUMENT_ENDING');
  expect(() => trade(house, 'bob', 'alice', '2', '50000.0', ID)).not.toThrow();
  expect(() => place(house, 'out', 'SELL')).not.toThrow();
});

test('EX-2 at its end everybody is paid out at the average of the announced window, and orders are called back', () => {
  const house = held();
  byTwo(house, delist);
  house.pass('47h30m');
  quotes(house, '51000', '51000', '51000');
  place(house, 'out', 'SELL');
  expect(house.refusal(callOff)).toBe('DELISTING_NOT_FOUND');
  expectTwins(restored(house.state), house.state);
  // Half an hour at 50,000, half an hour at 51,000.
  const events = house.pass('30m');
  expect(typesOf(events)).toEqual(['OrdersCancelled', 'InstrumentExpired']);
  expect(ofType(events, 'InstrumentExpired')).toMatchObject([
    { price: 505_000n, priced: { by: 'WINDOW', live: HOUR } },
  ]);
  expect([house.balance('alice'), house.balance('bob')]).toEqual(['95000.00', '85000.00']);
  expect(house.refusal(delist)).toBe('INSTRUMENT_NOT_TRADING');
  expectReplays(house.state, house.entries);
});

test('EX-2 it is called off by two persons before its window opens, and all is as it was', () => {
  const house = held();
  byTwo(house, delist);
  expect(house.refusal(delist)).toBe('ALREADY_DELISTING');
  house.pass('30h');
  expect(() => trade(house, 'alice', 'bob', '1', '50000.0', ID)).toThrow('INSTRUMENT_ENDING');
  expect(typesOf(byTwo(house, callOff))).toEqual(['ProposalApproved', 'DelistingCancelled']);
  expect(house.refusal(callOff)).toBe('DELISTING_NOT_FOUND');
  trade(house, 'alice', 'bob', '1', '50000.0', ID);
  expect(new Set(typesOf(house.pass('40h')))).toEqual(new Set(['LossPeriodStarted']));
  expectTwins(restored(house.state), house.state);
  expectReplays(house.state, house.entries);
});

test('EX-2 at once where no time is given; what ends at its mark has no index, and no window without one', () => {
  const house = held();
  for (const fields of [
    { reduceOnlyAt: START - 1 },
    { endsAt: START + 24 * HOUR + HOUR - 1 },
    { endsAt: START + 367 * 24 * HOUR },
    { settlementWindow: null },
    { settlementWindow: 999 },
    { instrument: 'BTC-PERP' },
  ])
    expect(house.refusal({ ...delist, ...fields })).toBe('VALUE_OUT_OF_RANGE');
  expect(house.refusal({ ...delist, instrument: 'none' })).toBe('INSTRUMENT_NOT_FOUND');
  const bare = { ...delist, instrument: 'BTC-PERP', reduceOnlyAt: null, settlementWindow: null };
  trade(house, 'alice', 'bob', '1', '50000', 'BTC-PERP');
  expect(typesOf(byTwo(house, bare))).toEqual(['ProposalApproved', 'DelistingAnnounced', 'DelistingBegan']);
  expect(() => trade(house, 'alice', 'bob', '1', '50000', 'BTC-PERP')).toThrow('INSTRUMENT_ENDING');
  mark(house, '50100', 'BTC-PERP');
  expect(ofType(house.pass('48h'), 'InstrumentExpired')).toMatchObject([{ instrument: 'BTC-PERP', price: 501_000n }]);
  const rate = { type: 'SubmitFundingRate', instrument: 'BTC-PERP', rate: '0.001' } as const;
  expect(house.refusal(rate)).toBe('INSTRUMENT_NOT_TRADING');
});

test('EX-2 DS-1 a window that opens at the very instant at which its end is announced opens after a restart too', () => {
  const house = held();
  byTwo(house, { ...delist, reduceOnlyAt: null, endsAt: house.now + HOUR });
  expectTwins(restored(house.state), house.state);
  expect(typesOf(house.pass('1ms'))).toEqual(['SettlementWindowOpened']);
});

test('EX-2 EX-1 called off within the window of its own expiry, a future is averaged from then on alone', () => {
  const house = held();
  const future = {
    instrument: 'ETH-FUT',
    kind: 'FUTURE',
    expiry: START + 30 * HOUR,
    settlementWindow: 10 * HOUR,
  } as const;
  defineOnIndex(house, { ...future, markBand: null, heartbeat: 100 * HOUR });
  mark(house, '50000.0', 'ETH-FUT');
  trade(house, 'alice', 'bob', '1', '50000.0', 'ETH-FUT');
  const sooner = { instrument: 'ETH-FUT', endsAt: START + 29 * HOUR, settlementWindow: 60_000 };
  byTwo(house, { ...delist, ...sooner });
  house.pass('26h');
  quotes(house, '51000', '51000', '51000');
  byTwo(house, { ...callOff, instrument: 'ETH-FUT' });
  expect(ofType(house.pass('1h'), 'SettlementWindowOpened')).toMatchObject([
    { averaging: { from: START + 20 * HOUR, since: START + 26 * HOUR, price: 5_100_000n, live: 0 } },
  ]);
  // Half of ten hours is not reached at the end: four hours at 51,000 and one at 50,000 are it.
  house.pass('3h');
  quotes(house, '50000', '50000', '50000');
  expect(ofType(house.pass('1h'), 'InstrumentExpired')).toMatchObject([
    { price: 508_000n, priced: { from: START + 20 * HOUR, until: START + 31 * HOUR, live: 5 * HOUR } },
  ]);
  expectReplays(house.state, house.entries);
});
