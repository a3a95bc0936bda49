/** Nobody's flood makes another wait: whose command is served when, counted, with no clock in it. */

import type { Actor } from '../../src/core/model/actor';
import { SYSTEM } from '../../src/core/model/actor';
import { createMemoryJournal } from '../../src/journal/memory';
import { manualClock } from '../../src/sequencer/clock';
import { encodeEntry } from '../../src/sequencer/entryText';
import { createFairQueue, type Sent } from '../../src/sequencer/fairQueue';
import { type Submission, Unavailable } from '../../src/sequencer/house';
import { recover } from '../../src/sequencer/recover';
import { createSequencer, type SequencerOptions } from '../../src/sequencer/sequencer';
import { instant } from '../../src/units/quantity';
import { onePerpetual, openAccount } from '../support/given';
import { START } from '../support/house';
import { broker } from '../support/ladder';

const key = (id: string): Actor => ({ ...broker('broker'), id });
const payment = (sender: string, i: number): Submission => ({
  actor: key(sender),
  key: `${sender}/${i}`,
  command: { type: 'DepositCollateral', account: 'alice', currency: 'USD', amount: '1' },
});
const payments = (sender: string, count: number, from = 0): Submission[] =>
  Array.from({ length: count }, (_, i) => payment(sender, from + i));

describe('the queue', () => {
  const queueOf = (limit: number, ...groups: readonly Submission[][]) => {
    const queue = createFairQueue<Sent>(limit);
    for (const submissions of groups) queue.add({ submissions });
    return queue;
  };
  const served = (queue: ReturnType<typeof queueOf>, most = Number.POSITIVE_INFINITY): string[] => {
    const keys: string[] = [];
    for (let next = queue.next(); next; next = keys.length < most ? queue.next() : undefined) {
      keys.push(next.group.submissions[next.index]?.key ?? '');
      if (keys.length >= most) break;
    }
    return keys;
  };

  test('one payment behind a list of a thousand of another is the twenty-sixth', () => {
    const order = served(queueOf(20_000, payments('flood', 1_000), payments('single', 1)));
    expect(order.indexOf('single/0')).toBe(25);
    expect(order).toHaveLength(1_001);
  });

  test('and waits no longer behind forty lists of it', () => {
    const lists = Array.from({ length: 40 }, (_, i) => payments('flood', 1_000, 1_000 * i));
    expect(served(queueOf(100_000, ...lists, payments('single', 1))).indexOf('single/0')).toBe(25);
  });

  test('each sender’s own stay in their order, across its groups', () => {
    const queue = queueOf(
      20_000,
      payments('a', 60),
      payments('b', 40),
      payments('a', 60, 60),
      payments('c', 1),
      payments('b', 40, 40),
    );
    const order = served(queue);
    for (const [sender, count] of [
      ['a', 120],
      ['b', 80],
      ['c', 1],
    ] as const)
      expect(order.filter((each) => each.startsWith(`${sender}/`))).toEqual(
        payments(sender, count).map((each) => each.key),
      );
    expect(order.slice(0, 51).filter((each) => each.startsWith('a/'))).toHaveLength(25);
    expect(queue.size).toBe(0);
  });

  test('whoever comes while another is being served is next', () => {
    const queue = queueOf(20_000, payments('flood', 1_000));
    served(queue, 30);
    queue.add({ submissions: payments('single', 1) });
    expect(served(queue, 21).at(-1)).toBe('single/0');
  });

  test('a turn that took long ends early', () => {
    const queue = queueOf(20_000, payments('flood', 1_000), payments('single', 1));
    served(queue, 1);
    queue.endTurn();
    expect(served(queue, 2)).toEqual(['single/0', 'flood/1']);
  });

  test('nobody has more waiting than there is room for others; the house itself may fill it', () => {
    const queue = queueOf(100);
    const refusal = (sender: string, count: number): string | undefined =>
      queue.refusalOf(payments(sender, count))?.code;
    expect([refusal('a', 50), refusal('a', 51), refusal('a', 101)]).toEqual([undefined, 'SHARE_USED', 'QUEUE_FULL']);
    queue.add({ submissions: payments('a', 50) });
    expect([refusal('a', 1), refusal('b', 25), refusal('b', 26)]).toEqual(['SHARE_USED', undefined, 'SHARE_USED']);
    queue.add({ submissions: payments('b', 25) });
    expect([refusal('c', 12), refusal('c', 13)]).toEqual([undefined, 'SHARE_USED']);
    const ofHouse = payments('x', 25).map((each) => ({ ...each, actor: SYSTEM }));
    expect(queue.refusalOf(ofHouse)).toBeUndefined();
    served(queue, 60);
    expect([queue.size, refusal('a', 10)]).toEqual([15, undefined]);
  });

  test('what is taken out without being served counts no more', () => {
    const queue = queueOf(100, payments('a', 40), payments('b', 20));
    served(queue, 30);
    expect(queue.clear()).toHaveLength(2);
    expect([queue.size, queue.next(), queue.refusalOf(payments('a', 50))]).toEqual([0, undefined, undefined]);
  });
});

