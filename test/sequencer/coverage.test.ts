/**
 * Coverage of a large house while the sequencer works: commands pass between its slices, and it comes to its end by
 * itself.  RB-2, S23
 */

import { eventsOf } from '../../src/core/message/envelope';
import { SYSTEM } from '../../src/core/model/actor';
import { COVERAGE_SLICE } from '../../src/core/settlement/waterfall/stress';
import { createMemoryJournal } from '../../src/journal/memory';
import { manualClock } from '../../src/sequencer/clock';
import { encodeEntry } from '../../src/sequencer/entryText';
import { createSequencer } from '../../src/sequencer/sequencer';
import { onePerpetual, openAccount, trade } from '../support/given';
import { START } from '../support/house';
import { FUND_POLICY } from '../support/waterfall';

const SLICES = 8;

test('RB-2 what arrives while coverage is being counted is done before the count has ended', async () => {
  const given = onePerpetual();
  given.send({ ...FUND_POLICY, moves: [{ instrument: 'BTC-PERP', up: '0.1', down: '0.1' }] });
  for (const id of ['alice', 'bob']) openAccount(given, id, '25000');
  trade(given, 'alice', 'bob', '2', '50000');
  const { state } = given;
  const alice = state.book.account('alice');
  if (!alice) throw new Error('Alice is missing');
  for (let i = 0; i < SLICES * COVERAGE_SLICE; i++) state.book.open({ ...alice, id: `a${i}`, owner: `a${i}` });
  const journal = createMemoryJournal();
  await journal.append(given.entries.map(encodeEntry));
  const house = createSequencer({
    state,
    journal,
    clock: manualClock(START),
    surveyEveryMs: 0,
    onFatal: () => undefined,
  });
  const before = house.status().seq;
  await house.submit([{ actor: SYSTEM, command: { type: 'ComputeCoverage', currency: 'USD' }, key: null }]);
  const deposit = { type: 'DepositCollateral', account: 'alice', currency: 'USD', amount: '1' } as const;
  const [answer] = await house.submit([{ actor: SYSTEM, command: deposit, key: null }]);
  if (!answer || 'malformed' in answer) throw new Error('No answer');
  // Nobody asks for anything any more: it goes on by itself.
  while (house.status().nextDeadline === house.status().now) await new Promise((resolve) => setImmediate(resolve));
  const told: { seq: number; type: string }[] = [];
  for await (const { seq, entry } of house.read(before)) {
    for (const { type } of eventsOf(entry.outcome)) told.push({ seq, type });
    if (seq === house.status().seq) break;
  }
  const placeOf = (type: string): number[] => told.filter((one) => one.type === type).map(({ seq }) => seq);
  expect(placeOf('CoverageAdvanced')).toHaveLength(SLICES);
  const [end] = placeOf('CoverageComputed');
  expect(answer.seq).toBeLessThan(end ?? 0);
  expect(placeOf('CoverageAdvanced').some((seq) => seq > answer.seq)).toBe(true);
}, 60_000);
