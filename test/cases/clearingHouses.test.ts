/** Worked cases of clearing houses, each mapped to a configuration of this house. */

import { healthOf } from '../../src/core/margin/health';
import { onlyOf } from '../support/liquidation';
import { caseHouse, deal, markAt, tier } from './house';

const BTC = { BTC: { price: '1000', tiers: [tier('0', null, '0.01', '0.005')] } };

test(
  'C01 a loss of 275 through the waterfall: the defaulter 80 and 30, the house 25, the survivors 140 of 200, ' +
    'no assessment',
  () => {
    // bionicturtle P2.T6.24.30: margin and fund contribution of the defaulter are what its account holds, the
    // survivors' fund is the insurance fund behind the house's own capital, assessments are the layer behind that.
    const house = caseHouse({
      instruments: BTC,
      loss: { layers: ['HOUSE_CAPITAL', 'INSURANCE_FUND', 'SOCIALIZED_LOSS'] },
      capital: '25',
      fund: '200',
      deposits: { defaulter: '110', survivor: '90000' },
    });
    deal(house, 'BTC', 'defaulter', 'survivor', '1', '1000');
    const { cases, shares } = onlyOf(markAt(house, 'BTC', '725'), 'LossAllocated');
    expect(cases).toMatchObject([{ account: 'defaulter', loss: 27_500n - 8000n - 3000n }]);
    expect(cases[0]?.layers).toEqual([
      { layer: 'HOUSE_CAPITAL', available: 2500n, used: 2500n, left: 0n },
      { layer: 'INSURANCE_FUND', available: 20_000n, used: 14_000n, left: 6000n },
      { layer: 'SOCIALIZED_LOSS', available: 0n, used: 0n, left: 0n },
    ]);
    expect(shares).toEqual([]);
  },
);

test.each([
  // pavondunbar/CCP-Clearinghouse tests/unit/test_waterfall.py; the capped and the tiny case are tested on the
  // allocation itself
  ['600', '610', ['390', '1000', '1000'], ['200', '200', '200']],
  ['800', '810', ['2190', '1000'], ['600', '200']],
])('C03 a loss of %s is mutualised over equity: a fall of %s, %j paid in, %j borne', (loss, fall, deposits, borne) => {
  // The first member stands on the other side of the defaulter's contract; its gain makes up the rest of its balance.
  const members = deposits.map((deposit, i): [string, string] => [`m${i}`, deposit]);
  const house = caseHouse({
    instruments: BTC,
    loss: { base: 'EQUITY' },
    deposits: { ...Object.fromEntries(members), defaulter: '10' },
  });
  deal(house, 'BTC', 'defaulter', 'm0', '1', '1000');
  const { shares, cases } = onlyOf(markAt(house, 'BTC', String(1000 - Number(fall))), 'LossAllocated');
  expect(cases).toMatchObject([{ loss: BigInt(loss) * 100n }]);
  expect(shares.map(({ amount }) => String(amount / 100n))).toEqual(borne);
});

test('C07 unpaid gains of 60, 30 and 10 are cut by a quarter where 25 are missing: 45, 22.50 and 7.50 are paid', () => {
  const house = caseHouse({
    instruments: { BTC: { price: '750', tiers: [tier('0', null, '0.01', '0.005')] } },
    deposits: { a: '1000', b: '1000', c: '1000', loser: '75' },
  });
  for (const [id, size] of Object.entries({ a: '6', b: '3', c: '1' })) deal(house, 'BTC', 'loser', id, size, '750');
  const { shares } = onlyOf(markAt(house, 'BTC', '740'), 'LossAllocated');
  expect(shares.map(({ account, weight, amount }) => [account, weight, amount, amount * 4n === weight])).toEqual([
    ['a', 6000n, 1500n, true],
    ['b', 3000n, 750n, true],
    ['c', 1000n, 250n, true],
  ]);
  const paid = ['a', 'b', 'c'].map((id) => healthOf(house.state, id).equity - 100_000n);
  expect(paid).toEqual([4500n, 2250n, 750n]);
});

describe('C35 the amount called', () => {
  // Without the minimum transfer amount and the rounding of that agreement, which this house does not have.
  const called = (usd: string, coins: string | null): bigint => {
    const house = caseHouse({
      instruments: { BTC: { price: '1000', tiers: [tier('0', null, '0.1', '0.095')] } },
      deposits: {},
    });
    house.send({
      type: 'DefineIndex',
      base: 'X',
      quote: 'USD',
      tick: '1',
      sources: ['a'],
      minimumSources: 1,
      maximumDeviation: '1',
      heartbeat: 7 * 86_400_000,
    });
    house.send({ type: 'SetCollateralTerms', currency: 'X', haircut: '0.08', conversionDiscount: '0', eligible: true });
    house.send({ type: 'SubmitIndexPrices', source: 'a', prices: [{ index: 'X/USD', price: '1', observedAt: null }] });
    for (const [account, amount] of [
      ['payer', usd],
      ['other', '90000000'],
    ] as const) {
      house.send({
        type: 'OpenAccount',
        account,
        member: 'broker',
        owner: account,
        kind: 'CLIENT',
        currency: 'USD',
        policy: 'classic',
        mode: 'CROSS',
        instrument: null,
      });
      house.send({ type: 'DepositCollateral', account, currency: 'USD', amount });
    }
    if (coins) house.send({ type: 'DepositCollateral', account: 'payer', currency: 'X', amount: coins });
    // 10,000 contracts: 10 million of notional and 1 million of initial margin at the last mark.
    markAt(house, 'BTC', '1100');
    deal(house, 'BTC', 'payer', 'other', '10000', '1100');
    const { issued } = onlyOf(markAt(house, 'BTC', '1000'), 'MarginCallIssued');
    expect(issued.initial).toBe(100_000_000n);
    return issued.amount;
  };

  test('C35 a requirement of 1,000,000 against 700,000 of collateral: 300,000', () => {
    expect(called('1700000', null)).toBe(30_000_000n); // a million is lost on the way
  });

  test('C35 against 1,000,000 of collateral with a haircut of 8 %: 80,000', () => {
    expect(called('1000000', '1000000')).toBe(8_000_000n);
  });
});
