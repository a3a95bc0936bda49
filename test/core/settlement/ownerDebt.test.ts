/**
 * While one account of an owner is worth less than nothing and being sold, what the owner may have to pay for it does
 * not leave.  X-1, CA-5
 */

import type { LossLayer } from '../../../src/core/model/policy';
import { definePerpetual, flatTiers, mark, onePerpetual, openAccount, pay, trade } from '../../support/given';
import type { TestHouse } from '../../support/house';
import { byTwo } from '../../support/ladder';
import { onlyOf } from '../../support/liquidation';
import { portfolioPolicy } from '../../support/portfolio';
import { lossPolicy, textOf } from '../../support/waterfall';

const LAYERS: readonly LossLayer[] = ['OWNER_COLLATERAL', 'INSURANCE_FUND', 'SOCIALIZED_LOSS'];

/**
 * `long` and `short` of one owner, one contract each of two instruments at 50,000; at 55,000 the short owes 3,000 and
 * is offered for ten minutes.
 */
function sold(layers = LAYERS): TestHouse {
  const house = onePerpetual({ tiers: flatTiers('0.02', '0.01'), interval: null });
  // What is gained may leave at once, but for what is owed.
  house.send(lossPolicy(layers, { stableWindow: 0 }));
  const index = {
    base: 'BTC',
    quote: 'USD',
    tick: '0.01',
    sources: ['a'],
    minimumSources: 1,
    maximumDeviation: '1',
    heartbeat: 86_400_000,
  };
  house.send({ type: 'DefineIndex', ...index });
  house.send({
    type: 'SubmitIndexPrices',
    source: 'a',
    prices: [{ index: 'BTC/USD', price: '50000', observedAt: null }],
  });
  house.send({
    type: 'SetCollateralTerms',
    currency: 'BTC',
    haircut: '0.1',
    conversionDiscount: '0.1',
    eligible: true,
  });
  house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: '9000', source: 'EXTERNAL' });
  house.send({ type: 'AdmitMember', member: 'm2', name: 'm2' });
  openAccount(house, 'long', '2000', { owner: 'x' });
  openAccount(house, 'short', '2000', { owner: 'x' });
  openAccount(house, 'stranger', '700');
  openAccount(house, 'maker', '90000');
  definePerpetual(house, 'OTHER', { price: '50000', tiers: flatTiers('0.02', '0.01'), interval: null });
  trade(house, 'long', 'maker', '1', '50000');
  trade(house, 'maker', 'short', '1', '50000', 'OTHER');
  byTwo(house, portfolioPolicy());
  mark(house, '55000');
  mark(house, '55000', 'OTHER');
  expect(house.state.portfolioOf.has('short')).toBe(true);
  return house;
}

const withdraw = (account: string, amount: string) =>
  ({ type: 'WithdrawCollateral', account, currency: 'USD', amount }) as const;

test(
  'X-1 ruling 17 of 6,450 that the long account has above its maintenance margin 3,550 stay for the short one, ' +
    '2,900 may go',
  () => {
    const house = sold();
    // 7,000 of equity less 550 of maintenance margin, less 3,000 owed and 550 of margin whose lack a taker may be paid
    // for; initial margin alone would let 5,900 go.
    expect(house.refusal(withdraw('long', '2900.01'))).toBe('OWNER_OWES');
    house.send(withdraw('long', '2900'));
    expect(house.refusal(withdraw('long', '0.01'))).toBe('OWNER_OWES');
    house.pass('11m');
    const [event] = house.entries.flatMap(({ outcome }) =>
      'events' in outcome ? outcome.events.filter(({ type }) => type === 'LossAllocated') : [],
    );
    const { cases } = onlyOf(event ? [event] : [], 'LossAllocated');
    expect(cases[0]?.layers.map(textOf)).toEqual([
      'OWNER_COLLATERAL 355000 300000 55000',
      'INSURANCE_FUND 900000 0 900000',
      'SOCIALIZED_LOSS 0 0 0',
    ]);
  },
);

test(
  'X-1 ruling 17 nor does it leave as a deposit of a liquidator or into the backstop pool; between accounts of ' +
    'the owner it moves',
  () => {
    const house = sold();
    expect(house.refusal({ type: 'RegisterLiquidator', account: 'long', deposit: '4000', operator: null })).toBe(
      'OWNER_OWES',
    );
    expect(house.refusal({ type: 'ContributeToBackstopPool', account: 'long', amount: '4000' })).toBe('OWNER_OWES');
    openAccount(house, 'third', undefined, { owner: 'x' });
    house.send({ type: 'TransferCollateral', from: 'long', to: 'third', currency: 'USD', amount: '5900' });
    expect(house.refusal(withdraw('third', '2900.01'))).toBe('OWNER_OWES');
    house.send({ type: 'TransferCollateral', from: 'third', to: 'short', currency: 'USD', amount: '3000' });
    house.send(withdraw('third', '2900'));
  },
);

