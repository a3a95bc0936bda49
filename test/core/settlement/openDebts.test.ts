/** Open debts of each kind, and from whom the withdrawal gate holds how much of them back.  Ruling 14 */

import type { CommandOf } from '../../../src/core/message/command';
import type { LossLayer } from '../../../src/core/model/policy';
import { askedOf } from '../../../src/core/settlement/waterfall/gate';
import { openDebtsOf } from '../../../src/core/settlement/waterfall/openDebts';
import { known } from '../../../src/units/failure';
import { declare, openDefault, takenBy, threeMembers } from '../../support/defaults';
import { mark, openAccount } from '../../support/given';
import type { TestHouse } from '../../support/house';
import { byTwo } from '../../support/ladder';
import { fill } from '../../support/liquidation';
import { offered } from '../../support/portfolio';
import { given, lossPolicy } from '../../support/waterfall';

const debtsOf = ({ state }: TestHouse) =>
  openDebtsOf(state).map(({ cause, account, amount }) => `${account} ${cause} ${amount}`);
const asked = ({ state }: TestHouse, ...ids: string[]): bigint[] =>
  ids.map((id) => askedOf(state, known(state.book.account(id), 'Account', id)));
const withdraw = (account: string, amount: string) =>
  ({ type: 'WithdrawCollateral', account, currency: 'USD', amount }) as const;

/**
 * `bad` has 100 and loses 160 while trading is halted, so that 60 are missing; `v` has gained 32, `w` 128, `idle`
 * nothing.
 */
function halted(layers: readonly LossLayer[], fields: Partial<CommandOf<'SetLossPolicy'>> = {}, by = 160): TestHouse {
  const house = given({ policy: lossPolicy(layers, fields), own: '100', winners: { v: '0.2', w: '0.8' } });
  openAccount(house, 'idle', '300');
  house.send({ type: 'SetInstrumentStatus', instrument: 'BTC-PERP', status: 'HALTED', reason: 'an outage' });
  if (layers.includes('BACKSTOP_POOL'))
    house.send({ type: 'ContributeToBackstopPool', account: 'idle', amount: '100' });
  mark(house, String(1_000 - by));
  return house;
}

describe('ruling 14 what is an open debt', () => {
  test('ruling 14 a debt while trading is halted', () =>
    expect(debtsOf(halted(['SOCIALIZED_LOSS']))).toEqual(['bad TRADING_HALTED 6000']));

  test('ruling 14 positions at auction', () => {
    const house = offered({ fund: '50000' });
    expect(debtsOf(house)).toEqual([]);
    mark(house, '48800');
    expect(debtsOf(house)).toEqual(['alice AT_AUCTION 100000']);
  });

  test('ruling 14 a default that is not settled, for what it is short of', () => {
    const house = threeMembers();
    declare(house, 'm');
    const { id } = openDefault(house, 'm');
    byTwo(house, {
      type: 'CloseDefaultPosition',
      default: id,
      instrument: 'BTC-PERP',
      side: 'SELL',
      size: '10',
      limit: null,
    });
    fill(house, '38000', '10', takenBy(openDefault(house, 'm')));
    // 100,000 seized, 120,000 lost.
    expect(debtsOf(house)).toEqual(['m-own DEFAULT_UNSETTLED 2000000']);
    byTwo(house, { type: 'SettleDefault', default: id, currency: 'USD' });
    expect(debtsOf(house)).not.toContain('m-own DEFAULT_UNSETTLED 2000000');
  });

  test('ruling 14 a loss that no layer could bear, which could be anybody’s', () => {
    const house = given({ policy: lossPolicy(['INSURANCE_FUND']), own: '100' });
    openAccount(house, 'idle', '300');
    mark(house, '840');
    expect(debtsOf(house)).toEqual(['bad LOSS_UNALLOCATED 6000']);
    expect(house.refusal(withdraw('idle', '240.01'))).toBe('WITHDRAWALS_GATED');
    house.send(withdraw('idle', '240'));
  });
});

describe('ruling 14 from whom how much is held back', () => {
  test('ruling 14 no more than its gain where losses are shared by gains', () => {
    expect(asked(halted(['SOCIALIZED_LOSS']), 'v', 'w', 'idle')).toEqual([3_200n, 6_000n, 0n]);
    expect(asked(halted(['SOCIALIZED_LOSS'], { base: 'EQUITY' }), 'v', 'w', 'idle')).toEqual([6_000n, 6_000n, 6_000n]);
  });

  test('ruling 14 what is contributed to the backstop pool stays as far as it could be asked for', () => {
    const house = halted(['BACKSTOP_POOL', 'SOCIALIZED_LOSS']);
    const take = (amount: string) => ({ type: 'WithdrawFromBackstopPool', account: 'idle', amount }) as const;
    expect(house.refusal(take('40.01'))).toBe('WITHDRAWALS_GATED');
    house.send(take('40'));
    expect(asked(house, 'w')).toEqual([0n]);
  });

  test('ruling 14 debts of less than a hundred of the smallest unit hold nothing back, where the policy states no sum', () => {
    const house = halted(['SOCIALIZED_LOSS'], {}, 100);
    expect(debtsOf(house)).toEqual([]);
    mark(house, '899.1');
    expect([debtsOf(house), asked(house, 'w')]).toEqual([['bad TRADING_HALTED 90'], [0n]]);
    mark(house, '899');
    expect([debtsOf(house), asked(house, 'w')]).toEqual([['bad TRADING_HALTED 100'], [100n]]);
  });

  test('ruling 14 what moves to another account of its owner is held back as well', () => {
    const house = halted(['SOCIALIZED_LOSS']);
    openAccount(house, 'w2', undefined, { owner: 'w', member: 'm1' });
    const move = (amount: string) =>
      ({ type: 'TransferCollateral', from: 'w', to: 'w2', currency: 'USD', amount }) as const;
    // 90,000 less 13.44 of initial margin: what is gained is not settled.
    expect(house.refusal(move('89926.57'))).toBe('WITHDRAWALS_GATED');
    house.send(move('89926.56'));
  });
});
