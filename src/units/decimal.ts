/**
 * Decimal strings: the only form in which a quantity enters or leaves the house. No float, no exponent, no sign plus.
 */

import { MOST_DIGITS } from './bounds';
import { Malformed } from './failure';
import { type Rate, rate } from './quantity';

export interface ParsedDecimal {
  readonly mantissa: bigint;
  readonly scale: number; // digits after the point, without trailing zeros
}

const DECIMAL = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;
const LONGEST = 2 * MOST_DIGITS + 2;

/** Whether a text that enters is a decimal, of no more digits than one may have. */
export function isDecimal(text: string): boolean {
  if (text.length > LONGEST || !DECIMAL.test(text)) return false;
  const [whole, fraction = ''] = text.split('.') as [string, string?];
  return whole.length - (whole.startsWith('-') ? 1 : 0) <= MOST_DIGITS && fraction.length <= MOST_DIGITS;
}

/** Whether a text is a decimal of any length. */
export const isExact = (text: string): boolean => DECIMAL.test(text);

/** Reads a decimal that enters. */
export function parseDecimal(text: string): ParsedDecimal {
  if (!isDecimal(text)) throw new Malformed(`Not a decimal: ${text.slice(0, 60)}`);
  return parseExact(text);
}

/** Reads a decimal of any length: what the house itself has written. */
export function parseExact(text: string): ParsedDecimal {
  if (!DECIMAL.test(text)) throw new Malformed(`Not a decimal: ${text.slice(0, 60)}`);
  const point = text.indexOf('.');
  if (point < 0) return { mantissa: BigInt(text), scale: 0 };
  const fraction = text.slice(point + 1).replace(/0+$/, '');
  return { mantissa: BigInt(text.slice(0, point) + fraction), scale: fraction.length };
}

/** The decimal as an integer count of 10^-scale; undefined where digits would be lost. */
export function toScaled(text: string, scale: number): bigint | undefined {
  const parsed = parseExact(text);
  if (parsed.scale > scale) return undefined;
  return parsed.mantissa * 10n ** BigInt(scale - parsed.scale);
}

/** How many whole `unit`s the decimal is; undefined where it is not a whole number of them. */
export function countOf(text: string, unit: string): bigint | undefined {
  const value = parseExact(text);
  const step = parseExact(unit);
  const numerator = value.mantissa * 10n ** BigInt(step.scale);
  const denominator = step.mantissa * 10n ** BigInt(value.scale);
  return numerator % denominator === 0n ? numerator / denominator : undefined;
}

/** An integer count of 10^-scale as a decimal with exactly `scale` digits after the point. */
export function formatScaled(count: bigint, scale: number): string {
  if (scale === 0) return count.toString();
  const negative = count < 0n;
  const digits = (negative ? -count : count).toString().padStart(scale + 1, '0');
  return `${negative ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** The same without trailing zeros: the shortest decimal that says it exactly. */
export function formatShortest(count: bigint, scale: number): string {
  const text = formatScaled(count, scale);
  return scale === 0 ? text : text.replace(/\.?0+$/, '');
}

/** A decimal without digits that say nothing: `1.50` and `1.5` are one. */
export function shortestText(decimal: string): string {
  const { mantissa, scale } = parseExact(decimal);
  return formatShortest(mantissa, scale);
}

/** `count` units as a decimal with as many digits after the point as the unit has. */
export function formatCount(count: bigint, unit: string): string {
  const step = parseExact(unit);
  return formatScaled(count * step.mantissa, step.scale);
}

export const RATE_SCALE = 12;

/** A rate such as `0.005`; undefined where it has more than 12 digits. */
export function parseRate(text: string): Rate | undefined {
  const scaled = toScaled(text, RATE_SCALE);
  return scaled === undefined ? undefined : rate(scaled);
}

/** A rate as the shortest decimal that says it exactly. */
export const formatRate = (value: Rate): string => formatShortest(value, RATE_SCALE);
