/** Positions as rows of columns: those of one account are linked to a list, those given back to another. */

import type { Cash, Size } from '../../units/quantity';
import type { Position, RecentGain, SinceOpened } from '../model/account';
import type { AccountRows } from './accountRows';
import { bytesOfColumns, bytesOfMap, INTEGER } from './bytes';
import {
  type Beyond,
  type Extra,
  floatOf,
  grown,
  integerAt,
  NONE,
  type PositionColumns,
  putNumber,
  setInteger,
  withRows,
} from './columns';
import { exposureOf } from './exposure';
import { createGains, noGains, type SavedGains } from './gains';
import { createGrowth } from './growth';

export interface RowListener {
  /** A position is about to be given back. */
  freed?(position: number): void;
  /** A position stands in a row that was free. */
  taken?(position: number): void;
}

export interface SavedPositions {
  readonly columns: PositionColumns;
  readonly beyond: { readonly size: Beyond; readonly cost: Beyond };
  readonly gains: SavedGains;
  readonly settled: SavedGains; // since it was opened
  readonly realised: SavedGains;
  readonly extras: Map<number, Extra>;
  readonly recent: Map<number, RecentGain>; // few have any
  readonly held: readonly number[];
  readonly free: number;
}

export interface PositionRows {
  readonly columns: PositionColumns;
  /** The row of an account's position; NONE. */
  find(account: number, instrument: number): number;
  get(row: number): Position;
  set(row: number, position: Position): void;
  take(account: number, instrument: number, position: Position): void;
  free(row: number): void;
  /** Of one account. */
  rowsOf(account: number): number[];
  /** Of one instrument. */
  holding(instrument: number): number[];
  /** Lots of one instrument that are held long. */
  long(instrument: number): Size;
  /** Lots it can reach. */
  exposure(row: number): bigint;
  /** The same as a float. */
  lots(row: number): number;
  /** Of its cost the part of a unit, in 1e-12. */
  fraction(row: number): bigint;
  onRows(listener: RowListener): void;
  save(): SavedPositions;
  bytes(): number;
}

const ROWS = grown(0);

const noPositions = (): SavedPositions => ({
  columns: {
    count: 0,
    account: new Int32Array(ROWS),
    instrument: new Uint16Array(ROWS),
    size: new Float64Array(ROWS),
    cost: new Float64Array(ROWS),
    next: new Int32Array(ROWS),
  },
  beyond: { size: new Map(), cost: new Map() },
  gains: noGains(),
  settled: noGains(),
  realised: noGains(),
  extras: new Map(),
  recent: new Map(),
  held: [],
  free: NONE,
});

const copyOf = (saved: SavedPositions, rows: number): SavedPositions => ({
  columns: withRows(saved.columns, rows),
  beyond: { size: new Map(saved.beyond.size), cost: new Map(saved.beyond.cost) },
  gains: saved.gains,
  settled: saved.settled,
  realised: saved.realised,
  extras: new Map(saved.extras),
  recent: new Map(saved.recent),
  held: [...saved.held],
  free: saved.free,
});

