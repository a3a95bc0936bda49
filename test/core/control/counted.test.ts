/**
 * Changes of terms by one person: a pass counts whom they would call, and they are made alone where those are few.
 * Ruling 12
 */

import fc from 'fast-check';
import { execute } from '../../../src/core/engine/execute';
import type { Command, CommandOf } from '../../../src/core/message/command';
import { eventsOf } from '../../../src/core/message/envelope';
import { instant } from '../../../src/units/quantity';
import {
  crowd,
  DAY,
  figuresIn,
  HAIRCUT,
  HOUR,
  houseOf,
  limits,
  maintenance,
  one,
  propose,
  rates,
  step,
  tick,
  two,
  withCall,
} from '../../support/counted';
import { classicPolicy, mark, openAccount, pay, term, trade, tradeOf } from '../../support/given';
import { ofType, type TestHouse, typesOf } from '../../support/house';
import { byTwo } from '../../support/ladder';
import { quotes } from '../../support/prices';
import { expectReplays, restored } from '../../support/twin';

test(
  'ruling 12 a change is a proposal at once, is counted in an entry of its own, and is made alone where it ' +
    'calls no more than the share',
  () => {
    const house = houseOf(crowd(2, 97));
    const { id, hash } = propose(house, rates('0.06'));
    expect(maintenance(house)).toBe('0.025');
    const events = tick(house);
    expect(typesOf(events).slice(0, 4)).toEqual([
      'ChangeCounted',
      'ProposalCarriedOut',
      'TierScheduleSet',
      'TierScheduleActivated',
    ]);
    expect(figuresIn(events)).toEqual([[100, 2, 0, 0]]);
    expect(ofType(events, 'ChangeCounted')[0]?.count.entry).toBe(house.state.seq);
    expect(ofType(events, 'MarginCallIssued')).toHaveLength(2);
    expect([maintenance(house), house.state.proposals.size, house.state.changeCounts.size]).toEqual(['0.06', 0, 0]);
    expect(() => step(house, { type: 'ApproveProposal', proposal: id, hash }, two)).toThrow('PROPOSAL_NOT_FOUND');
    expectReplays(house.state, house.entries);
  },
);

test('ruling 12 a change that would call more waits with its count, for a second person', () => {
  const house = houseOf(crowd(3, 96));
  const { id, hash } = propose(house, rates('0.06'));
  // The house asks for the time by itself.
  expect(figuresIn(house.pass('0s'))).toEqual([[100, 3, 0, 0]]);
  expect(house.pass('1h')).toEqual([]);
  expect(house.state.proposals.get(id)?.count?.currencies).toMatchObject([{ currency: 'USD', called: 3 }]);
  expect(maintenance(house)).toBe('0.025');
  const events = step(house, { type: 'ApproveProposal', proposal: id, hash }, two);
  expect(ofType(events, 'MarginCallIssued')).toHaveLength(3);
  // What was approved is added up too: nobody else may be called alone, and who calls nobody may act.
  propose(house, rates('0.07'));
  expect(figuresIn(tick(house))).toEqual([[100, 0, 0, 3]]);
  expect(maintenance(house)).toBe('0.07');
  expectReplays(house.state, house.entries);
});

test('ruling 12 who is called already is counted once more below the close-out level, and never again', () => {
  const house = houseOf(crowd(3, 96));
  for (const [rate, figures] of [
    ['0.06', [100, 3, 0, 0]],
    ['0.08', [100, 0, 3, 3]], // 2,600 against two thirds of 4,000
    ['0.09', [100, 0, 0, 6]],
  ] as const) {
    const { id, hash } = propose(house, rates(rate));
    expect(figuresIn(tick(house))).toEqual([figures]);
    if (house.state.proposals.has(id)) step(house, { type: 'ApproveProposal', proposal: id, hash }, two);
  }
  expect(maintenance(house)).toBe('0.09');
});

test(
  'ruling 12 who is being closed out has nothing to fear from a change, and what the house took over is not of ' +
    'the book',
  () => {
    const house = houseOf(crowd(1, 9));
    // 2,600 - 1,400 = 1,200 against 2.5 % of 48,600, 1,215: called, and an hour later closed out.
    mark(house, '48600');
    house.pass('1h');
    expect(house.state.book.stateOf('c0').status).toBe('LIQUIDATING');
    const figures = (): number[][] => {
      const { id } = propose(house, rates('0.06'));
      const counted = figuresIn(tick(house));
      step(house, { type: 'RejectProposal', proposal: id, reason: 'only to count' }, one);
      return counted;
    };
    byTwo(house, { ...limits('0', 0), changeNotice: DAY });
    openAccount(house, 'near', '2500');
    trade(house, 'near', 'maker', '1', '48600');
    expect(figures()).toEqual([[12, 1, 0, 0]]);
    house.pass('1m');
    expect([...house.state.book.holders('BTC-PERP')]).toContain('close-out:USD');
    expect(figures()).toEqual([[11, 1, 0, 0]]);
  },
);

