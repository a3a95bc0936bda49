/** Worked cases of Drift, from their own parameters. */

import { healthOf } from '../../src/core/margin/health';
import type { TestHouse } from '../support/house';
import { onlyOf, openOrders } from '../support/liquidation';
import { Exact } from '../support/oracle';
import { caseHouse, deal, markAt, tier } from './house';

const money = (text: string, scale = 2): bigint => BigInt(new Exact(text).times(new Exact(10).pow(scale)).toFixed(0));

describe('Drift', () => {
  /** Long at 100 with 10 % maintenance margin and 10 less than it asks for. */
  const short = (feeRate: string): TestHouse => {
    const house = caseHouse({
      instruments: { SOL: { price: '110', tick: '1', lot: '0.01', tiers: [tier('0', null, '0.1', '0.1')] } },
      terms: { feeRate },
      deposits: { a: '190', b: '90000' },
    });
    deal(house, 'SOL', 'a', 'b', '10', '110');
    markAt(house, 'SOL', '100'); // equity 90 against 100
    house.pass('1h');
    return house;
  };

  test.each([
    ['DR-L1', '0', 100n],
    ['DR-L3', '0.02', 125n], // 1 % to the liquidator, 1 % to the fund
  ])('%s a shortage of 10 at 100 and 10 %, fees of %s: %s hundredths', (_, fee, lots) => {
    expect(openOrders(short(fee), 'a')).toMatchObject([{ size: -lots, reason: 'RESTORES_TARGET' }]);
  });

  test(
    'DR-L10 2 long at 100 with 5 left, 5 % and a buffer of 2 %: 1.8 are closed, and what is left stands at ' +
      'exactly 7 %',
    () => {
      const house = caseHouse({
        instruments: { SOL: { price: '105', tick: '1', lot: '0.01', tiers: [tier('0', null, '0.05', '0.05')] } },
        terms: { feeRate: '0.02', feeShares: { liquidator: '0', fund: '0.5', house: '0.5' } },
        policy: { target: [{ base: 'MAINTENANCE', ratio: '1.4' }] },
        deposits: { a: '15', b: '90000' },
      });
      deal(house, 'SOL', 'a', 'b', '2', '105');
      markAt(house, 'SOL', '100'); // equity 5 against 10
      expect(openOrders(house, 'a')).toMatchObject([{ size: -180n, reason: 'RESTORES_TARGET' }]);
      house.send({
        type: 'ReportLiquidationFill',
        order: openOrders(house, 'a')[0]?.id ?? '',
        trade: 'l10',
        counterparty: 'b',
        price: '100',
        size: '1.8',
      });
      const { equity, grossNotional } = healthOf(house.state, 'a');
      expect([equity, grossNotional]).toEqual([money('1.4'), money('20')]); // 7 %
      expect([house.state.ledger.get('insurance-fund USD'), house.state.ledger.get('house-fees USD')]).toEqual([
        money('1.8'),
        money('1.8'),
      ]);
      // Their quote amount of -23.6 beside a deposit of 5 is our cash of 1.4 less the 20 the rest is worth.
      expect(equity - grossNotional - money('5')).toBe(money('-23.6'));
    },
  );

  describe('DR-L5 LF-5 the fee of the fund is what the account can bear, with a safety of 0.95', () => {
    /** 10 long at 100, so much less than its maintenance margin of 50; a fee of 1 %, and up to so much for the fund. */
    const closed = (shortage: string, terms: object = {}, most = '0.05'): { house: TestHouse; lots: bigint } => {
      const house = caseHouse({
        instruments: { SOL: { price: '110', tick: '1', lot: '0.01', tiers: [tier('0', null, '0.05', '0.05')] } },
        terms: {
          ...{ feeRate: '0.01', fundRate: most, fundShare: '0.95', ...terms },
          feeShares: { liquidator: '0', fund: '0', house: '1' },
        },
        deposits: { a: new Exact('150').minus(shortage).toFixed(), b: '90000' },
      });
      deal(house, 'SOL', 'a', 'b', '10', '110');
      markAt(house, 'SOL', '100');
      house.pass('1h');
      const { id = '', size = 0n } = openOrders(house, 'a')[0] ?? {};
      const { feePreview } = healthOf(house.state, 'a');
      house.send({
        ...{ type: 'ReportLiquidationFill', order: id, trade: 'l5', counterparty: 'b', price: '100' },
        size: new Exact(String(-size)).div(100).toFixed(),
      });
      expect(feePreview).toBeGreaterThanOrEqual(fundOf(house) + (house.state.ledger.get('house-fees USD') ?? 0n));
      return { house, lots: -size };
    };
    const fundOf = (house: TestHouse): bigint => house.state.ledger.get('insurance-fund USD') ?? 0n;

    test('DR-L5 a shortage of 20 behind 10 at 100, 5 % and 1 % for the liquidator: 0.019 instead of 0.05', () => {
      // Closed whole, so that the rate is what the fund has of 1,000.
      const { house, lots } = closed('20', { minimumRemainder: '1000000' });
      expect([lots, fundOf(house), house.state.ledger.get('house-fees USD')]).toEqual([
        1000n,
        money('19'),
        money('10'),
      ]);
    });

    test('DR-L5 the smallest reduction pays it too, and still restores', () => {
      const { house, lots } = closed('20'); // 20 / (5 % - 2.9 %) = 952.38
      expect([lots, fundOf(house)]).toEqual([953n, money('18.11')]); // 953 x 1.9 % = 18.107, of a fee of 27.637
      const { equity, maintenance } = healthOf(house.state, 'a');
      expect([equity, maintenance]).toEqual([money('2.36'), money('2.35')]);
      expect(house.state.book.stateOf('a').status).toBe('HEALTHY');
    });

    test.each([
      ['where there is more the fund has its whole rate', '20', '0.01', '10'],
      ['the less the account lacks the more the fund has', '10', '0.05', '28.5'],
      ['where closing restores nothing it has none', '41', '0.05', '0'],
    ])('DR-L5 control: %s', (_, shortage, most, fund) => {
      expect(fundOf(closed(shortage, { minimumRemainder: '1000000' }, most).house)).toBe(money(fund));
    });

    test('DR-L5 control: slippage allowed for comes first', () => {
      const terms = { minimumRemainder: '1000000', slippage: '0.01' };
      expect(fundOf(closed('20', terms).house)).toBe(money('9.5'));
    });
  });

  test('DR-S1 a loss of 100 over open interest of 7 and 4 is 9.09091 a unit', () => {
    const house = caseHouse({
      instruments: { SOL: { price: '1000', tiers: [tier('0', null, '0.1', '0.05')] } },
      loss: { base: 'OPEN_INTEREST' },
      deposits: { long: '90000', small: '90000', bad: '500' },
    });
    deal(house, 'SOL', 'long', 'small', '4', '1000');
    deal(house, 'SOL', 'long', 'bad', '3', '1000');
    const { shares } = onlyOf(markAt(house, 'SOL', '1200'), 'LossAllocated'); // 600 lost, 500 there
    expect(shares.map(({ account, amount }) => [account, amount])).toEqual([
      ['long', 6364n],
      ['small', 3636n],
    ]);
    // Theirs is rounded up per unit and takes a little too much; ours sums to the loss.
    for (const [i, units] of [7, 4].entries())
      expect(
        new Exact('9.09091')
          .times(units)
          .minus(new Exact(String(shares[i]?.amount)).div(100))
          .abs()
          .lt('0.01'),
      ).toBe(true);
  });

  test('DR-S4 a loss of 11 over equity of 120 takes 0.0916666667 of each', () => {
    const house = caseHouse({
      scale: 8,
      instruments: { SOL: { price: '100', tiers: [tier('0', null, '0.05', '0.01')] } },
      loss: { base: 'EQUITY' },
      deposits: { winner: '50', idle: '47.5', other: '2.5', bad: '9' },
    });
    deal(house, 'SOL', 'bad', 'winner', '1', '100');
    const { shares } = onlyOf(markAt(house, 'SOL', '80'), 'LossAllocated'); // 20 lost, 9 there
    expect(shares.map(({ account, weight, amount }) => [account, weight, amount])).toEqual([
      ['idle', money('47.5', 8), money('4.35416667', 8)],
      ['other', money('2.5', 8), money('0.22916667', 8)],
      ['winner', money('70', 8), money('6.41666666', 8)],
    ]);
  });
});
