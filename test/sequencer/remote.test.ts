/**
 * A house used from the other side of a channel: the same answers, the same entries, the same refusals as the house
 * itself.
 */

import { MessageChannel } from 'node:worker_threads';
import { createState } from '../../src/core/engine/genesis';
import type { Command } from '../../src/core/message/command';
import { SYSTEM } from '../../src/core/model/actor';
import { type Journal, JournalCorrupt } from '../../src/journal/journal';
import { createMemoryJournal } from '../../src/journal/memory';
import { createClock } from '../../src/sequencer/clock';
import { encodeEntry } from '../../src/sequencer/entryText';
import { type Answer, type Committed, type House, type Submission, Unavailable } from '../../src/sequencer/house';
import { createSequencer } from '../../src/sequencer/sequencer';
import { type Commit, type FollowerCalls, HOUSE_KINDS, type HouseCalls } from '../../src/sequencer/thread/calls';
import { joinHouse, type RemoteHouse, type RemoteOptions } from '../../src/sequencer/thread/remote';
import { type ServeHouseOptions, serveHouse } from '../../src/sequencer/thread/serve';
import { openLine } from '../../src/thread/line';
import { instant } from '../../src/units/quantity';
import { onePerpetual } from '../support/given';
import { START } from '../support/house';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

interface Both {
  readonly inside: House;
  readonly journal: Journal;
  readonly faults: unknown[];
  readonly channel: MessageChannel;
}

function served(options: Partial<ServeHouseOptions> = {}): Both {
  const journal = createMemoryJournal();
  const faults: unknown[] = [];
  const onError = (error: unknown): void => void faults.push(error);
  const clock = createClock({ stands: START });
  const inside = createSequencer({
    state: createState(),
    journal,
    clock,
    recentSize: 1_500,
    surveyEveryMs: 0,
    onFatal: onError,
  });
  const channel = new MessageChannel();
  const stop = serveHouse(channel.port1, { house: inside, clock, onError, ...options });
  ends.push(stop, () => channel.port1.close());
  return { inside, journal, faults, channel };
}

const join = ({ channel, faults }: Both, options: Partial<RemoteOptions> = {}): Promise<RemoteHouse> =>
  joinHouse(channel.port2, { onError: (error) => void faults.push(error), ...options });

const submissionOf = (command: Command, key: string | null = null): Submission => ({ actor: SYSTEM, command, key });
const SETUP: readonly Submission[] = onePerpetual().entries.map(({ command, at }, i) => ({
  actor: SYSTEM,
  command,
  at,
  key: `setup ${i}`,
}));
const PRICE = { instrument: 'BTC-PERP', price: '50000', bid: null, ask: null, observedAt: null };
const memberOf = (i: number): Submission =>
  submissionOf({ type: 'AdmitMember', member: `m${i}`, name: `Member ${i}` }, `member ${i}`);
const members = (count: number, from = 0): Submission[] => Array.from({ length: count }, (_, i) => memberOf(from + i));

async function all(entries: AsyncIterable<Committed>): Promise<Committed[]> {
  const read: Committed[] = [];
  for await (const committed of entries) read.push(committed);
  return read;
}

/** What an answer is, without how it came about. */
const plain = (answers: readonly Answer[]): unknown =>
  JSON.parse(JSON.stringify(answers, (_, value) => (typeof value === 'bigint' ? `${value}` : value)));

test('answers of every kind are those of the house itself', async () => {
  const both = served();
  const remote = await join(both);
  const asked: readonly Submission[] = [
    ...SETUP,
    submissionOf({ type: 'AdmitMember', member: 'broker', name: 'Twice' }),
    submissionOf({ type: 'SubmitMarkPrices', source: 'venue', prices: [{ ...PRICE, price: '1.2.3' }] }),
    SETUP[0] as Submission,
    { ...(SETUP[1] as Submission), key: 'setup 0' },
    memberOf(1),
  ];
  const twin = served().inside;
  const answers = await remote.submit(asked);
  expect(plain(answers)).toEqual(plain(await twin.submit(asked)));
  const kinds = answers
    .slice(SETUP.length)
    .map((answer) =>
      'malformed' in answer
        ? 'MALFORMED'
        : 'rejection' in answer.outcome
          ? answer.outcome.rejection.code
          : answer.replayed,
    );
  expect(kinds).toEqual(['ALREADY_EXISTS', 'MALFORMED', true, 'IDEMPOTENCY_KEY_REUSED', false]);
  expect(await remote.digest()).toEqual(await twin.digest());
  expect({ ...remote.status(), watch: null }).toEqual({ ...twin.status(), watch: null });
});

