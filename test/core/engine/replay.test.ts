/**
 * The same journal gives the same events, the same state, the same future: executed again, applied, restored,
 * elsewhere.  DS-1, DS-3, LE-2, X-3
 */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf, linesOf } from '../../../src/core/engine/digest';
import { execute } from '../../../src/core/engine/execute';
import { createState } from '../../../src/core/engine/genesis';
import { rememberKey } from '../../../src/core/engine/idempotency';
import { decodeEvent, encodeEvent } from '../../../src/core/message/codec';
import { eventsOf } from '../../../src/core/message/envelope';

import { SYSTEM } from '../../../src/core/model/actor';
import type { State } from '../../../src/core/model/state';
import { noteTrade } from '../../../src/core/position/tradeIds';
import { encodeEntry } from '../../../src/sequencer/entryText';
import { cash } from '../../../src/units/quantity';
import { mark, onePerpetual, openAccount, pay, trade } from '../../support/given';
import type { TestHouse } from '../../support/house';
import { leveragedHouse, officer } from '../../support/ladder';
import { storyOf } from '../../support/story';
import { applyText, executeAgain, expectReplays, expectTwins, restored } from '../../support/twin';

const stories: readonly TestHouse[] = [11, 12, 13].map((seed) => storyOf(seed));

test.each([0, 1, 2])('DS-1 LE-2 story %i executed again, and applied from its text, ends in the same state', (i) => {
  const { state, entries } = stories[i] as TestHouse;
  expect(new Set(entries.flatMap((entry) => eventsOf(entry.outcome).map(({ type }) => type))).size).toBeGreaterThan(25);
  expectReplays(state, entries);
});

test('DS-1 another story is another state', () => {
  expect(new Set(stories.map(({ state }) => digestOf(state))).size).toBe(3);
});

test('DS-1 a snapshot taken anywhere gives the same digest, and the same future to the last deadline', () => {
  const { entries, state } = stories[0] as TestHouse;
  const living = createState();
  for (const [i, entry] of entries.entries()) {
    executeAgain(living, entry);
    if (i % 25 !== 0) continue;
    const [executed, applied] = [restored(living), restored(living)];
    expectTwins(executed, living);
    for (const later of entries.slice(i + 1)) {
      executeAgain(executed, later);
      applyText(applied, later);
    }
    expectTwins(executed, state);
    expectTwins(applied, state);
  }
});

test('DS-1 a restored state shares nothing with the one it was taken of', () => {
  const house = leveragedHouse();
  const copy = restored(house.state);
  const before = digestOf(copy);
  mark(house, '48305');
  pay(house, 'alice', '1');
  expect(digestOf(copy)).toBe(before);
});

/** A process of its own, because where a process thinks it is it learns when it starts. */
const SCRIPT = join(__dirname, '../../support/replayJournal.ts');
const RUN = `const { transformFileSync } = require('@swc/core');
require.extensions['.ts'] = (module, file) => module._compile(transformFileSync(file).code, file);
require(process.argv[1]);`;

test('DS-1 in other time zones and languages the journal gives the same digest', () => {
  const folder = mkdtempSync(join(tmpdir(), 'replay-'));
  const { entries, state } = stories[1] as TestHouse;
  const file = join(folder, 'journal');
  writeFileSync(file, `${entries.map(encodeEntry).join('\n')}\n`);
  const replayIn = (TZ: string, LC_ALL: string): string[] => {
    const cwd = join(__dirname, '../../..');
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', RUN, SCRIPT, file], {
      cwd,
      env: { ...process.env, TZ, LC_ALL },
      encoding: 'utf8',
    });
    return `${stdout}${stderr}`.split('\n').slice(0, 2);
  };
  const digest = digestOf(state);
  expect(replayIn('Pacific/Kiritimati', 'ar-EG')).toEqual(['Pacific/Kiritimati ar-EG 640', digest]);
  expect(replayIn('America/St_Johns', 'tr-TR')).toEqual(['America/St_Johns tr-TR 210', digest]);
  rmSync(folder, { recursive: true });
});

