/** What of the defaulter's own margin each of its loss cases has used.  Rule: B3-1 */

import { definePerpetual, onePerpetual, openAccount, trade } from '../../support/given';
import { onlyOf } from '../../support/liquidation';
import { lossPolicy } from '../../support/waterfall';

test('B3-1 a loss in two pools: each case has used its part of the margin, and together all of it', () => {
  const house = onePerpetual();
  definePerpetual(house, 'OTHER', { price: '50000' });
  house.send(lossPolicy(['DEFAULTER_MARGIN', 'INSURANCE_FUND']));
  house.send({
    type: 'SetDisposalPolicy',
    currency: 'USD',
    interval: 60_000,
    fraction: '1',
    fullBelow: '0',
    maximumShareOfDepth: '1',
    slippage: '1',
  });
  house.send({
    type: 'SetInsurancePool',
    pool: 'p',
    currency: 'USD',
    instruments: ['OTHER'],
    cap: null,
    thenGeneral: true,
  });
  openAccount(house, 'maker', '90000000');
  openAccount(house, 'alice', '30000');
  trade(house, 'alice', 'maker', '6', '50000');
  trade(house, 'alice', 'maker', '3', '50000', 'OTHER');
  const quotes = ['BTC-PERP', 'OTHER'].map((instrument) => ({
    instrument,
    price: '45000',
    bid: null,
    ask: null,
    observedAt: null,
  }));
  const { cases } = onlyOf(house.send({ type: 'SubmitMarkPrices', source: 'venue', prices: quotes }), 'LossAllocated');
  // Nine lose 5,000 each, 45,000; 30,000 were there, and 15,000 are missing: 10,000 by the six, 5,000 by the three.
  const lines = cases.map(({ instrument, loss, layers }) => [instrument, loss, layers[0]?.used]);
  expect(lines).toEqual([
    ['BTC-PERP', 3_000_000n, 2_000_000n],
    ['OTHER', 1_500_000n, 1_000_000n],
  ]);
});
