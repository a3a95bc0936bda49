/** The journal in a folder: the contract, and what only a folder does. */

import { closeSync, constants, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { JournalStopped } from '../../src/journal/appender';
import { openFileJournal, readFileJournal } from '../../src/journal/file';
import { DataFolderLocked } from '../../src/journal/lock';
import { journalContract } from './contract';
import { segmentsIn, temporaryFolders } from './folders';
import { readAll, recordsOf, textsOf } from './lines';
import { type CallNumber, type Failure, interceptCalls } from './systemCalls';

const newFolder = temporaryFolders();

/** As if this were another system. */
const on = (platform: NodeJS.Platform): void => void Object.defineProperty(process, 'platform', { value: platform });
const here = process.platform;
afterEach(() => on(here));

// Segments small enough that every few lines begin a new one, and some that hold more.
for (const segmentBytes of [1024, 16 * 1024]) {
  describe(`segments of ${segmentBytes} bytes`, () => {
    journalContract(async () => {
      const folder = await newFolder();
      return { open: () => openFileJournal({ folder, segmentBytes }) };
    });
  });
}

describe('an append that fails', () => {
  /** A journal of three entries whose calls are then answered by the test. */
  async function failing(ask: (call: CallNumber) => Failure | undefined) {
    const folder = await newFolder();
    const journal = await openFileJournal({ folder, segmentBytes: 4096 });
    await journal.append(textsOf(1, 3));
    const system = await interceptCalls(ask);
    return { folder, journal, restore: system.restore };
  }
  const broken = () => Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
  const noSpace = () => Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });

  test.each([
    ['linux', 'write'],
    ['darwin', 'write'],
    ['darwin', 'datasync'],
  ] as const)(
    'DS-3 on %s: rejects when %s fails, and so does every append after it, even if it would succeed',
    async (platform, name) => {
      on(platform);
      let failed = false;
      const { folder, journal, restore } = await failing((call) => {
        if (failed || call.name !== name) return undefined;
        failed = true;
        return { error: broken(), share: 0.5 };
      });
      try {
        await expect(journal.append(textsOf(4, 5))).rejects.toMatchObject({
          name: 'JournalStopped',
          cause: { code: 'EIO' },
        });
        await expect(journal.append(textsOf(4, 4))).rejects.toThrow(JournalStopped);
        expect(journal.lastSeq).toBe(3);
        expect(await readAll(journal)).toEqual(recordsOf(textsOf(1, 3)));
      } finally {
        restore();
      }
      await expect(journal.append(textsOf(4, 4))).rejects.toThrow(JournalStopped);
      await journal.close();
      const again = await openFileJournal({ folder });
      // The bytes of the failed datasync were written: whether they count is known after opening, and then they are
      // whole.
      expect(await readAll(again)).toEqual(recordsOf(textsOf(1, name === 'write' ? 3 : 5)));
      await again.close();
    },
  );

  test('DS-3 appends that wait behind it reject too', async () => {
    const { journal, restore } = await failing(({ name }) => (name === 'write' ? { error: broken() } : undefined));
    try {
      const results = await Promise.allSettled([journal.append(['a']), journal.append(['b']), journal.append(['c'])]);
      expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    } finally {
      restore();
    }
    await journal.close();
  });

  test('DS-3 rejects when its file is closed underneath', async () => {
    const { folder, journal, restore } = await failing(() => undefined);
    restore();
    const path = join(folder, (await segmentsIn(folder))[0] as string);
    for (const fd of readdirSync('/proc/self/fd')) {
      if (linkOf(fd) === path) closeSync(Number(fd));
    }
    await expect(journal.append(['x'])).rejects.toMatchObject({ cause: { code: 'EBADF' } });
    await expect(journal.append(['x'])).rejects.toThrow(JournalStopped);
    await journal.close().catch(() => undefined);
    // The folder is free all the same.
    const again = await openFileJournal({ folder });
    expect(again.lastSeq).toBe(3);
    await again.close();
  });

  test('DS-3 room that cannot be made in advance is made when it is needed', async () => {
    let full = true;
    const { journal, restore } = await failing((call) =>
      full && call.name === 'sync' ? { error: noSpace() } : undefined,
    );
    try {
      await journal.append(['x'.repeat(2000)]); // past half: room for the next segment cannot be made
      await new Promise((resolve) => setTimeout(resolve, 20));
      full = false;
      await journal.append(['y'.repeat(2000)]);
      expect(journal.lastSeq).toBe(5);
    } finally {
      restore();
    }
    await journal.close();
  });
});

