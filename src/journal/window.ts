/** A moving view of a segment: sequential reading without holding the segment in memory. */

import type { FileHandle } from 'node:fs/promises';

/** Bytes from an offset on; past the end there are zeros. */
export type Source = (offset: number, length: number) => Promise<Buffer>;

/**
 * Bytes of the source from an offset on. They stand until the next call.
 * What lies past `limit` is not read ahead: it may be written at this moment.
 */
export type Window = (offset: number, length: number, limit?: number) => Promise<Buffer>;

// Reading ahead starts small, for whoever wants one record only, and grows with the reading.
const LEAST_AHEAD = 4 * 1024;
const MOST_AHEAD = 256 * 1024;

export function createWindow(source: Source): Window {
  let ahead = LEAST_AHEAD;
  let base = 0;
  let held: Buffer = Buffer.alloc(0);
  return async (offset, length, limit = Number.POSITIVE_INFINITY) => {
    if (offset < base || offset + length > base + held.length) {
      const wide = Math.max(length, Math.min(ahead, limit - offset));
      held = await source(offset, wide).catch((error: unknown) => {
        // What cannot be read may lie ahead of what was asked for.
        if (wide === length) throw error;
        return source(offset, length);
      });
      ahead = Math.min(2 * ahead, MOST_AHEAD);
      base = offset;
    }
    return held.subarray(offset - base, offset - base + length);
  };
}

export const sourceOf =
  (file: FileHandle): Source =>
  async (offset, length) => {
    const bytes = Buffer.alloc(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await file.read(bytes, filled, length - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes;
  };
