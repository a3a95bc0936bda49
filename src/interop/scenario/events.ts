/**
 * Events as a scenario speaks of them: names in camelCase, amounts, prices, sizes and rates as decimals, instants and spans
 * as text, and what an event is about (the call, the order, the account) laid out flat beside the rest.
 */

import type { Event } from '../../core/message/event';
import { formatCount, formatRate, formatScaled } from '../../units/decimal';
import { formatDuration, formatInstant } from '../../units/instant';
import { duration, instant, type Rate } from '../../units/quantity';
import { formatRatio, type Ratio } from '../../units/ratio';
import type { Definitions } from './definitions';

export interface StepEvent {
  readonly name: string;
  readonly seq: number; // of its journal entry
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Fields by what their integers count. Those of no list are amounts of money. */
const PRICES = new Set(['price', 'limit', 'mark']);
/** What is sold at auction, in its own currency. */
const LOTS = new Set(['quantity', 'sold']);
const SIZES = new Set(['size', 'filled', 'bids', 'asks']);
const RATES = new Set([
  ...['conversionDiscount', 'feeRate', 'fraction', 'fund', 'haircut', 'house', 'liquidator', 'makerFee', 'markBand', 'maximumDeviation'],
  ...['maximumShareOfDepth', 'priceBand', 'rate', 'repeatSurcharge', 'slippage', 'takerFee', 'share'],
  ...['badBidShare', 'chip', 'increment', 'penaltyMultiplier', 'recovery', 'reserveShare', 'startMultiplier'],
  ...['backstopShare', 'down', 'feeShare', 'multiple', 'threshold', 'up'],
]);
/** Numerators over the denominator of their tier schedule: left as they are. */
const NUMERATORS = new Set([
  'carry',
  'epoch',
  'power',
  'product',
  'sum',
  'denominator',
  'initialRate',
  'maintenanceRate',
  'initialDeduction',
  'maintenanceDeduction',
]);
const INSTANT = /^(at|deadline|expiry|ends|nextDue|\w+At)$/;
const SPAN = /(^(heartbeat|interval|period|finalNotice|jump|ahead)|Window|Interval)$/;

/** Fields that hold what the event is about: their own fields stand beside the event's. */
const SUBJECTS = new Set([
  'issued',
  'amended',
  'started',
  'placed',
  'opened',
  'declared',
  'offered',
  'definition',
  'terms',
  'created',
  'key',
  'schedule',
  'fundCall',
  'coverage',
  'case',
]);

export const nameOf = (type: string): string => `${type.charAt(0).toLowerCase()}${type.slice(1)}`;

export function stepEventOf(event: Event, seq: number, definitions: Definitions): StepEvent {
  const { type, ...rest } = event;
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(rest)) {
    if (SUBJECTS.has(name) && isRecord(value)) Object.assign(fields, value);
    else fields[name] = value;
  }
  return { name: nameOf(type), seq, fields: shownFields(fields, scopeOf(fields, NOWHERE, definitions), definitions) };
}

/** Whose units the numbers of an object are in: its own where it says so, else those of what it is part of. */
interface Scope {
  readonly currency: string | undefined;
  readonly own: string | undefined; // currency of the account
  readonly instrument: string | undefined;
  readonly index: string | undefined;
  readonly lot: string | undefined; // currency that is sold at auction
}

const NOWHERE: Scope = { currency: undefined, own: undefined, instrument: undefined, index: undefined, lot: undefined };

const isRecord = (value: unknown): value is Record<string, unknown> => value !== null && typeof value === 'object' && !Array.isArray(value);

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function scopeOf(fields: Readonly<Record<string, unknown>>, outer: Scope, definitions: Definitions): Scope {
  const named = textOf(fields['instrument']);
  const instrument = named !== undefined && definitions.instruments.has(named) ? named : outer.instrument;
  const account = textOf(fields['account']);
  const own = (account === undefined ? undefined : definitions.currencies.get(account)) ?? outer.own;
  const settlement = instrument === undefined ? undefined : definitions.instruments.get(instrument)?.settlement;
  const currency = textOf(fields['currency']) ?? (account === undefined ? undefined : own) ?? outer.currency ?? settlement;
  const auctioned = isRecord(fields['auctioned']) ? fields['auctioned'] : fields;
  const lot = textOf(auctioned['lotCurrency']) ?? outer.lot;
  return { currency, own, instrument, index: textOf(fields['index']) ?? outer.index, lot };
}

function shownFields(fields: Readonly<Record<string, unknown>>, scope: Scope, definitions: Definitions): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, shown(name, value, scope, definitions)]));
}

function shown(name: string, value: unknown, scope: Scope, definitions: Definitions): unknown {
  if (typeof value === 'bigint') return shownInteger(name, value, scope, definitions);
  if (typeof value === 'number') return shownNumber(name, value);
  if (Array.isArray(value)) return value.map((item: unknown) => shown(name, item, scope, definitions));
  if (!isRecord(value)) return value;
  if (isRatio(value)) return formatRatio(value);
  const inner = scopeOf(value, scope, definitions);
  // What slippage cost is money, although two of its names are those of prices elsewhere.
  if (name === 'slippage')
    return Object.fromEntries(Object.entries(value).map(([part, cost]) => [part, cashText(cost as bigint, inner.currency, definitions)]));
  return shownFields(value, inner, definitions);
}

const isRatio = (value: Record<string, unknown>): value is Ratio & Record<string, unknown> =>
  typeof value['numerator'] === 'bigint' && typeof value['denominator'] === 'bigint' && Object.keys(value).length === 2;

function shownNumber(name: string, value: number): unknown {
  if (INSTANT.test(name)) return formatInstant(instant(value));
  return SPAN.test(name) ? formatDuration(duration(value)) : value;
}

function shownInteger(name: string, value: bigint, scope: Scope, definitions: Definitions): string {
  if (NUMERATORS.has(name)) return value.toString();
  if (RATES.has(name)) return formatRate(value as Rate);
  const { instrument, index, currency, own, lot } = scope;
  if (LOTS.has(name) && lot !== undefined) return cashText(value, lot, definitions);
  const terms = instrument === undefined ? undefined : definitions.instruments.get(instrument);
  if (SIZES.has(name) && terms) return formatCount(value, terms.lot);
  if (PRICES.has(name)) {
    // Collateral is taken over at the price of its own index in the currency of the account.
    const tick = terms?.tick ?? definitions.ticks.get(index ?? `${currency}/${own}`);
    return tick === undefined ? value.toString() : formatCount(value, tick);
  }
  // Of converted collateral the amount is in its own currency, what was given for it in the account's.
  return cashText(value, name === 'proceeds' ? own : currency, definitions);
}

function cashText(value: bigint, currency: string | undefined, { scales }: Definitions): string {
  const scale = currency === undefined ? undefined : scales.get(currency);
  return scale === undefined ? value.toString() : formatScaled(value, scale);
}