describe('a disk that is full', () => {
  const noSpace = (code: string) => Object.assign(new Error(`${code}: no space left on device`), { code });

  test.each([
    ['write', 0, 'ENOSPC'],
    ['write', 0.5, 'ENOSPC'],
    ['write', 1, 'EDQUOT'],
    ['datasync', 0, 'ENOSPC'],
    ['sync', 0, 'ENOSPC'],
    ['rename', 0, 'ENOSPC'],
  ] as const)(
    'DS-3 at any %s, %d of it done: nothing is acknowledged, and the same append is there once when there is room',
    async (name, share, code) => {
      // Short segments, so that every append but the first needs a new one.
      let most = 0;
      for (let full = 1; full <= 4; full++) {
        const folder = await newFolder();
        const journal = await openFileJournal({ folder, segmentBytes: 704 });
        const told: (string | undefined)[] = [];
        journal.watch?.((problem) => told.push(problem?.message));
        let calls = 0;
        let failed = 0;
        const system = await interceptCalls((call) => {
          if (call.name !== name) return undefined;
          calls += 1;
          if (calls < full || failed === 3) return undefined;
          failed += 1;
          expect(journal.lastSeq).toBeLessThan(6);
          return { error: noSpace(code), share };
        });
        try {
          for (let n = 1; n <= 6; n += 2) await journal.append(textsOf(n, n + 1));
          expect(failed).toBe(calls >= full ? 3 : 0);
          most = Math.max(most, failed);
          expect(await readAll(journal)).toEqual(recordsOf(textsOf(1, 6)));
        } finally {
          system.restore();
        }
        expect(told.length % 2).toBe(0);
        expect(told.at(-1)).toBeUndefined();
        await journal.close();
        const again = await openFileJournal({ folder, segmentBytes: 704 });
        expect(await readAll(again)).toEqual(recordsOf(textsOf(1, 6)));
        await again.close();
      }
      expect(most).toBe(3);
    },
  );

  test('DS-3 that stays full: closing gives up what waits, and what was acknowledged is there', async () => {
    const folder = await newFolder();
    const journal = await openFileJournal({ folder, segmentBytes: 4096 });
    await journal.append(textsOf(1, 3));
    let told = (): void => undefined;
    const away = new Promise<void>((resolve) => (told = resolve));
    journal.watch?.(() => told());
    const system = await interceptCalls(({ name }) =>
      name === 'write' ? { error: noSpace('ENOSPC'), share: 0.3 } : undefined,
    );
    const waits = expect(journal.append(textsOf(4, 6))).rejects.toThrow('it was closed while its storage was away');
    await away;
    await journal.close();
    await waits;
    system.restore();
    const again = await openFileJournal({ folder });
    expect(await readAll(again)).toEqual(recordsOf(textsOf(1, 3)));
    await again.close();
  });
});