describe('the house', () => {
  async function open(options: Partial<SequencerOptions> = {}) {
    const given = onePerpetual({ lot: '0.1' });
    openAccount(given, 'alice', '100000000');
    const journal = createMemoryJournal();
    await journal.append(given.entries.map(encodeEntry));
    const { state } = await recover(journal);
    const faults: unknown[] = [];
    const appended: number[] = [];
    const { append } = journal;
    journal.append = (texts) => {
      appended.push(texts.length);
      return append(texts);
    };
    const clock = manualClock(instant(Math.max(START, state.now)));
    const house = createSequencer({
      state,
      journal,
      clock,
      surveyEveryMs: 0,
      batchMs: Number.POSITIVE_INFINITY,
      onFatal: (error) => faults.push(error),
      ...options,
    });
    const order: string[] = [];
    house.follow((batch) => order.push(...batch.map(({ entry }) => entry.key ?? '')));
    return { house, journal, order, appended, faults };
  }

  test('executes a payment amid the list of another, and answers the list whole', async () => {
    const { house, order } = await open();
    const [list, single] = await Promise.all([
      house.submit(payments('flood', 1_000)),
      house.submit(payments('single', 1)),
    ]);
    expect(order.indexOf('single/0')).toBe(25);
    expect([list.length, single.length]).toEqual([1_000, 1]);
    expect(list.map((answer) => ('seq' in answer ? answer.seq : 0))).toEqual(
      payments('flood', 1_000).map(({ key: each }) => house.status().seq - 1_001 + 1 + order.indexOf(each ?? '')),
    );
  });

  test('a list may lie in several commits, and is answered with the last of them', async () => {
    const { house, appended } = await open({ batchLimit: 300 });
    const answers = await house.submit(payments('flood', 1_000));
    expect(appended).toEqual([300, 300, 300, 100]);
    expect(answers.every((answer) => 'outcome' in answer && 'events' in answer.outcome)).toBe(true);
  });

  test('a batch that takes long is made durable, and what is left waits for the next', async () => {
    const { house, appended } = await open({ batchMs: 0.000_001 });
    await house.submit(payments('flood', 5));
    expect(appended).toEqual([1, 1, 1, 1, 1]);
  });

  test('a house that stops in the middle of a list answers it, and everybody else', async () => {
    const { house, journal, faults } = await open({ batchLimit: 100 });
    let appends = 0;
    const { append } = journal;
    journal.append = (texts) => (++appends > 2 ? Promise.reject(new Error('The disk is gone')) : append(texts));
    const refused = (sent: Promise<unknown>): Promise<unknown> =>
      sent.then(
        () => 'done',
        (error: unknown) => (error as Unavailable).code,
      );
    const sent = [payments('flood', 1_000), payments('late', 500), payments('single', 1)].map((each) =>
      refused(house.submit(each)),
    );
    expect(await Promise.all(sent)).toEqual(['JOURNAL_DOWN', 'JOURNAL_DOWN', 'done']);
    expect(faults).toHaveLength(1);
  });

  test('nobody waits while what another sent before is looked up in the journal', async () => {
    const { house, journal } = await open({ recentSize: 0 });
    await house.submit(payments('flood', 3));
    await house.submit(payments('other', 30));
    const { read } = journal;
    let go: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    journal.read = async function* slow(from) {
      await held;
      yield* read(from);
    };
    const again = house.submit(payments('flood', 3));
    expect(await house.submit(payments('single', 1))).toHaveLength(1);
    go();
    expect((await again).map((answer) => 'replayed' in answer && answer.replayed)).toEqual([true, true, true]);
  });

  test('time passes however much waits', async () => {
    const { house } = await open({ queueLimit: 10 });
    const many = house.submit(payments('flood', 5));
    await expect(house.submit(payments('flood', 1, 5))).rejects.toBeInstanceOf(Unavailable);
    await house.advance();
    expect(await many).toHaveLength(5);
  });
});
