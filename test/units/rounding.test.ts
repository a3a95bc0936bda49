import { Decimal } from 'decimal.js';
import { MARGIN_PER_CASH, margin } from '../../src/units/quantity';
import { cashDown, cashUp, divDown, divHalfEven, divUp, greatestCommonDivisor } from '../../src/units/rounding';
import { randomOf } from '../support/random';

const Exact = Decimal.clone({ precision: 80 });

describe('division with the direction in its name', () => {
  // numerator, denominator, down, up, half even
  const CASES: [bigint, bigint, bigint, bigint, bigint][] = [
    [7n, 2n, 3n, 4n, 4n],
    [-7n, 2n, -4n, -3n, -4n],
    [7n, -2n, -4n, -3n, -4n],
    [-7n, -2n, 3n, 4n, 4n],
    [5n, 2n, 2n, 3n, 2n],
    [-5n, 2n, -3n, -2n, -2n],
    [5n, -2n, -3n, -2n, -2n],
    [1n, 3n, 0n, 1n, 0n],
    [-1n, 3n, -1n, 0n, 0n],
    [2n, 3n, 0n, 1n, 1n],
    [-2n, 3n, -1n, 0n, -1n],
    [6n, 3n, 2n, 2n, 2n],
    [-6n, 3n, -2n, -2n, -2n],
    [0n, -3n, 0n, 0n, 0n],
  ];
  test.each(CASES)(
    'DS-5 %s / %s is %s down, %s up, %s to the nearest even',
    (numerator, denominator, down, up, even) => {
      expect(divDown(numerator, denominator)).toBe(down);
      expect(divUp(numerator, denominator)).toBe(up);
      expect(divHalfEven(numerator, denominator)).toBe(even);
    },
  );

  test('DS-5 every direction agrees with decimal.js on random numbers of all signs', () => {
    const random = randomOf(1);
    for (let i = 0; i < 5000; i++) {
      const numerator = random.signed(2 + random.below(70));
      // Small denominators make ties and whole results frequent; large ones make them rare.
      const denominator = random.signed(1 + random.below(i % 2 === 0 ? 4 : 60)) || 1n;
      const exact = new Exact(numerator.toString()).div(denominator.toString());
      const rounded = (mode: Decimal.Rounding): string =>
        exact.toDecimalPlaces(0, mode).toFixed(0).replace(/^-0$/, '0');
      expect(divDown(numerator, denominator).toString()).toBe(rounded(Decimal.ROUND_FLOOR));
      expect(divUp(numerator, denominator).toString()).toBe(rounded(Decimal.ROUND_CEIL));
      expect(divHalfEven(numerator, denominator).toString()).toBe(rounded(Decimal.ROUND_HALF_EVEN));
    }
  });
});

test('DS-5 a requirement becomes money rounded up, collateral rounded down', () => {
  const a = 5n * MARGIN_PER_CASH;
  expect([cashUp(margin(a)), cashDown(margin(a))]).toEqual([5n, 5n]);
  expect([cashUp(margin(a + 1n)), cashDown(margin(a + 1n))]).toEqual([6n, 5n]);
  expect([cashUp(margin(-a - 1n)), cashDown(margin(-a - 1n))]).toEqual([-5n, -6n]);
});

test('the greatest common divisor ignores signs and takes zero as having every divisor', () => {
  expect(greatestCommonDivisor(12n, -18n)).toBe(6n);
  expect(greatestCommonDivisor(-7n, 0n)).toBe(7n);
  expect(greatestCommonDivisor(0n, 0n)).toBe(0n);
});
