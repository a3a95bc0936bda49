/**
 * Worked cases of venues whose rates grow with size, each mapped to a configuration of this house. Sources:
 * drift-labs/protocol-v2@0ae3e3b and support.deribit.com, linear perpetual.
 */

import { explainAccount } from '../../src/core/margin/explain';
import { healthOf } from '../../src/core/margin/health';
import { Exact } from '../support/oracle';
import { caseHouse, deal, tier } from './house';

const money = (text: string): bigint => BigInt(new Exact(text).times(100).toFixed(0));

describe('Drift', () => {
  test('DR-M1 10,001 at 100 with a base of 5 % and an IMF factor of 0.001 need 14 %: 140,014', () => {
    // Four fifths of the base, rounded up, and the factor x the root of the size, rounded down: ten-thousandths, both.
    const growth = {
      ...{ shape: 'SQUARE_ROOT' as const, initialFactor: '0.001', maintenanceFactor: '0.001' },
      ...{ keptShare: '0.8', step: '0.0001' },
    };
    const house = caseHouse({
      instruments: { SOL: { price: '100', tiers: [tier('0', null, '0.05', '0.05')], besides: { growth } } },
      deposits: { a: '900000', b: '900000' },
    });
    deal(house, 'SOL', 'a', 'b', '10001', '100');
    expect(explainAccount(house.state, 'a').maintenanceLines).toMatchObject([{ rate: '0.14' }]);
    // Theirs adds a cent for the one order that is open, 140,014.01; the house has no charge for an order as such.
    expect(healthOf(house.state, 'a')).toMatchObject({ initial: money('140014'), maintenance: money('140014') });
  });
});

describe('Deribit', () => {
  const growth = {
    ...{ shape: 'LINEAR' as const, initialFactor: '0.00005', maintenanceFactor: '0.00005' },
    ...{ keptShare: '1', step: null },
  };

  test('DB-M1 DB-M3 25 at 100,000 with 2 % and 1 %, and 0.005 % for each: 2.125 % and 1.125 %, 53,125 and 28,125', () => {
    const house = caseHouse({
      instruments: { BTC: { price: '100000', tiers: [tier('0', null, '0.02', '0.01')], besides: { growth } } },
      deposits: { a: '90000', b: '90000' },
    });
    deal(house, 'BTC', 'a', 'b', '25', '100000');
    expect(healthOf(house.state, 'a')).toMatchObject({ initial: money('53125'), maintenance: money('28125') });
    const { initialLines, maintenanceLines } = explainAccount(house.state, 'a');
    expect([initialLines, maintenanceLines]).toMatchObject([[{ rate: '0.02125' }], [{ rate: '0.01125' }]]);
  });
});