test('X-1 coins, which no layer could take, wait too', () => {
  const house = sold();
  openAccount(house, 'coins', undefined, { owner: 'x' });
  pay(house, 'coins', '1', 'BTC');
  const coins = { type: 'WithdrawCollateral', account: 'coins', currency: 'BTC', amount: '0.5' } as const;
  expect(house.refusal(coins)).toBe('OWNER_OWES');
  house.pass('11m');
  house.send(coins);
});

test('LCS-2 ruling 17 nobody else waits; what the owner has with another member does, and pays as well', () => {
  const house = sold();
  house.send(withdraw('stranger', '700'));
  openAccount(house, 'elsewhere', '700', { owner: 'x', member: 'm2' });
  // Of 6,450 and 700 3,550 stay.
  expect(house.refusal(withdraw('long', '3600.01'))).toBe('OWNER_OWES');
  house.send(withdraw('long', '3600'));
  expect(house.refusal(withdraw('elsewhere', '0.01'))).toBe('OWNER_OWES');
});

test('ruling 17 what an isolated account does not answer for does not move into it either', () => {
  const house = sold();
  house.send({ type: 'DefineCurrency', currency: 'ETH', scale: 8 });
  definePerpetual(house, 'ETH-PERP', { price: '3000', base: 'ETH' });
  openAccount(house, 'apart', '500', { owner: 'x', instrument: 'ETH-PERP' });
  openAccount(house, 'bound', '500', { owner: 'x', instrument: 'BTC-PERP' });
  const move = (to: string, amount: string) =>
    ({ type: 'TransferCollateral', from: 'long', to, currency: 'USD', amount }) as const;
  // 6,450 and 500 less 3,550 that stay.
  expect(house.refusal(move('apart', '3400.01'))).toBe('OWNER_OWES');
  house.send(move('apart', '3400'));
  house.send(move('bound', '2000'));
  house.send(withdraw('apart', '3900'));
});

test('X-1 control: where the owner does not pay first its gains leave while its loss is being sold, and the fund pays', () => {
  const house = sold(['INSURANCE_FUND', 'SOCIALIZED_LOSS']);
  house.send(withdraw('long', '5900'));
  house.pass('11m');
  expect(house.state.ledger.get('insurance-fund USD')).toBe(600_000n);
});

test(
  'X-1 CA-5 who takes the portfolio is paid by the owner first; a friend of who deals with itself gains ' +
    'nothing from the fund',
  () => {
    const house = sold();
    openAccount(house, 'friend', '50000', { member: 'm2' });
    house.pass('5m');
    const auction = [...house.state.portfolios.values()][0];
    if (!auction) throw new Error('Nothing is offered');
    // Half the time is gone: half of the 550 that the account lacks to its margin besides its debt.
    const take = {
      type: 'TakePortfolio',
      auction: auction.id,
      account: 'friend',
      share: null,
      limit: '0',
      version: auction.version,
    } as const;
    const taken = onlyOf(house.send(take), 'PortfolioTaken');
    expect(taken.transfers.map(({ from, to, amount }) => [from, to, amount])).toEqual([
      ['account/long', 'account/friend', 27_500n],
    ]);
    expect([taken.premium, taken.portfolio.fund]).toEqual([27_500n, 0n]);
    house.pass('11m');
    expect(house.state.ledger.get('insurance-fund USD')).toBe(900_000n);
    // 7,000 less 3,000 of the short account's debt and the premium.
    expect(house.balance('long')).toBe('3725.00');
  },
);

test('CA-5 control: where the owner does not bear first, the fund pays the premium', () => {
  const house = sold(['INSURANCE_FUND', 'SOCIALIZED_LOSS']);
  openAccount(house, 'friend', '50000', { member: 'm2' });
  house.pass('5m');
  const auction = [...house.state.portfolios.values()][0];
  const take = {
    type: 'TakePortfolio',
    auction: auction?.id ?? '',
    account: 'friend',
    share: null,
    limit: '0',
    version: 1,
  } as const;
  expect(onlyOf(house.send(take), 'PortfolioTaken').transfers.map(({ from, amount }) => [from, amount])).toEqual([
    ['insurance-fund', 27_500n],
  ]);
});
