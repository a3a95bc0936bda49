/**
 * Answers to what was sent together, once it is durable. What was done before is looked up in the journal, one entry
 * after the other; the house goes on meanwhile.
 */

import type { Seq } from '../units/quantity';
import { type Answer, type Committed, Unavailable } from './house';

/** An answer, or the entry that has it: the same was sent before. */
export type Pending = Answer | { readonly repeats: Seq };

export interface Asker {
  readonly pending: readonly Pending[];
  readonly resolve: (answers: Answer[]) => void;
  readonly reject: (error: unknown) => void;
}

type Read = (after: Seq) => AsyncIterable<Committed>;

export function answerWhole({ pending, resolve, reject }: Asker, read: Read): void {
  if (pending.some((one) => 'repeats' in one)) lookUp(pending, read).then(resolve, reject);
  else resolve(pending as Answer[]);
}

async function lookUp(pending: readonly Pending[], read: Read): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const one of pending) answers.push('repeats' in one ? await firstAnswer(one.repeats, read) : one);
  return answers;
}

async function firstAnswer(seq: Seq, read: Read): Promise<Answer> {
  for await (const { entry } of read(seq - 1))
    return { seq: entry.seq, at: entry.at, outcome: entry.outcome, replayed: true };
  throw new Unavailable('JOURNAL_DOWN', 'The first answer could not be read', 1000);
}
