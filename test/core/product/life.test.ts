/**
 * The whole life of contracts of every kind, all in one house: listed, traded, funded, settled, halted, delisted,
 * expired. Whatever comes in whatever order: money is conserved after every entry, and the journal replays.  DS-1, QC-2,
 * EX-1, EX-2
 */

import fc from 'fast-check';
import type { Command } from '../../../src/core/message/command';
import { openAccount, tradeOf } from '../../support/given';
import { START, type TestHouse } from '../../support/house';
import { INVERSE, inverseHouse, openCoins } from '../../support/inverse';
import { byTwo } from '../../support/ladder';
import { rejectionOf } from '../../support/outcome';
import { defineIndex, defineOnIndex } from '../../support/prices';
import { expectReplays, expectTwins, restored } from '../../support/twin';

const HOUR = 3_600_000;
const LINEAR = 'LINEAR-PERP';
const FUTURE = 'LINEAR-FUT';
const QUANTO = 'QUANTO-FUT';
const COIN = 'INVERSE-FUT';

const [COINS, DOLLARS] = [
  ['c1', 'c2', 'c3'],
  ['d1', 'd2', 'd3'],
] as const;

/** A contract of every kind, with and without an index, that ends and that goes on. */
function manyKinds(): TestHouse {
  const house = inverseHouse({ interval: HOUR });
  house.send({ type: 'DefineCurrency', currency: 'ETH', scale: 8 });
  defineIndex(house, { sources: ['a'], minimumSources: 1, maximumDeviation: '0.5', heartbeat: 2 * HOUR });
  const dated = { kind: 'FUTURE', markBand: null, heartbeat: 100 * HOUR, settlementWindow: HOUR } as const;
  const coin = { settlement: 'BTC', tick: '0.5', lot: '1' };
  defineOnIndex(house, {
    instrument: LINEAR,
    markMethod: 'INDEX',
    markBand: null,
    heartbeat: 2 * HOUR,
    variationInterval: HOUR,
  });
  defineOnIndex(house, { ...dated, instrument: FUTURE, expiry: START + 6 * HOUR, variationInterval: null });
  defineOnIndex(house, {
    ...dated,
    ...coin,
    instrument: COIN,
    contract: 'INVERSE',
    expiry: START + 8 * HOUR,
    multiplier: '1',
  });
  defineOnIndex(house, {
    ...{ ...dated, ...coin, instrument: QUANTO, contract: 'QUANTO', base: 'ETH', expiry: START + 10 * HOUR },
    multiplier: '0.0000001',
  });
  for (const account of COINS) openCoins(house, account, '20');
  for (const account of DOLLARS) openAccount(house, account, '300000');
  return house;
}

const IDS = [LINEAR, FUTURE, QUANTO, COIN, INVERSE, 'BTC-PERP'] as const;
const settledInCoins = (id: string): boolean => id === QUANTO || id === COIN || id === INVERSE;

const command = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      is: fc.constant('trade' as const),
      id: fc.constantFrom(...IDS),
      of: fc.nat(5),
      lots: fc.integer({ min: 1, max: 9 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ is: fc.constant('index' as const), price: fc.integer({ min: 46_000, max: 54_000 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      is: fc.constant('mark' as const),
      id: fc.constantFrom(...IDS),
      price: fc.integer({ min: 46_000, max: 54_000 }),
    }),
  },
  { weight: 5, arbitrary: fc.record({ is: fc.constant('pass' as const), minutes: fc.integer({ min: 1, max: 90 }) }) },
  { weight: 2, arbitrary: fc.record({ is: fc.constant('fund' as const), id: fc.constantFrom(LINEAR, INVERSE) }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('halt' as const), id: fc.constantFrom(...IDS) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      is: fc.constant('delist' as const),
      id: fc.constantFrom(...IDS),
      hours: fc.integer({ min: 1, max: 5 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('callOff' as const), id: fc.constantFrom(...IDS) }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('last' as const), id: fc.constantFrom(...IDS) }) },
);
type Step = typeof command extends fc.Arbitrary<infer T> ? T : never;