describe('DS-3 exactly once', () => {
  test('DS-3 a journal cut off anywhere, carried on, ends where it would have', () => {
    const { entries, state } = stories[2] as TestHouse;
    for (const cut of [1, 30, Math.floor(entries.length / 2), entries.length - 1]) {
      const again = createState();
      for (const entry of entries.slice(0, cut)) applyText(again, entry);
      for (const entry of entries.slice(cut)) executeAgain(again, entry);
      expectTwins(again, state);
    }
  });

  test('DS-3 an entry is not taken twice, and none is left out', () => {
    const { entries } = stories[2] as TestHouse;
    const again = createState();
    for (const entry of entries.slice(0, 3)) applyText(again, entry);
    expect(() => applyText(again, entries[2] as (typeof entries)[number])).toThrow('without gaps');
    expect(() => applyText(again, entries[4] as (typeof entries)[number])).toThrow('without gaps');
    applyText(again, entries[3] as (typeof entries)[number]);
  });

  test('DS-3 a command that cannot be read leaves the state as it was', () => {
    const house = leveragedHouse();
    const before = [...linesOf(house.state)];
    const unreadable = { type: 'DepositCollateral', account: 'alice', currency: 'USD', amount: '1e9' } as const;
    const envelope = { seq: house.state.seq + 1, at: house.now, actor: officer('o'), key: 'k', command: unreadable };
    expect(() => execute(house.state, envelope)).toThrow('Not a decimal');
    expect([...linesOf(house.state)]).toEqual(before);
    pay(house, 'alice', '1');
  });

  test('DS-3 a refused command leaves no trace but its entry', () => {
    const house = leveragedHouse();
    const before = [...linesOf(house.state)].slice(1);
    expect(house.refusal({ type: 'WithdrawCollateral', account: 'alice', currency: 'USD', amount: '1' })).toBe(
      'COLLATERAL_ENCUMBERED',
    );
    expect([...linesOf(house.state)].slice(1)).toEqual(before);
  });
});

describe('X-3 the digest', () => {
  /** Each changes one thing; not one may go unnoticed. */
  const CHANGES: [string, (state: State) => void][] = [
    ['a balance', (state) => state.book.addBalance('alice', 'USD', cash(1n))],
    ['a control account', (state) => state.ledger.set('insurance-fund USD', cash(1n))],
    ["a position's size", (state) => change(state, 'size')],
    ["a position's cost", (state) => change(state, 'cost')],
    ["a position's orders", (state) => change(state, 'bids')],
    ["a position's gain", (state) => change(state, 'gain')],
    ['a status', (state) => state.book.setState('alice', { ...state.book.stateOf('alice'), status: 'WARNING' })],
    ['a waiver', (state) => state.book.setState('alice', { ...state.book.stateOf('alice'), waived: true })],
    ['a levy', (state) => state.book.setState('alice', { ...state.book.stateOf('alice'), levied: cash(1n) })],
    [
      'an earlier liquidation',
      (state) => state.book.setState('alice', { ...state.book.stateOf('alice'), liquidations: [state.now] }),
    ],
    ['a trade seen', (state) => noteTrade(state, 'x')],
    [
      'a key remembered',
      (state) =>
        rememberKey(state, { actor: SYSTEM, key: 'k', command: { type: 'AdvanceTime' }, seq: 1, at: state.now }),
    ],
    ['a reversal', (state) => state.reversed.add('1/0')],
    ['a member', (state) => state.members.set('x', { id: 'x', name: 'x' })],
    ['a loss period', (state) => state.lossPeriods.set('USD', state.now)],
    [
      'the clock',
      (state) => {
        state.now = (state.now + 1) as State['now'];
      },
    ],
    [
      'a mark',
      (state) => {
        const listing = state.listings.get('BTC-PERP');
        if (listing) state.listings.set('BTC-PERP', { ...listing, mark: null });
      },
    ],
    [
      'an account',
      (state) => {
        const account = state.book.account('alice');
        if (account) state.book.open({ ...account, id: 'alice-2' });
      },
    ],
  ];
  function change(state: State, field: 'size' | 'cost' | 'bids' | 'gain'): void {
    const position = state.book.position('alice', 'BTC-PERP');
    if (position) state.book.setPosition('alice', 'BTC-PERP', { ...position, [field]: position[field] + 1n });
  }

  test.each(CHANGES)('X-3 notices %s', (_, touch) => {
    const { state } = leveragedHouse();
    const before = digestOf(state);
    touch(state);
    expect(digestOf(state)).not.toBe(before);
  });

  test('X-3 does not depend on the order in which accounts were opened or things were set', () => {
    const build = (order: readonly string[]): string[] => {
      const house = onePerpetual();
      for (const id of order) openAccount(house, id);
      return [...linesOf(house.state)];
    };
    expect(build(['a', 'b'])).toEqual(build(['b', 'a']));
  });
});

test('X-2 every event of a life is read back as it was written', () => {
  for (const event of stories.flatMap(({ entries }) => entries.flatMap((entry) => eventsOf(entry.outcome)))) {
    expect(decodeEvent(JSON.parse(encodeEvent(event)))).toEqual(event);
  }
});

test('LE-2 ids are the same on every run, and no two alike', () => {
  const ids = (house: TestHouse) =>
    house.entries
      .flatMap((entry) => eventsOf(entry.outcome).map((event) => encodeEvent(event)))
      .join('')
      .match(/(?:call|liq|lord|prop|case)_[0-9a-f-]{36}/g) ?? [];
  const one = leveragedHouse();
  const two = leveragedHouse();
  for (const house of [one, two]) {
    mark(house, '48305');
    house.pass('2m');
    pay(house, 'alice', '30000');
    trade(house, 'alice', 'maker', '0.1', '48305');
  }
  expect(ids(one).length).toBeGreaterThan(3);
  expect(ids(one)).toEqual(ids(two));
});
