/**
 * Loaded before the program, into each of its threads (`node --require`): a machine whose clock is set, whose disk is
 * full and whose log cannot be written, as a file says at the moment. The program itself is what it always is.
 */

import fs = require('node:fs');
import files = require('node:fs/promises');

import { join } from 'node:path';

export interface Faults {
  readonly clockMs?: number; // so much later than it is, or earlier
  readonly journalFull?: boolean; // nothing more can be written to the journal
  readonly logFull?: boolean; // nor to the log
  readonly freeBytes?: number; // what the disk says is left
}

const LOOK_EVERY_MS = 5;
const { NOVATE_ATTACKED_BY: file, NOVATE_ATTACKED_IN: folder } = process.env;

if (file !== undefined && folder !== undefined) {
  const faults = reader(file);
  setClock(faults);
  fillJournal(faults, join(folder, 'journal'));
  fillLog(faults, join(folder, 'novate.log'));
  fillDisk(faults);
}

/** What the file says, read again after a moment. */
function reader(path: string): () => Faults {
  let known: Faults = {};
  let lookedAt = Number.NEGATIVE_INFINITY;
  return () => {
    if (performance.now() - lookedAt < LOOK_EVERY_MS) return known;
    lookedAt = performance.now();
    try {
      known = JSON.parse(fs.readFileSync(path, 'utf8')) as Faults;
    } catch {
      // The folder is gone: whatever was last is.
    }
    return known;
  };
}

function setClock(faults: () => Faults): void {
  const RealDate = Date;
  const realNow = Date.now;
  RealDate.now = () => realNow() + (faults().clockMs ?? 0);
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, made) =>
      Reflect.construct(target, args.length === 0 ? [target.now()] : args, made) as Date,
  });
}

const noSpace = (call: string): Error =>
  Object.assign(new Error(`ENOSPC: no space left on device, ${call}`), { code: 'ENOSPC', errno: -28, syscall: call });

type Write = (descriptor: number, ...rest: unknown[]) => number;

/** What is written at once to some files goes another way. */
function instead(written: (real: Write) => Write, isOne: (descriptor: number) => boolean): void {
  const real = fs.writeSync as Write;
  const other = written(real);
  Object.assign(fs, {
    writeSync: ((descriptor, ...rest) => (isOne(descriptor) ? other : real)(descriptor, ...rest)) as Write,
  });
}

/** A write to a full disk often writes a part, and only the next one fails. */
function fillJournal(faults: () => Faults, under: string): void {
  const journals = new Set<number>();
  let torn = false;
  /** How many bytes of so many still find room. */
  const roomFor = (length: number): number => {
    if (!faults().journalFull) torn = false;
    else if (torn || length < 2) throw noSpace('write');
    else torn = true;
    return torn ? length >> 1 : length;
  };
  const real = files.open;
  const open: typeof files.open = async (path, flags, mode) => {
    const handle = await real(path, flags, mode);
    if (!String(path).startsWith(under)) return handle;
    const { fd } = handle;
    journals.add(fd);
    const write = handle.write.bind(handle) as (...given: unknown[]) => Promise<unknown>;
    const close = handle.close.bind(handle);
    return Object.assign(handle, {
      write: async (bytes: Uint8Array, offset = 0, length = bytes.length - offset, at?: number | null) =>
        write(bytes, offset, roomFor(length), at),
      close: async () => {
        journals.delete(fd);
        await close();
      },
    });
  };
  Object.assign(files, { open });
  const limited =
    (write: Write) => (descriptor: number, bytes: unknown, offset: unknown, length: unknown, at: unknown) =>
      write(descriptor, bytes, offset, roomFor(length as number), at);
  instead(limited as (real: Write) => Write, (descriptor) => journals.has(descriptor));
}

function fillLog(faults: () => Faults, path: string): void {
  const logs = new Set<number>();
  const { openSync } = fs;
  const open: typeof openSync = (name, flags, mode) => {
    const descriptor = openSync(name, flags, mode);
    if (name === path) logs.add(descriptor);
    else logs.delete(descriptor);
    return descriptor;
  };
  Object.assign(fs, { openSync: open });
  const limited =
    (write: Write): Write =>
    (descriptor, ...rest) => {
      if (faults().logFull) throw noSpace('write');
      return write(descriptor, ...rest);
    };
  instead(limited, (descriptor) => logs.has(descriptor));
}

function fillDisk(faults: () => Faults): void {
  const real = files.statfs;
  const statfs = async (path: fs.PathLike): Promise<fs.StatsFs> => {
    const stats = await real(path);
    const { freeBytes } = faults();
    return freeBytes === undefined ? stats : Object.assign(stats, { bavail: Math.floor(freeBytes / stats.bsize) });
  };
  Object.assign(files, { statfs });
}
