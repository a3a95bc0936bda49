/**
 * Identifiers. Those that users choose are short plain text; those that the core gives are UUIDv7 with a typed prefix
 * (RFC 9562), made from the time and place of the command that caused them, so that replay gives the same ones.
 */

import type { Instant, Seq } from './quantity';

// Parts between slashes: none is empty, none leads up a path or hides behind a dot.
const CHOSEN = /^(?=.{1,64}$)[A-Za-z0-9][A-Za-z0-9._:-]*(?:\/[A-Za-z0-9][A-Za-z0-9._:-]*)*$/;

/** Whether a user may choose this text as the id of an account, an instrument, a member. */
export const isChosenId = (text: string): boolean => CHOSEN.test(text);

/**
 * The `ordinal`-th id given out by the command at `seq`: 48 bits of time, 42 of sequence number, 32 of ordinal, around
 * the version and variant of the RFC. Unique because (seq, ordinal) is, and ordered as they were given out, also within
 * one millisecond; the prefix says what it names: `call_0199c2…`.
 */
export function idOf(prefix: string, at: Instant, seq: Seq, ordinal: number): string {
  const time = hex(BigInt(Math.max(0, at)), 12);
  const high = hex(BigInt(seq) >> 30n, 3);
  const low = ((BigInt(seq) & 0x3fffffffn) << 32n) | BigInt(ordinal);
  const tail = hex(low | 0x8000000000000000n, 16);
  return `${prefix}_${time.slice(0, 8)}-${time.slice(8)}-7${high}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}

/** The last `digits` hexadecimal digits, with leading zeros. */
const hex = (value: bigint, digits: number): string => value.toString(16).padStart(digits, '0').slice(-digits);
