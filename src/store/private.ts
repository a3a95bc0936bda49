/**
 * Files of the house are its operator's alone: the journal holds everybody's positions, and the database trusts its
 * files.
 */

import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export const FILE_MODE = 0o600;
export const FOLDER_MODE = 0o700;
const OTHERS = 0o077;

/** From now on nobody else may read or write what this process makes, unless the library that makes it insists. */
export const makePrivate = (): void => void process.umask(OTHERS);

/** Takes a folder from everybody else and, of its content, what the house has made; an earlier version left it open. */
export function tightenHouse(folder: string, names: readonly string[]): void {
  tightenOne(folder);
  for (const name of names) tighten(join(folder, name));
}

/** A file, or a folder with all that is in it. What belongs to another user, or cannot be written, stays as it is. */
export function tighten(path: string): void {
  if (!tightenOne(path)) return;
  for (const name of readdirSync(path)) tighten(join(path, name));
}

/** Says whether it is a folder that can be gone through. */
function tightenOne(path: string): boolean {
  try {
    const stat = lstatSync(path);
    if (stat.isSymbolicLink()) return false;
    if (stat.mode & OTHERS) chmodSync(path, stat.mode & FOLDER_MODE);
    return stat.isDirectory();
  } catch (error) {
    if (['ENOENT', 'EPERM', 'EACCES', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}
