/**
 * Exact fractions for rates that no decimal holds, such as the 1/15 of a fifteenfold leverage or the 2/3 of a ladder.
 * Always in lowest terms with a positive denominator.
 */

import { MOST_IN_RATIO, within } from './bounds';
import { formatShortest, isDecimal, parseExact } from './decimal';
import { Malformed } from './failure';
import { divHalfEven, greatestCommonDivisor } from './rounding';

export interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export function ratio(numerator: bigint, denominator = 1n): Ratio {
  if (denominator === 0n) throw new Malformed('A ratio has no zero denominator');
  const sign = denominator < 0n ? -1n : 1n;
  const divisor = greatestCommonDivisor(numerator, denominator) || 1n;
  return { numerator: (sign * numerator) / divisor, denominator: (sign * denominator) / divisor };
}

/** Reads `0.025`, `1/15` or `2`. */
export function parseRatio(text: string): Ratio {
  const [above, below, ...more] = text.split('/');
  if (above === undefined || more.length > 0) throw new Malformed(`Not a ratio: ${text}`);
  const a = parseExact(above);
  const b = below === undefined ? { mantissa: 1n, scale: 0 } : parseExact(below);
  if (b.mantissa === 0n) throw new Malformed(`Not a ratio: ${text}`);
  return ratio(a.mantissa * 10n ** BigInt(b.scale), b.mantissa * 10n ** BigInt(a.scale));
}

/** Whether a text that enters is a ratio within bounds: a decimal, or one over another. */
export function isRatio(text: string): boolean {
  const parts = text.split('/');
  if (parts.length > 2 || !parts.every(isDecimal) || /^-?[0.]+$/.test(parts[1] ?? '1')) return false;
  const { numerator, denominator } = parseRatio(text);
  return within(numerator, MOST_IN_RATIO) && within(denominator, MOST_IN_RATIO);
}

/** `0.025` where a decimal of at most 12 digits says it exactly, else `1/15`. */
export function formatRatio(value: Ratio): string {
  const scaled = value.numerator * 10n ** 12n;
  if (scaled % value.denominator !== 0n) return `${value.numerator}/${value.denominator}`;
  return formatShortest(scaled / value.denominator, 12);
}

/** The ratio as a decimal with at most `digits` digits, half to even: for show. */
export const approximate = (numerator: bigint, denominator: bigint, digits: number): string =>
  formatShortest(divHalfEven(numerator * 10n ** BigInt(digits), denominator), digits);

export const compareRatios = (a: Ratio, b: Ratio): -1 | 0 | 1 => {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
};

export const multiplyRatios = (a: Ratio, b: Ratio): Ratio =>
  ratio(a.numerator * b.numerator, a.denominator * b.denominator);

export const negateRatio = ({ numerator, denominator }: Ratio): Ratio => ({ numerator: -numerator, denominator });

export const addRatios = (a: Ratio, b: Ratio): Ratio =>
  ratio(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);
