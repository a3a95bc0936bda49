/**
 * The one writer. Submissions wait in a bounded queue, fairly between those who send; a batch of them is executed in
 * memory, made durable in one append, and only then answered and published. If the append fails nothing is answered as
 * done and the house stops: what is durable is known again after a restart, and the idempotency key tells the sender.
 */

import { isOpenForBusiness } from '../core/control/risk';
import { digestOf } from '../core/engine/digest';
import { armWatch, execute } from '../core/engine/execute';
import { type Earlier, earlierUnder } from '../core/engine/idempotency';
import { ruledAs } from '../core/engine/rules';
import { firstDeadline, isUnfinished, nextDeadline } from '../core/engine/time';
import { healthOf } from '../core/margin/health';
import type { Command } from '../core/message/command';
import { type Entry, eventsOf } from '../core/message/envelope';
import { reject } from '../core/message/rejection';
import { SYSTEM } from '../core/model/actor';
import type { State } from '../core/model/state';
import { JournalStopped } from '../journal/appender';
import type { Journal } from '../journal/journal';
import { Malformed } from '../units/failure';
import { type Instant, instant, type Seq } from '../units/quantity';
import { answerWhole, type Pending } from './answers';
import { AuditEnded, createAuditor } from './auditor';
import type { HouseClock } from './clock';
import { chained, createRecent, RECENT_SIZE, readAfter } from './committed';
import { packedExcerpt } from './excerpts';
import { createFairQueue, type Sent } from './fairQueue';
import {
  type Answer,
  type Committed,
  type House,
  houseStopped,
  type Submission,
  type Trouble,
  Unavailable,
} from './house';
import { createInquiries } from './inquiries';
import { isNewBusiness } from './newBusiness';
import { isOverdue, noRoom, ROOM, type Room } from './room';
import { rosterOf, serves } from './roster';
import { notKnownYet, refusalFor, type SpaceGauge, troubleOf } from './troubles';

export interface SequencerOptions {
  readonly state: State; // as recovered from the journal
  readonly journal: Journal;
  readonly clock: HouseClock;
  readonly queueLimit?: number; // submissions waiting at most
  readonly batchLimit?: number; // submissions executed before an append
  readonly batchMs?: number; // and how long they may take together: what comes meanwhile waits for them
  readonly recentSize?: number; // characters of committed entries kept in memory for those who follow
  readonly room?: Room; // for what is remembered
  readonly surveyEveryMs?: number; // from one round of the auditor of the watch to the next; 0: only on demand
  // how long a command waits for a journal that is away, until it is told that nobody knows yet
  readonly patienceMs?: number;
  readonly space?: SpaceGauge; // of the disk that the journal is on
  readonly onFatal: (error: unknown) => void; // the house has stopped and must be restarted
  readonly onTrouble?: (trouble: Trouble | undefined) => void; // the journal is away, or is back
  readonly afterCommit?: (state: State) => void; // snapshots
}

interface Waiting extends Sent {
  readonly pending: Pending[]; // of those that have been executed
  refused: boolean; // as a whole
  readonly resolve: (answers: Answer[]) => void;
  readonly reject: (error: unknown) => void;
}

const SURVEY_EVERY_MS = 1_000;
const PATIENCE_MS = 5_000;
const BATCH_MS = 4;
/** A command that takes as large a part of that ends the turn of its sender. */
const LONG = 1 / 4;

/** Submissions executed before an append, where nothing else is said. */
export const BATCH_LIMIT = 1_000;

