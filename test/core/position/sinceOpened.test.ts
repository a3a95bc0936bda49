/** A position as its holder sees it: what it was entered at and has gained since, however gains are settled.  PV-1 */

import fc from 'fast-check';
import { healthOf } from '../../../src/core/margin/health';
import type { ContractKind } from '../../../src/core/model/reference';
import { deltaNotionalOf, worthAt } from '../../../src/core/position/value';
import { price, size } from '../../../src/units/quantity';
import { given as rungGiven } from '../../support/deleveragingRung';
import { flatTiers, mark, onePerpetual, openAccount, trade, tradeOf } from '../../support/given';
import { ofType, START, type TestHouse } from '../../support/house';
import { inverseHouse, openCoins } from '../../support/inverse';
import { usd } from '../../support/ladder';
import { defineOnIndex } from '../../support/prices';
import { rungOf } from '../../support/rungs';
import { postedSinceOpened } from '../../support/sinceOpened';
import { expectReplays, expectTwins, restored } from '../../support/twin';

const HOUR = 3_600_000;

const figuresOf = (house: TestHouse, account = 'alice', instrument?: string) => {
  const { positions } = healthOf(house.state, account);
  const found = positions.find((each) => instrument === undefined || each.instrument === instrument);
  if (!found) return undefined;
  const { entryPrice, settledPrice, realisedGain, unrealisedGain, settledGain, unrealised } = found;
  return { entryPrice, settledPrice, realisedGain, unrealisedGain, settledGain, unrealised };
};

/** Realised and unrealised gains are what was posted since the position was opened, and what is not posted yet. */
function expectAddsUp(house: TestHouse): number {
  const open = postedSinceOpened(house.entries);
  for (const { account, instrument, size: lots, posted } of open) {
    const gains = figuresOf(house, account, instrument);
    if (!gains) throw new Error('No position');
    const held = house.state.book.position(account, instrument)?.size;
    expect({ account, held, posted: gains.settledGain }).toEqual({ account, held: lots, posted });
    expect(gains.realisedGain + gains.unrealisedGain).toBe(posted + gains.unrealised);
  }
  return open.length;
}

describe('PV-1 a linear position that is settled at every mark', () => {
  /** Entered at 50,000 and 50,200, settled on the way. */
  function entered(): TestHouse {
    const house = onePerpetual({ interval: null });
    for (const id of ['alice', 'maker']) openAccount(house, id, '1000000');
    trade(house, 'alice', 'maker', '10', '50000');
    mark(house, '50100');
    trade(house, 'alice', 'maker', '10', '50200');
    mark(house, '50300');
    return house;
  }

  test('PV-1 the entry price is the average of what was paid, the settled price that of the last settlement', () => {
    const house = entered();
    expect(figuresOf(house)).toEqual({
      ...{ entryPrice: '50100', settledPrice: '50300' },
      // 20 x 200, all of it settled.
      ...{ realisedGain: 0n, unrealisedGain: usd('4000.00'), settledGain: usd('4000.00'), unrealised: 0n },
    });
    expectAddsUp(house);
  });

  test('PV-1 what is closed realises against the entry price, which stays', () => {
    const house = entered();
    trade(house, 'maker', 'alice', '5', '50400');
    expect(figuresOf(house)).toEqual({
      ...{ entryPrice: '50100', settledPrice: '50300' },
      // 5 x 300, and 15 x 200 at the mark.
      ...{ realisedGain: usd('1500.00'), unrealisedGain: usd('3000.00'), settledGain: usd('4500.00'), unrealised: 0n },
    });
    expectAddsUp(house);
  });

  test('PV-1 a position that turns is a new one, and one that is closed has no entry', () => {
    const house = entered();
    trade(house, 'maker', 'alice', '25', '50400');
    expect(figuresOf(house)).toMatchObject({ entryPrice: '50400', realisedGain: 0n, unrealisedGain: usd('500.00') });
    mark(house, '50200');
    expect(figuresOf(house)).toMatchObject({ entryPrice: '50400', unrealisedGain: usd('1000.00') });
    expectAddsUp(house);
    trade(house, 'alice', 'maker', '5', '50200');
    expect(figuresOf(house)).toBeUndefined();
    expect(house.state.book.position('alice', 'BTC-PERP')?.sinceOpened).toBeUndefined();
  });

  test('PV-1 funding is paid beside it: no gain of the price', () => {
    const house = entered();
    const before = figuresOf(house);
    house.send({ type: 'SubmitFundingRate', instrument: 'BTC-PERP', rate: '0.0001' });
    expect(figuresOf(house)).toEqual(before);
  });

  test('PV-1 it is in the snapshot, and in what the journal comes to', () => {
    const house = entered();
    expectTwins(restored(house.state), house.state);
    expectReplays(house.state, house.entries);
  });
});

