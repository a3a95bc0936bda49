/** The count of a change in a large book: a slice an entry, between which the house goes on.  Ruling 12 */

import { MOST_CHANGES } from '../../../src/core/control/change';
import { CHANGE_SLICE, COUNT_FRESH } from '../../../src/core/control/counted';
import type { Command } from '../../../src/core/message/command';
import type { Event } from '../../../src/core/message/event';
import { instant } from '../../../src/units/quantity';
import {
  crowd,
  DAY,
  figuresIn,
  HAIRCUT,
  HOUR,
  houseOf,
  maintenance,
  one,
  propose,
  proposed,
  rates,
  step,
  tick,
  two,
  withCall,
} from '../../support/counted';
import { classicPolicy, openAccount, pay, trade } from '../../support/given';
import { ofType, type TestHouse, typesOf } from '../../support/house';
import { executeAgain, expectReplays, expectTwins, restored } from '../../support/twin';

describe('ruling 12 a large book is counted in slices', () => {
  /** Near at both ends of three slices; nobody between holds anything. */
  function large(last = '2600'): TestHouse {
    const house = houseOf(crowd(1, 48));
    for (let i = 0; i < 2 * CHANGE_SLICE; i++) openAccount(house, `idle${i}`);
    openAccount(house, 'last', last);
    trade(house, 'last', 'maker', '1', '50000');
    return house;
  }

  test('DS-1 commands pass between; each account is counted as it stands in its slice; a restored house goes on ' +
    'where it was', () => {
    const house = large();
    propose(house, rates('0.06'));
    expect(ofType(tick(house), 'ChangeCountAdvanced')[0]?.count).toMatchObject({ next: CHANGE_SLICE });
    const copy = restored(house.state);
    expectTwins(copy, house.state);
    const from = house.entries.length;
    tick(house);
    step(house, { type: 'DepositCollateral', account: 'last', currency: 'USD', amount: '400' });
    // 1 of 51, and not 2.
    expect(figuresIn(tick(house))).toEqual([[51, 1, 0, 0]]);
    expect(maintenance(house)).toBe('0.06');
    for (const entry of house.entries.slice(from)) executeAgain(copy, entry);
    expectTwins(copy, house.state);
    expectReplays(house.state, house.entries);
  }, 60_000);

  test('prices move meanwhile: what they did counts from the slice in which they are found', () => {
    const house = large('3300');
    propose(house, rates('0.06'));
    tick(house);
    step(house, {
      type: 'SubmitMarkPrices',
      source: 'venue',
      prices: [{ instrument: 'BTC-PERP', price: '49500', bid: null, ask: null, observedAt: null }],
    });
    tick(house);
    // At 50,000 the first one is called, and the last one, with 3,300 against 3,000, is not: at 49,500 it has 2,800
    // against 2,970.
    expect(figuresIn(tick(house))).toEqual([[51, 2, 0, 0]]);
    expect(maintenance(house)).toBe('0.025');
  }, 60_000);

  test('a count that has taken too long is begun anew, and one that other terms have overtaken', () => {
    const house = large();
    propose(house, rates('0.06'));
    const nextOf = (events: Event[]): number | undefined => ofType(events, 'ChangeCountAdvanced')[0]?.count.next;
    expect(nextOf(tick(house))).toBe(CHANGE_SLICE);
    house.now = instant(house.now + COUNT_FRESH);
    expect(nextOf(tick(house))).toBe(2 * CHANGE_SLICE);
    house.now = instant(house.now + 1);
    expect(nextOf(tick(house))).toBe(CHANGE_SLICE);
    const [other] = ofType(step(house, rates('0.03', house.now + DAY), one), 'TierScheduleSet');
    expect(other).toBeDefined(); // with notice: it holds later
    expect(nextOf(tick(house))).toBe(2 * CHANGE_SLICE);
    const { cureWindow, ...policy } = classicPolicy();
    step(house, { ...policy, cureWindow: cureWindow - 1 }, one);
    expect(nextOf(tick(house))).toBe(CHANGE_SLICE);
    tick(house);
    expect(figuresIn(tick(house))).toEqual([[51, 2, 0, 0]]);
    expectReplays(house.state, house.entries);
  }, 60_000);

  test('one change is counted after the other, each under the terms that those before it left', () => {
    const house = large();
    pay(house, 'last', '10000');
    const first = propose(house, rates('0.06'));
    const second = propose(house, rates('0.07'));
    const counted = [1, 2, 3, 4, 5, 6].flatMap(() => ofType(tick(house), 'ChangeCounted'));
    expect(
      counted.map(({ proposal, count }) => [proposal, count.currencies[0]?.called, count.currencies[0]?.earlier]),
    ).toEqual([
      [first.id, 1, 0],
      [second.id, 0, 1],
    ]);
    expect(maintenance(house)).toBe('0.07');
  }, 60_000);

  test('what can no longer be done is refused on the record', () => {
    const house = large();
    // A fee of 2.4 % leaves room below 2.5 %, and none below 2.3 %.
    const { id } = propose(house, withCall('1.1', '0.024'));
    tick(house);
    const { id: lower, hash } = proposed(step(house, rates('0.023'), one));
    step(house, { type: 'ApproveProposal', proposal: lower, hash }, two);
    const [refused] = ofType(tick(house), 'ProposalRefused');
    expect(refused).toMatchObject({ proposal: id, code: 'FEE_ABOVE_MAINTENANCE' });
    expect([house.state.proposals.size, house.state.changeCounts.size]).toEqual([0, 0]);
    expectReplays(house.state, house.entries);
  }, 60_000);

  test('what there is no room to announce any more is refused, and what has too little notice by now waits', () => {
    const house = large();
    const due = house.now + 2 * HOUR;
    propose(house, { ...HAIRCUT, haircut: '0.5', effectiveAt: due });
    tick(house);
    const notice = (span: number): Command => ({ type: 'SetNotice', change: 'COLLATERAL_TERMS', notice: span });
    const copy: TestHouse = { ...house, state: restored(house.state), entries: [] };
    step(copy, notice(due - copy.now), one);
    tick(copy);
    expect(typesOf(tick(copy))).toEqual(['ChangeCounted', 'ProposalCarriedOut', 'ChangeScheduled']);
    const late: TestHouse = { ...house, state: restored(house.state), entries: [] };
    step(late, notice(due - late.now + 1), one);
    tick(late);
    expect(typesOf(tick(late))).toEqual(['ChangeCounted']);
    for (let i = 0; i < MOST_CHANGES; i++)
      step(house, { ...HAIRCUT, haircut: '1', effectiveAt: due + DAY + i } as Command, one);
    expect(ofType(tick(house), 'ProposalRefused')).toMatchObject([{ code: 'TOO_MANY_SCHEDULED_CHANGES' }]);
  }, 60_000);

  test('what has become a loosening meanwhile waits for a second person', () => {
    const house = large();
    pay(house, 'last', '10000');
    pay(house, 'c0', '10000');
    const { id } = propose(house, rates('0.06'));
    tick(house);
    const higher = propose(house, rates('0.08'));
    step(house, { type: 'ApproveProposal', proposal: higher.id, hash: higher.hash }, two);
    const events = [1, 2, 3].flatMap(() => tick(house));
    expect(figuresIn(events)).toEqual([[51, 0, 0, 0]]);
    expect(house.state.proposals.has(id)).toBe(true);
    expect(maintenance(house)).toBe('0.08');
  }, 60_000);
});
