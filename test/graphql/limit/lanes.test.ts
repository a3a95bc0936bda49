/** Turns and places: who goes on when, counted. A key that floods waits for itself. */

import { createPlaces, createTurns } from '../../../src/graphql/limit/lanes';
import { inSlices } from '../../../src/graphql/limit/slices';

/** Time that passes when it is told to: what is done later, step by step. */
function steps() {
  const waiting: (() => void)[] = [];
  async function settle(): Promise<void> {
    for (let i = 0; i < 10; i++) await Promise.resolve();
  }
  return {
    later: (work: () => void): void => void waiting.push(work),
    async step(): Promise<boolean> {
      const work = waiting.shift();
      work?.();
      await settle();
      return work !== undefined;
    },
  };
}

test('one turn at a time, one key after the other, each key’s own in their order', async () => {
  const { later, step } = steps();
  const { turn } = createTurns({ later, now: () => 0 });
  const order: string[] = [];
  const wants = (key: string, name: string): void => void turn(key).then(() => order.push(name));
  for (let i = 0; i < 4; i++) wants('flood', `flood ${i}`);
  wants('a', 'a 0');
  wants('b', 'b 0');
  wants('a', 'a 1');
  const done: number[] = [];
  while (await step()) done.push(order.length);
  expect(order).toEqual(['flood 0', 'a 0', 'b 0', 'flood 1', 'a 1', 'flood 2', 'flood 3']);
  expect(done.slice(0, 7)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  wants('flood', 'again');
  await step();
  expect(order.at(-1)).toBe('again');
});

test('RLM-1 a key with long turns rests between them while another is at work, and does not when it is alone', async () => {
  let now = 0;
  const timers: { at: number; work: () => void }[] = [];
  const { later, step } = steps();
  const after = (ms: number, work: () => void): void => void timers.push({ at: now + ms, work });
  const { turn } = createTurns({ later, after, now: () => now });
  const began: [string, number][] = [];
  const works = (key: string, ms: number): void =>
    void turn(key).then(() => {
      began.push([key, now]);
      now += ms;
    });
  async function run(until: number): Promise<void> {
    while (now < until) {
      while (await step());
      const next = timers.sort((a, b) => a.at - b.at).shift();
      if (!next) return;
      now = Math.max(now, next.at);
      next.work();
    }
  }
  for (let i = 0; i < 3; i++) works('heavy', 10);
  await run(1_000);
  expect(began).toEqual([
    ['heavy', 0],
    ['heavy', 10],
    ['heavy', 20],
  ]);
  began.length = 0;
  works('light', 0);
  for (let i = 0; i < 3; i++) works('heavy', 10);
  await run(1_000);
  expect(began).toEqual([
    ['light', 30],
    ['heavy', 30],
    ['heavy', 60],
    ['heavy', 90],
  ]);
  // Whoever has short turns never waits for one who rests.
  works('heavy', 10);
  await run(101);
  works('light', 0);
  while (await step());
  expect(began.at(-1)).toEqual(['light', now]);
});

test('so many places for each key, and so many that wait for one; whoever leaves twice leaves once', async () => {
  const { enter } = createPlaces(2, 1);
  const first = await enter('a');
  const second = await enter('a');
  let third: (() => void) | undefined;
  void enter('a')?.then((leave) => {
    third = leave;
  });
  expect(enter('a')).toBeUndefined();
  expect(await enter('b')).toBeInstanceOf(Function);
  expect(third).toBeUndefined();
  first?.();
  first?.();
  await Promise.resolve();
  await Promise.resolve();
  expect(third).toBeInstanceOf(Function);
  expect(await Promise.race([enter('a'), Promise.resolve('waits')])).toBe('waits');
  second?.();
  third?.();
});

test('a long list is completed in slices, one a turn, and is the same list', async () => {
  const { later, step } = steps();
  const { turn } = createTurns({ later });
  const items = Array.from({ length: 101 }, (_, i) => ({ i }));
  const list = inSlices(items, () => turn('a')) as readonly unknown[];
  const reached = new Set<number>();
  for (const [i, item] of list.entries()) void Promise.resolve(item).then(() => reached.add(i));
  await step();
  const counts = [reached.size];
  while (await step()) counts.push(reached.size);
  expect(counts.slice(0, 5)).toEqual([25, 50, 75, 100, 101]);
  expect(await Promise.all(list)).toEqual(items);
  expect(inSlices(items.slice(0, 25), () => turn('a'))).toEqual(items.slice(0, 25));
  expect(inSlices(null, () => turn('a'))).toBeNull();
});
