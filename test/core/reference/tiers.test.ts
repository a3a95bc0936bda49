import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { healthOf } from '../../../src/core/margin/health';
import { requirementAt } from '../../../src/core/margin/model/tiered';
import type { TierInput } from '../../../src/core/message/tierInputs';

import type { Listing } from '../../../src/core/model/state';
import type { TierSchedule } from '../../../src/core/model/tiers';
import { compileTiers, maximumLeverageOf, tierAt } from '../../../src/core/reference/tiers';
import { cash, type Margin, price, RATE_ONE, size } from '../../../src/units/quantity';
import { formatRatio, parseRatio } from '../../../src/units/ratio';
import { deductionOf } from '../../support/deduction';
import { definePerpetual, flatTiers, onePerpetual, openAccount, trade } from '../../support/given';
import { createTestHouse, type TestHouse } from '../../support/house';
import { Exact, tranches } from '../../support/oracle';
import { randomOf } from '../../support/random';
import { randomTiers } from '../../support/world';

const tier = (
  floor: string,
  cap: string | null,
  initialRate: string,
  maintenanceRate: string,
  deduction: string | null = null,
): TierInput => ({
  floor,
  cap,
  initialRate,
  maintenanceRate,
  deduction,
});

/** The ladder of Origin for BTC-PERP, with fifteenths and thirtieths exact. */
const ORIGIN = [
  tier('0', '5000000', '0.05', '0.025', '0'),
  tier('5000000', '20000000', '1/15', '1/30'),
  tier('20000000', '50000000', '0.1', '0.05', '375000'),
  tier('50000000', null, '0.2', '0.1', '2875000'),
];

const setTiers = (house: TestHouse, tiers: readonly TierInput[], instrument = 'BTC-PERP') =>
  house.try({ type: 'SetTierSchedule', instrument, tiers, effectiveAt: null });
const codeOf = (outcome: ReturnType<typeof setTiers>): string | undefined =>
  'rejection' in outcome ? outcome.rejection.code : undefined;
const listingOf = (house: TestHouse, instrument = 'BTC-PERP'): Listing =>
  house.state.listings.get(instrument) as Listing;

describe('MT-1 the Origin ladder', () => {
  test.each([
    // notional, initial, maintenance, tier
    ['5000000', '100', 25_000_000n, 12_500_000n],
    ['20000000', '400', 125_000_000n, 62_500_000n],
    ['30000000', '600', 225_000_000n, 112_500_000n],
    ['60000000', '1200', 625_000_000n, 312_500_000n],
  ])('MT-1 a position of %s requires exactly what the ladder says', (notional, contracts, initial, maintenance) => {
    const house = onePerpetual({ tiers: ORIGIN });
    for (const id of ['long', 'short']) openAccount(house, id, '90000000');
    trade(house, 'long', 'short', contracts, '50000');
    for (const id of ['long', 'short']) {
      const health = healthOf(house.state, id);
      expect([health.grossNotional, health.initial, health.maintenance]).toEqual([
        BigInt(notional) * 100n,
        initial,
        maintenance,
      ]);
    }
  });

  test('MT-1 the sum of tranches is notional x rate - maintenance amount: at 30 million 5 % - 375,000', () => {
    const house = onePerpetual({ tiers: ORIGIN });
    const schedule = listingOf(house).tiers as TierSchedule;
    const third = tierAt(schedule, 3_000_000_000n);
    expect(deductionOf(schedule, third)).toBe(37_500_000n);
    expect(3_000_000_000n / 20n - 37_500_000n).toBe(112_500_000n);
    expect(tranches(ORIGIN, new Exact('30000000'), 'maintenance').toFixed(6)).toBe('1125000.000000');
    expect(schedule.tiers.map((each) => formatRatio(maximumLeverageOf(schedule, each)))).toEqual([
      '20',
      '15',
      '10',
      '5',
    ]);
  });
});

