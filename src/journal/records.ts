/** Records of a segment, read one by one and checked: checksum, number, place in the append, hash chain. */

import { crc32 } from 'node:zlib';
import type { Seq } from '../units/quantity';
import { chainHash, type JournalRecord } from './journal';
import { appendOf, decodeRecordHead, type RecordHead, spanOf, UNIT } from './segment';
import type { Window } from './window';

/** Where the next record is expected. */
export interface Position {
  readonly offset: number;
  readonly seq: Seq; // the entry that is expected there
  readonly hash: string; // of the entry before
  // the append it must belong to; without one, a new one starts
  readonly append?: { readonly first: Seq; readonly count: number };
}

/** What stands where a record is expected and is none. */
export interface Flaw {
  // no head that checks; a text that does not; a whole record that does not belong here
  readonly kind: 'HEAD' | 'TEXT' | 'ORDER';
  readonly found: string;
  readonly head?: RecordHead;
}

export type Found = { readonly record: JournalRecord; readonly next: Position } | { readonly flaw: Flaw };

export async function recordAt(window: Window, at: Position, limit?: number): Promise<Found> {
  const head = decodeRecordHead(await window(at.offset, UNIT, limit));
  if (!head) return { flaw: { kind: 'HEAD', found: 'no record starts here' } };
  const stray = strayOf(head, at);
  if (stray) return { flaw: { kind: 'ORDER', found: stray, head } };

  const bytes = await window(at.offset + UNIT, spanOf(head) - UNIT, limit);
  if (crc32(bytes) !== head.textCrc) return { flaw: { kind: 'TEXT', found: 'the checksum of its text differs', head } };
  const text = bytes.toString('utf8', 0, head.length);
  if (chainHash(at.hash, text) !== head.hash)
    return { flaw: { kind: 'ORDER', found: 'its hash does not continue the chain', head } };
  return { record: { seq: head.seq, text, hash: head.hash }, next: after(at, head) };
}

function strayOf(head: RecordHead, at: Position): string | undefined {
  if (head.seq !== at.seq) return `entry ${head.seq} stands here`;
  const first = at.append?.first ?? at.seq;
  const count = at.append?.count ?? head.count;
  if (appendOf(head) !== first || head.count !== count || head.place >= count)
    return 'it does not belong to the append it stands in';
  return undefined;
}

function after(at: Position, head: RecordHead): Position {
  const next = { offset: at.offset + spanOf(head), seq: head.seq + 1, hash: head.hash };
  return head.place + 1 < head.count ? { ...next, append: { first: appendOf(head), count: head.count } } : next;
}
