import { healthOf } from '../../../src/core/margin/health';
import type { CommandOf } from '../../../src/core/message/command';
import { transfersOf } from '../../../src/core/message/event';

import { classicPolicy, mark, onePerpetual, openAccount, pay, trade, tradeOf } from '../../support/given';

const WEEK = 7 * 86_400_000;

const future = (fields: Partial<CommandOf<'DefineInstrument'>> = {}): CommandOf<'DefineInstrument'> => ({
  type: 'DefineInstrument',
  instrument: 'BTC-DEC',
  kind: 'FUTURE',
  base: 'BTC',
  quote: 'USD',
  settlement: 'USD',
  tick: '0.5',
  lot: '0.02',
  multiplier: '1',
  index: null,
  markMethod: 'VENUE',
  markBand: null,
  priceBand: null,
  heartbeat: WEEK,
  allowsNonPositivePrice: false,
  expiry: Date.parse('2025-12-26T08:00:00Z'),
  variationInterval: null,
  makerFee: '0',
  takerFee: '0',
  ...fields,
});

test('QC-1 an instrument names base, quote and settlement currency, tick, lot and multiplier', () => {
  const house = onePerpetual();
  house.send(future({ multiplier: '5' }));
  const { base, quote, settlement, tick, lot, multiplier, tickValue } =
    house.state.listings.get('BTC-DEC')?.instrument ?? {};
  expect({ base, quote, settlement, tick, lot, multiplier, tickValue }).toEqual({
    base: 'BTC',
    quote: 'USD',
    settlement: 'USD',
    tick: '0.5',
    lot: '0.02',
    multiplier: '5',
    tickValue: 5n, // 0.5 x 0.02 x 5 = 0.05 USD
  });
});

test.each([
  ['a currency nobody defined', { base: 'NOWHERE' }, 'CURRENCY_NOT_FOUND'],
  ['a settlement currency that is not its quote', { settlement: 'BTC' }, 'CURRENCY_MISMATCH'],
  ['a tick of zero', { tick: '0' }, 'VALUE_OUT_OF_RANGE'],
  ['a lot below zero', { lot: '-0.1' }, 'VALUE_OUT_OF_RANGE'],
  ['a tick that moves a lot by half a cent', { tick: '0.25' }, 'INSTRUMENT_VALUE_NOT_WHOLE'],
  ['a perpetual that expires', { kind: 'PERPETUAL' as const }, 'VALUE_OUT_OF_RANGE'],
  ['a future that never does', { expiry: null }, 'VALUE_OUT_OF_RANGE'],
  ['a future that has expired', { expiry: Date.parse('2025-10-10T12:00:00Z') }, 'VALUE_OUT_OF_RANGE'],
  ['a rebate above the taker fee', { makerFee: '-0.0011', takerFee: '0.001' }, 'VALUE_OUT_OF_RANGE'],
])('QC-1 refuses %s', (_, fields, code) => {
  expect(onePerpetual().refusal(future(fields))).toBe(code);
});

test('QC-1 money of one currency never meets money of another but through an index', () => {
  const house = onePerpetual();
  house.send(classicPolicy({}, { policy: 'in-btc', currency: 'BTC' }));
  house.send({
    type: 'SetCollateralTerms',
    currency: 'BTC',
    haircut: '0.1',
    conversionDiscount: '0.05',
    eligible: true,
  });
  openAccount(house, 'alice', '100000');
  openAccount(house, 'maker', '100000');
  // A policy and an account of different currencies, a trade settled in a currency the account is not margined in.
  expect(
    house.refusal({
      type: 'OpenAccount',
      account: 'x',
      member: 'broker',
      owner: 'x',
      kind: 'CLIENT',
      currency: 'USD',
      policy: 'in-btc',
      mode: 'CROSS',
      instrument: null,
    }),
  ).toBe('CURRENCY_MISMATCH');
  house.send({
    type: 'OpenAccount',
    account: 'coin',
    member: 'broker',
    owner: 'coin',
    kind: 'CLIENT',
    currency: 'BTC',
    policy: 'in-btc',
    mode: 'CROSS',
    instrument: null,
  });
  pay(house, 'coin', '10', 'BTC');
  expect(house.refusal(tradeOf('coin', 'maker', '0.1', '50000'))).toBe('CURRENCY_MISMATCH');
  // Terms alone do not make a foreign currency collateral: it takes an index that prices it in the account's own.
  expect(house.refusal({ type: 'DepositCollateral', account: 'alice', currency: 'BTC', amount: '1' })).toBe(
    'COLLATERAL_NOT_ELIGIBLE',
  );
  house.send({
    type: 'DefineIndex',
    base: 'BTC',
    quote: 'USD',
    tick: '0.01',
    sources: ['a'],
    minimumSources: 1,
    maximumDeviation: '0.1',
    heartbeat: WEEK,
  });
  pay(house, 'alice', '1', 'BTC');
  expect(healthOf(house.state, 'alice')).toMatchObject({ currency: 'USD', equity: 10_000_000n, collateralValue: 0n });
  house.send({
    type: 'SubmitIndexPrices',
    source: 'a',
    prices: [{ index: 'BTC/USD', price: '50000', observedAt: null }],
  });
  expect(healthOf(house.state, 'alice')).toMatchObject({
    equity: 14_500_000n,
    collateralValue: 4_500_000n,
    cash: 10_000_000n,
  });
});

test('QC-1 every movement of money names its currency, and a trade moves only the settlement currency', () => {
  const house = onePerpetual({ takerFee: '0.001' });
  for (const id of ['alice', 'maker']) openAccount(house, id, '100000');
  trade(house, 'alice', 'maker', '1', '50000');
  mark(house, '51000');
  trade(house, 'maker', 'alice', '1', '51000');
  const transfers = house.entries.flatMap(({ outcome }) =>
    'events' in outcome ? outcome.events.flatMap(transfersOf) : [],
  );
  expect(transfers.length).toBeGreaterThan(3);
  expect(new Set(transfers.map(({ currency }) => currency))).toEqual(new Set(['USD']));
});
