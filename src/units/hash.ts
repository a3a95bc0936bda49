/** SHA-256, the one hash of the house: journal chain, state digest, body of an idempotent command, API keys. */

import { createHash } from 'node:crypto';

export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** The digest of many lines, each ended by a line feed, without holding them together in memory. */
export function sha256OfLines(lines: Iterable<string>): string {
  const hash = createHash('sha256');
  for (const line of lines) hash.update(`${line}\n`, 'utf8');
  return hash.digest('hex');
}
