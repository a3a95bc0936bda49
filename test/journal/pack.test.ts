/**
 * Closed segments that are compressed: both forms hold the same journal, and at any time one of them is there and
 * whole.
 */

import { copyFile, cp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openFileJournal, readFileJournal } from '../../src/journal/file';
import type { Journal } from '../../src/journal/journal';
import { journalContract } from './contract';
import { packsIn, segmentsIn, temporaryFolders, untilPacked } from './folders';
import { readAll, recordsOf, textsOf } from './lines';
import { interceptCalls } from './systemCalls';

const newFolder = temporaryFolders();
const SEGMENT = 704;
const TEXTS = textsOf(1, 8);
const never = (path: string, error: unknown): never => {
  throw new Error(`${path} ${String(error)}`);
};

/** A journal of a few segments, none of them compressed. */
async function written(texts: readonly string[] = TEXTS, segmentBytes = SEGMENT): Promise<string> {
  const folder = await newFolder();
  const journal = await openFileJournal({ folder, segmentBytes });
  for (let i = 0; i < texts.length; i += 2) await journal.append(texts.slice(i, i + 2));
  await journal.close();
  return folder;
}

async function withJournal<T>(
  folder: string,
  work: (journal: Journal) => Promise<T>,
  segmentBytes = SEGMENT,
): Promise<T> {
  const journal = await openFileJournal({ folder, segmentBytes });
  try {
    return await work(journal);
  } finally {
    await journal.close();
  }
}

/** Opens it, and waits until all but its last segment is compressed. */
const pack = (folder: string, segmentBytes = SEGMENT): Promise<string[]> =>
  withJournal(
    folder,
    (journal) => {
      journal.compress?.(never);
      return untilPacked(folder);
    },
    segmentBytes,
  );

const packed = async (): Promise<string> => {
  const folder = await written();
  await pack(folder);
  return folder;
};

describe('a journal that compresses while it is written', () => {
  journalContract(async () => {
    const folder = await newFolder();
    return {
      open: async () => {
        const journal = await openFileJournal({ folder, segmentBytes: 1024 });
        journal.compress?.(never);
        return journal;
      },
    };
  });
});

describe('segments of several blocks', () => {
  const BYTES = 3 * 1024 * 1024;
  const LINES = 600;
  let whole: string;
  let texts: string[];
  beforeAll(async () => {
    // Lines as a journal has them, alike but for their numbers.
    const transfers = (i: number) =>
      Array.from({ length: 200 }, (_, n) => ({ account: `account-${n}`, amount: String(i) }));
    texts = Array.from({ length: LINES }, (_, i) => JSON.stringify({ seq: i + 1, transfers: transfers(i) }));
    whole = await written(texts, BYTES);
  });
  const copied = async (): Promise<string> => {
    const folder = await newFolder();
    await cp(whole, folder, { recursive: true, filter: (path) => !path.includes('lock') });
    return folder;
  };

  test('DS-4 are compressed behind an open journal, for their owner alone, and read as before from anywhere; the ' +
    'last stays as it is', async () => {
    const folder = await copied();
    const before = await segmentsIn(folder);
    const last = before.at(-1) as string;
    expect(before.length).toBeGreaterThan(1);
    const tail = await readFile(join(folder, last));
    await withJournal(
      folder,
      async (journal) => {
        // Somebody reads meanwhile, from a file that goes away under him.
        const reading = journal.read(2)[Symbol.asyncIterator]();
        expect((await reading.next()).value).toEqual(recordsOf(texts)[1]);
        journal.compress?.(never);
        const names = await untilPacked(folder);
        expect([...names, last]).toEqual([...before.slice(0, -1).map((name) => name.replace('.log', '.pack')), last]);
        expect(await segmentsIn(folder)).toEqual([last]);
        let seq = 2;
        for (let next = await reading.next(); !next.done; next = await reading.next()) seq = next.value.seq;
        expect(seq).toBe(LINES);
        for (const name of names) {
          const { size, mode } = await stat(join(folder, name));
          expect([size < BYTES / 4, (mode & 0o777).toString(8)]).toEqual([true, '600']);
        }
        for (const from of [1, 2, 77, 255, 256, 311, LINES])
          expect(await readAll(journal, from)).toEqual(recordsOf(texts).slice(from - 1));
      },
      BYTES,
    );
    expect((await readFile(join(folder, last))).equals(tail)).toBe(true);
    await withJournal(
      folder,
      async (journal) => {
        await journal.append(['goes on']);
        expect(await readAll(journal)).toEqual(recordsOf([...texts, 'goes on']));
      },
      BYTES,
    );
  }, 60_000);

  test('DS-4 a page deep in one is read without what lies before it, and again from memory; what is damaged is ' +
    'told with its place', async () => {
    const folder = await copied();
    const [name = ''] = await pack(folder, BYTES);
    const path = join(folder, name);
    const good = await readFile(path);
    const records = recordsOf(texts);
    const deep = Number((await packsIn(folder))[1]?.slice(8, 20)) - 2; // in the last block of the first segment
    const first = async (journal: Journal, from: number) => {
      for await (const record of journal.read(from)) return record;
      return undefined;
    };
    const bad = Buffer.from(good);
    bad[Math.floor(good.length / 2)] = (bad[Math.floor(good.length / 2)] as number) ^ 4; // in the block in the middle
    await writeFile(path, bad);
    await withJournal(
      folder,
      async (journal) => {
        expect(await first(journal, deep)).toEqual(records[deep - 1]);
        const error = (await readAll(journal).catch((reason: unknown) => reason)) as {
          seq: number;
          place: string;
          found: string;
        };
        expect(error).toMatchObject({ name: 'JournalCorrupt', found: 'the checksum of compressed block 2 differs' });
        expect(error.place).toMatch(new RegExp(`^${path}, byte \\d+$`));
        // The entry that begins in the block that is sound and ends in the other.
        expect(records.slice(0, error.seq - 1).reduce((sum, { text }) => sum + text.length + 64, 0)).toBeLessThan(
          1024 * 1024,
        );
        expect(records.slice(0, error.seq).reduce((sum, { text }) => sum + text.length + 128, 0)).toBeGreaterThan(
          1024 * 1024 - 128,
        );
        await writeFile(path, Buffer.alloc(good.length)); // nothing of it is there any more but for its head and index
        const start = good.subarray(0, 128 + 3 * 56);
        await writeFile(path, Buffer.concat([start, Buffer.alloc(good.length - start.length)]));
        expect(await first(journal, deep)).toEqual(records[deep - 1]);
      },
      BYTES,
    );
  }, 60_000);
});

