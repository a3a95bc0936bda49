/**
 * The projector follows the journal into the rows. Entries that wait go out together in one transaction, so that the
 * more there are the cheaper each is; entries that are in the rows already are passed over. What goes wrong is told and
 * tried again: the journal is the truth, and a query meanwhile says how old its answer is. An entry whose rows are
 * refused is searched for, so that everything before it gets in, and from then on is tried alone.
 */

import type { Store } from '../../store/client';
import type { Seq } from '../../units/quantity';
import { type Checkpoint, LAYOUT, NOTHING, readCheckpoint } from '../commit/checkpoint';
import { commitEntries, type Followed, loadMemory, partsOf } from '../commit/commit';
import type { Memory } from '../rows/memory';
import { removeAll } from '../rows/rows';
import { beginBulk, endBulk } from './bulk';
import { isOfRows, RowsStuck, stuckAt } from './stuck';
import { tend } from './upkeep';
import { createWaiters } from './waiters';

export interface ProjectorOptions {
  readonly store: Store;
  /** Committed entries after a number, in order, up to the last at the time of asking. */
  readonly read: (after: Seq) => AsyncIterable<Followed>;
  readonly batchLimit?: number; // entries of one transaction
  readonly queueLimit?: number; // entries held in memory; what does not fit is read from the journal later
  readonly memoryBytes?: number; // of the accounts held from one commit to the next
  readonly bulkFrom?: number; // entries from which on rows are made from nothing in bulk
  readonly gatherMs?: number; // what is committed in this time shares a transaction, while nobody waits for it
  readonly retryMs?: number; // after a failure, the first time; doubled up to a minute
  readonly onProblem?: (problem: unknown) => void;
  readonly onMended?: () => void; // the rows follow again
}

/** How the rows follow the journal. */
export interface Following {
  readonly seq: Seq; // last entry that is in the rows
  readonly caughtUp: boolean; // whether they have been at the end of the journal since the start
  readonly opening: boolean; // where they are is not known yet: their database is being opened
  readonly anew: boolean; // they are being made from nothing: what is not there yet may have been there for years
  readonly problem: unknown; // why the rows do not follow now; undefined while they do
}

export interface Projector {
  readonly seq: Seq;
  readonly problem: unknown;
  following(): Following;
  /**
   * Finds out where the rows are; they are dropped where they are of another layout or journal. What is asked for
   * meanwhile waits.
   */
  prepare(): Promise<void>;
  /** Follows from where the rows are, to this entry and on. Nobody waits: what goes wrong is told and tried again. */
  follow(to: Seq): void;
  /**
   * Makes the rows what the journal says, from nothing if they are of another layout or journal. Follows from then on,
   * with a problem where an entry cannot be made into rows: a house is not kept from starting by what only queries
   * need.
   */
  start(): Promise<void>;
  /** Entries that have been committed. Known ones are passed over, missing ones are read from the journal. */
  offer(entries: readonly Followed[]): void;
  /** Whether the rows reach the entry within the time. While they are stuck before it nobody waits. */
  waitFor(seq: Seq, ms: number): Promise<boolean>;
  /** Drops every row and makes them anew. Resolves when they are where they were. Throws RowsStuck. */
  rebuild(): Promise<void>;
  /** Stops following; resolves when the last transaction has ended. */
  close(): Promise<void>;
}

const LONGEST_RETRY = 60_000;

/** A statement costs the same for one row and for a hundred: while nobody waits, more entries are let come together. */
const GATHER_MS = 25;

const BULK_FROM = 50_000;
const BULK_TIMES = 4; // so many times as many entries go together in bulk