test('what was committed is known, and followers have it, before its answer comes', async () => {
  const both = served();
  const remote = await join(both);
  const followed: number[] = [];
  const unfollow = remote.follow((batch) => followed.push(...batch.map(({ entry }) => entry.seq)));
  const [answer] = await remote.submit(members(1));
  expect(answer).toMatchObject({ seq: 1 });
  expect([followed, remote.status().seq]).toEqual([[1], 1]);
  unfollow();
  await remote.submit(members(1, 1));
  expect([followed, remote.status().seq]).toEqual([[1], 2]);
});

test('entries are read from the ones that are kept and, beyond them, from the journal', async () => {
  const both = served();
  await both.inside.submit(members(20));
  const remote = await join(both, { recentSize: 1_500 });
  for (let i = 0; i < 30; i++) await remote.submit(members(1, 20 + i));
  for (const after of [0, 7, 19, 20, 44, 49, 50]) {
    const read = await all(remote.read(after));
    expect(read.map(({ seq }) => seq)).toEqual(Array.from({ length: 50 - after }, (_, i) => after + 1 + i));
    for (const { entry, text } of read) expect(encodeEntry(entry)).toBe(text);
  }
  expect((await all(remote.read(0))).at(-1)?.hash).toBe(both.journal.lastHash);
});

