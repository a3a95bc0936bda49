/** A house with members, a default fund policy and one account that is about to default. */

import { digestOf } from '../../src/core/engine/digest';
import type { CommandOf } from '../../src/core/message/command';
import type { Event } from '../../src/core/message/event';

import type { LayerUse } from '../../src/core/model/liquidation';
import type { LossLayer } from '../../src/core/model/policy';
import { reachOf } from '../../src/core/settlement/waterfall/cover';
import { cash } from '../../src/units/quantity';
import { deskOf } from './desk';
import { classicPolicy, definePerpetual, flatTiers, mark, openAccount, trade } from './given';
import { createTestHouse, type TestHouse } from './house';
import { onlyOf } from './liquidation';

export const ledgerOf = (house: TestHouse, name: string): bigint => house.state.ledger.get(`${name} USD`) ?? 0n;
export const textOf = ({ layer, available, used, left }: LayerUse): string => `${layer} ${available} ${used} ${left}`;

export const lossPolicy = (
  layers: readonly LossLayer[],
  fields: Partial<CommandOf<'SetLossPolicy'>> = {},
): CommandOf<'SetLossPolicy'> => ({
  type: 'SetLossPolicy',
  currency: 'USD',
  layers,
  base: 'GAINS',
  period: 86_400_000,
  fundTarget: '0',
  ...fields,
});

export const FUND_POLICY = {
  type: 'SetDefaultFundPolicy' as const,
  currency: 'USD',
  moves: [],
  floor: '0',
  threshold: '1',
  feeShare: '1',
  multiple: '2',
  cappedWindow: 5 * 86_400_000,
  coolingOffWindow: 10 * 86_400_000,
  within: 1,
  weekend: ['SATURDAY', 'SUNDAY'] as const,
  holidays: [],
  computedAt: 0,
};

export interface Given {
  readonly policy: CommandOf<'SetLossPolicy'>;
  readonly scale?: number;
  readonly price?: string;
  readonly capital?: string;
  readonly fund?: string;
  readonly tranche2?: string;
  readonly further?: string;
  readonly contributions?: Readonly<Record<string, string>>;
  readonly own?: string; // collateral of the defaulter
  readonly multiple?: string;
  readonly winners?: Readonly<Record<string, string>>; // contracts of each
}

/** `bad` of `broker` is long at the price against winners of member `m1`, one contract in all: a fall by 1 loses 1. */
export function given({
  policy,
  scale = 2,
  price = '1000',
  contributions = {},
  winners = { w: '1' },
  own = '1000',
  ...money
}: Given): TestHouse {
  const house = createTestHouse();
  house.send({ type: 'DefineCurrency', currency: 'USD', scale });
  house.send({ type: 'DefineCurrency', currency: 'BTC', scale: 8 });
  house.send(classicPolicy());
  definePerpetual(house, 'BTC-PERP', { price, tiers: flatTiers('0.02', '0.01') });
  // What the house takes over goes out whole, a day later.
  house.send({
    type: 'SetDisposalPolicy',
    currency: 'USD',
    interval: 86_400_000,
    fraction: '1',
    fullBelow: '0',
    maximumShareOfDepth: '1',
    slippage: '1',
  });
  for (const member of ['broker', 'm1', 'm2', 'm3']) house.send({ type: 'AdmitMember', member, name: member });
  house.send({ ...FUND_POLICY, multiple: money.multiple ?? '2' });
  house.send(policy);
  for (const [tranche, amount] of [
    ['HOUSE_TRANCHE_2', money.tranche2],
    ['HOUSE_FURTHER', money.further],
  ] as const)
    if (amount) house.send({ type: 'ContributeHouseTranche', tranche, currency: 'USD', amount });
  if (money.capital) house.send({ type: 'ContributeHouseCapital', currency: 'USD', amount: money.capital });
  if (money.fund)
    house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: money.fund, source: 'EXTERNAL' });
  for (const [member, amount] of Object.entries(contributions))
    house.send({ type: 'ContributeToDefaultFund', member, currency: 'USD', amount });
  openAccount(house, 'bad', own);
  for (const [id, contracts] of Object.entries(winners)) {
    openAccount(house, id, '90000', { member: 'm1' });
    trade(house, 'bad', id, contracts, price);
  }
  return house;
}

const marked = (house: TestHouse): bigint => house.state.listings.get('BTC-PERP')?.mark?.price ?? 0n;

/** Moves the mark to so much below where the house began. Returns what followed. */
export const fallen = (house: TestHouse, by: string, from = startOf(house)): Event[] =>
  mark(house, String(from - Number(by)));

const starts = new WeakMap<TestHouse, number>();
function startOf(house: TestHouse): number {
  const known = starts.get(house) ?? Number(marked(house)) / 10;
  starts.set(house, known);
  return known;
}

/** Falls by so much, in dollars, and returns the one case. */
export function fall(house: TestHouse, by: string) {
  const event = onlyOf(fallen(house, by), 'LossAllocated');
  const [one] = event.cases;
  if (!one) throw new Error('No case');
  return { one, event };
}

/** What of a loss larger than everything the layers before one bear. */
export const coverBefore = (house: TestHouse, layer: LossLayer, earlier: bigint[] = []): bigint => {
  const losses = [...earlier, 10n ** 12n].map((amount) => ({
    account: 'close-out:USD',
    beneficiary: 'close-out:USD',
    amount: cash(amount),
  }));
  const { desk, events } = deskOf(house);
  const before = digestOf(house.state);
  const { reach } = reachOf(desk, losses, layer);
  expect([events, digestOf(house.state)]).toEqual([[], before]);
  return 10n ** 12n - reach;
};