describe('what is asked of the disk', () => {
  test.each([
    ['linux', ['write']],
    ['darwin', ['write', 'datasync']],
  ] as const)('DS-3 on %s an append is %j, and is seen by nobody before it is durable', async (platform, asked) => {
    on(platform);
    const folder = await newFolder();
    const journal = await openFileJournal({ folder, segmentBytes: 64 * 1024 });
    await journal.append(['first']);
    const calls: string[] = [];
    const seen: unknown[] = [];
    let done = false;
    const system = await interceptCalls(({ name }) => {
      calls.push(name);
      seen.push([done, journal.lastSeq]);
      return undefined;
    });
    try {
      await journal.append(textsOf(2, 9)).then(() => (done = true));
      expect([done, journal.lastSeq, (await readAll(journal)).length]).toEqual([true, 9, 9]);
      expect(calls).toEqual(asked);
      expect(seen).toEqual(asked.map(() => [false, 1]));
    } finally {
      system.restore();
    }
    await journal.close();
  });

  // What the system says of an open file, in octal; the flag is that of open(2). Only Linux says it: elsewhere the test
  // is left out, and shown as skipped.
  const onLinux = process.platform === 'linux' ? test : test.skip;
  onLinux(
    'DS-3 the segment that is appended to writes through to the disk: the first, the next one, and after opening',
    async () => {
      const folder = await newFolder();
      const passes = async (): Promise<boolean[]> => {
        const last = join(folder, (await segmentsIn(folder)).at(-1) as string);
        const open = readdirSync('/proc/self/fd').filter((fd) => linkOf(fd) === last);
        const flags = open.map(
          (fd) => /flags:\s+(\d+)/.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1] ?? '0',
        );
        return flags.map((octal) => (Number.parseInt(octal, 8) & constants.O_DSYNC) !== 0);
      };
      const journal = await openFileJournal({ folder, segmentBytes: 1024 });
      expect(await passes()).toEqual([true]);
      for (let n = 1; n <= 20; n++) await journal.append(textsOf(n, n));
      expect((await segmentsIn(folder)).length).toBeGreaterThan(1);
      expect(await passes()).toEqual([true]);
      await journal.close();
      const again = await openFileJournal({ folder, segmentBytes: 1024 });
      expect(await passes()).toEqual([true]);
      await again.close();
    },
  );

  test('DS-3 whoever appends without a pause leaves the thread to others in between', async () => {
    const folder = await newFolder();
    const journal = await openFileJournal({ folder });
    let turns = 0;
    let appending = true;
    const others = (): void => {
      turns += 1;
      if (appending) setImmediate(others);
    };
    setImmediate(others);
    for (let n = 1; n <= 10; n++) await journal.append(textsOf(n, n));
    appending = false;
    expect(turns).toBeGreaterThanOrEqual(10);
    await journal.close();
  });

  test('DS-3 a segment has its name when it is durable, and is written to when its name is durable', async () => {
    const folder = await newFolder();
    const journal = await openFileJournal({ folder, segmentBytes: 1024 });
    const calls: string[] = [];
    const system = await interceptCalls(({ name }) => {
      calls.push(name);
      return undefined;
    });
    try {
      await journal.append(['a'.repeat(300)]); // less than half: no room is made for the next segment yet
      await journal.append(['b'.repeat(800)]);
    } finally {
      system.restore();
    }
    const append = process.platform === 'linux' ? ['write'] : ['write', 'datasync'];
    const room = ['write', 'datasync', 'sync'];
    const name = ['write', 'sync', 'rename', 'sync'];
    // Behind the last append, room for the next segment is being made.
    const expected = [...append, ...room, ...name, ...append];
    expect(calls.slice(0, expected.length)).toEqual(expected);
    await journal.close();
  });
});

const linkOf = (fd: string): string | undefined => {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return undefined;
  }
};

test('DS-4 a line that cannot be journaled is refused, and nothing of its append is written', async () => {
  for (const text of ['two\nlines', 'nul\0', 'half \ud800 a pair']) {
    const folder = await newFolder();
    const journal = await openFileJournal({ folder });
    await expect(journal.append(['good', text])).rejects.toThrow('cannot be journaled');
    expect(await readAll(journal)).toEqual([]);
    await journal.close();
  }
});

test('DS-4 a closed journal takes nothing, and what was asked for before is done', async () => {
  const folder = await newFolder();
  const journal = await openFileJournal({ folder });
  const before = journal.append(['before']);
  const closing = journal.close();
  await expect(journal.append(['after'])).rejects.toThrow(JournalStopped);
  await Promise.all([before, closing]);
  const again = await openFileJournal({ folder });
  expect(await readAll(again)).toEqual(recordsOf(['before']));
  await again.close();
});