const TERMS = {
  LINEAR: { quote: 'USD', settlement: 'USD', tick: '0.5', lot: '1', multiplier: '0.02' },
  INVERSE: { quote: 'USD', settlement: 'BTC', tick: '0.5', lot: '1', multiplier: '100' },
  QUANTO: { base: 'ETH', quote: 'USD', settlement: 'BTC', tick: '0.5', lot: '1', multiplier: '0.000001' },
} as const;
const KINDS: readonly ContractKind[] = ['LINEAR', 'INVERSE', 'QUANTO'];

/** One contract and five accounts, two of which have little. */
function houseOf(contract: ContractKind, interval: number | null): TestHouse {
  const house = inverseHouse();
  house.send({ type: 'DefineCurrency', currency: 'ETH', scale: 8 });
  const terms = { ...TERMS[contract], index: null, markBand: null, heartbeat: 604_800_000 };
  defineOnIndex(house, {
    ...{ ...terms, instrument: 'X', contract, kind: 'FUTURE', expiry: START + 400 * HOUR },
    variationInterval: interval,
  });
  house.send({ type: 'SetTierSchedule', instrument: 'X', tiers: flatTiers('0.05', '0.025'), effectiveAt: null });
  mark(house, '10000', 'X');
  for (const [account, much, little] of [
    ['a', '1000000', '100'],
    ['b', '1000000', '100'],
    ['c', '1000000', '100'],
    ['d', '15000', '0.4'],
    ['e', '15000', '0.4'],
  ] as const)
    if (contract === 'LINEAR') openAccount(house, account, much);
    else openCoins(house, account, little);
  return house;
}

const steps = fc.array(
  fc.oneof(
    fc.record({
      is: fc.constant('trade' as const),
      sides: fc.shuffledSubarray(['a', 'b', 'c', 'd', 'e'], { minLength: 2, maxLength: 2 }),
      lots: fc.integer({ min: 1, max: 700 }),
      ticks: fc.integer({ min: 18_000, max: 22_000 }),
    }),
    fc.record({ is: fc.constant('mark' as const), ticks: fc.integer({ min: 18_000, max: 22_000 }) }),
    fc.record({ is: fc.constant('pass' as const), hours: fc.integer({ min: 1, max: 9 }) }),
  ),
  { minLength: 10, maxLength: 40 },
);
type Steps = typeof steps extends fc.Arbitrary<infer T> ? T : never;

function live(house: TestHouse, all: Steps): void {
  for (const step of all) {
    if (step.is === 'pass') house.pass(`${step.hours}h`);
    else if (step.is === 'mark') mark(house, String(step.ticks / 2), 'X');
    else {
      const [buyer = '', seller = ''] = step.sides;
      house.try(tradeOf(buyer, seller, String(step.lots * 10), String(step.ticks / 2), 'X'));
    }
  }
}

test.each(KINDS)(
  'PV-1 %s: in any life what was realised and is not yet since entry is what was posted, to the unit',
  (contract) => {
    const seen = { open: 0, taken: 0, partly: 0 };
    fc.assert(
      fc.property(steps, fc.constantFrom(null, HOUR, 7 * HOUR), (all, interval) => {
        const house = houseOf(contract, interval);
        live(house, all);
        seen.open += expectAddsUp(house);
        const events = house.entries.flatMap(({ outcome }) => ('events' in outcome ? outcome.events : []));
        seen.taken += ofType(events, 'LiquidationOrderFilled').length + ofType(events, 'PositionTakenOver').length;
        for (const id of ['a', 'b', 'c', 'd', 'e'])
          if (house.state.book.position(id, 'X')?.sinceOpened?.realised) seen.partly += 1;
      }),
      { numRuns: 60 },
    );
    // Chance has come by positions that were partly closed, and by liquidations.
    expect(Math.min(seen.open, seen.partly, seen.taken)).toBeGreaterThan(10);
  },
);

test.each(KINDS)('PV-1 %s: settled at every mark or never, entry and gains since are the same', (contract) => {
  fc.assert(
    fc.property(steps, (all) => {
      const [often, never] = [houseOf(contract, null), houseOf(contract, 365 * 24 * HOUR)];
      for (const house of [often, never]) live(house, all);
      for (const id of ['a', 'b', 'c', 'd', 'e']) {
        const [one, other] = [figuresOf(often, id, 'X'), figuresOf(never, id, 'X')];
        expect([one?.entryPrice, one?.realisedGain, one?.unrealisedGain]).toEqual([
          other?.entryPrice,
          other?.realisedGain,
          other?.unrealisedGain,
        ]);
        // Where nothing is settled, the settled price is that of the entry.
        expect(other?.settledPrice).toBe(other?.entryPrice);
      }
    }),
    { numRuns: 40 },
  );
});

