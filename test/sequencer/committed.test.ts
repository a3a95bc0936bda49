/** The last entries are kept by what they take, not by how many they are. */

import { committedOf, createRecent } from '../../src/sequencer/committed';
import { type Committed } from '../../src/sequencer/house';

const entryOf = (seq: number, characters: number): Committed =>
  committedOf({ seq, text: 'x'.repeat(characters), hash: '' });

test.each([
  [100, 1_000],
  [1_000, 100],
  [100_000, 7],
])(
  '%d characters each, %d of them: never more is kept than twice the limit, and always the newest',
  (characters, count) => {
    const recent = createRecent(0, 5_000);
    for (let seq = 1; seq <= count; seq++) {
      recent.add([entryOf(seq, characters)]);
      const kept = seq + 1 - recent.first;
      expect(kept * characters).toBeLessThanOrEqual(10_000);
    }
    for (let known = recent.first; known <= count; known++) expect(recent.at(known)?.seq).toBe(known);
    expect(recent.at(recent.first - 1)).toBeUndefined();
  },
);

test('what is kept of an entry that nobody reads is its text', () => {
  const prototypes = new Set(Array.from({ length: 3 }, (_, i) => Object.getPrototypeOf(entryOf(i + 1, 10))));
  // One shape for all: a getter made for each would take more room than the text.
  expect(prototypes.size).toBe(1);
  expect(Object.keys(entryOf(1, 10))).toEqual(['seq', 'text', 'hash']);
});
