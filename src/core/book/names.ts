/** Names given numbers, so that a column can hold them. */

import { NONE } from './columns';
import { createTextIndex } from './textIndex';
import { createTexts, type SavedTexts } from './texts';

/** In the order in which they were first seen. */
export interface Names {
  readonly size: number;
  /** Its number, given now if it has none. */
  number(name: string): number;
  /** Its number, NONE where it has none. */
  find(name: string): number;
  name(number: number): string;
  save(): SavedTexts;
  bytes(): number;
}

/** Names found last that are kept: an entry asks for the same few dozens of times. A power of two. */
const FOUND = 64;

export function createNames(saved?: SavedTexts): Names {
  const texts = createTexts(saved);
  const index = createTextIndex(texts);
  const found: string[] = new Array<string>(FOUND).fill('');
  const numbers = new Int32Array(FOUND).fill(NONE);

  /** A name keeps its number for ever, so what was found once holds. */
  const find = (name: string): number => {
    const place = (name.charCodeAt(name.length - 1) + 31 * name.charCodeAt(name.length - 2)) & (FOUND - 1);
    if (found[place] === name && numbers[place] !== NONE) return numbers[place] as number;
    const number = index.find(name);
    found[place] = name;
    numbers[place] = number;
    return number;
  };

  return {
    get size() {
      return texts.size;
    },
    number(name) {
      const known = find(name);
      if (known >= 0) return known;
      texts.add(name);
      index.added();
      return texts.size - 1;
    },
    find,
    name: texts.at,
    save: texts.save,
    bytes: () => texts.bytes() + index.bytes(),
  };
}
