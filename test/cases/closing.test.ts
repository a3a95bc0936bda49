/**
 * Worked cases about who closes a position, for how much, and what of the fee there is left to pay. Sources:
 * dydxprotocol/v4-chain@84d4664, drift-labs/protocol-v2@0ae3e3b, aave-dao/aave-v3-origin@fd1fbd9.
 */

import { healthOf } from '../../src/core/margin/health';
import { toScaled } from '../../src/units/decimal';
import type { TestHouse } from '../support/house';
import { onlyOf, openOrders } from '../support/liquidation';
import { offerOf, rungOf, setLadder } from '../support/rungs';
import { caseHouse, deal, markAt, tier } from './house';

const money = (text: string, scale = 2): bigint => toScaled(text, scale) as bigint;
const fundOf = (house: TestHouse): bigint => house.state.ledger.get('insurance-fund USD') ?? 0n;

describe('dYdX v4', () => {
  test.each([
    // There the fee is on the price of the fill; here on the mark, which stands where it was filled.
    ['DY-I1', '56100', '28.05', '481.95'],
    ['DY-I4', '51051', '5.1', '0'],
  ])(
    '%s 0.1 long with -5,100 in cash, closed at %s: the fund gets %s, the lesser of 0.5 %% and what is above bankruptcy',
    (_, price, fee, left) => {
      const house = caseHouse({
        instruments: { BTC: { price: '64000', tick: '1', lot: '0.01', tiers: [tier('0', null, '0.2', '0.1')] } },
        terms: { feeRate: '0.005', minimumRemainder: '1000000' },
        deposits: { a: '1300', b: '900000' },
      });
      deal(house, 'BTC', 'a', 'b', '0.1', '64000');
      markAt(house, 'BTC', price);
      house.pass('1h');
      const [order] = openOrders(house, 'a');
      expect(order?.size).toBe(-10n);
      house.send({ type: 'ReportLiquidationFill', order: order?.id ?? '', trade: 'i', counterparty: 'b', price, size: '0.1' });
      expect([fundOf(house), house.state.book.balance('a', 'USD')]).toEqual([money(fee), money(left)]);
    },
  );
});

describe('dYdX v4, fillable price', () => {
  // There a tenth of the maintenance rate is spread: 1 % of the mark. An account that lacks all of its margin is closed for no less.
  test.each([
    ['DY-F1', '1', '49999'],
    ['DY-F2', '2', '49998'],
  ])('%s 499 of 500 behind 0.1 at 50,000: with an urgency of %s it is offered for no less than %s', (_, urgency, limit) => {
    const house = caseHouse({
      instruments: { BTC: { price: '64000', tick: '1', lot: '0.01', tiers: [tier('0', null, '0.2', '0.1')] } },
      deposits: { a: '1899', b: '900000' },
    });
    setLadder(house, [rungOf('VENUE', { slippage: '0.01', urgency }), rungOf('HOUSE')]);
    deal(house, 'BTC', 'a', 'b', '0.1', '64000');
    markAt(house, 'BTC', '50000');
    const { equity, maintenance } = healthOf(house.state, 'a');
    expect([equity, maintenance]).toEqual([money('499'), money('500')]);
    house.pass('1h');
    expect(openOrders(house, 'a')).toMatchObject([{ limit: BigInt(limit), mark: 50_000n }]);
  });

  test('DY-F1 control: without an urgency all of the slippage is allowed, and with one sooner the higher it is', () => {
    const limitAt = (price: string, urgency: string | null) => {
      const house = caseHouse({
        instruments: { BTC: { price: '64000', tick: '1', lot: '0.01', tiers: [tier('0', null, '0.2', '0.1')] } },
        deposits: { a: '1899', b: '900000' },
      });
      setLadder(house, [rungOf('VENUE', { slippage: '0.01', urgency }), rungOf('HOUSE')]);
      deal(house, 'BTC', 'a', 'b', '0.1', '64000');
      markAt(house, 'BTC', price);
      house.pass('1h');
      return openOrders(house, 'a')[0]?.limit;
    };
    expect(limitAt('50000', null)).toBe(49_500n);
    // 249 of 475: 226 of 475 lacking, twice that is 0.9515... of 1 %.
    expect(limitAt('47500', '2')).toBe(47_500n - 453n);
    expect(limitAt('47500', '3')).toBe(47_025n);
  });
});

