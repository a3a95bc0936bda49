/**
 * The journal: an append-only list of lines, numbered from 1 without gaps, each bound to the one before by a hash
 * chain. What the lines say is the business of who writes them. One interface; a file, Postgres or memory behind it.
 */

import { sha256 } from '../units/hash';
import type { Seq } from '../units/quantity';

export interface JournalRecord {
  readonly seq: Seq;
  readonly text: string; // one line, without line feed
  readonly hash: string; // of the record before and this text
}

export interface Journal {
  /** Number and hash of the last durable record; 0 and GENESIS_HASH of an empty journal. */
  readonly lastSeq: Seq;
  readonly lastHash: string;
  /**
   * Makes the lines durable, all or none, and numbers them from lastSeq + 1. When it resolves they survive a power cut.
   * While the storage is away or full it waits and tries again. When it rejects, whether the lines are durable is
   * unknown, and the journal takes nothing more: restart is recovery.
   */
  append(texts: readonly string[]): Promise<void>;
  /** Whoever is told of storage that is away. A journal without it waits for nothing. */
  watch?(watcher: JournalWatcher): void;
  /**
   * From now on what is written to no more is compressed, beside everything else. A journal without it has nothing to
   * compress.
   */
  compress?(onProblem: (path: string, error: unknown) => void): void;
  /** Durable records from a number on, in order. Throws JournalCorrupt with the place where one does not check. */
  read(from: Seq): AsyncIterable<JournalRecord>;
  close(): Promise<void>;
}

/**
 * Hears why appends begin to wait for the storage, and hears nothing in its place when they go through again; hears
 * JournalStopped where they never will.
 */
export type JournalWatcher = (problem: Error | undefined) => void;

export const GENESIS_HASH = '0'.repeat(64);

export const chainHash = (previous: string, text: string): string => sha256(`${previous}\n${text}`);

/** A record that is not what was written: where it is, and what was found. */
export class JournalCorrupt extends Error {
  override readonly name = 'JournalCorrupt';
  constructor(
    readonly place: string, // file and byte offset, or table and key
    readonly seq: Seq, // the first record that does not check
    readonly found: string,
  ) {
    super(`The journal is damaged at ${place} (entry ${seq}): ${found}`);
  }
}

/** States of the house saved to start from, each at one entry of the journal. Losing them costs time, nothing else. */
export interface Snapshots {
  save(snapshot: SavedSnapshot): Promise<void>;
  /** The newest that reads back whole, at or below a number. */
  latest(atMost: Seq): Promise<SavedSnapshot | undefined>;
  /** Gives up those of later entries: the journal has lost them. */
  discardAfter(seq: Seq): Promise<void>;
}

export interface SavedSnapshot {
  readonly seq: Seq;
  readonly digest: string; // of the bytes, and behind a space the hash of the entry in the journal
  readonly bytes: Uint8Array;
}
