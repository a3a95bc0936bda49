/**
 * Nothing that was done is forgotten early: neither because much came later, nor by a restart, nor by somebody else's
 * flood.  DS-3, X-3
 */

import type { Command } from '../../src/core/message/command';
import type { Actor } from '../../src/core/model/actor';
import { RETENTION } from '../../src/core/reference/retention';
import { createMemoryJournal } from '../../src/journal/memory';
import { manualClock } from '../../src/sequencer/clock';
import { encodeEntry } from '../../src/sequencer/entryText';
import { type Answer, type Submission, Unavailable } from '../../src/sequencer/house';
import { readSnapshot, recover, writeSnapshot } from '../../src/sequencer/recover';
import { ROOM, type Room } from '../../src/sequencer/room';
import { createSequencer } from '../../src/sequencer/sequencer';
import { instant } from '../../src/units/quantity';
import { onePerpetual, openAccount } from '../support/given';
import { START } from '../support/house';
import { broker } from '../support/ladder';

const PRICE = '50000';
const feed: Actor = { id: 'feed', role: 'FEED', member: null };

/** A house with two traders, its journal, and a clock to move. */
async function open({ room = ROOM, lines }: { room?: Room; lines?: readonly string[] } = {}) {
  const given = onePerpetual({ lot: '0.1' });
  for (const account of ['alice', 'bob']) openAccount(given, account, '100000000');
  const journal = createMemoryJournal();
  await journal.append(lines ?? given.entries.map(encodeEntry));
  const { state } = await recover(journal);
  return over(state, journal, room);
}

function over(
  state: Awaited<ReturnType<typeof recover>>['state'],
  journal: ReturnType<typeof createMemoryJournal>,
  room: Room,
) {
  const clock = manualClock(instant(Math.max(START, state.now)));
  const house = createSequencer({ state, journal, clock, room, surveyEveryMs: 0, onFatal: () => undefined });
  return { house, state, journal, clock };
}

const deposit = (key: string, actor = broker('broker')): Submission => ({
  actor,
  key,
  command: { type: 'DepositCollateral', account: 'alice', currency: 'USD', amount: '1' },
});
const trade = (id: string, key: string, actor = feed): Submission => {
  const order = {
    buyer: 'alice',
    seller: 'bob',
    price: PRICE,
    size: '0.1',
    taker: null,
    buyOrder: null,
    sellOrder: null,
  };
  return { actor, key, command: { type: 'SubmitTrade', trade: id, instrument: 'BTC-PERP', ...order } as Command };
};
const list = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const doneOf = (answers: readonly Answer[]): string[] =>
  answers.map((answer) => {
    if ('malformed' in answer) return answer.malformed;
    if ('rejection' in answer.outcome) return answer.outcome.rejection.code;
    return answer.replayed ? 'REPLAYED' : 'DONE';
  });

async function refusal(work: Promise<unknown>): Promise<Unavailable> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Unavailable) return error;
    throw error;
  }
  throw new Error('It was accepted');
}

test(
  'DS-3 ruling 22 after many more keys, a snapshot and a restart a key of 24 hours ago less a moment is ' +
    'answered from the journal',
  async () => {
    const first = await open();
    const [original] = await first.house.submit([deposit('first')]);
    for (let round = 0; round < 8; round++) await first.house.submit(list(500, (i) => deposit(`later ${round} ${i}`)));
    expect(first.state.remembered.heldBy('broker-key')).toBe(4_001);
    const saved = await writeSnapshot(first.state);
    await first.house.submit([deposit('last')]);

    const state = readSnapshot(saved);
    if (!state) throw new Error('The snapshot cannot be read');
    const journal = createMemoryJournal();
    const lines: string[] = [];
    for await (const { text } of first.journal.read(1)) lines.push(text);
    await journal.append(lines);
    const restarted = [
      await open({ lines }),
      over(
        (
          await recover(journal, {
            save: async () => undefined,
            discardAfter: async () => undefined,
            latest: async () => saved,
          })
        ).state,
        journal,
        ROOM,
      ),
    ];
    for (const { house, clock } of restarted) {
      clock.set(instant(START + RETENTION.keys - 1));
      const before = house.status().seq;
      const [again, last] = await house.submit([deposit('first'), deposit('last')]);
      expect(again).toEqual({ ...original, replayed: true });
      expect(doneOf([again as Answer, last as Answer])).toEqual(['REPLAYED', 'REPLAYED']);
      expect(house.status().seq).toBe(before);
      clock.set(instant(START + RETENTION.keys));
      expect(doneOf(await house.submit([deposit('first')]))).toEqual(['DONE']);
    }
    const [one, two] = restarted.map(({ house }) => house.digest());
    expect(await one).toEqual(await two);
  },
);

test('DS-3 ruling 22 a trade file sent again within seven days clears nothing twice, however many trades came between', async () => {
  const { house, clock } = await open();
  const file = list(5, (i) => `file ${i}`.replace(' ', '-'));
  expect(doneOf(await house.submit(file.map((id) => trade(id, `monday/${id}`))))).toEqual(file.map(() => 'DONE'));
  for (let round = 0; round < 6; round++)
    await house.submit(list(500, (i) => trade(`t${round}-${i}`, `${round}/${i}`)));
  clock.set(instant(START + RETENTION.trades - 1));
  expect(doneOf(await house.submit(file.map((id) => trade(id, `sunday/${id}`))))).toEqual(
    file.map(() => 'DUPLICATE_TRADE'),
  );
});

