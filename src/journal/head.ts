/**
 * The head of a journal: the number and the hash of its last durable entry. Whoever knows it knows what a journal has
 * to hold. It is kept in a file beside the journal, and in one that the operator names, on another disk if he can.
 *
 * The file is two lines, written in turn, so that one of them is always whole: the head as `<entry>:<hash>`, a
 * checksum, and spaces up to 96 bytes. It is written after an append is durable and never before, so it may be behind
 * the journal, by a second after a power cut, but never ahead of it.
 */

import { writeSync } from 'node:fs';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { FILE_MODE } from '../store/private';
import type { Seq } from '../units/quantity';
import { makeFolder, syncFolder, writeWhole } from './durable';

export interface Head {
  readonly seq: Seq;
  readonly hash: string;
}

export const textOfHead = ({ seq, hash }: Head): string => `${seq}:${hash}`;

/** The head that a text such as `57319:9f86d0…` names, if it is one. */
export function headOfText(text: string): Head | undefined {
  const [, seq, hash = ''] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text.trim()) ?? [];
  return seq === undefined ? undefined : { seq: Number(seq), hash };
}

const LINE = 96;
const SYNC_MS = 1_000;

const sumOf = (text: string): string => crc32(text).toString(16).padStart(8, '0');

function lineOf(head: Head): Buffer {
  const text = textOfHead(head);
  return Buffer.from(`${`${text} ${sumOf(text)}`.padEnd(LINE - 1)}\n`);
}

/** The heads in a file; a line that was torn, or that an operator wrote without a checksum and wrongly, is none. */
function headsIn(content: string): Head[] {
  return content.split('\n').flatMap((line) => {
    const [text = '', sum] = line.trim().split(' ');
    return sum === undefined || sum === sumOf(text) ? (headOfText(text) ?? []) : [];
  });
}

/** The newest head that a file holds; nothing where there is none. */
export async function readHead(path: string): Promise<Head | undefined> {
  const content = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return headsIn(content).reduce<Head | undefined>(
    (newest, head) => (newest && newest.seq > head.seq ? newest : head),
    undefined,
  );
}

export interface HeadFileOptions {
  readonly near: boolean; // on the disk that the journal is on
  readonly onProblem: (error: unknown) => void;
}

export interface HeadFile {
  /** The journal has a new head. Nobody waits for a disk that is not the journal's. */
  note(head: Head): void;
  /** The one head that holds from now on, whatever the file held. */
  reset(head: Head): Promise<void>;
  /** Makes the last head durable. */
  close(): Promise<void>;
}

/**
 * Opens the file for writing, or makes it. What cannot be written later is told, and ends nothing. One that is `near`,
 * on the disk of the journal, is written to at once: the line goes no further than the system's memory, and to hand it
 * to another thread, as is done with a disk that may not answer, costs many times as much.
 */
export async function openHeadFile(path: string, { near, onProblem }: HeadFileOptions): Promise<HeadFile> {
  await makeFolder(dirname(path));
  const file = await openOrMake(path);
  let wanted: Head | undefined;
  let slot = 0;
  let writing: Promise<void> | undefined;
  let syncing: NodeJS.Timeout | undefined;
  let failed = false;

  /** Says once that it fails, until it succeeds again. */
  async function attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      failed = false;
    } catch (error) {
      if (!failed) onProblem(error);
      failed = true;
    }
  }

  async function write(): Promise<void> {
    for (let head = wanted; head; head = wanted) {
      wanted = undefined;
      const line = lineOf(head);
      const at = slot * LINE;
      slot = 1 - slot;
      await attempt(() => (near ? writeNear(line, at) : writeWhole(file, line, at)));
    }
    writing = undefined;
    syncing ??= setTimeout(() => {
      syncing = undefined;
      void attempt(() => file.datasync());
    }, SYNC_MS).unref();
  }

  async function writeNear(line: Buffer, at: number): Promise<void> {
    if (writeSync(file.fd, line, 0, LINE, at) < LINE) await writeWhole(file, line, at);
  }

  return {
    note(head) {
      wanted = head;
      writing ??= write();
    },
    async reset(head) {
      await writing;
      await writeWhole(file, Buffer.concat([lineOf(head), lineOf(head)]), 0);
      await file.sync();
    },
    async close() {
      await writing;
      clearTimeout(syncing);
      await attempt(() => file.sync());
      await file.close();
    },
  };
}

async function openOrMake(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const file = await open(path, 'w+', FILE_MODE);
    await syncFolder(dirname(path));
    return file;
  }
}
