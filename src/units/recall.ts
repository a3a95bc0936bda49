/**
 * What was seen, kept for a span of time and never forgotten earlier, however much comes: prints of 128 bits with when
 * and where each was seen, in order, 24 bytes a record and four more for every word of facts. Memory goes back a
 * segment at a time.
 */

import { assert } from './failure';
import { createPlaces, type Print, type Records } from './places';
import { type Instant, instant, type Seq } from './quantity';

/** What is known of a print: when and by which entry it was seen, and as many words as are kept with it. */
export interface Recalled {
  readonly at: Instant;
  readonly seq: Seq;
  readonly facts: Uint32Array;
}

export interface Sighting {
  readonly print: Print;
  readonly holder: string; // on whose account it is kept
  readonly at: Instant;
  readonly seq: Seq;
  readonly facts: readonly number[];
}

/** For readers. */
export interface RecallView {
  readonly size: number;
  readonly oldest: Instant | undefined;
  readonly latest: Instant | undefined;
  /** What was seen at this instant or before is forgotten; everything later is known. */
  readonly since: Instant;
  /** The last sighting of a print, if it was later than an instant. */
  find(print: Print, after: Instant): Recalled | undefined;
  /** Records kept on somebody's account. */
  heldBy(holder: string): number;
  /** The bytes of all records, in order: two memories of the same sightings have the same. */
  content(): Iterable<Uint8Array>;
  /** Bytes in memory. */
  bytes(): number;
}

export interface Recall extends RecallView {
  /** Notes a sighting, none earlier than the last. */
  add(sighting: Sighting): void;
  /** Forgets what was seen at an instant or before. */
  forget(until: Instant): void;
  /** Everything as plain data, which shares the arrays: to be written down before anything else is noted. */
  save(): SavedRecall;
}

export interface SavedRecall {
  readonly facts: number;
  readonly since: Instant;
  readonly start: number; // place of the first segment
  readonly skipped: number; // records of it that are forgotten
  readonly segments: readonly SavedSegment[];
  readonly holders: readonly (readonly [holder: string, number: number])[];
}

export interface SavedSegment {
  readonly at: Instant; // that of the first record; the others count from there
  readonly seq: Seq;
  readonly words: Uint32Array;
  readonly holders: Uint16Array;
}

interface Segment {
  readonly at: Instant;
  readonly seq: Seq;
  words: Uint32Array;
  holders: Uint16Array; // numbers
  used: number;
}

/** Records of a segment, as bits of a place: the bits above say which segment. */
const BITS = 16;
const SEGMENT = 2 ** BITS;
const FIRST_ROOM = 64;
const PRINT = 4;
const HEAD = PRINT + 2; // when and where
const RANGE = 2 ** 32;
/** Number of all holders beyond those that have one of their own. */
const OTHERS = SEGMENT - 1;

export function createRecall(facts: number): Recall {
  return recall(facts);
}

export const restoreRecall = (saved: SavedRecall): Recall => recall(saved.facts, saved);

