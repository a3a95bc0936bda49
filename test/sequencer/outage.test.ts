/**
 * A journal that is away for a while: commands are turned away or wait, the house goes on by itself, and what it
 * answers is true.
 */

import { digestOf } from '../../src/core/engine/digest';
import { SYSTEM } from '../../src/core/model/actor';
import type { JournalRecord, JournalWatcher } from '../../src/journal/journal';
import { createMemoryJournal } from '../../src/journal/memory';
import { startTimekeeper } from '../../src/scheduler/timekeeper';
import { manualClock } from '../../src/sequencer/clock';
import { type Answer, type House, type Submission, type Trouble, Unavailable } from '../../src/sequencer/house';
import { recover } from '../../src/sequencer/recover';
import { createSequencer, type SequencerOptions } from '../../src/sequencer/sequencer';
import { START } from '../support/house';

/** A journal in memory whose storage a test takes away and brings back. */
function shaky() {
  const records: JournalRecord[] = [];
  const inner = createMemoryJournal(records);
  let watcher: JournalWatcher | undefined;
  let away: Promise<void> | undefined;
  let back = (): void => undefined;
  let giveUp = (_error: Error): void => undefined;
  const journal = {
    ...inner,
    get lastSeq() {
      return inner.lastSeq;
    },
    get lastHash() {
      return inner.lastHash;
    },
    async append(texts: readonly string[]) {
      await away;
      return inner.append(texts);
    },
    watch(told: JournalWatcher) {
      watcher = told;
    },
    async close() {
      giveUp(new Error('it was closed'));
    },
  };
  return {
    journal,
    records,
    leave() {
      away = new Promise((resolve, reject) => {
        back = resolve;
        giveUp = reject;
      });
      away.catch(() => undefined);
    },
    tell: () => watcher?.(new Error('the cable is cut')),
    comeBack() {
      away = undefined;
      watcher?.(undefined);
      back();
    },
  };
}

const admit = (i: number): Submission => ({
  actor: SYSTEM,
  key: `m${i}`,
  command: { type: 'AdmitMember', member: `m${i}`, name: 'One' },
});
const caught = (asked: Promise<unknown>): Promise<Unavailable> =>
  asked.then(
    () => Promise.reject(new Error('It was taken')),
    (error: Unavailable) => error,
  );

async function opened(more: Partial<SequencerOptions> = {}) {
  const storage = shaky();
  const { state } = await recover(storage.journal);
  const troubles: (Trouble | undefined)[] = [];
  const fatal: unknown[] = [];
  const options = {
    onFatal: (error: unknown) => fatal.push(error),
    onTrouble: (trouble: Trouble | undefined) => troubles.push(trouble),
  };
  const house: House = createSequencer({
    state,
    journal: storage.journal,
    clock: manualClock(START),
    ...options,
    ...more,
  });
  await house.submit([admit(1)]);
  return { storage, house, state, troubles, fatal };
}

test(
  'DS-3 what was executed waits and is answered with what came of it; what comes later is turned away, and ' +
    'nothing is done with it',
  async () => {
    const { storage, house, state, troubles, fatal } = await opened();
    storage.leave();
    const underway = house.submit([admit(2)]);
    await new Promise((resolve) => setImmediate(resolve));
    const queued = caught(house.submit([admit(3)]));
    storage.tell();
    expect(await queued).toMatchObject({ name: 'Unavailable', code: 'JOURNAL_AWAY', retryAfterMs: 1000 });
    expect(await caught(house.submit([admit(4)]))).toMatchObject({ code: 'JOURNAL_AWAY' });
    // What is not durable is shown to nobody.
    expect(await caught(house.health([]))).toMatchObject({ code: 'JOURNAL_AWAY' });
    expect(house.status()).toMatchObject({
      seq: 1,
      running: true,
      troubles: [{ kind: 'JOURNAL_AWAY', says: 'the cable is cut' }],
    });
    storage.comeBack();
    expect(((await underway) as Answer[])[0]).toMatchObject({ seq: 2, replayed: false });
    expect(await house.submit([admit(3), admit(2)])).toMatchObject([
      { seq: 3, replayed: false },
      { seq: 2, replayed: true },
    ]);
    expect(house.status()).toMatchObject({ seq: 3, troubles: [] });
    expect(troubles.map((trouble) => trouble?.kind)).toEqual(['JOURNAL_AWAY', undefined]);
    expect(fatal).toEqual([]);
    expect(digestOf((await recover(storage.journal)).state)).toBe(digestOf(state));
    await house.close();
  },
);