test('ruling 12 so few as the policy says may be called whatever the share', () => {
  for (const [near, made] of [
    [10, true],
    [11, false],
  ] as const) {
    const house = houseOf(crowd(near, 5), '0', 10);
    propose(house, rates('0.06'));
    expect(typesOf(tick(house)).includes('ProposalCarriedOut')).toBe(made);
  }
});

test('ruling 12 a change is counted too that only adds up what an owner holds, or only moves the close-out level', () => {
  const house = houseOf(crowd(0, 5));
  byTwo(house, { ...classicPolicy(), aggregation: 'ACCOUNT' });
  const tiers: CommandOf<'SetTierSchedule'>['tiers'] = [
    { floor: '0', cap: '60000', initialRate: '0.05', maintenanceRate: '0.025', deduction: null },
    { floor: '60000', cap: null, initialRate: '0.2', maintenanceRate: '0.1', deduction: null },
  ];
  step(house, { ...rates('0.1'), tiers } as Command, one);
  tick(house);
  for (const id of ['her-1', 'her-2']) {
    openAccount(house, id, '2600', { owner: 'her' });
    trade(house, id, 'maker', '1', '50000');
  }
  const { id } = propose(house, classicPolicy());
  // Together 100,000: 60,000 at 2.5 % and 40,000 at 10 % are 5,500, half of it for each account.
  expect(figuresIn(tick(house))).toEqual([[8, 2, 0, 0]]);
  step(house, { type: 'RejectProposal', proposal: id, reason: 'only to count' }, one);
  // 2,600 against the call level of 1,250 and a close-out level of nine tenths: nobody crosses it.
  propose(house, { ...classicPolicy(), aggregation: 'ACCOUNT', closeOut: term('MAINTENANCE', '0.9') });
  expect(figuresIn(tick(house))).toEqual([[8, 0, 0, 0]]);
});

test('ruling 12 a second person need not wait for the count', () => {
  const house = houseOf(crowd(3, 96));
  const { id, hash } = propose(house, rates('0.06'));
  step(house, { type: 'ApproveProposal', proposal: id, hash }, two);
  expect([maintenance(house), house.state.changeCounts.size]).toEqual(['0.06', 0]);
  expect(house.pass('1m')).toEqual([]);
});

test('ruling 12 what changes of 24 hours have called is added up', () => {
  // Two are called at 6 %, and one more at 7 %, for 3,500.
  const house = houseOf([...crowd(2, 96), '3200']);
  propose(house, rates('0.06'));
  tick(house);
  const { id } = propose(house, rates('0.07'));
  expect(figuresIn(tick(house))).toEqual([[100, 1, 0, 2]]);
  expect(maintenance(house)).toBe('0.06');
  step(house, { type: 'RejectProposal', proposal: id, reason: 'one too many' }, one);

  const [later, tooSoon] = [restored(house.state), restored(house.state)];
  for (const [state, span, made] of [
    [tooSoon, DAY - 1, false],
    [later, DAY, true],
  ] as const) {
    const again: TestHouse = { ...house, state, entries: [], now: instant(house.now + span) };
    // Who did not pay has been closed out by then: two of a hundred are gone.
    for (let due = state.deadlines.first(); due && due.at <= again.now; due = state.deadlines.first())
      step(again, { type: 'AdvanceTime' });
    propose(again, rates('0.07'));
    const events = tick(again);
    expect(figuresIn(events)[0]?.slice(1)).toEqual([1, 0, made ? 0 : 2]);
    expect(typesOf(events).includes('ProposalCarriedOut')).toBe(made);
  }
  expectReplays(house.state, house.entries);
});

describe('ruling 12 what is not counted', () => {
  const sent = (house: TestHouse, command: Command): string | undefined => typesOf(step(house, command, one))[0];

  test('a change in a book with so few accounts that they may be called alone', () => {
    expect(sent(houseOf(crowd(9, 0), '0.02', 10), rates('0.06'))).toBe('TierScheduleSet');
    expect(sent(houseOf(crowd(10, 0), '0.02', 10), rates('0.06'))).toBe('ProposalCreated');
  });

  test('a change with notice, whoever it will call', () => {
    const house = houseOf(crowd(9, 0));
    expect(sent(house, rates('0.06', house.now + DAY - 1))).toBe('ProposalCreated');
    expect(sent(house, rates('0.06', house.now + DAY))).toBe('TierScheduleSet');
  });

  test('a change that raises no level, and one that needs a second person anyway', () => {
    const house = houseOf(crowd(9, 0));
    const policy = classicPolicy();
    expect(sent(house, { ...policy, cureWindow: policy.cureWindow - 1 })).toBe('MarginPolicySet');
    const [proposed] = ofType(step(house, rates('0.02'), one), 'ProposalCreated');
    expect(proposed?.created.counted).toBeUndefined();
    expect(tick(house)).toEqual([]);
  });

  test('control: any, where the policy says so', () => {
    expect(sent(houseOf(crowd(99, 0), '1'), rates('0.06'))).toBe('TierScheduleSet');
  });
});

