/** Names given numbers, so that a column can hold them. */

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

export function createNames(saved?: SavedTexts): Names {
  const texts = createTexts(saved);
  const index = createTextIndex(texts);
  return {
    get size() {
      return texts.size;
    },
    number(name) {
      const known = index.find(name);
      if (known >= 0) return known;
      texts.add(name);
      index.added();
      return texts.size - 1;
    },
    find: index.find,
    name: texts.at,
    save: texts.save,
    bytes: () => texts.bytes() + index.bytes(),
  };
}
