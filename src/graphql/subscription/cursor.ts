/**
 * Where a stream is: after which entry, how many events of the next one are done, and how many were sent in all. A
 * cursor carries that, with a mark of the stream it belongs to, so that a resumed stream goes on counting where it
 * stopped.
 */

import { sha256 } from '../../units/hash';
import type { Seq } from '../../units/quantity';
import { badInput } from '../error/problem';
import { openCursor, sealCursor } from '../scalar/place';

export interface Position {
  readonly after: Seq; // everything up to this entry is done
  readonly done: number; // and so many events of the next one
  readonly count: number; // events sent so far: the last streamSeq
}

/** Marks a stream by what it is and what it filters: a cursor of another stream counts other events. */
export const streamMark = (name: string, filter: unknown): string =>
  sha256(JSON.stringify([name, filter])).slice(0, 16);

export const sealPosition = (mark: string, { after, done, count }: Position): string =>
  sealCursor([mark, after, done, count]);

/** Errors: BAD_USER_INPUT. */
export function openPosition(mark: string, cursor: string): Position {
  const [of, after, done, count, ...more] = openCursor(cursor);
  const whole = [after, done, count].every((part) => typeof part === 'number' && part >= 0);
  if (of !== mark || !whole || more.length > 0) throw badInput('This cursor belongs to another stream.');
  return { after, done, count } as Position;
}
