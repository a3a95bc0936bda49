/** A snapshot as bytes that tell whether they are whole: 32 bytes of SHA-256 over everything after them. */

import { createHash } from 'node:crypto';
import type { SavedSnapshot } from './journal';

const HASH = 32;
const SEQ = 8;
const DIGEST = 4; // bytes of the length of the digest

export function sealSnapshot({ seq, digest, bytes }: SavedSnapshot): Buffer {
  const name = Buffer.from(digest, 'utf8');
  const head = Buffer.alloc(SEQ + DIGEST);
  head.writeBigUInt64LE(BigInt(seq));
  head.writeUInt32LE(name.length, SEQ);
  const body = [head, name, bytes];
  const hash = createHash('sha256');
  for (const part of body) hash.update(part);
  return Buffer.concat([hash.digest(), ...body]);
}

/** The snapshot of these bytes, or nothing if they are not what was sealed. */
export function openSnapshot(sealed: Buffer): SavedSnapshot | undefined {
  const body = sealed.subarray(HASH);
  if (body.length < SEQ + DIGEST) return undefined;
  if (!createHash('sha256').update(body).digest().equals(sealed.subarray(0, HASH))) return undefined;
  const start = SEQ + DIGEST + body.readUInt32LE(SEQ);
  return {
    seq: Number(body.readBigUInt64LE()),
    digest: body.toString('utf8', SEQ + DIGEST, start),
    bytes: body.subarray(start),
  };
}
