/** Trades and orders as a whole: refused in a stated order, both legs or neither.  LCS-1, IM-1 */

import { linesOf } from '../../../src/core/engine/digest';
import type { CommandOf } from '../../../src/core/message/command';

import { NO_SIZE, total } from '../../../src/units/quantity';
import {
  classicPolicy,
  definePerpetual,
  mark,
  onePerpetual,
  openAccount,
  pay,
  trade,
  tradeOf,
} from '../../support/given';
import { ofType, type TestHouse } from '../../support/house';
import { broker, leveragedHouse, officer, usd } from '../../support/ladder';
import { defineOnIndex } from '../../support/prices';

describe('LCS-1 novation', () => {
  test('LCS-1 a matched trade becomes two positions of opposite sign against the house, whose own is zero', () => {
    const house = onePerpetual({ takerFee: '0.0005', makerFee: '-0.0001' });
    openAccount(house, 'alice', '30000');
    openAccount(house, 'bob', '30000');
    const events = house.send({ ...tradeOf('alice', 'bob', '10', '50000'), trade: 'T-1', taker: 'BUY' });
    expect(events).toEqual([
      {
        type: 'TradeCleared',
        trade: 'T-1',
        instrument: 'BTC-PERP',
        buyer: 'alice',
        seller: 'bob',
        price: 500_000n,
        size: 100n,
        taker: 'BUY',
        positions: [
          { account: 'alice', instrument: 'BTC-PERP', size: 100n, cost: usd('500000.00'), gain: 0n },
          { account: 'bob', instrument: 'BTC-PERP', size: -100n, cost: usd('-500000.00'), gain: 0n },
        ],
        orders: [],
        transfers: [
          { from: 'account/alice', to: 'house-fees', currency: 'USD', amount: usd('250.00'), reason: 'TRADING_FEE' },
          { from: 'house-fees', to: 'account/bob', currency: 'USD', amount: usd('50.00'), reason: 'REBATE' },
        ],
      },
    ]);
    const sizes = [...house.state.book.accountIds()].map(
      (id) => house.state.book.position(id, 'BTC-PERP')?.size ?? NO_SIZE,
    );
    expect(total(sizes)).toBe(0n);
    expect([...house.state.book.positions('close-out:USD')]).toEqual([]);
  });

  test.each`
    side        | alice      | bob
    ${'buyer'}  | ${'24999'} | ${'25000'}
    ${'seller'} | ${'25000'} | ${'24999'}
  `('LCS-1 a trade whose $side fails its margin check is refused as a whole and leaves no trace', ({ alice, bob }) => {
    const house = onePerpetual();
    openAccount(house, 'alice', alice);
    openAccount(house, 'bob', bob);
    const before = [...linesOf(house.state)].slice(1);
    expect(house.refusal(tradeOf('alice', 'bob', '10', '50000'))).toBe('INSUFFICIENT_INITIAL_MARGIN');
    expect([...linesOf(house.state)].slice(1)).toEqual(before);
    // And its id was not used up: with the money there it clears.
    pay(house, 'alice', '1');
    pay(house, 'bob', '1');
    trade(house, 'alice', 'bob', '10', '50000');
  });

  test('DS-3 a trade reported twice is cleared once', () => {
    const house = leveragedHouse();
    const again: CommandOf<'SubmitTrade'> = { ...tradeOf('alice', 'maker', '0.1', '50000'), trade: 'T-2' };
    pay(house, 'alice', '1000');
    house.send(again);
    expect(house.refusal(again)).toBe('DUPLICATE_TRADE');
    expect(house.refusal({ ...again, buyer: 'maker', seller: 'alice' })).toBe('DUPLICATE_TRADE');
    expect(house.state.book.position('alice', 'BTC-PERP')?.size).toBe(101n);
  });

  test('B1-3 a reduce-only instrument takes what reduces on both sides, and nothing else', () => {
    const house = leveragedHouse();
    pay(house, 'alice', '100000');
    house.send(
      { type: 'SetInstrumentStatus', instrument: 'BTC-PERP', status: 'REDUCE_ONLY', reason: 'wind down' },
      officer('o'),
    );
    expect(house.refusal(tradeOf('alice', 'maker', '0.1', '50000'))).toBe('INSTRUMENT_NOT_TRADING');
    expect(house.refusal(tradeOf('maker', 'alice', '10.1', '50000'))).toBe('INSTRUMENT_NOT_TRADING');
    trade(house, 'maker', 'alice', '10', '50000');
  });

  test('FC-1 a trade further from the mark than the band moves money, not risk, and is refused', () => {
    const house = onePerpetual({ priceBand: '0.01' });
    openAccount(house, 'alice', '100000');
    openAccount(house, 'bob', '100000');
    expect(house.refusal(tradeOf('alice', 'bob', '1', '50500.1'))).toBe('PRICE_OUT_OF_BAND');
    expect(house.refusal(tradeOf('alice', 'bob', '1', '49499.9'))).toBe('PRICE_OUT_OF_BAND');
    trade(house, 'alice', 'bob', '1', '50500');
    trade(house, 'alice', 'bob', '1', '49500');
  });
});

