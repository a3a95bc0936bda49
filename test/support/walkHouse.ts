/**
 * The house that random walks go through: three instruments, two policies, six clients, funds small enough to run dry.
 */

import type { Command } from '../../src/core/message/command';
import { classicPolicy, definePerpetual, flatTiers, openAccount, pay, term } from './given';
import { createTestHouse, START, type TestHouse } from './house';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
export const SOURCES = ['s1', 's2', 's3'];

export const TIERS = [
  { floor: '0', cap: '1000000', initialRate: '0.05', maintenanceRate: '0.025', deduction: null },
  { floor: '1000000', cap: '5000000', initialRate: '1/15', maintenanceRate: '1/30', deduction: null },
  { floor: '5000000', cap: null, initialRate: '0.2', maintenanceRate: '0.1', deduction: null },
];

const CHARGED = {
  feeRate: '0.004',
  feeShares: { liquidator: '0.2', fund: '0.5', house: '0.3' },
  penaltyTiers: [
    { floor: '0', rate: '0.001' },
    { floor: '500000', rate: '0.002' },
  ],
  repeatSurcharge: '0.001',
  repeatMaximum: 2,
  slippage: '0.002',
};

export const classic = classicPolicy(CHARGED, {
  cure: term('MAINTENANCE', '1.1'),
  target: term('MAINTENANCE', '1.2'),
  hysteresis: '0.02',
  amendStep: '0.1',
  finalNotice: HOUR / 2,
});
const exchange = classicPolicy(
  {
    ...CHARGED,
    maximumStepNotional: '250000',
    maximumShareOfDepth: '0.5',
    minimumRemainder: '5000',
    venueWindow: 10_000,
  },
  {
    policy: 'exchange',
    warnings: [
      term('INITIAL', '1.2'),
      [...term('INITIAL', '1'), ...term('MAINTENANCE', '1.1')],
      [...term('MAINTENANCE', '1.1'), ...term('INITIAL', '0.55')],
    ],
    call: [...term('MAINTENANCE', '1'), ...term('INITIAL', '0.5')],
    cure: term('INITIAL', '1'),
    closeOut: term('MAINTENANCE', '1'),
    target: term('MAINTENANCE', '1'),
    hysteresis: '0.05',
    aggregation: 'ACCOUNT',
    cureWindow: 0,
  },
);

/**
 * Three instruments, one of them on an index; collateral in another currency; six clients, two accounts of one owner,
 * one isolated.
 */
export function walkHouse(): TestHouse {
  const house = createTestHouse();
  house.send({ type: 'DefineCurrency', currency: 'USD', scale: 2 });
  house.send({ type: 'DefineCurrency', currency: 'BTC', scale: 8 });
  house.send({ type: 'DefineCurrency', currency: 'ETH', scale: 8 });
  house.send({
    type: 'DefineIndex',
    base: 'BTC',
    quote: 'USD',
    tick: '0.01',
    sources: SOURCES,
    minimumSources: 2,
    maximumDeviation: '0.2',
    heartbeat: 6 * HOUR,
  });
  house.send({
    type: 'SetCollateralTerms',
    currency: 'BTC',
    haircut: '0.1',
    conversionDiscount: '0.05',
    eligible: true,
  });
  for (const source of SOURCES) house.send(indexPrice(source, '50000'));
  house.send(classic);
  house.send(exchange);
  definePerpetual(house, 'BTC-PERP', {
    tiers: TIERS,
    tick: '1',
    lot: '0.01',
    interval: null,
    takerFee: '0.0005',
    makerFee: '-0.0001',
  });
  definePerpetual(house, 'ETH-PERP', {
    tiers: flatTiers('0.1', '0.05'),
    tick: '0.1',
    price: '3000',
    interval: 8 * HOUR,
  });
  house.send({
    type: 'DefineInstrument',
    instrument: 'BTC-FUT',
    kind: 'FUTURE',
    base: 'BTC',
    quote: 'USD',
    settlement: 'USD',
    tick: '0.5',
    lot: '0.1',
    multiplier: '1',
    index: 'BTC/USD',
    markMethod: 'INDEX',
    markBand: null,
    priceBand: null,
    heartbeat: 4 * HOUR,
    allowsNonPositivePrice: false,
    expiry: START + 3 * DAY,
    variationInterval: DAY,
    makerFee: '0',
    takerFee: '0.0002',
  });
  house.send({ type: 'SetTierSchedule', instrument: 'BTC-FUT', tiers: TIERS, effectiveAt: null });
  for (const source of SOURCES) house.send(indexPrice(source, '50000.01'));
  house.send({ type: 'AdmitMember', member: 'broker', name: 'A broker' });
  house.send({
    type: 'SetDisposalPolicy',
    currency: 'USD',
    interval: HOUR,
    fraction: '0.5',
    fullBelow: '50000',
    maximumShareOfDepth: '0.5',
    slippage: '0.05',
  });
  house.send({ type: 'ContributeHouseCapital', currency: 'USD', amount: '2000' });
  house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: '5000', source: 'EXTERNAL' });
  openAccount(house, 'maker', '50000000');
  openAccount(house, 'ann', '30000');
  openAccount(house, 'ann-2', '20000', { owner: 'ann' });
  openAccount(house, 'bob', '15000', { policy: 'exchange' });
  openAccount(house, 'cy', '5000');
  pay(house, 'cy', '0.3', 'BTC');
  openAccount(house, 'dee', '40000', { instrument: 'BTC-PERP' });
  openAccount(house, 'eve', '1000', { owner: 'bob', policy: 'exchange' });
  pay(house, 'eve', '0.5', 'BTC');
  return house;
}

export const indexPrice = (source: string, price: string): Command => ({
  type: 'SubmitIndexPrices',
  source,
  prices: [{ index: 'BTC/USD', price, observedAt: null }],
});
