/**
 * A closed segment, compressed, byte by byte. Numbers are little-endian. What it unpacks to is the segment as it was
 * written.
 *
 *   file      journal-<first entry, 12 digits>.pack: a head, an index, blocks
 *
 *   head       0  'NOVATEP1', and up to byte 64 what the head of the segment holds there
 *             64  bytes of the segment (u64)
 *             72  bytes that a block unpacks to, but for the last (u32)
 *             76  blocks (u32)
 *             80  CRC-32 of the index (u32)
 *             84  zeros
 *            124  CRC-32 of bytes 64 to 124 (u32)
 *
 *   index      for each block
 *              0  bytes of the block (u32)
 *              4  CRC-32 of the block (u32)
 *              8  where in the segment an append starts that starts in this block, 0 for none (u64)
 *             16  its first entry (u64)
 *             24  hash of the entry before (32 bytes)
 *
 *   blocks     one after the other, each compressed by itself with Brotli
 *
 * Blocks of a mebibyte are as small as half the file would be, so that a page deep in a segment unpacks one or two of
 * them. The starts of appends in the index are where reading can begin.
 */

import { crc32 } from 'node:zlib';
import type { Seq } from '../units/quantity';
import type { Position } from './records';
import {
  appendOf,
  decodeRecordHead,
  isSealed,
  readSegmentHead,
  type SegmentHead,
  sealed,
  spanOf,
  UNIT,
  writeSegmentHead,
} from './segment';

const PACK_MAGIC = 'NOVATEP1';
const ROW = 56;

export const PACK_HEAD = 2 * UNIT;

export const packName = (firstSeq: Seq): string => `journal-${String(firstSeq).padStart(12, '0')}.pack`;

export interface PackHead extends SegmentHead {
  readonly size: number; // of the segment
  readonly blockBytes: number;
  readonly blocks: number;
  readonly indexCrc: number;
}

export interface Block {
  readonly length: number;
  readonly crc: number;
  readonly mark: Position | undefined;
}

export const blocksIn = (size: number, blockBytes: number): number => Math.ceil(size / blockBytes);

/** Where the first block begins. */
export const blocksFrom = (blocks: number): number => PACK_HEAD + blocks * ROW;

export function encodePackHead(
  segment: SegmentHead,
  size: number,
  blockBytes: number,
  blocks: readonly Block[],
): Buffer {
  const index = Buffer.alloc(blocks.length * ROW);
  for (const [i, { length, crc, mark }] of blocks.entries()) {
    const at = i * ROW;
    index.writeUInt32LE(length, at);
    index.writeUInt32LE(crc, at + 4);
    index.writeBigUInt64LE(BigInt(mark?.offset ?? 0), at + 8);
    index.writeBigUInt64LE(BigInt(mark?.seq ?? 0), at + 16);
    if (mark) index.write(mark.hash, at + 24, 'hex');
  }
  const sizes = Buffer.alloc(UNIT);
  sizes.writeBigUInt64LE(BigInt(size), 0);
  sizes.writeUInt32LE(blockBytes, 8);
  sizes.writeUInt32LE(blocks.length, 12);
  sizes.writeUInt32LE(crc32(index), 16);
  return Buffer.concat([writeSegmentHead(PACK_MAGIC, segment), sealed(sizes), index]);
}

/** The part of the head that a segment has too, or nothing if these bytes are none. */
export const decodePackStart = (bytes: Buffer): SegmentHead | undefined => readSegmentHead(PACK_MAGIC, bytes);

export function decodePackHead(bytes: Buffer): PackHead | undefined {
  const segment = decodePackStart(bytes);
  const sizes = bytes.subarray(UNIT, PACK_HEAD);
  if (!segment || !isSealed(sizes)) return undefined;
  const [size, blockBytes, blocks] = [Number(sizes.readBigUInt64LE(0)), sizes.readUInt32LE(8), sizes.readUInt32LE(12)];
  return { ...segment, size, blockBytes, blocks, indexCrc: sizes.readUInt32LE(16) };
}

/** The rows of an index, or nothing if these bytes are not those that the head knows. */
export function decodeIndex({ blocks, indexCrc }: PackHead, index: Buffer): Block[] | undefined {
  if (crc32(index) !== indexCrc) return undefined;
  return Array.from({ length: blocks }, (_, i) => {
    const row = index.subarray(i * ROW, (i + 1) * ROW);
    const offset = Number(row.readBigUInt64LE(8));
    const mark = { offset, seq: Number(row.readBigUInt64LE(16)), hash: row.toString('hex', 24, 56) };
    return { length: row.readUInt32LE(0), crc: row.readUInt32LE(4), mark: offset === 0 ? undefined : mark };
  });
}

/**
 * Where an append starts in a part of a segment. A text holds no zero byte and the head of a record does, so that what
 * reads as a head is one; the one before it says what the hash before is.
 */
export function markIn(bytes: Buffer, offset: number): Position | undefined {
  let at = 0;
  let before = decodeRecordHead(bytes.subarray(at, at + UNIT));
  while (!before && at < bytes.length) {
    at += UNIT;
    before = decodeRecordHead(bytes.subarray(at, at + UNIT));
  }
  while (before) {
    at += spanOf(before);
    const head = decodeRecordHead(bytes.subarray(at, at + UNIT));
    if (head && appendOf(head) === head.seq && head.seq === before.seq + 1)
      return { offset: offset + at, seq: head.seq, hash: before.hash };
    before = head;
  }
  return undefined;
}
