/**
 * Nothing is closed on a stale price, and no risk is added on it. One holding whose price is stale freezes itself, not
 * its account: that is called, cured and closed in what is live, at the last price of what is not.  RLM-4; ruling 13
 */

import { eventsOf } from '../../../src/core/message/envelope';
import { classicPolicy, flatTiers, mark, pay, trade, tradeOf } from '../../support/given';
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

const silence = (house: TestHouse) => {
  const events = house.pass('1m');
  expect(house.state.listings.get(instrument)?.mark?.stale).toBe(true);
  return events;
};

const ordersOf = (house: TestHouse) =>
  [...house.state.liquidationOrders.values()].filter(({ account }) => account === 'alice');

const callEvents = (house: TestHouse) =>
  typesOf(house.entries.flatMap((entry) => eventsOf(entry.outcome))).filter((type) =>
    /^MarginCall|^Liquidation/.test(type),
  );

test('RLM-4 ruling 13 a price that falls silent calls nobody by itself; what falls beside it does', () => {
  const house = twoPrices();
  expect(typesOf(silence(house))).toEqual(['MarkPriceWentStale']);
  // 150 + 25,000 - 14,000, the ETH at its last price.
  expect(ofType(mark(house, '48600'), 'MarginCallIssued')).toMatchObject([{ issued: { equity: usd('11150.00') } }]);
  expect(statusOf(house)).toBe('CALL');
});

test('RLM-4 ruling 13 what stands still counts at its last price for calls, its gains too', () => {
  const house = twoPrices();
  mark(house, '4000', instrument);
  silence(house);
  // 25,150 - 13,500 + 1,000 against 12,262.50: without the gain it would be called.
  expect(typesOf(mark(house, '48650'))).not.toContain('MarginCallIssued');
  expect(ofType(mark(house, '48600'), 'MarginCallIssued')).toMatchObject([{ issued: { equity: usd('12150.00') } }]);
});

test('RLM-4 a call is cured by payment while a price is stale, and without runs to its deadline', () => {
  const paid = twoPrices();
  mark(paid, '48600');
  silence(paid);
  expect(typesOf(pay(paid, 'alice', '2000'))).toEqual(expect.arrayContaining(['MarginCallPaid', 'MarginCallCured']));

  const unpaid = twoPrices();
  mark(unpaid, '48600');
  silence(unpaid);
  expect(typesOf(unpaid.pass('1h')).slice(0, 3)).toEqual([
    'MarginCallExpired',
    'AccountStatusChanged',
    'LiquidationStarted',
  ]);
  expect(ordersOf(unpaid)).toMatchObject([{ instrument: 'BTC-PERP' }]);
});

test('RLM-4 margin terms that change while a price is stale bind at once', () => {
  const house = twoPrices();
  silence(house);
  house.send({ type: 'SetTierSchedule', instrument: 'BTC-PERP', tiers: flatTiers('0.2', '0.1'), effectiveAt: null });
  // Ruling 12: it has its window, for it was the change that called it.
  expect(callEvents(house)).toEqual(['MarginCallIssued']);
});

test(
  'RLM-4 LE-5 ruling 13 a running liquidation goes on in what is live; in what is not its orders are called ' +
    'back, until the price lives',
  () => {
    const house = twoPrices(classicPolicy({ slippage: '0.01', venueWindow: 10 * MINUTE }));
    // 60 are less than a hundredth of the BTC, so both have to go.
    mark(house, '47491');
    const [first, ...others] = ordersOf(house).map(({ id, ...order }) => ({
      id,
      held: `${order.instrument} ${order.size}`,
    }));
    expect([first, ...others].map((order) => order?.held)).toEqual(['BTC-PERP -100', 'ETH-PERP -10']);
    const events = silence(house);
    expect(ofType(events, 'LiquidationOrderClosed')).toMatchObject([{ order: others[0]?.id, outcome: 'CANCELLED' }]);
    expect(ofType(events, 'LiquidationPaused')).toEqual([]);
    const fill = { type: 'ReportLiquidationFill', counterparty: 'maker' } as const;
    expect(house.refusal({ ...fill, order: others[0]?.id ?? '', trade: 'late', price: '3000', size: '1' })).toBe(
      'LIQUIDATION_ORDER_NOT_FOUND',
    );
    // 60 for the 75 of the ETH: nothing more can be closed, and nothing is, however long.
    const filled = house.send({ ...fill, order: first?.id ?? '', trade: 'l1', price: '47491', size: '10' });
    expect(ofType(filled, 'LiquidationPaused')).toMatchObject([{ account: 'alice', instrument }]);
    expect(typesOf(house.pass('1h'))).toEqual([]);
    expect(typesOf(mark(house, '3000', instrument))).toEqual([
      'MarkPriceSet',
      'LiquidationResumed',
      'LiquidationOrderIssued',
    ]);
  },
);

