/**
 * What every durable journal does around its own way of writing: one append after the other, and lines checked. While
 * the storage is away or full an append is tried again, with the same lines, until it is known to be durable. Where
 * that cannot be known nothing more is taken, until the journal is opened again.
 */

import { assert } from '../units/failure';
import type { JournalWatcher } from './journal';

/** The journal takes nothing more: what is durable cannot be known, or it is closed. Open it again to know. */
export class JournalStopped extends Error {
  override readonly name = 'JournalStopped';
  constructor(
    readonly place: string, // folder or database
    override readonly cause: unknown,
  ) {
    super(`The journal in ${place} takes nothing more: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

export interface Appender {
  append(texts: readonly string[]): Promise<void>;
  /**
   * The storage has gone away for this reason: what brings it back is done in turn with the appends, and tried again as
   * they are.
   */
  mend(problem: Error, work: () => Promise<void>): void;
  watch(watcher: JournalWatcher): void;
  /**
   * Takes nothing more; resolves when what was asked for before is done, well or not. What waits for the storage is
   * given up.
   */
  finish(): Promise<void>;
}

export interface AppenderOptions {
  readonly place: string;
  /**
   * Makes lines durable; done again with the same lines after a failure that passes, it must not make them durable
   * twice.
   */
  readonly write: (texts: readonly string[]) => Promise<void>;
  /** Whether a failure may be over when it is tried again. */
  readonly passes: (error: unknown) => boolean;
}

const FIRST_PAUSE = 50; // ms
const LONGEST_PAUSE = 5_000;

export function createAppender({ place, write, passes }: AppenderOptions): Appender {
  const watchers = new Set<JournalWatcher>();
  let stopped: JournalStopped | undefined;
  let finished = false;
  let waiting = false; // for the storage
  let wake = (): void => undefined;
  let last: Promise<void> = Promise.resolve();

  function stop(cause: unknown): JournalStopped {
    if (stopped) return stopped;
    stopped = cause instanceof JournalStopped ? cause : new JournalStopped(place, cause);
    // Somebody may wait for the storage to come back, and ask for no append meanwhile.
    if (!finished) for (const watcher of watchers) watcher(stopped);
    return stopped;
  }

  function tell(problem: Error | undefined): void {
    if (waiting === (problem !== undefined)) return;
    waiting = problem !== undefined;
    for (const watcher of watchers) watcher(problem);
  }

  /** Does it until it is done, or stops the journal. */
  async function untilDone(work: () => Promise<void>): Promise<void> {
    for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      if (stopped) throw stopped;
      try {
        await work();
        return tell(undefined);
      } catch (error) {
        if (finished || !passes(error)) throw stop(error);
        tell(error as Error);
      }
      await rest(pause);
      if (finished) throw stop(new Error('it was closed while its storage was away'));
    }
  }

  function rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (finished) wake();
    });
  }

  async function take(texts: readonly string[]): Promise<void> {
    if (stopped) throw stopped;
    if (texts.length === 0) return;
    try {
      checkLines(texts);
    } catch (error) {
      throw stop(error);
    }
    await untilDone(() => write(texts));
  }

  function inTurn(work: () => Promise<void>): Promise<void> {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  }

  return {
    append(texts) {
      if (finished) return Promise.reject(stopped ?? new JournalStopped(place, new Error('it is closed')));
      return inTurn(() => take(texts));
    },
    mend(problem, work) {
      if (finished || stopped) return;
      tell(problem);
      // Whoever watches is told where it cannot be mended.
      inTurn(() => untilDone(work)).catch(() => undefined);
    },
    watch: (watcher) => void watchers.add(watcher),
    finish() {
      finished = true;
      wake();
      return last;
    },
  };
}

// A line feed would make two lines of one where lines are kept together; a NUL is what unwritten space reads as; half
// of a surrogate pair cannot be written in UTF-8 and would read back as another text.
const UNWRITABLE = /[\n\0\p{Surrogate}]/u;

function checkLines(texts: readonly string[]): void {
  for (const text of texts)
    assert(!UNWRITABLE.test(text), 'A journal line holds what cannot be journaled', { text: text.slice(0, 80) });
}
