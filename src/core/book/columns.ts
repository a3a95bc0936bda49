/**
 * The columns of the book: what accounts and positions are, as numbers in typed arrays. A column holds exact integers;
 * an integer beyond 2^53 stands in a map beside it, and its column holds the nearest float. Rows that are given back
 * are used again. Everything outside this folder sees domain values, never a row.
 */

import type { Rate } from '../../units/quantity';

/** No row. */
export const NONE = -1;

/** Small numbers from zero, as narrow as they fit: widened when one comes that does not. */
export type Numbers = Uint8Array | Uint16Array | Uint32Array;

export type Column = Float64Array | Int32Array | Numbers;

export interface AccountColumns {
  count: number; // rows ever used
  cash: Float64Array; // in the account's own currency
  first: Int32Array; // its first position; NONE
  owner: Int32Array; // number of its owner
  sibling: Int32Array; // the next account of the same owner, round and round: itself where it is the only one
  profile: Numbers; // number of what it has in common with many others
  instrument: Numbers; // 1 + number of the one instrument of an isolated account; 0
  leverage: Numbers; // 1 + number of the most leverage its holder wants; 0
  status: Numbers;
  warned: Numbers; // rungs, up to 255
  waived: Numbers; // 0 or 1
  others: Numbers; // how many other currencies it holds
}

export interface PositionColumns {
  count: number; // rows ever used, free ones among them
  account: Int32Array; // row; NONE where the row is free
  instrument: Numbers; // number of the instrument
  size: Float64Array; // lots, long positive
  cost: Float64Array; // cash
  next: Int32Array; // the account's next position, or the next free row; NONE
}

/** Orders open on a position: few have any, so they stand beside the columns. */
export interface Extra {
  readonly bids: bigint;
  readonly asks: bigint;
  readonly fraction?: Rate; // of its cost
}

/** Integers of a column that no float tells apart, by row. */
export type Beyond = Map<number, bigint>;

const isBeyond = (float: number): boolean => float > Number.MAX_SAFE_INTEGER || float < -Number.MAX_SAFE_INTEGER;

/** The integer of a row, which stands at its own place of the column unless the column comes in pages. */
export function integerAt(column: Float64Array, beyond: Beyond, row: number, place = row): bigint {
  const float = column[place] as number;
  return isBeyond(float) ? (beyond.get(row) as bigint) : BigInt(float);
}

export function setInteger(column: Float64Array, beyond: Beyond, row: number, value: bigint, place = row): void {
  const float = floatOf(value);
  if (isBeyond(float)) beyond.set(row, value);
  else if (isBeyond(column[place] as number)) beyond.delete(row);
  column[place] = float;
}

/** The nearest float: the integer itself up to 2^53. */
export const floatOf = (value: bigint): number => Number(value);

/** Rows double when they are used up: as seldom as that, and no view of an old array is kept. */
export const grown = (rows: number): number => Math.max(1024, rows * 2);

/** A copy of columns with so many rows, fewer or more. */
export function withRows<Columns extends { readonly count: number }>(columns: Columns, rows: number): Columns {
  const entries = Object.entries(columns) as [string, Column | number][];
  const copies = entries.map(([name, column]) => [name, typeof column === 'number' ? column : resized(column, rows)]);
  return Object.fromEntries(copies) as Columns;
}

export function resized<Kind extends Column>(column: Kind, rows: number): Kind {
  if (rows <= column.length) return column.slice(0, rows) as Kind;
  const longer = new (column.constructor as new (rows: number) => Kind)(rows);
  longer.set(column);
  return longer;
}

/** Writes a small number, into a wider column if it does not fit. */
export function putNumber<Name extends string>(
  columns: Record<Name, Numbers>,
  name: Name,
  row: number,
  number: number,
): void {
  const column = fitting(columns[name], number);
  column[row] = number;
  columns[name] = column;
}

function fitting(column: Numbers, number: number): Numbers {
  const bytes = number < 256 ? 1 : number < 65536 ? 2 : 4;
  if (bytes <= column.BYTES_PER_ELEMENT) return column;
  const wider = bytes === 2 ? new Uint16Array(column.length) : new Uint32Array(column.length);
  wider.set(column);
  return wider;
}
