/**
 * Compresses a closed segment. The new form is written under a name that does not count, flushed, and compared with the
 * segment byte by byte as it is unpacked; then it gets its name, the folder is flushed, and the first form is removed.
 * At any time one of the two is there and whole. A crash leaves a file that does not count, or both forms.
 */

import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, crc32 } from 'node:zlib';
import { FILE_MODE } from '../store/private';
import { syncFolder, writeWhole } from './durable';
import { JournalCorrupt } from './journal';
import { type Block, blocksFrom, blocksIn, encodePackHead, markIn, packName } from './pack';
import { keepBlocks, PackDamaged, readPack } from './packFile';
import { UNIT } from './segment';
import { headOf, packRoom, type Segment } from './segmentFolder';
import { type Source, sourceOf } from './window';

const BLOCK = 1024 * 1024;

// On journals of deposits and of a crash Brotli at 4 makes files a fifth smaller than gzip does in the same time; what
// more effort saves is less than a tenth, for twice the time.
const pack = promisify(brotliCompress);
const EFFORT = {
  chunkSize: BLOCK / 4,
  params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_LGWIN]: 20 },
};

/** Waits for the next piece of work to be allowed, or throws where there shall be none. */
export type Pace = () => Promise<void>;

/** Throws where the segment cannot be compressed; it is then as it was. */
export async function packSegment(segment: Segment, pace: Pace): Promise<void> {
  const folder = dirname(segment.path);
  const room = packRoom(folder);
  const path = join(folder, packName(segment.firstSeq));
  const written = segment.path;
  try {
    await withFiles(written, room, async (from, to) => {
      await writePack(segment, from, to, pace);
      const flaw = await difference(from, to, room, pace);
      if (flaw) throw new Error(`What was written of ${path} is not what was to be written: ${flaw}`);
    });
    await rename(room, path);
  } catch (error) {
    await rm(room, { force: true }).catch(() => undefined); // why it failed matters, not this
    throw error;
  }
  await syncFolder(folder);
  segment.path = path;
  segment.packed = true;
  await rm(written);
  await syncFolder(folder);
}

async function withFiles(
  segment: string,
  room: string,
  work: (from: FileHandle, to: FileHandle) => Promise<void>,
): Promise<void> {
  const from = await open(segment, 'r');
  try {
    const to = await open(room, 'w+', FILE_MODE);
    try {
      await work(from, to);
    } finally {
      await to.close();
    }
  } finally {
    await from.close();
  }
}

async function writePack(segment: Segment, from: FileHandle, to: FileHandle, pace: Pace): Promise<void> {
  const { size } = await from.stat();
  const source = sourceOf(from);
  const head = headOf(segment, await source(0, UNIT));
  const blocks: Block[] = [];
  let at = blocksFrom(blocksIn(size, BLOCK));
  for (let offset = 0; offset < size; offset += BLOCK) {
    await pace();
    const bytes = await source(offset, Math.min(BLOCK, size - offset));
    const packed = await pack(bytes, EFFORT);
    await writeWhole(to, packed, at);
    at += packed.length;
    blocks.push({ length: packed.length, crc: crc32(packed), mark: offset === 0 ? undefined : markIn(bytes, offset) });
  }
  await writeWhole(to, encodePackHead(head, size, BLOCK, blocks), 0);
  await to.sync();
}

/** What is wrong with a compressed form of a segment, which is read from its file; nothing if it is the segment. */
async function difference(from: FileHandle, to: FileHandle, path: string, pace: Pace): Promise<string | undefined> {
  const { head, source } = await readPack(to, path, keepBlocks());
  const { size } = await from.stat();
  if (head.size !== size) return `it has ${head.size} bytes instead of ${size}`;
  const original: Source = sourceOf(from);
  for (let offset = 0; offset < size; offset += BLOCK) {
    await pace();
    const length = Math.min(BLOCK, size - offset);
    if (!(await original(offset, length)).equals(await source(offset, length)))
      return `it differs after byte ${offset}`;
  }
  return undefined;
}

/**
 * A segment that is there in both forms is left in one. The compressed one was whole when it got its name: if it is no
 * more, it is made anew. If it is whole and differs, nobody but the operator can say which one is right. Throws
 * JournalCorrupt.
 */
export async function keepOne(segment: Segment, path: string): Promise<void> {
  const flaw = await flawOf(segment, path);
  if (typeof flaw === 'string') {
    const found =
      `${path} holds the same entries, and ${flaw}: keep the one of the two that is right, and move ` +
      `the other away`;
    throw new JournalCorrupt(segment.path, segment.firstSeq, found);
  }
  const spare = flaw ? path : segment.path;
  if (!flaw) Object.assign(segment, { path, packed: true });
  await rm(spare);
  await syncFolder(dirname(path));
}

async function flawOf(segment: Segment, path: string): Promise<string | PackDamaged | undefined> {
  const [from, to] = [await open(segment.path, 'r'), await open(path, 'r')];
  try {
    return await difference(from, to, path, async () => undefined);
  } catch (error) {
    if (error instanceof PackDamaged) return error;
    throw error;
  } finally {
    await from.close();
    await to.close();
  }
}
