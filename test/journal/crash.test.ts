/**
 * Processes and machines that stop in the middle: what was acknowledged is there afterwards, and nothing is there by
 * half.
 */

import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { openFileJournal } from '../../src/journal/file';
import { GENESIS_HASH, type Journal } from '../../src/journal/journal';
import { DataFolderLocked } from '../../src/journal/lock';
import { encodeAppend, padded, UNIT } from '../../src/journal/segment';
import { runTypeScript } from '../support/child';
import { segmentsIn, temporaryFolders } from './folders';
import { readAll, recordsOf, textOf, textsOf } from './lines';
import { interceptCalls } from './systemCalls';

const newFolder = temporaryFolders();

/** A copy of a folder as a crash leaves it: without whoever held it. */
async function copyOf(folder: string): Promise<string> {
  const copy = await newFolder();
  await cp(folder, copy, { recursive: true, filter: (path) => !path.includes(join(folder, 'lock')) });
  return copy;
}

async function contentOf(folder: string, segmentBytes: number) {
  const journal = await openFileJournal({ folder, segmentBytes });
  try {
    return await readAll(journal);
  } finally {
    await journal.close();
  }
}

describe('DS-3 a process that stops between any two calls to the file system, or within a write', () => {
  const SEGMENT = 704;
  const APPENDS = [1, 3, 1, 2, 1, 4, 1];

  /** Appends until it is done or something fails. Returns the last entry that was acknowledged. */
  async function work(folder: string): Promise<number> {
    let journal: Journal | undefined;
    let acknowledged = 0;
    try {
      journal = await openFileJournal({ folder, segmentBytes: SEGMENT });
      for (const count of APPENDS) {
        await journal.append(textsOf(acknowledged + 1, acknowledged + count));
        acknowledged += count;
      }
    } catch (error) {
      if (!String(error).includes('power')) throw error;
    }
    await journal?.close().catch(() => undefined);
    return acknowledged;
  }

  test.each([0, 0.3, 1])(
    'with %d of the write done',
    async (share) => {
      const total = APPENDS.reduce((sum, count) => sum + count);
      const ends = [0, ...APPENDS.map((_, i) => APPENDS.slice(0, i + 1).reduce((sum, count) => sum + count))];
      let calls = 0;
      for (let crashAt = 1; ; crashAt++) {
        const folder = await newFolder();
        const system = await interceptCalls(({ n }) =>
          n >= crashAt ? { error: new Error('the power went'), share: n === crashAt ? share : 0 } : undefined,
        );
        const acknowledged = await work(folder).finally(system.restore);
        const left = await copyOf(folder);
        const records = await contentOf(left, SEGMENT);
        expect(records).toEqual(recordsOf(textsOf(1, total)).slice(0, records.length));
        expect(records.length).toBeGreaterThanOrEqual(acknowledged);
        expect(ends).toContain(records.length);

        const journal = await openFileJournal({ folder: left, segmentBytes: SEGMENT });
        await journal.append(['after']);
        await journal.close();
        expect((await contentOf(left, SEGMENT)).map(({ text }) => text)).toEqual([
          ...records.map(({ text }) => text),
          'after',
        ]);
        calls = system.count;
        if (acknowledged === total && system.count < crashAt) break;
      }
      expect(calls).toBeGreaterThan(APPENDS.length * 2 + 6);
    },
    120_000,
  );
});

describe('DS-3 a machine that loses power within the last append', () => {
  const SECTOR = 512;
  const line = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 900 })
    .map((text) => text.replaceAll(/[\n\0]/g, ' '));

  /** The one segment before and after an append. */
  async function written(durable: readonly string[], last: readonly string[]) {
    const folder = await newFolder();
    const journal = await openFileJournal({ folder, segmentBytes: 64 * 1024 });
    const path = join(folder, (await segmentsIn(folder))[0] as string);
    if (durable.length > 0) await journal.append(durable);
    const before = await readFile(path);
    await journal.append(last);
    await journal.close();
    return { folder, path, before, after: await readFile(path) };
  }

  const cases = { durable: fc.array(line, { maxLength: 3 }), last: fc.array(line, { minLength: 1, maxLength: 8 }) };

  test('keeps any of its sectors and loses the others', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({ ...cases, kept: fc.infiniteStream(fc.boolean()) }),
        async ({ durable, last, kept }) => {
          const { folder, path, before, after } = await written(durable, last);
          const torn = Buffer.from(before);
          for (let at = 0; at < torn.length; at += SECTOR) {
            const changed = !before.subarray(at, at + SECTOR).equals(after.subarray(at, at + SECTOR));
            if (changed && kept.next().value) after.copy(torn, at, at, at + SECTOR);
          }
          await writeFile(path, torn);
          const records = await contentOf(folder, 64 * 1024);
          expect(records).toEqual(recordsOf(torn.equals(after) ? [...durable, ...last] : durable));
          // Opening leaves it where it is: somebody else may know that it was durable. The next append takes it away.
          expect((await readFile(path)).equals(torn)).toBe(true);
          if (torn.equals(after)) return;
          const journal = await openFileJournal({ folder, segmentBytes: 64 * 1024 });
          await journal.append(['next']);
          await journal.close();
          const { bytes } = encodeAppend(['next'], durable.length + 1, recordsOf(durable).at(-1)?.hash ?? GENESIS_HASH);
          const end = before.findLastIndex((byte) => byte !== 0) + 1;
          bytes.copy(before, Math.max(UNIT, padded(end)));
          expect((await readFile(path)).equals(before)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('keeps its beginning, up to any byte', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({ ...cases, share: fc.double({ min: 0, max: 1, noNaN: true }) }),
        async ({ durable, last, share }) => {
          const { folder, path, before, after } = await written(durable, last);
          const start = after.findIndex((byte, at) => byte !== before[at]);
          const end = after.findLastIndex((byte, at) => byte !== before[at]) + 1;
          const cut = start + Math.floor((end - start) * share);
          const torn = Buffer.concat([after.subarray(0, cut), before.subarray(cut)]);
          await writeFile(path, torn);
          expect(await contentOf(folder, 64 * 1024)).toEqual(
            recordsOf(torn.equals(after) ? [...durable, ...last] : durable),
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});

test('DS-3 a process killed while it appends has lost nothing that it acknowledged', async () => {
  const folder = await newFolder();
  let acknowledged = 0;
  for (const after of [40, 150, 90]) {
    const { child, lines, printed, ended } = runTypeScript(join(__dirname, 'appendForever.ts'), folder);
    expect(Number((await printed((text) => text.startsWith('open'))).slice(5))).toBeGreaterThanOrEqual(acknowledged);
    await printed((text) => text.startsWith('durable'));
    await expect(openFileJournal({ folder })).rejects.toThrow(DataFolderLocked);
    await new Promise((resolve) => setTimeout(resolve, after));
    child.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');
    acknowledged = Number(lines.findLast((text) => text.startsWith('durable'))?.slice(8));
    // At once: a dead process holds nothing.
    const journal = await openFileJournal({ folder, segmentBytes: 32 * 1024 });
    expect(journal.lastSeq).toBeGreaterThanOrEqual(acknowledged);
    const records = await readAll(journal);
    expect(records).toEqual(recordsOf(textsOf(1, journal.lastSeq)));
    await journal.append([textOf(journal.lastSeq + 1)]);
    await journal.close();
  }
  expect(acknowledged).toBeGreaterThan(20);
});
