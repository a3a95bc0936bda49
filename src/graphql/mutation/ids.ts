/**
 * Ids for those who choose none. They are made from who asks and under which idempotency key, so that the same request
 * sent again names the same thing and gets its first answer: a UUID of version 8 (RFC 9562), the one whose bits are the
 * maker's own to fill.
 */

import { createHash } from 'node:crypto';

export function generatedId(prefix: string, actor: string, idempotencyKey: string): string {
  const bytes = createHash('sha256')
    .update(JSON.stringify([prefix, actor, idempotencyKey]))
    .digest()
    .subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${prefix}_${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
