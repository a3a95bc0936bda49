/**
 * The compact memory beside a plain Map with times: they know the same, whatever comes and however long it is.  DS-3
 */

import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { sha256OfBytes, sha256Words } from '../../src/units/hash';
import { instant } from '../../src/units/quantity';
import { createRecall, type Recall, restoreRecall } from '../../src/units/recall';

const LIFE = 1000;

interface Plain {
  readonly at: number;
  readonly seq: number;
  readonly fact: number;
  readonly holder: string;
}

/** A memory and its rival, told the same. */
function createPair(recall: Recall = createRecall(1)) {
  const plain = new Map<string, Plain>();
  let seq = 0;
  return {
    recall,
    plain,
    add(key: string, holder: string, at: number): void {
      seq += 1;
      recall.add({ print: sha256Words(key, 4), holder, at: instant(at), seq, facts: [seq] });
      plain.set(key, { at, seq, fact: seq, holder });
    },
    forget(at: number): void {
      recall.forget(instant(at - LIFE));
      for (const [key, seen] of plain) if (seen.at <= at - LIFE) plain.delete(key);
    },
  };
}

type Pair = ReturnType<typeof createPair>;

function expectSame({ recall, plain }: Pair, keys: readonly string[], at: number): void {
  for (const key of keys) {
    const seen = recall.find(sha256Words(key, 4), instant(at - LIFE));
    const known = plain.get(key);
    expect(seen && { at: seen.at, seq: seen.seq, fact: seen.facts[0] }).toEqual(
      known && known.at > at - LIFE ? { at: known.at, seq: known.seq, fact: known.fact } : undefined,
    );
  }
}

/**
 * A key that is seen again takes the place of the earlier sighting, which is kept on its holder's account until its
 * time.
 */
const distinct = fc.uniqueArray(
  fc.record({ key: fc.nat(5000), holder: fc.constantFrom('a', 'b', 'c'), wait: fc.nat(40) }),
  {
    selector: ({ key }) => key,
    maxLength: 400,
  },
);

test('DS-3 it knows what a Map with times knows, before, after and across a snapshot', () => {
  fc.assert(
    fc.property(distinct, fc.nat(399), (steps, saveAt) => {
      let pair = createPair();
      const keys = steps.map(({ key }) => `k${key}`);
      let at = 0;
      for (const [i, { key, holder, wait }] of steps.entries()) {
        at += wait;
        pair.forget(at);
        pair.add(`k${key}`, holder, at);
        if (i !== saveAt) continue;
        const again = createPair(restoreRecall(deserialize(serialize(pair.recall.save()))));
        expect(sha256OfBytes(again.recall.content())).toBe(sha256OfBytes(pair.recall.content()));
        for (const [known, seen] of pair.plain) again.plain.set(known, seen);
        pair = again;
      }
      expectSame(pair, keys, at);
      expectSame(pair, keys, at + LIFE / 2);
      expect(pair.recall.size).toBe(pair.plain.size);
      for (const holder of ['a', 'b', 'c', 'nobody']) {
        expect(pair.recall.heldBy(holder)).toBe(
          [...pair.plain.values()].filter((seen) => seen.holder === holder).length,
        );
      }
      expect(pair.recall.oldest).toBe([...pair.plain.values()][0]?.at);
    }),
    { numRuns: 60 },
  );
});

test('DS-3 many segments and tables: nothing is lost, and what is forgotten gives its memory back', () => {
  const pair = createPair();
  const every = 97;
  const count = 150_000;
  for (let i = 0; i < count; i++) pair.add(`k${i}`, 'a', Math.floor(i / 1000));
  const some = Array.from({ length: Math.ceil(count / every) }, (_, i) => `k${i * every}`);
  expect(pair.recall.size).toBe(count);
  for (const key of some)
    expect(pair.recall.find(sha256Words(key, 4), instant(-1))?.seq).toBe(pair.plain.get(key)?.seq);
  expect(pair.recall.find(sha256Words('other', 4), instant(-1))).toBeUndefined();
  const full = pair.recall.bytes();
  // What a key takes, with all that is prepared and not used yet.
  expect(full / count).toBeLessThan(55);
  pair.forget(LIFE + 149);
  expect(pair.recall.size).toBe(pair.plain.size);
  for (const key of some)
    expect(pair.recall.find(sha256Words(key, 4), instant(-1))?.seq).toBe(pair.plain.get(key)?.seq);
  pair.forget(LIFE + 150);
  expect([pair.recall.size, pair.recall.oldest, pair.recall.heldBy('a')]).toEqual([0, undefined, 0]);
  expect(pair.recall.bytes()).toBeLessThan(full / 2);
  // As much again finds its place in what was there before.
  for (let i = 0; i < count; i++) pair.add(`l${i}`, 'b', LIFE + 150);
  expect(pair.recall.bytes()).toBeLessThan(full * 1.4);
});

test('a key seen again is known by its last time', () => {
  const pair = createPair();
  pair.add('k', 'a', 0);
  pair.add('k', 'a', 900);
  pair.recall.forget(instant(500));
  expectSame(pair, ['k'], 1000);
  expect(pair.recall.find(sha256Words('k', 4), instant(0))).toMatchObject({ at: 900, seq: 2 });
  expect(pair.recall.size).toBe(1);
});

test('months and billions of entries between two sightings are no matter', () => {
  const recall = createRecall(0);
  const year = 365 * 86_400_000;
  const note = (key: string, at: number, seq: number): void =>
    recall.add({ print: sha256Words(key, 4), holder: 'a', at: instant(at), seq, facts: [] });
  note('a', 0, 1);
  note('b', year, 5e9);
  note('c', 2 * year, 9e15);
  for (const [key, at, seq] of [
    ['a', 0, 1],
    ['b', year, 5e9],
    ['c', 2 * year, 9e15],
  ] as const)
    expect(recall.find(sha256Words(key, 4), instant(-1))).toMatchObject({ at, seq });
  recall.forget(instant(year));
  expect([recall.size, recall.oldest]).toEqual([1, 2 * year]);
});

test('a print is the beginning of the SHA-256 that everybody knows', () => {
  // SHA-256 of "abc", FIPS 180-2, appendix B.1.
  expect([...sha256Words('abc', 4)]).toEqual([0xba7816bf, 0x8f01cfea, 0x414140de, 0x5dae2223]);
});