export function createProjector(options: ProjectorOptions): Projector {
  const { store, read } = options;
  const { batchLimit = 5_000, bulkFrom = BULK_FROM, gatherMs = GATHER_MS } = options;
  const queueLimit = options.queueLimit ?? 20_000;
  const waiters = createWaiters();
  let queue: Followed[] = [];
  let newest: Seq = 0; // the last entry known to be committed
  let checkpoint: Checkpoint = NOTHING;
  let memory: Memory | undefined;
  let problem: unknown;
  let stuck: Followed | undefined; // the entry after the checkpoint, whose rows were refused
  let turn: Promise<unknown> = Promise.resolve();
  let working = false;
  let followed: Promise<void> = Promise.resolve(); // until it last rested
  let caughtUp = false;
  let bulk = false; // indexes have been taken away
  let opening = true;
  let aim: Seq = Number.POSITIVE_INFINITY; // the end of the journal when the rows began to follow
  let anewTo: Seq = 0; // where rows that are being made from nothing will be as good as they were
  let closed = false;
  let wake: (() => void) | undefined;
  let hurry: (() => void) | undefined;

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
    opening = false;
    // After a failure the rows may be further than was known: the answer to a commit was lost, or another process
    // wrote.
    waiters.reached(checkpoint.seq);
    return memory;
  }

  async function commit(entries: readonly Followed[]): Promise<void> {
    await load();
    for (const part of partsOf(entries, BULK_TIMES * batchLimit))
      await commitPart(part.filter(({ entry }) => entry.seq > checkpoint.seq));
  }

  /** Commits entries that follow the checkpoint. Where rows are refused, halves are tried until one entry is left. */
  async function commitPart(part: readonly Followed[]): Promise<void> {
    const [first] = part;
    if (!first) return;
    try {
      await commitTogether(part);
    } catch (error) {
      if (!isOfRows(error)) throw error;
      if (part.length === 1) throw stopAt(first, error);
      const half = Math.ceil(part.length / 2);
      await commitPart(part.slice(0, half));
      await commitPart(part.slice(half));
    }
  }

  async function commitTogether(part: readonly Followed[]): Promise<void> {
    const known = await load();
    try {
      ({ checkpoint, memory } = await store.transaction((sql) =>
        commitEntries(sql, known, checkpoint, part, options.memoryBytes),
      ));
      waiters.reached(checkpoint.seq);
    } catch (error) {
      // The rows are as they were before the transaction, the memory is not.
      memory = undefined;
      throw error;
    }
  }

  /**
   * Nothing goes past an entry that is not in the rows: whoever waits for a later one is told that it waits in vain.
   */
  function stopAt(followed: Followed, error: unknown): RowsStuck {
    stuck = followed;
    anewTo = 0;
    newest = Math.max(newest, followed.entry.seq);
    waiters.giveUp();
    return stuckAt(followed, error);
  }

  /** The entry that was refused, alone: only when it is in the rows is it worth taking up others. */
  async function retryStuck(): Promise<void> {
    if (stuck) await commit([stuck]);
    stuck = undefined;
  }

  /** Takes what waits in the queue; an empty list where the next entry is not there and has to be read. */
  function takeQueued(): Followed[] {
    queue = queue.filter(({ entry }) => entry.seq > checkpoint.seq);
    const first = queue[0]?.entry.seq ?? 0;
    if (first > checkpoint.seq + 1) return [];
    const taken = queue.slice(0, batchLimit);
    queue = queue.slice(batchLimit);
    return taken;
  }

  async function followOnce(): Promise<void> {
    await retryStuck();
    const queued = bulk ? [] : takeQueued();
    if (queued.length > 0) return commit(queued);
    // What is committed while it is being read may be beyond its end.
    const wanted = newest;
    await readOn();
    if (checkpoint.seq < wanted)
      throw new Error(`The journal ends at ${checkpoint.seq}, although ${wanted} was committed`);
  }

  /** Reads the journal from the checkpoint to its end: without indexes where everything is to be read. */
  async function readOn(): Promise<void> {
    await beginIfMany();
    try {
      await readToEnd();
    } catch (error) {
      if (isOfRows(error) || error instanceof RowsStuck) await endIfBulk();
      throw error;
    }
    if (!closed) await endIfBulk();
  }

  async function beginIfMany(): Promise<void> {
    if (bulk || checkpoint.seq > 0 || anewTo < bulkFrom || !Number.isFinite(anewTo)) return;
    await beginBulk(store);
    bulk = true;
  }

  async function endIfBulk(): Promise<void> {
    if (!bulk) return;
    await endBulk(store);
    bulk = false;
    await tend(store, { idle: true });
  }

  async function readToEnd(): Promise<void> {
    const limit = bulk ? BULK_TIMES * batchLimit : batchLimit;
    await load();
    let part: Followed[] = [];
    for await (const followed of read(checkpoint.seq)) {
      if (closed) return;
      part.push(followed);
      if (part.length < limit) continue;
      await commit(part);
      part = [];
    }
    await commit(part);
    newest = Math.max(newest, checkpoint.seq);
    caughtUp = true;
    anewTo = 0;
    queue = queue.filter(({ entry }) => entry.seq > checkpoint.seq);
  }

  /** Follows until nothing waits any more. */
  function follow(): void {
    if (!working) followed = followToNewest();
  }

  async function followToNewest(): Promise<void> {
    working = true;
    let pause = options.retryMs ?? 200;
    while (!closed && (checkpoint.seq < newest || problem !== undefined)) {
      if (problem === undefined && newest - checkpoint.seq < batchLimit) await gather();
      // Closed while it gathered: whoever closed may have closed the store as well.
      if (closed) break;
      try {
        await inTurn(followOnce);
        mended();
        pause = options.retryMs ?? 200;
      } catch (error) {
        fail(error);
        await rest(pause);
        pause = Math.min(pause * 2, LONGEST_RETRY);
      }
    }
    caughtUp ||= !closed;
    working = false;
  }

  /** Lets more entries come, until somebody waits for their rows. */
  function gather(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, waiters.any || closed ? 0 : gatherMs);
      hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  function fail(error: unknown): void {
    problem = error;
    options.onProblem?.(error);
  }

  function mended(): void {
    if (problem === undefined) return;
    problem = undefined;
    options.onMended?.();
  }

  function hurried<T>(waiting: T): T {
    hurry?.();
    return waiting;
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
    for await (const { entry, hash } of read(checkpoint.seq - 1))
      return entry.seq === checkpoint.seq && hash === checkpoint.hash;
    return false;
  }

  async function drop(): Promise<void> {
    memory = undefined;
    stuck = undefined;
    await store.transaction(removeAll);
    checkpoint = NOTHING;
    anewTo = Number.POSITIVE_INFINITY;
  }

  async function prepare(): Promise<void> {
    checkpoint = await store.transaction(readCheckpoint);
    if (!(await rowsAreOurs())) await drop();
    if (checkpoint.seq === 0) anewTo = aim;
    opening = false;
    waiters.reached(checkpoint.seq);
  }

  /** Brings the rows to the end of the journal, or to the entry that keeps them from it. */
  async function catchUp(): Promise<void> {
    await prepare();
    try {
      await readOn();
    } catch (error) {
      if (!(error instanceof RowsStuck || isOfRows(error))) throw error;
      fail(error);
    }
    waiters.reached(checkpoint.seq);
  }

  return {
    get seq() {
      return checkpoint.seq;
    },
    get problem() {
      return problem;
    },
    following: () => ({
      seq: checkpoint.seq,
      caughtUp: caughtUp && !opening,
      opening,
      anew: checkpoint.seq < anewTo,
      problem,
    }),
    prepare: () => inTurn(prepare),
    follow(to) {
      newest = Math.max(newest, to);
      aim = to;
      anewTo = Math.min(anewTo, to);
      follow();
    },
    async start() {
      await inTurn(catchUp);
      follow();
    },
    offer(entries) {
      for (const followed of entries) {
        newest = Math.max(newest, followed.entry.seq);
        // A gap, or more than is held: the journal has it.
        const next = (queue.at(-1)?.entry.seq ?? checkpoint.seq) + 1;
        if (queue.length < queueLimit && (queue.length === 0 || followed.entry.seq === next)) queue.push(followed);
      }
      follow();
    },
    waitFor: (seq, ms) =>
      !opening && (checkpoint.seq >= seq || stuck || isOfRows(problem))
        ? Promise.resolve(checkpoint.seq >= seq)
        : hurried(waiters.waitFor(seq, ms)),
    async rebuild() {
      const target = checkpoint.seq;
      try {
        await inTurn(async () => {
          await drop();
          anewTo = target;
          await readOn();
          waiters.reached(checkpoint.seq);
        });
      } finally {
        // Stuck on the way, it goes on trying, as it does when it follows.
        if (stuck) follow();
      }
      if (checkpoint.seq < target)
        throw new Error(`The journal ends at ${checkpoint.seq}, before the ${target} that the rows had reached`);
    },
    async close() {
      closed = true;
      wake?.();
      hurry?.();
      waiters.giveUp();
      await followed;
      await turn;
    },
  };
}
