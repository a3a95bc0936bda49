/**
 * Calls between threads: answers, errors that stay what they were, the order of what is said, and a thread that is
 * gone.
 */

import { join } from 'node:path';
import { startThread, type Thread, ThreadLost } from '../../src/thread/thread';
import { PARROT_KINDS, type ParrotCalls, type ParrotNews, Refused, RefusedForGood } from './parrotKinds';

let heard: string[];
let lost: Error[];
let thread: Thread<ParrotCalls>;
beforeEach(() => {
  [heard, lost] = [[], []];
  thread = startThread<ParrotCalls, ParrotNews>(join(__dirname, 'parrot'), {
    name: 'parrot',
    here: { heard: (text) => void heard.push(text) },
    kinds: PARROT_KINDS,
    onLost: (error) => void lost.push(error),
  });
});
afterEach(() => thread.end());

const caught = (asked: Promise<unknown>): Promise<Error> =>
  asked.then(
    () => new Error('It did not throw'),
    (error: Error) => error,
  );

test('what is asked is answered, what is told arrives before the answer to what was asked later', async () => {
  expect(await thread.ask('say', 'hello')).toBe('hello');
  for (const text of ['a', 'b', 'c']) thread.tell('echo', text);
  await thread.ask('say', 'now');
  expect(heard).toEqual(['a', 'b', 'c']);
  expect(await Promise.all(['x', 'y'].map((text) => thread.ask('say', text)))).toEqual(['x', 'y']);
});

test('of what is asked in one turn only what cannot be copied fails, and the order stays', async () => {
  const beyond = (() => undefined) as unknown as string;
  const asked = ['a', beyond, 'b'].map((text) => thread.ask('say', text));
  thread.tell('echo', 'c');
  const [first, second, third] = await Promise.allSettled(asked);
  expect([first, third]).toEqual([
    { status: 'fulfilled', value: 'a' },
    { status: 'fulfilled', value: 'b' },
  ]);
  expect(second).toMatchObject({ status: 'rejected', reason: { name: 'DataCloneError' } });
  await thread.ask('say', 'd');
  expect(heard).toEqual(['c']);
});

test('an error keeps its class, its fields and its cause', async () => {
  const [plain, narrow] = [await caught(thread.ask('refuse', false)), await caught(thread.ask('refuse', true))];
  expect(plain).toBeInstanceOf(Refused);
  expect(plain).not.toBeInstanceOf(RefusedForGood);
  expect(narrow).toBeInstanceOf(RefusedForGood);
  expect([narrow.name, narrow.message, (narrow as Refused).facts]).toEqual([
    'RefusedForGood',
    'no',
    { amount: 7n, reasons: ['one', 'two'] },
  ]);
  expect(narrow.cause).toMatchObject({ name: 'RangeError', message: 'too much' });
  expect(narrow.stack).toContain('parrot.ts');
});

test('an error of no known class keeps its name and what of it can cross', async () => {
  const error = await caught(thread.ask('refuseStrangely', null));
  expect(error).toMatchObject({ name: 'TypeError', message: 'odd', code: 'ENOENT', work: 'Symbol(work)' });
});

test.each(['fall', 'leave'] as const)(
  'a thread that ends by itself is told of once, and whoever waits for it: %s',
  async (way) => {
    const waiting = caught(thread.ask(way, null));
    expect(await waiting).toBeInstanceOf(ThreadLost);
    expect(await caught(thread.ask('say', 'anybody?'))).toBeInstanceOf(ThreadLost);
    // The end of the thread comes after its error.
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(lost).toHaveLength(1);
    expect(String(lost[0])).toContain(way === 'fall' ? 'fallen' : 'exit code 7');
  },
);

test('a thread that is ended is not lost, but answers nothing any more', async () => {
  const waiting = caught(thread.ask('fall', null));
  await thread.end();
  expect(await waiting).toBeInstanceOf(ThreadLost);
  expect(lost).toEqual([]);
});
