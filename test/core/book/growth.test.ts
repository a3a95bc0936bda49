import type { Numbers } from '../../../src/core/book/columns';
import { createGrowth } from '../../../src/core/book/growth';
import { randomOf } from '../../support/random';

interface Columns {
  count: number;
  amount: Float64Array;
  kind: Numbers;
}

/** Takes rows up to a count, writing others again meanwhile; returns what the columns should hold. */
function grow(columns: Columns, upTo: number, tell: boolean): { amounts: number[]; kinds: number[] } {
  const random = randomOf(7);
  const growth = createGrowth(columns);
  const amounts: number[] = [];
  const kinds: number[] = [];
  const write = (row: number): void => {
    const [amount, kind] = [random.below(1e6), random.below(256)];
    columns.amount[row] = amount;
    columns.kind[row] = kind;
    amounts[row] = amount;
    kinds[row] = kind;
    if (tell) growth.wrote(row);
  };
  while (columns.count < upTo) {
    growth.prepare();
    const row = columns.count;
    columns.count += 1;
    write(row);
    for (let i = 0; i < 3; i++) write(random.below(columns.count));
    // Just before the columns are changed for longer ones, one of them becomes a wider one.
    if (row === 2040) columns.kind = new Uint16Array(columns.kind);
    if (row > 2040) {
      columns.kind[row] = 256 + (row % 5000);
      kinds[row] = 256 + (row % 5000);
      if (tell) growth.wrote(row);
    }
  }
  return { amounts, kinds };
}

const columnsOf = (rows: number): Columns => ({ count: 0, amount: new Float64Array(rows), kind: new Uint8Array(rows) });

test('columns hold what was written while they grew, and as wide as it was', () => {
  const columns = columnsOf(1024);
  const { amounts, kinds } = grow(columns, 40_000, true);
  expect(columns.amount.length).toBe(65_536);
  expect(columns.kind).toBeInstanceOf(Uint16Array);
  expect([...columns.amount.subarray(0, 40_000)]).toEqual(amounts);
  expect([...columns.kind.subarray(0, 40_000)]).toEqual(kinds);
});

test('a row written without telling is lost: the test above can fail', () => {
  const columns = columnsOf(1024);
  const { amounts } = grow(columns, 40_000, false);
  expect([...columns.amount.subarray(0, 40_000)]).not.toEqual(amounts);
});

test('never more than a thousand rows are copied at once, also when the columns are changed for longer ones', () => {
  const columns = columnsOf(262_144);
  const { amount } = columns;
  const copied: number[] = [];
  amount.subarray = (from = 0, to = 0) => {
    copied.push(to - from);
    return Float64Array.prototype.subarray.call(amount, from, to);
  };
  const growth = createGrowth(columns);
  for (; columns.count < 262_150; columns.count++) growth.prepare();
  expect(columns.amount.length).toBe(524_288);
  expect(Math.max(...copied)).toBeLessThanOrEqual(1024);
  expect(copied.reduce((sum, rows) => sum + rows, 0)).toBe(262_144);
});
