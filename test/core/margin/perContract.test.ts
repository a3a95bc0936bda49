/** A contract asks for margin whatever its price.  S13, ruling 18 */

import { explainAccount } from '../../../src/core/margin/explain';
import { healthOf } from '../../../src/core/margin/health';
import type { CommandOf } from '../../../src/core/message/command';
import { flatTiers, mark, onePerpetual, openAccount, trade } from '../../support/given';
import { type TestHouse, typesOf } from '../../support/house';
import { byTwo, officer } from '../../support/ladder';
import { expectReplays, restored } from '../../support/twin';

const tiers = (initialPerContract?: string, maintenancePerContract?: string): CommandOf<'SetTierSchedule'> => ({
  type: 'SetTierSchedule',
  instrument: 'BTC-PERP',
  tiers: flatTiers('0.1', '0.05'),
  effectiveAt: null,
  ...(initialPerContract !== undefined && { initialPerContract }),
  ...(maintenancePerContract !== undefined && { maintenancePerContract }),
});

/** `a` is long 2.5 at 100 in lots of 0.1: 10 % and 5 % are 25 and 12.50. At least 8 and 6 a contract are 20 and 15. */
function house(...least: [string?, string?]): TestHouse {
  const made = onePerpetual({ price: '100', tiers: flatTiers('0.1', '0.05') });
  openAccount(made, 'deep', '900000');
  openAccount(made, 'a', '200');
  made.send(tiers(...least));
  trade(made, 'a', 'deep', '2.5', '100');
  return made;
}
const requiredOf = (of: TestHouse, account = 'a') => {
  const { initial, maintenance, opening, freeCollateral } = healthOf(of.state, account);
  return [initial, maintenance, opening, freeCollateral];
};

test('S13 ruling 18 the larger of rate and floor counts, for initial and for maintenance margin by itself', () => {
  const with8and6 = house('8', '6');
  expect(requiredOf(with8and6)).toEqual([2500n, 1500n, 2500n, 17_500n]);
  // At 60 the rates are 15 and 7.50.
  mark(with8and6, '60');
  expect(requiredOf(with8and6)).toEqual([2000n, 1500n, 2000n, 8000n]);
  mark(with8and6, '200');
  expect(requiredOf(with8and6)).toEqual([5000n, 2500n, 5000n, 15_000n]);
  expectReplays(with8and6.state, with8and6.entries);
  expect(requiredOf({ ...with8and6, state: restored(with8and6.state) } as TestHouse)).toEqual([
    5000n,
    2500n,
    5000n,
    15_000n,
  ]);
});

test('S13 ruling 18 control: where nothing is stated rates alone count', () => {
  const without = house();
  mark(without, '60');
  expect(requiredOf(without)).toEqual([1500n, 750n, 1500n, 8500n]);
});

test('S13 ruling 18 RMR-3 the lines of an explanation say what the floor adds, and sum to the figure', () => {
  const of = house('8', '6');
  mark(of, '60');
  const { initialLines, maintenanceLines } = explainAccount(of.state, 'a');
  const shown = (lines: typeof initialLines) => lines.map(({ kind, amount }) => [kind, amount / 1_000_000_000_000n]);
  expect(shown(initialLines)).toEqual([
    ['TRANCHE', 1500n],
    ['CONTRACT_FLOOR', 500n],
  ]);
  expect(shown(maintenanceLines)).toEqual([
    ['TRANCHE', 750n],
    ['CONTRACT_FLOOR', 750n],
  ]);
});

test('S13 ruling 18 a chosen leverage asks for more than the floor where it is more', () => {
  const of = house('8', '6');
  of.send({
    type: 'OpenAccount',
    account: 'b',
    member: 'broker',
    owner: 'b',
    kind: 'CLIENT',
    currency: 'USD',
    policy: 'classic',
    ...{ mode: 'CROSS', instrument: null, leverage: '2' },
  });
  of.send({ type: 'DepositCollateral', account: 'b', currency: 'USD', amount: '500' });
  trade(of, 'b', 'deep', '1', '100');
  expect(healthOf(of.state, 'b').initial).toBe(5000n);
  mark(of, '10');
  expect(healthOf(of.state, 'b').initial).toBe(800n);
});

test('S13 ruling 18 the liquidation price stands where the floor does', () => {
  const of = house('8', '6');
  of.send({ type: 'WithdrawCollateral', account: 'a', currency: 'USD', amount: '100' });
  // 100 + 2.5 (P - 100) = 15 at 66: below 120 the floor is more than 5 %.
  expect(healthOf(of.state, 'a').positions[0]?.liquidationPrice).toBe('66');
  mark(of, '66');
  expect(of.state.callOf.has('a')).toBe(false);
  mark(of, '65.9');
  expect(of.state.callOf.has('a')).toBe(true);
});

test('S13 ruling 18 maintenance is never above initial, and nothing below zero', () => {
  const of = house();
  expect(of.refusal(tiers('1', '1.01'))).toBe('VALUE_OUT_OF_RANGE');
  expect(of.refusal(tiers(undefined, '1'))).toBe('VALUE_OUT_OF_RANGE');
  expect(of.refusal(tiers('-1', '-1'))).toBe('VALUE_OUT_OF_RANGE');
  expect(of.refusal(tiers('0.001', '0'))).toBe('TOO_MANY_DIGITS');
});

test('S13 ruling 18 of accounts of one owner each has the least of its own contracts', () => {
  const of = house('8', '6');
  openAccount(of, 'a2', '200', { owner: 'a' });
  trade(of, 'a2', 'deep', '1.5', '100');
  mark(of, '60');
  expect([requiredOf(of).slice(0, 2), requiredOf(of, 'a2').slice(0, 2)]).toEqual([
    [2000n, 1500n],
    [1200n, 900n],
  ]);
});

test('S13 ruling 18 less of it needs a second person, for initial and for maintenance margin by itself; more does not', () => {
  const of = house('8', '6');
  const set = (...least: [string?, string?]) => typesOf(of.send(tiers(...least), officer('first')));
  expect([set('7.99', '6'), set('8', '5.99'), set('8')]).toEqual([
    ['ProposalCreated'],
    ['ProposalCreated'],
    ['ProposalCreated'],
  ]);
  expect(set('9', '6')).toContain('TierScheduleActivated');
  byTwo(of, tiers('7', '5'));
  expect(requiredOf(of).slice(0, 2)).toEqual([2500n, 1250n]);
});
