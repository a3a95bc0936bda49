/** What two threads say to each other about a house: the one in which it runs, and one in which it is used. */

import { JournalStopped } from '../../journal/appender';
import { JournalCorrupt } from '../../journal/journal';
import { DataFolderLocked, JournalLocked } from '../../journal/lock';
import { DatabaseLocked } from '../../journal/postgresSession';
import { JournalShortened } from '../../journal/witness';
import type { Kinds } from '../../thread/failure';
import { InvariantViolation, Malformed } from '../../units/failure';
import type { Instant, Seq } from '../../units/quantity';
import type { ClockSetting } from '../clock';
import { type Answer, type House, type HouseStatus, type Submission, Unavailable } from '../house';
import { RulesUnknown } from '../recover';

/** Records of the journal in a row, the texts apart from the hashes. */
export interface Page {
  readonly first: Seq;
  readonly texts: readonly string[];
  readonly hashes: readonly string[];
}

/** What has become durable, and how the house stands after it. Without texts: how it stands. */
export interface Commit extends Page {
  readonly status: HouseStatus;
}

/** An answer with events is the number of its entry, which has arrived before; every other answer is sent as it is. */
export type Said = Answer | { readonly entry: Seq; readonly replayed: boolean };

/** Questions that are handed on as they are asked: all that has no way of its own to cross. */
export type HandedOn = Exclude<keyof House, 'submit' | 'advance' | 'read' | 'follow' | 'status' | 'close'>;
const HANDED_ON: Readonly<Record<HandedOn, true>> = {
  health: true,
  risk: true,
  excerpt: true,
  keys: true,
  roster: true,
  serves: true,
  digest: true,
  audit: true,
};

/** Makes what hands them on. */
export const handOn = (ask: (name: HandedOn, argument: never) => Promise<unknown>): Pick<House, HandedOn> =>
  Object.fromEntries(
    Object.keys(HANDED_ON).map((name) => [name, (argument: never) => ask(name as HandedOn, argument)]),
  ) as never;

/** What is asked of the thread that has the house. */
export interface HouseCalls extends Pick<House, HandedOn> {
  /** Begins the following: what is committed from now on is told. */
  join(nothing: null): HouseStatus;
  submit(submissions: readonly Submission[]): Promise<Said[]>;
  advance(nothing: null): Promise<Instant | null>;
  /** Some of the entries after one, up to another. */
  page(range: { readonly after: Seq; readonly to: Seq }): Promise<Page>;
  /** Told: so many characters of commits have been taken in. */
  took(size: number): void;
  /** Told: the clock has been set. */
  setClock(setting: ClockSetting): void;
}

/** What the other thread is told. */
export interface FollowerCalls {
  committed(commit: Commit): void;
}

/** Errors that arrive as what they were. */
export const HOUSE_KINDS: Kinds = {
  Unavailable,
  Malformed,
  InvariantViolation,
  JournalCorrupt,
  JournalStopped,
  JournalShortened,
  DataFolderLocked,
  DatabaseLocked,
  JournalLocked,
  RulesUnknown,
};

export const sizeOf = ({ texts }: Page): number => texts.reduce((sum, text) => sum + text.length, 0);
