/**
 * Damage done to the files of a journal: what was durable reads as it was written, or is reported. Never anything else.
 */

import { appendFile, copyFile, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { openFileJournal } from '../../src/journal/file';
import { JournalCorrupt, type JournalRecord } from '../../src/journal/journal';
import { encodeAppend, padded, UNIT } from '../../src/journal/segment';
import { segmentsIn, temporaryFolders } from './folders';
import { readAll, recordsOf, textsOf } from './lines';

const newFolder = temporaryFolders();
const SEGMENT = 448;

/** Sizes of the appends, in three segments: single lines and several at once, the last one of two. One line is long. */
const APPENDS = [2, 1, 2];
const LAST = APPENDS.reduce((sum, count) => sum + count);
const LONG = 3;
const TEXTS = textsOf(1, LAST).map((text, i) => (i + 1 === LONG ? text.padEnd(600, 'y') : text.slice(0, 20 + 9 * i)));

async function writeJournal(folder: string): Promise<void> {
  const journal = await openFileJournal({ folder, segmentBytes: SEGMENT });
  for (let i = 0, from = 0; i < APPENDS.length; from += APPENDS[i++] as number) {
    await journal.append(TEXTS.slice(from, from + (APPENDS[i] as number)));
  }
  await journal.close();
}

type Reading = { readonly records: JournalRecord[] } | { readonly corrupt: JournalCorrupt };

async function readJournal(folder: string): Promise<Reading> {
  try {
    const journal = await openFileJournal({ folder, segmentBytes: SEGMENT });
    try {
      return { records: await readAll(journal) };
    } finally {
      await journal.close();
    }
  } catch (error) {
    if (error instanceof JournalCorrupt) return { corrupt: error };
    throw error;
  }
}

/** Where each entry lies, worked out from the sizes alone. */
async function placesIn(
  folder: string,
): Promise<Map<string, { seq: number; from: number; text: number; to: number }[]>> {
  const places = new Map<string, { seq: number; from: number; text: number; to: number }[]>();
  const names = await segmentsIn(folder);
  for (const [i, name] of names.entries()) {
    const first = Number(name.slice(8, 20));
    const last = names[i + 1] ? Number((names[i + 1] as string).slice(8, 20)) - 1 : LAST;
    let from = UNIT;
    const records = [];
    for (let seq = first; seq <= last; seq++) {
      const text = from + UNIT + Buffer.byteLength(TEXTS[seq - 1] as string);
      const to = from + UNIT + padded(Buffer.byteLength(TEXTS[seq - 1] as string));
      records.push({ seq, from, text, to });
      from = to;
    }
    places.set(name, records);
  }
  return places;
}

const flips: readonly [string, (byte: number, offset: number) => number][] = [
  ['one bit', (byte, offset) => byte ^ (1 << (offset % 8))],
  ['to zero', () => 0],
];

describe.each(flips)('DS-4 every byte of the journal changed, %s', (_name, change) => {
  test('is reported with file, offset and entry, or lies where nothing is written', async () => {
    const folder = await newFolder();
    await writeJournal(folder);
    const places = await placesIn(folder);
    const whole = recordsOf(TEXTS);
    expect(places.size).toBe(3);
    for (const [name, records] of places) {
      const path = join(folder, name);
      const good = await readFile(path);
      for (let offset = 0; offset < good.length; offset++) {
        const changed = change(good[offset] as number, offset);
        if (changed === good[offset]) continue;
        const bytes = Buffer.from(good);
        bytes[offset] = changed;
        await writeFile(path, bytes);
        const reading = await readJournal(folder);
        const hit = records.find(({ from, to }) => offset >= from && offset < to);
        const where = `${name} at ${offset}`;
        // The very end of what was written last, read as zero, is what a write that was cut short leaves.
        const cutShort = hit?.seq === LAST && changed === 0 && offset === hit.text - 1;
        if (cutShort) {
          expect({ where, ...reading }).toEqual({ where, records: whole.slice(0, LAST - (APPENDS.at(-1) as number)) });
        } else if (hit ?? offset < UNIT) {
          const { corrupt } = reading as { corrupt: JournalCorrupt };
          expect({ where, seq: corrupt?.seq, place: corrupt?.place }).toEqual({
            where,
            seq: hit?.seq ?? records[0]?.seq,
            place: `${path}, byte ${hit?.from ?? 0}`,
          });
        } else {
          expect({ where, ...reading }).toEqual({ where, records: whole });
        }
      }
      await writeFile(path, good);
    }
  }, 120_000);
});

test('DS-3 truncated anywhere in its last segment, the journal ends with the last whole append and goes on', async () => {
  const folder = await newFolder();
  await writeJournal(folder);
  const name = (await segmentsIn(folder)).at(-1) as string;
  const records = (await placesIn(folder)).get(name) ?? [];
  const path = join(folder, name);
  const good = await readFile(path);
  const ends = APPENDS.map((_, i) => APPENDS.slice(0, i + 1).reduce((sum, count) => sum + count));
  for (let length = UNIT; length < good.length; length++) {
    await writeFile(path, good.subarray(0, length));
    // What is missing of the padding was zeros and reads as zeros; a text is whole or not.
    const reached = records.findLast(({ text }) => text <= length)?.seq ?? (records[0]?.seq as number) - 1;
    const durable = ends.findLast((end) => end <= reached) ?? 0;
    expect({ length, ...(await readJournal(folder)) }).toEqual({ length, records: recordsOf(TEXTS.slice(0, durable)) });
    if (length % 7 > 0) continue;
    const journal = await openFileJournal({ folder, segmentBytes: SEGMENT });
    await journal.append(['goes', 'on']);
    await journal.close();
    expect({ length, ...(await readJournal(folder)) }).toEqual({
      length,
      records: recordsOf([...TEXTS.slice(0, durable), 'goes', 'on']),
    });
    for (const added of (await segmentsIn(folder)).filter((other) => other > name)) await rm(join(folder, added));
  }
}, 120_000);

describe('DS-4 segments that are not what they should be', () => {
  let folder: string;
  let names: string[];
  beforeEach(async () => {
    folder = await newFolder();
    await writeJournal(folder);
    names = await segmentsIn(folder);
  });
  const path = (i: number) => join(folder, names.at(i) as string);
  const firstOf = (i: number) => Number(names.at(i)?.slice(8, 20));
  const corrupt = async () => ((await readJournal(folder)) as { corrupt?: JournalCorrupt }).corrupt;

  test('the first is missing', async () => {
    await rm(path(0));
    expect(await corrupt()).toMatchObject({ seq: 1, found: expect.stringContaining(`${names[0]}, which is missing`) });
  });

  test('one in the middle is missing', async () => {
    await rm(path(1));
    expect(await corrupt()).toMatchObject({
      seq: firstOf(1),
      found: expect.stringContaining(`${names[1]}, which is missing`),
    });
  });

  test('one in the middle is truncated', async () => {
    await truncate(path(1), UNIT + 70);
    expect(await corrupt()).toMatchObject({ seq: firstOf(1), place: `${path(1)}, byte ${UNIT}` });
  });

  test('one has lost its head', async () => {
    await truncate(path(-1), 10);
    expect(await corrupt()).toMatchObject({ seq: firstOf(-1), place: `${path(-1)}, byte 0` });
  });

  test('one is a copy of another', async () => {
    await copyFile(path(0), path(1));
    expect(await corrupt()).toMatchObject({ seq: firstOf(1), place: `${path(1)}, byte 0` });
  });

  test('one is of another journal with the same numbers', async () => {
    const other = await newFolder();
    const journal = await openFileJournal({ folder: other, segmentBytes: SEGMENT });
    for (let i = 0, from = 0; i < APPENDS.length; from += APPENDS[i++] as number) {
      await journal.append(TEXTS.slice(from, from + (APPENDS[i] as number)).map((text) => text.replace('seq', 'SEQ')));
    }
    await journal.close();
    await copyFile(join(other, names[1] as string), path(1));
    expect(await corrupt()).toMatchObject({ seq: firstOf(1), place: `${path(1)}, byte 24` });
  });

  test('a stray file beside them is left alone', async () => {
    await appendFile(join(folder, 'notes.txt'), 'mine');
    expect(await readJournal(folder)).toEqual({ records: recordsOf(TEXTS) });
    expect(await readFile(join(folder, 'notes.txt'), 'utf8')).toBe('mine');
  });
});

describe('DS-4 a record exchanged for another whose checksums are right', () => {
  test.each(['its hash kept', 'its hash made anew'])('%s', async (kind) => {
    const folder = await newFolder();
    const texts = ['{"amount":"100"}', '{"amount":"200"}', '{"amount":"300"}'];
    const journal = await openFileJournal({ folder, segmentBytes: SEGMENT });
    for (const text of texts) await journal.append([text]);
    await journal.close();
    const path = join(folder, (await segmentsIn(folder))[0] as string);
    const bytes = await readFile(path);
    const second = UNIT + 2 * UNIT;
    const forged = encodeAppend(['{"amount":"999"}'], 2, recordsOf(texts)[0]?.hash as string).bytes;
    if (kind === 'its hash kept') {
      bytes.copy(forged, 28, second + 28, second + 60);
      forged.writeUInt32LE(crc32(forged.subarray(0, UNIT - 4)), UNIT - 4);
    }
    forged.copy(bytes, second);
    await writeFile(path, bytes);
    // With the hash of the old text the record itself is wrong; with a new one, the next does not continue it.
    const seq = kind === 'its hash kept' ? 2 : 3;
    expect(await readJournal(folder)).toMatchObject({
      corrupt: { seq, found: 'its hash does not continue the chain' },
    });
  });

  test('by one of another place', async () => {
    const folder = await newFolder();
    const journal = await openFileJournal({ folder, segmentBytes: SEGMENT });
    for (const text of ['one', 'two', 'six']) await journal.append([text]);
    await journal.close();
    const path = join(folder, (await segmentsIn(folder))[0] as string);
    const bytes = await readFile(path);
    bytes.copy(bytes, UNIT + 2 * UNIT, UNIT, UNIT + 2 * UNIT);
    await writeFile(path, bytes);
    expect(await readJournal(folder)).toMatchObject({
      corrupt: { seq: 2, found: expect.stringContaining('entry 1 stands here') },
    });
  });
});

test('DS-4 durable records that lost a whole sector are reported where a later append shows that they were durable', async () => {
  const folder = await newFolder();
  const texts = textsOf(1, 30);
  const journal = await openFileJournal({ folder, segmentBytes: 32 * 1024 });
  for (const text of texts) await journal.append([text]);
  await journal.close();
  const path = join(folder, (await segmentsIn(folder))[0] as string);
  const good = await readFile(path);
  const end = good.findLastIndex((byte) => byte !== 0);
  let reported = 0;
  for (let sector = 512; sector + 512 < end - 1500; sector += 512) {
    await writeFile(path, Buffer.concat([good.subarray(0, sector), Buffer.alloc(512), good.subarray(sector + 512)]));
    expect(await readJournal(folder)).toMatchObject({ corrupt: { name: 'JournalCorrupt' } });
    reported += 1;
  }
  expect(reported).toBeGreaterThan(8);
}, 60_000);
