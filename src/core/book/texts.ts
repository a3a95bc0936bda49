/**
 * Texts as bytes in pages, a byte a character. A million of them take no objects of the heap, which garbage collection would
 * have to pass through while everything waits; a text is made when somebody asks for it.
 */

import { bytesOfColumns } from './bytes';
import { resized } from './columns';

interface Page {
  bytes: Uint8Array;
  readonly ends: Uint32Array; // where each text of the page ends
}

export interface SavedTexts {
  readonly size: number;
  readonly pages: readonly Readonly<Page>[];
  readonly wide: ReadonlyMap<number, string>;
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

const PAGE = 1024; // texts
const BYTE = 255;

export function createTexts(saved?: SavedTexts): Texts {
  const pages: Page[] = saved ? saved.pages.map(({ bytes, ends }) => ({ bytes: bytes.slice(), ends: resized(ends, PAGE) })) : [];
  const wide = new Map(saved?.wide); // texts with a character that fills more than a byte
  const codes: number[] = [];
  let size = saved?.size ?? 0;

  const pageOf = (number: number): Page => pages[Math.floor(number / PAGE)] as Page;
  const startIn = ({ ends }: Page, number: number): number => (number % PAGE === 0 ? 0 : (ends[(number % PAGE) - 1] as number));
  const endIn = ({ ends }: Page, number: number): number => ends[number % PAGE] as number;

  const nextPage = (): Page => {
    const last = pages.at(-1);
    if (last) last.bytes = last.bytes.slice(0, last.ends[PAGE - 1]);
    const page = { bytes: new Uint8Array(0), ends: new Uint32Array(PAGE) };
    pages.push(page);
    return page;
  };

  return {
    get size() {
      return size;
    },
    add(text) {
      const page = size % PAGE === 0 ? nextPage() : pageOf(size);
      const start = startIn(page, size);
      const isWide = isWideText(text);
      const end = isWide ? start : start + text.length;
      if (end > page.bytes.length) page.bytes = resized(page.bytes, Math.max(end, 2 * page.bytes.length));
      for (let i = start; i < end; i++) page.bytes[i] = text.charCodeAt(i - start);
      if (isWide) wide.set(size, text);
      page.ends[size % PAGE] = end;
      size += 1;
    },
    at(number) {
      const page = pageOf(number);
      const [start, end] = [startIn(page, number), endIn(page, number)];
      if (start === end) return wide.get(number) ?? '';
      codes.length = end - start;
      for (let i = start; i < end; i++) codes[i - start] = page.bytes[i] as number;
      return String.fromCharCode.apply(null, codes);
    },
    isAt(number, text) {
      const page = pageOf(number);
      const [start, end] = [startIn(page, number), endIn(page, number)];
      if (start === end) return (wide.get(number) ?? '') === text;
      if (end - start !== text.length) return false;
      let i = start;
      while (i < end && page.bytes[i] === text.charCodeAt(i - start)) i += 1;
      return i === end;
    },
    hashAt(number) {
      const page = pageOf(number);
      const [start, end] = [startIn(page, number), endIn(page, number)];
      if (start === end) return hashOf(wide.get(number) ?? '');
      let hash = 0;
      for (let i = start; i < end; i++) hash = (hash * 31 + (page.bytes[i] as number)) | 0;
      return mixed(hash);
    },
    save: () => ({
      size,
      pages: pages.map((page, i) => ({ bytes: page.bytes.slice(), ends: page.ends.slice(0, Math.min(PAGE, size - i * PAGE)) })),
      wide: new Map(wide),
    }),
    bytes() {
      let bytes = 0;
      for (const page of pages) bytes += bytesOfColumns(page);
      return bytes;
    },
  };
}

function isWideText(text: string): boolean {
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
