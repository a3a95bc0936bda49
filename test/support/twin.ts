/**
 * Other states that live through the same journal: one applies the recorded events, one executes the commands again.
 */

import { deserialize, serialize } from 'node:v8';
import { digestOf, linesOf } from '../../src/core/engine/digest';
import { applyEntry, execute } from '../../src/core/engine/execute';
import { createState } from '../../src/core/engine/genesis';
import { restoreState, type SavedState, saveState } from '../../src/core/engine/snapshot';
import { nextDeadline } from '../../src/core/engine/time';
import type { Entry } from '../../src/core/message/envelope';
import type { State } from '../../src/core/model/state';
import { decodeEntry, encodeEntry } from '../../src/sequencer/entryText';

/** The state as it is after being written down and read back. */
export const restored = (state: State): State => restoreState(deserialize(serialize(saveState(state))) as SavedState);

/** A state that applies entries as the journal has them: as text. */
export const applyText = (state: State, entry: Entry): void => applyEntry(state, decodeEntry(encodeEntry(entry)));

/** Executes an entry's command again; what came of it must be, letter by letter, what is recorded. */
export function executeAgain(state: State, entry: Entry): void {
  const { outcome: _, ...envelope } = decodeEntry(encodeEntry(entry));
  expect(encodeEntry({ ...envelope, outcome: execute(state, envelope) })).toBe(encodeEntry(entry));
}

/**
 * Two states that cannot be told apart: the same digest, and the same instant at which they next need to be told the
 * time.
 */
export function expectTwins(a: State, b: State): void {
  // Only where the digests differ are the lines worth comparing, to show which of them does.
  if (digestOf(a) !== digestOf(b)) expect([...linesOf(a)]).toEqual([...linesOf(b)]);
  expect(nextDeadline(a)).toBe(nextDeadline(b));
  expect(a.deadlines.size).toBe(b.deadlines.size);
  // What the digest leaves out because it follows from the rest.
  expect([...a.auctionLoad].sort()).toEqual([...b.auctionLoad].sort());
  expect(queuesOf(a)).toEqual(queuesOf(b));
}

const queuesOf = ({ auctionQueues }: State): string[] =>
  [...auctionQueues]
    .flatMap(([currency, queues]) =>
      [...queues].map(([lot, queue]) => `${currency} ${lot} ${queue.size} ${queue.first()?.key}`),
    )
    .filter((line) => !line.includes(' 0 '))
    .sort();

/** A journal applied to an empty house, and one executed again: both end where the living one stands.  DS-1 */
export function expectReplays(state: State, entries: readonly Entry[]): void {
  const [applied, executed] = [createState(), createState()];
  for (const entry of entries) {
    applyText(applied, entry);
    executeAgain(executed, entry);
  }
  expectTwins(applied, state);
  expectTwins(executed, state);
}
