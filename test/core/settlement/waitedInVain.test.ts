/**
 * Collateral without a live price that covers its holder's debt by its last price only: waited for, then nothing.
 * Ruling 16
 */

import { auctionHouse, longWith, quoteEth } from '../../support/auction';
import { mark } from '../../support/given';
import { ofType, type TestHouse, typesOf } from '../../support/house';
import { statusOf } from '../../support/ladder';

/**
 * Alice owes 4,000 beside 55.5 ETH that counted 4,273.50 when their price stopped, half an hour in: too little for 450
 * of margin.
 */
function waiting(): TestHouse {
  const house = auctionHouse({ policy: null, heartbeat: 1_800_000 });
  longWith(house, 'alice', '55.5');
  house.pass('31m');
  mark(house, '45000');
  house.pass('1h');
  return house;
}

test('ruling 16 once its time is over it counts as nothing in the allocation, though it was worth more than the debt', () => {
  const house = waiting();
  expect([house.balance('alice'), house.balance('alice', 'ETH'), statusOf(house)]).toEqual([
    '-4273.50',
    '55.50000000',
    'LIQUIDATING',
  ]);
  // Half an hour and four: the price stopped thirty minutes after the start.
  expect(typesOf(house.pass('2h58m59.999s'))).not.toContain('LossAllocated');
  const events = house.pass('1ms');
  expect(ofType(events, 'CollateralKept')).toMatchObject([{ account: 'alice', currency: 'ETH' }]);
  expect(ofType(events, 'LossAllocated')[0]?.cases).toMatchObject([{ account: 'alice', loss: 427_350n }]);
  expect(statusOf(house)).toBe('CLOSED');
});

test('ruling 16 control: with a price in time it covers the debt, and nobody bears anything', () => {
  const house = waiting();
  house.pass('2h');
  const events = quoteEth(house, '110');
  expect(ofType(events, 'CollateralConverted')).toHaveLength(1);
  expect(typesOf(events)).not.toContain('LossAllocated');
});
