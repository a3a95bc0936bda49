/** Nothing is decided on a stale price: no call, no cure, no liquidation, no new risk, no withdrawal; all of it once it lives again.  RLM-4 */

import { eventsOf } from '../../../src/core/message/envelope';
import { classicPolicy, flatTiers, mark, openAccount, pay, trade, tradeOf } from '../../support/given';
import { ofType, type TestHouse, typesOf } from '../../support/house';
import { byTwo, callOf, leveragedHouse, officer, statusOf, usd } from '../../support/ladder';
import { defineOnIndex, MINUTE } from '../../support/prices';

const instrument = 'ETH-PERP';

/** Alice as always, long 10 BTC; and 1 ETH at 3,000, whose price is stale after a minute. */
function twoPrices(policy = classicPolicy()): TestHouse {
  const house = leveragedHouse({ policy });
  defineOnIndex(house, { instrument, index: null, markBand: null, heartbeat: MINUTE });
  mark(house, '3000', instrument);
  pay(house, 'alice', '150');
  trade(house, 'alice', 'maker', '1', '3000', instrument);
  return house;
}

const silence = (house: TestHouse): void => {
  house.pass('1m');
  expect(house.state.listings.get(instrument)?.mark?.stale).toBe(true);
};

const ordersOf = (house: TestHouse) =>
  [...house.state.liquidationOrders.values()].filter(({ account }) => account === 'alice').map(({ id }) => id);

const callEvents = (house: TestHouse) =>
  typesOf(house.entries.flatMap((entry) => eventsOf(entry.outcome))).filter((type) => /^MarginCall|^Liquidation/.test(type));

test('RLM-4 an account that holds a stale price is not called, whatever falls; control: with every price live it is', () => {
  const live = twoPrices();
  mark(live, '48600');
  expect(statusOf(live)).toBe('CALL');

  const house = twoPrices();
  silence(house);
  expect(typesOf(mark(house, '48600'))).toEqual(['MarkPriceSet']);
  expect(statusOf(house)).toBe('HEALTHY');
  // Not even a fall below nothing is decided on it.
  expect(typesOf(mark(house, '47000'))).toEqual(['MarkPriceSet']);
  mark(house, '48600');
  const events = mark(house, '3000', instrument);
  expect(ofType(events, 'MarginCallIssued')).toMatchObject([{ issued: { equity: usd('11150.00') } }]);
});

test('RLM-4 an account without a position in the stale instrument is decided on as ever', () => {
  const house = twoPrices();
  openAccount(house, 'bob', '25000');
  trade(house, 'bob', 'maker', '10', '50000');
  silence(house);
  expect(ofType(mark(house, '48600'), 'MarginCallIssued').map(({ issued }) => issued.account)).toEqual(['bob']);
});

test('RLM-4 a call is not cured on a stale price, and not lost to its deadline: it is decided when the price lives', () => {
  const paid = twoPrices();
  mark(paid, '48600');
  silence(paid);
  expect(typesOf(pay(paid, 'alice', '2000'))).toEqual(['CollateralDeposited', 'MarginCallPaid']);
  expect(ofType(paid.pass('2h'), 'MarginCallExpired')).toEqual([]);
  expect(statusOf(paid)).toBe('CALL');
  expect(ofType(mark(paid, '3000', instrument), 'MarginCallCured')).toHaveLength(1);

  const unpaid = twoPrices();
  mark(unpaid, '48600');
  silence(unpaid);
  expect(typesOf(unpaid.pass('2h'))).toEqual([]);
  const events = mark(unpaid, '3000', instrument);
  expect(typesOf(events).slice(0, 4)).toEqual(['MarkPriceSet', 'MarginCallExpired', 'AccountStatusChanged', 'LiquidationStarted']);
});

test('RLM-4 margin terms that change on a stale price call nobody before it lives', () => {
  const house = twoPrices();
  silence(house);
  expect(
    typesOf(house.send({ type: 'SetTierSchedule', instrument: 'BTC-PERP', tiers: flatTiers('0.2', '0.1'), effectiveAt: null })),
  ).toEqual(['TierScheduleSet', 'TierScheduleActivated']);
  expect(callEvents(house)).toEqual([]);
  mark(house, '3000', instrument);
  expect(callEvents(house).slice(0, 2)).toEqual(['MarginCallIssued', 'MarginCallSuperseded']);
});

