/**
 * Reading a compressed segment: any part of it, as it was before it was compressed, with a few blocks held in memory.
 */

import type { FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { brotliDecompress, crc32 } from 'node:zlib';
import type { Seq } from '../units/quantity';
import { JournalCorrupt } from './journal';
import { type Block, blocksFrom, decodeIndex, decodePackHead, PACK_HEAD, type PackHead } from './pack';
import { type Source, sourceOf } from './window';

const unpack = promisify(brotliDecompress);

/** A part of a compressed segment that is not what was written. */
export class PackDamaged extends Error {
  override readonly name = 'PackDamaged';
  constructor(
    readonly place: string, // file and byte offset
    message: string,
  ) {
    super(message);
  }
}

/** What is thrown where a part of a segment could not be unpacked, for the entry that was expected in it. */
export const corruptAt = (seq: Seq, error: unknown): unknown =>
  error instanceof PackDamaged ? new JournalCorrupt(error.place, seq, error.message) : error;

/** Blocks that were unpacked last, of all segments of a journal. */
export type Blocks = (key: string, make: () => Promise<Buffer>) => Promise<Buffer>;

/** A page is read from one or two blocks, and the next page most often from the same ones. */
const KEPT = 4;

export function keepBlocks(): Blocks {
  const kept = new Map<string, Promise<Buffer>>();
  return (key, make) => {
    const bytes = kept.get(key) ?? make();
    kept.delete(key);
    kept.set(key, bytes);
    bytes.catch(() => kept.delete(key));
    for (const oldest of kept.keys()) {
      if (kept.size <= KEPT) break;
      kept.delete(oldest);
    }
    return bytes;
  };
}

export interface Pack {
  readonly head: PackHead;
  readonly index: readonly Block[];
  readonly source: Source; // of the segment
}

/** Throws PackDamaged. */
export async function readPack(file: FileHandle, path: string, blocks: Blocks): Promise<Pack> {
  const packed = sourceOf(file);
  const damaged = (offset: number, what: string) => new PackDamaged(`${path}, byte ${offset}`, what);
  const head = decodePackHead(await packed(0, PACK_HEAD));
  if (!head) throw damaged(0, 'the head of the compressed segment does not check');
  const index = decodeIndex(head, await packed(PACK_HEAD, blocksFrom(head.blocks) - PACK_HEAD));
  if (!index) throw damaged(PACK_HEAD, 'the index of the compressed segment does not check');
  const { blockBytes } = head;
  const starts = startsOf(index);

  async function unpacked(i: number): Promise<Buffer> {
    const [block, start] = [index?.[i] as Block, starts[i] as number];
    const bytes = await packed(start, block.length);
    if (crc32(bytes) !== block.crc) throw damaged(start, `the checksum of compressed block ${i + 1} differs`);
    // In one piece: each piece costs a turn of the thread that waits for it.
    return unpack(bytes, { chunkSize: blockBytes, maxOutputLength: blockBytes }).catch((error: Error) => {
      throw damaged(start, `compressed block ${i + 1} cannot be unpacked: ${error.message}`);
    });
  }

  async function source(offset: number, length: number): Promise<Buffer> {
    const bytes = Buffer.alloc(length);
    for (let i = Math.floor(offset / blockBytes); i < starts.length && i * blockBytes < offset + length; i++) {
      const block = await blocks(`${path} ${i}`, () => unpacked(i));
      const at = i * blockBytes - offset; // where the block begins in what is asked for
      block.copy(bytes, Math.max(0, at), Math.max(0, -at));
    }
    return bytes;
  }
  return { head, index, source };
}

function startsOf(index: readonly Block[]): number[] {
  let start = blocksFrom(index.length);
  return index.map(({ length }) => {
    start += length;
    return start - length;
  });
}
