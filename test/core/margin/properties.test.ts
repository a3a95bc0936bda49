/** Properties of margin on random houses, against the oracle. */

import { restoreState, saveState } from '../../../src/core/engine/snapshot';
import { explainAccount } from '../../../src/core/margin/explain';
import { healthOf } from '../../../src/core/margin/health';
import { amountOfLevel, isBelow } from '../../../src/core/margin/level';
import type { Holding } from '../../../src/core/margin/model/holding';
import { pictureOf } from '../../../src/core/margin/picture';
import { bankruptcyPriceOf, maintenancePriceOf, priceAtLevel, type Solved } from '../../../src/core/margin/solve';
import { type Standing, standingOf, standingOfAccount } from '../../../src/core/margin/standing';
import type { MarginLevel } from '../../../src/core/model/policy';
import { parseDecimal } from '../../../src/units/decimal';
import { MARGIN_PER_CASH } from '../../../src/units/quantity';
import { sumOf } from '../../support/explained';
import { Exact, fraction, type Oracle } from '../../support/oracle';
import { randomOf } from '../../support/random';
import { createWorld, livedWorlds, putInForce, type World } from '../../support/world';

const CENT = new Exact('0.01');

/** A figure at 1e-12 of a cent as a decimal of the currency. */
const inUnits = (amount: bigint): Exact => new Exact(amount.toString()).div(MARGIN_PER_CASH.toString()).div(100);

/** Half of 1e-12 of a cent for every position and every kind of collateral is what rounding may take. */
function expectAgreement(world: World): void {
  const off: string[] = [];
  const slack = new Exact('1e-12').times(CENT).times(4);
  for (const id of world.clients) {
    const { equity, initial, maintenance } = standingOfAccount(world.house.state, id);
    const exact = [
      world.oracle.equityOf(id),
      world.oracle.requirementOf(id, 'initial'),
      world.oracle.requirementOf(id, 'maintenance'),
    ] as const;
    // Equity is rounded down, requirements up, and neither by more than the slack.
    const [e, i, m] = [
      exact[0].minus(inUnits(equity)),
      inUnits(initial).minus(exact[1]),
      inUnits(maintenance).minus(exact[2]),
    ];
    for (const [name, gap] of Object.entries({ e, i, m }))
      if (gap.lt('-1e-40') || gap.gt(slack)) off.push(`${id} ${name} ${gap.toString()}`);
  }
  expect(off).toEqual([]);
}

test('RMR-1 equity, initial and maintenance margin are what the oracle makes of the same trades, after every act', () => {
  for (const seed of [100, 200, 300]) {
    const world = createWorld(randomOf(seed), { orders: true });
    for (let step = 0; step < 60; step++) {
      world.live(1);
      expectAgreement(world);
    }
  }
});

test('RMR-1 what is kept up step by step equals the same house built anew, figure for figure', () => {
  const world = createWorld(randomOf(400), { orders: true, clients: 10 });
  for (let step = 0; step < 25; step++) {
    world.live(6);
    const fresh = restoreState(structuredClone(saveState(world.house.state)));
    for (const id of world.clients) expect(healthOf(world.house.state, id)).toEqual(healthOf(fresh, id));
  }
});

test('IM-2 initial margin is never below maintenance margin, in any portfolio', () => {
  for (const world of livedWorlds(12, 500, { orders: true })) {
    for (const id of world.clients) {
      const { initial, maintenance } = standingOfAccount(world.house.state, id);
      expect(initial >= maintenance && maintenance >= 0n).toBe(true);
    }
  }
});

test('MCM-2 the levels of the ladder are those of the oracle, and equity equal to a level is not below it', () => {
  for (const world of livedWorlds(6, 600)) {
    for (const id of world.clients) {
      const standing = standingOfAccount(world.house.state, id);
      for (const level of LEVELS) {
        const terms = termsOf(level);
        const amount = amountOfLevel(terms, standing);
        expect(inUnits(amount).minus(world.oracle.levelOf(id, level)).abs().lt('1e-12')).toBe(true);
        expect(isBelow(amount, terms, standing)).toBe(false);
        if (amount > 0n) expect(isBelow((amount - 1n) as typeof amount, terms, standing)).toBe(true);
      }
    }
  }
});

