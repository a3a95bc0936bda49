/**
 * The projector follows the journal into the rows. Entries that wait go out together in one transaction, so that the more
 * there are the cheaper each is; entries that are in the rows already are passed over. What goes wrong is told and tried
 * again: the journal is the truth, and a query meanwhile says how old its answer is.
 */

import type { Store } from '../store/client';
import type { Seq } from '../units/quantity';
import { type Checkpoint, LAYOUT, NOTHING, readCheckpoint } from './checkpoint';
import { commitEntries, type Followed, loadMemory, partsOf } from './commit';
import type { Memory } from './memory';
import { removeAll } from './rows';
import { createWaiters } from './waiters';

export interface ProjectorOptions {
  readonly store: Store;
  /** Committed entries after a number, in order, up to the last at the time of asking. */
  readonly read: (after: Seq) => AsyncIterable<Followed>;
  readonly batchLimit?: number; // entries of one transaction
  readonly queueLimit?: number; // entries held in memory; what does not fit is read from the journal later
  readonly retryMs?: number; // after a failure, the first time; doubled up to a minute
  readonly onProblem?: (problem: unknown) => void;
}

export interface Projector {
  /** Last entry that is in the rows. */
  readonly seq: Seq;
  /** Why the rows do not follow now; nothing while they do. */
  readonly problem: unknown;
  /** Makes the rows what the journal says, from nothing if they are of another layout or journal. Follows from then on. */
  start(): Promise<void>;
  /** Entries that have been committed. Known ones are passed over, missing ones are read from the journal. */
  offer(entries: readonly Followed[]): void;
  /** Whether the rows reach the entry within the time. */
  waitFor(seq: Seq, ms: number): Promise<boolean>;
  /** Drops every row and makes them anew. Resolves when they are where they were. */
  rebuild(): Promise<void>;
  /** Stops following; resolves when the last transaction has ended. */
  close(): Promise<void>;
}

const LONGEST_RETRY = 60_000;

export function createProjector(options: ProjectorOptions): Projector {
  const { store, read } = options;
  const batchLimit = options.batchLimit ?? 5_000;
  const queueLimit = options.queueLimit ?? 20_000;
  const waiters = createWaiters();
  let queue: Followed[] = [];
  let newest: Seq = 0; // the last entry known to be committed
  let checkpoint: Checkpoint = NOTHING;
  let memory: Memory | undefined;
  let problem: unknown;
  let turn: Promise<unknown> = Promise.resolve();
  let working = false;
  let closed = false;
  let wake: (() => void) | undefined;

  /** One thing at a time: following, rebuilding, starting. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = turn.then(work);
    turn = result.catch(() => undefined);
    return result;
  }

  async function load(): Promise<Memory> {
    if (memory) return memory;
    memory = await store.transaction(async (sql) => {
      checkpoint = await readCheckpoint(sql);
      return loadMemory(sql);
    });
    // After a failure the rows may be further than was known: the answer to a commit was lost, or another process wrote.
    waiters.reached(checkpoint.seq);
    return memory;
  }

  async function commit(entries: readonly Followed[]): Promise<void> {
    let known = await load();
    const fresh = entries.filter(({ entry }) => entry.seq > checkpoint.seq);
    try {
      for (const part of partsOf(fresh, batchLimit)) {
        ({ checkpoint, memory: known } = await store.transaction((sql) => commitEntries(sql, known, checkpoint, part)));
        memory = known;
        waiters.reached(checkpoint.seq);
      }
    } catch (error) {
      // The rows are as they were before the transaction, the memory is not.
      memory = undefined;
      throw error;
    }
  }

  /** Takes what waits in the queue; an empty list where the next entry is not there and has to be read. */
  function takeQueued(): Followed[] {
    const first = queue[0]?.entry.seq ?? 0;
    if (first > checkpoint.seq + 1) return [];
    const taken = queue.slice(0, batchLimit);
    queue = queue.slice(batchLimit);
    return taken;
  }

  async function followOnce(): Promise<void> {
    const queued = takeQueued();
    if (queued.length > 0) return commit(queued);
    // What is committed while it is being read may be beyond its end.
    const wanted = newest;
    await readOn();
    if (checkpoint.seq < wanted) throw new Error(`The journal ends at ${checkpoint.seq}, although ${wanted} was committed`);
  }

  /** Reads the journal from the checkpoint to its end. */
  async function readOn(): Promise<void> {
    await load();
    let part: Followed[] = [];
    for await (const followed of read(checkpoint.seq)) {
      if (closed) return;
      part.push(followed);
      if (part.length < batchLimit) continue;
      await commit(part);
      part = [];
    }
    await commit(part);
    newest = Math.max(newest, checkpoint.seq);
    queue = queue.filter(({ entry }) => entry.seq > checkpoint.seq);
  }

  /** Follows until nothing waits any more. */
  async function follow(): Promise<void> {
    if (working) return;
    working = true;
    let pause = options.retryMs ?? 200;
    while (!closed && checkpoint.seq < newest) {
      try {
        await inTurn(followOnce);
        problem = undefined;
        pause = options.retryMs ?? 200;
      } catch (error) {
        problem = error;
        options.onProblem?.(error);
        await rest(pause);
        pause = Math.min(pause * 2, LONGEST_RETRY);
      }
    }
    if (checkpoint.seq >= newest) problem = undefined;
    working = false;
  }

  function rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Whether the rows are of this program's layout and of this journal. */
  async function rowsAreOurs(): Promise<boolean> {
    if (checkpoint.seq === 0) return true;
    if (checkpoint.layout !== LAYOUT) return false;
    for await (const { entry, hash } of read(checkpoint.seq - 1)) return entry.seq === checkpoint.seq && hash === checkpoint.hash;
    return false;
  }

  async function drop(): Promise<void> {
    memory = undefined;
    await store.transaction(removeAll);
    checkpoint = NOTHING;
  }

  return {
    get seq() {
      return checkpoint.seq;
    },
    get problem() {
      return problem;
    },
    start: () =>
      inTurn(async () => {
        checkpoint = await store.transaction(readCheckpoint);
        if (!(await rowsAreOurs())) await drop();
        await readOn();
        waiters.reached(checkpoint.seq);
      }),
    offer(entries) {
      for (const followed of entries) {
        newest = Math.max(newest, followed.entry.seq);
        // A gap, or more than is held: the journal has it.
        const next = (queue.at(-1)?.entry.seq ?? checkpoint.seq) + 1;
        if (queue.length < queueLimit && (queue.length === 0 || followed.entry.seq === next)) queue.push(followed);
      }
      void follow();
    },
    waitFor: (seq, ms) => (checkpoint.seq >= seq ? Promise.resolve(true) : waiters.waitFor(seq, ms)),
    async rebuild() {
      const target = checkpoint.seq;
      await inTurn(async () => {
        await drop();
        await readOn();
        waiters.reached(checkpoint.seq);
      });
      if (checkpoint.seq < target) throw new Error(`The journal ends at ${checkpoint.seq}, before the ${target} that the rows had reached`);
    },
    async close() {
      closed = true;
      wake?.();
      waiters.giveUp();
      await turn;
    },
  };
}
