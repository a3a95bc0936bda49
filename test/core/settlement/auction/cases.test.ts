import fc from 'fast-check';
import type { AuctionCurve, AuctionPolicy } from '../../../../src/core/model/auction';
import { needsReset, powerOf, priceAt, RAY, twoSpeedFactor } from '../../../../src/core/settlement/auction/curve';
import { byMerit, worseThan } from '../../../../src/core/settlement/auction/rising';
import { partFor, rewardOf, takeOf } from '../../../../src/core/settlement/auction/sale';
import { topOf } from '../../../../src/core/settlement/auction/terms';
import { paidByFund } from '../../../../src/core/settlement/portfolio/shares';
import { formatScaled, parseRate, toScaled } from '../../../../src/units/decimal';
import { duration, RATE_ONE, rate } from '../../../../src/units/quantity';

const WAD = 10n ** 18n;
const ray = (text: string): bigint => toScaled(text, 27) as bigint;
const wad = (text: string): bigint => toScaled(text, 18) as bigint;
/** Texts compare as numbers of a scale. */
const at = (price: string) => ({ numerator: ray(price), denominator: RAY });

describe('CA-1 the price is a function of start, parameters and time', () => {
  test('CA-1 index 1,000, buf 1.2, cut 0.99: step 0 1,200; step 10 1,085.25849; the first below 1,000 is step 19', () => {
    const curve: AuctionCurve = { shape: 'STAIRSTEP', stepFactor: ray('0.99'), step: duration(90_000) };
    const step = (n: number): string => formatScaled(priceAt(curve, ray('1200'), n * 90_000), 27);
    expect(step(0)).toBe('1200.000000000000000000000000000');
    expect(step(10)).toMatch(/^1085\.25849001/);
    expect(step(18) > '1000' && step(18).length === step(0).length).toBe(true);
    expect(step(19)).toMatch(/^991\.4023/);
  });

  test('A01 linear: nine tenths after a tenth of the time, nothing at the end and after it', () => {
    const curve: AuctionCurve = { shape: 'LINEAR', duration: duration(3600) };
    const seconds = [0, 360, 720, 1080, 1440, 1800, 2160, 2520, 2880, 3240, 3600, 3601];
    const prices = seconds.map((t) => priceAt(curve, ray('1000'), t) / RAY);
    expect(prices).toEqual([1000n, 900n, 800n, 700n, 600n, 500n, 400n, 300n, 200n, 100n, 0n, 0n]);
  });

  test('A04 stairstep: a hundred steps at 27 digits', () => {
    const curve: AuctionCurve = { shape: 'STAIRSTEP', stepFactor: ray('0.99'), step: duration(1) };
    expect(formatScaled(priceAt(curve, ray('5'), 100), 27)).toBe('1.830161706366147524653080130');
    expect(priceAt({ shape: 'EXPONENTIAL', stepFactor: ray('0.99') }, ray('5'), 100)).toBe(
      priceAt(curve, ray('5'), 100),
    );
  });

  test('A45 two speeds', () => {
    const curve = {
      shape: 'TWO_SPEED',
      start: RAY,
      cutoff: ray('0.8'),
      fast: duration(600),
      slow: duration(7200),
    } as const;
    expect([0n, 300n, 600n, 960n, 8160n].map((t) => twoSpeedFactor(curve, t))).toEqual(
      ['1', '0.9', '0.8', '0.76', '0'].map(ray),
    );
  });

  test('CA-1 between resets it never rises, whatever the curve', () => {
    const factor = fc.bigInt({ min: RAY / 2n, max: RAY - 1n });
    const span = fc.integer({ min: 1, max: 10_000_000 }).map(duration);
    const curves: fc.Arbitrary<AuctionCurve> = fc.oneof(
      fc.record({ shape: fc.constant('LINEAR' as const), duration: span }),
      fc.record({
        shape: fc.constant('STAIRSTEP' as const),
        stepFactor: fc.bigInt({ min: RAY / 2n, max: (RAY * 999n) / 1000n }),
        step: span,
      }),
      fc.record({
        shape: fc.constant('TWO_SPEED' as const),
        start: fc.constant(RAY),
        cutoff: factor,
        fast: span,
        slow: span,
      }),
    );
    const moments = fc.tuple(fc.integer({ min: 0, max: 20_000_000 }), fc.integer({ min: 0, max: 20_000_000 }));
    fc.assert(
      fc.property(curves, fc.bigInt({ min: 1n, max: 10n ** 32n }), moments, (curve, top, [a, b]) => {
        const [first, second] = [priceAt(curve, top, Math.min(a, b)), priceAt(curve, top, Math.max(a, b))];
        expect(second <= first && second >= 0n && first <= top).toBe(true);
      }),
      { numRuns: 500 },
    );
    expect(powerOf(RAY, 12n)).toBe(RAY);
  });
});

