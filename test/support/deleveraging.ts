/** Houses whose losses are deleveraged: a policy over layers, and the questions tests ask of what came of it. */

import type { CommandOf } from '../../src/core/message/command';
import type { Event } from '../../src/core/message/event';
import type { LossLayer } from '../../src/core/model/policy';
import { classicPolicy, definePerpetual, type Perpetual } from './given';
import { createTestHouse, ofType, type TestHouse } from './house';

export const deleveragingPolicy = (
  fields: Partial<CommandOf<'SetDeleveragingPolicy'>> = {},
): CommandOf<'SetDeleveragingPolicy'> => ({
  type: 'SetDeleveragingPolicy',
  currency: 'USD',
  instrument: null,
  method: 'PRO_RATA',
  score: 'PROFIT_LEVERAGE',
  bound: 'PROFIT',
  basis: 'UNREALISED',
  inventoryCap: null,
  ...fields,
});

export interface DeleveragingHouse extends Perpetual {
  readonly layers?: readonly LossLayer[];
  readonly deleveraging?: Partial<CommandOf<'SetDeleveragingPolicy'>>;
  readonly fund?: string;
  readonly capital?: string;
  readonly scale?: number;
  readonly stableWindow?: number;
}

/** One perpetual, BTC-PERP, whose losses go to the fund, then to deleveraging, then to all who gained. */
export function deleveragingHouse(given: DeleveragingHouse = {}): TestHouse {
  const house = createTestHouse();
  house.send({ type: 'DefineCurrency', currency: 'USD', scale: given.scale ?? 2 });
  house.send({ type: 'DefineCurrency', currency: 'BTC', scale: 8 });
  house.send(given.policy ?? classicPolicy());
  definePerpetual(house, 'BTC-PERP', given);
  house.send({
    type: 'SetLossPolicy',
    currency: 'USD',
    layers: given.layers ?? ['INSURANCE_FUND', 'DELEVERAGING', 'SOCIALIZED_LOSS'],
    base: 'GAINS',
    period: 7 * 86_400_000,
    fundTarget: '0',
    ...(given.stableWindow === undefined ? {} : { stableWindow: given.stableWindow }),
  });
  house.send(deleveragingPolicy(given.deleveraging));
  if (given.fund)
    house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: given.fund, source: 'EXTERNAL' });
  if (given.capital) house.send({ type: 'ContributeHouseCapital', currency: 'USD', amount: given.capital });
  house.send({ type: 'AdmitMember', member: 'broker', name: 'A broker' });
  return house;
}

/** Who gave up what, in the order of rank: `account lots forgone`, lots with the sign of what they traded. */
export const forgoneBy = (events: readonly Event[]): string[] =>
  ofType(events, 'PositionDeleveraged').map(({ account, size, forgone }) => `${account} ${size} ${forgone}`);

export const ledgerOf = (house: TestHouse, name: string): bigint => house.state.ledger.get(`${name} USD`) ?? 0n;
