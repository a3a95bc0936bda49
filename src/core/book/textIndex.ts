/**
 * Finds the number of a text: a hash table that holds numbers only. It grows without a pause, in that a larger one is
 * filled beside it, some texts with each that is added. Texts for which it has no place nearby go to a map: members
 * choose their names, and whoever chooses them to collide gets that map and slows nobody else down.
 */

import { bytesOfMap, bytesOfText } from './bytes';
import { hashOf, type Texts } from './texts';

export interface TextIndex {
  /** Its number; -1 where it has none. */
  find(text: string): number;
  /** The last text that was added. */
  added(): void;
  bytes(): number;
}

interface Table {
  readonly slots: Int32Array; // 1 + number; 0 where free
  readonly crowded: Map<string, number>;
}

const NEARBY = 64; // slots looked at
const AT_ONCE = 16; // texts put into the larger table with each that is added
const STEP = 16; // one of as many parts in which the use of a table is measured

const tableWith = (slots: number): Table => ({ slots: new Int32Array(slots), crowded: new Map() });

export function createTextIndex(texts: Texts): TextIndex {
  let table = tableWith(roomFor(texts.size));
  let larger: Table | undefined;
  let moved = 0;

  const put = ({ slots, crowded }: Table, number: number): void => {
    const last = slots.length - 1;
    const place = texts.hashAt(number) & last;
    for (let i = 0; i < NEARBY; i++) {
      if (slots[(place + i) & last] !== 0) continue;
      slots[(place + i) & last] = number + 1;
      return;
    }
    crowded.set(texts.at(number), number);
  };

  for (let number = 0; number < texts.size; number++) put(table, number);

  const move = (to: Table): void => {
    const upTo = Math.min(texts.size, moved + AT_ONCE);
    for (; moved < upTo; moved++) put(to, moved);
    if (moved < texts.size) return;
    table = to;
    larger = undefined;
    moved = 0;
  };

  return {
    find(text) {
      const { slots, crowded } = table;
      const last = slots.length - 1;
      const place = hashOf(text) & last;
      for (let i = 0; i < NEARBY; i++) {
        const number = (slots[(place + i) & last] as number) - 1;
        if (number < 0 || texts.isAt(number, text)) return number;
      }
      return crowded.get(text) ?? -1;
    },
    added() {
      put(table, texts.size - 1);
      if (!larger && isFull(table.slots.length, texts.size)) larger = tableWith(2 * table.slots.length);
      if (larger) move(larger);
    },
    bytes() {
      let bytes = table.slots.byteLength + (larger?.slots.byteLength ?? 0) + bytesOfMap(table.crowded, 0);
      for (const text of table.crowded.keys()) bytes += bytesOfText(text);
      return bytes;
    },
  };
}

/** From nine sixteenths on; the larger table is ready before the tenth is full. */
const isFull = (slots: number, texts: number): boolean => texts * STEP > slots * 9;

function roomFor(texts: number): number {
  let slots = 64;
  while (isFull(slots, texts)) slots *= 2;
  return slots;
}
