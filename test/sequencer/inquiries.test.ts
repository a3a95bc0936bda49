/** Asking a running house about its whole book: at one entry, durable, and in nobody's way.  Rules: RLM-3, AH-5 */

import type { HouseRiskQuestion } from '../../src/core/risk/question';
import { createMemoryJournal } from '../../src/journal/memory';
import { manualClock } from '../../src/sequencer/clock';
import { encodeEntry } from '../../src/sequencer/entryText';
import { type House, type Submission, Unavailable } from '../../src/sequencer/house';
import { createSequencer } from '../../src/sequencer/sequencer';
import { cash, rate } from '../../src/units/quantity';
import { onePerpetual, openAccount, trade } from '../support/given';
import { START } from '../support/house';

const MANY = 6_000; // accounts: more than one spell gets through

interface Opened {
  readonly house: House;
  readonly fail: () => void; // the journal takes nothing any more
  readonly release: () => void; // what was to be written is
  readonly hold: () => void;
}

async function open(): Promise<Opened> {
  const given = onePerpetual({ lot: '0.1' });
  openAccount(given, 'maker', '100000000');
  openAccount(given, 'alice', '25000');
  trade(given, 'alice', 'maker', '10', '50000');
  const { state } = given;
  const alice = state.book.account('alice');
  const position = state.book.position('alice', 'BTC-PERP');
  if (!alice || !position) throw new Error('Alice is missing');
  state.watch.disarm();
  for (let i = 0; i < MANY; i++) {
    const id = `a${i}`;
    state.book.open({ ...alice, id, owner: id });
    state.book.addBalance(id, 'USD', cash(2_500_000n));
    state.book.setPosition(id, 'BTC-PERP', position);
  }
  const journal = createMemoryJournal();
  await journal.append(given.entries.map(encodeEntry));
  const { append } = journal;
  let failing = false;
  let held: Promise<void> | undefined;
  let release = (): void => undefined;
  journal.append = async (texts) => {
    await held;
    if (failing) throw new Error('The disk is gone');
    await append(texts);
  };
  const house = createSequencer({
    state,
    journal,
    clock: manualClock(START),
    surveyEveryMs: 0,
    onFatal: () => undefined,
  });
  return {
    house,
    fail: () => {
      failing = true;
    },
    hold: () => {
      held = new Promise((resolve) => {
        release = resolve;
      });
    },
    release: () => release(),
  };
}

const payment = (account: string): Submission => ({
  actor: { id: 'desk', role: 'ADMIN', member: null },
  key: null,
  command: { type: 'DepositCollateral', account, currency: 'USD', amount: '1000' },
});

const QUESTION = { type: 'NEAREST', rung: 'CLOSE_OUT', within: null, member: null, first: 3, after: null } as const;

test('RLM-3 commands go through while a question is worked off, and the answer knows nothing of them', async () => {
  const { house } = await open();
  const before = house.status().seq;
  let answered = false;
  const asked = house.risk(QUESTION).finally(() => {
    answered = true;
  });
  const between: boolean[] = [];
  for (let i = 0; i < 3; i++) {
    await house.submit([payment(`a${MANY - 1 - i}`)]);
    between.push(answered);
  }
  expect(between[0]).toBe(false);
  const { seq, accounts, list } = await asked;
  expect([seq, accounts]).toEqual([before, MANY + 2]);
  // All are as near; those who have paid since would not be first by id either way, so their equity is looked at below.
  expect(list.map(({ account }) => account)).toEqual(['a0', 'a1', 'a10']);
  const later = await house.risk({ ...QUESTION, type: 'MAP', shocks: [], instrument: null });
  expect(later.seq).toBe(before + 3);
  const earlier = list[0]?.equity as bigint;
  expect(later.now.currencies[0]?.equity).toBe(earlier * BigInt(MANY + 1) + 10n ** 22n + 3n * 10n ** 17n);
  await house.close();
}, 30_000);

test('RLM-3 nothing is answered about an entry that is not durable', async () => {
  const { house, hold, release } = await open();
  const before = house.status().seq;
  hold();
  const paid = house.submit([payment('a1')]);
  await Promise.resolve();
  let answered = false;
  const asked = house.risk({ type: 'DISTANCES', rung: 'CALL', accounts: ['a1'], member: null }).finally(() => {
    answered = true;
  });
  for (let i = 0; i < 200 && !answered; i++) await new Promise((resolve) => void setTimeout(resolve, 5));
  expect(answered).toBe(false);
  release();
  const { seq, list } = await asked;
  expect(seq).toBe(before + 1);
  expect(house.status().seq).toBe(seq);
  expect(list[0]?.rank).toBe(MANY + 1); // it has paid: everybody else with its position is nearer
  await paid;
  await house.close();
}, 30_000);

test('RLM-3 a house that stops or is closed answers Unavailable, also whoever waits', async () => {
  const { house, hold, fail, release } = await open();
  hold();
  const paid = house.submit([payment('a1')]).catch((error: unknown) => error);
  await Promise.resolve();
  const asked = house.risk(QUESTION).catch((error: unknown) => error);
  fail();
  release();
  expect(await asked).toBeInstanceOf(Unavailable);
  expect(await paid).toBeInstanceOf(Unavailable);
  await expect(house.risk(QUESTION)).rejects.toBeInstanceOf(Unavailable);
  const other = await open();
  const waiting = other.house.risk(QUESTION).catch((error: unknown) => error);
  await other.house.close();
  expect(await waiting).toBeInstanceOf(Unavailable);
}, 30_000);

test('RLM-3 a question that cannot be answered keeps nobody else from being answered', async () => {
  const { house } = await open();
  const wrong = house.risk({ ...QUESTION, rung: 'NONE' as 'CALL' });
  const right = house.risk(QUESTION);
  await expect(wrong).rejects.toThrow();
  expect((await right).list).toHaveLength(3);
  await house.close();
}, 30_000);

const HOUSE: HouseRiskQuestion = { type: 'HOUSE', shocks: [rate(-100_000_000_000n)], largest: 2, atLeast: 0 };

test('AH-5 whoever asks for the house as a whole within a second shares one pass, and is told its entry', async () => {
  const { house } = await open();
  const [one, two] = await Promise.all([house.risk(HOUSE), house.risk(HOUSE)]);
  expect(two).toBe(one);
  const [answer] = await house.submit([payment('alice')]);
  const seq = answer && 'seq' in answer ? answer.seq : 0;
  expect(await house.risk(HOUSE)).toBe(one);
  expect(one.seq).toBe(seq - 1);
  // Who wants no older answer, and who asks something else, is not given it.
  expect((await house.risk({ ...HOUSE, atLeast: seq })).seq).toBe(seq);
  expect((await house.risk(HOUSE)).seq).toBe(seq);
  expect((await house.risk({ ...HOUSE, largest: 3 })).instruments[0]?.largest).toHaveLength(3);
  await house.close();
});
