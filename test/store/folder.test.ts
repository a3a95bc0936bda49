/**
 * Whose a folder is and whether its files can be trusted: one process at a time, and nothing that is not what was
 * written.
 */

import { appendFile, mkdtemp, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Claim,
  claimFolder,
  condemnFolder,
  discardFolder,
  StoreDamaged,
  StoreInUse,
} from '../../src/store/folder';
import { runTypeScript, type TestProcess } from '../support/child';

const HOLD = join(__dirname, 'holdFolder.ts');
const MARK = 'novate.open';

let folder: string;
const processes: TestProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'novate-folder-'));
});
afterEach(async () => {
  for (const { child, ended } of processes.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
  await discardFolder(folder);
});

/** Another process that has claimed the folder. */
async function holder(): Promise<TestProcess> {
  const process = runTypeScript(HOLD, folder);
  processes.push(process);
  await process.printed((line) => line.startsWith('held'));
  return process;
}

/** A folder with a few files, closed cleanly. */
async function closedFolder(): Promise<void> {
  const claim = await claimFolder(folder);
  await writeFile(join(folder, 'PG_VERSION'), '18\n');
  await writeFile(join(folder, 'rows'), 'a'.repeat(20_000));
  await claim.release(true);
}

const damageOf = async (): Promise<string> => {
  const error = await claimFolder(folder).then(
    () => undefined,
    (refusal: unknown) => refusal,
  );
  if (!(error instanceof StoreDamaged)) throw new Error(`Not refused as damaged: ${error}`);
  expect(error.folder).toBe(folder);
  return error.found;
};

async function opens(): Promise<Claim> {
  return claimFolder(folder);
}

describe('one process at a time', () => {
  test('a folder that another process has open is refused with its number', async () => {
    const { child } = await holder();
    const refused = await opens().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StoreInUse);
    expect(refused).toMatchObject({
      folder,
      pid: child.pid,
      message: expect.stringContaining(`in use by process ${child.pid}`),
    });
    // Refused, it has touched nothing.
    await expect(opens()).rejects.toThrow(StoreInUse);
  });

  test('a folder that this process has open is refused, however it is written', async () => {
    const claim = await opens();
    await expect(opens()).rejects.toMatchObject({ name: 'StoreInUse', pid: process.pid });
    await expect(claimFolder(join(folder, '..', folder.split('/').at(-1) ?? ''))).rejects.toThrow(StoreInUse);
    await claim.release(true);
    await (await opens()).release(true);
  });

  test('of two at once in one process one is refused', async () => {
    const outcomes = await Promise.allSettled([opens(), opens()]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('a process that was killed holds nothing any more', async () => {
    const { child, ended } = await holder();
    child.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');
    await (await opens()).release(true);
    expect(await readdir(folder)).not.toContain(MARK);
  });

  test('a mark with the number of a process that is another one now is nobody’s', async () => {
    await holder();
    const mark = JSON.parse(await readFile(join(folder, MARK), 'utf8')) as { pid: number; started: string };
    await writeFile(join(folder, MARK), JSON.stringify({ ...mark, started: '1' }));
    await (await opens()).release(true);
  });

  test('a folder that is not there is made', async () => {
    await discardFolder(folder);
    await (await opens()).release(true);
    expect(await readdir(folder)).toEqual(['novate.closed']);
  });
});

describe('files that can be trusted', () => {
  test('after a clean close the folder is what it was, opened any number of times', async () => {
    await closedFolder();
    for (const _ of [1, 2, 3]) await (await opens()).release(true);
    expect(await readFile(join(folder, 'rows'), 'utf8')).toHaveLength(20_000);
  });

  test('a machine that stopped while it was open', async () => {
    await closedFolder();
    await opens();
    const mark = JSON.parse(await readFile(join(folder, MARK), 'utf8')) as object;
    const copy = `${folder}-after`;
    await rename(folder, copy);
    folder = copy;
    await writeFile(join(folder, MARK), JSON.stringify({ ...mark, boot: 'another run of the machine' }));
    expect(await damageOf()).toBe('the machine stopped while it was open');
  });

  test('a mark that cannot be read', async () => {
    await closedFolder();
    await writeFile(join(folder, MARK), '');
    expect(await damageOf()).toBe('the machine stopped while it was open');
  });

  test('a process that closed uncleanly on a machine that goes on', async () => {
    await closedFolder();
    const claim = await opens();
    await appendFile(join(folder, 'rows'), 'more');
    await claim.release(false);
    await (await opens()).release(true);
    await (await opens()).release(true);
  });

  test.each<readonly [string, () => Promise<unknown>, string]>([
    ['a byte changed', () => changeByte('rows'), 'rows is not what it was when it was closed'],
    ['a file cut short', () => truncate(join(folder, 'rows'), 8_192), 'rows is not what it was when it was closed'],
    ['a file grown', () => appendFile(join(folder, 'rows'), 'x'), 'rows is not what it was when it was closed'],
    ['a file gone', () => rm(join(folder, 'PG_VERSION')), 'PG_VERSION is missing'],
    ['a file too many', () => writeFile(join(folder, 'stray'), ''), 'stray was not there when it was closed'],
    ['no seal', () => rm(join(folder, 'novate.closed')), 'it is not known to have been closed'],
    [
      'a seal that cannot be read',
      () => truncate(join(folder, 'novate.closed'), 7),
      'it is not known to have been closed',
    ],
    ['condemned while it was open', () => condemnFolder(folder), 'it was found broken while it was open'],
  ])('damaged since it was closed: %s', async (_what, damage, found) => {
    await closedFolder();
    await (await opens()).release(true);
    await damage();
    expect(await damageOf()).toBe(found);
    // It stays damaged for whoever comes next, until it is deleted.
    await expect(opens()).rejects.toThrow(StoreDamaged);
    await discardFolder(folder);
    await closedFolder();
    await (await opens()).release(true);
  });
});

async function changeByte(name: string): Promise<void> {
  const bytes = await readFile(join(folder, name));
  bytes[12_345] = 0x62;
  await writeFile(join(folder, name), bytes);
}
