/**
 * A segment of the file journal, byte by byte. Numbers are little-endian, everything starts at a multiple of 64 bytes.
 *
 *   file      journal-<first entry, 12 digits>.log: a head, records, and zeros up to the size it was made with
 *
 *   head       0  'NOVATEJ1'
 *              8  first entry (u64)
 *             16  first entry of the segment before, 0 for none (u64)
 *             24  hash of the entry before the first (32 bytes)
 *             56  zeros
 *             60  CRC-32 of bytes 0 to 60 (u32)
 *
 *   record     0  'NREC'
 *              4  bytes of text (u32)
 *              8  entry (u64)
 *             16  place of the record in its append, from 0 (u32)
 *             20  records in its append (u32)
 *             24  CRC-32 of the text and the zeros that pad it (u32)
 *             28  hash of the entry before and this text, SHA-256 (32 bytes)
 *             60  CRC-32 of bytes 0 to 60 (u32)
 *             64  text in UTF-8, padded with zeros to a multiple of 64; it holds no zero byte itself
 *
 * A segment appears under its name when its head and its zeros are durable. An append lies in one segment whole: one
 * write through to the disk, into the zeros, begun when the append before is durable. What this says about damage is in
 * tail.ts. A segment that is written to no more may be compressed: pack.ts.
 */

import { crc32 } from 'node:zlib';
import type { Seq } from '../units/quantity';
import { chainHash } from './journal';

export const UNIT = 64;

/** The least that a disk writes whole or not at all. */
export const SECTOR = 512;

const SEGMENT_MAGIC = 'NOVATEJ1';
const RECORD_MAGIC = Buffer.from('NREC').readUInt32LE();

export interface SegmentHead {
  readonly firstSeq: Seq;
  readonly before: Seq; // first entry of the segment before, 0 for none
  readonly previous: string; // hash of the entry before the first
}

export interface RecordHead {
  readonly length: number; // bytes of text
  readonly seq: Seq;
  readonly place: number;
  readonly count: number;
  readonly textCrc: number;
  readonly hash: string;
}

export const segmentName = (firstSeq: Seq): string => `journal-${String(firstSeq).padStart(12, '0')}.log`;

export const padded = (bytes: number): number => Math.ceil(bytes / UNIT) * UNIT;

/** Bytes of a record from its head to the head of the next. */
export const spanOf = (head: RecordHead): number => UNIT + padded(head.length);

/** First entry of the append that a record belongs to. */
export const appendOf = (head: RecordHead): Seq => head.seq - head.place;

export const encodeSegmentHead = (head: SegmentHead): Buffer => writeSegmentHead(SEGMENT_MAGIC, head);

/** The head of a segment, or nothing if these bytes are none. */
export const decodeSegmentHead = (bytes: Buffer): SegmentHead | undefined => readSegmentHead(SEGMENT_MAGIC, bytes);

/** The same for a file of another kind, which begins with other letters. */
export function writeSegmentHead(magic: string, { firstSeq, before, previous }: SegmentHead): Buffer {
  const bytes = Buffer.alloc(UNIT);
  bytes.write(magic, 0, 'latin1');
  bytes.writeBigUInt64LE(BigInt(firstSeq), 8);
  bytes.writeBigUInt64LE(BigInt(before), 16);
  bytes.write(previous, 24, 'hex');
  return sealed(bytes);
}

export function readSegmentHead(magic: string, bytes: Buffer): SegmentHead | undefined {
  if (!isSealed(bytes) || bytes.toString('latin1', 0, 8) !== magic) return undefined;
  return {
    firstSeq: Number(bytes.readBigUInt64LE(8)),
    before: Number(bytes.readBigUInt64LE(16)),
    previous: bytes.toString('hex', 24, 56),
  };
}

/** The head of a record, or nothing if these bytes are none. */
export function decodeRecordHead(bytes: Buffer): RecordHead | undefined {
  if (bytes.length < UNIT || bytes.readUInt32LE(0) !== RECORD_MAGIC || !isSealed(bytes)) return undefined;
  return {
    length: bytes.readUInt32LE(4),
    seq: Number(bytes.readBigUInt64LE(8)),
    place: bytes.readUInt32LE(16),
    count: bytes.readUInt32LE(20),
    textCrc: bytes.readUInt32LE(24),
    hash: bytes.toString('hex', 28, 60),
  };
}

export interface EncodedAppend {
  readonly bytes: Buffer;
  readonly hash: string; // of the last record
}

/** The records of one append, as they are written. */
export function encodeAppend(texts: readonly string[], firstSeq: Seq, previous: string): EncodedAppend {
  const lengths = texts.map((text) => Buffer.byteLength(text));
  const bytes = Buffer.alloc(lengths.reduce((sum, length) => sum + UNIT + padded(length), 0));
  let hash = previous;
  let at = 0;
  for (const [place, text] of texts.entries()) {
    const length = lengths[place] as number;
    const end = at + UNIT + padded(length);
    hash = chainHash(hash, text);
    bytes.write(text, at + UNIT, 'utf8');
    bytes.writeUInt32LE(RECORD_MAGIC, at);
    bytes.writeUInt32LE(length, at + 4);
    bytes.writeBigUInt64LE(BigInt(firstSeq + place), at + 8);
    bytes.writeUInt32LE(place, at + 16);
    bytes.writeUInt32LE(texts.length, at + 20);
    bytes.writeUInt32LE(crc32(bytes.subarray(at + UNIT, end)), at + 24);
    bytes.write(hash, at + 28, 'hex');
    sealed(bytes.subarray(at, at + UNIT));
    at = end;
  }
  return { bytes, hash };
}

/** A unit with the CRC-32 of what is before it in its last four bytes. */
export function sealed(head: Buffer): Buffer {
  head.writeUInt32LE(crc32(head.subarray(0, UNIT - 4)), UNIT - 4);
  return head;
}

export const isSealed = (head: Buffer): boolean =>
  head.length >= UNIT && head.readUInt32LE(UNIT - 4) === crc32(head.subarray(0, UNIT - 4));
