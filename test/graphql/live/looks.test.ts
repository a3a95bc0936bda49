/**
 * Looks at health are shared by those who watch the same accounts, are never older than what was seen, and never ahead
 * of what is durable.
 */

import { createLooks } from '../../../src/graphql/live/looks';
import type { Pulse } from '../../../src/graphql/live/pulse';
import type { House } from '../../../src/sequencer/house';
import { instant } from '../../../src/units/quantity';

const INTERVAL_MS = 40;

/** A house that counts how often it is asked, and a pulse that says how much of it is durable. */
function watched() {
  const asked: string[] = [];
  const now = { seq: 1, durable: 1 };
  const waiting = new Set<() => void>();
  const house: Pick<House, 'health'> = {
    async health(accounts) {
      asked.push(accounts.join());
      return { seq: now.seq, at: instant(now.seq), health: [] };
    },
  };
  const pulse: Pulse = {
    get seq() {
      return now.durable;
    },
    stopped: false,
    next: () => new Promise((resolve) => waiting.add(resolve)),
    rest: () => Promise.resolve(),
    join: () => {
      throw new Error('A look at accounts follows no topic');
    },
    stop: () => undefined,
  };
  const commit = (durable: number): void => {
    now.durable = durable;
    for (const wake of waiting) wake();
  };
  return { asked, now, commit, looks: createLooks(house as House, pulse, INTERVAL_MS) };
}

const aWhile = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('AH-4 a hundred who watch the same accounts are one look; others have one of their own', async () => {
  const { asked, looks } = watched();
  const all = await Promise.all(Array.from({ length: 100 }, () => looks.after(-1, ['alice'])));
  expect(new Set(all).size).toBe(1);
  expect(asked).toEqual(['alice']);
  await Promise.all([looks.after(-1, ['alice']), looks.after(-1, ['bob']), looks.after(-1, ['alice', 'bob'])]);
  expect(asked).toEqual(['alice', 'bob', 'alice,bob']);
});

test('AH-4 who has seen a look is given a newer one, and the others that one too', async () => {
  const { asked, now, commit, looks } = watched();
  expect((await looks.after(-1, ['alice'])).seq).toBe(1);
  now.seq = 2;
  commit(2);
  const [newer, late] = await Promise.all([
    looks.after(1, ['alice']),
    aWhile(5).then(() => looks.after(-1, ['alice'])),
  ]);
  expect([newer.seq, late.seq]).toEqual([2, 2]);
  expect(asked).toHaveLength(2);
});

test('AH-4 several who have seen the last look ask together, and are one look again', async () => {
  const { asked, now, commit, looks } = watched();
  await looks.after(-1, ['alice']);
  now.seq = 2;
  commit(2);
  const newer = await Promise.all(Array.from({ length: 20 }, () => looks.after(1, ['alice'])));
  expect(newer.map(({ seq }) => seq)).toEqual(Array(20).fill(2));
  expect(asked).toHaveLength(2);
});

test('AH-4 a look is not given again after its interval', async () => {
  const { asked, looks } = watched();
  await looks.after(-1, ['alice']);
  await aWhile(INTERVAL_MS + 10);
  await looks.after(-1, ['alice']);
  expect(asked).toHaveLength(2);
});

test('X-7 what is not durable yet is not shown', async () => {
  const { now, commit, looks } = watched();
  now.seq = 5;
  let shown = false;
  const look = looks.after(-1, ['alice']).then((taken) => {
    shown = true;
    return taken;
  });
  await aWhile(5);
  commit(4);
  await aWhile(5);
  expect(shown).toBe(false);
  commit(5);
  expect((await look).seq).toBe(5);
});
