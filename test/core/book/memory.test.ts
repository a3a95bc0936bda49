/** What a position takes: by the book's own word, and by the process that holds it. */

import { join } from 'node:path';
import { runTypeScript } from '../../support/child';

interface Measured {
  readonly position: number; // bytes in the process
  readonly account: number;
  readonly arrays: number; // typed arrays in the process
}

interface Figures {
  readonly positionCount: number;
  readonly plain: Measured;
  readonly column: Measured &
    Readonly<Record<'rows' | 'accounts' | 'positions' | 'before' | 'gained' | 'ordered', number>>;
}

let figures: Figures;
beforeAll(async () => {
  const child = runTypeScript(join(__dirname, 'measureMemory.ts'));
  figures = JSON.parse(await child.printed((line) => line.startsWith('{'))) as Figures;
  expect(await child.ended).toBe(0);
}, 60_000);

test('DS-1 a position takes 26 bytes and the room its columns have grown to, and the process confirms it', () => {
  const { positionCount, column } = figures;
  expect(column.rows).toBe(positionCount);

  // 100,000 rows have room for 131,072.
  expect(column.positions / positionCount).toBeLessThan((26.5 * 131_072) / positionCount);
  expect(column.position).toBeLessThan(36);
  expect(column.account).toBeLessThan(140);

  // What the book says of itself is what it takes: nearly all of it typed arrays.
  expect(Math.abs(column.arrays - (column.accounts + column.positions - column.before)) / column.arrays).toBeLessThan(
    0.02,
  );

  // Orders and gains are counted.
  expect((column.gained - column.positions) / positionCount).toBeGreaterThan(8);
  expect((column.gained - column.positions) / positionCount).toBeLessThan(8.5);
  expect((column.ordered - column.gained) / positionCount).toBeGreaterThan(100);
});

test('DS-1 the plain book takes about ten times as much: the bounds above can be missed', () => {
  expect(figures.plain.position).toBeGreaterThan(300);
  expect(figures.plain.account).toBeGreaterThan(400);
});
