import type { CommandOf } from '../../../src/core/message/command';
import type { DisposalPolicy } from '../../../src/core/model/policy';
import { closeOutIdOf } from '../../../src/core/reference/accounts';
import { disposalSlice } from '../../../src/core/settlement/disposal';
import { cash, duration, RATE_ONE, rate, size } from '../../../src/units/quantity';
import { mark } from '../../support/given';
import { ofType, type TestHouse } from '../../support/house';
import { byTwo } from '../../support/ladder';
import { fillOf, liquidating, onlyOf, openOrders, sizeOf } from '../../support/liquidation';
import { expectReplays, expectTwins, restored } from '../../support/twin';

const HOUSE = closeOutIdOf('USD');

const policy = (fields: Partial<DisposalPolicy> = {}): DisposalPolicy => ({
  currency: 'USD',
  version: 1,
  interval: duration(10_000),
  fraction: rate(RATE_ONE / 2n),
  fullBelow: cash(0n),
  maximumShareOfDepth: rate(RATE_ONE / 100n),
  slippage: rate(0n),
  ...fields,
});

test.each([
  [280n, 10_000n, 100n], // half would be 140, a hundredth of the book is 100
  [180n, 10_000n, 90n],
  [181n, 10_000n, 91n], // half, rounded up
  [45n, 10_000n, 45n], // 45 x 150 is small: all of it
  [51n, 10_000n, 26n],
  [280n, null, 140n], // a venue that states no depth
  [280n, 0n, 1n], // or none: one lot, so that it comes to an end
  [1n, 10_000n, 1n],
])('VEGA-LIQ-03 of %s held with %s in the book, %s go out', (held, depth, lots) => {
  expect(disposalSlice(size(held), cash(held * 150n), depth, policy({ fullBelow: cash(50n * 150n) }))).toBe(lots);
});

const disposeEvery = (house: TestHouse, interval: number, fields: Partial<CommandOf<'SetDisposalPolicy'>> = {}) =>
  byTwo(house, {
    type: 'SetDisposalPolicy',
    currency: 'USD',
    interval,
    fraction: '0.5',
    fullBelow: '0',
    maximumShareOfDepth: '0.1',
    slippage: '0.05',
    ...fields,
  });

const setStatus = (house: TestHouse, status: 'HALTED' | 'ACTIVE') =>
  house.send({ type: 'SetInstrumentStatus', instrument: 'BTC-PERP', status, reason: 'test' });
const halt = (house: TestHouse): void => void setStatus(house, 'HALTED');

/** What takes two. */
const resume = (house: TestHouse): void => approve(house, setStatus(house, 'ACTIVE'));
const haltForGood = (house: TestHouse): void =>
  approve(
    house,
    house.send({
      type: 'SetInstrumentStatus',
      instrument: 'BTC-PERP',
      status: 'HALTED',
      lasting: true,
      reason: 'test',
    }),
  );

function approve(house: TestHouse, events: ReturnType<TestHouse['send']>): void {
  const { id, hash } = onlyOf(events, 'ProposalCreated').created;
  house.send({ type: 'ApproveProposal', proposal: id, hash }, { id: 'second', role: 'RISK_OFFICER', member: null });
}

/** The house has taken over 10 contracts at 48,900 and 50,000 is the mark. */
const holding = (): TestHouse => {
  const { house } = liquidating({ terms: { slippage: '0.03', feeRate: '0' } });
  house.pass('30s');
  return house;
};

/** When slices of 5 contracts go out while time passes, in seconds from now. */
function offersIn(house: TestHouse, span: string): number[] {
  const from = house.now;
  const issued = ofType(house.pass(span), 'LiquidationOrderIssued').map((event) => event.issued);
  expect(issued.map(({ size: lots }) => lots)).toEqual(issued.map(() => -50n));
  return issued.map(({ issuedAt }) => (issuedAt - from) / 1000);
}

test(
  'VEGA-LIQ-03 a slice an interval after the take-over: one that nobody takes while nothing changes stays out ' +
    'twice as long each time',
  () => {
    const house = holding();
    expect(offersIn(house, '1m')).toEqual([10, 20, 40]);
    expect(openOrders(house, HOUSE)).toHaveLength(1);
    expect(offersIn(house, '3h')).toEqual([20, 100, 260, 580, 1220, 2500, 5060, 8660]); // 40 s, 80 s, ... an hour
  },
);

test('VEGA-LIQ-03 a policy whose interval is longer than the longest offer is kept to', () => {
  const house = holding();
  disposeEvery(house, 10_000_000);
  expect(offersIn(house, '8h')).toEqual([10, 10_010, 20_010]);
});

describe('what the house waits with fills no journal', () => {
  const entriesIn = (house: TestHouse, span: string): number => {
    const before = house.entries.length;
    house.pass(span);
    return house.entries.length - before;
  };

  test('LE-4 an inventory that no venue fills', () => {
    const house = holding();
    expect(entriesIn(house, '24h')).toBeLessThan(40);
  });

  test.each([
    ['halted by two', haltForGood, resume],
    [
      'without a live price',
      (house: TestHouse) => void house.pass('168h'),
      (house: TestHouse) => void mark(house, '50000'),
    ],
  ])('RLM-4 an inventory %s: nothing at all, until that is over', (_, stop, start) => {
    const house = holding();
    stop(house);
    house.pass('1h');
    // Only the periods over which losses are counted begin and end.
    expect(entriesIn(house, '72h')).toBe(3);
    expect(openOrders(house, HOUSE)).toEqual([]);
    start(house);
    expect(ofType(house.pass('10s'), 'LiquidationOrderIssued')).toHaveLength(1);
    expectTwins(restored(house.state), house.state);
    expectReplays(house.state, house.entries);
  });

  test('a mark that is only repeated changes nothing', () => {
    const house = holding();
    house.pass('2h');
    const before = house.state.liquidationOrders;
    const out = [...before.keys()];
    mark(house, '50000');
    expect(entriesIn(house, '10m')).toBe(0);
    expect([...house.state.liquidationOrders.keys()]).toEqual(out);
  });
});

