/**
 * Worked cases about who closes a position, for how much, and what of the fee there is left to pay. Source:
 * dydxprotocol/v4-chain@84d4664.
 */

import { healthOf } from '../../src/core/margin/health';
import { toScaled } from '../../src/units/decimal';
import type { TestHouse } from '../support/house';
import { openOrders } from '../support/liquidation';
import { rungOf, setLadder } from '../support/rungs';
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
      house.send({
        type: 'ReportLiquidationFill',
        order: order?.id ?? '',
        trade: 'i',
        counterparty: 'b',
        price,
        size: '0.1',
      });
      expect([fundOf(house), house.state.book.balance('a', 'USD')]).toEqual([money(fee), money(left)]);
    },
  );
});

describe('dYdX v4, fillable price', () => {
  // There a tenth of the maintenance rate is spread: 1 % of the mark. An account that lacks all of its margin is closed
  // for no less.
  test.each([
    ['DY-F1', '1', '49999'],
    ['DY-F2', '2', '49998'],
  ])(
    '%s 499 of 500 behind 0.1 at 50,000: with an urgency of %s it is offered for no less than %s',
    (_, urgency, limit) => {
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
    },
  );

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
