/** Worked cases of the funding of other systems, as configurations of one rule.  PS-7, PS-8 */

import { formatRate } from '../../src/units/decimal';
import { DYDX, fixedIn, fundingHouse, impactAt, PLAIN, VEGA } from '../support/funding';
import { trade } from '../support/given';
import { ofType } from '../support/house';

const MINUTE = 60_000;

describe('Vega', () => {
  const rows: [internal: string, external: string, terms: object, multiplier: string, rate: string, paid: string][] = [
    ['990', '1000', { scale: '2.5' }, '1', '-0.025', '25'],
    ['990', '1000', { lower: '-0.005', upper: '0.005' }, '1', '-0.005', '5'],
    ['1010', '1000', { lower: '-0.005', upper: '0.005' }, '1', '0.005', '-5'],
    ['1200', '3000', { scale: '10', lower: '-6', upper: '6' }, '1000', '-6', '18000000'],
    ['1200', '3000', { scale: '10', lower: '-5', upper: '5' }, '1000', '-5', '15000000'],
  ];
  test.each(rows)(
    'VEGA-FND-02 internal %s, external %s, terms %j, multiplier %s: the rate is %s, and one long gets %s',
    (internal, external, terms, multiplier, rate, paid) => {
      const house = fundingHouse({
        terms: { ...VEGA, interval: MINUTE, ...terms },
        ...{ index: external, tick: '1', lot: '1', multiplier, scale: 0 },
      });
      trade(house, 'long', 'short', '1', external);
      impactAt(house, internal);
      const events = house.pass('1m');
      expect(formatRate(fixedIn(events).rate)).toBe(rate);
      const [settled] = ofType(events, 'FundingSettled');
      expect(settled?.lines.find(({ account }) => account === 'long')?.amount).toBe(BigInt(paid));
    },
  );
});

describe('dYdX v4', () => {
  test('DY-U1 a million quantums pay 23,456.789123 of a quote quantum each', () => {
    // A quote quantum is a millionth of a dollar; at a price of one dollar a lot is a million of them.
    const house = fundingHouse({
      terms: { ...PLAIN, interval: MINUTE, interest: '0.023456789123', price: 'INDEX' },
      ...{ index: '1', tick: '0.000001', lot: '1', scale: 6 },
    });
    trade(house, 'long', 'short', '1000000', '1');
    impactAt(house, '1');
    const [settled] = ofType(house.pass('1m'), 'FundingSettled');
    expect(settled?.lines).toEqual([
      { account: 'long', amount: -23_456_789_123n },
      { account: 'short', amount: 23_456_789_123n },
    ]);
  });

  test('DY-U3 -1,001,999 millionths of 0.001 are -1,001 millionths of a quantum: rounded towards zero', () => {
    // The smallest unit here is 0.001 of a quote quantum, what a base quantum is worth; a step is a millionth of a quantum.
    const doubled = { interest: '-0.5009995', scale: '2', lower: '-2', marginCap: null, share: '1' } as const;
    const house = fundingHouse({
      terms: { ...DYDX, ...doubled, interval: MINUTE, step: null, paymentStep: '0.001' },
      ...{ index: '1', tick: '1', lot: '1', scale: 0 },
    });
    trade(house, 'long', 'short', '1000', '1');
    impactAt(house, '1');
    const [settled] = ofType(house.pass('1m'), 'FundingSettled');
    expect(settled?.lines).toEqual([
      { account: 'long', amount: 1001n },
      { account: 'short', amount: -1001n },
    ]);
  });
});