test('a reader that rests while many more are committed goes on without a gap', async () => {
  const both = served();
  const remote = await join(both, { recentSize: 900 });
  await remote.submit(members(10));
  const reader = remote.read(0)[Symbol.asyncIterator]();
  const read = [await reader.next(), await reader.next()];
  for (let i = 0; i < 20; i++) await remote.submit(members(1, 10 + i));
  for (let next = await reader.next(); !next.done; next = await reader.next()) read.push(next);
  // Up to the last at the time of asking.
  expect(read.map(({ value }) => value.seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

describe('a side that is slow', () => {
  /** A follower that says itself when it has taken something in. */
  async function slow(both: Both) {
    const commits: Commit[] = [];
    const line = openLine<HouseCalls, FollowerCalls>(
      both.channel.port2,
      { committed: (commit) => void commits.push(commit) },
      HOUSE_KINDS,
    );
    await line.ask('join', null);
    const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
    return { line, pause, texts: () => commits.flatMap(({ texts }) => texts) };
  }

  test('is told no more than it has room for, the rest when it has, and answers only behind their entries', async () => {
    const both = served({ untaken: 1_000 });
    const { line, pause, texts } = await slow(both);
    const size = (told: readonly string[]): number => told.reduce((sum, text) => sum + text.length, 0);
    let answered = 0;
    const answers: Promise<number>[] = [];
    for (const submission of members(20)) {
      answers.push(line.ask('submit', [submission]).then(() => (answered += 1)));
      // Asked in one turn they would be one commit.
      await pause();
    }
    await both.inside.submit(members(20, 20));
    await pause();
    // A commit too many, for it has room until it has none; everything is durable meanwhile.
    const first = texts();
    expect(both.journal.lastSeq).toBe(40);
    expect(size(first.slice(0, -1))).toBeLessThanOrEqual(1_000);
    expect(size(first)).toBeGreaterThan(1_000);
    expect(answered).toBe(first.length);
    // Taking a little gives no room yet, taking it all does: the rest comes from the journal, then what is new.
    line.tell('took', 300);
    await pause();
    expect(texts()).toEqual(first);
    line.tell('took', size(first) - 300);
    await Promise.all(answers);
    line.tell('took', size(texts()) - size(first));
    await line.ask('submit', members(1, 40));
    const journaled: string[] = [];
    for await (const { text } of both.journal.read(1)) journaled.push(text);
    expect(texts()).toEqual(journaled);
    expect(journaled).toHaveLength(41);
  });

  test('that takes in what it is told is told everything as it comes', async () => {
    const both = served({ untaken: 1_000 });
    const remote = await join(both);
    for (let i = 0; i < 50; i++) await remote.submit(members(3, 3 * i));
    expect(remote.status().seq).toBe(150);
    expect((await all(remote.read(0))).map(({ seq }) => seq)).toEqual(Array.from({ length: 150 }, (_, i) => i + 1));
  });
});

test('a clock that is set here is set there, before what is asked next', async () => {
  const clock = createClock({ stands: START });
  const both = served();
  const remote = await join(both, { clock });
  const later = instant(START + 3_600_000);
  clock.apply({ stands: later });
  const [moved, kept] = await remote.submit([memberOf(1), { ...memberOf(2), at: START }]);
  expect([moved, kept]).toMatchObject([{ at: later }, { at: later }]);
  expect(remote.status().now).toBe(later);
  clock.apply({ ahead: 0 });
  const [now] = await remote.submit([memberOf(3)]);
  expect(Math.abs((now as { at: number }).at - Date.now())).toBeLessThan(5_000);
});

describe('errors are the same errors', () => {
  const caught = (asked: Promise<unknown>): Promise<Unavailable> =>
    asked.then(
      () => Promise.reject(new Error('It did not throw')),
      (error) => error,
    );

  test('a queue that is full, here and there', async () => {
    const remote = await join(served(), { queueLimit: 10 });
    const full = await caught(remote.submit(members(11)));
    expect(full).toBeInstanceOf(Unavailable);
    expect([full.code, full.retryAfterMs]).toEqual(['QUEUE_FULL', 250]);
    // What waits counts, and counts no more when it is answered.
    const waiting = remote.submit(members(6));
    expect([remote.status().queued, (await caught(remote.submit(members(5, 6)))).code]).toEqual([6, 'QUEUE_FULL']);
    await waiting;
    expect(await remote.submit(members(10, 6))).toHaveLength(10);
    const there = await caught((await join(served())).submit(members(20_500)));
    expect([there instanceof Unavailable, there.code, there.retryAfterMs]).toEqual([true, 'QUEUE_FULL', 250]);
  });

  test('a journal that fails stops the house', async () => {
    const both = served();
    const remote = await join(both);
    both.journal.append = () => Promise.reject(new Error('The disk is gone'));
    expect(await caught(remote.submit(members(1)))).toMatchObject({
      name: 'Unavailable',
      code: 'JOURNAL_DOWN',
      retryAfterMs: 5000,
    });
    expect(remote.status().running).toBe(false);
    expect(both.faults.map(String)).toEqual(['Error: The disk is gone']);
    expect(await caught(remote.submit(members(1)))).toBeInstanceOf(Unavailable);
  });

  test('a damaged journal says where', async () => {
    const both = served();
    await both.inside.submit(members(20));
    both.journal.read = () => {
      throw new JournalCorrupt('segment 1, byte 4711', 3, 'a wrong checksum');
    };
    const error = await caught(all((await join(both)).read(0)));
    expect(error).toBeInstanceOf(JournalCorrupt);
    expect(error).toMatchObject({ place: 'segment 1, byte 4711', seq: 3, found: 'a wrong checksum' });
  });

  test('somebody who follows and fails is reported, and keeps nothing from the others', async () => {
    const both = served();
    const remote = await join(both);
    const seen: number[] = [];
    remote.follow(() => {
      throw new RangeError('not my day');
    });
    remote.follow((batch) => seen.push(batch.length));
    await remote.submit(members(2));
    // On a busy machine the two may come in a batch each.
    expect(seen.reduce((sum, count) => sum + count, 0)).toBe(2);
    expect(both.faults.map(String)).toEqual(seen.map(() => 'RangeError: not my day'));
  });
});
