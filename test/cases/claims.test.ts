/**
 * A socialized loss as a rate on claims. Source: derivexyz/v2-core@7736900, cash asset and security module. There a
 * loss makes claims that nothing backs, and every claim is worth less from then on; here what is missing is taken off
 * at once, from each by its equity, and a claim that is left is worth what it says.
 */

import { toScaled } from '../../src/units/decimal';
import type { TestHouse } from '../support/house';
import { onlyOf } from '../support/liquidation';
import { caseHouse, deal, markAt, tier } from './house';

const cents = (text: string): bigint => toScaled(text, 2) as bigint;

interface Claims {
  readonly own: string; // collateral of who fails
  readonly winner: string; // deposit of who gains what it loses
  readonly idle: string; // deposit of who trades nothing
  readonly loss: string; // what is missing in the end
  readonly fund?: string;
  readonly base?: 'EQUITY' | 'GAINS';
}

/**
 * What was paid in backs all claims; a fall of one contract by what `bad` has and by the loss makes claims of the loss
 * beside them.
 */
function lost({ own, winner, idle, loss, fund, base = 'EQUITY' }: Claims): TestHouse {
  const house = caseHouse({
    instruments: { BTC: { price: '20000', tick: '1', lot: '1', tiers: [tier('0', null, '0.02', '0.01')] } },
    loss: { layers: ['INSURANCE_FUND', 'SOCIALIZED_LOSS'], base },
    ...(fund ? { fund } : {}),
    deposits: { bad: own, winner, idle },
  });
  deal(house, 'BTC', 'bad', 'winner', '1', '20000');
  const events = markAt(house, 'BTC', String(20_000 - Number(own) - Number(loss)));
  expect(onlyOf(events, 'LossAllocated').cases).toMatchObject([{ account: 'bad', loss: cents(loss) }]);
  return house;
}

/** What each may claim after a loss: its cash, and what its position gained. */
const claimsOf = (house: TestHouse, gain: string): bigint[] => [
  house.state.book.balance('winner', 'USD') + cents(gain),
  house.state.book.balance('idle', 'USD'),
];

describe('A57', () => {
  test.each([
    // Claims of 9,500 and 3,000, of 17,000 and 3,000, of 1,700 and 300.
    [
      '10,000 backed by 10,000 and a loss of 2,500',
      { own: '1000', winner: '6000', idle: '3000', loss: '2500' },
      '3500',
      ['7600', '2400'],
    ],
    [
      'the same and a loss of 10,000',
      { own: '1000', winner: '6000', idle: '3000', loss: '10000' },
      '11000',
      ['8500', '1500'],
    ],
    ['2,000 backed by 1,800', { own: '1000', winner: '500', idle: '300', loss: '200' }, '1200', ['1530', '270']],
  ])('A57 claims of %s: each keeps 0.8, 0.5, 0.9 of what it claimed', (_, claims, gain, left) => {
    expect(claimsOf(lost(claims), gain)).toEqual(left.map(cents));
  });

  test('A57 control: shared by gains who gained nothing keeps all of it', () => {
    const claims = { own: '1000', winner: '6000', idle: '3000', loss: '2500', base: 'GAINS' } as const;
    expect(claimsOf(lost(claims), '3500')).toEqual(['7000', '3000'].map(cents));
  });

  test('A57 a fund of 1,000 pays the 200 that are missing, keeps 800, and every claim is whole', () => {
    const house = lost({ own: '1000', winner: '500', idle: '300', loss: '200', fund: '1000' });
    expect([house.state.ledger.get('insurance-fund USD'), ...claimsOf(house, '1200')]).toEqual(
      ['800', '1700', '300'].map(cents),
    );
  });

  test('A57 100 taken out at 0.8 use up a claim of 125: of 3,000 there are 2,875 left, at 0.8', () => {
    const house = lost({ own: '1000', winner: '6000', idle: '3000', loss: '2500' });
    house.send({ type: 'WithdrawCollateral', account: 'idle', currency: 'USD', amount: '100' });
    expect(house.state.book.balance('idle', 'USD') * 10n).toBe(cents('2875') * 8n);
  });
});
