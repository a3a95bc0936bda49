import { Decimal } from 'decimal.js';
import {
  countOf,
  formatCount,
  formatRate,
  formatScaled,
  formatShortest,
  isDecimal,
  parseDecimal,
  parseRate,
  toScaled,
} from '../../src/units/decimal';
import { Malformed } from '../../src/units/failure';
import { randomOf } from '../support/random';

const READ = [
  '0',
  '-0',
  '7',
  '-7',
  '0.5',
  '-0.05',
  '10.00',
  '1234567890123456789012345678901234567890',
  '0.0000000000000000000000000000000000000001',
];
const NOT_READ = [
  '',
  '-',
  '.5',
  '5.',
  '+5',
  '00',
  '01',
  '1e3',
  '1E-3',
  '1,000',
  ' 1',
  '1 ',
  '0x10',
  '١',
  'NaN',
  'Infinity',
  '--1',
  '1.2.3',
  '1_000',
  `1${'0'.repeat(40)}`,
  `0.${'0'.repeat(41)}`,
];

test.each(READ)('X-2 %s is a decimal', (text) => {
  expect(isDecimal(text)).toBe(true);
  const { mantissa, scale } = parseDecimal(text);
  expect(formatScaled(mantissa, scale)).toBe(
    new Decimal(text).isZero() ? '0' : new (Decimal.clone({ precision: 90 }))(text).toFixed(),
  );
});

test.each(NOT_READ)('X-2 "%s" is no decimal', (text) => {
  expect(isDecimal(text)).toBe(false);
  expect(() => parseDecimal(text)).toThrow(Malformed);
});

test('X-2 digits that would be lost are refused, trailing zeros are not digits', () => {
  expect(toScaled('1.230', 2)).toBe(123n);
  expect(toScaled('1.231', 2)).toBeUndefined();
  expect(toScaled('-1.2', 2)).toBe(-120n);
  expect(toScaled('5', 0)).toBe(5n);
  expect(toScaled('0.1', 0)).toBeUndefined();
});

test('X-2 a count of units is whole or none', () => {
  expect(countOf('50000.5', '0.5')).toBe(100_001n);
  expect(countOf('50000.3', '0.5')).toBeUndefined();
  expect(countOf('-2.50', '0.25')).toBe(-10n);
  expect(countOf('300', '25')).toBe(12n);
  expect(countOf('310', '25')).toBeUndefined();
  expect(formatCount(100_001n, '0.5')).toBe('50000.5');
  expect(formatCount(-3n, '25')).toBe('-75');
});

test('X-2 integers become decimals with all digits, or as few as say it', () => {
  expect(formatScaled(-5n, 2)).toBe('-0.05');
  expect(formatScaled(0n, 3)).toBe('0.000');
  expect(formatScaled(1234n, 0)).toBe('1234');
  expect(formatShortest(1200n, 2)).toBe('12');
  expect(formatShortest(10_000n, 2)).toBe('100');
  expect(formatShortest(-150n, 3)).toBe('-0.15');
  expect(formatShortest(100n, 0)).toBe('100');
});

test('X-2 what is written reads back as itself, for any integer and scale', () => {
  const random = randomOf(2);
  const Exact = Decimal.clone({ precision: 60 });
  for (let i = 0; i < 5000; i++) {
    const count = random.signed(1 + random.below(100));
    const scale = random.below(20);
    expect(toScaled(formatScaled(count, scale), scale)).toBe(count);
    expect(toScaled(formatShortest(count, scale), scale)).toBe(count);
    expect(formatShortest(count, scale)).toBe(new Exact(count.toString()).div(new Exact(10).pow(scale)).toFixed());
  }
});

test('X-2 a rate holds twelve digits and no more', () => {
  expect(parseRate('0.005')).toBe(5_000_000_000n);
  expect(parseRate('0.000000000001')).toBe(1n);
  expect(parseRate('0.0000000000001')).toBeUndefined();
  expect(formatRate(parseRate('-0.0125') as NonNullable<ReturnType<typeof parseRate>>)).toBe('-0.0125');
});
