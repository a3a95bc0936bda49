/** The last price of a contract: averaged over a window, waited for, or set by two persons.  EX-1, S07, DS-1 */

import { mark, onePerpetual, openAccount, trade } from '../../support/given';
import { ofType, START, type TestHouse, typesOf } from '../../support/house';
import { byTwo } from '../../support/ladder';
import { defineIndex, defineOnIndex, quotes } from '../../support/prices';
import { expectReplays, expectTwins, restored } from '../../support/twin';

const HOUR = 3_600_000;
const ID = 'BTC-FUT';

/** A future that ends at 13:00 at the average of its index from 12:30; ten contracts of it are held at 50,000. */
function windowed(heartbeat = 2 * HOUR, given: Parameters<typeof defineOnIndex>[1] = {}): TestHouse {
  const house = onePerpetual();
  defineIndex(house, { maximumDeviation: '0.5', heartbeat });
  defineOnIndex(house, {
    ...{ instrument: ID, kind: 'FUTURE', heartbeat: 2 * HOUR, markBand: null, expiry: START + HOUR },
    ...{ settlementWindow: HOUR / 2, ...given },
  });
  to(house, '50000');
  mark(house, '50000.0', ID);
  for (const account of ['alice', 'bob']) openAccount(house, account, '30000');
  trade(house, 'alice', 'bob', '10', '50000.0', ID);
  return house;
}

const to = (house: TestHouse, price: string) => quotes(house, price, price, price);

/** 50,000 until 12:40, 50,600 until 12:55, 50,300 until 13:00. */
function averaged(house = windowed()): TestHouse {
  house.pass('40m');
  to(house, '50600');
  house.pass('15m');
  to(house, '50300');
  house.pass('4m59.999s');
  return house;
}

const setPrice = { type: 'SetSettlementPrice', instrument: ID, price: '49000.0', reason: 'no source is left' } as const;

describe('EX-1 the last price is the average of the index over the window, each price by the time that it stood', () => {
  test('EX-1 10 minutes at 50,000, 15 at 50,600 and 5 at 50,300 average to 50,350; all are paid, nobody holds', () => {
    const house = averaged();
    mark(house, '50999.9', ID);
    expect(house.state.listings.get(ID)?.status).toBe('ACTIVE');
    const events = house.pass('1ms');
    expect(ofType(events, 'InstrumentExpired')).toMatchObject([
      {
        price: 503_500n,
        priced: { by: 'WINDOW', from: START + HOUR / 2, until: START + HOUR, live: HOUR / 2 },
        lines: [
          { account: 'alice', amount: 350_000n },
          { account: 'bob', amount: -350_000n },
        ],
        run: { rule: 'expiry-window/1' },
      },
    ]);
    expect([house.balance('alice'), house.balance('bob')]).toEqual(['33500.00', '26500.00']);
    expect(house.state.listings.get(ID)).toMatchObject({ status: 'EXPIRED' });
    expect(house.state.listings.get(ID)?.averaging).toBeUndefined();
    expect(() => trade(house, 'alice', 'bob', '1', '50000.0', ID)).toThrow('INSTRUMENT_NOT_TRADING');
    expectReplays(house.state, house.entries);
  });

  test('EX-1 what the index said before the window counts for nothing, and a price counts to the millisecond', () => {
    const house = windowed();
    to(house, '60000');
    house.pass('29m59.999s');
    to(house, '50000');
    // 50,000 for all but the last ten seconds, then 50,090: the average is 50,000.5.
    house.pass('29m50.001s');
    to(house, '50090');
    expect(ofType(house.pass('10s'), 'InstrumentExpired')).toMatchObject([{ price: 500_005n }]);
  });

  test('EX-1 an average between two ticks goes to the nearest, and from the middle to the even one', () => {
    // 50,000.00 for 15 minutes, then 50,000.10: the middle between 500,000 and 500,001 ticks.
    const house = windowed();
    house.pass('45m');
    to(house, '50000.10');
    expect(ofType(house.pass('15m'), 'InstrumentExpired')).toMatchObject([{ price: 500_000n }]);
    const next = windowed();
    to(next, '50000.10');
    next.pass('45m');
    to(next, '50000.20');
    expect(ofType(next.pass('15m'), 'InstrumentExpired')).toMatchObject([{ price: 500_002n }]);
  });

  test('EX-1 inside the window nothing else changes: positions are worth their mark, and trading goes on', () => {
    const house = windowed();
    house.pass('45m');
    to(house, '58000');
    expect(house.state.book.stateOf('bob').status).toBe('HEALTHY');
    expect(() => trade(house, 'alice', 'bob', '0.1', '50000.0', ID)).not.toThrow();
  });

  test('DS-1 a house that was stopped inside the window goes on where it was', () => {
    const house = averaged();
    const again = restored(house.state);
    expectTwins(again, house.state);
    expect(again.listings.get(ID)?.averaging).toEqual(house.state.listings.get(ID)?.averaging);
  });
});