/** Accounts and instruments that break as many rules as they can, so that the first one broken answers. */
function crookedHouse(): TestHouse {
  const house = onePerpetual({
    priceBand: '0.1',
    tiers: [{ floor: '0', cap: '1000000', initialRate: '0.05', maintenanceRate: '0.025', deduction: null }],
  });
  house.send({ type: 'DefineCurrency', currency: 'EUR', scale: 2 });
  house.send(classicPolicy({}, { policy: 'euro', currency: 'EUR' }));
  const perpetual = (instrument: string, settlement: string) =>
    house.send({
      type: 'DefineInstrument',
      instrument,
      kind: 'PERPETUAL',
      base: 'BTC',
      quote: settlement,
      settlement,
      tick: '0.1',
      lot: '0.1',
      multiplier: '1',
      index: null,
      markMethod: 'VENUE',
      markBand: null,
      priceBand: null,
      heartbeat: 60_000,
      allowsNonPositivePrice: false,
      expiry: null,
      variationInterval: 86_400_000,
      makerFee: '0',
      takerFee: '0',
    });
  const tier = (instrument: string) =>
    house.send({
      type: 'SetTierSchedule',
      instrument,
      tiers: [{ floor: '0', cap: '1000000', initialRate: '0.5', maintenanceRate: '0.2', deduction: null }],
      effectiveAt: null,
    });
  for (const id of ['EUR-PERP', 'HALTED', 'NEW', 'UNPRICED', 'STALE']) perpetual(id, id === 'EUR-PERP' ? 'EUR' : 'USD');
  for (const id of ['EUR-PERP', 'UNPRICED', 'STALE']) tier(id);
  mark(house, '50000', 'EUR-PERP');
  mark(house, '50000', 'STALE');
  const euro = (account: string, instrument: string | null) => {
    house.send({
      type: 'OpenAccount',
      account,
      member: 'broker',
      owner: account,
      kind: 'CLIENT',
      currency: 'EUR',
      policy: 'euro',
      mode: instrument ? 'ISOLATED' : 'CROSS',
      instrument,
    });
    pay(house, account, '25000', 'EUR');
  };
  for (const id of ['isolated-gone', 'isolated']) euro(id, 'EUR-PERP');
  for (const id of ['euro', 'euro-maker']) euro(id, null);
  pay(house, 'euro-maker', '1000000', 'EUR');
  trade(house, 'isolated-gone', 'euro-maker', '1', '50000', 'EUR-PERP');
  mark(house, '28800', 'EUR-PERP');
  const call = (account: string) =>
    house.send({ type: 'IssueMarginCall', account, amount: '1', window: null, reason: 'a test' });
  for (const id of ['isolated', 'euro']) call(id);
  openAccount(house, 'called', '0.01');
  call('called');
  openAccount(house, 'poor', '0.01');
  openAccount(house, 'rich', '1000000');
  openAccount(house, 'rich-2', '1000000');
  house.send({
    type: 'PlaceOrder',
    order: 'small',
    account: 'rich',
    instrument: 'BTC-PERP',
    side: 'BUY',
    size: '0.1',
    price: '50000',
  });
  house.send({
    type: 'PlaceOrder',
    order: 'wrong',
    account: 'rich-2',
    instrument: 'BTC-PERP',
    side: 'SELL',
    size: '9',
    price: '50000',
  });
  house.send({ type: 'SetInstrumentStatus', instrument: 'HALTED', status: 'HALTED', reason: 'a test' });
  house.pass('1m');
  return house;
}

