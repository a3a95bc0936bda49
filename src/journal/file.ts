/**
 * The journal in a data folder: append-only segments with a checksum and a hash for every record, one write and one
 * fdatasync for every append. The layout is described in segment.ts, what a crash leaves in tail.ts.  Rules: DS-3, DS-4
 *
 * Opening reads the heads of all segments and every record of the last one. The records of earlier segments are checked
 * when they are read.
 */

import { type FileHandle, open } from 'node:fs/promises';
import type { Seq } from '../units/quantity';
import { createAppender } from './appender';
import { makeFolder, writeWhole } from './durable';
import { GENESIS_HASH, type Journal, JournalCorrupt, type JournalRecord } from './journal';
import { type FolderLock, lockFolder } from './lock';
import { type Position, recordAt } from './records';
import { encodeAppend, padded, UNIT } from './segment';
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
} from './segmentFolder';
import { recoverTail } from './tail';
import { createWindow } from './window';

export interface FileJournalOptions {
  readonly folder: string; // made if it is not there
  readonly segmentBytes?: number; // size a segment is made with; an append that needs more gets it
}

const SEGMENT_BYTES = 64 * 1024 * 1024;

/** Opens the journal of a folder for this process alone. Throws DataFolderLocked, JournalCorrupt. */
export async function openFileJournal({ folder, segmentBytes = SEGMENT_BYTES }: FileJournalOptions): Promise<Journal> {
  await makeFolder(folder);
  const lock = await lockFolder(folder);
  try {
    return await openLocked(folder, padded(segmentBytes), lock);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** The segment that is written to. */
interface Active {
  readonly segment: Segment;
  readonly file: FileHandle;
  end: number; // durable up to here
}

async function openLocked(folder: string, segmentBytes: number, lock: FolderLock): Promise<Journal> {
  const segments = await listSegments(folder);
  const last = segments.at(-1);
  const opened = last ? await reopen(last) : await begin();
  let active = opened.active;
  let lastSeq = opened.position.seq - 1;
  let lastHash = opened.position.hash;
  let next: Promise<Room | undefined> | undefined;

  async function begin(): Promise<{ active: Active; position: Position }> {
    const room = await prepareRoom(folder, segmentBytes);
    const head = { firstSeq: 1, before: 0, previous: GENESIS_HASH };
    const segment = await startSegment(folder, room, head);
    segments.push(segment);
    return { active: { segment, file: room.file, end: UNIT }, position: firstPosition(head) };
  }

  async function write(texts: readonly string[]): Promise<void> {
    const { bytes, hash } = encodeAppend(texts, lastSeq + 1, lastHash);
    if (active.end + bytes.length > segmentBytes && active.end > UNIT) await roll();
    remember(active.segment, { offset: active.end, seq: lastSeq + 1, hash: lastHash });
    await writeWhole(active.file, bytes, active.end);
    await active.file.datasync();
    active.end += bytes.length;
    lastSeq += texts.length;
    lastHash = hash;
    // Room for the next segment is made in good time, so that no append has to wait for it.
    if (active.end > segmentBytes / 2) next ??= prepareRoom(folder, segmentBytes).catch(() => undefined);
  }

  async function roll(): Promise<void> {
    const room = (await next) ?? (await prepareRoom(folder, segmentBytes));
    next = undefined;
    const head = { firstSeq: lastSeq + 1, before: active.segment.firstSeq, previous: lastHash };
    const segment = await startSegment(folder, room, head);
    const full = active.file;
    segments.push(segment);
    active = { segment, file: room.file, end: UNIT };
    await full.close();
  }

  /** Durable records from a number on. Follows the journal while it grows. */
  async function* read(from: Seq): AsyncIterable<JournalRecord> {
    let at: Position | undefined;
    for (let seq = Math.max(1, from); seq <= lastSeq; seq = at.seq) {
      const i = segments.findLastIndex(({ firstSeq }) => firstSeq <= seq);
      const segment = segments[i] as Segment;
      const reach = {
        lastSeq: () => (segments[i + 1] ? (segments[i + 1] as Segment).firstSeq - 1 : lastSeq),
        end: () => (segment === active.segment ? active.end : undefined),
      };
      at = yield* readSegment(segment, seq, at, reach);
    }
  }

  async function close(): Promise<void> {
    await appender.finish();
    // Whatever cannot be closed any more must not keep the folder locked.
    try {
      await active.file.close();
      const room = await next;
      if (room) await discardRoom(room);
    } finally {
      await lock.release();
    }
  }

  const appender = createAppender(folder, write);
  let closing: Promise<void> | undefined;
  return {
    get lastSeq() {
      return lastSeq;
    },
    get lastHash() {
      return lastHash;
    },
    append: appender.append,
    read,
    close() {
      closing ??= close();
      return closing;
    },
  };
}

async function reopen(segment: Segment): Promise<{ active: Active; position: Position }> {
  const file = await open(segment.path, 'r+');
  try {
    const window = createWindow(file);
    const first = firstPosition(headOf(segment, await window(0, UNIT)));
    const position = await recoverTail(file, window, segment.path, first, (start) => remember(segment, start));
    return { active: { segment, file, end: position.offset }, position };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** How far a segment may be read, asked again and again while it is written to. */
interface Reach {
  lastSeq(): Seq; // last durable entry in the segment
  end(): number | undefined; // where durable bytes end, of the segment that is written to
}

/** Yields the records of one segment from an entry on; returns where the next one is expected. */
async function* readSegment(
  segment: Segment,
  from: Seq,
  before: Position | undefined,
  reach: Reach,
): AsyncGenerator<JournalRecord, Position> {
  const file = await open(segment.path, 'r');
  try {
    const window = createWindow(file);
    let at = before && before.seq > segment.firstSeq ? before : segment.marks.findLast(({ seq }) => seq <= from);
    if (!at) {
      at = firstPosition(headOf(segment, await window(0, UNIT, reach.end())));
      if (before && before.hash !== at.hash) {
        throw new JournalCorrupt(`${segment.path}, byte 24`, segment.firstSeq, 'the segment does not continue the chain of the one before');
      }
    }
    while (at.seq <= reach.lastSeq()) {
      const found = await recordAt(window, at, reach.end());
      if ('flaw' in found) throw new JournalCorrupt(`${segment.path}, byte ${at.offset}`, at.seq, found.flaw.found);
      remember(segment, at);
      at = found.next;
      if (found.record.seq >= from) yield found.record;
    }
    return at;
  } finally {
    await file.close();
  }
}
