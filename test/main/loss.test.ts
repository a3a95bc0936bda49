/** A journal that was cut short or exchanged: whoever knows a later entry is asked first.  Rules: DS-3, DS-4 */

import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SYSTEM } from '../../src/core/model/actor';
import { openFileJournal } from '../../src/journal/file';
import { createFileSnapshots } from '../../src/journal/fileSnapshots';
import { readHead } from '../../src/journal/head';
import { JournalShortened } from '../../src/journal/witness';
import {
  type Config,
  headPath,
  journalFolder,
  lossesPath,
  projectionFolder,
  readConfig,
  rowsHeadPath,
  snapshotFolder,
} from '../../src/main/config';
import { type Engine, type EngineOptions, openEngine } from '../../src/main/engine';
import { silentLog } from '../../src/main/logger';
import { verifyCommand } from '../../src/main/maintenance';
import { openHouse } from '../../src/main/openHouse';
import { startEngine } from '../../src/main/remoteEngine';
import { createClock } from '../../src/sequencer/clock';
import { recover, writeSnapshot } from '../../src/sequencer/recover';
import { packsIn, segmentsIn, temporaryFolders, untilPacked } from '../journal/folders';
import { runTypeScript } from '../support/child';
import { migratedFolder } from '../support/embedded';
import { describePostgres } from '../support/postgres';

const newFolder = temporaryFolders();
/** Takes away every file in the folder that knows the head. */
const forgetHead = (data: string): void => {
  for (const path of [headPath(data), rowsHeadPath(data)]) rmSync(path);
};
const never = (error: unknown): never => {
  throw error;
};

const configOf = (data: string, more: Partial<Config> = {}): Config => ({ ...readConfig({ data }, {}), ...more });
const optionsOf = (config: Config, more: Pick<EngineOptions, 'acceptLoss' | 'onNews'> = {}) =>
  ({ config, clock: createClock({ ahead: 0 }), onFatal: never, onSnapshotLost: never, ...more }) as const;
const admit = (i: number, name = 'One') =>
  ({ actor: SYSTEM, key: null, command: { type: 'AdmitMember', member: `m${i}`, name } }) as const;

/** A folder whose house has lived through so many entries and was closed. */
async function lived(entries: number, name?: string): Promise<string> {
  const data = await newFolder();
  const { house } = await openEngine(optionsOf(configOf(data)));
  for (let i = 1; i <= entries; i++) await house.submit([admit(i, name)]);
  await house.close();
  return data;
}

/** Exchanges the journal for its own beginning. */
async function cutTo(data: string, entries: number): Promise<void> {
  const whole = await openFileJournal({ folder: journalFolder(data) });
  const texts: string[] = [];
  for await (const { seq, text } of whole.read(1)) if (seq <= entries) texts.push(text);
  await whole.close();
  rmSync(journalFolder(data), { recursive: true });
  const short = await openFileJournal({ folder: journalFolder(data) });
  await short.append(texts);
  await short.close();
}

