/** Prices of collateral set off what prices of positions do.  RLM-5, QC-4, S14 */

import { mark, onePerpetual, openAccount, pay, trade } from '../../support/given';
import { ofType, type TestHouse, typesOf } from '../../support/house';
import { callOf, statusOf, usd } from '../../support/ladder';
import { defineIndex, quote } from '../../support/prices';

const HOUR = 3_600_000;

/** Alice long 10 at 50,000 on 0.6 BTC after 10 % haircut: 27,000 of equity against 25,000 and 12,500. */
function onCollateral(): TestHouse {
  const house = onePerpetual();
  defineIndex(house, { sources: ['a'], minimumSources: 1, heartbeat: HOUR });
  house.send({
    type: 'SetCollateralTerms',
    currency: 'BTC',
    haircut: '0.1',
    conversionDiscount: '0.05',
    eligible: true,
  });
  openAccount(house, 'maker', '100000000');
  openAccount(house, 'alice');
  pay(house, 'alice', '0.6', 'BTC');
  quote(house, 'a', '50000');
  trade(house, 'alice', 'maker', '10', '50000');
  return house;
}

test('RLM-5 a fall of the collateral warns, calls and closes out like one of the position', () => {
  const house = onCollateral();
  expect(ofType(quote(house, 'a', '46000'), 'MarginWarningIssued')).toMatchObject([{ equity: usd('24840.00') }]);
  expect(ofType(quote(house, 'a', '23148.15'), 'MarginCallIssued')).toEqual([]);
  const events = quote(house, 'a', '23148.14');
  expect(ofType(events, 'MarginCallIssued')).toMatchObject([
    { issued: { account: 'alice', equity: usd('12499.99'), amount: usd('12500.01') } },
  ]);
  expect(typesOf(events)[0]).toBe('IndexPriceSet');
  // Two thirds of 12,500 are 8,333.33..: 15,432.10 is worth 8,333.334, one tick less 8,333.3286.
  expect(ofType(quote(house, 'a', '15432.10'), 'LiquidationStarted')).toEqual([]);
  expect(ofType(quote(house, 'a', '15432.09'), 'LiquidationStarted')).toMatchObject([
    { started: { cause: 'CLOSE_OUT_LEVEL' } },
  ]);
});

test('RLM-5 a recovery of the collateral cures a call, as a price', () => {
  const house = onCollateral();
  quote(house, 'a', '20000');
  expect(ofType(quote(house, 'a', '23148.15'), 'MarginCallCured')).toMatchObject([{ cause: 'PRICE' }]);
});

test('RLM-5 a raised haircut is a fall in value', () => {
  const house = onCollateral();
  const events = house.send({
    type: 'SetCollateralTerms',
    currency: 'BTC',
    haircut: '0.6',
    conversionDiscount: '0.05',
    eligible: true,
  });
  expect(ofType(events, 'MarginCallIssued')).toMatchObject([{ issued: { equity: usd('12000.00') } }]);
});

test('RLM-5 an account that does not hold the currency is left alone', () => {
  const house = onCollateral();
  openAccount(house, 'bob', '25000');
  trade(house, 'bob', 'maker', '10', '50000');
  expect(ofType(quote(house, 'a', '20000'), 'MarginCallIssued').map(({ issued }) => issued.account)).toEqual(['alice']);
  expect(statusOf(house, 'bob')).toBe('HEALTHY');
});

test('S14 collateral whose price is stale keeps its last value for what was, and is worth nothing for what would be new', () => {
  const house = onCollateral();
  pay(house, 'alice', '30000');
  quote(house, 'a', '40000');
  house.pass('1h');
  expect(house.state.indices.get('BTC/USD')?.state).toMatchObject({ stale: true, price: 4_000_000n });
  expect(statusOf(house)).toBe('HEALTHY');
  // 30,000 in cash less 25,000 of initial margin; the 21,600 of collateral do not count.
  expect(house.refusal({ type: 'WithdrawCollateral', account: 'alice', currency: 'USD', amount: '5000.01' })).toBe(
    'COLLATERAL_ENCUMBERED',
  );
  expect(house.refusal({ type: 'WithdrawCollateral', account: 'alice', currency: 'BTC', amount: '0.00000001' })).toBe(
    'COLLATERAL_ENCUMBERED',
  );
  expect(() => trade(house, 'alice', 'maker', '2.1', '50000')).toThrow('INSUFFICIENT_INITIAL_MARGIN');
  trade(house, 'alice', 'maker', '2', '50000');
  quote(house, 'a', '40000');
  house.send({ type: 'WithdrawCollateral', account: 'alice', currency: 'BTC', amount: '0.00000001' });
});

test('S14 the account is called on its position, the stale collateral at its last value', () => {
  const house = onCollateral();
  house.pass('1h');
  expect(ofType(mark(house, '48700'), 'MarginCallIssued')).toEqual([]);
  expect(ofType(mark(house, '48500'), 'MarginCallIssued')).toMatchObject([{ issued: { equity: usd('12000.00') } }]);
  expect(callOf(house).eligible.map(({ currency }) => currency)).toEqual(['USD', 'BTC']);
});
