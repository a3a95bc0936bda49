/** Files that survive a power cut: what is written is flushed, and so is the folder that names it. */

import { constants, fdatasyncSync, writeSync } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { FILE_MODE, FOLDER_MODE } from '../store/private';

/** Writes all bytes at an offset. A system call may take fewer than it was given. */
export async function writeWhole(file: FileHandle, bytes: Uint8Array, offset: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, offset + written);
    written += bytesWritten;
  }
}

/**
 * What a file is opened with to be written by `writeThrough`, which is then one call to the system where there is such
 * a flag.
 */
export const throughFlags = (): number => constants.O_RDWR | (writesThrough() ? constants.O_DSYNC : 0);

/** Elsewhere the flag is missing, or promises less than a flush does. */
const writesThrough = (): boolean => process.platform === 'linux';

/**
 * Writes all bytes at an offset of a file opened with `throughFlags`, and has them on the disk when it returns. The
 * thread stands still meanwhile: to hand a write to another thread and be woken by it takes longer than the disk does,
 * and many times as long where more threads want to run than there are cores.
 */
export function writeThrough({ fd }: FileHandle, bytes: Uint8Array, offset: number): void {
  for (let written = 0; written < bytes.length; )
    written += writeSync(fd, bytes, written, bytes.length - written, offset + written);
  if (!writesThrough()) fdatasyncSync(fd);
}

/** Makes the names in a folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a folder, and the folders it lies in, where they are missing. */
export async function makeFolder(folder: string): Promise<void> {
  const made = await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  if (made === undefined) return;
  for (let above = dirname(resolve(folder)); ; above = dirname(above)) {
    await syncFolder(above);
    if (above === dirname(resolve(made))) return;
  }
}

/** A file under its name: whole, or as it was before. */
export async function replaceFile(path: string, temporary: string, bytes: Uint8Array): Promise<void> {
  const file = await open(temporary, 'w', FILE_MODE);
  try {
    await writeWhole(file, bytes, 0);
    await file.sync();
  } catch (error) {
    // Half a file on a full disk would only make it fuller.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  await syncFolder(dirname(path));
}
