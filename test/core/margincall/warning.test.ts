/** The rungs above the call: each notified once per crossing, withdrawn with hysteresis; nothing flaps.  MCM-2, LE-5 */

import { eventsOf } from '../../../src/core/message/envelope';
import { classicPolicy, mark, pay, term } from '../../support/given';
import { ofType, type TestHouse, typesOf } from '../../support/house';
import { leveragedHouse, statusOf, usd } from '../../support/ladder';

const RUNGS = [
  [...term('INITIAL', '1'), ...term('MAINTENANCE', '1.2')],
  term('MAINTENANCE', '1.2'),
  term('MAINTENANCE', '1.1'),
];

/** Rungs below 50,000, below 48,969.07 and below 48,843.18; held to 2 % above: 50,052.69, 48,999.38 and 48,870.82. */
const withRungs = (hysteresis = '0.02'): TestHouse =>
  leveragedHouse({ policy: classicPolicy({}, { warnings: RUNGS, hysteresis }) });

const warningsOf = (house: TestHouse) =>
  house.entries.flatMap((entry) => ofType(eventsOf(entry.outcome), 'MarginWarningIssued').map(({ rung }) => rung));
const oscillate = (house: TestHouse, low: string, high: string, times: number): void => {
  for (let i = 0; i < times; i++) {
    mark(house, low);
    mark(house, high);
  }
};

test('MCM-2 each rung is notified once as equity falls past it, with level and equity', () => {
  const house = withRungs();
  expect(ofType(mark(house, '49999.9'), 'MarginWarningIssued')).toEqual([
    {
      type: 'MarginWarningIssued',
      account: 'alice',
      currency: 'USD',
      rung: 1,
      level: usd('24999.95'),
      equity: usd('24999.00'),
    },
  ]);
  expect(typesOf(mark(house, '48969.1'))).toEqual(['MarkPriceSet']);
  expect(ofType(mark(house, '48969'), 'MarginWarningIssued')).toMatchObject([
    { rung: 2, level: usd('14690.70'), equity: usd('14690.00') },
  ]);
  expect(typesOf(mark(house, '48843.2'))).toEqual(['MarkPriceSet']);
  expect(ofType(mark(house, '48843.1'), 'MarginWarningIssued')).toMatchObject([{ rung: 3 }]);
  expect(typesOf(mark(house, '48800'))).toEqual(['MarkPriceSet']);
  expect(warningsOf(house)).toEqual([1, 2, 3]);
  expect(statusOf(house)).toBe('WARNING');
});

test('MCM-2 a fall through several rungs at once is notified rung by rung', () => {
  const house = withRungs();
  expect(ofType(mark(house, '48800'), 'MarginWarningIssued').map(({ rung }) => rung)).toEqual([1, 2, 3]);
});

test('MCM-2 a rung is withdrawn only above its level raised by the hysteresis, and may then be notified again', () => {
  const house = withRungs();
  mark(house, '48969');
  expect(typesOf(mark(house, '48999.3'))).toEqual(['MarkPriceSet']);
  expect(ofType(mark(house, '48999.4'), 'MarginWarningWithdrawn')).toMatchObject([{ account: 'alice', rung: 1 }]);
  expect(ofType(mark(house, '48969'), 'MarginWarningIssued')).toMatchObject([{ rung: 2 }]);
  expect(typesOf(mark(house, '50052.6'))).toEqual(['MarkPriceSet', 'MarginWarningWithdrawn']);
  expect(statusOf(house)).toBe('WARNING');
  expect(ofType(mark(house, '50052.7'), 'AccountStatusChanged')).toMatchObject([
    { from: 'WARNING', to: 'HEALTHY', cause: 'RECOVERED' },
  ]);
});

test('MCM-2 a deposit withdraws warnings as a price does', () => {
  const house = withRungs();
  mark(house, '48800');
  expect(ofType(pay(house, 'alice', '20000'), 'MarginWarningWithdrawn')).toMatchObject([{ rung: 0 }]);
  expect(statusOf(house)).toBe('HEALTHY');
});

test('LE-5 a price oscillating at a warning level warns once; control: without hysteresis it flaps', () => {
  const steady = withRungs();
  oscillate(steady, '49999.9', '50000', 10);
  expect(warningsOf(steady)).toEqual([1]);
  const flapping = withRungs('0');
  oscillate(flapping, '49999.9', '50000', 10);
  expect(warningsOf(flapping)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
});

test(
  'LE-5 a price oscillating at the call level calls once where the cure level is above; control: at the call ' +
    'level it flaps',
  () => {
    const callsOf = (cure: string): number => {
      const house = leveragedHouse({ policy: classicPolicy({}, { cure: term('MAINTENANCE', cure) }) });
      oscillate(house, '48717.9', '48718', 10);
      return house.entries.flatMap((entry) => ofType(eventsOf(entry.outcome), 'MarginCallIssued')).length;
    };
    expect(callsOf('1.05')).toBe(1);
    expect(callsOf('1')).toBe(10);
  },
);

test('MCM-2 a policy without warning rungs goes straight to the call and, cured, straight back to health', () => {
  const house = leveragedHouse({ policy: classicPolicy({}, { warnings: [] }) });
  mark(house, '48718');
  expect(statusOf(house)).toBe('HEALTHY');
  mark(house, '48717.9');
  expect(statusOf(house)).toBe('CALL');
  mark(house, '48718');
  expect(statusOf(house)).toBe('HEALTHY');
  expect(warningsOf(house)).toEqual([]);
});

test('MCM-2 final notice, the rung between call and liquidation, goes out once, shortly before the deadline', () => {
  const house = leveragedHouse({ policy: classicPolicy({}, { finalNotice: 600_000 }) });
  mark(house, '48600');
  pay(house, 'alice', '300');
  expect(typesOf(house.pass('49m59.999s'))).toEqual([]);
  const events = house.pass('0.001s');
  expect(ofType(events, 'MarginCallFinalNotice')).toMatchObject([{ account: 'alice', amount: usd('13000.00') }]);
  mark(house, '48590');
  expect(ofType(house.pass('9m59.999s'), 'MarginCallFinalNotice')).toEqual([]);
  expect(ofType(house.pass('0.001s'), 'MarginCallExpired')).toHaveLength(1);
});

test('MCM-2 a call cured before it gets no final notice, nor does one whose window is shorter', () => {
  const cured = leveragedHouse({ policy: classicPolicy({}, { finalNotice: 600_000 }) });
  mark(cured, '48600');
  mark(cured, '50000');
  expect(typesOf(cured.pass('2h'))).toEqual([]);
  const short = leveragedHouse({ policy: classicPolicy({}, { finalNotice: 600_000 }) });
  short.send({ type: 'IssueMarginCall', account: 'alice', amount: '1', window: 600_000, reason: 'short' });
  expect(ofType(short.pass('10m'), 'MarginCallFinalNotice')).toEqual([]);
});