describe('EX-1 without a price for half of the window the end waits', () => {
  /** The index falls silent at 12:35, five minutes into the window. */
  function silent(): TestHouse {
    const house = windowed(35 * 60_000);
    house.pass('60m');
    return house;
  }

  test('EX-1 nothing is settled and nothing opened until fifteen minutes of the window had a price', () => {
    const house = silent();
    expect(house.state.listings.get(ID)).toMatchObject({ status: 'ACTIVE', averaging: { live: 300_000, price: null } });
    mark(house, '50000.0', ID);
    expect(() => trade(house, 'alice', 'bob', '1', '50000.0', ID)).toThrow('INSTRUMENT_ENDING');
    house.pass('30m');
    to(house, '50400');
    expect(house.pass('9m59.999s').map(({ type }) => type)).not.toContain('InstrumentExpired');
    // Five minutes at 50,000 and ten at 50,400.
    expect(ofType(house.pass('1ms'), 'InstrumentExpired')).toMatchObject([
      { price: 502_667n, priced: { until: START + HOUR + 40 * 60_000, live: 900_000 } },
    ]);
    expectReplays(house.state, house.entries);
  });

  test('S07 two persons set it where there is none, never one, and never while there is one', () => {
    const early = averaged();
    expect(early.refusal(setPrice)).toBe('SETTLEMENT_NOT_AWAITED');
    const house = silent();
    to(house, '50400');
    expect(house.refusal(setPrice)).toBe('SETTLEMENT_NOT_AWAITED');
    const stopped = silent();
    const events = byTwo(stopped, setPrice);
    expect(typesOf(events).slice(0, 3)).toEqual(['ProposalApproved', 'SettlementPriceSet', 'InstrumentExpired']);
    expect(ofType(events, 'InstrumentExpired')).toMatchObject([
      { price: 490_000n, priced: { by: 'OFFICER', live: 300_000 }, run: { rule: 'expiry-set/1' } },
    ]);
    expect(stopped.refusal(setPrice)).toBe('SETTLEMENT_NOT_AWAITED');
    expectReplays(stopped.state, stopped.entries);
  });

  test('S07 a contract that ends at its mark waits for a live one, or for two persons', () => {
    const house = windowed(2 * HOUR, { settlementWindow: null, heartbeat: HOUR / 2 });
    expect(house.refusal(setPrice)).toBe('SETTLEMENT_NOT_AWAITED');
    house.pass('1h');
    expect(ofType(byTwo(house, setPrice), 'InstrumentExpired')).toMatchObject([
      { price: 490_000n, priced: { by: 'OFFICER', from: null, live: null } },
    ]);
  });
});

test('EX-1 DS-1 a halt holds no end up, and no deadline of it is left behind', () => {
  const house = averaged();
  house.send({ type: 'SetInstrumentStatus', instrument: ID, status: 'HALTED', reason: 'an outage' });
  expect(ofType(house.pass('1ms'), 'InstrumentExpired')).toMatchObject([{ price: 503_500n }]);
  expectTwins(restored(house.state), house.state);
});

test('EX-1 a window lies between now and the expiry, is a second to a day, and needs an index', () => {
  const house = windowed();
  for (const fields of [
    { settlementWindow: HOUR + 1 },
    { settlementWindow: 999 },
    { settlementWindow: 86_400_001, expiry: START + 48 * HOUR },
    { index: null },
    { kind: 'PERPETUAL' as const, expiry: null },
  ])
    expect(() =>
      defineOnIndex(house, {
        ...{ instrument: 'NEXT', kind: 'FUTURE', markBand: null, expiry: START + HOUR, settlementWindow: HOUR },
        ...fields,
      }),
    ).toThrow('VALUE_OUT_OF_RANGE');
});
