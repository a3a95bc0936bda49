/**
 * Texts as bytes in pages, a byte a character. A million of them take no objects of the heap, which garbage collection
 * would have to pass through while everything waits; a text is made when somebody asks for it.
 */

import { bytesOfColumns, bytesOfMap, bytesOfText } from './bytes';
import { grown, resized, withRows } from './columns';
import { createGrowth } from './growth';

interface TextColumns {
  count: number;
  start: Uint32Array; // where in the pages: a byte that tells the length, then the characters
}

export interface SavedTexts {
  readonly columns: TextColumns;
  readonly pages: readonly Uint8Array[];
  readonly end: number;
  readonly others: ReadonlyMap<number, string>;
}

export interface Texts {
  readonly size: number;
  /** Takes the next number. */
  add(text: string): void;
  at(number: number): string;
  isAt(number: number, text: string): boolean;
  /** What `hashOf` the text is. */
  hashAt(number: number): number;
  save(): SavedTexts;
  bytes(): number;
}

const PAGE_BITS = 20;
const PAGE = 1 << PAGE_BITS; // bytes
const WITHIN = PAGE - 1;
const BYTE = 255;
const OTHER = 255; // in place of a length: the text is too long for a byte, or has a character that is

const noTexts = (): SavedTexts => ({
  columns: { count: 0, start: new Uint32Array(grown(0)) },
  pages: [],
  end: 0,
  others: new Map(),
});

const copyOf = ({ columns, pages, end, others }: SavedTexts, rows: number): SavedTexts => ({
  columns: withRows(columns, rows),
  pages: pages.map((page) => page.slice()),
  end,
  others: new Map(others),
});

export function createTexts(saved?: SavedTexts): Texts {
  const made = saved ? copyOf(saved, grown(saved.columns.count)) : noTexts();
  const { columns } = made;
  const pages = [...made.pages];
  const others = new Map(made.others);
  const growth = createGrowth(columns);
  const codes: number[] = [];
  let { end } = made;

  /** The page in which there is room for so many bytes more. */
  const pageWith = (bytes: number): Uint8Array => {
    if ((end & WITHIN) + bytes > PAGE) end = (end | WITHIN) + 1;
    const number = end >>> PAGE_BITS;
    const page = pages[number] ?? new Uint8Array(0);
    const needed = (end & WITHIN) + bytes;
    const large = page.length >= needed ? page : resized(page, Math.min(PAGE, Math.max(needed, 2 * page.length)));
    pages[number] = large;
    return large;
  };

  return {
    get size() {
      return columns.count;
    },
    add(text) {
      const isOther = text.length >= OTHER || isWide(text);
      const page = pageWith(isOther ? 1 : 1 + text.length);
      growth.prepare();
      const number = columns.count;
      columns.count += 1;
      columns.start[number] = end;
      growth.wrote(number);
      page[end & WITHIN] = isOther ? OTHER : text.length;
      end += 1;
      if (isOther) {
        others.set(number, text);
        return;
      }
      for (let i = 0; i < text.length; i++) page[(end & WITHIN) + i] = text.charCodeAt(i);
      end += text.length;
    },
    at(number) {
      const start = columns.start[number] as number;
      const page = pages[start >>> PAGE_BITS] as Uint8Array;
      const from = (start & WITHIN) + 1;
      const length = page[from - 1] as number;
      if (length === OTHER) return others.get(number) as string;
      codes.length = length;
      for (let i = 0; i < length; i++) codes[i] = page[from + i] as number;
      return String.fromCharCode.apply(null, codes);
    },
    isAt(number, text) {
      const start = columns.start[number] as number;
      const page = pages[start >>> PAGE_BITS] as Uint8Array;
      const from = (start & WITHIN) + 1;
      const length = page[from - 1] as number;
      if (length === OTHER) return others.get(number) === text;
      if (length !== text.length) return false;
      for (let i = 0; i < length; i++) if (page[from + i] !== text.charCodeAt(i)) return false;
      return true;
    },
    hashAt(number) {
      const start = columns.start[number] as number;
      const page = pages[start >>> PAGE_BITS] as Uint8Array;
      const from = (start & WITHIN) + 1;
      const length = page[from - 1] as number;
      if (length === OTHER) return hashOf(others.get(number) as string);
      let hash = 0;
      for (let i = 0; i < length; i++) hash = (hash * 31 + (page[from + i] as number)) | 0;
      return mixed(hash);
    },
    save: () => copyOf({ columns, pages, end, others }, columns.count),
    bytes() {
      let bytes = bytesOfColumns(columns) + growth.bytes() + bytesOfMap(others, 0);
      for (const page of pages) bytes += page.byteLength;
      for (const text of others.values()) bytes += bytesOfText(text);
      return bytes;
    },
  };
}

function isWide(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > BYTE) return true;
  return false;
}

/** A number of 32 bits. */
export function hashOf(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (hash * 31 + text.charCodeAt(i)) | 0;
  return mixed(hash);
}

/** Spreads texts that differ in their last characters only, as counted names do. Products stay below 2^53. */
function mixed(hash: number): number {
  const once = (((hash ^ (hash >>> 16)) >>> 0) * 0x7feb) >>> 0;
  const twice = ((once ^ (once >>> 15)) * 0x846d) >>> 0;
  return (twice ^ (twice >>> 16)) >>> 0;
}
