/**
 * The journal in a data folder: append-only segments with a checksum and a hash for every record, one write through
 * to the disk for every append. The layout is described in segment.ts, what a crash leaves in tail.ts.  Rules: DS-3,
 * DS-4
 *
 * Opening reads the heads of all segments and every record of the last one. The records of earlier segments are checked
 * when they are read. What a crash has torn at the end is passed over, and taken away by the next append.
 */

import type { Seq } from '../units/quantity';
import { createAppender } from './appender';
import { makeFolder } from './durable';
import { type Journal, JournalCorrupt, type JournalRecord } from './journal';
import { lockFolder } from './lock';
import { firstIn, openSegment } from './openSegment';
import { type Blocks, corruptAt, keepBlocks } from './packFile';
import { type Position, recordAt } from './records';
import { encodeAppend, padded } from './segment';
import { remember, type Segment } from './segmentFolder';
import { openSegmentReader, openSegmentWriter, type SegmentWriter } from './segmentWriter';
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
    const blocks = keepBlocks();
    return journalOf(folder, await openSegmentWriter(folder, padded(segmentBytes), blocks), blocks, lock.release);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/**
 * The journal of a folder as it is, for whoever only reads: nothing is written, nothing is locked, and an append that a
 * crash has torn is left where it is. Nobody else must be writing. Throws JournalCorrupt.
 */
export async function readFileJournal(folder: string): Promise<Journal> {
  const blocks = keepBlocks();
  return journalOf(folder, await openSegmentReader(folder, blocks), blocks, async () => undefined);
}

function journalOf(folder: string, writer: SegmentWriter, blocks: Blocks, release: () => Promise<void>): Journal {
  async function write(texts: readonly string[]): Promise<void> {
    const { seq, hash } = writer.position;
    const append = encodeAppend(texts, seq, hash);
    await writer.write(append.bytes, { seq: seq + texts.length, hash: append.hash });
  }
  const appender = createAppender({ place: folder, write, passes: isFull });

  async function close(): Promise<void> {
    await appender.finish();
    // Whatever cannot be closed any more must not keep the folder locked.
    try {
      await writer.close();
    } finally {
      await release();
    }
  }

  let closing: Promise<void> | undefined;
  return {
    get lastSeq() {
      return writer.position.seq - 1;
    },
    get lastHash() {
      return writer.position.hash;
    },
    append: appender.append,
    watch: appender.watch,
    compress: writer.compress,
    read: (from) => readSegments(writer, blocks, from),
    close() {
      closing ??= close();
      return closing;
    },
  };
}

/**
 * A disk or a quota that is full: there may be room later. The same bytes are then written again to the same place and
 * flushed again, whatever of them is there already. After any other failure nobody can know what the disk holds.
 */
const isFull = (error: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');

/** Durable records from a number on, segment after segment. Follows the journal while it grows. */
async function* readSegments(writer: SegmentWriter, blocks: Blocks, from: Seq): AsyncIterable<JournalRecord> {
  const { segments } = writer;
  let at: Position | undefined;
  for (let seq = Math.max(1, from); seq < writer.position.seq; seq = at.seq) {
    const i = segments.findLastIndex(({ firstSeq }) => firstSeq <= seq);
    const reach = {
      lastSeq: () => (segments[i + 1]?.firstSeq ?? writer.position.seq) - 1,
      end: () => (segments[i + 1] ? undefined : writer.position.offset),
    };
    at = yield* readSegment({ segment: segments[i] as Segment, blocks, from: seq, before: at, reach });
  }
}

/** How far a segment may be read, asked again and again while it is written to. */
interface Reach {
  lastSeq(): Seq; // last durable entry in the segment
  end(): number | undefined; // where durable bytes end, of the segment that is written to
}

interface Reading {
  readonly segment: Segment;
  readonly blocks: Blocks;
  readonly from: Seq;
  readonly before: Position | undefined; // where reading has come to
  readonly reach: Reach;
}

/** Yields the records of one segment from an entry on; returns where the next one is expected. */
async function* readSegment({
  segment,
  blocks,
  from,
  before,
  reach,
}: Reading): AsyncGenerator<JournalRecord, Position> {
  const { file, source, placeOf } = await openSegment(segment, blocks);
  let at = before && before.seq > segment.firstSeq ? before : segment.marks.findLast(({ seq }) => seq <= from);
  try {
    const window = createWindow(source);
    if (!at) {
      at = await firstIn(segment, window, reach.end());
      if (before && before.hash !== at.hash) {
        throw new JournalCorrupt(
          placeOf(24),
          segment.firstSeq,
          'the segment does not continue the chain of the one before',
        );
      }
    }
    while (at.seq <= reach.lastSeq()) {
      const found = await recordAt(window, at, reach.end());
      if ('flaw' in found) throw new JournalCorrupt(placeOf(at.offset), at.seq, found.flaw.found);
      remember(segment, at);
      at = found.next;
      if (found.record.seq >= from) yield found.record;
    }
    return at;
  } catch (error) {
    throw corruptAt(at?.seq ?? segment.firstSeq, error);
  } finally {
    await file.close();
  }
}