describe('Drift', () => {
  // There the fee shrinks until what is short can be made good; here it is fixed, refused where it never could be, and what it is counts.
  test.each([
    ['0.029', -953n, 'RESTORES_TARGET'], // theirs: 0.95 of what can be borne, 0.019 beside the liquidator's 0.01
    ['0.03', -1000n, 'RESTORES_TARGET'],
    ['0.0301', -1000n, 'CANNOT_RESTORE'],
  ])('DR-L5 10 at 100 with 20 less than its 5 %%: fees of %s in all close %s hundredths', (feeRate, size, reason) => {
    const house = caseHouse({
      instruments: { SOL: { price: '110', tick: '1', lot: '0.01', tiers: [tier('0', null, '0.1', '0.05')] } },
      terms: { feeRate },
      deposits: { a: '130', b: '90000' },
    });
    deal(house, 'SOL', 'a', 'b', '10', '110');
    markAt(house, 'SOL', '100'); // equity 30 against 50
    house.pass('1h');
    expect(openOrders(house, 'a')).toMatchObject([{ size, reason }]);
  });
});

test("AV-1 a loan of 17,000 on 20,000 at 82.5 %: half is repaid at a bonus of 5 %, of which a tenth is the house's", () => {
  // As a position: 3,000 of equity behind 20,000. Half of what is owed, with the bonus, is 8,925 of it.
  const house = caseHouse({
    scale: 12,
    instruments: { ETH: { price: '1.1', tick: '0.1', lot: '0.0001', tiers: [tier('0', null, '0.175', '0.175')] } },
    terms: { feeRate: '0.047619047619', feeShares: { liquidator: '0.9', fund: '0', house: '0.1' }, maximumStepNotional: '8925' },
    policy: { target: [{ base: 'MAINTENANCE', ratio: '2' }] },
    deposits: { a: '5000', b: '900000', lee: '900000' },
  });
  deal(house, 'ETH', 'a', 'b', '20000', '1.1');
  house.send({ type: 'RegisterLiquidator', account: 'lee', deposit: '1000', operator: null });
  setLadder(house, [rungOf('LIQUIDATORS', { offer: offerOf() }), rungOf('HOUSE')]);
  const health = (): number => {
    const { equity, grossNotional } = healthOf(house.state, 'a');
    return (Number(grossNotional) * 0.825) / Number(grossNotional - equity);
  };
  markAt(house, 'ETH', '1');
  expect(health()).toBeCloseTo(0.970588235294, 9);
  house.pass('1h');
  const [order] = openOrders(house, 'a');
  expect(order?.size).toBe(-89_250_000n);
  const before = house.state.book.balance('lee', 'USD');
  const events = house.send({ type: 'TakeLiquidation', order: order?.id ?? '', account: 'lee', size: null });
  // In their units, at 2,000: 4.4625 seized, 0.02125 the house's, 4.44125 for what 4.25 are worth.
  const inEth = (amount: bigint): number => Number(amount) / 2000 / 1e12;
  const gained = house.state.book.balance('lee', 'USD') - before;
  expect([inEth(onlyOf(events, 'LiquidationOrderFilled').charges.closed), inEth(house.state.ledger.get('house-fees USD') ?? 0n)]).toEqual([
    4.4625,
    expect.closeTo(0.02125, 9),
  ]);
  expect(inEth(gained + money('8500', 12))).toBeCloseTo(4.44125, 9);
  expect(health()).toBeCloseTo(1.074926470588, 9);
});