test('DS-3 killed at any step, a start finds every segment in one whole form, cleans up, and compresses what is left', async () => {
  const folder = await written();
  const states: string[] = [];
  const system = await interceptCalls(async () => {
    const state = await newFolder();
    await cp(folder, state, { recursive: true, filter: (path) => !path.includes('lock') });
    states.push(state);
    return undefined;
  });
  await pack(folder).finally(system.restore);
  const forms = new Set<string>();
  for (const state of states) {
    const names = (await readdir(state)).map((name) => name.replace(/^.*\./, ''));
    forms.add(names.sort().join(' '));
    const reader = await readFileJournal(state);
    expect(await readAll(reader)).toEqual(recordsOf(TEXTS));
    await reader.close();
    await withJournal(state, async (journal) => expect(await readAll(journal)).toEqual(recordsOf(TEXTS)));
    const numbers = [...(await segmentsIn(state)), ...(await packsIn(state))].map((name) => name.slice(0, 20));
    expect(numbers).toHaveLength(new Set(numbers).size);
    expect((await readdir(state)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    const packs = await pack(state);
    for (const name of packs)
      expect((await readFile(join(state, name))).equals(await readFile(join(folder, name)))).toBe(true);
  }
  // Among them: nothing done, half a file, and both forms.
  expect(forms).toContain('log log log log');
  expect(forms).toContain('log log log log tmp');
  expect(forms).toContain('log log log log pack');
}, 60_000);

test('DS-3 a segment that cannot be compressed stays as it is, is told, and leaves nothing behind', async () => {
  for (const name of ['write', 'sync', 'rename', 'rm'] as const) {
    const folder = await written();
    const told: string[] = [];
    await withJournal(folder, async (journal) => {
      const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
      let failed = false;
      const system = await interceptCalls((call) => {
        if (failed || call.name !== name) return undefined;
        failed = true;
        return { error: full, share: 0.5 };
      });
      try {
        journal.compress?.((path, error) => told.push(`${path} ${String(error)}`));
        // The others are compressed all the same.
        while ((await packsIn(folder)).length < (name === 'rm' ? 2 : 1))
          await new Promise((resolve) => setTimeout(resolve, 5));
        await journal.append(['meanwhile']);
      } finally {
        system.restore();
      }
      expect(await readAll(journal)).toEqual(recordsOf([...TEXTS, 'meanwhile']));
    });
    expect(told).toEqual([`${join(folder, 'journal-000000000001.log')} Error: ENOSPC: no space left on device`]);
    expect((await readdir(folder)).filter((left) => left.endsWith('.tmp'))).toEqual([]);
    await pack(folder);
    await withJournal(folder, async (journal) =>
      expect(await readAll(journal)).toEqual(recordsOf([...TEXTS, 'meanwhile'])),
    );
  }
}, 60_000);

describe('DS-4 a compressed segment that is not what it should be', () => {
  const corrupt = async (folder: string): Promise<unknown> =>
    withJournal(folder, (journal) => readAll(journal)).catch((error: unknown) => error);
  const corruptAsItIs = async (folder: string): Promise<unknown> => {
    try {
      const journal = await readFileJournal(folder);
      return await readAll(journal).finally(journal.close);
    } catch (error) {
      return error;
    }
  };

  test('any bit flipped is reported with its file and an entry in it', async () => {
    const folder = await packed();
    const names = await packsIn(folder);
    for (const name of names.slice(1, 2)) {
      const path = join(folder, name);
      const good = await readFile(path);
      for (let offset = 0; offset < good.length; offset++) {
        const bytes = Buffer.from(good);
        bytes[offset] = (bytes[offset] as number) ^ (1 << (offset % 8));
        await writeFile(path, bytes);
        const error = await corruptAsItIs(folder);
        expect([offset, error]).toEqual([
          offset,
          expect.objectContaining({ name: 'JournalCorrupt', seq: Number(name.slice(8, 20)) }),
        ]);
        expect((error as { place: string }).place).toMatch(new RegExp(`^${path}, byte \\d+$`));
      }
      for (let length = 0; length < good.length; length += 17) {
        await writeFile(path, good.subarray(0, length));
        expect([length, await corruptAsItIs(folder)]).toEqual([
          length,
          expect.objectContaining({ name: 'JournalCorrupt' }),
        ]);
      }
      await writeFile(path, good);
    }
    expect(await corruptAsItIs(folder)).toEqual(recordsOf(TEXTS));
  }, 60_000);

  test('missing, a copy of another, of another journal', async () => {
    const [folder, other] = [await packed(), await written(TEXTS.map((text) => text.replace('seq', 'SEQ')))];
    await pack(other);
    const [first = '', second = ''] = await packsIn(folder);
    const path = join(folder, second);
    const good = await readFile(path);
    await rm(path);
    expect(await corrupt(folder)).toMatchObject({
      name: 'JournalCorrupt',
      found: expect.stringContaining('which is missing'),
    });
    await copyFile(join(folder, first), path);
    expect(await corrupt(folder)).toMatchObject({ name: 'JournalCorrupt', place: `${path}, byte 0` });
    await copyFile(join(other, second), path);
    expect(await corrupt(folder)).toMatchObject({
      name: 'JournalCorrupt',
      found: expect.stringContaining('does not continue the chain'),
    });
    await writeFile(path, good);
    expect(await corrupt(folder)).toEqual(recordsOf(TEXTS));
  });

  test('there in both forms: what is not whole is made anew, and of two that differ neither is removed', async () => {
    const folder = await written();
    const [name = ''] = await segmentsIn(folder);
    const [plain, compressed] = [join(folder, name), join(folder, name.replace('.log', '.pack'))];
    const bytes = await readFile(plain);
    await pack(folder);
    const good = await readFile(compressed);
    await writeFile(plain, bytes);
    await truncate(compressed, good.length - 1);
    await withJournal(folder, async (journal) => expect(await readAll(journal)).toEqual(recordsOf(TEXTS)));
    expect((await packsIn(folder)).includes(name.replace('.log', '.pack'))).toBe(false);
    await writeFile(compressed, good);
    await writeFile(plain, bytes.subarray(0, 200));
    expect(await corrupt(folder)).toMatchObject({
      place: plain,
      seq: 1,
      found: expect.stringContaining(`${compressed} holds the same`),
    });
    expect([(await stat(plain)).size, (await stat(compressed)).size]).toEqual([200, good.length]);
    await rm(plain);
    expect(await corrupt(folder)).toEqual(recordsOf(TEXTS));
  });
});

test('DS-3 a journal whose last segment is compressed, since what came after it was taken away, goes on in a new one', async () => {
  const folder = await packed();
  const [tail = ''] = await segmentsIn(folder);
  const kept = Number(tail.slice(8, 20)) - 1;
  await rm(join(folder, tail));
  const packs = await packsIn(folder);
  const bytes = await readFile(join(folder, packs.at(-1) as string));
  await withJournal(folder, async (journal) => {
    expect([journal.lastSeq, journal.lastHash]).toEqual([kept, recordsOf(TEXTS)[kept - 1]?.hash]);
    await journal.append(['goes on']);
    expect(await readAll(journal)).toEqual(recordsOf([...TEXTS.slice(0, kept), 'goes on']));
  });
  expect([await packsIn(folder), await segmentsIn(folder)]).toEqual([packs, [tail]]);
  expect((await readFile(join(folder, packs.at(-1) as string))).equals(bytes)).toBe(true);
  await withJournal(folder, async (journal) => expect(journal.lastSeq).toBe(kept + 1));
});

test('a journal that is closed while it compresses is closed at once, and leaves the segment as it was', async () => {
  const folder = await written([...TEXTS, 'x'.repeat(5_000_000), ...textsOf(10, 12)], SEGMENT);
  const before = await segmentsIn(folder);
  const journal = await openFileJournal({ folder, segmentBytes: SEGMENT });
  journal.compress?.(never);
  while (!(await readdir(folder)).includes('journal-pack.tmp')) await new Promise((resolve) => setImmediate(resolve));
  await journal.close();
  const after = (await readdir(folder)).filter((name) => name.startsWith('journal-')).sort();
  expect(after.map((name) => name.slice(0, 20))).toEqual(before.map((name) => name.slice(0, 20)));
  expect((await segmentsIn(folder)).length).toBeGreaterThan(1);
});
