/**
 * How much of a position is closed at once, as Aave and Hyperliquid have it. Sources: aave-dao/aave-v3-origin@fd1fbd9,
 * LiquidationLogic.sol and Pool.Liquidations.CloseFactor.t.sol; documents of Hyperliquid, liquidations.
 */

import { healthOf } from '../../src/core/margin/health';
import type { LiquidationTermsInput } from '../../src/core/message/liquidationTermsInput';
import type { TestHouse } from '../support/house';
import { byTwo } from '../support/ladder';
import { onlyOf, openOrders } from '../support/liquidation';
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

test('A60 the fourth row: 1,999 of collateral behind 2,500 closes all: it is worth less than what is owed', () => {
  const house = caseHouse({
    instruments: { ETH: { price: '3', tick: '1', lot: '0.01', tiers: [tier('0', null, '0.175', '0.175')] } },
    terms: { maximumStepShare: '0.5', stepShareAbove: '1999.99', wholeBelow: '0.75', stepShareOf: 'DEBT' },
    policy: { target: [...HIGH] },
    deposits: { a: String(3 * 1999 - 2500), b: '9000000' },
  });
  deal(house, 'ETH', 'a', 'b', '1999', '3');
  expect(onlyOf(markAt(house, 'ETH', '1'), 'PositionTakenOver').size).toBe(-199_900n);
  expect(house.state.book.position('a', 'ETH')?.size ?? 0n).toBe(0n);
});

/** Equity over maintenance margin where collateral x 0.825 is 0.95 of the debt. */
const HEALTH_OF_95 = new Exact(1).minus(new Exact('0.825').div('0.95')).div('0.175').toFixed(12);

/** 10 at 2,000 behind a debt of 17,000, liquidated from 82.5 %, with a bonus of 5 % of which a tenth is the house's. */
const aave = (terms: Partial<LiquidationTermsInput>, policy: object = { target: [...HIGH] }) => {
  const house = caseHouse({
    scale: 9,
    instruments: { ETH: { price: '3000', tick: '1', lot: '0.0001', tiers: [tier('0', null, '0.175', '0.175')] } },
    terms: {
      // Five of a hundred and five: the bonus is on what is repaid, the fee on what is sold.
      ...{ feeRate: '0.04761904762', feeShares: { liquidator: '0', fund: '0.9', house: '0.1' } },
      ...{ maximumStepShare: '0.5', stepShareOf: 'DEBT', stepShareAbove: '1999.99', minimumRemainder: '1000' },
      wholeBelow: HEALTH_OF_95,
      ...terms,
    },
    policy,
    deposits: { a: '13000', b: '9000000' },
  });
  deal(house, 'ETH', 'a', 'b', '10', '3000');
  markAt(house, 'ETH', '2000');
  return house;
};
const healthFactor = (house: TestHouse): Exact => {
  const { equity, grossNotional } = healthOf(house.state, 'a');
  return new Exact(String(grossNotional)).times('0.825').div(String(grossNotional - equity));
};

test("AV-1 half of a debt of 17,000 is repaid for 4.4625, of which 0.02125 are the house's", () => {
  const house = aave({});
  expect(healthFactor(house).toFixed(12)).toBe('0.970588235294');
  house.pass('1h');
  const [order] = openOrders(house, 'a');
  expect(order).toMatchObject({ size: -44_625n, reason: 'STAGED' });
  house.send({
    ...{ type: 'ReportLiquidationFill', order: order?.id ?? '', trade: 'av', counterparty: 'b', price: '2000' },
    size: '4.4625',
  });
  const inEth = (ledger: 'house-fees USD' | 'insurance-fund USD'): string =>
    new Exact(String(house.state.ledger.get(ledger))).div('2e12').toFixed(9);
  expect([inEth('house-fees USD'), inEth('insurance-fund USD')]).toEqual(['0.021250000', '0.191250000']);
  const { equity, grossNotional } = healthOf(house.state, 'a');
  expect(new Exact(String(grossNotional - equity)).div('1e9').toFixed(6)).toBe('8500.000000');
  expect(healthFactor(house).toFixed(9)).toBe('1.074926471');
});

