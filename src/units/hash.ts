/** SHA-256, the one hash of the house: journal chain, state digest, body of an idempotent command, API keys. */

import { createHash, hash } from 'node:crypto';

export const sha256 = (text: string): string => hash('sha256', text, 'hex');

/** Characters hashed at a time: a call for every line would cost more than the hashing. */
const PIECE = 16_384;

/** The digest of many lines, each ended by a line feed, without holding them together in memory. */
export function sha256OfLines(lines: Iterable<string>): string {
  const digest = createHash('sha256');
  let held = '';
  for (const line of lines) {
    held += `${line}\n`;
    if (held.length < PIECE) continue;
    digest.update(held, 'utf8');
    held = '';
  }
  return digest.update(held, 'utf8').digest('hex');
}
