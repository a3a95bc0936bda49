/**
 * Time: an entry like any other. Deadlines are met in their order, each at its own instant; no clock, no calendar, no
 * way back.  B1-4, DS-1, S22
 */

import { execute } from '../../../src/core/engine/execute';
import { nextDeadline } from '../../../src/core/engine/time';
import { eventsOf } from '../../../src/core/message/envelope';
import { SYSTEM } from '../../../src/core/model/actor';
import { InvariantViolation } from '../../../src/units/failure';
import { instant } from '../../../src/units/quantity';
import { classicPolicy, mark, onePerpetual, openAccount, pay, trade } from '../../support/given';
import { createTestHouse, ofType, START, type TestHouse, typesOf } from '../../support/house';
import { byTwo, callOf, leveragedHouse, officer, statusOf } from '../../support/ladder';
import { defineOnIndex } from '../../support/prices';
import { expectReplays, expectTwins, restored } from '../../support/twin';

const HOUR = 3_600_000;
/** What the house took over it offers once an hour, so that days pass in few steps. */
const slowDisposal = {
  type: 'SetDisposalPolicy',
  currency: 'USD',
  interval: HOUR,
  fraction: '1',
  fullBelow: '0',
  maximumShareOfDepth: '1',
  slippage: '0.05',
} as const;

const advance = (house: TestHouse, at: number) =>
  execute(house.state, {
    seq: house.state.seq + 1,
    at: instant(at),
    actor: SYSTEM,
    key: null,
    command: { type: 'AdvanceTime' },
  });

test('S22 the clock does not run backwards, and an entry of the same instant is not before it', () => {
  const house = leveragedHouse();
  expect(() => advance(house, START - 1)).toThrow(InvariantViolation);
  expect(advance(house, START)).toEqual({ events: [] });
});

test('S22 a deadline once met stays met, whatever the clock of the sender says', () => {
  const house = leveragedHouse();
  mark(house, '48600');
  house.pass('1h');
  expect(statusOf(house)).toBe('LIQUIDATING');
  expect(() => advance(house, START)).toThrow('Time does not run backwards');
  expect(ofType(house.pass('1h'), 'MarginCallExpired')).toEqual([]);
});

test('B1-4 deadlines are met in order of instants, each at its own, though the clock jumps over all of them', () => {
  const house = leveragedHouse({ policy: classicPolicy({}, { finalNotice: HOUR / 2 }) });
  byTwo(house, slowDisposal);
  openAccount(house, 'bob', '25000');
  trade(house, 'bob', 'maker', '10', '50000');
  house.pass('1m');
  mark(house, '48600');
  house.pass('5m');
  house.send(
    { type: 'ExtendMarginCall', call: callOf(house, 'bob').id, deadline: START + 20 * HOUR, reason: '' },
    officer('first'),
  );
  const before = house.entries.length;
  house.pass('30h');
  const met = house.entries.slice(before).map((entry) => [entry.at - START, entry.command.type]);
  expect(met.every(([, type]) => type === 'AdvanceTime')).toBe(true);
  const times = met.map(([at]) => Number(at));
  expect(times).toEqual([...times].sort((a, b) => a - b));
  const told = house.entries
    .slice(before)
    .flatMap((entry) => eventsOf(entry.outcome).map((event) => [entry.at - START, event.type] as const));
  const at = (type: string) => told.filter(([, told]) => told === type).map(([time]) => time);
  expect(at('MarginCallFinalNotice')).toEqual([HOUR / 2 + 60_000, HOUR / 2 + 60_000]);
  expect(at('MarginCallExpired')).toEqual([HOUR + 60_000, HOUR + 60_000]);
  expect(at('ProposalExpired')).toEqual([24 * HOUR + 360_000]);
});

test('LE-3 what falls due at one instant happens in one entry, the riskiest account first', () => {
  const house = leveragedHouse();
  openAccount(house, 'bob', '24900');
  openAccount(house, 'amy', '24800');
  // At 48,600 alice has 0.905 of her maintenance margin, bob 0.914, amy, a tenth of a contract smaller, 0.918.
  for (const id of ['bob', 'amy']) {
    pay(house, id, '200');
    trade(house, id, 'maker', '10', '50000');
  }
  house.send({
    type: 'SubmitTrade',
    trade: 'worse',
    instrument: 'BTC-PERP',
    buyer: 'maker',
    seller: 'amy',
    price: '49000',
    size: '0.1',
    taker: null,
    buyOrder: null,
    sellOrder: null,
  });
  mark(house, '48600');
  expect(house.state.calls.size).toBe(3);
  const events = house.pass('1h');
  expect(ofType(events, 'LiquidationStarted').map(({ started }) => started.account)).toEqual(['alice', 'bob', 'amy']);
});

