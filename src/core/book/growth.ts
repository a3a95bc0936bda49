/**
 * Columns that grow without a pause: when nearly all of their rows are used, longer ones are prepared beside them and
 * rows are copied ahead, some with every so many that are taken, so that nothing is left to copy when the last is used.
 */

import { bytesOfColumns } from './bytes';
import { type Column, grown, resized } from './columns';

export interface Growth {
  /** Before a row that was never used is taken: there is room for it afterwards. */
  prepare(): void;
  /** After a row has been written. */
  wrote(row: number): void;
  /** What is prepared. */
  bytes(): number;
}

// In the last thirty-second of the rows all of them are copied, twice as fast as need be.
const LAST = 32;
const PACE = 16; // rows taken between two copies
const ROWS = 2 * LAST * PACE; // copied at once

export function createGrowth(growing: { readonly count: number }): Growth {
  const columns = growing as unknown as Record<string, Column>;
  const names = Object.keys(growing).filter((name) => name !== 'count');
  let room = columns[names[0] as string]?.length ?? 0;
  let ahead: Map<string, Column> | undefined;
  let copied = 0;

  /** One longer column at a time: to get a large one takes the machine some milliseconds. */
  const addColumn = (longer: Map<string, Column>): void => {
    const name = names[longer.size] as string;
    longer.set(name, resized((columns[name] as Column).slice(0, 0), grown(room)));
  };

  const copy = (longer: Map<string, Column>, upTo: number): void => {
    for (const [name, column] of longer) column.set((columns[name] as Column).subarray(copied, upTo), copied);
    copied = upTo;
  };

  const change = (longer: Map<string, Column>): void => {
    while (longer.size < names.length) addColumn(longer);
    copy(longer, room);
    room = grown(room);
    for (const [name, column] of longer) {
      const old = columns[name] as Column;
      // A column that was widened meanwhile has been copied into one too narrow for it.
      columns[name] = old.BYTES_PER_ELEMENT === column.BYTES_PER_ELEMENT ? column : resized(old, room);
    }
    ahead = undefined;
    copied = 0;
  };

  return {
    prepare() {
      const { count } = growing;
      if (count * LAST < room * (LAST - 1) || (count % PACE !== 0 && count < room)) return;
      ahead ??= new Map();
      if (count === room) change(ahead);
      else if (ahead.size < names.length) addColumn(ahead);
      else copy(ahead, Math.min(count, copied + ROWS));
    },
    wrote(row) {
      if (!ahead || row >= copied) return;
      for (const [name, column] of ahead) column[row] = (columns[name] as Column)[row] as number;
    },
    bytes: () => (ahead ? bytesOfColumns(Object.fromEntries(ahead)) : 0),
  };
}
