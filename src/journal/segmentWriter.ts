/** The segment that is written to, and the room for the one after it. */

import type { FileHandle } from 'node:fs/promises';
import { setImmediate as breathe } from 'node:timers/promises';
import { throughFlags, writeThrough } from './durable';
import { GENESIS_HASH } from './journal';
import { firstIn, openSegment } from './openSegment';
import { type OnUnpacked, type Packer, startPacker } from './packer';
import type { Blocks } from './packFile';
import { keepOne } from './packSegment';
import type { Position } from './records';
import { UNIT } from './segment';
import {
  discardRoom,
  firstPosition,
  listSegments,
  prepareRoom,
  type Room,
  remember,
  type Segment,
  startSegment,
  sweepFolder,
} from './segmentFolder';
import { type End, findEnd, takeAway } from './tail';
import { createWindow } from './window';

export interface SegmentWriter {
  /** All segments in order; the last is written to. */
  readonly segments: readonly Segment[];
  /** Where the next append goes, all before it being durable. */
  readonly position: Position;
  /**
   * Makes the records of one append durable, in a new segment where they do not fit; `next` is what comes after them.
   */
  write(bytes: Uint8Array, next: Pick<Position, 'seq' | 'hash'>): Promise<void>;
  /** From now on segments that are written to no more are compressed, one after the other. */
  compress(onProblem: OnUnpacked): void;
  close(): Promise<void>;
}

/**
 * Opens the segments of a folder for writing, behind a torn append if there is one, or begins the first. Throws
 * JournalCorrupt.
 */
export async function openSegmentWriter(folder: string, segmentBytes: number, blocks: Blocks): Promise<SegmentWriter> {
  await sweepFolder(folder);
  const segments = await listOnce(folder);
  const last = segments.at(-1);
  let { file, position, torn } = last ? await reopen(last, blocks, throughFlags()) : await begin();
  let full = last?.packed ?? false; // a compressed segment takes nothing more
  let room: Promise<Room | undefined> | undefined;
  let packer: Packer | undefined;

  async function begin(): Promise<Opened> {
    const first = await prepareRoom(folder, segmentBytes);
    const head = { firstSeq: 1, before: 0, previous: GENESIS_HASH };
    const { segment, file } = await startSegment(folder, first, head);
    segments.push(segment);
    return { file, position: firstPosition(head) };
  }

  async function roll(): Promise<void> {
    const next = (await room) ?? (await prepareRoom(folder, segmentBytes));
    room = undefined;
    const head = { firstSeq: position.seq, before: (segments.at(-1) as Segment).firstSeq, previous: position.hash };
    const started = await startSegment(folder, next, head);
    const before = file;
    segments.push(started.segment);
    file = started.file;
    position = firstPosition(head);
    full = false;
    await before.close();
    packer?.wake();
  }

  return {
    segments,
    get position() {
      return position;
    },
    async write(bytes, { seq, hash }) {
      if (torn) await takeAway(file, torn);
      torn = undefined;
      if (full || (position.offset + bytes.length > segmentBytes && position.offset > UNIT)) await roll();
      remember(segments.at(-1) as Segment, position);
      writeThrough(file, bytes, position.offset);
      // Who appends again and again leaves the thread to others in between.
      await breathe();
      position = { offset: position.offset + bytes.length, seq, hash };
      // Room for the next segment is made in good time, so that no append has to wait for it.
      if (position.offset > segmentBytes / 2) room ??= prepareRoom(folder, segmentBytes).catch(() => undefined);
    },
    compress(onProblem) {
      packer ??= startPacker(segments, onProblem);
    },
    async close() {
      await packer?.close();
      await file.close();
      const unused = await room;
      if (unused) await discardRoom(unused);
    },
  };
}

/** The same for whoever only reads: nothing is taken. */
export async function openSegmentReader(folder: string, blocks: Blocks): Promise<SegmentWriter> {
  const segments = await listSegments(folder);
  const last = segments.at(-1);
  const opened = last && (await reopen(last, blocks, 'r'));
  const refuse = (): never => {
    throw new Error('the folder is only read');
  };
  return {
    segments,
    position: opened?.position ?? { offset: UNIT, seq: 1, hash: GENESIS_HASH },
    write: async () => refuse(),
    compress: refuse,
    close: async () => opened?.file.close(),
  };
}

/** The segments, each in one form: a crash after one was compressed left both. */
async function listOnce(folder: string): Promise<Segment[]> {
  const twice: [Segment, string][] = [];
  const segments = await listSegments(folder, (segment, pack) => twice.push([segment, pack]));
  for (const [segment, pack] of twice) await keepOne(segment, pack);
  return segments;
}

interface Opened extends End {
  readonly file: FileHandle;
}

async function reopen(segment: Segment, blocks: Blocks, mode: 'r' | number): Promise<Opened> {
  const opened = await openSegment(segment, blocks, segment.packed ? 'r' : mode);
  try {
    const window = createWindow(opened.source);
    const from = await firstIn(segment, window);
    const end = await findEnd({ segment: opened, window, from, visit: (start) => remember(segment, start) });
    return { file: opened.file, ...end };
  } catch (error) {
    await opened.file.close();
    throw error;
  }
}