async function refused(open: Promise<Engine | { close(): Promise<void> }>): Promise<JournalShortened> {
  const error: unknown = await open.then(
    (engine) => ('house' in engine ? engine.house.close() : engine.close()).then(() => 'it was opened'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(JournalShortened);
  return error as JournalShortened;
}

/** Opens it with the loss accepted, and again without a word: what remains is one house. */
async function accepted(data: string, lost: { readonly from: number; readonly to: number }): Promise<void> {
  const told: string[] = [];
  const { house } = await openEngine(
    optionsOf(configOf(data), { acceptLoss: true, onNews: (kind) => told.push(kind) }),
  );
  expect([told, house.status().seq]).toEqual([['LOSS_ACCEPTED'], lost.from - 1]);
  await house.submit([admit(100)]);
  const { seq, hash } = house.status();
  await house.close();
  expect(await readHead(headPath(data))).toEqual({ seq, hash });
  expect(JSON.parse(readFileSync(lossesPath(data), 'utf8'))).toMatchObject({
    ...lost,
    at: expect.stringMatching(/^20/),
  });
  const again = await openEngine(optionsOf(configOf(data)));
  expect(again.recovered.entries).toBe(lost.from);
  await again.house.close();
}

test(
  'a house keeps its head beside its journal, and does not open on a journal that ends before it, in its own ' +
    'thread or not',
  async () => {
    const data = await lived(5);
    const head = await readHead(headPath(data));
    expect(head).toMatchObject({ seq: 5 });
    await cutTo(data, 3);
    const error = await refused(openEngine(optionsOf(configOf(data))));
    expect(error.message).toBe(
      `The journal ends with entry 3, but ${headPath(data)} knows entry 5, ${rowsHeadPath(data)} knows entry 5. ` +
        `Entries 4 to 5 are lost or replaced. ` +
        'Restore the journal from its backup; --accept-loss goes on without them.',
    );
    expect((await refused(startEngine(optionsOf(configOf(data))))).lost).toEqual({ from: 4, to: 5 });
    // Nothing was changed by asking.
    expect(await readHead(headPath(data))).toEqual(head);
    await accepted(data, { from: 4, to: 5 });
  },
);

test('a journal and its head that are put back together from an older backup are refused before anything is taken', async () => {
  const data = await lived(3);
  const backup = await newFolder();
  const parts = [journalFolder, headPath] as const;
  const withoutLock = { recursive: true, filter: (path: string) => !path.includes('/lock') };
  for (const part of parts) cpSync(part(data), part(backup), withoutLock);
  const { house } = await openEngine(optionsOf(configOf(data)));
  await house.submit([admit(4)]);
  await house.submit([admit(5)]);
  await house.close();
  for (const part of parts) {
    rmSync(part(data), { recursive: true });
    cpSync(part(backup), part(data), { recursive: true });
  }
  const { lost, message } = await refused(openEngine(optionsOf(configOf(data))));
  expect([lost, message]).toEqual([{ from: 4, to: 5 }, expect.stringContaining(`${rowsHeadPath(data)} knows entry 5`)]);
  await accepted(data, { from: 4, to: 5 });
});

test('DS-3 a last append that reads as torn stays where it is until it is known that nobody was told of it', async () => {
  const data = await lived(4);
  const [name = ''] = await segmentsIn(journalFolder(data));
  const path = join(journalFolder(data), name);
  const whole = readFileSync(path);
  const end = whole.findLastIndex((byte) => byte !== 0) + 1;
  const torn = Buffer.from(whole).fill(0, end - 40, end); // of the last record
  writeFileSync(path, torn);
  expect((await refused(openEngine(optionsOf(configOf(data))))).lost).toEqual({ from: 4, to: 4 });
  await expect(verifyCommand({ data })).rejects.toThrow(`${headPath(data)} knows entry 4`);
  // What is left of it was not touched: put right by hand, it is the entry that was acknowledged.
  expect(readFileSync(path).equals(torn)).toBe(true);
  writeFileSync(path, whole);
  const mended = await openEngine(optionsOf(configOf(data)));
  expect(mended.recovered.entries).toBe(4);
  await mended.house.close();
  writeFileSync(path, torn);
  await accepted(data, { from: 4, to: 4 });
  // One that nobody knows is what a crash leaves: the house goes on without a word, and takes its place.
  const crashed = await lived(4);
  const tail = join(journalFolder(crashed), name);
  forgetHead(crashed);
  writeFileSync(tail, readFileSync(tail).fill(0, end - 40, end));
  const engine = await openEngine(optionsOf(configOf(crashed)));
  expect(engine.recovered.entries).toBe(3);
  await engine.house.submit([admit(9)]);
  await engine.house.close();
  const again = await openEngine(optionsOf(configOf(crashed)));
  expect(again.recovered.entries).toBe(4);
  await again.house.close();
});

test('a journal that is gone altogether is no new house', async () => {
  const data = await lived(2);
  rmSync(journalFolder(data), { recursive: true });
  expect((await refused(openEngine(optionsOf(configOf(data))))).lost).toEqual({ from: 1, to: 2 });
});

test('a snapshot of a later entry, or of another history, speaks as well', async () => {
  const data = await lived(6);
  const journal = await openFileJournal({ folder: journalFolder(data) });
  const { state } = await recover(journal);
  await createFileSnapshots(snapshotFolder(data)).save(await writeSnapshot(state, journal.lastHash));
  await journal.close();
  const other = await lived(6, 'Another');
  await cutTo(data, 4);
  forgetHead(data);
  expect((await refused(openEngine(optionsOf(configOf(data))))).message).toContain(
    'the snapshot of entry 6 knows entry 6',
  );
  cpSync(snapshotFolder(data), snapshotFolder(other), { recursive: true });
  forgetHead(other);
  expect((await refused(openEngine(optionsOf(configOf(other))))).lost).toEqual({ from: 6, to: 6 });
  await accepted(data, { from: 5, to: 6 });
  expect(readdirSync(snapshotFolder(data))).toEqual([]);
});

test('a file that the operator names, on another disk, knows when all in the data folder is of another day', async () => {
  const [data, far] = [await newFolder(), await newFolder()];
  const config = configOf(data, { headFile: join(far, 'kept', 'novate-head') });
  const first = await openEngine(optionsOf(config));
  await first.house.submit([admit(1)]);
  await first.house.close();
  const backup = join(far, 'backup');
  cpSync(data, backup, { recursive: true, filter: (path) => !path.includes(join('journal', 'lock')) });
  const second = await openEngine(optionsOf(config));
  await second.house.submit([admit(2), admit(3)]);
  await second.house.close();
  expect((await refused(openEngine(optionsOf({ ...config, data: backup })))).lost).toEqual({ from: 2, to: 3 });
  const alone = await openEngine(optionsOf({ ...config, data: backup, headFile: null }));
  expect(alone.recovered.entries).toBe(1);
  await alone.house.close();
});

test('a head of which a line was torn is read from the other line, and a file of which neither is whole knows nothing', async () => {
  const data = await lived(7);
  const path = headPath(data);
  const content = readFileSync(path);
  for (let at = 0; at < content.length; at += 5) {
    const torn = Buffer.from(content);
    torn.fill(0, at, Math.min(at + 40, torn.length));
    writeFileSync(path, torn);
    const head = await readHead(path);
    expect(head === undefined || head.seq === 7 || head.seq === 6).toBe(true);
    // Only what lies across the end of the first line harms both.
    if (at >= 96 || at + 40 <= 96) expect(head).toBeDefined();
  }
  writeFileSync(path, `7:${'a'.repeat(63)}`);
  expect(await readHead(path)).toBeUndefined();
});

test('DS-3 a house that is killed knows afterwards what it had acknowledged, and misses it when it is cut off', async () => {
  const data = await newFolder();
  const { child, lines, printed, ended } = runTypeScript(join(__dirname, 'submitForever.ts'), data);
  await printed((line) => Number(line.split(' ')[1]) >= 30);
  child.kill('SIGKILL');
  expect(await ended).toBe('SIGKILL');
  const acknowledged = Number(lines.at(-1)?.split(' ')[1]);
  const head = await readHead(headPath(data));
  // The last one may have been told before it was written down.
  expect(head?.seq).toBeGreaterThanOrEqual(acknowledged - 1);
  const { house, recovered } = await openEngine(optionsOf(configOf(data)));
  expect(recovered.entries).toBeGreaterThanOrEqual(acknowledged);
  await house.close();
  await cutTo(data, acknowledged - 2);
  await refused(openEngine(optionsOf(configOf(data))));
});

describe('verify', () => {
  const said: string[] = [];
  beforeEach(() => {
    said.length = 0;
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  });
  afterEach(() => jest.restoreAllMocks());

  test('asks for the head that is given, as a text or as a file, and for the heads that are kept', async () => {
    const data = await lived(4);
    const { seq, hash } = (await readHead(headPath(data))) as { seq: number; hash: string };
    await verifyCommand({ data, head: `${seq}:${hash}` });
    expect(said.join('')).toContain(`Head of the journal     4:${hash}`);
    await verifyCommand({ data, head: headPath(data) });
    await expect(verifyCommand({ data, head: `4:${'0'.repeat(64)}` })).rejects.toThrow('lost or replaced');
    await expect(verifyCommand({ data, head: `9:${hash}` })).rejects.toThrow('Entries 5 to 9 are lost');
    await expect(verifyCommand({ data, head: 'nonsense' })).rejects.toThrow('--head is to be <entry>:<hash>');
    await cutTo(data, 2);
    await expect(verifyCommand({ data })).rejects.toThrow(`${headPath(data)} knows entry 4`);
    await accepted(data, { from: 3, to: 4 });
    await verifyCommand({ data });
    expect(said.join('')).toMatch(/Entries 3 to 4 were lost; that was accepted on 20\S+, after entry 2:/);
  });
});

test(
  'DS-4 compressed files of the journal change nothing for those who know it, for verify and for a start; by ' +
    'an option they stay',
  async () => {
    const data = await newFolder();
    const folder = journalFolder(data);
    const small = { segmentBytes: 4096 } as const;
    const plain = await openEngine(optionsOf(configOf(data, { ...small, compressSegments: false })));
    for (let i = 1; i <= 40; i++) await plain.house.submit([admit(i)]);
    const { seq, hash } = plain.house.status();
    const digest = await plain.house.digest();
    await plain.house.close();
    expect([await packsIn(folder), (await segmentsIn(folder)).length > 3]).toEqual([[], true]);
    const first = await openEngine(optionsOf(configOf(data, small)));
    await untilPacked(folder);
    await first.house.close();
    const again = await openEngine(optionsOf(configOf(data, small)));
    expect([again.recovered.entries, again.house.status().hash, await again.house.digest()]).toEqual([
      seq,
      hash,
      digest,
    ]);
    await again.house.close();
    const said = jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
    try {
      await verifyCommand({ data, head: `${seq}:${hash}` });
      expect(said.mock.calls.join('')).toContain(`${seq} entries: the hash chain holds.`);
    } finally {
      said.mockRestore();
    }
    // Without its last file it ends in a compressed one, and those who know more say so.
    rmSync(join(folder, (await segmentsIn(folder))[0] as string));
    const error = await refused(openEngine(optionsOf(configOf(data, small))));
    expect(error.lost.to).toBe(seq);
    const packs = await packsIn(folder);
    const path = join(folder, packs[1] as string);
    writeFileSync(path, readFileSync(path).fill(7, 200, 210));
    await expect(verifyCommand({ data })).rejects.toThrow(headPath(data));
    forgetHead(data);
    await expect(verifyCommand({ data })).rejects.toThrow(new RegExp(`The journal is damaged at ${path}, byte \\d+`));
  },
);

/** The same for a house with its read models. */
function rowsKnow(
  open: (acceptLoss?: boolean) => ReturnType<typeof openHouse>,
  cut: () => Promise<void>,
  verified: () => Promise<void>,
): void {
  test('the read models know the last entry that is in them', async () => {
    const first = await open();
    for (let i = 1; i <= 4; i++) await first.house.submit([admit(i)]);
    expect(await first.projector.waitFor(4, 30_000)).toBe(true);
    await first.close();
    await cut();
    await expect(verified()).rejects.toThrow('the table of read models knows entry 4');
    const error = await refused(open());
    expect([error.lost, error.message.includes('the table of read models knows entry 4')]).toEqual([
      { from: 4, to: 4 },
      true,
    ]);
    const lossy = await open(true);
    expect(await lossy.projector.waitFor(3, 30_000)).toBe(true);
    expect(lossy.projector.seq).toBe(3);
    await lossy.house.submit([admit(9)]);
    expect(await lossy.projector.waitFor(4, 30_000)).toBe(true);
    await lossy.close();
    const again = await open();
    expect(await again.projector.waitFor(4, 30_000)).toBe(true);
    expect([again.projector.seq, again.house.status().seq]).toEqual([4, 4]);
    await again.close();
    await verified();
  }, 90_000);
}

describe('in a folder', () => {
  let data: string;
  beforeAll(async () => {
    data = await newFolder();
    const prepared = await migratedFolder();
    cpSync(prepared, projectionFolder(data), { recursive: true });
    rmSync(prepared, { recursive: true });
    jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
  });
  afterAll(() => jest.restoreAllMocks());
  rowsKnow(
    (acceptLoss = false) =>
      openHouse({
        config: configOf(data),
        clock: createClock({ ahead: 0 }),
        engine: 'INLINE',
        log: silentLog(),
        onFatal: never,
        acceptLoss,
      }),
    async () => {
      await cutTo(data, 3);
      forgetHead(data);
      expect(existsSync(snapshotFolder(data))).toBe(false);
    },
    () => verifyCommand({ data }),
  );
});

describePostgres('in Postgres', (database) => {
  const before = process.env['DATABASE_URL'];
  beforeAll(() => {
    jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
    process.env['DATABASE_URL'] = database.url;
  });
  afterAll(() => {
    jest.restoreAllMocks();
    if (before === undefined) delete process.env['DATABASE_URL'];
    else process.env['DATABASE_URL'] = before;
  });
  rowsKnow(
    (acceptLoss = false) =>
      openHouse({
        config: { ...configOf('/nowhere'), databaseUrl: database.url },
        clock: createClock({ ahead: 0 }),
        engine: 'INLINE',
        log: silentLog(),
        onFatal: never,
        acceptLoss,
      }),
    async () => void (await database.query('DELETE FROM "JournalBlock" WHERE "lastSeq" = 4')),
    () => verifyCommand({}),
  );
});
