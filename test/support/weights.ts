/** A house in which somebody owes while others may act. */

import type { SocializationBase } from '../../src/core/model/policy';
import { definePerpetual, flatTiers, mark, openAccount, tradeOf } from './given';
import type { TestHouse } from './house';
import { byTwo } from './ladder';
import { given, lossPolicy } from './waterfall';

/**
 * `bad` owes 60 while trading in BTC-PERP is halted: `v` is short 0.2 of it and `w` 0.8. In OTHER `w` is long 10 at
 * 100 against `c`.
 */
export function owing(base: SocializationBase): TestHouse {
  const policy = lossPolicy(['SOCIALIZED_LOSS'], { base });
  const house = given({ policy, own: '100', winners: { v: '0.2', w: '0.8' } });
  definePerpetual(house, 'OTHER', { price: '100', tiers: flatTiers('0.02', '0.01') });
  openAccount(house, 'c', '90000');
  house.send(tradeOf('w', 'c', '10', '100', 'OTHER'));
  house.send(status('HALTED'));
  mark(house, '840');
  return house;
}

export const status = (to: 'HALTED' | 'ACTIVE') =>
  ({ type: 'SetInstrumentStatus', instrument: 'BTC-PERP', status: to, reason: 'an outage' }) as const;
export const withdraw = (account: string, amount: string) =>
  ({ type: 'WithdrawCollateral', account, currency: 'USD', amount }) as const;

/** Somebody acts while another owes; then the loss is borne, by what each had when it began. */
export function weightsLife(): TestHouse {
  const house = owing('EQUITY');
  house.send(withdraw('w', '45000'));
  byTwo(house, status('ACTIVE'));
  mark(house, '840');
  house.send(withdraw('c', '1'));
  return house;
}
