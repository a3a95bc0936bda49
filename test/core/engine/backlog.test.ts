/**
 * More accounts to act on than one entry may: they wait in order of risk, everybody's turn comes, replay agrees.
 * Rules: LE-3, LE-2, DS-1
 */

import { auditQuiet } from '../../../src/core/engine/survey';
import { MOST_AN_ENTRY } from '../../../src/core/margincall/backlog';
import type { AccountId } from '../../../src/core/model/account';
import { mark, onePerpetual, openAccount, trade } from '../../support/given';
import { ofType, type TestHouse } from '../../support/house';
import { expectReplays } from '../../support/twin';

const EXCESS = 700;
const COUNT = 2 * MOST_AN_ENTRY + EXCESS;

/** Accounts long one contract each, the later ones with less behind it. */
function crowd(): TestHouse {
  const house = onePerpetual({ lot: '1' });
  house.audited = false;
  openAccount(house, 'maker', '1000000000');
  for (let i = 0; i < COUNT; i++) {
    openAccount(house, `c${i}`, ((250_000 + (COUNT - i) * 5) / 100).toFixed(2));
    trade(house, `c${i}`, 'maker', '1', '50000');
  }
  return house;
}

describe('LE-3 a gap under a crowd', () => {
  const house = crowd();
  const from = house.entries.length;
  // Below maintenance margin and above the close-out level for everybody: 1,050 to 1,185 left, against 1,213.75.
  const first = mark(house, '48550');
  const rest = house.pass('1ms');

  const calledIn = (entry: number): AccountId[] => {
    const outcome = house.entries[entry]?.outcome;
    return outcome && 'events' in outcome
      ? ofType(outcome.events, 'MarginCallIssued').map(({ issued }) => issued.account)
      : [];
  };

  test('one entry acts on so many, riskiest first; the rest is named in order of risk', () => {
    const called = ofType(first, 'MarginCallIssued').map(({ issued }) => issued.account);
    const below = called.length + ofType(rest, 'MarginCallIssued').length;
    expect(below).toBeGreaterThan(MOST_AN_ENTRY);
    expect(called.length).toBeLessThanOrEqual(MOST_AN_ENTRY);
    expect(called[0]).toBe(`c${COUNT - 1}`);
    const [queued] = ofType(first, 'AccountsQueued');
    const order = [...called, ...(queued?.accounts ?? [])].map((id) => Number(id.slice(1)));
    expect(order).toEqual([...order].sort((a, b) => b - a));
  });

  test('everybody has a turn, nobody twice, and then nobody waits', () => {
    const calls = house.entries.slice(from).flatMap((_, i) => calledIn(from + i));
    expect(new Set(calls).size).toBe(calls.length);
    const taken = ofType(rest, 'AccountsTaken').flatMap(({ accounts }) => accounts);
    expect(new Set(taken).size).toBe(taken.length);
    expect(house.state.backlog.size).toBe(0);
    auditQuiet(house.state, { exact: true });
  });

  test('LE-2 DS-1 executed again and applied, the journal gives the same house', () => {
    expectReplays(house.state, house.entries);
  });
});
