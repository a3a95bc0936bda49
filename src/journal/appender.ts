/**
 * What every durable journal does around its own way of writing: one append after the other, lines checked, and nothing
 * more taken once an append has failed, because what is durable is then unknown until the journal is opened again.
 */

import { assert } from '../units/failure';

/** The journal takes nothing more: an append failed before, or the journal is closed. Open it again to know what is durable. */
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
  /** From now on every append rejects with this cause. The first cause stays. */
  stop(cause: unknown): void;
  /** Takes nothing more; resolves when the appends that were asked for before are done, well or not. */
  finish(): Promise<void>;
}

export function createAppender(place: string, write: (texts: readonly string[]) => Promise<void>): Appender {
  let stopped: JournalStopped | undefined;
  let finished = false;
  let last: Promise<void> = Promise.resolve();

  const stop = (cause: unknown): JournalStopped => {
    stopped ??= cause instanceof JournalStopped ? cause : new JournalStopped(place, cause);
    return stopped;
  };

  async function take(texts: readonly string[]): Promise<void> {
    if (stopped) throw stopped;
    if (texts.length === 0) return;
    try {
      checkLines(texts);
      await write(texts);
    } catch (error) {
      throw stop(error);
    }
  }

  return {
    append(texts) {
      if (finished) return Promise.reject(stopped ?? new JournalStopped(place, new Error('it is closed')));
      const turn = last.then(() => take(texts));
      last = turn.catch(() => undefined);
      return turn;
    },
    stop,
    finish() {
      finished = true;
      return last;
    },
  };
}

// A line feed would make two lines of one where lines are kept together; a NUL is what unwritten space reads as; half of a
// surrogate pair cannot be written in UTF-8 and would read back as another text.
const UNWRITABLE = /[\n\0\p{Surrogate}]/u;

function checkLines(texts: readonly string[]): void {
  for (const text of texts) assert(!UNWRITABLE.test(text), 'A journal line holds what cannot be journaled', { text: text.slice(0, 80) });
}