describe('MT-2 continuity and order', () => {
  /** One lot and a tick of one cent: a price of n ticks is a notional of n cents. */
  const centOf = (house: TestHouse, tiers: TierSchedule, cents: bigint, which: 'initial' | 'maintenance'): Margin =>
    requirementAt({ ...listingOf(house).instrument, tickValue: cash(1n) }, tiers, size(1n), size(1n), price(cents))[
      which
    ];

  test('MT-2 at every border, one cent below and one above, the requirement never falls and never jumps', () => {
    const house = onePerpetual();
    const random = randomOf(11);
    for (let i = 0; i < 150; i++) {
      const input = randomTiers(random);
      expect(codeOf(setTiers(house, input))).toBeUndefined();
      const schedule = listingOf(house).tiers as TierSchedule;
      for (const { floor } of schedule.tiers.slice(1)) {
        for (const which of ['initial', 'maintenance'] as const) {
          const [below, at, above] = [floor - 1n, floor, floor + 1n].map((cents) =>
            centOf(house, schedule, cents, which),
          ) as [Margin, Margin, Margin];
          expect(below <= at && at <= above).toBe(true);
          // One cent more of notional costs at most one cent more of margin, rounded up at 1e-12 of it.
          expect(at - below <= RATE_ONE + 1n && above - at <= RATE_ONE + 1n).toBe(true);
        }
      }
    }
  });

  test('MT-2 the compiled schedule is the sum of tranches at any notional, rounded up at 1e-12 of a cent', () => {
    const house = onePerpetual();
    const random = randomOf(12);
    for (let i = 0; i < 60; i++) {
      const input = randomTiers(random);
      setTiers(house, input);
      const schedule = listingOf(house).tiers as TierSchedule;
      for (let n = 0; n < 10; n++) {
        const cents = random.bits(1 + random.below(40)) + 1n;
        for (const which of ['initial', 'maintenance'] as const) {
          const exact = tranches(input, new Exact(cents.toString()).div(100), which)
            .times(100)
            .times(RATE_ONE.toString());
          // A fraction cut at 64 digits may stand a hair above a whole number.
          expect(centOf(house, schedule, cents, which).toString()).toBe(exact.minus('1e-30').ceil().toFixed());
        }
      }
    }
  });

  test.each([
    ['a first tier that does not begin at zero', [tier('1', null, '0.1', '0.05')], 'TIERS_NOT_CONTIGUOUS'],
    ['a gap', [tier('0', '100', '0.1', '0.05'), tier('101', null, '0.2', '0.1')], 'TIERS_NOT_CONTIGUOUS'],
    ['an overlap', [tier('0', '100', '0.1', '0.05'), tier('99.99', null, '0.2', '0.1')], 'TIERS_NOT_CONTIGUOUS'],
    [
      'a tier without end before the last',
      [tier('0', null, '0.1', '0.05'), tier('100', null, '0.2', '0.1')],
      'TIERS_NOT_CONTIGUOUS',
    ],
    ['an empty tier', [tier('0', '0', '0.1', '0.05'), tier('0', null, '0.2', '0.1')], 'TIERS_NOT_CONTIGUOUS'],
    ['no tier', [], 'TIERS_NOT_CONTIGUOUS'],
    [
      'a falling maintenance rate',
      [tier('0', '100', '0.2', '0.05'), tier('100', null, '0.2', '0.049999')],
      'TIERS_NOT_RISING',
    ],
    [
      'a falling initial rate',
      [tier('0', '100', '2/15', '0.05'), tier('100', null, '0.133333', '0.05')],
      'TIERS_NOT_RISING',
    ],
    ['maintenance above initial', [tier('0', null, '1/15', '0.066667')], 'TIERS_RATE_INVALID'],
    ['maintenance of zero', [tier('0', null, '0.1', '0')], 'TIERS_RATE_INVALID'],
    ['initial above the whole notional', [tier('0', null, '1.000001', '0.5')], 'TIERS_RATE_INVALID'],
    [
      'a deduction that leaves a step up',
      [tier('0', '100', '0.1', '0.05'), tier('100', null, '0.2', '0.1', '4.99')],
      'TIERS_NOT_CONTINUOUS',
    ],
    [
      'a deduction that leaves a step down',
      [tier('0', '100', '0.1', '0.05'), tier('100', null, '0.2', '0.1', '5.01')],
      'TIERS_NOT_CONTINUOUS',
    ],
    ['a deduction in the first tier', [tier('0', null, '0.1', '0.05', '1')], 'TIERS_NOT_CONTINUOUS'],
    [
      'a border finer than the currency',
      [tier('0', '100.001', '0.1', '0.05'), tier('100.001', null, '0.2', '0.1')],
      'TOO_MANY_DIGITS',
    ],
  ])('MT-2 refuses %s', (_, tiers, code) => {
    const house = onePerpetual();
    const before = listingOf(house).tiers;
    expect(codeOf(setTiers(house, tiers))).toBe(code);
    expect(listingOf(house).tiers).toBe(before);
  });

  test('MT-2 equal rates, a stated deduction that fits and a last tier with an end are taken', () => {
    const house = onePerpetual();
    const tiers = [
      tier('0', '100', '0.1', '0.05', '0'),
      tier('100', '200', '0.1', '0.05', '0'),
      tier('200', '300', '0.2', '0.1', '10'),
    ];
    expect(codeOf(setTiers(house, tiers))).toBeUndefined();
    expect(listingOf(house).tiers?.version).toBe(2);
  });
});