test('PV-1 an inverse position: entered at the harmonic average, gains in coins', () => {
  const house = houseOf('INVERSE', null);
  trade(house, 'a', 'b', '500', '10000', 'X');
  mark(house, '11000', 'X');
  trade(house, 'a', 'b', '500', '12500', 'X');
  mark(house, '12500', 'X');
  // 5 + 4 bitcoin for 100,000 dollars: 100,000 / 9.  At 12,500 they are worth 8.
  expect(figuresOf(house, 'a')).toMatchObject({ entryPrice: '11111.111111111111', unrealisedGain: 100_000_000n });
  trade(house, 'b', 'a', '250', '12500', 'X');
  expect(figuresOf(house, 'a')).toMatchObject({
    ...{ entryPrice: '11111.111111111111', settledPrice: '12500' },
    ...{ realisedGain: 25_000_000n, unrealisedGain: 75_000_000n, settledGain: 100_000_000n },
  });
});

test('PV-1 a quanto position: entered at the average, gains at its fixed rate', () => {
  const house = houseOf('QUANTO', null);
  trade(house, 'a', 'b', '1000', '2000', 'X');
  mark(house, '2150', 'X');
  trade(house, 'b', 'a', '400', '2100', 'X');
  // 400 x 100 and 600 x 150 dollars, at a millionth of a bitcoin each.
  expect(figuresOf(house, 'a')).toMatchObject({
    ...{ entryPrice: '2000', settledPrice: '2150' },
    ...{ realisedGain: 4_000_000n, unrealisedGain: 9_000_000n, settledGain: 13_000_000n },
  });
});

test('PV-1 who is deleveraged keeps the entry of what is left, and has realised what was closed', () => {
  const house = rungGiven({ rungs: [rungOf('DELEVERAGING')] });
  const entry = figuresOf(house, 'bob')?.entryPrice;
  mark(house, '50000');
  const [closed] = ofType(house.pass('1h'), 'PositionDeleveraged');
  expect([closed?.account, closed?.size]).toEqual(['bob', 15n]);
  const gains = figuresOf(house, 'bob');
  expect(gains?.entryPrice).toBe(entry);
  expect(gains?.realisedGain).toBe(((usd(`${entry}.00`) - usd('50000.00')) * 15n) / 10n);
  expectAddsUp(house);
});

test('PV-1 at the end of a contract nothing is left of its entry', () => {
  const house = houseOf('LINEAR', null);
  trade(house, 'a', 'b', '50', '10000', 'X');
  mark(house, '10100', 'X');
  house.pass('150h');
  mark(house, '10100', 'X');
  house.pass('150h');
  mark(house, '10100', 'X');
  expect(ofType(house.pass('101h'), 'InstrumentExpired')).toHaveLength(1);
  expect(house.state.book.position('a', 'X')?.sinceOpened).toBeUndefined();
});

test.each(KINDS)('PV-1 %s: the delta-adjusted notional is the price times what a small rise gains', (contract) => {
  const house = houseOf(contract, null);
  const listing = house.state.listings.get('X');
  if (!listing) throw new Error('No listing');
  const { instrument } = listing;
  for (const lots of [size(1_000_000n), size(-2_500_000n)])
    for (const at of [2_000n, 20_000n, 200_000n]) {
      const rise = worthAt(instrument, lots, price(at + 1n)) - worthAt(instrument, lots, price(at - 1n));
      const measured = (Number(rise) / 2e12) * Number(at);
      const delta = Number(deltaNotionalOf(instrument, lots, price(at)));
      expect(Math.abs(delta / measured - 1)).toBeLessThan(1e-6);
      expect(delta > 0).toBe(lots > 0n);
    }
});

test('PV-4 totals of the portfolio are the sums of its positions', () => {
  const house = onePerpetual({ interval: null });
  house.send({ type: 'DefineCurrency', currency: 'ETH', scale: 8 });
  defineOnIndex(house, { ...TERMS.LINEAR, instrument: 'X', index: null, markBand: null, heartbeat: 604_800_000 });
  mark(house, '10000', 'X');
  for (const id of ['alice', 'maker']) openAccount(house, id, '1000000');
  trade(house, 'alice', 'maker', '2', '50000');
  trade(house, 'maker', 'alice', '300', '10000', 'X');
  mark(house, '50500');
  mark(house, '10100', 'X');
  trade(house, 'maker', 'alice', '1', '50500');
  const { deltaNotional, realisedGain, unrealisedGain, positions } = healthOf(house.state, 'alice');
  // 1 x 50,500 long against 300 x 0.02 x 10,100 short; 500 realised, 500 and -600 not.
  expect([deltaNotional, realisedGain, unrealisedGain]).toEqual([usd('-10100.00'), usd('500.00'), usd('-100.00')]);
  expect(positions.reduce((sum, each) => sum + each.deltaNotional, 0n)).toBe(deltaNotional);
});
