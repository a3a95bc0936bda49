/**
 * How much of a position is closed at once, as Aave and Hyperliquid have it. Sources: aave-dao/aave-v3-origin@fd1fbd9,
 * LiquidationLogic.sol and Pool.Liquidations.CloseFactor.t.sol; documents of Hyperliquid, liquidations.
 */

import { openOrders } from '../support/liquidation';
import { Exact } from '../support/oracle';
import { caseHouse, deal, markAt, tier } from './house';

const HIGH = [{ base: 'MAINTENANCE', ratio: '1000000' }] as const; // nothing restores: as much as may go goes

/**
 * A loan as a position: collateral is what it is worth, debt what of that is not equity. A health factor of
 * threshold x collateral / debt is one where equity is maintenance margin of 1 - threshold.
 */
function loan(health: string, collateral: number, debt: number, bound: string) {
  const threshold = new Exact(health).times(debt).div(collateral);
  const rate = new Exact(1).minus(threshold);
  // Where the health factor is at its bound: equity over maintenance margin, for the same threshold.
  const wholeBelow = new Exact(1).minus(threshold.div(bound)).div(rate);
  const digits = rate.toFixed(12);
  const house = caseHouse({
    instruments: { ETH: { price: '2', tick: '1', lot: '0.01', tiers: [tier('0', null, digits, digits)] } },
    terms: { maximumStepShare: '0.5', stepShareAbove: '1999.99', wholeBelow: wholeBelow.toFixed(12) },
    policy: { target: [...HIGH] },
    deposits: { a: String(2 * collateral - debt), b: '9000000' },
  });
  deal(house, 'ETH', 'a', 'b', String(collateral), '2');
  markAt(house, 'ETH', '1'); // worth the collateral, with equity of collateral less debt
  house.pass('1h');
  const sold = openOrders(house, 'a').reduce((sum, { size }) => sum - size, 0n);
  return new Exact(sold.toString()).div(100 * collateral).toFixed();
}

test.each([
  ['0.94', 10_000, 9_000, '1'], // below 0.95
  ['0.97', 900, 800, '1'], // below 2,000
  ['0.97', 200_000, 180_000, '0.5'],
])('A60 a health factor of %s over %s and %s closes %s', (health, collateral, debt, share) => {
  expect(loan(health, collateral, debt, '0.95')).toBe(share);
});

test('LE-4 a fifth of a position above 100,000 goes out, and one of 100,000 whole', () => {
  const sold = (size: string): bigint => {
    const house = caseHouse({
      instruments: { BTC: { price: '60000', tick: '1', lot: '0.01', tiers: [tier('0', null, '0.2', '0.1')] } },
      terms: { maximumStepShare: '0.2', stepShareAbove: '100000' },
      policy: { target: [...HIGH] },
      deposits: { a: new Exact(size).times(12_000).toFixed(), b: '9000000' },
    });
    deal(house, 'BTC', 'a', 'b', size, '60000');
    markAt(house, 'BTC', '50000'); // equity of 4 %
    house.pass('1h');
    return openOrders(house, 'a')[0]?.size ?? 0n;
  };
  expect([sold('2'), sold('2.5')]).toEqual([-200n, -50n]);
});