test('DS-3 who waits too long is told that nobody knows yet, and the same key tells when the journal is back', async () => {
  const { storage, house, fatal } = await opened({ patienceMs: 20 });
  storage.leave();
  const underway = caught(house.submit([admit(2)]));
  await new Promise((resolve) => setImmediate(resolve));
  storage.tell();
  const told = await underway;
  expect(told).toMatchObject({ code: 'JOURNAL_AWAY' });
  expect(told.message).toContain('the same idempotency key tells later');
  storage.comeBack();
  while (house.status().seq < 2) await new Promise((resolve) => setImmediate(resolve));
  expect(await house.submit([admit(2)])).toMatchObject([{ seq: 2, replayed: true }]);
  expect(fatal).toEqual([]);
  await house.close();
});

test('DS-3 a house is closed while its journal is away: nobody waits for it, and it is no failure', async () => {
  for (const first of ['told', 'closed'] as const) {
    const { storage, house, fatal } = await opened();
    storage.leave();
    const underway = caught(house.submit([admit(2)]));
    await new Promise((resolve) => setImmediate(resolve));
    if (first === 'told') storage.tell();
    const closing = house.close();
    if (first === 'closed') storage.tell();
    await closing;
    expect(await underway).toBeInstanceOf(Unavailable);
    expect(fatal).toEqual([]);
    expect(storage.records).toHaveLength(1);
  }
});

test('the sense of time outlives a house that takes nothing for a while', async () => {
  const { storage, house } = await opened();
  const faults: unknown[] = [];
  let asked = 0;
  const watched: House = {
    ...house,
    async advance() {
      asked += 1;
      if (asked === 2) throw new Unavailable('JOURNAL_AWAY', 'not now', 1000);
      return house.advance();
    },
  };
  const timekeeper = startTimekeeper(watched, manualClock(START), (error) => faults.push(error));
  while (asked < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  await timekeeper.stop();
  expect(faults).toEqual([]);
  storage.comeBack();
  await house.close();
});

describe('little space', () => {
  const low: Trouble = { kind: 'SPACE_LOW', says: '12 MB are free', since: 0 };
  const deposit: Submission = {
    actor: SYSTEM,
    key: null,
    command: { type: 'DepositCollateral', account: 'a', currency: 'USD', amount: '1' },
  };
  const price = { instrument: 'X', price: '1', bid: null, ask: null, observedAt: null };
  const mark: Submission = {
    actor: SYSTEM,
    key: null,
    command: { type: 'SubmitMarkPrices', source: 'venue', prices: [price] },
  };

  test('new business is turned away, whoever asks; time and prices are taken; and all of it when there is space again', async () => {
    const space: { low: Trouble | undefined } = { low };
    const { house } = await opened({ space: { low: undefined } });
    await house.close();
    const storage = shaky();
    const { state } = await recover(storage.journal);
    const tight = createSequencer({
      state,
      journal: storage.journal,
      clock: manualClock(START),
      onFatal: () => undefined,
      space,
    });
    expect(await caught(tight.submit([deposit]))).toMatchObject({ code: 'SPACE_LOW', retryAfterMs: 30_000 });
    expect(await caught(tight.submit([mark, deposit]))).toMatchObject({ code: 'SPACE_LOW' });
    expect(tight.status()).toMatchObject({ seq: 0, running: true, troubles: [low] });
    const [time, prices] = await tight.submit([{ actor: SYSTEM, key: null, command: { type: 'AdvanceTime' } }, mark]);
    expect([time, prices].map((answer) => answer && 'seq' in answer && answer.seq)).toEqual([1, 2]);
    space.low = undefined;
    expect(await tight.submit([admit(9)])).toMatchObject([{ seq: 3 }]);
    expect(tight.status().troubles).toEqual([]);
    await tight.close();
  });
});
