/**
 * A loss of one currency is nobody's of another: whoever has money, gains or collateral only there is not asked.
 * Rules: SL-2, X-1
 */

import type { SocializationBase } from '../../../src/core/model/policy';
import { classicPolicy, flatTiers, mark, onePerpetual, openAccount, pay } from '../../support/given';
import type { TestHouse } from '../../support/house';
import { onlyOf } from '../../support/liquidation';
import { FUND_POLICY } from '../../support/waterfall';

const TIERS = flatTiers('0.02', '0.01');
const LAYERS = ['OWNER_COLLATERAL', 'MEMBER_COLLATERAL', 'INSURANCE_FUND', 'SOCIALIZED_LOSS'] as const;

let trades = 0;
const trade = (house: TestHouse, instrument: string, buyer: string, seller: string, size: string, price: string) =>
  house.send({
    ...{ type: 'SubmitTrade', trade: `o${++trades}`, instrument, buyer, seller, price, size },
    ...{ taker: null, buyOrder: null, sellOrder: null },
  });

/**
 * In USD `bad` of `owner` is long 10 against w1. In EUR everybody is rich: e1 has gained 100,000, the owner of `bad`
 * and the house account of its member have a million each, and so has the insurance fund.
 */
function twoCurrencies(base: SocializationBase): TestHouse {
  const house = onePerpetual({ tiers: TIERS });
  house.send({ type: 'DefineCurrency', currency: 'EUR', scale: 2 });
  house.send(classicPolicy({}, { policy: 'euro', currency: 'EUR' }));
  house.send({
    type: 'DefineInstrument',
    instrument: 'E-PERP',
    kind: 'PERPETUAL',
    base: 'BTC',
    quote: 'EUR',
    settlement: 'EUR',
    ...{ tick: '0.1', lot: '0.1', multiplier: '1', index: null, markMethod: 'VENUE', markBand: null, priceBand: null },
    heartbeat: 604_800_000,
    allowsNonPositivePrice: false,
    expiry: null,
    variationInterval: null,
    makerFee: '0',
    takerFee: '0',
  });
  house.send({ type: 'SetTierSchedule', instrument: 'E-PERP', tiers: TIERS, effectiveAt: null });
  mark(house, '40000', 'E-PERP');
  for (const currency of ['USD', 'EUR'])
    house.send({
      type: 'SetLossPolicy',
      currency,
      layers: currency === 'USD' ? LAYERS : ['SOCIALIZED_LOSS'],
      base,
      period: 86_400_000,
      fundTarget: '0',
    });
  // While no account is open no second person is needed.
  house.send({ ...FUND_POLICY, moves: [{ instrument: 'BTC-PERP', up: '0.1', down: '0.1' }] });
  const open = (
    account: string,
    currency: 'USD' | 'EUR',
    owner: string,
    kind: 'CLIENT' | 'HOUSE',
    deposit: string,
  ): void => {
    const policy = currency === 'USD' ? 'classic' : 'euro';
    house.send({
      type: 'OpenAccount',
      account,
      member: 'broker',
      owner,
      kind,
      currency,
      policy,
      mode: 'CROSS',
      instrument: null,
    });
    pay(house, account, deposit, currency);
  };
  openAccount(house, 'bad', '10000', { owner: 'owner' });
  openAccount(house, 'w1', '100000');
  open('rich', 'EUR', 'owner', 'CLIENT', '1000000');
  open('own', 'EUR', 'broker', 'HOUSE', '1000000');
  for (const id of ['e1', 'e2']) open(id, 'EUR', id, 'CLIENT', '1000000');
  house.send({ type: 'ContributeToInsuranceFund', currency: 'EUR', amount: '1000000', source: 'EXTERNAL' });
  trade(house, 'BTC-PERP', 'bad', 'w1', '10', '50000');
  trade(house, 'E-PERP', 'e1', 'e2', '10', '40000');
  mark(house, '50000', 'E-PERP');
  return house;
}

const euros = (house: TestHouse): [string, bigint][] =>
  [...house.state.ledger].filter(([name]) => name.endsWith(' EUR')).sort();

test.each(['GAINS', 'OPEN_INTEREST', 'EQUITY'] as const)(
  'SL-2 X-1 a loss in USD is borne in USD alone, shared by %s',
  (base) => {
    const house = twoCurrencies(base);
    const before = euros(house);
    // 15,000 lost with 10,000: 5,000 are missing.
    const { cases, shares } = onlyOf(mark(house, '48500'), 'LossAllocated');
    expect(cases).toMatchObject([{ account: 'bad', currency: 'USD', loss: 500_000n }]);
    expect(cases[0]?.layers.map(({ layer, used }) => [layer, used])).toEqual([
      ['OWNER_COLLATERAL', 0n],
      ['MEMBER_COLLATERAL', 0n],
      ['INSURANCE_FUND', 0n],
      ['SOCIALIZED_LOSS', 500_000n],
    ]);
    expect(shares.map(({ account, amount }) => [account, amount])).toEqual([['w1', 500_000n]]);
    expect(euros(house)).toEqual(before);
  },
);

test('RB-2 the default fund of a currency is sized by the accounts of that currency', () => {
  const house = twoCurrencies('GAINS');
  const { coverage } = onlyOf(house.send({ type: 'ComputeCoverage', currency: 'USD' }), 'CoverageComputed');
  // Two accounts with 10 contracts at 50,000 and 2 %.
  expect(coverage.members).toMatchObject([{ member: 'broker', initial: 2_000_000n }]);
});
