/**
 * Whose folder an embedded database is, and whether it can be trusted. The database itself takes no lock and does not
 * wait for the disk: two processes would open it together, and a machine that stops while it is open leaves files of
 * which some were written and some not, which may read back as rows that are simply missing. A mark beside the files,
 * taken away by a clean close, says both; a seal, made by a clean close, says that the files are still what they were.
 */

import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { uptime } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { FOLDER_MODE } from './private';
import { breakSeal, NO_SEAL, sealFolder } from './seal';

/**
 * The folder's content is not what was written, or cannot be known to be. Nothing in it is of value: delete and
 * rebuild.
 */
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

/** Takes the folder. Throws StoreInUse, and StoreDamaged where its files are not known to be what was written. */
export async function claimFolder(folder: string): Promise<Claim> {
  const place = resolve(folder);
  if (open.has(place)) throw new StoreInUse(place, process.pid);
  open.add(place);
  try {
    await mkdir(place, { recursive: true, mode: FOLDER_MODE });
    if (existsSync(join(place, CONDEMNED))) throw new StoreDamaged(place, 'it was found broken while it was open');
    const wasOpen = await takeMark(place);
    const wrong = await breakSeal(place);
    // A process that was killed sealed nothing, but the machine went on: what it wrote is in the files.
    if (wrong !== undefined && !(wasOpen && wrong === NO_SEAL)) throw new StoreDamaged(place, wrong);
  } catch (error) {
    // Its seal is broken now: whoever comes next has to be told as well.
    if (error instanceof StoreDamaged) await condemnFolder(place);
    open.delete(place);
    throw error;
  }
  return {
    async release(clean) {
      try {
        if (clean) await sealFolder(place);
        if (clean) await rm(join(place, MARK), { force: true });
      } finally {
        open.delete(place);
      }
    },
  };
}

/** Marks the folder as open. Says whether it was marked already, by a process that is gone. */
async function takeMark(place: string): Promise<boolean> {
  const path = join(place, MARK);
  const mark: Mark = { pid: process.pid, started: startOf(process.pid) ?? '', boot: bootOf() };
  let wasOpen = false;
  while (!(await created(path, JSON.stringify(mark)))) {
    const before = await readMark(path);
    if (before === undefined && !existsSync(path)) continue;
    if (before === undefined || before.boot !== mark.boot)
      throw new StoreDamaged(place, 'the machine stopped while it was open');
    if (before.pid !== process.pid && startOf(before.pid) === before.started) throw new StoreInUse(place, before.pid);
    wasOpen = true;
    await rm(path, { force: true });
  }
  return wasOpen;
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

/** The mark; undefined where there is none that can be read. One that is just being written is waited for. */
async function readMark(path: string): Promise<Mark | undefined> {
  for (let tries = 0; tries < 5; tries++) {
    try {
      return JSON.parse(await readFile(path, 'utf8')) as Mark;
    } catch {
      if (!existsSync(path)) break;
      await pause(20);
    }
  }
  return undefined;
}

/**
 * What tells one run of the machine from the next. Where the system has no name for it, the minute it was started in.
 */
function bootOf(): string {
  const named = '/proc/sys/kernel/random/boot_id';
  return existsSync(named)
    ? readFileSync(named, 'utf8').trim()
    : String(Math.round((Date.now() / 1000 - uptime()) / 60));
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
