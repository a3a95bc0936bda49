/**
 * Identifiers. Those that users choose are short plain text; those that the core gives are UUIDv7 with a typed prefix
 * (RFC 9562), made from the time and place of the command that caused them, so that replay gives the same ones.
 */

import type { Instant, Seq } from './quantity';

const CHOSEN = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$/;

/** Whether a user may choose this text as the id of an account, an instrument, a member. */
export const isChosenId = (text: string): boolean => CHOSEN.test(text);

/**
 * The `ordinal`-th id given out by the command at `seq`: 48 bits of time, 12 of ordinal, 62 of sequence number.
 * Unique because (seq, ordinal) is; the prefix says what it names: `call_0199c2…`.
 */
export function idOf(prefix: string, at: Instant, seq: Seq, ordinal: number): string {
  const time = Math.max(0, at).toString(16).padStart(12, '0').slice(-12);
  const high = (ordinal & 0xfff).toString(16).padStart(3, '0');
  // Ordinals past 4095 spill into the upper bits of the sequence field, which no journal of this world reaches.
  const tail = BigInt(seq) | (BigInt(ordinal >>> 12) << 42n);
  const low = (tail & 0x3fffffffffffffffn) | 0x8000000000000000n;
  const text = low.toString(16).padStart(16, '0');
  return `${prefix}_${time.slice(0, 8)}-${time.slice(8)}-7${high}-${text.slice(0, 4)}-${text.slice(4)}`;
}
