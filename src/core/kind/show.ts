/**
 * Records as people read them: amounts, prices, sizes and rates as decimals in their units, instants and spans as text.
 */

import { formatCount, formatRate, formatScaled, formatShortest } from '../../units/decimal';
import { formatDuration, formatInstant } from '../../units/instant';
import { type Duration, duration, type Instant, instant, type Rate } from '../../units/quantity';
import { formatRatio, type Ratio } from '../../units/ratio';
import type { Fields, Kind, Named } from './kind';

/** The units of a house. Undefined: nothing is known by that name, and the integer is shown as it is. */
export interface Units {
  scaleOf(currency: string): number | undefined;
  tickOf(instrument: string): string | undefined;
  lotOf(instrument: string): string | undefined;
  indexTickOf(index: string): string | undefined;
  settlementOf(instrument: string): string | undefined; // currency
  currencyOf(account: string): string | undefined;
}

type Values = Readonly<Record<string, unknown>>;

/** A record and what it stands in, from the inside out. */
interface Place {
  readonly fields: Fields;
  readonly values: Values;
  readonly outer: Place | undefined;
}

/** A name that says whose unit a quantity is in. */
interface Owner {
  readonly of: Named;
  readonly name: string;
}

/** The fields of a record with what it is about beside them, as if these were its own. */
export function flattened(fields: Fields, values: Values): { readonly fields: Fields; readonly values: Values } {
  const flat: { fields: Record<string, Kind>; values: Record<string, unknown> } = { fields: {}, values: {} };
  for (const [name, value] of Object.entries(values)) {
    const kind = fields[name];
    const item = kind?.is === 'about' ? kind.item : undefined;
    if (item?.is === 'record' && isRecord(value)) {
      Object.assign(flat.fields, item.fields);
      Object.assign(flat.values, value);
    } else {
      if (kind) flat.fields[name] = kind;
      flat.values[name] = value;
    }
  }
  return flat;
}

/** A record with everything in it written out, as text where it has a unit. */
export function shownRecord(fields: Fields, values: Values, units: Units): Record<string, unknown> {
  return shownIn({ ...flattened(fields, values), outer: undefined }, units);
}

function shownIn(place: Place, units: Units): Record<string, unknown> {
  const { fields, values } = place;
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, shown(fields[name], value, place, units)]),
  );
}

const isRecord = (value: unknown): value is Values =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

function shown(kind: Kind | undefined, value: unknown, place: Place, units: Units): unknown {
  if (kind === undefined || value === null || value === undefined) return value;
  switch (kind.is) {
    case 'nullable':
    case 'optional':
    case 'about':
      return shown(kind.item, value, place, units);
    case 'list':
      return (value as readonly unknown[]).map((item) => shown(kind.item, item, place, units));
    case 'record':
      return shownIn({ fields: kind.fields, values: value as Values, outer: place }, units);
    case 'variants': {
      const values = value as Values;
      return shownIn({ fields: kind.of[String(values[kind.by])] ?? {}, values, outer: place }, units);
    }
    default:
      return textOf(kind, value, place, units);
  }
}

function textOf(kind: Kind, value: unknown, place: Place, units: Units): unknown {
  switch (kind.is) {
    case 'instant':
      return formatInstant(instant(value as Instant));
    case 'span':
      return formatDuration(duration(value as Duration));
    case 'rate':
      return formatRate(value as Rate);
    case 'ratio':
      return formatRatio(value as Ratio);
    case 'digits':
      return formatShortest(value as bigint, kind.digits);
    case 'cash':
    case 'price':
    case 'size':
      return quantityText(kind.is, value as bigint, kind.of, place, units);
    default:
      return typeof value === 'bigint' ? value.toString() : value;
  }
}

function quantityText(is: 'cash' | 'price' | 'size', value: bigint, of: string, place: Place, units: Units): string {
  if (is === 'cash') {
    const currency = currencyOf(ownerOf(of, place), units);
    const scale = currency === undefined ? undefined : units.scaleOf(currency);
    return scale === undefined ? value.toString() : formatScaled(value, scale);
  }
  const step = is === 'size' ? lotOf(ownerOf(of, place), units) : tickOf(of, place, units);
  return step === undefined ? value.toString() : formatCount(value, step);
}

function currencyOf(owner: Owner | undefined, units: Units): string | undefined {
  if (owner?.of === 'account') return units.currencyOf(owner.name);
  return owner?.of === 'instrument' ? units.settlementOf(owner.name) : owner?.name;
}

const lotOf = (owner: Owner | undefined, units: Units): string | undefined => owner && units.lotOf(owner.name);

/** `currency/account` is the index of a currency in the currency of an account. */
function tickOf(of: string, place: Place, units: Units): string | undefined {
  const [base, quote] = of.split('/').map((path) => ownerOf(path, place));
  if (quote) return units.indexTickOf(`${base?.name}/${currencyOf(quote, units)}`);
  return base && (base.of === 'index' ? units.indexTickOf(base.name) : units.tickOf(base.name));
}

/** What a path leads to: its first step is a field of the record or of one around it, where it is not null. */
function ownerOf(paths: string, place: Place): Owner | undefined {
  for (const path of paths.split('|')) {
    const [first = '', ...steps] = path.split('.');
    for (let at: Place | undefined = place; at; at = at.outer) {
      const found = followed(at.fields[first], at.values[first], steps);
      if (found) return found;
    }
  }
  return undefined;
}

function followed(kind: Kind | undefined, value: unknown, steps: readonly string[]): Owner | undefined {
  if (kind === undefined || value === null || value === undefined) return undefined;
  if (kind.is === 'nullable' || kind.is === 'optional' || kind.is === 'about') return followed(kind.item, value, steps);
  const [next, ...rest] = steps;
  if (next === undefined) return kind.is === 'name' ? { of: kind.of, name: String(value) } : undefined;
  return kind.is === 'record' ? followed(kind.fields[next], (value as Values)[next], rest) : undefined;
}
