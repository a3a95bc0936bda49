/**
 * A seal over the files of a folder: what each was when the folder was closed. The database checks the pages that it
 * reads and no other, and takes a file that was cut short for one that ends there: rows would be missing and nobody
 * told.
 */

import { open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { crc32 } from 'node:zlib';

const SEAL = 'novate.closed';

/** Files of the program itself, beside those of the database. */
const OWN = /^novate\.\w+$/;

/** Path within the folder, bytes, checksum. */
type Line = readonly [path: string, size: number, sum: number];

/** Notes what the files are. They must not change any more. */
export async function sealFolder(folder: string): Promise<void> {
  await writeFile(join(folder, SEAL), JSON.stringify(await linesOf(folder)));
}

/** Files without a seal. */
export const NO_SEAL = 'it is not known to have been closed';

/** Takes the seal away. Says what is wrong: a file that is not what it was, or no seal on files that are there. */
export async function breakSeal(folder: string): Promise<string | undefined> {
  const lines = await linesOf(folder);
  const sealed = await readSeal(folder);
  await rm(join(folder, SEAL), { force: true });
  if (!sealed) return lines.length === 0 ? undefined : NO_SEAL;
  const now = new Map(lines.map((line) => [line[0], line]));
  for (const [path, size, sum] of sealed) {
    const [, found, is] = now.get(path) ?? [];
    if (found === undefined) return `${path} is missing`;
    if (found !== size || is !== sum) return `${path} is not what it was when it was closed`;
    now.delete(path);
  }
  const [stray] = now.keys();
  return stray === undefined ? undefined : `${stray} was not there when it was closed`;
}

async function readSeal(folder: string): Promise<readonly Line[] | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, SEAL), 'utf8')) as Line[];
  } catch {
    return undefined;
  }
}

async function linesOf(folder: string): Promise<Line[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  const buffer = Buffer.allocUnsafe(2 ** 20);
  const lines: Line[] = [];
  for (const path of paths.filter((candidate) => !OWN.test(candidate)).sort())
    lines.push(await lineOf(folder, path, buffer));
  return lines;
}

/** Reads a file of any size piece by piece. */
async function lineOf(folder: string, path: string, buffer: Buffer): Promise<Line> {
  const file = await open(join(folder, path));
  try {
    let [size, sum] = [0, 0];
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length);
      if (bytesRead === 0) return [path, size, sum];
      size += bytesRead;
      sum = crc32(buffer.subarray(0, bytesRead), sum);
    }
  } finally {
    await file.close();
  }
}