describe('refusals of a trade, each row breaking every later rule too', () => {
  const house = crookedHouse();
  house.send({ ...tradeOf('rich', 'rich-2', '0.1', '50000'), trade: 'seen' });
  const stranger = broker('stranger');

  test.each`
    row                                 | trade     | instrument    | buyer              | seller      | price      | size       | buyOrder   | by           | code
    ${'an id nobody may choose'}        | ${'-'}    | ${'nothing'}  | ${'nobody'}        | ${'nobody'} | ${'-0.05'} | ${'-0.05'} | ${'none'}  | ${undefined} | ${'ID_INVALID'}
    ${'seen before'}                    | ${'seen'} | ${'nothing'}  | ${'nobody'}        | ${'nobody'} | ${'-0.05'} | ${'-0.05'} | ${'none'}  | ${undefined} | ${'DUPLICATE_TRADE'}
    ${'no instrument'}                  | ${'t'}    | ${'nothing'}  | ${'nobody'}        | ${'nobody'} | ${'-0.05'} | ${'-0.05'} | ${'none'}  | ${undefined} | ${'INSTRUMENT_NOT_FOUND'}
    ${'no buyer'}                       | ${'t'}    | ${'HALTED'}   | ${'nobody'}        | ${'nobody'} | ${'-0.05'} | ${'-0.05'} | ${'none'}  | ${undefined} | ${'ACCOUNT_NOT_FOUND'}
    ${'a buyer of another member'}      | ${'t'}    | ${'HALTED'}   | ${'poor'}          | ${'poor'}   | ${'-0.05'} | ${'-0.05'} | ${'none'}  | ${stranger}  | ${'ACCOUNT_NOT_FOUND'}
    ${'the house as buyer'}             | ${'t'}    | ${'HALTED'}   | ${'close-out:USD'} | ${'poor'}   | ${'-0.05'} | ${'-0.05'} | ${'none'}  | ${undefined} | ${'ACCOUNT_NOT_FOUND'}
    ${'no seller'}                      | ${'t'}    | ${'HALTED'}   | ${'poor'}          | ${'nobody'} | ${'-0.05'} | ${'-0.05'} | ${'none'}  | ${undefined} | ${'ACCOUNT_NOT_FOUND'}
    ${'one account on both sides'}      | ${'t'}    | ${'HALTED'}   | ${'poor'}          | ${'poor'}   | ${'-0.05'} | ${'-0.05'} | ${'none'}  | ${undefined} | ${'SAME_ACCOUNT'}
    ${'a price below zero'}             | ${'t'}    | ${'HALTED'}   | ${'rich'}          | ${'poor'}   | ${'-0.05'} | ${'-0.05'} | ${'none'}  | ${undefined} | ${'PRICE_NOT_POSITIVE'}
    ${'a price off the tick'}           | ${'t'}    | ${'HALTED'}   | ${'rich'}          | ${'poor'}   | ${'0.05'}  | ${'-0.05'} | ${'none'}  | ${undefined} | ${'PRICE_OFF_TICK'}
    ${'a size below zero'}              | ${'t'}    | ${'HALTED'}   | ${'rich'}          | ${'poor'}   | ${'1'}     | ${'-0.05'} | ${'none'}  | ${undefined} | ${'SIZE_NOT_POSITIVE'}
    ${'a size off the lot'}             | ${'t'}    | ${'HALTED'}   | ${'rich'}          | ${'poor'}   | ${'1'}     | ${'0.05'}  | ${'none'}  | ${undefined} | ${'SIZE_OFF_LOT'}
    ${'no such order'}                  | ${'t'}    | ${'BTC-PERP'} | ${'poor'}          | ${'poor-2'} | ${'1'}     | ${'0.2'}   | ${'none'}  | ${undefined} | ${'ORDER_NOT_FOUND'}
    ${'an order of another account'}    | ${'t'}    | ${'BTC-PERP'} | ${'poor'}          | ${'rich-2'} | ${'1'}     | ${'0.1'}   | ${'small'} | ${undefined} | ${'ORDER_MISMATCH'}
    ${'an order of the other side'}     | ${'t'}    | ${'BTC-PERP'} | ${'rich-2'}        | ${'poor'}   | ${'1'}     | ${'0.1'}   | ${'wrong'} | ${undefined} | ${'ORDER_MISMATCH'}
    ${'an order in another instrument'} | ${'t'}    | ${'HALTED'}   | ${'rich'}          | ${'poor'}   | ${'1'}     | ${'0.1'}   | ${'small'} | ${undefined} | ${'ORDER_MISMATCH'}
    ${'an order too small'}             | ${'t'}    | ${'BTC-PERP'} | ${'rich'}          | ${'poor'}   | ${'1'}     | ${'0.2'}   | ${'small'} | ${undefined} | ${'ORDER_MISMATCH'}
    ${'out of the band'}                | ${'t'}    | ${'BTC-PERP'} | ${'isolated-gone'} | ${'poor'}   | ${'1'}     | ${'100'}   | ${null}    | ${undefined} | ${'PRICE_OUT_OF_BAND'}
    ${'in liquidation'}                 | ${'t'}    | ${'HALTED'}   | ${'isolated-gone'} | ${'poor'}   | ${'1'}     | ${'100'}   | ${null}    | ${undefined} | ${'ACCOUNT_NOT_OPEN'}
    ${'isolated to another'}            | ${'t'}    | ${'HALTED'}   | ${'isolated'}      | ${'poor'}   | ${'1'}     | ${'100'}   | ${null}    | ${undefined} | ${'ACCOUNT_ISOLATED'}
    ${'of another currency'}            | ${'t'}    | ${'HALTED'}   | ${'euro'}          | ${'poor'}   | ${'1'}     | ${'100'}   | ${null}    | ${undefined} | ${'CURRENCY_MISMATCH'}
    ${'called'}                         | ${'t'}    | ${'HALTED'}   | ${'called'}        | ${'poor'}   | ${'1'}     | ${'100'}   | ${null}    | ${undefined} | ${'MARGIN_CALL_OPEN'}
    ${'halted'}                         | ${'t'}    | ${'HALTED'}   | ${'poor'}          | ${'called'} | ${'1'}     | ${'100'}   | ${null}    | ${undefined} | ${'INSTRUMENT_NOT_TRADING'}
    ${'without tiers'}                  | ${'t'}    | ${'NEW'}      | ${'poor'}          | ${'called'} | ${'1'}     | ${'100'}   | ${null}    | ${undefined} | ${'INSTRUMENT_NOT_CONFIGURED'}
    ${'never priced'}                   | ${'t'}    | ${'UNPRICED'} | ${'poor'}          | ${'called'} | ${'1'}     | ${'100'}   | ${null}    | ${undefined} | ${'PRICE_MISSING'}
    ${'stale'}                          | ${'t'}    | ${'STALE'}    | ${'poor'}          | ${'called'} | ${'60000'} | ${'100'}   | ${null}    | ${undefined} | ${'PRICE_STALE'}
    ${'past the cap'}                   | ${'t'}    | ${'BTC-PERP'} | ${'poor'}          | ${'called'} | ${'55000'} | ${'20.1'}  | ${null}    | ${undefined} | ${'POSITION_LIMIT_EXCEEDED'}
    ${'without margin'}                 | ${'t'}    | ${'BTC-PERP'} | ${'poor'}          | ${'called'} | ${'55000'} | ${'0.1'}   | ${null}    | ${undefined} | ${'INSUFFICIENT_INITIAL_MARGIN'}
    ${'the seller, after the buyer'}    | ${'t'}    | ${'BTC-PERP'} | ${'rich'}          | ${'called'} | ${'55000'} | ${'0.1'}   | ${null}    | ${undefined} | ${'MARGIN_CALL_OPEN'}
  `('LCS-1 $row', ({ trade: id, instrument, buyer, seller, price, size, buyOrder, by, code }) => {
    if (!house.state.book.account('poor-2')) openAccount(house, 'poor-2');
    const command: CommandOf<'SubmitTrade'> = {
      type: 'SubmitTrade',
      trade: id,
      instrument,
      buyer,
      seller,
      price,
      size,
      taker: null,
      buyOrder,
      sellOrder: null,
    };
    expect(house.refusal(command, by)).toBe(code);
  });
});