const ratioOf = (text: string): { numerator: bigint; denominator: bigint } => {
  const [above, below = '1'] = text.split('/') as [string, string?];
  const { mantissa, scale } = parseDecimal(above);
  return { numerator: mantissa, denominator: BigInt(below) * 10n ** BigInt(scale) };
};

const LEVELS = [
  [{ base: 'MAINTENANCE', ratio: '2/3' }],
  [
    { base: 'INITIAL', ratio: '1/2' },
    { base: 'MAINTENANCE', ratio: '1' },
  ],
  [{ base: 'INITIAL', ratio: '1.1' }],
] as const;

const termsOf = (level: (typeof LEVELS)[number]): MarginLevel =>
  level.map(({ base, ratio }) => ({ base, ratio: ratioOf(ratio) }));

/** What is solved for, and what the oracle holds equity against there. */
interface Measure {
  readonly price: (standing: Standing, holding: Holding) => Solved;
  readonly least: (oracle: Oracle, id: string) => Exact;
}

const MAINTENANCE: Measure = {
  price: maintenancePriceOf,
  least: (oracle, id) => oracle.requirementOf(id, 'maintenance'),
};
const BANKRUPTCY: Measure = { price: bankruptcyPriceOf, least: () => new Exact(0) };
const RUNGS = LEVELS.map(
  (level): Measure => ({
    price: (standing, holding) => priceAtLevel(standing, holding, termsOf(level)),
    least: (oracle, id) => oracle.levelOf(id, level),
  }),
);

