/** The segment that is written to, and the room for the one after it. */

import { type FileHandle, open } from 'node:fs/promises';
import { writeWhole } from './durable';
import { GENESIS_HASH } from './journal';
import type { Position } from './records';
import { UNIT } from './segment';
import {
  discardRoom,
  firstPosition,
  headOf,
  listSegments,
  prepareRoom,
  type Room,
  remember,
  type Segment,
  startSegment,
  sweepFolder,
} from './segmentFolder';
import { recoverTail } from './tail';
import { createWindow } from './window';

export interface SegmentWriter {
  /** All segments in order; the last is written to. */
  readonly segments: readonly Segment[];
  /** Where the next append goes, all before it being durable. */
  readonly position: Position;
  /** Makes the records of one append durable, in a new segment where they do not fit; `next` is what comes after them. */
  write(bytes: Uint8Array, next: Pick<Position, 'seq' | 'hash'>): Promise<void>;
  close(): Promise<void>;
}

/** Opens the segments of a folder for writing, with a torn append taken away, or begins the first. Throws JournalCorrupt. */
export async function openSegmentWriter(folder: string, segmentBytes: number): Promise<SegmentWriter> {
  await sweepFolder(folder);
  const segments = await listSegments(folder);
  const last = segments.at(-1);
  let { file, position } = last ? await reopen(last, 'r+') : await begin();
  let room: Promise<Room | undefined> | undefined;

  async function begin(): Promise<Opened> {
    const first = await prepareRoom(folder, segmentBytes);
    const head = { firstSeq: 1, before: 0, previous: GENESIS_HASH };
    segments.push(await startSegment(folder, first, head));
    return { file: first.file, position: firstPosition(head) };
  }

  async function roll(): Promise<void> {
    const next = (await room) ?? (await prepareRoom(folder, segmentBytes));
    room = undefined;
    const head = { firstSeq: position.seq, before: (segments.at(-1) as Segment).firstSeq, previous: position.hash };
    const segment = await startSegment(folder, next, head);
    const full = file;
    segments.push(segment);
    file = next.file;
    position = firstPosition(head);
    await full.close();
  }

  return {
    segments,
    get position() {
      return position;
    },
    async write(bytes, { seq, hash }) {
      if (position.offset + bytes.length > segmentBytes && position.offset > UNIT) await roll();
      remember(segments.at(-1) as Segment, position);
      await writeWhole(file, bytes, position.offset);
      await file.datasync();
      position = { offset: position.offset + bytes.length, seq, hash };
      // Room for the next segment is made in good time, so that no append has to wait for it.
      if (position.offset > segmentBytes / 2) room ??= prepareRoom(folder, segmentBytes).catch(() => undefined);
    },
    async close() {
      await file.close();
      const unused = await room;
      if (unused) await discardRoom(unused);
    },
  };
}

/** The same for whoever only reads: a torn append is passed over, and nothing is taken. */
export async function openSegmentReader(folder: string): Promise<SegmentWriter> {
  const segments = await listSegments(folder);
  const last = segments.at(-1);
  const opened = last && (await reopen(last, 'r'));
  return {
    segments,
    position: opened?.position ?? { offset: UNIT, seq: 1, hash: GENESIS_HASH },
    write: async () => {
      throw new Error('the folder is only read');
    },
    close: async () => opened?.file.close(),
  };
}

interface Opened {
  readonly file: FileHandle;
  readonly position: Position;
}

async function reopen(segment: Segment, mode: 'r' | 'r+'): Promise<Opened> {
  const file = await open(segment.path, mode);
  try {
    const window = createWindow(file);
    const first = firstPosition(headOf(segment, await window(0, UNIT)));
    const visit = (start: Position): void => remember(segment, start);
    const position = await recoverTail({ file, window, path: segment.path, from: first, mend: mode === 'r+', visit });
    return { file, position };
  } catch (error) {
    await file.close();
    throw error;
  }
}