test('RLM-4 ruling 13 paid up, a liquidation that waits for a price is over before there is one', () => {
  const house = twoPrices(classicPolicy({ slippage: '0.01', venueWindow: 10 * MINUTE }));
  mark(house, '47491');
  silence(house);
  const [order] = ordersOf(house);
  house.send({
    type: 'ReportLiquidationFill',
    counterparty: 'maker',
    order: order?.id ?? '',
    trade: 'l1',
    price: '47491',
    size: '10',
  });
  expect(ofType(pay(house, 'alice', '14.99'), 'LiquidationEnded')).toEqual([]);
  expect(ofType(pay(house, 'alice', '0.01'), 'LiquidationEnded')).toMatchObject([
    { outcome: 'RESTORED', equity: usd('75.00') },
  ]);
});

test(
  'RLM-4 FC-3 a halt pauses a liquidation that has nothing else to close, but calls still go out and deposits ' +
    'still come in',
  () => {
    const house = leveragedHouse();
    house.send(
      { type: 'SetInstrumentStatus', instrument: 'BTC-PERP', status: 'HALTED', reason: 'band' },
      officer('first'),
    );
    expect(ofType(mark(house, '48600'), 'MarginCallIssued')).toHaveLength(1);
    expect(ofType(mark(house, '48305'), 'LiquidationStarted')).toHaveLength(1);
    expect([...house.state.liquidations.values()]).toMatchObject([{ paused: true, step: 0 }]);
    expect(house.state.liquidationOrders.size).toBe(0);
    pay(house, 'alice', '1');
    expect(
      typesOf(byTwo(house, { type: 'SetInstrumentStatus', instrument: 'BTC-PERP', status: 'ACTIVE', reason: 'over' })),
    ).toEqual(['ProposalApproved', 'InstrumentStatusSet', 'LiquidationResumed', 'LiquidationOrderIssued']);
  },
);

test(
  'RLM-4 S14 ruling 13 new risk needs a live price of what is traded; the rest may stand still, and gains on ' +
    'it back nothing',
  () => {
    const house = twoPrices();
    pay(house, 'alice', '100000');
    mark(house, '503000', instrument); // a gain of 500,000
    silence(house);
    expect(house.refusal(tradeOf('alice', 'maker', '0.1', '503000', instrument))).toBe('PRICE_STALE');
    const order = {
      type: 'PlaceOrder',
      account: 'alice',
      instrument: 'BTC-PERP',
      side: 'BUY',
      price: '50000',
    } as const;
    // 125,150 of money, 25,000 + 25,150 required: 75,000 carry 30 more contracts, and not a tenth beyond.
    expect(house.refusal(tradeOf('alice', 'maker', '30.1', '50000'))).toBe('INSUFFICIENT_INITIAL_MARGIN');
    expect(house.refusal({ ...order, order: 'o', size: '30.1' })).toBe('INSUFFICIENT_INITIAL_MARGIN');
    house.send({ ...order, order: 'o', size: '30' });
    house.send({ type: 'CancelOrder', order: 'o' });
    trade(house, 'alice', 'maker', '30', '50000');
    expect(house.refusal({ type: 'SubmitFundingRate', instrument, rate: '0.0001' })).toBe('PRICE_STALE');
    // The maker, short, closes too: neither side of this trade adds risk.
    expect(typesOf(trade(house, 'maker', 'alice', '1', '503000', instrument))).toContain('TradeCleared');
  },
);

test('RLM-4 S14 control: with the price alive its gains carry more', () => {
  const house = twoPrices();
  pay(house, 'alice', '100000');
  mark(house, '503000', instrument);
  trade(house, 'alice', 'maker', '30.1', '50000');
});

test('RLM-4 S14 ruling 13 what may leave counts losses on what stands still, and no gains', () => {
  const house = twoPrices();
  pay(house, 'alice', '1000');
  mark(house, '3500', instrument); // + 500
  mark(house, '49990'); // - 100
  silence(house);
  // 26,150 - 100 - 24,995 - 175: the 500 would have covered the 100.
  const take = (amount: string) => ({ type: 'WithdrawCollateral', account: 'alice', currency: 'USD', amount }) as const;
  expect(house.refusal(take('880.01'))).toBe('COLLATERAL_ENCUMBERED');
  mark(house, '3500', instrument);
  expect(house.refusal(take('980.01'))).toBe('COLLATERAL_ENCUMBERED');
  silence(house);
  house.send(take('880'));
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