describe('CA-3 what a take pays and receives', () => {
  const take = (amount: string, price: bigint, target = '110', lot = '40') =>
    takeOf(wad(target), wad(lot), wad(amount), { numerator: price, denominator: RAY }, wad('22'));

  test('A08 a take worth more than the target is cut back to it', () => {
    expect(take('25', ray('5'))).toEqual({ quantity: wad('22'), paid: wad('110'), closes: true });
    expect(wad('40') - wad('22')).toBe(wad('18'));
  });

  test('A11 a take that would leave less than the minimum debt leaves exactly that', () => {
    expect(take('18', ray('5'))).toEqual({ quantity: wad('17.6'), paid: wad('88'), closes: false });
    // With a target of the minimum debt only all of it can be bought.
    expect(take('1', ray('5'), '22', '22.4')).toBeUndefined();
    expect(take('5', ray('5'), '22', '22.4')).toMatchObject({ paid: wad('22'), closes: true });
  });

  test('A14 all of the lot for less than the target closes with a shortfall', () => {
    const price = priceAt({ shape: 'STAIRSTEP', stepFactor: ray('0.99'), step: duration(1) }, ray('5'), 69);
    const sold = take('40', price);
    expect(sold).toMatchObject({ quantity: wad('40'), closes: true });
    expect((sold?.paid ?? 0n) >= wad('99.9') && (sold?.paid ?? 0n) <= wad('100')).toBe(true);
  });

  test('CA-4 a reset is for after the round duration, strictly', () => {
    const price = (t: number): bigint => priceAt({ shape: 'LINEAR', duration: duration(36_000) }, ray('5'), t);
    const terms = { roundDuration: 3600, priceFloorShare: ray('0.5') };
    expect([3600, 3601].map((t) => needsReset(ray('5'), price(t), t, terms))).toEqual([false, true]);
    // And for below the price floor, strictly.
    expect([ray('2.5'), ray('2.5') - 1n].map((p) => needsReset(ray('5'), p, 1, terms))).toEqual([false, true]);
  });

  test('A18 the reward: flat, with a share, the share alone, none below the minimum debt', () => {
    const DIGITS = 45;
    // One digit in 45 is more than a decimal of the API may have.
    const big = (text: string): bigint => {
      const [whole = '', part = ''] = text.split('.');
      return BigInt(whole + part.padEnd(DIGITS, '0'));
    };
    const reward = (
      resetReward: string,
      resetRewardRate: string,
      tab: string,
      value: string,
      minimumDebt: string,
    ): bigint =>
      rewardOf(
        { resetReward: big(resetReward), resetRewardRate: at(resetRewardRate) },
        big(tab),
        big(value),
        big(minimumDebt),
      );
    expect(reward('100', '0', '110', '160', '22')).toBe(big('100'));
    expect(reward('100', '0.02', '110', '160', '22')).toBe(big('102.2'));
    expect(reward('0', '0.02', '110', '160', '22')).toBe(big('2.2'));
    expect(reward('0', '0.02', '110', '160', '110.000000000000000000000000000000000000000000001')).toBe(0n);
    expect(reward('0', '0.02', '40.453855158086394063182955060', '8', '22')).toBe(0n);
  });

  test('CA-3 no take passes the target, none leaves less than the minimum debt, nothing is given away', () => {
    const amount = fc.bigInt({ min: 1n, max: 10n ** 12n });
    fc.assert(
      fc.property(
        amount,
        amount,
        amount,
        amount,
        fc.bigInt({ min: 0n, max: 10n ** 6n }),
        (target, lot, wanted, price, minimumDebt) => {
          const quote = { numerator: price, denominator: 10n ** 6n };
          const taken = takeOf(target, lot, wanted, quote, minimumDebt);
          if (!taken) return;
          expect(taken.paid <= target && taken.quantity <= lot && taken.quantity <= wanted).toBe(true);
          expect(taken.quantity * price <= taken.paid * 10n ** 6n).toBe(true);
          if (!taken.closes) expect(target - taken.paid >= minimumDebt).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('CA-2 bids that rise', () => {
  test('A28 five per cent more, except at the target; then five per cent less asked for it', () => {
    const steps = [
      ['1', '100', true],
      ['1.01', '100', false],
      ['1.01', '100', false],
      ['1.07', '100', true],
      ['49', '100', true],
      ['50', '100', true],
      ['50', '100', false],
      ['50', '99', false],
      ['50', '95', true],
    ] as const;
    let best: { amount: bigint; quantity: bigint } | undefined;
    for (const [amount, quantity, good] of steps) {
      const offer = { amount: wad(amount), quantity: wad(quantity) };
      const worse = worseThan(best, offer, wad('50'), wad('100'), wad('0.05'), WAD);
      expect([amount, quantity, !worse]).toEqual([amount, quantity, good]);
      if (!worse) best = offer;
    }
    expect(wad('100') - (best?.quantity ?? 0n)).toBe(wad('5'));
  });

  test('CA-2 of equal bids the earlier wins, then the smaller id', () => {
    const bid = (id: string, amount: bigint, when: number) => ({ id, amount, quantity: 1n, at: when });
    const ranked = [bid('c', 5n, 2), bid('b', 5n, 1), bid('a', 5n, 2), bid('d', 6n, 9)].sort(byMerit);
    expect(ranked.map(({ id }) => id)).toEqual(['d', 'b', 'a', 'c']);
  });
});

describe('CA-5 a whole portfolio', () => {
  test('A50 the price follows the live value', () => {
    const curve = {
      shape: 'TWO_SPEED',
      start: RAY,
      cutoff: ray('0.8'),
      fast: duration(600),
      slow: duration(7200),
    } as const;
    const full = priceAt(curve, wad('1000'), 300);
    expect((full * wad('0.1')) / WAD).toBe(wad('90'));
  });

  test.each([
    ['-300', '-100', 0n, '1', '100'],
    ['-300', '100', 0n, '1', '0'],
    ['-300', '-100', 12n, '0.5', '52'],
    ['-300', '-100', 300n, '1', '200'],
    ['100', '-100', 0n, '1', '0'],
  ])('A51 margin %s, value %s, after %s s a share of %s: the fund pays %s', (margin, value, gone, share, paid) => {
    expect(paidByFund({ value: wad(value), margin: wad(margin) }, wad(share), gone, 600n)).toBe(wad(paid));
  });
});

describe('CA-6 the part of a sale that fits, at 18 digits', () => {
  const sale = (chop: string) => ({ debt: wad('100'), quantity: wad('40'), target: wad(String(100 * Number(chop))) });

  test('A21 68.181818181818181818 of the debt and 27.272727272727272727 of the lot', () => {
    const part = partFor(sale('1.1'), wad('75'), at('1.1'), wad('22'));
    expect(part).toEqual({
      debt: wad('68.181818181818181818'),
      quantity: wad('27.272727272727272727'),
      target: wad('75'), // there 74.9999999999999999998, with 45 digits
    });
  });

  test('A22 80 and 32', () => {
    const part = partFor(sale('1'), wad('80'), at('1'), wad('20'));
    expect(part).toEqual({ debt: wad('80'), quantity: wad('32'), target: wad('80') });
  });

  test('CA-6 whatever the room: no part above it but the whole, and nothing below the minimum is left or opened', () => {
    const amount = fc.bigInt({ min: 1n, max: 10_000n });
    fc.assert(
      fc.property(amount, amount, amount, amount, amount, (debt, quantity, room, more, minimum) => {
        const penalty = { numerator: 10_000n + more, denominator: 10_000n };
        const target = (debt * penalty.numerator + 9_999n) / 10_000n;
        const part = partFor({ debt, target, quantity }, room, penalty, minimum);
        if (part === undefined || part.debt === debt) return;
        expect(part.target).toBeLessThanOrEqual(room);
        expect(part.target).toBeGreaterThanOrEqual(minimum);
        expect(target - part.target).toBeGreaterThanOrEqual(minimum);
        expect(part.quantity * debt).toBeLessThanOrEqual(quantity * part.debt);
      }),
    );
  });
});

describe('CA-7 a share of the discount at which the house takes collateral over is passed on', () => {
  const quote = (price: string, factor: string, liquidationFactor: string) => {
    const policy = { startMultiplier: RATE_ONE, discountShare: parseRate(factor) } as unknown as AuctionPolicy;
    const conversionDiscount = rate(RATE_ONE - (parseRate(liquidationFactor) ?? 0n));
    return { numerator: topOf(policy, ray(price), { conversionDiscount }), denominator: RAY };
  };

  test.each([
    ['200', '200', '0.5', '0.6', '1.25'],
    ['0', '200', '1', '1', '0'],
    ['200', '200', '0', '0.6', '1'],
    ['810', '9', '0.5', '0.8', '100'],
    ['1000000000000000', '200', '0.8', '0.75', '6250000000000'],
    ['50', '1', '0.5', '0.8', '55.555555555555555555'],
  ])('A32 %s at an index of %s, a share of %s and a liquidation factor of %s: %s', (base, price, factor, lf, lot) => {
    const taken = takeOf(wad(base), 10n ** 40n, 10n ** 40n, quote(price, factor, lf), 0n);
    expect(taken).toMatchObject({ quantity: wad(lot), paid: wad(base) });
  });
});