describe('refusals of an order, each row breaking every later rule too', () => {
  const house = crookedHouse();
  const stranger = broker('stranger');

  test.each`
    row                          | order      | instrument    | account            | price      | size       | by           | code
    ${'an id nobody may choose'} | ${''}      | ${'nothing'}  | ${'nobody'}        | ${'-0.05'} | ${'-0.05'} | ${undefined} | ${'ID_INVALID'}
    ${'open already'}            | ${'small'} | ${'nothing'}  | ${'nobody'}        | ${'-0.05'} | ${'-0.05'} | ${undefined} | ${'ALREADY_EXISTS'}
    ${'no instrument'}           | ${'o'}     | ${'nothing'}  | ${'nobody'}        | ${'-0.05'} | ${'-0.05'} | ${undefined} | ${'INSTRUMENT_NOT_FOUND'}
    ${'no account'}              | ${'o'}     | ${'HALTED'}   | ${'nobody'}        | ${'-0.05'} | ${'-0.05'} | ${undefined} | ${'ACCOUNT_NOT_FOUND'}
    ${'an account of another'}   | ${'o'}     | ${'HALTED'}   | ${'isolated-gone'} | ${'-0.05'} | ${'-0.05'} | ${stranger}  | ${'ACCOUNT_NOT_FOUND'}
    ${'the house itself'}        | ${'o'}     | ${'HALTED'}   | ${'close-out:USD'} | ${'-0.05'} | ${'-0.05'} | ${undefined} | ${'ACCOUNT_NOT_FOUND'}
    ${'a price below zero'}      | ${'o'}     | ${'HALTED'}   | ${'isolated-gone'} | ${'-0.05'} | ${'-0.05'} | ${undefined} | ${'PRICE_NOT_POSITIVE'}
    ${'a price off the tick'}    | ${'o'}     | ${'HALTED'}   | ${'isolated-gone'} | ${'0.05'}  | ${'-0.05'} | ${undefined} | ${'PRICE_OFF_TICK'}
    ${'a size of nothing'}       | ${'o'}     | ${'HALTED'}   | ${'isolated-gone'} | ${'1'}     | ${'0.00'}  | ${undefined} | ${'SIZE_NOT_POSITIVE'}
    ${'a size off the lot'}      | ${'o'}     | ${'HALTED'}   | ${'isolated-gone'} | ${'1'}     | ${'0.05'}  | ${undefined} | ${'SIZE_OFF_LOT'}
    ${'in liquidation'}          | ${'o'}     | ${'HALTED'}   | ${'isolated-gone'} | ${'60000'} | ${'100'}   | ${undefined} | ${'ACCOUNT_NOT_OPEN'}
    ${'isolated to another'}     | ${'o'}     | ${'HALTED'}   | ${'isolated'}      | ${'60000'} | ${'100'}   | ${undefined} | ${'ACCOUNT_ISOLATED'}
    ${'of another currency'}     | ${'o'}     | ${'HALTED'}   | ${'euro'}          | ${'60000'} | ${'100'}   | ${undefined} | ${'CURRENCY_MISMATCH'}
    ${'called'}                  | ${'o'}     | ${'HALTED'}   | ${'called'}        | ${'60000'} | ${'100'}   | ${undefined} | ${'MARGIN_CALL_OPEN'}
    ${'halted'}                  | ${'o'}     | ${'HALTED'}   | ${'poor'}          | ${'60000'} | ${'100'}   | ${undefined} | ${'INSTRUMENT_NOT_TRADING'}
    ${'without tiers'}           | ${'o'}     | ${'NEW'}      | ${'poor'}          | ${'60000'} | ${'100'}   | ${undefined} | ${'INSTRUMENT_NOT_CONFIGURED'}
    ${'never priced'}            | ${'o'}     | ${'UNPRICED'} | ${'poor'}          | ${'60000'} | ${'100'}   | ${undefined} | ${'PRICE_MISSING'}
    ${'stale'}                   | ${'o'}     | ${'STALE'}    | ${'poor'}          | ${'60000'} | ${'100'}   | ${undefined} | ${'PRICE_STALE'}
    ${'past the cap'}            | ${'o'}     | ${'BTC-PERP'} | ${'poor'}          | ${'60000'} | ${'100'}   | ${undefined} | ${'POSITION_LIMIT_EXCEEDED'}
    ${'without margin'}          | ${'o'}     | ${'BTC-PERP'} | ${'poor'}          | ${'60000'} | ${'0.1'}   | ${undefined} | ${'INSUFFICIENT_INITIAL_MARGIN'}
  `('IM-1 $row', ({ order, instrument, account, price, size, by, code }) => {
    const command: CommandOf<'PlaceOrder'> = {
      type: 'PlaceOrder',
      order,
      account,
      instrument,
      side: 'BUY',
      size,
      price,
    };
    expect(house.refusal(command, by)).toBe(code);
  });

  test("IM-1 an order that is not there, or another's, is cancelled by nobody", () => {
    expect(house.refusal({ type: 'CancelOrder', order: 'none' })).toBe('ORDER_NOT_FOUND');
    expect(house.refusal({ type: 'CancelOrder', order: 'small' }, stranger)).toBe('ORDER_NOT_FOUND');
    const events = house.send({ type: 'CancelOrder', order: 'small' }, broker('broker'));
    expect(ofType(events, 'OrdersCancelled')).toEqual([
      { type: 'OrdersCancelled', account: 'rich', orders: ['small'], cause: 'REQUEST' },
    ]);
  });
});

test('B1-3 an order that only reduces is taken from a called account, on a stale price too', () => {
  const house = leveragedHouse();
  defineOnIndex(house, { instrument: 'SLOW', index: null, markBand: null, heartbeat: 1000 });
  definePerpetual(house, 'ETH-PERP', { price: '3000' });
  mark(house, '100', 'SLOW');
  pay(house, 'alice', '5');
  trade(house, 'alice', 'maker', '1', '100', 'SLOW');
  house.send({ type: 'IssueMarginCall', account: 'alice', amount: '1', window: null, reason: 'a test' });
  house.pass('1s');
  const order = (size: string, side: 'BUY' | 'SELL'): CommandOf<'PlaceOrder'> => ({
    type: 'PlaceOrder',
    order: `${side}${size}`,
    account: 'alice',
    instrument: 'SLOW',
    side,
    size,
    price: '100',
  });
  expect(house.refusal(order('0.1', 'BUY'))).toBe('MARGIN_CALL_OPEN');
  expect(house.refusal(order('2.1', 'SELL'))).toBe('MARGIN_CALL_OPEN');
  house.send(order('1', 'SELL'));
});
