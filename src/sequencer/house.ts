/**
 * The house as the rest of the program sees it: commands go in, answers come back when they are durable, committed
 * entries can be followed. Everything crosses as plain values, so the engine may as well live in another thread.
 */

import type { Health } from '../core/margin/health';
import type { Command } from '../core/message/command';
import { type Entry, type Outcome, type Result, resultOf } from '../core/message/envelope';
import type { Event } from '../core/message/event';
import type { AccountId } from '../core/model/account';
import type { Actor, ApiKey, ApiKeyId } from '../core/model/actor';
import type { KnownClock, Retention } from '../core/model/state';
import type { AnswerTo, RiskQuestion } from '../core/risk/question';
import type { Asked } from '../core/trial/question';
import type { Instant, Seq } from '../units/quantity';
import type { PackedExcerpt } from './excerpts';
import type { Client, Roster } from './roster';

export interface Submission {
  readonly actor: Actor;
  readonly command: Command;
  readonly key: string | null; // idempotency key
  readonly at?: Instant; // house time to run it at, where the sender keeps the clock (replays, scenarios)
}

/** What came of a submission. */
export type Answer =
  | {
      readonly seq: Seq;
      readonly at: Instant;
      readonly outcome: Outcome;
      readonly replayed: boolean; // the first answer again: the key was used before with this body
    }
  | { readonly malformed: string }; // could not be read; nothing was journaled

/** What a command came to that can be read. Throws NotDone. */
export function resultBy(answer: Answer | undefined): Result {
  if (answer && 'outcome' in answer) return resultOf(answer.outcome);
  throw new NotDone({ status: 'MALFORMED', reason: answer?.malformed ?? 'there is no answer' });
}

/** What a command that must be done has caused. Throws NotDone. */
export function doneBy(answer: Answer | undefined): readonly Event[] {
  const result = resultBy(answer);
  if (result.status !== 'DONE') throw new NotDone(result);
  return result.events;
}

/** A command that had to be done and was not: it could not be read, was refused, or waits for a second person. */
export class NotDone extends Error {
  override readonly name = 'NotDone';
  constructor(
    readonly result: Exclude<Result, { status: 'DONE' }> | { readonly status: 'MALFORMED'; readonly reason: string },
  ) {
    super(`Not done: ${whyNot(result)}`);
  }
}

function whyNot(result: NotDone['result']): string {
  if (result.status === 'MALFORMED') return result.reason;
  if (result.status === 'PROPOSED') return `it waits for a second person, as ${result.proposal.id}`;
  return `${result.rejection.code} ${JSON.stringify(result.rejection.details)}`;
}

/** A committed entry and its place in the hash chain. */
export interface Committed {
  readonly seq: Seq;
  readonly text: string; // as it was journaled
  readonly hash: string;
  readonly entry: Entry; // what the text says
}

/**
 * What keeps the house from taking every command for the time being. None of it stops the house, and all of it may
 * pass.
 */
export interface Trouble {
  readonly kind: 'JOURNAL_AWAY' | 'SPACE_LOW';
  readonly says: string; // a sentence for whoever runs the house
  readonly since: number; // by the clock of the machine
}

export interface HouseStatus {
  readonly seq: Seq; // last durable entry
  readonly hash: string;
  readonly now: Instant; // house time of that entry
  readonly nextDeadline: Instant | null;
  readonly queued: number; // submissions waiting
  readonly backlog: number; // accounts that wait to be acted on
  readonly running: boolean;
  readonly troubles: readonly Trouble[]; // why not every command is taken now
  readonly retention: Retention;
  readonly clock: KnownClock;
  readonly watch: WatchStatus;
}

/** What watching prices has come to since the house was started, and what the auditor of the watch has done. */
export interface WatchStatus {
  readonly looks: number; // accounts revalued because a price left their zone
  readonly named: number; // of these, accounts whose quiet could not be proven
  readonly revalued: number; // accounts revalued by the auditor
  readonly rounds: number; // times it has been through the whole book
  readonly lastRoundMs: number; // how long the last time took; 0 before the first
}

/** What an audit of the watch on demand came to. */
export interface Audited {
  readonly seq: Seq; // entry it ended at
  readonly at: Instant;
  readonly accounts: number; // revalued
  readonly doubtful: number; // of these, decided in integers: floats could not tell
  readonly tookMs: number;
}

/**
 * Who may act: the keys that work, the ids that never will again, and whether a second person is needed for another
 * key.
 */
export interface KeyStanding {
  readonly seq: Seq;
  readonly live: readonly ApiKey[];
  readonly revoked: readonly ApiKeyId[];
  readonly needSecondPerson: boolean;
}

export interface House {
  /** Answers in the order of the submissions, when all of them are durable. Throws Unavailable. */
  submit(submissions: readonly Submission[]): Promise<Answer[]>;
  /**
   * Live health of accounts, all at one sequence number and its house time. Accounts that do not exist are left out.
   */
  health(
    accounts: readonly AccountId[],
  ): Promise<{ readonly seq: Seq; readonly at: Instant; readonly health: readonly Health[] }>;
  /**
   * Answers about the whole book, all as of one entry, which is durable when the answer comes. Worked off a slice at a
   * time between commands. Throws Unavailable.
   */
  risk<Question extends RiskQuestion>(question: Question): Promise<AnswerTo<Question>>;
  /**
   * A part of the house as of one entry, durable when the answer comes, for a question that is tried out where it is
   * asked. Throws Unavailable.
   */
  excerpt(asked: Asked): Promise<PackedExcerpt>;
  /** Lets every deadline up to the clock be met. Resolves with the next one. */
  advance(): Promise<Instant | null>;
  /** Committed entries after a number, in order, up to the last at the time of asking. */
  read(after: Seq): AsyncIterable<Committed>;
  /** Calls back after every commit with the entries committed; returns how to stop. */
  follow(listener: (batch: readonly Committed[]) => void): () => void;
  keys(): Promise<KeyStanding>;
  /** Who may act and what there is, as of an entry that is durable. Throws Unavailable. */
  roster(nothing: null): Promise<Roster>;
  /** Whether an account of the member is of this owner, as of the last command taken. */
  serves(client: Client): Promise<{ readonly seq: Seq; readonly serves: boolean }>;
  /** Digest of the state and the entry it is of. */
  digest(): Promise<{ readonly seq: Seq; readonly digest: string }>;
  /**
   * Revalues every account, a slice at a time between commands, and compares with what the watch vouches for; `exact`:
   * all in integers. An account that was missed stops the house. Throws Unavailable.
   */
  audit(options: { readonly exact: boolean }): Promise<Audited>;
  status(): HouseStatus;
  close(): Promise<void>;
}

/**
 * The house cannot take the command now; nothing was done with it, or nobody can know: the same key tells. MEMORY_FULL:
 * the sender has as much remembered as it may, and others are served.
 */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
  constructor(
    readonly code:
      | 'QUEUE_FULL'
      | 'SHARE_USED'
      | 'MEMORY_FULL'
      | 'JOURNAL_AWAY'
      | 'SPACE_LOW'
      | 'JOURNAL_DOWN'
      | 'CLOSED',
    message: string,
    readonly retryAfterMs: number,
  ) {
    super(message);
  }
}

/** Whether it is for good: no command is taken any more until the house is started again. */
export const isOver = ({ code }: Unavailable): boolean => code === 'JOURNAL_DOWN' || code === 'CLOSED';

/** The house has stopped by itself. */
export const houseStopped = (): Unavailable =>
  new Unavailable(
    'JOURNAL_DOWN',
    'The house has stopped and is being restarted; repeat with the same idempotency key',
    5000,
  );
