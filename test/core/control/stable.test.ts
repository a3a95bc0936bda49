/**
 * What may leave of gains: the worse of what was settled and what there would be at the stable price.  Ruling 18, S11
 */

import { explainAccount } from '../../../src/core/margin/explain';
import { healthOf } from '../../../src/core/margin/health';
import type { CommandOf } from '../../../src/core/message/command';
import { stablePriceOf } from '../../../src/core/price/stablePrice';
import { sumOf } from '../../support/explained';
import {
  definePerpetual,
  flatTiers,
  mark,
  onePerpetual,
  openAccount,
  type Perpetual,
  trade,
} from '../../support/given';
import type { TestHouse } from '../../support/house';
import { expectReplays, restored } from '../../support/twin';
import { whatIf } from '../../support/whatIf';

const HOUR = 3_600_000;

const lossPolicy = (terms: Partial<CommandOf<'SetLossPolicy'>>): CommandOf<'SetLossPolicy'> => ({
  ...{ type: 'SetLossPolicy', currency: 'USD', layers: ['INSURANCE_FUND', 'SOCIALIZED_LOSS'], base: 'GAINS' },
  ...{ period: 30 * 24 * HOUR, fundTarget: '0', effectiveAt: null, ...terms },
});

/** `a` with 1,000 is long 10 at 100, settled at every mark; 10 % of initial margin. */
function house(given: Perpetual = {}, terms: Partial<CommandOf<'SetLossPolicy'>> = {}): TestHouse {
  const made = onePerpetual({ price: '100', tiers: flatTiers('0.1', '0.05'), interval: null, ...given });
  made.send(lossPolicy(terms));
  openAccount(made, 'deep', '900000');
  openAccount(made, 'a', '1000');
  trade(made, 'a', 'deep', '10', '100');
  return made;
}

function pass(of: TestHouse, span: string): void {
  of.pass(span);
  of.send({ type: 'AdvanceTime' });
}

const OFF = { stableWindow: 0 };

const freeOf = (of: TestHouse, account = 'a'): string => `${Number(healthOf(of.state, account).freeCollateral) / 100}`;

/** The most that leaves: a cent more is refused, and it leaves. */
function expectFree(of: TestHouse, amount: string, account = 'a'): void {
  expect(freeOf(of, account)).toBe(amount);
  const more = (Number(amount) + 0.01).toFixed(2);
  expect(of.refusal({ type: 'WithdrawCollateral', account, currency: 'USD', amount: more })).toBe(
    'COLLATERAL_ENCUMBERED',
  );
}

const stableOf = (of: TestHouse, instrument = 'BTC-PERP') => {
  const listing = of.state.listings.get(instrument);
  return listing && stablePriceOf(of.state, listing);
};

describe('Ruling 18 the stable price', () => {
  test('follows the mark by no more than the share of itself that is stated, and stands there once it has come', () => {
    const of = house();
    expect(stableOf(of)).toEqual({ low: 1000n, high: 1000n });
    mark(of, '200');
    expect(stableOf(of)).toEqual({ low: 1000n, high: 1000n });
    pass(of, '12h');
    // A half a day: a quarter of 100.
    expect(stableOf(of)).toEqual({ low: 1250n, high: 1250n });
    mark(of, '130');
    pass(of, '2h');
    // By a twenty-fourth of 125 it comes.
    expect(stableOf(of)).toEqual({ low: 1300n, high: 1300n });
    mark(of, '100');
    pass(of, '1h');
    expect(stableOf(of)).toEqual({ low: 1272n, high: 1273n });
  });

  test('comes to the same whether a price came every minute or never', () => {
    const [often, once] = [house({ tick: '10', lot: '10' }), house({ tick: '10', lot: '10' })];
    for (const each of [often, once]) mark(each, '1000000');
    for (let minute = 0; minute < 60; minute++) {
      mark(often, minute % 2 === 0 ? '1000010' : '1000000');
      pass(often, '1m');
    }
    pass(once, '1h');
    const [a, b] = [often, once].map((each) => Number(each.state.listings.get('BTC-PERP')?.stable?.parts ?? 0n));
    expect(stableOf(once)).toEqual({ low: 10n, high: 11n });
    expect(a).toBeGreaterThan(b as number);
    expect(stableOf(often)).toEqual(stableOf(once));
  });

  test('stands while the mark is stale', () => {
    const of = house({}, { stableBand: '0.01' });
    mark(of, '200');
    pass(of, '7d');
    expect(of.state.listings.get('BTC-PERP')?.mark?.stale).toBe(true);
    expect(stableOf(of)).toEqual({ low: 1070n, high: 1070n });
    pass(of, '10d');
    expect(stableOf(of)).toEqual({ low: 1070n, high: 1070n });
    mark(of, '200');
    expect(stableOf(of)).toEqual({ low: 1070n, high: 1070n });
  });

  test('where prices may be zero or less, goes by the larger of itself and the mark', () => {
    const of = house();
    of.send({
      type: 'DefineInstrument',
      instrument: 'OIL',
      kind: 'PERPETUAL',
      base: 'BTC',
      quote: 'USD',
      settlement: 'USD',
      tick: '0.1',
      lot: '0.1',
      multiplier: '1',
      index: null,
      markMethod: 'VENUE',
      markBand: null,
      priceBand: null,
      heartbeat: 7 * 24 * HOUR,
      allowsNonPositivePrice: true,
      expiry: null,
      variationInterval: null,
      makerFee: '0',
      takerFee: '0',
    });
    mark(of, '0', 'OIL');
    mark(of, '-40', 'OIL');
    pass(of, '6h');
    // An eighth of 40, not of nothing.
    expect(stableOf(of, 'OIL')).toEqual({ low: -50n, high: -50n });
  });

  test('is the mark where the window is zero', () => {
    const of = house({}, OFF);
    mark(of, '200');
    expect(stableOf(of)).toEqual({ low: 2000n, high: 2000n });
  });
});