describe('an offer that has long been out gives way at the next interval', () => {
  const long = (): { house: TestHouse; out: NonNullable<ReturnType<typeof openOrders>[number]> } => {
    const house = holding();
    house.pass('2h');
    const [out] = openOrders(house, HOUSE);
    if (!out) throw new Error('Nothing is out');
    expect(out.expiresAt - house.now).toBeGreaterThan(600_000);
    return { house, out };
  };

  test.each([
    ['a new mark', (house: TestHouse) => mark(house, '50100'), 475_950n, -50n],
    [
      'a depth',
      (house: TestHouse) => house.send({ type: 'ReportDepth', instrument: 'BTC-PERP', bids: '200', asks: '1' }),
      475_000n,
      -20n,
    ],
    ['a policy', (house: TestHouse) => disposeEvery(house, 10_000, { fraction: '0.2' }), 475_000n, -20n],
  ])('for %s, and from then on the interval counts', (_, change, limit, lots) => {
    const { house, out } = long();
    const events = [...change(house), ...house.pass('10s')];
    expect(ofType(events, 'LiquidationOrderClosed')).toMatchObject([{ order: out.id, outcome: 'CANCELLED' }]);
    const [next] = openOrders(house, HOUSE);
    expect(next).toMatchObject({ limit, size: lots });
    expect((next?.expiresAt ?? 0) - (next?.issuedAt ?? 0)).toBe(10_000);
    expectTwins(restored(house.state), house.state);
    expectReplays(house.state, house.entries);
  });

  test.each([
    ['in part', '2', 'CANCELLED', -40n],
    ['whole', '5', 'FILLED', -25n],
  ])('where it was filled %s, for a slice of what is left', (_, contracts, outcome, lots) => {
    const { house, out } = long();
    const events = [...house.send(fillOf(out, '50000', contracts)), ...house.pass('10s')];
    expect(ofType(events, 'LiquidationOrderClosed')).toMatchObject([{ order: out.id, outcome }]);
    expect(openOrders(house, HOUSE)).toMatchObject([{ size: lots }]);
    expectReplays(house.state, house.entries);
  });

  test('RLM-4 where trading is halted, or the price is no longer alive, for nothing', () => {
    const { house, out } = long();
    halt(house);
    expect(ofType(house.pass('10s'), 'LiquidationOrderClosed')).toMatchObject([
      { order: out.id, outcome: 'CANCELLED' },
    ]);
    resume(house);
    const stale = house.state.listings.get('BTC-PERP')?.mark?.at as number;
    house.pass(`${(stale + 7 * 86_400_000 - house.now) / 1000}s`);
    const closed = ofType(house.pass('10s'), 'LiquidationOrderClosed');
    expect(closed).toMatchObject([{ outcome: 'CANCELLED' }]);
    expect(openOrders(house, HOUSE)).toEqual([]);
    expectReplays(house.state, house.entries);
  });
});

test('VEGA-LIQ-03 an order that is still working when its time has come is not doubled', () => {
  const house = holding();
  disposeEvery(house, 60_000);
  house.pass('10s');
  const [first] = openOrders(house, HOUSE);
  expect(first).toMatchObject({ expiresAt: house.now + 60_000 });
  disposeEvery(house, 10_000);
  house.pass('50s');
  expect(openOrders(house, HOUSE)).toEqual([first]);
});

test('VEGA-LIQ-03 no worse than the mark less the slippage allowed', () => {
  const house = holding();
  mark(house, '50000.7');
  house.pass('10s');
  const [order] = openOrders(house, HOUSE) as [NonNullable<ReturnType<typeof openOrders>[number]>];
  expect(order.limit).toBe(475_006n); // 50,000.7 - 2,500.035, rounded down to the tick that allows no more
  const report = {
    type: 'ReportLiquidationFill',
    order: order.id,
    trade: 'd',
    counterparty: 'maker',
    size: '5',
  } as const;
  expect(house.refusal({ ...report, price: '47500.5' })).toBe('FILL_WORSE_THAN_LIMIT');
  const filled = onlyOf(house.send({ ...report, price: '47500.6' }), 'LiquidationOrderFilled');
  expect([filled.charges.fee, filled.charges.penalty, sizeOf(house, HOUSE)]).toEqual([0n, 0n, 50n]);
});

test('S07 nothing is disposed of on a stale price or in a halt, and it goes on when that is over', () => {
  const house = holding();
  halt(house);
  expect(ofType(house.pass('10m'), 'LiquidationOrderIssued')).toEqual([]);
  resume(house);
  expect(ofType(house.pass('10s'), 'LiquidationOrderIssued')).toHaveLength(1);
  disposeEvery(house, 3_600_000);
  house.pass('168h');
  expect(house.state.listings.get('BTC-PERP')?.mark?.stale).toBe(true);
  expect(ofType(house.pass('3h'), 'LiquidationOrderIssued')).toEqual([]);
  mark(house, '50000');
  expect(ofType(house.pass('1h'), 'LiquidationOrderIssued')).toHaveLength(1);
});
