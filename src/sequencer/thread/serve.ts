/**
 * A house served to another thread. What is committed is told in order, before the answers that belong to it, but never
 * more of it than the other side has taken in lately: one that is slow is told the rest when it has, from the journal.
 */

import { JournalCorrupt } from '../../journal/journal';
import { type Channel, openLine } from '../../thread/line';
import type { Seq } from '../../units/quantity';
import type { SettableClock } from '../clock';
import type { Answer, Committed, House } from '../house';
import { breathe } from '../spell';
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

export interface ServeHouseOptions {
  readonly house: House;
  readonly clock?: SettableClock; // the house's, where the other side sets it
  readonly untaken?: number; // characters under way at most, give or take a commit
  readonly onError: (error: unknown) => void; // the other side cannot be told any more
}

const UNTAKEN = 8 * 1024 * 1024;

/** Characters of a page: what reading it costs is what a command that comes in between waits. */
const PAGE = 128 * 1024;

/** After a page that could not be read. */
const READ_AGAIN_MS = 500;

/** How often the other side hears how the house stands where nothing happens. */
const STATUS_EVERY_MS = 1_000;

/** Serves a house over a channel; returns how to stop. */
export function serveHouse(
  channel: Channel,
  { house, clock, untaken: most = UNTAKEN, onError }: ServeHouseOptions,
): () => void {
  let sent: Seq = 0; // last entry told
  let untaken = 0;
  let catchingUp = false;
  let unfollow: (() => void) | undefined;
  let beat: NodeJS.Timeout | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  let waiting: { readonly seq: Seq; readonly done: () => void }[] = [];

  const standing = (last: Pick<Committed, 'seq' | 'hash'> | undefined): Commit['status'] => {
    const status = house.status();
    return last ? { ...status, seq: last.seq, hash: last.hash } : status;
  };

  function tell(batch: readonly Committed[]): void {
    const last = batch.at(-1);
    const page = pageOf(batch);
    untaken += sizeOf(page);
    if (last) sent = last.seq;
    line.tell('committed', { ...page, status: standing(last) });
    if (waiting.length === 0) return;
    for (const { seq, done } of waiting) if (seq <= sent) done();
    waiting = waiting.filter(({ seq }) => seq > sent);
  }

  /** The other side has room again: what it has missed is read, a page at a time, until it has everything. */
  async function catchUp(): Promise<void> {
    if (catchingUp) return;
    catchingUp = true;
    try {
      while (unfollow && sent < house.status().seq && untaken <= most)
        tell(await pageFrom(house, sent, house.status().seq));
    } catch (error) {
      // A journal that cannot be read now can be read later; one that is damaged cannot.
      if (error instanceof JournalCorrupt) onError(error);
      else setTimeout(() => void catchUp(), READ_AGAIN_MS).unref();
    }
    catchingUp = false;
  }

  /** Resolves when everything up to an entry has been told. */
  const told = (seq: Seq): Promise<void> | undefined =>
    seq <= sent ? undefined : new Promise((done) => void waiting.push({ seq, done }));

  const calls: HouseCalls = {
    ...handOn(async (name, argument) => {
      const answer = await house[name](argument);
      // What an answer is as of is not later than what has been told, as far as it is durable.
      await told(Math.min(answer.seq, house.status().seq));
      return answer;
    }),
    join() {
      sent = house.status().seq;
      unfollow ??= house.follow((batch) => {
        // Who lags, or is just being told what it missed, hears of these later.
        if (!catchingUp && untaken <= most && batch[0]?.seq === sent + 1) tell(batch);
      });
      beat ??= setInterval(() => {
        if (sent === house.status().seq) tell([]);
      }, STATUS_EVERY_MS).unref();
      return house.status();
    },
    async submit(submissions) {
      const answers = await house.submit(submissions);
      await told(answers.reduce((last, answer) => ('seq' in answer ? Math.max(last, answer.seq) : last), 0));
      return answers.map(saidOf);
    },
    async advance() {
      const next = await house.advance();
      await told(house.status().seq);
      return next;
    },
    page({ after, to }) {
      // One at a time, and whatever waits has its turn in between.
      const page = turn.then(async () => pageOf(await pageFrom(house, after, to)));
      turn = page.then(breathe, breathe);
      return page;
    },
    took(size) {
      untaken -= size;
      if (sent < house.status().seq && untaken <= most / 2) void catchUp();
    },
    setClock: (setting) => clock?.apply(setting),
  };
  const line = openLine<FollowerCalls, HouseCalls>(channel, calls, HOUSE_KINDS);

  return () => {
    unfollow?.();
    unfollow = undefined;
    clearInterval(beat);
  };
}

function saidOf(answer: Answer): Said {
  if (!('outcome' in answer) || 'rejection' in answer.outcome) return answer;
  return { entry: answer.seq, replayed: answer.replayed };
}

async function pageFrom(house: House, after: Seq, to: Seq): Promise<Committed[]> {
  const page: Committed[] = [];
  let size = 0;
  for await (const committed of house.read(after)) {
    if (committed.seq > to) break;
    page.push(committed);
    size += committed.text.length;
    if (size >= PAGE) break;
  }
  return page;
}

const pageOf = (batch: readonly Committed[]): Page => ({
  first: batch[0]?.seq ?? 0,
  texts: batch.map(({ text }) => text),
  hashes: batch.map(({ hash }) => hash),
});
