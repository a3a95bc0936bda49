/** Events in the words of a scenario: each number in the unit of what it counts. */

import { eventsOf } from '../../../src/core/message/envelope';
import type { Event } from '../../../src/core/message/event';
import { createDefinitions } from '../../../src/interop/scenario/definitions';
import { type StepEvent, stepEventOf } from '../../../src/interop/scenario/events';
import { mark, pay } from '../../support/given';
import type { TestHouse } from '../../support/house';
import { byTwo } from '../../support/ladder';
import { fallen, fill } from '../../support/liquidation';
import { defineIndex, quote } from '../../support/prices';

/** Every event of a house as a scenario would see it. */
function shownOf(house: TestHouse): StepEvent[] {
  const definitions = createDefinitions();
  return house.entries.flatMap(({ seq, outcome }) =>
    eventsOf(outcome).map((event: Event) => {
      definitions.learn(event);
      return stepEventOf(event, seq, definitions);
    }),
  );
}

const lastOf = (events: readonly StepEvent[], name: string) => events.findLast((event) => event.name === name)?.fields;

test('sizes in lots, prices in ticks, money in its currency, rates as decimals, times and spans as text', () => {
  const house = fallen({ terms: { penaltyTiers: [{ floor: '0', rate: '0.001' }] } });
  house.pass('1h');
  fill(house, '49999.9', '1.5');
  const events = shownOf(house);

  expect(lastOf(events, 'marginPolicySet')).toMatchObject({
    id: 'classic',
    closeOut: [{ base: 'MAINTENANCE', ratio: '2/3' }],
    cureWindow: '1h',
    liquidation: {
      feeRate: '0.005',
      feeShares: { fund: '1', house: '0' },
      penaltyTiers: [{ floor: '0.00', rate: '0.001' }],
      venueWindow: '30s',
    },
  });
  expect(lastOf(events, 'instrumentDefined')).toMatchObject({
    id: 'BTC-PERP',
    tick: '0.1',
    makerFee: '0',
    heartbeat: '7d',
    priceBand: null,
  });
  expect(lastOf(events, 'tierScheduleSet')).toMatchObject({ version: 1, tiers: [{ floor: '0.00', cap: null }] });
  expect(lastOf(events, 'markPriceSet')).toMatchObject({ price: '50000.0', at: '2025-10-10T12:00:00.000Z' });
  expect(lastOf(events, 'marginCallIssued')).toMatchObject({
    amount: '14000.00',
    deadline: '2025-10-10T13:00:00.000Z',
    prices: [{ price: '50000.0' }],
    eligible: [{ currency: 'USD', haircut: '0' }],
    finalNoticeAt: null,
    revision: 1,
  });
  expect(lastOf(events, 'liquidationOrderIssued')).toMatchObject({
    size: '-1.6',
    filled: '0.0',
    limit: '48900.0',
    mark: '50000.0',
  });
  // Slippage is money, under names that are those of prices elsewhere.
  expect(lastOf(events, 'liquidationOrderFilled')).toMatchObject({
    price: '49999.9',
    mark: '50000.0',
    size: '-1.5',
    charges: { closed: '75000.00', fee: '375.00', penalty: '75.00' },
    slippage: { mark: '0.15', trigger: '0.15' },
    positions: [{ account: 'alice', size: '8.5', cost: '442000.00' }, { account: 'maker' }],
  });
});

test('prices of an index in its own ticks; of collateral that was converted each amount in its own currency', () => {
  const house = fallen({ at: '52000' });
  house.send({ type: 'DefineCurrency', currency: 'COIN', scale: 6 });
  defineIndex(house, { base: 'COIN', tick: '0.001', minimumSources: 1, heartbeat: 86_400_000 });
  byTwo(house, {
    type: 'SetCollateralTerms',
    currency: 'COIN',
    haircut: '0.5',
    conversionDiscount: '0',
    eligible: true,
  });
  quote(house, 'a', '1.25', null, 'COIN/USD');
  pay(house, 'alice', '12.5', 'COIN');
  mark(house, '48000');
  const events = shownOf(house);

  expect(lastOf(events, 'indexDefined')).toMatchObject({ id: 'COIN/USD', tick: '0.001', maximumDeviation: '0.02' });
  expect(lastOf(events, 'indexPriceSet')).toMatchObject({
    price: '1.250',
    quotes: [{ source: 'a', price: '1.250', quarantined: false }],
  });
  expect(lastOf(events, 'collateralDeposited')).toMatchObject({ currency: 'COIN', amount: '12.500000' });
  expect(lastOf(events, 'collateralConverted')).toMatchObject({
    amount: '12.500000',
    proceeds: '15.62',
    price: '1.250',
  });
});
