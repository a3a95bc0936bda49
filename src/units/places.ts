/**
 * Where a record stands, found by its print: an index over records that are kept elsewhere, in five bytes a place and
 * about a third more. It grows by one small table at a time, so that no insert waits for a large one to be copied.
 */

/** 128 bits of a hash that nobody can steer: the first four words of a SHA-256. */
export type Print = Readonly<Uint32Array>;

/**
 * The records, as the index needs them. Places are numbers of 32 bits; one that is not kept any more may be asked for.
 */
export interface Records {
  isKept(place: number): boolean;
  /** Whether the record is kept and has this print. */
  isOf(place: number, print: Print): boolean;
  /** One of the four words of the print of a record that is kept. */
  printWord(place: number, word: number): number;
}

export interface Places {
  find(print: Print): number | undefined;
  /** Notes the place of a print. One that was noted of the same print is replaced. */
  put(print: Print, place: number): void;
  /** Bytes in memory. */
  bytes(): number;
}

interface Table {
  readonly depth: number; // leading bits that all its prints have in common
  readonly places: Uint32Array;
  readonly tags: Uint8Array; // a byte of the print; 0 where nothing stands
  used: number; // with places of records that are not kept any more
}

const LEAST = 16;
const MOST = 4096; // slots of a table: to build it anew takes a fraction of a millisecond
const FULL = 0.8; // where it is built anew
const FRESH = 0.55; // and how full it is then
const RANGE = 2 ** 32;
/** Bytes of a table beside its slots: two arrays and the object that holds them. */
const OVERHEAD = 320;

const tableOf = (depth: number, records: number): Table => {
  const slots = Math.max(LEAST, Math.ceil(records / FRESH));
  return { depth, places: new Uint32Array(slots), tags: new Uint8Array(slots), used: 0 };
};

const tagOf = (word: number): number => word & 0xff || 1;

export function createPlaces(records: Records): Places {
  let depth = 0;
  let tables: Table[] = [tableOf(0, 0)]; // by the leading bits of a print

  const indexOf = (word: number): number => (depth === 0 ? 0 : word >>> (32 - depth));

  /** The slot of the print, or the empty one where it would stand. */
  function slotOf({ places, tags }: Table, print: Print): number {
    const tag = tagOf(print[2] as number);
    let slot = Math.floor(((print[1] as number) * tags.length) / RANGE);
    while (tags[slot] !== 0 && !(tags[slot] === tag && records.isOf(places[slot] as number, print))) {
      slot = slot + 1 === tags.length ? 0 : slot + 1;
    }
    return slot;
  }

  function insert({ places, tags }: Table, place: number): void {
    let slot = Math.floor((records.printWord(place, 1) * tags.length) / RANGE);
    while (tags[slot] !== 0) slot = slot + 1 === tags.length ? 0 : slot + 1;
    tags[slot] = tagOf(records.printWord(place, 2));
    places[slot] = place;
  }

  function filled(at: number, kept: readonly number[]): Table {
    const table = tableOf(at, kept.length);
    for (const place of kept) insert(table, place);
    table.used = kept.length;
    return table;
  }

  function keptOf({ places, tags }: Table): number[] {
    const kept: number[] = [];
    for (let slot = 0; slot < tags.length; slot++) {
      const place = places[slot] as number;
      if (tags[slot] !== 0 && records.isKept(place)) kept.push(place);
    }
    return kept;
  }

  /** Puts a table in place of another; one that would be too large becomes two, by the next bit of the prints. */
  function renew(table: Table, index: number): void {
    const kept = keptOf(table);
    const span = 2 ** (depth - table.depth);
    const first = index - (index % span);
    if (kept.length / FRESH <= MOST) {
      tables.fill(filled(table.depth, kept), first, first + span);
      return;
    }
    if (span === 1) {
      tables = tables.flatMap((one) => [one, one]);
      depth += 1;
      renew(table, 2 * index);
      return;
    }
    const bit = 31 - table.depth;
    const isUpper = (place: number): boolean => ((records.printWord(place, 0) >>> bit) & 1) === 1;
    const [lower, upper] = [kept.filter((place) => !isUpper(place)), kept.filter(isUpper)];
    tables.fill(filled(table.depth + 1, lower), first, first + span / 2);
    tables.fill(filled(table.depth + 1, upper), first + span / 2, first + span);
  }

  return {
    find(print) {
      const table = tables[indexOf(print[0] as number)] as Table;
      const slot = slotOf(table, print);
      return table.tags[slot] === 0 ? undefined : table.places[slot];
    },
    put(print, place) {
      let table = tables[indexOf(print[0] as number)] as Table;
      if (table.used + 1 > table.tags.length * FULL) {
        renew(table, indexOf(print[0] as number));
        table = tables[indexOf(print[0] as number)] as Table;
      }
      const slot = slotOf(table, print);
      if (table.tags[slot] === 0) table.used += 1;
      table.tags[slot] = tagOf(print[2] as number);
      table.places[slot] = place;
    },
    bytes() {
      let bytes = tables.length * 8;
      for (const table of new Set(tables)) bytes += OVERHEAD + 5 * table.tags.length;
      return bytes;
    },
  };
}
