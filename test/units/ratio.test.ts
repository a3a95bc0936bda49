import { Malformed } from '../../src/units/failure';
import { addRatios, approximate, compareRatios, formatRatio, parseRatio, ratio } from '../../src/units/ratio';

test('MT-1 fractions no decimal holds are kept exactly, in lowest terms', () => {
  expect(parseRatio('1/15')).toEqual({ numerator: 1n, denominator: 15n });
  expect(parseRatio('0.025')).toEqual({ numerator: 1n, denominator: 40n });
  expect(parseRatio('0.5/1.5')).toEqual({ numerator: 1n, denominator: 3n });
  expect(parseRatio('-2')).toEqual({ numerator: -2n, denominator: 1n });
  expect(ratio(6n, -4n)).toEqual({ numerator: -3n, denominator: 2n });
  expect(ratio(0n, -5n)).toEqual({ numerator: 0n, denominator: 1n });
});

test.each(['', '1/', '/2', '1/2/3', '1/0', '0/0', 'a', '1e2', '1 / 2'])('MT-1 "%s" is no ratio', (text) => {
  expect(() => parseRatio(text)).toThrow(Malformed);
});

test('MT-1 a ratio is written as a decimal where one says it exactly, else as a fraction', () => {
  expect(formatRatio(ratio(1n, 40n))).toBe('0.025');
  expect(formatRatio(ratio(1n, 15n))).toBe('1/15');
  expect(formatRatio(ratio(-3n, 2n))).toBe('-1.5');
  expect(formatRatio(ratio(4n))).toBe('4');
  for (const text of ['0.025', '1/15', '2/3', '-1.5', '0', '1/30']) expect(formatRatio(parseRatio(text))).toBe(text);
});

test('the order and sum of ratios are exact', () => {
  expect(compareRatios(parseRatio('1/3'), parseRatio('0.333333333333'))).toBe(1);
  expect(compareRatios(parseRatio('2/6'), parseRatio('1/3'))).toBe(0);
  expect(compareRatios(parseRatio('-1/2'), parseRatio('-1/3'))).toBe(-1);
  expect(addRatios(parseRatio('1/6'), parseRatio('1/3'))).toEqual(parseRatio('0.5'));
});

test('an approximation rounds half to even at the digit asked for', () => {
  expect(approximate(1n, 3n, 4)).toBe('0.3333');
  expect(approximate(2n, 3n, 4)).toBe('0.6667');
  expect(approximate(5n, 1000n, 2)).toBe('0');
  expect(approximate(15n, 1000n, 2)).toBe('0.02');
  expect(approximate(-1n, -8n, 3)).toBe('0.125');
});
