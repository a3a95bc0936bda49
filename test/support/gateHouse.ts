/** A house in which somebody may come to owe: two currencies, owners with several accounts, any layers. */

import fc from 'fast-check';
import type { Command } from '../../src/core/message/command';
import type { LossLayer, SocializationBase } from '../../src/core/model/policy';
import { auctionPolicy } from './auction';
import { deleveragingPolicy } from './deleveraging';
import { classicPolicy, definePerpetual, flatTiers, onePerpetual, openAccount, pay } from './given';
import { type TestHouse } from './house';

export const HOUR = 3_600_000;
const TIERS = flatTiers('0.02', '0.01');

/** Owners, with their accounts: whose account is in euros ends in `e`. */
export const OWNERS: Readonly<Record<string, readonly string[]>> = {
  x: ['x1', 'x2', 'xe'],
  y: ['y1', 'y2'],
  z: ['z1', 'ze'],
  b: ['b1', 'b2'],
  c: ['c1', 'ce'],
  m1: ['own'],
};
const memberOf = (account: string): string => (account.endsWith('1') || account === 'own' ? 'm1' : 'm2');
export const currencyOf = (account: string): 'USD' | 'EUR' => (account.endsWith('e') ? 'EUR' : 'USD');
export const ACCOUNTS = Object.values(OWNERS).flat();
export const LAYERS: readonly (readonly LossLayer[])[] = [
  ['OWNER_COLLATERAL', 'INSURANCE_FUND', 'SOCIALIZED_LOSS'],
  ['SOCIALIZED_LOSS'],
  ['OWNER_COLLATERAL', 'MEMBER_COLLATERAL', 'GAINS_HAIRCUT'],
  ['INSURANCE_FUND', 'BACKSTOP_POOL', 'SOCIALIZED_LOSS'],
  ['OWNER_COLLATERAL', 'INSURANCE_FUND', 'DELEVERAGING', 'SOCIALIZED_LOSS'],
  ['MEMBER_COLLATERAL', 'TEAR_UP', 'GAINS_HAIRCUT'],
];

export const pick = <T>(items: readonly T[], n: number): T => items[n % items.length] as T;

export const given = fc.record({
  layers: fc.nat({ max: LAYERS.length - 1 }),
  fund: fc.constantFrom(0, 20, 500),
  auction: fc.boolean(),
  coins: fc.constantFrom('0.00000001', '0.5', '2', '7'),
  settled: fc.boolean(),
});
export type Given = (typeof given extends fc.Arbitrary<infer T> ? T : never) & {
  readonly floor: string;
  readonly base?: SocializationBase; // gains, if nothing is said
};

export const lossPolicy = (
  currency: string,
  layers: readonly LossLayer[],
  gateFloor: string,
  base: SocializationBase = 'GAINS',
): Command => ({
  ...{ type: 'SetLossPolicy', currency, layers, base, period: 30 * 24 * HOUR, fundTarget: '0', gateFloor },
});

export function gateHouse({ layers, fund, auction, coins, settled, floor, base }: Given): TestHouse {
  const interval = settled ? null : 365 * 24 * HOUR;
  const house = onePerpetual({ price: '1000', tiers: TIERS, interval });
  definePerpetual(house, 'OTHER', { price: '100', tiers: TIERS, interval });
  for (const [currency, scale] of [
    ['EUR', 2],
    ['ETH', 8],
  ] as const)
    house.send({ type: 'DefineCurrency', currency, scale });
  house.send(classicPolicy({}, { policy: 'euro', currency: 'EUR' }));
  house.send({
    type: 'DefineInstrument',
    instrument: 'E-PERP',
    kind: 'PERPETUAL',
    base: 'BTC',
    quote: 'EUR',
    settlement: 'EUR',
    ...{ tick: '0.1', lot: '0.1', multiplier: '1', index: null, markMethod: 'VENUE', markBand: null, priceBand: null },
    heartbeat: 168 * HOUR,
    allowsNonPositivePrice: false,
    expiry: null,
    variationInterval: interval,
    makerFee: '0',
    takerFee: '0',
  });
  house.send({ type: 'SetTierSchedule', instrument: 'E-PERP', tiers: TIERS, effectiveAt: null });
  setMark(house, 'E-PERP', '500');
  house.send({
    type: 'DefineIndex',
    base: 'ETH',
    quote: 'USD',
    tick: '0.01',
    sources: ['a'],
    minimumSources: 1,
    maximumDeviation: '1',
    heartbeat: 6 * HOUR,
  });
  house.send({
    type: 'SetCollateralTerms',
    currency: 'ETH',
    haircut: '0.3',
    conversionDiscount: '0.1',
    eligible: true,
  });
  quoteEth(house, '100');
  if (auction)
    house.send(
      auctionPolicy({ penaltyMultiplier: '1', minimumDebt: '0', rounds: 1, resetReward: '0', resetRewardRate: '0' }),
    );
  for (const currency of ['USD', 'EUR']) {
    house.send(lossPolicy(currency, pick(LAYERS, layers), floor, base));
    house.send({
      ...{ type: 'SetDisposalPolicy', currency, interval: 365 * 24 * HOUR, fraction: '1', fullBelow: '0' },
      ...{ maximumShareOfDepth: '1', slippage: '1' },
    });
    if (fund > 0) house.send({ type: 'ContributeToInsuranceFund', currency, amount: String(fund), source: 'EXTERNAL' });
  }
  house.send(deleveragingPolicy());
  for (const member of ['m1', 'm2']) house.send({ type: 'AdmitMember', member, name: member });
  for (const [owner, accounts] of Object.entries(OWNERS))
    for (const id of accounts) open(house, id, owner, memberOf(id), '1000');
  // Where losses are shared by what is held, who is deep would bear them all.
  const depth = base === undefined ? '90000000' : '5000';
  for (const id of ['deep', 'deepe']) open(house, id, 'deep', 'broker', depth);
  openAccount(house, 'taker', depth, { member: 'broker' });
  house.audited = false;
  house.try({ type: 'ContributeToBackstopPool', account: 'y1', amount: '100' });
  for (const id of ['b1', 'b2', 'c1', 'x1']) pay(house, id, coins, 'ETH');
  return house;
}

function open(house: TestHouse, account: string, owner: string, member: string, deposit: string): void {
  const currency = currencyOf(account);
  const policy = currency === 'USD' ? 'classic' : 'euro';
  house.send({
    type: 'OpenAccount',
    account,
    member,
    owner,
    kind: owner === 'm1' ? 'HOUSE' : 'CLIENT',
    currency,
    policy,
    mode: 'CROSS',
    instrument: null,
  });
  pay(house, account, deposit, currency);
}

export const setMark = (house: TestHouse, instrument: string, price: string) =>
  house.try({
    type: 'SubmitMarkPrices',
    source: 'venue',
    prices: [{ instrument, price, bid: null, ask: null, observedAt: null }],
  });
export const quoteEth = (house: TestHouse, price: string) =>
  house.try({ type: 'SubmitIndexPrices', source: 'a', prices: [{ index: 'ETH/USD', price, observedAt: null }] });