const PAIRS = [
  [0, 1],
  [1, 2],
  [2, 0],
  [1, 0],
  [2, 1],
  [0, 2],
] as const;

function commandOf(house: TestHouse, step: Exclude<Step, { is: 'pass' }>): Command {
  const reason = 'by chance';
  switch (step.is) {
    case 'trade': {
      const [buyer, seller] = PAIRS[step.of] as (typeof PAIRS)[number];
      const who = settledInCoins(step.id) ? COINS : DOLLARS;
      const { instrument, mark } = house.state.listings.get(step.id) ?? {};
      const ticks = instrument?.tick === '0.5' ? 2 : 10;
      const price = mark ? String(Number(mark.price) / ticks) : '50000';
      const size = settledInCoins(step.id) ? String(step.lots * 1_000) : `0.${step.lots}`;
      return tradeOf(who[buyer] as string, who[seller] as string, size, price, step.id);
    }
    case 'index':
      return {
        type: 'SubmitIndexPrices',
        source: 'a',
        prices: [{ index: 'BTC/USD', price: `${step.price}.37`, observedAt: null }],
      };
    case 'mark':
      return {
        type: 'SubmitMarkPrices',
        source: 'venue',
        prices: [{ instrument: step.id, price: String(step.price), bid: null, ask: null, observedAt: null }],
      };
    case 'fund':
      return { type: 'SubmitFundingRate', instrument: step.id, rate: '0.0001' };
    case 'halt':
      return { type: 'SetInstrumentStatus', instrument: step.id, status: 'HALTED', reason };
    case 'delist': {
      const window = house.state.listings.get(step.id)?.instrument.index ? HOUR : null;
      const endsAt = house.now + step.hours * HOUR;
      return {
        type: 'DelistInstrument',
        instrument: step.id,
        reduceOnlyAt: null,
        endsAt,
        settlementWindow: window,
        reason,
      };
    }
    case 'callOff':
      return { type: 'CancelDelisting', instrument: step.id, reason };
    default:
      return { type: 'SetSettlementPrice', instrument: step.id, price: '50000', reason };
  }
}

const TWO = new Set(['delist', 'callOff', 'last']);

/** Sends what comes; what is refused is refused. Returns whether it was done. */
function take(house: TestHouse, step: Step): boolean {
  if (step.is === 'pass') {
    house.pass(`${step.minutes}m`);
    return true;
  }
  const asked = commandOf(house, step);
  if (!TWO.has(step.is)) return rejectionOf(house.try(asked)) === undefined;
  try {
    byTwo(house, asked);
    return true;
  } catch {
    return false;
  }
}

test('DS-1 EX-1 EX-2 QC-2 lives of contracts of every kind conserve money and replay, whatever comes', () => {
  const done = new Map<string, number>();
  let ended = 0;
  fc.assert(
    fc.property(fc.array(command, { minLength: 30, maxLength: 70 }), (steps) => {
      const house = manyKinds();
      take(house, { is: 'index', price: 50_000 });
      for (const id of IDS) take(house, { is: 'mark', id, price: 50_000 });
      for (const step of steps) if (take(house, step)) done.set(step.is, (done.get(step.is) ?? 0) + 1);
      expectTwins(restored(house.state), house.state);
      expectReplays(house.state, house.entries);
      ended += [...house.state.listings.values()].filter(({ status }) => status === 'EXPIRED').length;
    }),
    { numRuns: 12 },
  );
  // Chance has come by everything that it was to come by.
  for (const is of ['trade', 'index', 'mark', 'pass', 'fund', 'halt', 'delist'])
    expect([is, done.get(is) ?? 0]).not.toEqual([is, 0]);
  expect(ended).toBeGreaterThan(10);
});