describe('AH-2 AH-3 the prices of a position', () => {
  /** Equity less what it is held against, of an account, if one instrument were marked elsewhere. */
  function gapAt(oracle: Oracle, measure: Measure, id: string, instrument: string, price: Exact): Exact {
    const listed = oracle.instruments.get(instrument) as { mark: string };
    const { mark } = listed;
    listed.mark = price.toFixed();
    const gap = oracle.equityOf(id).minus(measure.least(oracle, id));
    listed.mark = mark;
    return gap;
  }

  function check(world: World, measure: Measure): { solved: number; unreachable: number } {
    const counts = { solved: 0, unreachable: 0 };
    for (const id of world.clients) {
      const standing = standingOfAccount(world.house.state, id);
      for (const holding of standing.picture.holdings) {
        const { instrument, position, mark } = holding;
        const tick = new Exact(instrument.tick);
        const found = measure.price(standing, holding);
        const gap = (ticks: Exact): Exact => gapAt(world.oracle, measure, id, instrument.id, ticks.times(tick));
        if (position.size === 0n) expect(found).toEqual({ reason: 'NO_POSITION' });
        else if ('price' in found) {
          counts.solved += 1;
          const at = new Exact(found.price.numerator.toString()).div(found.price.denominator.toString());
          expect(gap(at).abs().lt(CENT)).toBe(true);
          expect(at.isPositive() && !at.isZero()).toBe(true);
        } else {
          counts.unreachable += 1;
          const sign = gap(new Exact(mark.toString())).isNegative();
          // From a thousandth of the mark to a thousand times it the account never changes sides.
          for (let step = -12; step <= 12; step++)
            expect(gap(new Exact(mark.toString()).times(new Exact(10).pow(step / 4))).isNegative()).toBe(sign);
        }
      }
    }
    return counts;
  }

  const sumOf = (counts: readonly { solved: number; unreachable: number }[], which: 'solved' | 'unreachable'): number =>
    counts.reduce((sum, count) => sum + count[which], 0);

  test(
    'AH-3 put in for the mark it leaves equity equal to maintenance margin to the cent, in cross, tiered, ' +
      'shared books',
    () => {
      const counts = livedWorlds(10, 700).map((world) => check(world, MAINTENANCE));
      expect(sumOf(counts, 'solved')).toBeGreaterThan(60);
      expect(sumOf(counts, 'unreachable')).toBeGreaterThan(1);
    },
  );

  test('AH-2 the call price and the close-out price leave equity equal to the level to the cent, whatever its terms', () => {
    const worlds = livedWorlds(6, 1700, { orders: true });
    for (const rung of RUNGS)
      expect(
        sumOf(
          worlds.map((world) => check(world, rung)),
          'solved',
        ),
      ).toBeGreaterThan(30);
  });

  test('AH-2 the bankruptcy price leaves the account with nothing to the cent', () => {
    const counts = livedWorlds(10, 1800, { orders: true }).map((world) => check(world, BANKRUPTCY));
    expect(sumOf(counts, 'solved')).toBeGreaterThan(60);
    expect(sumOf(counts, 'unreachable')).toBeGreaterThan(1);
  });

  test('AH-3 open orders, which raise the requirement with the price, change nothing about that', () => {
    const counts = livedWorlds(10, 800, { orders: true }).map((world) => check(world, MAINTENANCE));
    expect(sumOf(counts, 'solved')).toBeGreaterThan(60);
  });

  test('AH-3 it lies on the side where the position loses: beyond it the account is below, before it above', () => {
    for (const world of livedWorlds(8, 900)) {
      for (const id of world.clients) {
        const standing = standingOfAccount(world.house.state, id);
        for (const holding of standing.picture.holdings) {
          const found = MAINTENANCE.price(standing, holding);
          if (!('price' in found)) continue;
          const tick = new Exact(holding.instrument.tick);
          const at = new Exact(found.price.numerator.toString()).div(found.price.denominator.toString());
          const losing = holding.position.size > 0n ? -1 : 1;
          expect(gapAt(world.oracle, MAINTENANCE, id, holding.instrument.id, at.plus(losing).times(tick)).lt(0)).toBe(
            true,
          );
          expect(gapAt(world.oracle, MAINTENANCE, id, holding.instrument.id, at.minus(losing).times(tick)).gt(0)).toBe(
            true,
          );
        }
      }
    }
  });
});

test('RMR-3 the lines of equity, initial and maintenance margin sum to the figure, and each follows from what it states', () => {
  let tranches = 0;
  for (const world of livedWorlds(12, 1000, { orders: true })) {
    for (const id of world.clients) {
      const explanation = explainAccount(world.house.state, id);
      for (const which of ['equity', 'initial', 'maintenance'] as const) {
        const lines = explanation[`${which}Lines`];
        expect(sumOf(lines)).toBe(explanation[which]);
        expect(explanation[which]).toBe(standingOfAccount(world.house.state, id)[which]);
        for (const line of lines) {
          if (line.kind !== 'TRANCHE') continue;
          tranches += 1;
          const stated = new Exact((line.base as bigint).toString())
            .div(100)
            .times(fraction(line.rate as string))
            .times(fraction(line.share as string));
          expect(inUnits(line.amount).minus(stated).abs().lt('1e-12')).toBe(true);
        }
      }
    }
  }
  expect(tranches).toBeGreaterThan(300);
});

test('RMR-3 every line names the price it was computed at and the entry that set it', () => {
  const [world] = livedWorlds(1, 1100);
  const { state, entries } = (world as World).house;
  for (const id of (world as World).clients) {
    const { equityLines, initialLines } = explainAccount(state, id);
    for (const line of [...equityLines, ...initialLines]) {
      if (line.kind === 'CASH') continue;
      const [price, seq] = (line.input as string).split('@') as [string, string];
      const { outcome } = entries[Number(seq) - 1] as (typeof entries)[number];
      const set =
        'events' in outcome ? outcome.events.some((event) => 'price' in event && String(event.price) === price) : false;
      expect(set).toBe(true);
    }
  }
});

