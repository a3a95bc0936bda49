/** A moving view of a file: sequential reading without holding the file in memory. */

import type { FileHandle } from 'node:fs/promises';

/**
 * Bytes of the file from an offset on; past the end of the file there are zeros. They stand until the next call.
 * What lies past `limit` is not read ahead: it may be written at this moment.
 */
export type Window = (offset: number, length: number, limit?: number) => Promise<Buffer>;

// Reading ahead starts small, for whoever wants one record only, and grows with the reading.
const LEAST_AHEAD = 4 * 1024;
const MOST_AHEAD = 256 * 1024;

export function createWindow(file: FileHandle): Window {
  let ahead = LEAST_AHEAD;
  let base = 0;
  let held: Buffer = Buffer.alloc(0);
  return async (offset, length, limit = Number.POSITIVE_INFINITY) => {
    if (offset < base || offset + length > base + held.length) {
      held = await readFully(file, offset, Math.max(length, Math.min(ahead, limit - offset)));
      ahead = Math.min(2 * ahead, MOST_AHEAD);
      base = offset;
    }
    return held.subarray(offset - base, offset - base + length);
  };
}

async function readFully(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes;
}