test('MT-1 a border belongs to the lower tier, and past the last cap the last rate goes on', () => {
  const schedule = {
    instrument: 'X',
    version: 1,
    effectiveAt: 0 as TierSchedule['effectiveAt'],
    ...compileTiers([
      { floor: cash(0n), cap: cash(100n), initial: parseRatio('0.1'), maintenance: parseRatio('0.05') },
      { floor: cash(100n), cap: cash(200n), initial: parseRatio('0.2'), maintenance: parseRatio('0.1') },
    ]),
  };
  expect(
    [0n, 99n, 100n, 101n, 200n, 201n, 10_000n].map((notional) => schedule.tiers.indexOf(tierAt(schedule, notional))),
  ).toEqual([0, 0, 0, 1, 1, 1, 1]);
});

describe('real tables', () => {
  type Row = readonly [floor: string, cap: string, rate: string, leverage: string, deduction: string];
  const { instruments } = JSON.parse(
    readFileSync(join(__dirname, '../../../src/interop/examples/margin-tiers.json'), 'utf8'),
  ) as {
    instruments: Record<string, Row[]>;
  };
  const inputOf = (rows: readonly Row[]): TierInput[] =>
    rows.map(([floor, cap, rate, leverage, deduction]) => tier(floor, cap, `1/${leverage}`, rate, deduction));

  const house = createTestHouse();
  house.send({ type: 'DefineCurrency', currency: 'USD', scale: 2 });
  house.send({ type: 'DefineCurrency', currency: 'BTC', scale: 8 });
  definePerpetual(house, 'X');

  test('MT-2 all 318 tables of the Binance perpetuals compile, and the deductions they state are the continuous ones', () => {
    const refused = Object.entries(instruments).filter(
      ([, rows]) => codeOf(setTiers(house, inputOf(rows), 'X')) !== undefined,
    );
    expect(refused.map(([name]) => name)).toEqual([]);
    expect(Object.keys(instruments)).toHaveLength(318);
  });

  test('MT-2 any stated deduction that is off by one cent is found', () => {
    const passed = Object.entries(instruments).filter(([, rows]) => {
      const input = inputOf(rows);
      const last = input.at(-1) as TierInput;
      const off = new Exact(last.deduction as string).plus('0.01').toFixed();
      return (
        codeOf(setTiers(house, [...input.slice(0, -1), { ...last, deduction: off }], 'X')) !== 'TIERS_NOT_CONTINUOUS'
      );
    });
    expect(passed).toEqual([]);
  });
});

test('MT-4 an announced schedule takes force at its instant and not before, under its own version', () => {
  const house = onePerpetual();
  const at = house.now + 3_600_000;
  house.send({ type: 'SetTierSchedule', instrument: 'BTC-PERP', tiers: flatTiers('0.2', '0.1'), effectiveAt: at });
  house.pass('59m59.999s');
  expect([listingOf(house).tiers?.version, listingOf(house).pendingTiers?.version]).toEqual([1, 2]);
  house.pass('1ms');
  expect([listingOf(house).tiers?.version, listingOf(house).pendingTiers]).toEqual([2, null]);
  expect(
    house.refusal({
      type: 'SetTierSchedule',
      instrument: 'BTC-PERP',
      tiers: flatTiers('0.2', '0.1'),
      effectiveAt: house.now - 1,
    }),
  ).toBe('VALUE_OUT_OF_RANGE');
});