test('DS-3 a folder in use is refused at once, with its name', async () => {
  const folder = await newFolder();
  const journal = await openFileJournal({ folder });
  const refused = openFileJournal({ folder });
  await expect(refused).rejects.toThrow(DataFolderLocked);
  await expect(refused).rejects.toMatchObject({ folder });
  await journal.append(['still mine']);
  await journal.close();
});

test('DS-3 a folder whose journal is damaged is not left locked', async () => {
  const folder = await newFolder();
  await (await openFileJournal({ folder, segmentBytes: 1024 })).close();
  await writeFile(join(folder, (await segmentsIn(folder))[0] as string), Buffer.alloc(1024, 7));
  for (let i = 0; i < 2; i++)
    await expect(openFileJournal({ folder })).rejects.toMatchObject({ name: 'JournalCorrupt', seq: 1 });
});

test('DS-4 an append larger than a segment, and segments that only grow for it', async () => {
  const folder = await newFolder();
  const journal = await openFileJournal({ folder, segmentBytes: 4096 });
  const texts = ['small', 'l'.repeat(1_500_000), 'm'.repeat(300), 's'];
  for (const text of texts) await journal.append([text]);
  expect(await readAll(journal)).toEqual(recordsOf(texts));
  await journal.close();
  const names = await segmentsIn(folder);
  expect(names).toEqual([1, 2, 3].map((n) => `journal-00000000000${n}.log`));
  expect((await stat(join(folder, names[2] as string))).size).toBe(4096);
  const again = await openFileJournal({ folder, segmentBytes: 4096 });
  expect(await readAll(again, 2)).toEqual(recordsOf(texts).slice(1));
  await again.close();
});

test('DS-4 one entry far back is found without reading what lies before it, once it has been read', async () => {
  const folder = await newFolder();
  const texts = Array.from({ length: 40 }, (_, i) => `${i} ${'x'.repeat(200_000)}`);
  const journal = await openFileJournal({ folder, segmentBytes: 16 * 1024 * 1024 });
  for (const text of texts) await journal.append([text]);
  await journal.close();
  const again = await openFileJournal({ folder });
  // Damage in the middle, after opening: only a read that passes it may notice.
  const path = join(folder, (await segmentsIn(folder))[0] as string);
  const file = await open(path, 'r+');
  await file.write(Buffer.from('?'), 0, 1, 2_000_000);
  await file.close();
  for await (const { seq, text } of again.read(38)) expect(text).toBe(texts[seq - 1]);
  await expect(readAll(again)).rejects.toMatchObject({ seq: 10 });
  await again.close();
});

describe('a folder that is only read', () => {
  test('DS-3 a backup is read as it is: nothing in it changes, a torn append is passed over, and nothing is taken', async () => {
    const folder = await newFolder();
    const journal = await openFileJournal({ folder, segmentBytes: 704 });
    for (let n = 1; n <= 9; n += 2) await journal.append(textsOf(n, n + 1));
    await journal.close();
    const last = join(folder, (await segmentsIn(folder)).at(-1) as string);
    const file = await open(last, 'r+');
    const whole = await readFile(last);
    const end = whole.findLastIndex((byte) => byte !== 0) + 1;
    await file.write(Buffer.alloc(end - 100), 0, end - 100, 100); // the head of its first record is cut
    await file.close();
    await writeFile(join(folder, 'journal-next.tmp'), 'left by a crash');
    const before = await contentsOf(folder);
    const reader = await readFileJournal(folder);
    expect([reader.lastSeq, await readAll(reader)]).toEqual([8, recordsOf(textsOf(1, 8))]);
    await expect(reader.append(['x'])).rejects.toThrow('the folder is only read');
    await reader.close();
    expect(await contentsOf(folder)).toEqual(before);
  });
});

const contentsOf = async (folder: string): Promise<object> =>
  Object.fromEntries(
    await Promise.all(
      (await readdir(folder))
        .filter((name) => name.startsWith('journal-'))
        .map(async (name) => [name, (await readFile(join(folder, name))).toString('hex')]),
    ),
  );
