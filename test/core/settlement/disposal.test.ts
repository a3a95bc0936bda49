import type { DisposalPolicy } from '../../../src/core/model/policy';
import { closeOutIdOf } from '../../../src/core/reference/accounts';
import { disposalSlice } from '../../../src/core/settlement/disposal';
import { cash, duration, RATE_ONE, rate, size } from '../../../src/units/quantity';
import { mark } from '../../support/given';
import { ofType, type TestHouse } from '../../support/house';
import { liquidating, onlyOf, openOrders, sizeOf } from '../../support/liquidation';

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

const disposeEvery = (house: TestHouse, interval: number) =>
  house.send({
    type: 'SetDisposalPolicy',
    currency: 'USD',
    interval,
    fraction: '0.5',
    fullBelow: '0',
    maximumShareOfDepth: '1',
    slippage: '0.05',
  });

/** The house has taken over 10 contracts at 48,900 and 50,000 is the mark. */
const holding = (): TestHouse => {
  const { house } = liquidating({ terms: { slippage: '0.03', feeRate: '0' } });
  house.pass('30s');
  return house;
};

test('VEGA-LIQ-03 a slice every interval: one that nobody fills makes room for the next at once', () => {
  const house = holding();
  const issued = ofType(house.pass('1m'), 'LiquidationOrderIssued').map(({ issued: { issuedAt, size: lots } }) => [
    issuedAt - house.now + 60_000,
    lots,
  ]);
  expect(issued).toEqual([10, 20, 30, 40, 50, 60].map((second) => [second * 1000, -50n]));
  expect(openOrders(house, HOUSE)).toHaveLength(1);
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
  const report = { type: 'ReportLiquidationFill', order: order.id, trade: 'd', counterparty: 'maker', size: '5' } as const;
  expect(house.refusal({ ...report, price: '47500.5' })).toBe('FILL_WORSE_THAN_LIMIT');
  const filled = onlyOf(house.send({ ...report, price: '47500.6' }), 'LiquidationOrderFilled');
  expect([filled.charges.fee, filled.charges.penalty, sizeOf(house, HOUSE)]).toEqual([0n, 0n, 50n]);
});

test('S07 nothing is disposed of on a stale price or in a halt, and it goes on when that is over', () => {
  const house = holding();
  house.send({ type: 'SetInstrumentStatus', instrument: 'BTC-PERP', status: 'HALTED', reason: 'test' });
  expect(ofType(house.pass('10m'), 'LiquidationOrderIssued')).toEqual([]);
  const [proposal] = ofType(
    house.send({ type: 'SetInstrumentStatus', instrument: 'BTC-PERP', status: 'ACTIVE', reason: 'over' }),
    'ProposalCreated',
  );
  const { id, hash } = (proposal as NonNullable<typeof proposal>).created;
  house.send({ type: 'ApproveProposal', proposal: id, hash }, { id: 'second', role: 'RISK_OFFICER', member: null });
  expect(ofType(house.pass('10s'), 'LiquidationOrderIssued')).toHaveLength(1);
  disposeEvery(house, 3_600_000);
  house.pass('168h');
  expect(house.state.listings.get('BTC-PERP')?.mark?.stale).toBe(true);
  expect(ofType(house.pass('3h'), 'LiquidationOrderIssued')).toEqual([]);
  mark(house, '50000');
  expect(ofType(house.pass('1h'), 'LiquidationOrderIssued')).toHaveLength(1);
});
