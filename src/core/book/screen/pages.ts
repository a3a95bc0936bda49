/**
 * A long list of small integers that grows by pages: no row is ever copied, so growing takes no time that a price would
 * feel.
 */

const BITS = 16;
const ROWS = 1 << BITS;
const MASK = ROWS - 1;

export interface Pages {
  /** The value of a row; that of an empty one where nothing was ever set near it. */
  get(row: number): number;
  set(row: number, value: number): void;
  /** Empties every row. */
  clear(): void;
  readonly bytes: number;
}

export function createPages(empty: number): Pages {
  const pages: Int32Array[] = [];
  const grow = (page: number): Int32Array => {
    while (pages.length <= page) pages.push(new Int32Array(ROWS).fill(empty));
    return pages[page] as Int32Array;
  };
  return {
    get: (row) => pages[row >> BITS]?.[row & MASK] ?? empty,
    set(row, value) {
      const page = pages[row >> BITS] ?? grow(row >> BITS);
      page[row & MASK] = value;
    },
    clear() {
      for (const page of pages) page.fill(empty);
    },
    get bytes() {
      return pages.length * ROWS * Int32Array.BYTES_PER_ELEMENT;
    },
  };
}
