/** The segments of a journal in their folder: finding them, and making new ones that appear whole or not at all. */

import { type FileHandle, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FILE_MODE } from '../store/private';
import type { Seq } from '../units/quantity';
import { syncFolder, throughFlags, writeWhole } from './durable';
import { JournalCorrupt } from './journal';
import { decodePackStart } from './pack';
import type { Position } from './records';
import { decodeSegmentHead, encodeSegmentHead, type SegmentHead, segmentName, UNIT } from './segment';

export interface Segment {
  readonly firstSeq: Seq;
  path: string;
  packed: boolean; // whether it is compressed; a closed segment may become so at any time
  /**
   * Starts of appends, in order and about a mebibyte apart, as far as the segment has been read: where reading can
   * begin.
   */
  readonly marks: Position[];
}

const ROOM = 'journal-next.tmp';

const BETWEEN_MARKS = 1024 * 1024;

export function remember(segment: Segment, start: Position): void {
  const last = segment.marks.at(-1)?.offset ?? UNIT;
  if (!start.append && start.offset >= last + BETWEEN_MARKS) segment.marks.push(start);
}

/** Where a segment is being compressed. */
export const packRoom = (folder: string): string => join(folder, 'journal-pack.tmp');

/** What a crash left unfinished is removed. */
export async function sweepFolder(folder: string): Promise<void> {
  await rm(join(folder, ROOM), { force: true });
  await rm(packRoom(folder), { force: true });
}

/**
 * All segments in order, each continuing the one before by its head. One that is there in both forms is taken as it was
 * written; `twice` tells whoever may remove the other.
 */
export async function listSegments(
  folder: string,
  twice: (segment: Segment, pack: string) => void = () => undefined,
): Promise<Segment[]> {
  const found = new Map<Seq, Segment>();
  for (const name of (await readdir(folder)).sort()) {
    const [, digits, form] = /^journal-(\d{12,})\.(log|pack)$/.exec(name) ?? [];
    if (digits === undefined) continue;
    const segment: Segment = { firstSeq: Number(digits), path: join(folder, name), packed: form === 'pack', marks: [] };
    const written = found.get(segment.firstSeq); // sorted: 'log' comes before 'pack'
    if (written) twice(written, segment.path);
    else found.set(segment.firstSeq, segment);
  }
  const segments = [...found.values()].sort((a, b) => a.firstSeq - b.firstSeq);
  let before = 0;
  for (const segment of segments) {
    const head = await readHead(segment);
    if (head.before !== before) {
      const missing =
        head.before < before
          ? 'does not continue the segment before'
          : `needs ${segmentName(head.before)}, which is missing`;
      throw new JournalCorrupt(
        `${segment.path}, byte 16`,
        Math.min(segment.firstSeq, head.before || segment.firstSeq),
        `it ${missing}`,
      );
    }
    before = segment.firstSeq;
  }
  return segments;
}

async function readHead(segment: Segment): Promise<SegmentHead> {
  const file = await open(segment.path, 'r');
  try {
    const bytes = (await file.read(Buffer.alloc(UNIT), 0, UNIT, 0)).buffer;
    return headOf(segment, bytes, segment.packed ? decodePackStart : decodeSegmentHead);
  } finally {
    await file.close();
  }
}

/** The head of a segment from its first bytes; throws if they are none, or another segment's. */
export function headOf(segment: Segment, bytes: Buffer, decode = decodeSegmentHead): SegmentHead {
  const head = decode(bytes);
  if (head?.firstSeq === segment.firstSeq) return head;
  const found = head
    ? `its head says that it starts with entry ${head.firstSeq}`
    : 'the head of the segment does not check';
  throw new JournalCorrupt(`${segment.path}, byte 0`, segment.firstSeq, found);
}

/** Where the first record of a segment is expected. */
export const firstPosition = (head: SegmentHead): Position => ({
  offset: UNIT,
  seq: head.firstSeq,
  hash: head.previous,
});

/**
 * Room for a segment, filled with zeros so that later writes change nothing but contents. It has no name yet that
 * counts.
 */
export interface Room {
  readonly file: FileHandle;
  readonly path: string;
}

export async function prepareRoom(folder: string, bytes: number): Promise<Room> {
  const path = join(folder, ROOM);
  const file = await open(path, 'w+', FILE_MODE);
  try {
    for (let offset = 0; offset < bytes; offset += ZEROS.length) {
      await writeWhole(file, ZEROS.subarray(0, Math.min(ZEROS.length, bytes - offset)), offset);
      await file.datasync(); // in steps, so that an append that comes meanwhile has little to wait for
    }
    await file.sync();
    return { file, path };
  } catch (error) {
    await discardRoom({ file, path }).catch(() => undefined); // why there is no room matters, not this
    throw error;
  }
}

/**
 * Gives a prepared room its head and its name, and opens it for appends. A room that does not get them is of no use to
 * anybody.
 */
export async function startSegment(
  folder: string,
  room: Room,
  head: SegmentHead,
): Promise<{ segment: Segment; file: FileHandle }> {
  const path = join(folder, segmentName(head.firstSeq));
  let file: FileHandle | undefined;
  try {
    await writeWhole(room.file, encodeSegmentHead(head), 0);
    await room.file.sync();
    file = await open(room.path, throughFlags());
    await rename(room.path, path);
    await syncFolder(folder);
  } catch (error) {
    await file?.close();
    throw error;
  } finally {
    await room.file.close();
  }
  return { segment: { firstSeq: head.firstSeq, path, packed: false, marks: [] }, file };
}

export async function discardRoom(room: Room): Promise<void> {
  await room.file.close();
  await rm(room.path, { force: true });
}

const ZEROS = Buffer.alloc(1024 * 1024);