describe('at the bound of memory', () => {
  const room = { keys: 40, trades: 12 };
  const other = broker('rival');

  test('DS-3 ruling 22 the key that fills it waits with what is new, is answered what it did, and others are served', async () => {
    const { house, clock } = await open({ room });
    const before = house.status().seq;
    expect(new Set(doneOf(await house.submit(list(20, (i) => deposit(`k${i}`)))))).toEqual(new Set(['DONE']));
    const full = await refusal(house.submit([deposit('new')]));
    expect([full.code, full.retryAfterMs]).toEqual(['MEMORY_FULL', 3_600_000]);
    expect(house.status().seq).toBe(before + 20);
    expect(doneOf(await house.submit([deposit('k0'), deposit('k19')]))).toEqual(['REPLAYED', 'REPLAYED']);
    expect(doneOf(await house.submit([deposit('mine', other)]))).toEqual(['ACCOUNT_NOT_FOUND']);
    // Of a list nothing is done where not all of it can be remembered.
    expect((await refusal(house.submit([deposit('k1'), deposit('new')]))).code).toBe('MEMORY_FULL');
    expect(house.status().seq).toBe(before + 21);
    // What needs no key always finds room.
    expect(doneOf(await house.submit([{ ...deposit(''), key: null }]))).toEqual(['DONE']);
    // When its oldest are forgotten, and no moment earlier, it may go on.
    clock.set(instant(START + RETENTION.keys - 1));
    expect((await refusal(house.submit([deposit('new')]))).retryAfterMs).toBe(1_000);
    const quiet = house.status().seq;
    await refusal(house.submit([deposit('new')]));
    expect(house.status().seq).toBe(quiet);
    clock.set(instant(START + RETENTION.keys));
    expect(doneOf(await house.submit([deposit('new')]))).toEqual(['DONE']);
  });

  test(
    'DS-3 ruling 22 many who fill it together: nobody takes what is left for the next, and it never holds more ' +
      'than its bound',
    async () => {
      const { house, state } = await open({ room });
      const held: number[] = [];
      for (let who = 0; who < 8; who++) {
        const actor = broker(`b${who}`);
        for (let i = 0; ; i++) {
          const answer = await house.submit([deposit(`${i}`, actor)]).catch((error: Unavailable) => error);
          if (answer instanceof Unavailable) break;
        }
        held.push(state.remembered.heldBy(actor.id));
      }
      expect(held).toEqual([20, 10, 5, 3, 1, 1, 0, 0]);
      expect(state.remembered.size).toBeLessThanOrEqual(room.keys);
    },
  );

  test('ruling 22 trades that their venue numbers need no room, and are not cleared again after a restart', async () => {
    const { house, state, journal } = await open({ room: { keys: 1000, trades: 12 } });
    await house.submit([
      { actor: broker('broker'), key: null, command: { type: 'SetVenue', venue: 'east', name: 'East' } },
    ]);
    await house.submit(list(6, (i) => trade(`t${i}`, `k${i}`)));
    const numbered = (number: number): Submission => {
      const { command, ...rest } = trade(`n${number}`, `n/${number}`);
      return { ...rest, key: null, command: { ...command, venue: 'east', number: String(number) } as Command };
    };
    expect(new Set(doneOf(await house.submit(list(40, (i) => numbered(i + 1)))))).toEqual(new Set(['DONE']));
    const again = readSnapshot(await writeSnapshot(state));
    if (!again) throw new Error('The snapshot cannot be read');
    for (const restarted of [again, (await recover(journal)).state])
      expect(restarted.venues.get('east')?.highest).toBe(40n);
    expect(doneOf(await house.submit([numbered(40), numbered(41)]))).toEqual(['TRADE_NUMBER_TOO_LOW', 'DONE']);
  });

  test('DS-3 ruling 22 trades beyond the bound wait, fills and everything else go on', async () => {
    const { house, clock } = await open({ room: { keys: 1000, trades: 12 } });
    expect(new Set(doneOf(await house.submit(list(6, (i) => trade(`t${i}`, `k${i}`)))))).toEqual(new Set(['DONE']));
    expect((await refusal(house.submit([trade('t7', 'k7')]))).code).toBe('MEMORY_FULL');
    expect(doneOf(await house.submit([trade('t0', 'k0'), deposit('d')]))).toEqual(['REPLAYED', 'DONE']);
    const second = { ...feed, id: 'feed-2' };
    expect(doneOf(await house.submit([trade('t0', 'k0', second), trade('t8', 'k8', second)]))).toEqual([
      'DUPLICATE_TRADE',
      'DONE',
    ]);
    clock.set(instant(START + RETENTION.trades));
    // It is let in, and refused for another reason: nobody has told a price for a week.
    expect(doneOf(await house.submit([trade('t7', 'k7')]))).toEqual(['PRICE_STALE']);
  });
});
