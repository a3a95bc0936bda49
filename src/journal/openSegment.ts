/** A segment opened for reading, whichever form it is in. */

import { type FileHandle, open } from 'node:fs/promises';
import { type Blocks, corruptAt, readPack } from './packFile';
import type { Position } from './records';
import { UNIT } from './segment';
import { firstPosition, headOf, type Segment } from './segmentFolder';
import { type Source, sourceOf, type Window } from './window';

export interface OpenSegment {
  readonly file: FileHandle;
  readonly source: Source;
  readonly size: number;
  /** How a place in it is named, for whoever has to look at the file. */
  placeOf(offset: number): string;
}

/** Throws JournalCorrupt where a compressed segment has no index that checks. The file is the caller's to close. */
export async function openSegment(segment: Segment, blocks: Blocks, mode: 'r' | number = 'r'): Promise<OpenSegment> {
  const { file, path, packed } = await openFile(segment, mode);
  try {
    if (!packed)
      return {
        file,
        source: sourceOf(file),
        size: (await file.stat()).size,
        placeOf: (offset) => `${path}, byte ${offset}`,
      };
    const { head, index, source } = await readPack(file, path, blocks);
    const marks = index.flatMap(({ mark }) => mark ?? []);
    if (segment.marks.length < marks.length) segment.marks.splice(0, segment.marks.length, ...marks);
    return { file, source, size: head.size, placeOf: (offset) => `${path}, byte ${offset} when unpacked` };
  } catch (error) {
    await file.close();
    throw corruptAt(segment.firstSeq, error);
  }
}

/** A segment may be compressed, and its first form be gone, while it is being opened. */
async function openFile(
  segment: Segment,
  mode: string | number,
): Promise<{ file: FileHandle; path: string; packed: boolean }> {
  const { path, packed } = segment;
  try {
    return { file: await open(path, mode), path, packed };
  } catch (error) {
    if (segment.path === path) throw error;
    return openFile(segment, mode);
  }
}

/** Where the first record of a segment is expected, by the head in it. Throws JournalCorrupt. */
export async function firstIn(segment: Segment, window: Window, limit?: number): Promise<Position> {
  const bytes = await window(0, UNIT, limit).catch((error: unknown) => {
    throw corruptAt(segment.firstSeq, error);
  });
  return firstPosition(headOf(segment, bytes));
}