describe('Ruling 18 what may leave', () => {
  test('S11 a gain that was settled at a price that ran ahead stays until the stable price has followed', () => {
    const of = house();
    mark(of, '200');
    // 2,000 less the 1,000 gained less 200 required.
    expectFree(of, '800');
    expect(healthOf(of.state, 'a').heldBack).toBe(100_000n);
    pass(of, '12h');
    expectFree(of, '1050');
    // The loser withdraws by what it has lost, as ever.
    expect(freeOf(of, 'deep')).toBe('898800');
  });

  test('S11 control: with no window what was settled leaves', () => {
    const of = house({}, OFF);
    mark(of, '200');
    expectFree(of, '1800');
    expect(healthOf(of.state, 'a').heldBack).toBe(0n);
  });

  test('the same for who is short', () => {
    const of = onePerpetual({ price: '100', tiers: flatTiers('0.1', '0.05'), interval: null });
    of.send(lossPolicy({}));
    openAccount(of, 'deep', '900000');
    openAccount(of, 'a', '1000');
    trade(of, 'deep', 'a', '10', '100');
    mark(of, '40');
    expectFree(of, '960');
    pass(of, '12h');
    // The stable price is at 75: 250 of the 600 are there.
    expectFree(of, '1210');
  });

  test('a window after it was settled it leaves, though the stable price lags', () => {
    const of = house({}, { stableBand: '0' });
    mark(of, '200');
    pass(of, '35h');
    expectFree(of, '800');
    // Windows begin at midnight: gained on the first day, free on the third.
    pass(of, '1h');
    expectFree(of, '1800');
  });

  test('a gain at the stable price, or behind it, leaves', () => {
    const of = house();
    mark(of, '200');
    pass(of, '12h');
    mark(of, '120');
    expect(freeOf(of)).toBe('1080');
  });

  test('what was gained by closing stays as well, whatever the price does then', () => {
    const of = house();
    mark(of, '200');
    trade(of, 'deep', 'a', '10', '200');
    expectFree(of, '1000');
    mark(of, '100');
    expectFree(of, '1000');
    pass(of, '35h');
    expectFree(of, '1000');
    pass(of, '1h');
    expectFree(of, '2000');
  });

  test('closed without a settlement before, partly and through zero', () => {
    const of = house({ interval: 365 * 24 * HOUR });
    mark(of, '200');
    trade(of, 'deep', 'a', '4', '200');
    // 400 realised and held; of the 6 that are open nothing may leave. 120 required.
    expectFree(of, '880');
    trade(of, 'deep', 'a', '8', '200');
    // 600 more, and short 2: 40 required.
    expectFree(of, '960');
    expect(healthOf(of.state, 'a').heldBack).toBe(100_000n);
  });

  test('control: with no window what was gained by closing leaves', () => {
    const of = house({}, OFF);
    mark(of, '200');
    trade(of, 'deep', 'a', '10', '200');
    expectFree(of, '2000');
  });

  test('what was lost since counts once: settled, it is not held back any more', () => {
    const of = house();
    mark(of, '200');
    mark(of, '150');
    // 1,500, of which 500 were gained beyond 100; 150 required.
    expectFree(of, '850');
    mark(of, '90');
    expectFree(of, '810');
    expect(of.state.book.position('a', 'BTC-PERP')?.recent).toBeUndefined();
  });

  test('what was lost since counts once: not settled, it is counted by what is unrealised', () => {
    const of = house({ interval: HOUR });
    mark(of, '200');
    pass(of, '1h');
    expect(of.balance('a')).toBe('2000.00');
    mark(of, '110');
    // Lost 900 of what was settled: 2,000 less 900 less 110 required, less what is left of the gain beyond the stable
    // price, 102.
    expect(stableOf(of)).toEqual({ low: 1020n, high: 1021n });
    expectFree(of, '910');
    expect(healthOf(of.state, 'a').heldBack).toBe(8_000n);
  });

  test('a gain of another instrument does not hold up a loss beyond what it is at the stable price', () => {
    const off = (terms: Partial<CommandOf<'SetLossPolicy'>>): TestHouse => {
      const of = house({ interval: 365 * 24 * HOUR }, terms);
      definePerpetual(of, 'ETH-PERP', { price: '100', tiers: flatTiers('0.1', '0.05') });
      trade(of, 'a', 'deep', '10', '100', 'ETH-PERP');
      mark(of, '200');
      mark(of, '50', 'ETH-PERP');
      return of;
    };
    // 1,000 less 500 lost less 250 required; control: the gain of 1,000 holds the loss up.
    expectFree(off({}), '250');
    expectFree(off(OFF), '750');
  });

  describe('nor does it leave by trades with oneself at a price that is better for one than the mark', () => {
    /** `a` has a gain that stays, and hands 500 of it to `c`, which is short. */
    const handed = (
      terms: Partial<CommandOf<'SetLossPolicy'>>,
      prices: readonly [opened: string, closed: string | null],
    ): TestHouse => {
      const of = house({}, terms);
      openAccount(of, 'c', '1000');
      mark(of, '200');
      trade(of, 'deep', 'a', '10', '200');
      trade(of, 'a', 'c', '10', prices[0]);
      if (prices[1]) trade(of, 'c', 'a', '10', prices[1]);
      // Settled at the mark.
      mark(of, '200.1');
      mark(of, '200');
      expect([of.balance('a'), of.balance('c')]).toEqual(['1500.00', '1500.00']);
      return of;
    };

    test.each([
      ['opened above the mark', ['250', null], ['800', '800']],
      ['closed below it', ['200', '150'], ['1000', '1000']],
    ] as const)('%s', (_says, prices, [free, ofOther]) => {
      const of = handed({}, prices);
      expect([freeOf(of, 'a'), freeOf(of, 'c')]).toEqual([free, ofOther]);
      const control = handed(OFF, prices);
      expect(freeOf(control, 'c')).toBe(String(Number(ofOther) + 500));
    });
  });

  test('RMR-4 what is thought of goes by it as what is done', () => {
    const of = house();
    mark(of, '200');
    pass(of, '12h');
    const taking = (amount: string) =>
      whatIf(of.state, { account: 'a', payments: [{ currency: 'USD', amount: `-${amount}` }] });
    expect(taking('1050.01').refused?.rejection.code).toBe('COLLATERAL_ENCUMBERED');
    expect(taking('1050').after?.freeCollateral).toBe(0n);
    // At a price that is thought of the gain is no nearer, and its margin is more.
    const { after } = whatIf(of.state, { account: 'a', prices: [{ instrument: 'BTC-PERP', price: '300' }] });
    expect(after).toMatchObject({ freeCollateral: 95_000n, heldBack: 175_000n });
  });

  test('nothing but what leaves depends on it', () => {
    const [of, control] = [house(), house({}, OFF)];
    for (const each of [of, control]) mark(each, '200');
    const { freeCollateral: _, heldBack: __, ...rest } = healthOf(of.state, 'a');
    expect(healthOf(control.state, 'a')).toMatchObject(rest);
  });

  test('RMR-3 the lines of an explanation sum to what is held back', () => {
    const of = house({ interval: HOUR });
    mark(of, '200');
    pass(of, '1h');
    mark(of, '110');
    const { heldBack, heldBackLines } = explainAccount(of.state, 'a');
    expect(heldBackLines.map(({ kind, amount }) => [kind, Number(amount / 1_000_000_000_000n)])).toEqual([
      ['HELD_GAIN', 98_000],
      ['LOST_SINCE', -90_000],
    ]);
    expect(sumOf(heldBackLines)).toBe(heldBack);
  });

  test('DS-1 played again, and restored from a snapshot, as much is held back', () => {
    const of = house();
    mark(of, '200');
    trade(of, 'deep', 'a', '4', '200');
    pass(of, '3h');
    expectReplays(of.state, of.entries);
    expect(healthOf(restored(of.state), 'a')).toEqual(healthOf(of.state, 'a'));
    expect(restored(of.state).book.position('a', 'BTC-PERP')).toEqual(of.state.book.position('a', 'BTC-PERP'));
  });

  test('what is remembered no longer is forgotten with the loss period, and takes no room', () => {
    const of = house({}, { period: 24 * HOUR });
    mark(of, '200');
    trade(of, 'deep', 'a', '10', '200');
    pass(of, '12h');
    expect(of.state.book.position('a', 'BTC-PERP')?.recent).toBeDefined();
    pass(of, '24h');
    expect(of.state.book.position('a', 'BTC-PERP')).toBeUndefined();
  });
});

describe('Ruling 18 the terms', () => {
  test.each([
    ['stableBand', { stableBand: '1.1' }, 'VALUE_OUT_OF_RANGE'],
    ['stableBand', { stableBand: '-0.1' }, 'VALUE_OUT_OF_RANGE'],
    ['stableBand', { stableBand: '0.0000000000001' }, 'TOO_MANY_DIGITS'],
    ['stableWindow', { stableWindow: -1 }, 'VALUE_OUT_OF_RANGE'],
  ])('a %s that cannot be is refused', (_field, terms, code) => {
    expect(onePerpetual().refusal(lossPolicy(terms))).toBe(code);
  });
});