test(
  'ruling 12 a change that is announced without enough notice is counted, and then announced in the name of ' +
    'who proposed it',
  () => {
    const house = houseOf(crowd(2, 97));
    const due = house.now + HOUR;
    propose(house, { ...HAIRCUT, haircut: '0.5', effectiveAt: due });
    const [, , scheduled] = tick(house);
    expect(scheduled).toMatchObject({
      type: 'ChangeScheduled',
      scheduled: { scheduledBy: 'one', approvedBy: null, effectiveAt: due },
    });
    expect(typesOf(house.pass('1h'))).toEqual(['ScheduledChangeMade', 'CollateralTermsSet']);
    // What waited beyond its time holds at once.
    propose(house, rates('0.06', house.now + 1));
    house.now = instant(house.now + 2);
    expect(typesOf(tick(house))).toContain('TierScheduleActivated');
    expectReplays(house.state, house.entries);
  },
);

test('ruling 12 a run-off date that is announced too late is counted as if it were today', () => {
  const house = houseOf(crowd(0, 50));
  quotes(house, '50000', '50000', '50000');
  for (const [id, cash] of [
    ['coins', '1000'],
    ['few', '800'],
  ] as const) {
    openAccount(house, id, cash);
    pay(house, id, '0.04', 'BTC');
    trade(house, id, 'maker', '1', '50000');
  }
  const struckOff = (runOffDate: number): Command => ({ ...HAIRCUT, eligible: false, runOffDate });
  expect(typesOf(step(house, struckOff(house.now + DAY), one))).toEqual(['CollateralTermsSet']);
  propose(house, struckOff(house.now + DAY - 1));
  // Without the coins 1,000 and 800 are left, against 1,250 and against two thirds of it.
  expect(figuresIn(tick(house))).toEqual([[53, 1, 1, 0]]);
  expect(house.state.collateral.get('BTC')?.runOffDate).toBe(house.now + DAY);
});

test('ruling 12 the count is what comes of the change, whatever kind it is and whatever accounts hold', () => {
  const account = fc.record({
    cash: fc.integer({ min: 1_500, max: 6_000 }),
    coins: fc.integer({ min: 0, max: 5 }),
    lots: fc.integer({ min: -2, max: 2 }),
  });
  const change: fc.Arbitrary<Command> = fc.oneof(
    fc.integer({ min: 26, max: 120 }).map((rate) => rates((rate / 1_000).toFixed(3))),
    fc.integer({ min: 101, max: 300 }).map((ratio) => withCall((ratio / 100).toFixed(2))),
    fc.integer({ min: 11, max: 100 }).map((haircut): Command => ({ ...HAIRCUT, haircut: (haircut / 100).toFixed(2) })),
    fc.constant<Command>({ ...HAIRCUT, eligible: false }),
  );
  const seen = { called: 0, closedOut: 0, none: 0 };
  fc.assert(
    fc.property(fc.array(account, { minLength: 3, maxLength: 12 }), change, (accounts, command) => {
      const house = houseOf([], '0');
      quotes(house, '50000', '50000', '50000');
      accounts.forEach(({ cash, coins, lots }, i) => {
        openAccount(house, `a${i}`, String(cash));
        if (coins > 0) pay(house, `a${i}`, (coins / 100).toFixed(2), 'BTC');
        const [buyer, seller] = lots > 0 ? [`a${i}`, 'maker'] : ['maker', `a${i}`];
        // Who has too little is refused, and holds nothing.
        if (lots !== 0) house.try(tradeOf(buyer, seller, String(Math.abs(lots)), '50000'));
      });
      const open = new Set(house.state.book.holders('BTC-PERP')).size;
      const [proposed] = ofType(step(house, command, one), 'ProposalCreated');
      if (!proposed?.created.counted) {
        seen.none += 1;
        return;
      }
      const twin = restored(house.state);
      const envelope = { seq: twin.seq + 1, at: twin.now, actor: one, key: null, command };
      const calls = ofType(eventsOf(execute(twin, envelope, 'GIVEN')), 'MarginCallIssued');
      const lost = calls.filter(({ issued }) => issued.equity * 3n < issued.maintenance * 2n);
      expect(figuresIn(tick(house))).toEqual(open > 0 ? [[open, calls.length - lost.length, lost.length, 0]] : []);
      seen.called += calls.length - lost.length;
      seen.closedOut += lost.length;
    }),
    { numRuns: 150, seed: 12 },
  );
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(10);
});
