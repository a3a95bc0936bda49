/** Snapshots in a folder: the contract, damage, and crashes in the middle of saving. */

import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createFileSnapshots } from '../../src/journal/fileSnapshots';
import { snapshotsContract } from './contract';
import { temporaryFolders } from './folders';
import { interceptCalls } from './systemCalls';

const newFolder = temporaryFolders();

snapshotsContract(async () => createFileSnapshots(await newFolder()));

const of = (seq: number) => ({ seq, digest: `d${seq}`, bytes: Buffer.from(`state at ${seq}`) });
const nameOf = (seq: number) => `snapshot-${String(seq).padStart(12, '0')}.bin`;

test('X-3 a snapshot with any one byte changed, or cut off anywhere, is passed over for the one before', async () => {
  const folder = await newFolder();
  const snapshots = createFileSnapshots(folder);
  await snapshots.save(of(3));
  await snapshots.save(of(9));
  const path = join(folder, nameOf(9));
  const good = await readFile(path);
  for (let offset = 0; offset < good.length; offset++) {
    const bytes = Buffer.from(good);
    bytes[offset] = (bytes[offset] as number) ^ (1 << (offset % 8));
    await writeFile(path, bytes);
    expect(await snapshots.latest(100)).toEqual(of(3));
  }
  for (let length = good.length - 1; length >= 0; length--) {
    await truncate(path, length);
    expect(await snapshots.latest(100)).toEqual(of(3));
  }
  await writeFile(path, good);
  expect(await snapshots.latest(100)).toEqual(of(9));
});

test('X-3 a snapshot under the name of another entry is none', async () => {
  const folder = await newFolder();
  const snapshots = createFileSnapshots(folder);
  await snapshots.save(of(3));
  await writeFile(join(folder, nameOf(5)), await readFile(join(folder, nameOf(3))));
  expect(await snapshots.latest(5)).toEqual(of(3));
});

test('DS-3 saving that stops between any two calls leaves the snapshots that were there, or the new one', async () => {
  for (let crashAt = 1; ; crashAt++) {
    const folder = await newFolder();
    const snapshots = createFileSnapshots(folder);
    for (const seq of [1, 2]) await snapshots.save(of(seq));
    const system = await interceptCalls(({ n }) =>
      n >= crashAt ? { error: new Error('power'), share: 0.5 } : undefined,
    );
    const saved = await snapshots.save(of(3)).then(
      () => true,
      () => false,
    );
    system.restore();
    const again = createFileSnapshots(folder);
    const found = await again.latest(100);
    expect(found).toEqual(saved || found?.seq === 3 ? of(3) : of(2));
    await again.save(of(4));
    expect(await again.latest(100)).toEqual(of(4));
    expect((await readdir(folder)).length).toBe(2);
    if (saved) break;
  }
});

test('DS-3 a snapshot has its name when it is durable', async () => {
  const snapshots = createFileSnapshots(await newFolder());
  const calls: string[] = [];
  const system = await interceptCalls(({ name }) => {
    calls.push(name);
    return undefined;
  });
  await snapshots.save(of(1)).finally(system.restore);
  expect(calls).toEqual(['write', 'sync', 'rename', 'sync']);
});
