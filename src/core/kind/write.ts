/**
 * Records with their integers as decimals: money in the scale of one currency, rates, ratios and factors as short as
 * they are.
 */

import { formatScaled, formatShortest, RATE_SCALE } from '../../units/decimal';
import type { Count } from '../../units/quantity';
import { formatRatio, type Ratio, ratio } from '../../units/ratio';
import type { Fields, Kind } from './kind';
import { underPresentNames } from './renamed';

/** The type of what was written: a decimal for every integer, all else as it is. */
export type Written<T> = T extends bigint | Ratio
  ? string
  : T extends number
    ? number
    : T extends readonly (infer Item)[]
      ? Written<Item>[]
      : T extends object
        ? { -readonly [Name in keyof T]: Written<T[Name]> }
        : T;

/** Writes a record as the core or its JSON has it; `scale` is that of the currency its money is in. */
export const written = <T>(kind: Kind<T>, value: unknown, scale: Count): Written<T> =>
  writtenOf(kind, value, scale) as Written<T>;

type Values = Readonly<Record<string, unknown>>;

function writtenOf(kind: Kind, value: unknown, scale: Count): unknown {
  if (value === null || value === undefined) return value;
  switch (kind.is) {
    case 'nullable':
    case 'optional':
    case 'about':
      return writtenOf(kind.item, value, scale);
    case 'list':
      return (value as readonly unknown[]).map((item) => writtenOf(kind.item, item, scale));
    case 'record':
      return fieldsOf(kind.fields, underPresentNames(value as Values, kind.was ?? {}), scale);
    case 'variants': {
      const values = underPresentNames(value as Values, kind.was ?? {});
      return { [kind.by]: values[kind.by], ...fieldsOf(kind.of[String(values[kind.by])] ?? {}, values, scale) };
    }
    case 'cash':
      return formatScaled(integerOf(value), scale);
    case 'rate':
      return formatShortest(integerOf(value), RATE_SCALE);
    case 'digits':
      return formatShortest(integerOf(value), kind.digits);
    case 'ratio': {
      const { numerator, denominator } = value as Record<keyof Ratio, unknown>;
      return formatRatio(ratio(integerOf(numerator), integerOf(denominator)));
    }
    case 'integer':
    case 'price':
    case 'size':
      return integerOf(value).toString();
    default:
      return value;
  }
}

const integerOf = (value: unknown): bigint => BigInt(value as string | bigint);

function fieldsOf(fields: Fields, values: Values, scale: Count): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, kind]) =>
      values[name] === undefined ? [] : [[name, writtenOf(kind, values[name], scale)]],
    ),
  );
}