test('AV-1 control: of a worse loan all goes, and so does one whose debt is no larger than the bound', () => {
  const sold = (terms: Partial<LiquidationTermsInput>, price: string) => {
    const house = aave(terms);
    markAt(house, 'ETH', price);
    house.pass('1h');
    return openOrders(house, 'a')[0]?.size;
  };
  expect(sold({}, '1950')).toBe(-100_000n); // 16,087.50 of 17,000 are 0.946
  expect(sold({}, '1960')).toBeGreaterThan(-100_000n); // 16,170 are 0.951
  expect(sold({ stepShareAbove: '17000' }, '2000')).toBe(-100_000n);
});

/** 10,000 at 1 with such a maintenance rate and equity: the fewest that restore leave 5,000 behind so much of debt. */
test.each([
  ['999', 'DEBT', -1_000_000n, 'REMAINDER_TOO_SMALL'],
  ['1000', 'DEBT', -500_000n, 'RESTORES_TARGET'],
  ['999', 'POSITION', -500_000n, 'RESTORES_TARGET'],
] as const)('A60 a remainder of 5,000 behind %s: by %s %s go', (debt, stepShareOf, size, reason) => {
  const equity = new Exact(5000).minus(debt);
  const rate = equity.div(5000).toFixed();
  const house = caseHouse({
    instruments: { ETH: { price: '4', tick: '1', lot: '0.01', tiers: [tier('0', null, rate, rate)] } },
    terms: { stepShareOf, minimumRemainder: '1000' },
    deposits: { a: equity.plus(30_000).toFixed(), b: '9000000' },
  });
  deal(house, 'ETH', 'a', 'b', '10000', '4');
  markAt(house, 'ETH', '1');
  house.pass('1h');
  expect(openOrders(house, 'a')).toMatchObject([{ size, reason }]);
});

describe('LE-6 thirty seconds after a fifth, as Hyperliquid has it', () => {
  /** 2.5 at 50,000 with 5,000 behind them, of which a fifth was filled. */
  const stepped = (terms: Partial<LiquidationTermsInput>) => {
    const house = caseHouse({
      instruments: { BTC: { price: '60000', tick: '1', lot: '0.01', tiers: [tier('0', null, '0.2', '0.1')] } },
      terms: { maximumStepShare: '0.2', ...terms },
      policy: { target: [...HIGH] },
      deposits: { a: '30000', b: '9000000' },
    });
    deal(house, 'BTC', 'a', 'b', '2.5', '60000');
    markAt(house, 'BTC', '50000');
    house.pass('1h');
    return fillStep(house);
  };
  const fillStep = (house: TestHouse, size = '0.5') => {
    const order = openOrders(house, 'a')[0]?.id ?? '';
    house.send({
      ...{ type: 'ReportLiquidationFill', order, trade: `s${order}`, counterparty: 'b' },
      ...{ price: '50000', size },
    });
    return house;
  };
  const sizes = (house: TestHouse) => openOrders(house, 'a').map(({ size }) => size);

  test('LE-6 within them the rest goes whole', () => {
    expect(sizes(stepped({ stepInterval: 30_000, stepRest: 'WHOLE' }))).toEqual([-200n]);
  });

  test('LE-6 once they are over a fifth goes again', () => {
    const house = stepped({ stepInterval: 30_000, stepRest: 'WHOLE' });
    const held = () => house.state.book.position('a', 'BTC')?.size;
    expect([held(), sizes(house)]).toEqual([200n, [-200n]]);
    // A restored feed plans anew: halted, the order is called back; later it is a step like the first.
    house.send({ type: 'SetInstrumentStatus', instrument: 'BTC', status: 'HALTED', reason: 'a feed' });
    expect(sizes(house)).toEqual([]);
    house.pass('30s');
    byTwo(house, { type: 'SetInstrumentStatus', instrument: 'BTC', status: 'ACTIVE', reason: 'a feed' });
    markAt(house, 'BTC', '50000');
    expect(sizes(house)).toEqual([-40n]);
  });

  test('LE-6 or the next step waits for their end, to the millisecond, whatever prices do meanwhile', () => {
    const house = stepped({ stepInterval: 30_000 });
    expect(sizes(house)).toEqual([]);
    markAt(house, 'BTC', '50010');
    house.pass('29999ms');
    expect(sizes(house)).toEqual([]);
    house.pass('1ms');
    expect(sizes(house)).toEqual([-40n]);
  });

  test('LE-6 control: without an interval the next step follows at once, and a bankrupt account never waits', () => {
    expect(sizes(stepped({}))).toEqual([-40n]);
    const house = stepped({ stepInterval: 30_000 });
    expect(onlyOf(markAt(house, 'BTC', '47000'), 'PositionTakenOver').size).toBe(-200n);
  });
});
