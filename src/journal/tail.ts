/**
 * The end of the journal, as a crash may have left it.  Rule: DS-3
 *
 * An append is begun only when the one before is durable, so a crash can have torn the last append and nothing else. Of
 * its one write any sectors may be on the disk and any may still be the zeros they were; a write that was cut short is
 * its beginning and zeros. So where the records stop,
 *
 *   - nothing but zeros follows: the journal ends there;
 *   - a record of a later append follows: the place was durable once, and is damaged;
 *   - what stands there lacks a sector, or its end with nothing behind it: it is torn. The whole append it belongs to
 * goes,
 *     records before and after included: nobody was told that it was durable;
 *   - what stands there is all there, and wrong: it is damaged. A crash does not do that.
 *
 * What cannot be told apart here: a last append that was durable and lost a whole sector since, and a torn one. Others
 * may know (witness.ts), and its bytes may still be mended by hand. So opening leaves what is torn where it is: it goes
 * when the next append takes its place.
 */

import type { FileHandle } from 'node:fs/promises';
import type { Seq } from '../units/quantity';
import { writeWhole } from './durable';
import { JournalCorrupt } from './journal';
import type { OpenSegment } from './openSegment';
import { corruptAt } from './packFile';
import { type Flaw, type Position, recordAt } from './records';
import { appendOf, decodeRecordHead, type RecordHead, SECTOR, UNIT } from './segment';
import type { Window } from './window';

export interface Tail {
  readonly segment: OpenSegment;
  readonly window: Window;
  readonly from: Position;
  readonly visit: (start: Position) => void; // of every append
}

/** Bytes of an append that a crash has torn. */
export interface Torn {
  readonly from: number;
  readonly to: number;
}

export interface End {
  readonly position: Position; // of the next append
  readonly torn?: Torn; // what stands there now
}

/** Reads a segment from a position to its end. Throws JournalCorrupt where records are damaged. */
export async function findEnd({ segment, window, from, visit }: Tail): Promise<End> {
  let start = from; // of the append that is being read
  let at = from;
  try {
    for (;;) {
      const found = await recordAt(window, at);
      if ('flaw' in found) {
        const damaged = (what: string) => new JournalCorrupt(segment.placeOf(at.offset), at.seq, what);
        const { end, stranger } = await survey(window, at.offset, segment.size, start.seq);
        if (!(await isTorn(window, at.offset, end, found.flaw))) throw damaged(found.flaw.found);
        if (stranger) throw damaged(`${found.flaw.found}, but entry ${stranger.seq} of another append follows`);
        return end > start.offset ? { position: start, torn: { from: start.offset, to: end } } : { position: start };
      }
      at = found.next;
      if (at.append) continue;
      start = at;
      visit(start);
    }
  } catch (error) {
    throw corruptAt(at.seq, error);
  }
}

/** Whether what stands at an offset is what a crash leaves, where nothing but zeros lies past `end`. */
async function isTorn(window: Window, offset: number, end: number, { kind, head }: Flaw): Promise<boolean> {
  if (kind === 'HEAD') return end <= offset + UNIT || isZero(await window(offset, UNIT));
  if (kind === 'TEXT' && head) return end < offset + UNIT + head.length || lacksSector(window, offset + UNIT, head);
  return false;
}

/** A sector that holds a part of the text and is zeros from the start of the text, or of the sector, to its end. */
async function lacksSector(window: Window, text: number, head: RecordHead): Promise<boolean> {
  for (let sector = text - (text % SECTOR); sector < text + head.length; sector += SECTOR) {
    const from = Math.max(sector, text);
    if (isZero(await window(from, sector + SECTOR - from))) return true;
  }
  return false;
}

interface Survey {
  readonly end: number; // past the last byte that is not zero
  readonly stranger?: RecordHead; // the first record that belongs to another append
}

async function survey(window: Window, from: number, size: number, append: Seq): Promise<Survey> {
  let end = from;
  let stranger: RecordHead | undefined;
  for (let offset = from; offset < size; offset += ZEROS.length) {
    const bytes = await window(offset, Math.min(ZEROS.length, size - offset));
    if (!isZero(bytes)) {
      end = offset + lastNonZero(bytes) + 1;
      for (let slot = 0; slot + UNIT <= bytes.length && !stranger; slot += UNIT) {
        const head = decodeRecordHead(bytes.subarray(slot, slot + UNIT));
        if (head && appendOf(head) !== append) stranger = head;
      }
    }
  }
  return stranger ? { end, stranger } : { end };
}

/** Puts zeros back, and makes that durable before anything is written over them. Done twice it does no harm. */
export async function takeAway(file: FileHandle, { from, to }: Torn): Promise<void> {
  for (let offset = from; offset < to; offset += ZEROS.length) {
    await writeWhole(file, ZEROS.subarray(0, Math.min(ZEROS.length, to - offset)), offset);
  }
  await file.datasync();
}

const ZEROS = Buffer.alloc(64 * 1024);

const isZero = (bytes: Buffer): boolean => bytes.equals(ZEROS.subarray(0, bytes.length));

function lastNonZero(bytes: Buffer): number {
  let last = bytes.length - 1;
  while (last >= 0 && bytes[last] === 0) last -= 1;
  return last;
}
