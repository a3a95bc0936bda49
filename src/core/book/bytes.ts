/** What the book takes of memory: of typed arrays to the byte, of maps and texts what V8 is known to take for them. */

const WORD = 8;
const HEADER = 2 * WORD;
const ENTRY = 3 * WORD + 4;

/** An integer without bounds, up to 64 bits. */
export const INTEGER = HEADER + WORD;

/** Columns with all the rows they have room for. */
export function bytesOfColumns(columns: object): number {
  let bytes = 0;
  for (const column of Object.values(columns)) if (ArrayBuffer.isView(column)) bytes += column.byteLength;
  return bytes;
}

/** A map has room for a power of two of entries, each of three words and half a word of an index. */
export function bytesOfMap(map: { readonly size: number }, each: number): number {
  let room = 4;
  while (room < map.size) room *= 2;
  return map.size === 0 ? 0 : room * ENTRY + map.size * each;
}

/** A text of one byte a character, filled up to whole words. */
export const bytesOfText = (text: string): number => HEADER + Math.floor((text.length + WORD - 1) / WORD) * WORD;
