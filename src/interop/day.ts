/** Example days: recorded crashes as rounds of prices, with the margin tiers their instruments had. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TierInput } from '../core/message/tierInputs';
import { parseInstant } from '../units/instant';
import { type Instant, instant } from '../units/quantity';

export interface DayInstrument {
  readonly id: string; // BTC-PERP
  readonly base: string;
  readonly tick: string;
  readonly lot: string;
  readonly tiers: readonly TierInput[];
  readonly maximumLeverage: number;
  readonly listed: boolean; // its own tiers were listed; else it has the most conservative table of the list
}

export interface Round {
  readonly at: Instant;
  readonly prices: readonly { readonly instrument: string; readonly price: string }[];
}

export interface TradingDay {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly start: Instant;
  readonly instruments: readonly DayInstrument[];
  readonly rounds: readonly Round[];
}

type Bar = readonly [open: string, high: string, low: string, close: string];

interface DayFile {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly start: string;
  readonly intervalMinutes: number;
  readonly bars: Readonly<Record<string, readonly Bar[]>>;
}

type TierRow = readonly [
  floor: string,
  cap: string,
  maintenanceRate: string,
  maximumLeverage: string,
  deduction: string,
];

// The data files lie beside the sources, also when the program runs from its build.
const FOLDER = join(__dirname, '..', '..', 'src', 'interop', 'examples');

const readJson = <T>(name: string): T => JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as T;

export const DAYS = ['2025-10-10', '2022-11-08', '2021-05-19', '2020-03-12'] as const;
export type DayName = (typeof DAYS)[number];

export const isDayName = (name: string): name is DayName => (DAYS as readonly string[]).includes(name);

export function loadDay(name: DayName): TradingDay {
  const file = readJson<DayFile>(name);
  const start = parseInstant(file.start);
  const bases = Object.keys(file.bars).sort();
  const instruments = bases.map((base) => dayInstrument(base, file.bars[base] as readonly Bar[]));
  return { name, title: file.title, about: file.about, start, instruments, rounds: roundsOf(file, bases, start) };
}

/** Four prices a bar: open, low, high, close of a falling bar, open, high, low, close of a rising one. */
function roundsOf(file: DayFile, bases: readonly string[], start: Instant): Round[] {
  const count = file.bars[bases[0] as string]?.length ?? 0;
  const step = (file.intervalMinutes * 60_000) / 4;
  const rounds: Round[] = [];
  for (let bar = 0; bar < count; bar++) {
    for (let quarter = 0; quarter < 4; quarter++) {
      const prices = bases.map((base) => ({
        instrument: `${base}-PERP`,
        price: tickOf((file.bars[base] as readonly Bar[])[bar] as Bar, quarter),
      }));
      rounds.push({ at: instant(start + (bar * 4 + quarter) * step), prices });
    }
  }
  return rounds;
}

function tickOf([open, high, low, close]: Bar, quarter: number): string {
  const falling = Number(close) < Number(open);
  return (falling ? [open, low, high, close] : [open, high, low, close])[quarter] as string;
}

/** Instruments without tiers of their own get this table of the list: the highest rates and the lowest leverage. */
const MOST_CONSERVATIVE = 'STRAX';

function dayInstrument(base: string, bars: readonly Bar[]): DayInstrument {
  const { instruments } = readJson<{ instruments: Readonly<Record<string, readonly TierRow[]>> }>('margin-tiers');
  const listed = instruments[base];
  const rows = listed ?? (instruments[MOST_CONSERVATIVE] as readonly TierRow[]);
  const digits = Math.max(...bars.flat().map((price) => price.split('.')[1]?.replace(/0+$/, '').length ?? 0));
  return {
    id: `${base}-PERP`,
    base,
    tick: powerOfTen(-digits),
    lot: powerOfTen(-magnitudeOf(bars[0]?.[0] ?? '1')),
    tiers: rows.map(tierOf),
    maximumLeverage: Number(rows[0]?.[3]),
    listed: listed !== undefined,
  };
}

/** The last tier's leverage of 1 is a rate of 1: the whole notional. */
function tierOf([floor, cap, maintenanceRate, maximumLeverage, deduction]: TierRow): TierInput {
  return { floor, cap, maintenanceRate, initialRate: `1/${maximumLeverage}`, deduction };
}

/**
 * How many digits before the point beyond the first, or below zero how many zeros after it: a lot is worth a few units.
 */
function magnitudeOf(price: string): number {
  const [whole, fraction = ''] = price.split('.');
  if (whole !== undefined && whole !== '0') return whole.length - 1;
  return -(fraction.search(/[1-9]/) + 1);
}

const powerOfTen = (exponent: number): string =>
  exponent >= 0 ? `1${'0'.repeat(exponent)}` : `0.${'0'.repeat(-exponent - 1)}1`;