export function createSequencer(options: SequencerOptions): House {
  const { state, journal, clock, room = ROOM, batchLimit = BATCH_LIMIT, batchMs = BATCH_MS } = options;
  const everyMs = options.surveyEveryMs ?? SURVEY_EVERY_MS;
  const recent = createRecent(journal.lastSeq, options.recentSize ?? RECENT_SIZE);
  const queue = createFairQueue<Waiting>(options.queueLimit ?? 20_000);
  const listeners = new Set<(batch: readonly Committed[]) => void>();
  let busy: Promise<void> | undefined;
  let stopped: Unavailable | undefined;
  let underway: readonly Waiting[] = []; // executed, and waiting for the journal
  let away: Trouble | undefined; // the journal
  let closing = false;

  clock.resume(state.now, state.clock);
  // Before the first command comes, which would have to wait for it.
  armWatch(state);
  const auditor = createAuditor({ state, everyMs, onMissed: (error) => stop(error, []) });

  const inquiries = createInquiries(state, () => {
    if (stopped) throw stopped;
  });
  const waitingForCommit: (() => void)[] = [];

  /** Resolves with the answer when the entry that it is of is in the journal. Throws Unavailable. */
  async function durable<Answer extends { readonly seq: Seq }>(answer: Answer): Promise<Answer> {
    while (journal.lastSeq < answer.seq && !stopped && !away)
      await new Promise<void>((resolve) => void waitingForCommit.push(resolve));
    if (stopped) throw stopped;
    if (journal.lastSeq < answer.seq && away) throw refusalFor(away);
    return answer;
  }

  function wakeWaiting(): void {
    for (const wake of waitingForCommit.splice(0)) wake();
  }

  /**
   * The journal is away, or is back. What was executed waits for it, for a while with those who sent it; nothing more
   * is taken.
   */
  function onJournal(problem: Error | undefined): void {
    if (problem instanceof JournalStopped) return void stop(problem, underway);
    away = problem && troubleOf('JOURNAL_AWAY', problem.message);
    clearTimeout(patience);
    options.onTrouble?.(away);
    if (!away) return;
    refuseQueue(refusalFor(away));
    wakeWaiting();
    patience = setTimeout(() => {
      for (const waiting of underway) waiting.reject(notKnownYet());
    }, options.patienceMs ?? PATIENCE_MS).unref();
    // Nobody is going to wait for it any more.
    if (closing) journal.close().catch(() => undefined);
  }
  let patience: NodeJS.Timeout | undefined;
  journal.watch?.(onJournal);

  function refuseQueue(reason: Unavailable | undefined): void {
    // Of a list that is executed in several batches the first may be done.
    for (const { pending, reject } of queue.clear()) reject(pending.length > 0 && away ? notKnownYet() : reason);
  }

  /** Why submissions are not taken now. */
  function refusalOf(submissions: readonly Submission[]): Unavailable | undefined {
    if (stopped) return stopped;
    if (away) return refusalFor(away);
    const low = options.space?.low;
    return low && submissions.some(isNewBusiness) ? refusalFor(low) : undefined;
  }

  function submit(submissions: readonly Submission[]): Promise<Answer[]> {
    const refusal = refusalOf(submissions) ?? queue.refusalOf(submissions);
    return refusal ? Promise.reject(refusal) : enqueue(submissions);
  }

  function enqueue(submissions: readonly Submission[]): Promise<Answer[]> {
    if (submissions.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      queue.add({ submissions, pending: [], refused: false, resolve, reject });
      busy ??= work();
    });
  }

  async function work(): Promise<void> {
    // One turn of the event loop lets everything that arrived together share a commit.
    await Promise.resolve();
    while ((queue.size > 0 || isUnfinished(state)) && !stopped) await commitBatch();
    refuseQueue(stopped);
    // In the same turn in which the queue was found empty: what comes later must find that nobody works.
    busy = undefined;
  }

  /** What was sent together may be executed in several batches; it is answered when all of it is durable. */
  async function commitBatch(): Promise<void> {
    const entries: Entry[] = [];
    const whole: Waiting[] = [];
    underway = whole;
    try {
      if (hasStepped()) await reportStep(entries);
      await executeSome(entries, whole);
      // A step of what is unfinished with every batch: what is new does not wait for all of it, nor it for what is new.
      if (isUnfinished(state)) advanceTo(state.now, entries);
      await commit(entries);
      for (const waiting of whole) answerWhole(waiting, read);
    } catch (error) {
      stop(error, whole);
    }
    underway = [];
  }

  /** Whether the wall clock stands elsewhere than the journal says. */
  function hasStepped(): boolean {
    const [found, known] = [clock.step, state.clock.step?.by ?? 0];
    return (found === 0) !== (known === 0) || Math.abs(found - known) > clock.bound;
  }

  async function reportStep(entries: Entry[]): Promise<void> {
    const at = instant(Math.max(clock.now(), state.now));
    await passTime(at, entries);
    advanceTo(at, entries, { type: 'ReportClockStep', step: clock.step });
  }

  /**
   * Executes what waits, until the batch is large or has taken long; `whole` gets what has been executed to its end.
   */
  async function executeSome(entries: Entry[], whole: Waiting[]): Promise<void> {
    const began = performance.now();
    let now = began;
    for (let count = 0; count < batchLimit && now - began < batchMs; count++) {
      const next = queue.next();
      if (!next) return;
      const { group, index } = next;
      if (index === group.submissions.length - 1) whole.push(group);
      const submission = group.submissions[index] as Submission;
      const time = timeOf(submission);
      if (isDue(time) && !earlierOf(submission, time)) await passTime(time, entries);
      takeIn(group, index, entries);
      const before = now;
      now = performance.now();
      if (now - before > batchMs * LONG) queue.endTurn();
    }
  }

  const timeOf = ({ at }: Submission): Instant => instant(Math.max(at ?? clock.now(), state.now));
  const earlierOf = ({ actor, key, command }: Submission, time: Instant): Earlier | undefined =>
    key === null ? undefined : earlierUnder(state, actor.id, key, command, time);

  /** Executes one of what was sent together: all of it or, where it cannot be remembered, nothing. */
  function takeIn(waiting: Waiting, index: number, entries: Entry[]): void {
    const { submissions, pending } = waiting;
    const submission = submissions[index] as Submission;
    const full = index === 0 ? whyFull(submissions, timeOf(submission), entries) : undefined;
    if (full) {
      waiting.refused = true;
      waiting.reject(full);
    }
    if (!waiting.refused) pending.push(run(submission, entries));
  }

  /** Why there is no room to remember what was sent together; nothing where there is. */
  function whyFull(submissions: readonly Submission[], time: Instant, entries: Entry[]): Unavailable | undefined {
    const ask = (): Unavailable | undefined => noRoom(state, room, submissions, (one) => !earlierOf(one, time), time);
    const full = ask();
    if (!full || !isOverdue(state, time)) return full;
    // What is to be forgotten by now is forgotten by an entry, as everything in the house happens by one.
    meetDeadlines(time, entries);
    advanceTo(time, entries);
    return ask();
  }

  /** Executes one submission, with the time that has passed before it. */
  function run(submission: Submission, entries: Entry[]): Pending {
    const { actor, command, key } = submission;
    const time = timeOf(submission);
    const earlier = earlierOf(submission, time);
    if (earlier) {
      if (earlier.sameBody) return { repeats: earlier.seq };
      return {
        seq: state.seq,
        at: state.now,
        outcome: { rejection: reject('IDEMPOTENCY_KEY_REUSED', { key: key ?? '' }) },
        replayed: false,
      };
    }
    meetDeadlines(time, entries);
    const envelope = { seq: state.seq + 1, at: time, actor, key, command, ...ruledAs(state) };
    try {
      const outcome = execute(state, envelope);
      entries.push({ ...envelope, outcome });
      for (const event of eventsOf(outcome))
        if (event.type === 'ClockStepAccepted') clock.accept(event.jump, event.ahead);
      return { seq: envelope.seq, at: time, outcome, replayed: false };
    } catch (error) {
      if (error instanceof Malformed) return { malformed: error.message };
      throw error;
    }
  }

  const isDue = (until: Instant): boolean => (firstDeadline(state) ?? Number.POSITIVE_INFINITY) <= until;

  /** Time passes as a command: one for every deadline up to now, at its own instant, before anything else happens. */
  function meetDeadlines(until: Instant, entries: Entry[], most = Number.POSITIVE_INFINITY): void {
    let due = firstDeadline(state);
    for (let met = 0; due !== undefined && due <= until && met < most; met++, due = firstDeadline(state))
      advanceTo(due, entries);
  }

  /** The same in parts: after a long pause there are more deadlines than one append should hold. Throws Unavailable. */
  async function passTime(until: Instant, entries: Entry[]): Promise<void> {
    for (meetDeadlines(until, entries, batchLimit); isDue(until); meetDeadlines(until, entries, batchLimit)) {
      await commit(entries.splice(0));
      if (stopped) throw stopped;
    }
  }

  /** What the house does of itself: time passes, where nothing else is said. */
  function advanceTo(due: Instant, entries: Entry[], command: Command = { type: 'AdvanceTime' }): void {
    const at = instant(Math.max(due, state.now));
    const envelope = { seq: state.seq + 1, at, actor: SYSTEM, key: null, command, ...ruledAs(state) };
    entries.push({ ...envelope, outcome: execute(state, envelope) });
  }

  async function commit(entries: readonly Entry[]): Promise<void> {
    if (entries.length === 0) return;
    const batch = chained(entries, journal.lastHash);
    await journal.append(batch.map(({ text }) => text));
    recent.add(batch);
    for (const listener of listeners) listener(batch);
    wakeWaiting();
    options.afterCommit?.(state);
  }

  function stop(error: unknown, batch: readonly Waiting[]): void {
    const before = stopped;
    stopped ??= houseStopped();
    auditor.end();
    wakeWaiting();
    for (const waiting of batch) waiting.reject(stopped);
    // A journal that was away when the house was closed has been given up.
    if (!before && !closing) options.onFatal(error);
  }

  const read = (after: Seq): AsyncIterable<Committed> => readAfter(journal, recent, after);

  return {
    submit,
    read,
    async health(accounts) {
      const health = accounts.filter((id) => state.book.account(id)).map((id) => healthOf(state, id));
      const answer = { seq: state.seq, at: state.now, health };
      return answer.seq > journal.lastSeq ? durable(answer) : answer;
    },
    async risk(question) {
      return durable(await inquiries.ask(question));
    },
    async excerpt(asked) {
      return durable(await packedExcerpt(state, asked));
    },
    async advance() {
      const due = nextDeadline(state);
      const isDue = due !== undefined && due <= clock.now();
      if (isDue || hasStepped()) {
        // However much waits: time passes.
        const passing: Submission[] = [{ actor: SYSTEM, command: { type: 'AdvanceTime' }, key: null }];
        const refusal = refusalOf(passing);
        if (refusal) throw refusal;
        await enqueue(passing);
      }
      return nextDeadline(state) ?? null;
    },
    async audit({ exact }) {
      if (stopped) throw stopped;
      try {
        return await auditor.audit({ exact });
      } catch (error) {
        throw error instanceof AuditEnded ? (stopped ?? error) : error;
      }
    },
    follow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    keys: async () => ({
      seq: state.seq,
      live: [...state.apiKeys.values()],
      revoked: [...state.revokedKeys.keys()],
      needSecondPerson: isOpenForBusiness(state),
    }),
    async roster() {
      return durable(rosterOf(state));
    },
    serves: async (client) => ({ seq: state.seq, serves: serves(state, client) }),
    async digest() {
      return { seq: state.seq, digest: digestOf(state) };
    },
    status: () => ({
      seq: journal.lastSeq,
      hash: journal.lastHash,
      now: state.now,
      nextDeadline: nextDeadline(state) ?? null,
      queued: queue.size,
      backlog: state.backlog.size,
      retention: state.retention,
      clock: state.clock,
      running: !stopped,
      troubles: [away, options.space?.low].filter((trouble) => trouble !== undefined),
      watch: auditor.status,
    }),
    async close() {
      stopped ??= new Unavailable('CLOSED', 'The house is closed', 0);
      auditor.end();
      closing = true;
      if (away) journal.close().catch(() => undefined);
      await busy;
      wakeWaiting();
      await journal.close();
    },
  };
}
