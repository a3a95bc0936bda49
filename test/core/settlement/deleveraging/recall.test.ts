/**
 * Orders that are already out when somebody's position is closed against others: none goes further than what is left,
 * or a fill would turn the position round.  Rules: B2-5, SL-5
 */

import { deleveragingPolicy } from '../../../support/deleveraging';
import { classicPolicy, flatTiers, mark, onePerpetual, openAccount, term, trade } from '../../../support/given';
import type { TestHouse } from '../../../support/house';
import { byTwo } from '../../../support/ladder';
import { fillOf, openOrders, sizeOf, statusOf } from '../../../support/liquidation';
import { expectReplays } from '../../../support/twin';
import { lossPolicy } from '../../../support/waterfall';

const HOUSE = 'close-out:USD';

/** Liquidated as soon as it is below initial margin, and back to it. */
const strict = classicPolicy(
  {},
  {
    ...{ warnings: [], call: term('INITIAL', '1'), cure: term('INITIAL', '1'), target: term('INITIAL', '1') },
    closeOut: term('INITIAL', '1'),
  },
);

/**
 * The house is short the 10 of one that failed at 1,100, `holder` long 10 from 1,000 with 200. At 989 it has 90 where
 * 197.80 are needed, enough for 4: an order sells 6. Ten seconds later the house is about to buy back 5 of its 10.
 */
function twoOrders(): TestHouse {
  const house = onePerpetual({ price: '1000', tiers: flatTiers('0.02', '0.01'), policy: strict, lot: '1' });
  house.send(lossPolicy(['INSURANCE_FUND']));
  house.send(deleveragingPolicy());
  house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: '1000', source: 'EXTERNAL' });
  for (const id of ['holder', 'loser']) openAccount(house, id, '200');
  openAccount(house, 'maker', '100000');
  trade(house, 'holder', 'loser', '10', '1000');
  mark(house, '1100');
  mark(house, '989');
  house.pass('10s');
  expect(ordersOf(house)).toEqual([-6n, 5n]);
  expect([sizeOf(house, 'holder'), sizeOf(house, HOUSE)]).toEqual([10n, -10n]);
  return house;
}

const ordersOf = (house: TestHouse): bigint[] =>
  ['holder', HOUSE].flatMap((id) => openOrders(house, id).map(({ size }) => size));

const tearUp = (house: TestHouse, size: string) =>
  byTwo(house, { type: 'TearUpPositions', instrument: 'BTC-PERP', size, share: null, reason: 'nobody sells' });

test(
  'B2-5 SL-5 of a holder in liquidation 5 of 10 are closed: the order over 6 is called back, and one over the ' +
    '1 still missing goes out',
  () => {
    const house = twoOrders();
    const [order] = openOrders(house, 'holder');
    tearUp(house, '5');
    expect([sizeOf(house, 'holder'), sizeOf(house, HOUSE)]).toEqual([5n, -5n]);
    expect(statusOf(house, 'holder')).toBe('LIQUIDATING');
    // 5 need 98.90, 4 need 79.12 of the 90. The house's own order over 5 is not beyond its 5.
    expect(ordersOf(house)).toEqual([-1n, 5n]);
    if (order) expect(house.refusal(fillOf(order, '989', '6'))).toBe('LIQUIDATION_ORDER_NOT_FOUND');
    expectReplays(house.state, house.entries);
  },
);

test('B2-5 control: 4 closed leave 6, and the order over 6 stays', () => {
  const house = twoOrders();
  const [order] = openOrders(house, 'holder');
  tearUp(house, '4');
  expect(openOrders(house, 'holder')).toEqual([order]);
});

test('B2-5 SL-5 of what the house holds 8 of 10 are closed: its order over 5 is called back', () => {
  const house = twoOrders();
  tearUp(house, '8');
  expect([sizeOf(house, 'holder'), sizeOf(house, HOUSE)]).toEqual([2n, -2n]);
  // The holder is back at its target with 2.
  expect([statusOf(house, 'holder'), ordersOf(house)]).toEqual(['HEALTHY', []]);
  // The next step is over what is left.
  house.pass('10s');
  expect(ordersOf(house)).toEqual([1n]);
  expectReplays(house.state, house.entries);
});
