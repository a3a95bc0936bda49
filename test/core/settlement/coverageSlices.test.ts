/**
 * Coverage of a house with many accounts: counted a slice an entry, with the same figures as in one step, and nothing
 * waits for it.  RB-2, DS-1
 */

import { createColumnBook } from '../../../src/core/book/columnBook';
import { createPlainBook } from '../../../src/core/book/plain';
import { execute } from '../../../src/core/engine/execute';
import { nextDeadline } from '../../../src/core/engine/time';
import type { Command } from '../../../src/core/message/command';
import { eventsOf } from '../../../src/core/message/envelope';
import { type Actor, SYSTEM } from '../../../src/core/model/actor';
import { COVERAGE_SLICE } from '../../../src/core/settlement/waterfall/stress';
import { classicPolicy, flatTiers, onePerpetual, openAccount, trade } from '../../support/given';
import { ofType, type TestHouse } from '../../support/house';
import { expectReplays, expectTwins, restored } from '../../support/twin';
import { FUND_POLICY } from '../../support/waterfall';

const MOVES = [{ instrument: 'BTC-PERP', up: '0.2', down: '0.2' }];

/**
 * Three members with positions in the first, a middle and the last slice, and so many accounts that hold nothing
 * between.
 */
function house(idle: number, compute = true): TestHouse {
  const made = onePerpetual({ price: '1000', tiers: flatTiers('0.02', '0.01'), policy: classicPolicy() });
  made.audited = false;
  for (const member of ['m1', 'm2', 'm3']) made.send({ type: 'AdmitMember', member, name: member });
  made.send({ ...FUND_POLICY, moves: MOVES, floor: '5', threshold: '1' });
  const some = (from: number, count: number): void => {
    for (let i = from; i < from + count; i++) openAccount(made, `idle${i}`);
  };
  openAccount(made, 'first', '100', { member: 'm1' });
  openAccount(made, 'maker', '900');
  trade(made, 'first', 'maker', '1', '1000');
  some(0, Math.floor(idle / 2));
  openAccount(made, 'middle', '60', { member: 'm2' });
  trade(made, 'maker', 'middle', '2', '1000');
  some(Math.floor(idle / 2), Math.ceil(idle / 2));
  openAccount(made, 'last', '40', { member: 'm3' });
  trade(made, 'last', 'maker', '0.5', '1000');
  if (compute) made.send({ type: 'ComputeCoverage', currency: 'USD' });
  return made;
}

/** Lets an entry of its own happen now, whatever else is unfinished. */
function step(made: TestHouse, command: Command, actor: Actor = SYSTEM): ReturnType<typeof eventsOf> {
  const envelope = { seq: made.state.seq + 1, at: made.state.now, actor, key: null, command };
  const outcome = execute(made.state, envelope);
  made.entries.push({ ...envelope, outcome });
  if ('rejection' in outcome) throw new Error(outcome.rejection.code);
  return eventsOf(outcome);
}

test('RB-2 in three slices the figures are those of one step, and members are called once', () => {
  const small = house(2);
  const large = house(2 * COVERAGE_SLICE);
  expect(large.state.coverages.size).toBe(0);
  const events = large.pass('0s');
  expect(ofType(events, 'CoverageAdvanced').map(({ run }) => run.next)).toEqual([2 * COVERAGE_SLICE]);
  const [computed] = ofType(events, 'CoverageComputed');
  const { computedAt: _, ...figures } = computed?.coverage ?? {};
  expect(figures).toEqual({ ...small.state.coverages.get('USD'), computedAt: undefined });
  // Long one and 100 lose 200: 100 beyond. Short two and 60 lose 400: 340. Half a one and 40 lose 100: 60.
  expect(computed?.coverage.members.map(({ member, up, down }) => [member, up, down])).toEqual([
    ['broker', 0n, 0n],
    ['m1', 0n, 10_000n],
    ['m2', 34_000n, 0n],
    ['m3', 0n, 6_000n],
  ]);
  expect(ofType(events, 'DefaultFundCallIssued')).toHaveLength(small.state.fundCalls.size);
  expect([large.state.coverageRuns.size, nextDeadline(large.state) === large.state.now]).toEqual([0, false]);
  expectReplays(large.state, large.entries);
}, 60_000);

test('DS-1 commands pass between slices; a restored house goes on where it was; another policy counts anew', () => {
  const large = house(2 * COVERAGE_SLICE);
  // Two more slices to go: the house asks to be told the time at once, and does not wait with what else comes.
  expect(nextDeadline(large.state)).toBe(large.state.now);
  step(large, { type: 'DepositCollateral', account: 'last', currency: 'USD', amount: '60' });
  expect(large.state.coverageRuns.get('USD')?.next).toBe(COVERAGE_SLICE);
  const copy = restored(large.state);
  expectTwins(copy, large.state);
  step(large, { type: 'AdvanceTime' });
  const events = step(large, { type: 'AdvanceTime' });
  // Everybody is counted as it stands in its slice: the last account has no loss beyond its collateral any more.
  expect(ofType(events, 'CoverageComputed')[0]?.coverage.members.find(({ member }) => member === 'm3')?.down).toBe(0n);
  expectReplays(large.state, large.entries);

  step(large, { type: 'ComputeCoverage', currency: 'USD' });
  step(large, { type: 'ComputeCoverage', currency: 'USD' });
  expect(large.state.coverageRuns.get('USD')?.next).toBe(COVERAGE_SLICE);
  const [proposal] = ofType(step(large, { ...FUND_POLICY, moves: [], floor: '5', threshold: '1' }), 'ProposalCreated');
  const { id, hash } = proposal?.created ?? { id: '', hash: '' };
  step(large, { type: 'ApproveProposal', proposal: id, hash }, { id: 'second', role: 'RISK_OFFICER', member: null });
  expect(large.state.coverageRuns.size).toBe(0);
}, 60_000);

test('RB-2 control: at the time of day coverage is begun by itself, and begun again the day after', () => {
  const large = house(2 * COVERAGE_SLICE, false);
  const events = large.pass('2d');
  expect(ofType(events, 'CoverageComputed')).toHaveLength(2);
  expect(ofType(events, 'CoverageAdvanced')).toHaveLength(4);
}, 60_000);

test('DS-1 the plain book and the book in columns name their accounts in the same order', () => {
  const books = [createPlainBook(), createColumnBook()];
  const terms = {
    member: 'm',
    kind: 'CLIENT',
    currency: 'USD',
    policy: 'p',
    mode: 'CROSS',
    instrument: null,
    leverage: null,
  } as const;
  for (const book of books) for (const id of ['c', 'a', 'd', 'b']) book.open({ id, owner: id, ...terms });
  for (const book of books) {
    expect(book.accountsFrom(0, 3)).toEqual(['c', 'a', 'd']);
    expect([book.accountsFrom(3, 3), book.accountsFrom(4, 3)]).toEqual([['b'], []]);
  }
});