function recall(facts: number, saved?: SavedRecall): Recall {
  const width = HEAD + facts;
  const segments: Segment[] = (saved?.segments ?? []).map((one) => ({ ...one, used: one.holders.length }));
  let start = saved?.start ?? 0; // number of the first segment, in as many bits as a place has for it
  let skipped = saved?.skipped ?? 0;
  let since = saved?.since ?? instant(0);
  let size = segments.reduce((sum, { used }) => sum + used, 0) - skipped;
  const holders = createHolders(saved?.holders ?? []);

  const segmentOf = (place: number): Segment | undefined => segments[((place >>> BITS) - start) & (SEGMENT - 1)];
  const recordOf = (place: number): number => place & (SEGMENT - 1);

  const records: Records = {
    isKept(place) {
      const segment = segmentOf(place);
      return (
        segment !== undefined &&
        recordOf(place) < segment.used &&
        (segment !== segments[0] || recordOf(place) >= skipped)
      );
    },
    isOf(place, print) {
      if (!records.isKept(place)) return false;
      for (let word = 0; word < PRINT; word++) if (records.printWord(place, word) !== print[word]) return false;
      return true;
    },
    printWord: (place, word) => (segmentOf(place) as Segment).words[recordOf(place) * width + word] as number,
  };
  const places = createPlaces(records);
  for (const [i, { words, used }] of segments.entries()) {
    for (let record = i === 0 ? skipped : 0; record < used; record++) {
      places.put(words.subarray(record * width, record * width + PRINT), placeOf(i, record));
      holders.take((segments[i] as Segment).holders[record] as number);
    }
  }

  function placeOf(segment: number, record: number): number {
    return ((((start + segment) & (SEGMENT - 1)) << BITS) | record) >>> 0;
  }

  /** The segment with room for one more, whose count from its beginning still fits a word. */
  function openSegment(at: Instant, seq: Seq): Segment {
    const last = segments.at(-1);
    if (last && last.used < SEGMENT && at - last.at < RANGE && seq - last.seq < RANGE) {
      if (last.used === last.holders.length) widen(last);
      return last;
    }
    assert(segments.length < SEGMENT - 1, 'No more can be remembered than places have numbers', { size });
    const fresh = {
      at,
      seq,
      words: new Uint32Array(FIRST_ROOM * width),
      holders: new Uint16Array(FIRST_ROOM),
      used: 0,
    };
    segments.push(fresh);
    return fresh;
  }

  function widen(segment: Segment): void {
    const room = Math.min(SEGMENT, 2 * segment.holders.length);
    const { words, holders: numbers } = segment;
    segment.words = new Uint32Array(room * width);
    segment.words.set(words);
    segment.holders = new Uint16Array(room);
    segment.holders.set(numbers);
  }

  function atOf(segment: Segment, record: number): Instant {
    return instant(segment.at + (segment.words[record * width + PRINT] as number));
  }

  function used(segment: Segment): { readonly words: Uint32Array; readonly holders: Uint16Array } {
    return {
      words: segment.words.subarray(0, segment.used * width),
      holders: segment.holders.subarray(0, segment.used),
    };
  }

  return {
    get size() {
      return size;
    },
    get oldest() {
      return segments[0] && size > 0 ? atOf(segments[0], skipped) : undefined;
    },
    get latest() {
      const last = segments.at(-1);
      return last && size > 0 ? atOf(last, last.used - 1) : undefined;
    },
    get since() {
      return since;
    },
    find(print, after) {
      const place = places.find(print);
      if (place === undefined) return undefined;
      const [segment, record] = [segmentOf(place) as Segment, recordOf(place)];
      const at = atOf(segment, record);
      if (at <= after) return undefined;
      const head = record * width + PRINT;
      return {
        at,
        seq: segment.seq + (segment.words[head + 1] as number),
        facts: segment.words.slice(head + 2, head + 2 + facts),
      };
    },
    heldBy: holders.heldBy,
    add({ print, holder, at, seq, facts: kept }) {
      const segment = openSegment(at, seq);
      const record = segment.used;
      const head = record * width;
      for (let word = 0; word < PRINT; word++) segment.words[head + word] = print[word] as number;
      segment.words[head + PRINT] = at - segment.at;
      segment.words[head + PRINT + 1] = seq - segment.seq;
      for (let word = 0; word < facts; word++) segment.words[head + HEAD + word] = kept[word] as number;
      segment.holders[record] = holders.numberOf(holder);
      holders.take(segment.holders[record] as number);
      segment.used += 1;
      size += 1;
      places.put(print, placeOf(segments.length - 1, record));
    },
    forget(until) {
      since = instant(Math.max(since, until));
      for (let first = segments[0]; first && size > 0 && atOf(first, skipped) <= until; first = segments[0]) {
        holders.giveBack(first.holders[skipped] as number);
        skipped += 1;
        size -= 1;
        if (skipped < first.used) continue;
        segments.shift();
        start = (start + 1) & (SEGMENT - 1);
        skipped = 0;
      }
    },
    *content() {
      yield new TextEncoder().encode(`${since}`);
      for (const [i, segment] of segments.entries()) {
        const { words } = used(segment);
        const kept = words.subarray(i === 0 ? skipped * width : 0);
        yield new TextEncoder().encode(`${segment.at} ${segment.seq}`);
        yield new Uint8Array(kept.buffer, kept.byteOffset, kept.byteLength);
      }
    },
    bytes: () =>
      places.bytes() +
      segments.reduce((sum, { words, holders: numbers }) => sum + words.byteLength + numbers.byteLength, 0),
    save: () => ({
      facts,
      since,
      start,
      skipped,
      segments: segments.map((segment) => ({ at: segment.at, seq: segment.seq, ...used(segment) })),
      holders: holders.all(),
    }),
  };
}

/** Numbers of those on whose account records are kept, for as long as there are any, and how many of each. */
function createHolders(known: readonly (readonly [string, number])[]) {
  const numbers = new Map<string, number>(known);
  const names = new Map(known.map(([name, number]) => [number, name]));
  const counts = new Map<number, number>();
  let next = 0;
  return {
    numberOf(name: string): number {
      const number = numbers.get(name);
      if (number !== undefined) return number;
      if (names.size >= OTHERS) return OTHERS;
      while (names.has(next)) next = (next + 1) % OTHERS;
      numbers.set(name, next);
      names.set(next, name);
      return next;
    },
    heldBy: (name: string): number => counts.get(numbers.get(name) ?? OTHERS) ?? 0,
    take(number: number): void {
      counts.set(number, (counts.get(number) ?? 0) + 1);
    },
    giveBack(number: number): void {
      const left = (counts.get(number) ?? 0) - 1;
      if (left > 0) {
        counts.set(number, left);
        return;
      }
      counts.delete(number);
      numbers.delete(names.get(number) ?? '');
      names.delete(number);
    },
    all: (): [string, number][] => [...numbers],
  };
}
