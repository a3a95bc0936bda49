/**
 * Stands between the journal and the file system: lets the n-th call that changes a file fail, halfway if it is a
 * write.
 */

import files from 'node:fs';
import fs, { type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SystemCalls {
  /** Calls that changed something so far. */
  readonly count: number;
  restore(): void;
}

interface FileCalls {
  write(this: FileHandle, bytes: Uint8Array, from: number, length: number, at: number): Promise<unknown>;
  sync(this: FileHandle): Promise<void>;
  datasync(this: FileHandle): Promise<void>;
}

export interface CallNumber {
  readonly n: number; // from 1
  readonly name: 'write' | 'sync' | 'datasync' | 'rename' | 'rm';
}

export interface Failure {
  readonly error: Error;
  readonly share?: number; // of a write's bytes, that are written all the same
}

/**
 * Asks before every call that changes something whether it succeeds: nothing for yes. The call waits for the answer;
 * one that the thread stands still for needs it at once.
 */
export async function interceptCalls(
  ask: (call: CallNumber) => Failure | undefined | Promise<undefined>,
): Promise<SystemCalls> {
  const path = join(tmpdir(), `novate-calls-${process.pid}`);
  const probe = await fs.open(path, 'w');
  const prototype = Object.getPrototypeOf(probe) as FileCalls;
  await probe.close();
  await fs.rm(path);
  const original = {
    write: prototype.write,
    sync: prototype.sync,
    datasync: prototype.datasync,
    rename: fs.rename,
    rm: fs.rm,
  };
  const standing = { writeSync: files.writeSync, fdatasyncSync: files.fdatasyncSync };
  let count = 0;
  const next = (name: CallNumber['name']) => {
    count += 1;
    return ask({ n: count, name });
  };
  const nextAtOnce = (name: CallNumber['name']): Failure | undefined => {
    const answer = next(name);
    if (answer instanceof Promise) throw new Error(`The thread stands still in this ${name}: it cannot wait`);
    return answer;
  };

  function writeAtOnce(fd: number, bytes: Uint8Array, from: number, length: number, at: number): number {
    const failure = nextAtOnce('write');
    if (!failure) return standing.writeSync(fd, bytes, from, length, at);
    const share = Math.floor(length * (failure.share ?? 0));
    if (share > 0) standing.writeSync(fd, bytes, from, share, at);
    throw failure.error;
  }
  files.writeSync = writeAtOnce as typeof files.writeSync;
  files.fdatasyncSync = (fd) => {
    const failure = nextAtOnce('datasync');
    if (failure) throw failure.error;
    standing.fdatasyncSync(fd);
  };
  prototype.write = async function (bytes, from, length, at) {
    const failure = await next('write');
    if (!failure) return original.write.call(this, bytes, from, length, at);
    const share = Math.floor(length * (failure.share ?? 0));
    if (share > 0) await original.write.call(this, bytes, from, share, at);
    throw failure.error;
  };
  for (const name of ['sync', 'datasync'] as const) {
    prototype[name] = async function () {
      const failure = await next(name);
      if (failure) throw failure.error;
      return original[name].call(this);
    };
  }
  fs.rename = async (from, to) => {
    const failure = await next('rename');
    if (failure) throw failure.error;
    return original.rename(from, to);
  };
  fs.rm = async (target, options) => {
    const failure = await next('rm');
    if (failure) throw failure.error;
    return original.rm(target, options);
  };

  return {
    get count() {
      return count;
    },
    restore() {
      Object.assign(prototype, { write: original.write, sync: original.sync, datasync: original.datasync });
      Object.assign(fs, { rename: original.rename, rm: original.rm });
      Object.assign(files, standing);
    },
  };
}
