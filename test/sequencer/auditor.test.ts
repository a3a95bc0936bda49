/**
 * The auditor of the watch in a running house: it goes round and round, and stops a house that has missed somebody.
 * Rules: RLM-2, RMR-1
 */

import type { State } from '../../src/core/model/state';
import { createMemoryJournal } from '../../src/journal/memory';
import { restAfter } from '../../src/sequencer/auditor';
import { manualClock } from '../../src/sequencer/clock';
import { encodeEntry } from '../../src/sequencer/entryText';
import { type House, type Submission, Unavailable } from '../../src/sequencer/house';
import { createSequencer } from '../../src/sequencer/sequencer';
import { InvariantViolation } from '../../src/units/failure';
import { onePerpetual, openAccount, trade } from '../support/given';
import { START, type TestHouse } from '../support/house';

const CLIENTS = 3;

/** A maker and clients who are long ten contracts at 50,000 with 25,000 each: called at 48,700. */
function given(): TestHouse {
  const house = onePerpetual({ lot: '0.1' });
  openAccount(house, 'maker', '100000000');
  for (let i = 0; i < CLIENTS; i++) {
    openAccount(house, `client${i}`, '25000');
    trade(house, `client${i}`, 'maker', '10', '50000');
  }
  return house;
}

/** The state with a watch that hears of no price. */
const deaf = (state: State): State => ({
  ...state,
  watch: Object.assign(Object.create(state.watch), { markMoved: () => [] }),
});

interface Opened {
  readonly house: House;
  readonly failures: unknown[];
  readonly rounds: (count: number) => Promise<void>;
}

const opened: House[] = [];
afterEach(async () => {
  for (const house of opened.splice(0)) await house.close();
});

async function open({ entries }: TestHouse, state: State, surveyEveryMs: number): Promise<Opened> {
  const journal = createMemoryJournal();
  await journal.append(entries.map(encodeEntry));
  const failures: unknown[] = [];
  const house = createSequencer({
    state,
    journal,
    clock: manualClock(START),
    surveyEveryMs,
    onFatal: (error) => failures.push(error),
  });
  opened.push(house);
  const rounds = async (count: number): Promise<void> => {
    for (let i = 0; i < 4_000 && house.status().watch.rounds < count && failures.length === 0; i++)
      await new Promise((resolve) => void setTimeout(resolve, 10));
  };
  return { house, failures, rounds };
}

const price = (of: string): Submission => ({
  actor: { id: 'feed', role: 'FEED', member: null },
  key: null,
  command: {
    type: 'SubmitMarkPrices',
    source: 'venue',
    prices: [{ instrument: 'BTC-PERP', price: of, bid: null, ask: null, observedAt: null }],
  },
});

test('RLM-2 RMR-1 goes round by itself, counts, and finds nobody in a house that works', async () => {
  const test = given();
  const { house, failures, rounds } = await open(test, test.state, 5);
  await house.submit([price('48600')]);
  const before = house.status().watch.rounds;
  await rounds(before + 3);
  const { watch, running } = house.status();
  expect(watch.rounds).toBeGreaterThanOrEqual(before + 3);
  expect(watch.revalued).toBe(watch.rounds * test.state.book.accountCount);
  expect(watch.lastRoundMs).toBeGreaterThan(0);
  expect(watch.named).toBe(CLIENTS);
  expect(watch.looks).toBeGreaterThanOrEqual(watch.named);
  expect([failures, running]).toEqual([[], true]);
});

test('RLM-2 stops the house with a report when an account has crossed a level and nobody looked', async () => {
  const test = given();
  const { house, failures, rounds } = await open(test, deaf(test.state), 5);
  await rounds(1);
  expect(failures).toEqual([]);
  await house.submit([price('48600')]);
  await rounds(1_000_000);
  expect(failures).toHaveLength(1);
  const [failure] = failures as [InvariantViolation];
  expect(failure).toBeInstanceOf(InvariantViolation);
  expect(failure.facts).toMatchObject({ account: 'client0', status: 'HEALTHY' });
  expect(house.status().running).toBe(false);
  await expect(house.submit([price('48700')])).rejects.toBeInstanceOf(Unavailable);
});

test.each([true, false])('RLM-2 RMR-1 audits on demand, all in integers: %s', async (exact) => {
  const test = given();
  const { house } = await open(test, test.state, 0);
  await house.submit([price('48600')]);
  const accounts = test.state.book.accountCount;
  const audited = await house.audit({ exact });
  expect(audited).toMatchObject({ seq: test.state.seq, accounts });
  expect(audited.doubtful).toBeLessThanOrEqual(accounts);
  if (exact) expect(audited.doubtful).toBe(accounts);
  expect(house.status().watch).toMatchObject({ rounds: 1, revalued: accounts });
});

test.each([true, false])('RLM-2 an audit on demand finds who was missed, all in integers: %s', async (exact) => {
  const test = given();
  const { house, failures } = await open(test, deaf(test.state), 0);
  await house.submit([price('48600')]);
  await expect(house.audit({ exact })).rejects.toThrow('An account crossed a level and nobody looked');
  expect(failures).toHaveLength(1);
  await expect(house.audit({ exact })).rejects.toBeInstanceOf(Unavailable);
});

test('RLM-1 watches before the first command', async () => {
  const { entries, state } = given();
  state.watch.disarm();
  await open({ entries } as TestHouse, state, 0);
  expect(state.watch.armed).toBe(true);
});

test('RLM-2 without a schedule only who asks is answered', async () => {
  const test = given();
  const { house } = await open(test, test.state, 0);
  await new Promise((resolve) => void setTimeout(resolve, 30));
  expect(house.status().watch.rounds).toBe(0);
});

test('RLM-2 it takes a fiftieth of its thread at most, however large the book, and a tenth of that while nothing comes', () => {
  // A small book: from one round to the next it is as long as was said.
  expect(restAfter(2, 1_000, true)).toBe(998);
  // 200,000 accounts, a million.
  for (const worked of [85, 425]) {
    expect(worked / (worked + restAfter(worked, 1_000, true))).toBeLessThanOrEqual(0.02);
    expect(worked / (worked + restAfter(worked, 1_000, false))).toBeLessThanOrEqual(0.0021);
  }
});
