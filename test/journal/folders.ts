/** Data folders for tests, gone after the file. */

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Makes folders that are removed after the tests of the file. */
export function temporaryFolders(): () => Promise<string> {
  const made: string[] = [];
  afterAll(async () => {
    for (const folder of made) await rm(folder, { recursive: true, force: true });
  });
  return async () => {
    const folder = await mkdtemp(join(tmpdir(), 'novate-test-'));
    made.push(folder);
    return folder;
  };
}

/** Names of the segments in a folder, in order. */
export const segmentsIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.endsWith('.log')).sort();

/** Names of those that are compressed. */
export const packsIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.endsWith('.pack')).sort();

/** Waits until no more than the last segment is as it was written. */
export async function untilPacked(folder: string): Promise<string[]> {
  while ((await segmentsIn(folder)).length > 1) await new Promise((resolve) => setTimeout(resolve, 5));
  return packsIn(folder);
}

export const bytesOf = (folder: string, name: string): Promise<Buffer> => readFile(join(folder, name));