test('S22 a window over the night in which clocks are set back lasts its 120 real minutes', () => {
  const night = instant(Date.parse('2025-10-26T00:30:00Z'));
  const local = (at: number) => new Date(at).toLocaleTimeString('en-GB', { timeZone: 'Europe/Berlin' });
  // The night has the hour twice: two hours later the clock on the wall has moved by one.
  expect([local(night), local(night + 2 * HOUR)]).toEqual(['02:30:00', '03:30:00']);
  const house = createTestHouse(night);
  house.send({ type: 'DefineCurrency', currency: 'USD', scale: 2 });
  house.send({ type: 'DefineCurrency', currency: 'BTC', scale: 8 });
  house.send(classicPolicy({}, { cureWindow: 2 * HOUR }));
  defineOnIndex(house, { index: null, markBand: null, heartbeat: 24 * HOUR });
  mark(house, '50000');
  house.send({ type: 'AdmitMember', member: 'broker', name: 'A broker' });
  openAccount(house, 'maker', '100000000');
  openAccount(house, 'alice', '25000');
  trade(house, 'alice', 'maker', '10', '50000');
  mark(house, '48600');
  expect(callOf(house).deadline - night).toBe(120 * 60_000);
  expect(ofType(house.pass('1h59m59.999s'), 'MarginCallExpired')).toEqual([]);
  expect(ofType(house.pass('0.001s'), 'MarginCallExpired')).toHaveLength(1);
});

test('B1-4 the house says when it next needs to be told the time, restored or not', () => {
  const house = onePerpetual();
  const week = START + 7 * 24 * HOUR;
  // The loss period ends at midnight, long before the mark is a week old.
  expect(nextDeadline(house.state)).toBe(Date.parse('2025-10-11T00:00:00Z'));
  expect(house.state.listings.get('BTC-PERP')?.mark?.at).toBe(week - 7 * 24 * HOUR);
  openAccount(house, 'maker', '100000000');
  openAccount(house, 'alice', '25000');
  trade(house, 'alice', 'maker', '10', '50000');
  mark(house, '48600');
  expect(nextDeadline(house.state)).toBe(START + HOUR);
  // A restart in the middle of the window neither loses nor extends the deadline.
  house.pass('30m');
  const again = restored(house.state);
  expect(nextDeadline(again)).toBe(START + HOUR);
  const envelope = {
    seq: again.seq + 1,
    at: instant(START + HOUR),
    actor: SYSTEM,
    key: null,
    command: { type: 'AdvanceTime' },
  } as const;
  expect(ofType(eventsOf(execute(again, envelope)), 'MarginCallExpired')).toHaveLength(1);
});

test('B2-5 an order that gives the venue no time is met at the very instant, also by a house restored in between', () => {
  const house = leveragedHouse({ policy: classicPolicy({ venueWindow: 0 }) });
  mark(house, '48600');
  house.now = instant(START + HOUR);
  const due = advance(house, START + HOUR);
  expect(ofType(eventsOf(due), 'LiquidationOrderIssued')).toHaveLength(1);
  expect(nextDeadline(house.state)).toBe(START + HOUR);
  const again = restored(house.state);
  expectTwins(again, house.state);
  const events = eventsOf(advance(house, START + HOUR));
  expect(typesOf(events).slice(0, 2)).toEqual(['LiquidationOrderClosed', 'PositionTakenOver']);
});

test(
  'DS-1 a call and its notice, a policy and tiers to come, orders and proposals survive a restore with their ' +
    'deadlines',
  () => {
    const house = leveragedHouse({ policy: classicPolicy({}, { finalNotice: HOUR / 2 }) });
    house.send({
      type: 'SetTierSchedule',
      instrument: 'BTC-PERP',
      tiers: [{ floor: '0', cap: null, initialRate: '0.06', maintenanceRate: '0.03', deduction: null }],
      effectiveAt: START + 5 * HOUR,
    });
    house.send(classicPolicy({}, { finalNotice: HOUR / 2, cureWindow: HOUR / 2, effectiveAt: START + 6 * HOUR }));
    house.send(
      {
        type: 'SetLossPolicy',
        currency: 'USD',
        layers: ['INSURANCE_FUND'],
        base: 'GAINS',
        period: HOUR,
        fundTarget: '0',
      },
      officer('first'),
    );
    byTwo(house, slowDisposal);
    mark(house, '48600');
    const again = restored(house.state);
    expectTwins(again, house.state);
    // Call, notice, tiers, policy, proposal, mark, variation and two loss periods.
    expect(again.deadlines.size).toBe(9);
    house.pass('26h');
    expectReplays(house.state, house.entries);
  },
);