test('RLM-4 LE-5 a running liquidation pauses, calls its orders back, and goes on when the price lives', () => {
  const house = twoPrices();
  mark(house, '48290');
  expect(ordersOf(house)).not.toEqual([]);
  const [order] = ordersOf(house);
  // The venue's thirty seconds come first: the liquidation goes on until the minute of silence is over.
  const events = house.pass('1m');
  expect(ofType(events, 'LiquidationPaused')).toMatchObject([{ account: 'alice', instrument }]);
  expect(ordersOf(house)).toEqual([]);
  expect(
    house.refusal({ type: 'ReportLiquidationFill', order: order ?? '', trade: 'late', counterparty: 'maker', price: '48290', size: '0.1' }),
  ).toBe('LIQUIDATION_ORDER_NOT_FOUND');
  // However low the other price falls, nothing is taken over meanwhile.
  expect(ofType(mark(house, '40000'), 'PositionTakenOver')).toEqual([]);
  expect(ofType(house.pass('1h'), 'PositionTakenOver')).toEqual([]);
  mark(house, '48290');
  const resumed = mark(house, '3000', instrument);
  expect(typesOf(resumed)).toContain('LiquidationResumed');
  expect(ordersOf(house)).not.toEqual([]);
});

test('RLM-4 FC-3 a halt pauses a liquidation, but calls still go out and deposits still come in', () => {
  const house = leveragedHouse();
  house.send({ type: 'SetInstrumentStatus', instrument: 'BTC-PERP', status: 'HALTED', reason: 'band' }, officer('first'));
  expect(ofType(mark(house, '48600'), 'MarginCallIssued')).toHaveLength(1);
  expect(ofType(mark(house, '48305'), 'LiquidationStarted')).toHaveLength(1);
  expect([...house.state.liquidations.values()]).toMatchObject([{ paused: true, step: 0 }]);
  expect(house.state.liquidationOrders.size).toBe(0);
  pay(house, 'alice', '1');
  expect(typesOf(byTwo(house, { type: 'SetInstrumentStatus', instrument: 'BTC-PERP', status: 'ACTIVE', reason: 'over' }))).toEqual([
    'ProposalApproved',
    'InstrumentStatusSet',
    'LiquidationResumed',
    'LiquidationOrderIssued',
  ]);
});

test('RLM-4 new risk and withdrawals wait for every price the account holds; reducing and paying in do not', () => {
  const house = twoPrices();
  pay(house, 'alice', '100000');
  silence(house);
  for (const id of ['BTC-PERP', instrument]) expect(house.refusal(tradeOf('alice', 'maker', '0.1', '3000', id))).toBe('PRICE_STALE');
  expect(
    house.refusal({ type: 'PlaceOrder', order: 'o', account: 'alice', instrument: 'BTC-PERP', side: 'BUY', size: '0.1', price: '50000' }),
  ).toBe('PRICE_STALE');
  expect(house.refusal({ type: 'WithdrawCollateral', account: 'alice', currency: 'USD', amount: '0.01' })).toBe('PRICE_STALE');
  expect(house.refusal({ type: 'SubmitFundingRate', instrument, rate: '0.0001' })).toBe('PRICE_STALE');
  pay(house, 'alice', '0.01');
  // The maker, short, closes too: neither side of this trade adds risk.
  expect(typesOf(trade(house, 'maker', 'alice', '1', '3000', instrument))).toEqual(['TradeCleared']);
  // Without the position she is free again.
  house.send({ type: 'WithdrawCollateral', account: 'alice', currency: 'USD', amount: '0.01' });
});

test('RLM-4 variation margin due on a stale price is settled once, at the first live one', () => {
  const house = leveragedHouse({ interval: MINUTE * 60 });
  defineOnIndex(house, { instrument, index: null, markBand: null, heartbeat: MINUTE, variationInterval: MINUTE * 60 });
  mark(house, '3000', instrument);
  pay(house, 'alice', '15');
  trade(house, 'alice', 'maker', '0.1', '3000', instrument);
  house.pass('3h');
  const settledOf = (events: Parameters<typeof ofType>[0]) =>
    ofType(events, 'VariationSettled').filter((event) => event.instrument === instrument);
  expect(house.entries.flatMap((entry) => settledOf(eventsOf(entry.outcome)))).toEqual([]);
  const [settled, ...more] = settledOf(mark(house, '3010', instrument));
  expect(settled).toMatchObject({ price: 30_100n, nextDue: house.now + MINUTE * 60 });
  expect(more).toEqual([]);
  expect(settledOf(mark(house, '3020', instrument))).toEqual([]);
});

test('RLM-4 an officer may still call and waive while the price is stale', () => {
  const house = twoPrices();
  silence(house);
  house.send({ type: 'IssueMarginCall', account: 'alice', amount: '1', window: null, reason: 'by hand' });
  byTwo(house, { type: 'WaiveMarginCall', call: callOf(house).id, reason: 'by hand' });
  expect(statusOf(house)).not.toBe('CALL');
});
