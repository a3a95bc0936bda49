/**
 * The embedded database may be lost: damaged, deleted or left behind by a killed process, its rows come again from the
 * journal.  X-3
 */

import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeEntry } from '../../src/sequencer/entryText';
import { openEmbedded, type Store } from '../../src/store/client';
import { discardFolder, StoreDamaged, StoreInUse } from '../../src/store/folder';
import { migrate } from '../../src/store/migrate';
import { runTypeScript } from '../support/child';
import { migratedFolder } from '../support/embedded';
import { lifeOf } from './stories';
import { dump, followed, projected } from './support';

const { entries } = lifeOf(30, 40);
const ALL = followed(entries);
const BY_COMMIT = ['MarkPrice'];

let folder: string;
let rows: Awaited<ReturnType<typeof dump>>;
let trades: string; // path of the table in the folder

beforeAll(async () => {
  folder = await migratedFolder();
  rows = await rowsIn(folder);
  const store = await openEmbedded(folder);
  const [path] = await store.prisma.$queryRaw<{ path: string }[]>`SELECT pg_relation_filepath('"Trade"') AS path`;
  trades = join(folder, path?.path ?? '');
  await store.close();
}, 60_000);
afterAll(() => discardFolder(folder));

/** Opens the folder, brings its rows to the end of the journal, and says what they are. */
async function rowsIn(place: string): Promise<typeof rows> {
  const store = await openEmbedded(place);
  try {
    return await rowsOf(store);
  } finally {
    await store.close();
  }
}

async function rowsOf(store: Store): Promise<typeof rows> {
  await migrate(store);
  await (await projected(store, ALL)).close();
  return dump(store, BY_COMMIT);
}

test('X-3 a table that was cut short is found before anything is read; once its folder is gone, the same rows ' +
  'come again', async () => {
  await truncate(trades, 0);
  await expect(openEmbedded(folder)).rejects.toThrow(StoreDamaged);
  await expect(openEmbedded(folder)).rejects.toThrow(StoreDamaged);
  await discardFolder(folder);
  expect(await rowsIn(folder)).toEqual(rows);
  expect(rows['Trade']?.length).toBeGreaterThan(0);
}, 60_000);

test('X-3 a folder that is no database is damaged', async () => {
  const place = await mkdtemp(join(tmpdir(), 'novate-'));
  await writeFile(join(place, 'PG_VERSION'), '18\n');
  await writeFile(join(place, 'novate.open'), JSON.stringify({}));
  await expect(openEmbedded(place)).rejects.toThrow(StoreDamaged);
  await discardFolder(place);
});

test('X-3 killed while it wrote, the process loses nothing and doubles nothing', async () => {
  const place = await migratedFolder();
  const journal = join(place, '..', `${place.split('/').at(-1)}.journal`);
  await writeFile(journal, `${entries.map(encodeEntry).join('\n')}\n`);
  const { child, ended, printed } = runTypeScript(join(__dirname, 'projectFile.ts'), place, journal);
  await printed((line) => Number(/^at (\d+)/.exec(line)?.[1] ?? 0) > 60);
  // As long as it lives, nobody else opens the folder.
  await expect(openEmbedded(place)).rejects.toThrow(StoreInUse);
  child.kill('SIGKILL');
  expect(await ended).toBe('SIGKILL');
  const store = await openEmbedded(place);
  const [checkpoint] = await store.prisma.checkpoint.findMany();
  expect(Number(checkpoint?.seq)).toBeGreaterThan(60);
  expect(await rowsOf(store)).toEqual(rows);
  await store.close();
  await discardFolder(place);
  await rm(journal);
}, 60_000);