test('MT-3 a position split over accounts of one owner requires what it requires in one, each account its part', () => {
  const random = randomOf(1600);
  for (let i = 0; i < 10; i++) {
    const world = createWorld(random, { clients: 4, owners: 4 });
    const { house } = world;
    for (const id of ['whole', 'a', 'b', 'c']) {
      house.send({
        type: 'OpenAccount',
        account: id,
        member: 'broker',
        owner: id === 'whole' ? 'one' : 'many',
        kind: 'CLIENT',
        currency: 'USD',
        policy: 'classic',
        mode: 'CROSS',
        instrument: null,
      });
      house.send({ type: 'DepositCollateral', account: id, currency: 'USD', amount: '90000000' });
    }
    house.send({ type: 'DepositCollateral', account: 'c0', currency: 'USD', amount: '900000000' });
    const parts = [random.between(1, 300), random.between(1, 300), random.between(1, 300)];
    const buy = (account: string, lots: number) => {
      const size = new Exact(lots).times('0.1').toFixed();
      house.send({
        type: 'SubmitTrade',
        trade: `${account}${i}`,
        instrument: 'BTC-PERP',
        buyer: account,
        seller: 'c0',
        price: '50000',
        size,
        taker: null,
        buyOrder: null,
        sellOrder: null,
      });
    };
    buy(
      'whole',
      parts.reduce((sum, part) => sum + part, 0),
    );
    ['a', 'b', 'c'].forEach((id, n) => {
      buy(id, parts[n] as number);
    });
    const standings = ['a', 'b', 'c'].map((id) => standingOfAccount(house.state, id));
    const whole = standingOfAccount(house.state, 'whole');
    for (const which of ['initial', 'maintenance'] as const) {
      const sum = standings.reduce((total, standing) => total + standing[which], 0n);
      expect(sum >= whole[which] && sum - whole[which] <= 3n).toBe(true);
      // Proportional: cross-multiplied, up to the rounding of each.
      const [a, b] = standings.map((standing) => standing[which] as bigint) as [bigint, bigint];
      const skew = a * BigInt(parts[1] as number) - b * BigInt(parts[0] as number);
      expect(skew <= 300n && skew >= -300n).toBe(true);
    }
  }
});

test('MT-3 without aggregation each account is tiered by itself, and splitting pays', () => {
  const split = (aggregation: 'OWNER' | 'ACCOUNT'): Standing[] => {
    const { house } = createWorld(randomOf(1700), {
      clients: 2,
      owners: 1,
      policy: { aggregation },
      collateral: false,
    });
    const tiers = [
      { floor: '0', cap: '100000', initialRate: '0.1', maintenanceRate: '0.05', deduction: null },
      { floor: '100000', cap: null, initialRate: '0.2', maintenanceRate: '0.1', deduction: null },
    ];
    putInForce({ house }, { type: 'SetTierSchedule', instrument: 'BTC-PERP', tiers, effectiveAt: null });
    for (const id of ['c0', 'c1'])
      house.send({ type: 'DepositCollateral', account: id, currency: 'USD', amount: '1000000' });
    house.send({
      type: 'SubmitTrade',
      trade: 't',
      instrument: 'BTC-PERP',
      buyer: 'c0',
      seller: 'c1',
      price: '50000',
      size: '2',
      taker: null,
      buyOrder: null,
      sellOrder: null,
    });
    return ['c0', 'c1'].map((id) => standingOf(pictureOf(house.state, id)));
  };
  // 100,000 each, 200,000 together: the second half at the higher rate, shared alike.
  expect(split('ACCOUNT').map(({ maintenance }) => maintenance / MARGIN_PER_CASH)).toEqual([500_000n, 500_000n]);
  expect(split('OWNER').map(({ maintenance }) => maintenance / MARGIN_PER_CASH)).toEqual([750_000n, 750_000n]);
});
