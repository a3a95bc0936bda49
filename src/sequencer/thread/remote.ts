/**
 * A house that runs in another thread, as if it ran in this one. It stands where the last commit left it that has
 * arrived here: commits, statuses and answers arrive in the order in which they came about. The latest entries are
 * kept; older ones are fetched from the journal, a page at a time, when whoever reads them asks for more.
 */

import type { MessagePort } from 'node:worker_threads';
import { type Line, openLine } from '../../thread/line';
import type { Seq } from '../../units/quantity';
import type { HouseClock } from '../clock';
import { committedOf, createRecent, RECENT_SIZE } from '../committed';
import { createShares, senderOf } from '../fairQueue';
import {
  type Answer,
  type Committed,
  type House,
  type HouseStatus,
  houseStopped,
  isOver,
  type Submission,
  Unavailable,
} from '../house';
import {
  type Commit,
  type FollowerCalls,
  HOUSE_KINDS,
  type HouseCalls,
  handOn,
  type Page,
  type Said,
  sizeOf,
} from './calls';

export interface RemoteOptions {
  readonly clock?: HouseClock; // set here, and followed by the house there
  readonly queueLimit?: number; // submissions without an answer at most
  readonly recentSize?: number; // characters of committed entries kept in memory for those who follow
  readonly onError: (error: unknown) => void; // somebody who follows failed
}

export interface RemoteHouse extends Omit<House, 'close'> {
  /** Nothing is taken any more, for this reason. The first reason stays. */
  stop(reason: Unavailable): void;
}

/** What waits there, and what is being executed there. */
const QUEUE_LIMIT = 21_000;

type Listener = (batch: readonly Committed[]) => void;

/**
 * Joins a house that is served on the other end of the port. When that end is closed, the house has stopped for this
 * one.
 */
export async function joinHouse(port: MessagePort, options: RemoteOptions): Promise<RemoteHouse> {
  const early: Commit[] = [];
  let take = (commit: Commit): void => void early.push(commit);
  const line = openLine<HouseCalls, FollowerCalls>(port, { committed: (commit) => take(commit) }, HOUSE_KINDS);
  const status = await line.ask('join', null);
  const { house, committed } = remoteHouse(line, status, options);
  port.on('close', () => house.stop(houseStopped()));
  take = committed;
  for (const commit of early) take(commit);
  return house;
}

interface Remote {
  readonly house: RemoteHouse;
  committed(commit: Commit): void;
}

function remoteHouse(line: Line<HouseCalls>, first: HouseStatus, options: RemoteOptions): Remote {
  const shares = createShares(options.queueLimit ?? QUEUE_LIMIT); // of what has no answer yet
  const recent = createRecent(first.seq, options.recentSize ?? RECENT_SIZE);
  const listeners = new Set<Listener>();
  let status = first;
  let stopped: Unavailable | undefined;
  const unwatch = options.clock?.watch((setting) => line.tell('setClock', setting));

  function stop(reason: Unavailable): void {
    stopped ??= reason;
    unwatch?.();
    line.cut(stopped);
  }

  function committed(commit: Commit): void {
    const batch = [...recordsOf(commit)];
    const last = batch.at(-1);
    recent.add(batch);
    status = { ...commit.status, now: last ? last.entry.at : status.now };
    if (!last) return;
    for (const listener of listeners) {
      try {
        listener(batch);
      } catch (error) {
        options.onError(error);
      }
    }
    line.tell('took', sizeOf(commit));
  }

  async function submit(submissions: readonly Submission[]): Promise<Answer[]> {
    if (stopped) throw stopped;
    const refusal = shares.refusalOf(senderOf(submissions), submissions.length);
    if (refusal) throw refusal;
    shares.take(senderOf(submissions), submissions.length);
    try {
      const answers: Answer[] = [];
      for (const said of await line.ask('submit', submissions))
        answers.push('entry' in said ? await answerOf(said) : said);
      return answers;
    } catch (error) {
      if (error instanceof Unavailable && isOver(error)) stopped ??= error;
      throw error;
    } finally {
      shares.take(senderOf(submissions), -submissions.length);
    }
  }

  async function answerOf({ entry: seq, replayed }: Extract<Said, { entry: Seq }>): Promise<Answer> {
    const known = recent.at(seq) ?? (await firstAfter(seq - 1));
    const { at, outcome } = known.entry;
    return { seq, at, outcome, replayed };
  }

  async function firstAfter(seq: Seq): Promise<Committed> {
    for await (const committed of read(seq)) return committed;
    throw new Unavailable('JOURNAL_DOWN', 'The first answer could not be read', 1000);
  }

  async function* read(after: Seq): AsyncIterable<Committed> {
    const last = status.seq;
    for (let next = after + 1; next <= last; ) {
      const known = recent.at(next);
      const page = known
        ? undefined
        : await line.ask('page', { after: next - 1, to: Math.min(last, recent.first - 1) });
      if (known) yield known;
      else if (page) yield* recordsOf(page);
      next += page?.texts.length || 1;
    }
  }

  const house: RemoteHouse = {
    ...handOn((name, argument) => line.ask(name, argument)),
    submit,
    read,
    advance: () => line.ask('advance', null),
    follow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    status: () => ({ ...status, queued: shares.taken, running: status.running && !stopped }),
    stop,
  };
  return { house, committed };
}

function* recordsOf({ first, texts, hashes }: Page): Generator<Committed> {
  for (const [i, text] of texts.entries()) yield committedOf({ seq: first + i, text, hash: hashes[i] as string });
}
