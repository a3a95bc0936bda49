/** One process at a time in a data folder. */

import fs, { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataFolderLocked, type FolderLock, JournalLocked, lockFolder } from '../../src/journal/lock';
import { runTypeScript, type TestProcess } from '../support/child';
import { temporaryFolders } from './folders';

const newFolder = temporaryFolders();
const HOLDER = join(__dirname, 'holdFolder.ts');

const outcomeOf = (process: TestProcess) => process.printed((line) => line === 'held' || line === 'refused');

test('DS-3 a second owner is refused with the folder, and served when the first has let go', async () => {
  const folder = await newFolder();
  const lock = await lockFolder(folder);
  await expect(lockFolder(folder)).rejects.toThrow(DataFolderLocked);
  await expect(lockFolder(folder)).rejects.toThrow(JournalLocked);
  await expect(lockFolder(folder)).rejects.toMatchObject({ folder, message: expect.stringContaining(folder) });
  await lock.release();
  await (await lockFolder(folder)).release();
});

test('DS-3 another process is refused; a process killed leaves no lock', async () => {
  const folder = await newFolder();
  const first = runTypeScript(HOLDER, folder);
  expect(await outcomeOf(first)).toBe('held');
  await expect(lockFolder(folder)).rejects.toThrow(DataFolderLocked);
  first.child.kill('SIGKILL');
  await first.ended;
  await (await lockFolder(folder)).release();
});

test('DS-3 of processes that start together over a dead owner one gets the folder', async () => {
  const folder = await newFolder();
  const dead = runTypeScript(HOLDER, folder);
  await outcomeOf(dead);
  dead.child.kill('SIGKILL');
  await dead.ended;
  const starters = Array.from({ length: 4 }, () => runTypeScript(HOLDER, folder));
  const outcomes = await Promise.all(starters.map(outcomeOf));
  expect(outcomes.sort()).toEqual(['held', 'refused', 'refused', 'refused']);
  for (const { child, ended } of starters) {
    child.kill('SIGKILL');
    await ended;
  }
});

test('DS-3 starters that come and go in any order never hold the folder together', async () => {
  const folder = await newFolder();
  let held = 0;
  let times = 0;
  const starter = async (patience: number) => {
    for (let i = 0; i < 25; i++) {
      let lock: FolderLock | undefined;
      try {
        lock = await lockFolder(folder);
      } catch (error) {
        expect(error).toBeInstanceOf(DataFolderLocked);
        continue;
      }
      held += 1;
      times += 1;
      expect(held).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, patience));
      held -= 1;
      await lock.release();
    }
  };
  await Promise.all([0, 0, 1, 1, 2, 3].map(starter));
  expect(times).toBeGreaterThan(10);
  // Nothing piles up: the newest mark of an owner is all that stays.
  await (await lockFolder(folder)).release();
  expect(await readdir(join(folder, 'lock'))).toHaveLength(1);
});

test('DS-3 a starter that was held up while the folder changed hands twice does not hold it beside the owner', async () => {
  const folder = await newFolder();
  const link = fs.link;
  let goOn = (): void => undefined;
  const reached = new Promise<void>((reach) => {
    fs.link = async (from, to) => {
      fs.link = link;
      reach();
      await new Promise<void>((resolve) => (goOn = resolve));
      return link(from, to);
    };
  });
  const heldUp = lockFolder(folder);
  heldUp.catch(() => undefined);
  await reached;
  await (await lockFolder(folder)).release();
  const owner = await lockFolder(folder);
  goOn();
  await expect(heldUp).rejects.toThrow(DataFolderLocked);
  await expect(lockFolder(folder)).rejects.toThrow(DataFolderLocked);
  await owner.release();
  await (await lockFolder(folder)).release();
});

test('DS-3 a folder far down, deeper than a socket address is long', async () => {
  const folder = join(await newFolder(), 'a-folder-with-a-long-name-'.repeat(3), 'b'.repeat(100));
  const lock = await lockFolder(folder);
  await expect(lockFolder(folder)).rejects.toThrow(DataFolderLocked);
  await lock.release();
  await (await lockFolder(folder)).release();
});

test('DS-3 what is left in the folder by other means is no owner', async () => {
  const folder = await newFolder();
  await mkdir(join(folder, 'lock'));
  await writeFile(join(folder, 'lock', 'owner-7'), 'restored from a backup');
  await chmod(join(folder, 'lock', 'owner-7'), 0o600);
  await writeFile(join(folder, 'lock', 'starter-1-abc'), '');
  await (await lockFolder(folder)).release();
  expect(await readdir(join(folder, 'lock'))).toEqual(['owner-8']);
});
