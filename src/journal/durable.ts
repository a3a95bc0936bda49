/** Files that survive a power cut: what is written is flushed, and so is the folder that names it. */

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
