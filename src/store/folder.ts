/**
 * Whose folder an embedded database is, and whether it can be trusted. The database itself takes no lock and does not wait
 * for the disk: two processes would open it together, and a machine that stops while it is open leaves files of which some
 * were written and some not, which may read back as rows that are simply missing. A mark beside the files, taken away by a
 * clean close, says both.
 */

import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { uptime } from 'node:os';
import { join, resolve } from 'node:path';

/** The folder's content is not what was written, or cannot be known to be. Nothing in it is of value: delete and rebuild. */
export class StoreDamaged extends Error {
  override readonly name = 'StoreDamaged';
  constructor(
    readonly folder: string,
    readonly found: string,
    cause?: unknown,
  ) {
    super(`The embedded database in ${folder} is damaged: ${found}`, { cause });
  }
}

/** Another process, or this one, has the folder open. */
export class StoreInUse extends Error {
  override readonly name = 'StoreInUse';
  constructor(
    readonly folder: string,
    readonly pid: number,
  ) {
    super(`The embedded database in ${folder} is in use by process ${pid}`);
  }
}

export interface Claim {
  /** Gives the folder back. Only after a clean close are its files known to be whole. */
  release(clean: boolean): Promise<void>;
}

interface Mark {
  readonly pid: number;
  readonly started: string; // of that process, so that another one with its number is not taken for it
  readonly boot: string; // of the machine
}

const MARK = 'novate.open';
const CONDEMNED = 'novate.damaged';
const open = new Set<string>();

/** Takes the folder. Throws StoreInUse, and StoreDamaged where the machine stopped while the folder was open. */
export async function claimFolder(folder: string): Promise<Claim> {
  const place = resolve(folder);
  const path = join(place, MARK);
  const mark: Mark = { pid: process.pid, started: startOf(process.pid) ?? '', boot: bootOf() };
  if (open.has(place)) throw new StoreInUse(place, process.pid);
  await mkdir(place, { recursive: true });
  if (existsSync(join(place, CONDEMNED))) throw new StoreDamaged(place, 'it was found broken while it was open');
  while (!(await created(path, JSON.stringify(mark)))) {
    const before = await readMark(path);
    if (before === undefined || before.boot !== mark.boot) throw new StoreDamaged(place, 'the machine stopped while it was open');
    if (before.pid !== process.pid && startOf(before.pid) === before.started) throw new StoreInUse(place, before.pid);
    // Its process is gone, the machine went on: what was written is in the files.
    await rm(path, { force: true });
  }
  open.add(place);
  return {
    async release(clean) {
      if (clean) await rm(path, { force: true });
      open.delete(place);
    },
  };
}

/** Notes that the files have been found broken, so that whoever opens the folder next does not trust them. */
export const condemnFolder = (folder: string): Promise<void> => writeFile(join(folder, CONDEMNED), '');

/** Deletes the folder, so that it can be built anew. */
export const discardFolder = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });

async function created(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function readMark(path: string): Promise<Mark | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Mark;
  } catch {
    return undefined;
  }
}

/** What tells one run of the machine from the next. Where the system has no name for it, the minute it was started in. */
function bootOf(): string {
  const named = '/proc/sys/kernel/random/boot_id';
  return existsSync(named) ? readFileSync(named, 'utf8').trim() : String(Math.round((Date.now() / 1000 - uptime()) / 60));
}

/** When a process was started, in the system's own count; undefined where there is no such process. */
function startOf(pid: number): string | undefined {
  try {
    // The name of the program, in parentheses, may hold spaces: fields are counted after it.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A process that has ended stays listed until its parent has heard of it: it holds nothing any more.
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return existsSync('/proc/self/stat') ? undefined : signalled(pid);
  }
}

function signalled(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
    return 'unknown';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? 'unknown' : undefined;
  }
}