export function createPositionRows(
  { columns: accounts, growth: accountGrowth }: AccountRows,
  saved?: SavedPositions,
): PositionRows {
  const made = saved ? copyOf(saved, grown(saved.columns.count)) : noPositions();
  const { columns, beyond, extras, recent } = made;
  const held = made.held as number[]; // positions by instrument
  const listeners: RowListener[] = [];
  const growth = createGrowth(columns);
  const gains = createGains(made.gains);
  const [settled, realised] = [createGains(made.settled), createGains(made.realised)];
  let { free } = made;

  const since = (row: number): SinceOpened | undefined =>
    settled.isZero(row) && realised.isZero(row)
      ? undefined
      : { settled: settled.at(row) as Cash, realised: realised.at(row) as Cash };

  const get = (row: number): Position => {
    const extra = extras.size === 0 ? undefined : extras.get(row);
    const gained = recent.size === 0 ? undefined : recent.get(row);
    const sinceOpened = since(row);
    return {
      size: integerAt(columns.size, beyond.size, row) as Size,
      cost: integerAt(columns.cost, beyond.cost, row) as Cash,
      bids: (extra?.bids ?? 0n) as Size,
      asks: (extra?.asks ?? 0n) as Size,
      gain: gains.at(row) as Cash,
      ...(extra?.fraction === undefined ? undefined : { fraction: extra.fraction }),
      ...(gained === undefined ? undefined : { recent: gained }),
      ...(sinceOpened === undefined ? undefined : { sinceOpened }),
    };
  };

  const set = (row: number, position: Position): void => {
    setInteger(columns.size, beyond.size, row, position.size);
    setInteger(columns.cost, beyond.cost, row, position.cost);
    gains.set(row, position.gain);
    settled.set(row, position.sinceOpened?.settled ?? 0n);
    realised.set(row, position.sinceOpened?.realised ?? 0n);
    const { bids, asks, fraction } = position;
    if (fraction !== undefined) extras.set(row, { bids, asks, fraction });
    else if (bids !== 0n || asks !== 0n) extras.set(row, { bids, asks });
    else if (extras.size > 0) extras.delete(row);
    if (position.recent !== undefined) recent.set(row, position.recent);
    else if (recent.size > 0) recent.delete(row);
    growth.wrote(row);
  };

  const takeRow = (): number => {
    const row = free;
    if (row !== NONE) {
      free = columns.next[row] as number;
      return row;
    }
    growth.prepare();
    columns.count += 1;
    return columns.count - 1;
  };

  /** Makes what led to one row of an account lead to another. */
  const relink = (account: number, row: number, to: number): void => {
    if (accounts.first[account] === row) {
      accounts.first[account] = to;
      accountGrowth.wrote(account);
      return;
    }
    let before = accounts.first[account] as number;
    while (columns.next[before] !== row) before = columns.next[before] as number;
    columns.next[before] = to;
    growth.wrote(before);
  };

  const exposure = (row: number): bigint => exposureOf(get(row));

  return {
    columns,
    find(account, instrument) {
      let row = accounts.first[account] as number;
      while (row !== NONE && columns.instrument[row] !== instrument) row = columns.next[row] as number;
      return row;
    },
    get,
    set,
    take(account, instrument, position) {
      const row = takeRow();
      columns.account[row] = account;
      putNumber(columns, 'instrument', row, instrument);
      columns.next[row] = accounts.first[account] as number;
      accounts.first[account] = row;
      accountGrowth.wrote(account);
      set(row, position);
      held[instrument] = (held[instrument] ?? 0) + 1;
      for (const listener of listeners) listener.taken?.(row);
    },
    free(row) {
      for (const listener of listeners) listener.freed?.(row);
      const instrument = columns.instrument[row] as number;
      held[instrument] = (held[instrument] as number) - 1;
      relink(columns.account[row] as number, row, columns.next[row] as number);
      setInteger(columns.size, beyond.size, row, 0n);
      setInteger(columns.cost, beyond.cost, row, 0n);
      for (const column of [gains, settled, realised]) column.set(row, 0n);
      extras.delete(row);
      recent.delete(row);
      columns.account[row] = NONE;
      columns.next[row] = free;
      free = row;
      growth.wrote(row);
    },
    rowsOf(account) {
      const rows: number[] = [];
      for (let row = accounts.first[account] as number; row !== NONE; row = columns.next[row] as number) rows.push(row);
      return rows;
    },
    holding(number) {
      const { account, instrument, count } = columns;
      const rows: number[] = [];
      let left = held[number] ?? 0;
      for (let row = 0; left > 0 && row < count; row++) {
        if (instrument[row] !== number || account[row] === NONE) continue;
        rows.push(row);
        left -= 1;
      }
      return rows;
    },
    long(number) {
      const { account, instrument, size, count } = columns;
      let [sum, part] = [0n, 0]; // the part is added up in floats for as long as they tell integers apart
      let left = held[number] ?? 0;
      for (let row = 0; left > 0 && row < count; row++) {
        if (instrument[row] !== number || account[row] === NONE) continue;
        left -= 1;
        const lots = size[row] as number;
        if (lots <= 0) continue;
        if (part + lots <= Number.MAX_SAFE_INTEGER) part += lots;
        else sum += integerAt(size, beyond.size, row);
      }
      return (sum + BigInt(part)) as Size;
    },
    exposure,
    lots(row) {
      if (extras.size > 0 && extras.has(row)) return floatOf(exposure(row));
      const size = columns.size[row] as number;
      return size < 0 ? -size : size;
    },
    fraction: (row) => extras.get(row)?.fraction ?? 0n,
    onRows: (listener) => void listeners.push(listener),
    save: () =>
      copyOf({ ...made, gains: gains.save(), settled: settled.save(), realised: realised.save(), free }, columns.count),
    bytes: () =>
      bytesOfColumns(columns) +
      growth.bytes() +
      gains.bytes() +
      settled.bytes() +
      realised.bytes() +
      bytesOfMap(extras, 40 + 2 * INTEGER) +
      bytesOfMap(recent, 120 + 6 * INTEGER) +
      bytesOfMap(beyond.size, INTEGER) +
      bytesOfMap(beyond.cost, INTEGER),
  };
}
