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
  const { turn } = createTurns(later);
  const order: string[] = [];
  const wants = (key: string, name: string): void => void turn(key).then(() => order.push(name));
  for (let i = 0; i < 4; i++) wants('flood', `flood ${i}`);
  wants('a', 'a 0');
  wants('b', 'b 0');
  wants('a', 'a 1');
  const done: number[] = [];
  while (await step()) done.push(order.length);
  expect(order).toEqual(['flood 0', 'a 0', 'b 0', 'flood 1', 'a 1', 'flood 2', 'flood 3']);
  expect(done).toEqual([1, 2, 3, 4, 5, 6, 7]);
  wants('flood', 'again');
  await step();
  expect(order.at(-1)).toBe('again');
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
  const { turn } = createTurns(later);
  const items = Array.from({ length: 101 }, (_, i) => ({ i }));
  const list = inSlices(items, () => turn('a')) as readonly unknown[];
  const reached = new Set<number>();
  for (const [i, item] of list.entries()) void Promise.resolve(item).then(() => reached.add(i));
  await step();
  const counts = [reached.size];
  while (await step()) counts.push(reached.size);
  expect(counts).toEqual([25, 50, 75, 100, 101]);
  expect(await Promise.all(list)).toEqual(items);
  expect(inSlices(items.slice(0, 25), () => turn('a'))).toEqual(items.slice(0, 25));
  expect(inSlices(null, () => turn('a'))).toBeNull();
});
