/**
 * What an account may take on: initial margin after the worst fill, fees and open orders included, exact to one unit.
 * IM-1, IM-2, MT-5
 */

import fc from 'fast-check';
import { exposureOf } from '../../../src/core/book/exposure';
import type { CommandOf } from '../../../src/core/message/command';

import {
  classicPolicy,
  definePerpetual,
  flatTiers,
  mark,
  onePerpetual,
  openAccount,
  type Perpetual,
  pay,
  trade,
  tradeOf,
} from '../../support/given';
import type { TestHouse } from '../../support/house';

/** A maker with plenty, and alice with what is given. */
function given(deposit: string, perpetual: Perpetual = {}): TestHouse {
  const house = onePerpetual(perpetual);
  openAccount(house, 'maker', '100000000');
  openAccount(house, 'alice', deposit);
  return house;
}

let orders = 0;
const orderOf = (side: 'BUY' | 'SELL', size: string, price: string, account = 'alice'): CommandOf<'PlaceOrder'> => ({
  type: 'PlaceOrder',
  order: `o${++orders}`,
  account,
  instrument: 'BTC-PERP',
  side,
  size,
  price,
});

const verdictOf = (house: TestHouse, command: Parameters<TestHouse['try']>[0]): string => {
  const outcome = house.try(command);
  return 'rejection' in outcome ? outcome.rejection.code : 'taken';
};

describe('a trade needs its initial margin, to the last unit', () => {
  test.each`
    row                                        | deposit       | price      | taker     | fees                     | verdict
    ${'at the mark, equal passes'}             | ${'25000.00'} | ${'50000'} | ${null}   | ${[]}                    | ${'taken'}
    ${'at the mark, one unit less'}            | ${'24999.99'} | ${'50000'} | ${null}   | ${[]}                    | ${'INSUFFICIENT_INITIAL_MARGIN'}
    ${'a price above the mark costs its loss'} | ${'26000.00'} | ${'50100'} | ${null}   | ${[]}                    | ${'taken'}
    ${'and one unit less'}                     | ${'25999.99'} | ${'50100'} | ${null}   | ${[]}                    | ${'INSUFFICIENT_INITIAL_MARGIN'}
    ${'a price below the mark gives its gain'} | ${'24000.00'} | ${'49900'} | ${null}   | ${[]}                    | ${'taken'}
    ${'and one unit less'}                     | ${'23999.99'} | ${'49900'} | ${null}   | ${[]}                    | ${'INSUFFICIENT_INITIAL_MARGIN'}
    ${'the taker pays its fee'}                | ${'25250.00'} | ${'50000'} | ${'BUY'}  | ${['0.0005', '0']}       | ${'taken'}
    ${'and one unit less'}                     | ${'25249.99'} | ${'50000'} | ${'BUY'}  | ${['0.0005', '0']}       | ${'INSUFFICIENT_INITIAL_MARGIN'}
    ${'the maker pays its own'}                | ${'25100.00'} | ${'50000'} | ${'SELL'} | ${['0.0005', '0.0002']}  | ${'taken'}
    ${'and one unit less'}                     | ${'25099.99'} | ${'50000'} | ${'SELL'} | ${['0.0005', '0.0002']}  | ${'INSUFFICIENT_INITIAL_MARGIN'}
    ${'or gets a rebate'}                      | ${'24950.00'} | ${'50000'} | ${'SELL'} | ${['0.0005', '-0.0001']} | ${'taken'}
    ${'and one unit less'}                     | ${'24949.99'} | ${'50000'} | ${'SELL'} | ${['0.0005', '-0.0001']} | ${'INSUFFICIENT_INITIAL_MARGIN'}
  `('IM-1 $row', ({ deposit, price, taker, fees, verdict }) => {
    const [takerFee = '0', makerFee = '0'] = fees as string[];
    const house = given(deposit, { takerFee, makerFee });
    expect(verdictOf(house, { ...tradeOf('alice', 'maker', '10', price), taker })).toBe(verdict);
  });

  test('IM-1 the refusal says what was required and what was there', () => {
    const outcome = given('24999.99').try(tradeOf('alice', 'maker', '10', '50000'));
    expect(outcome).toEqual({
      rejection: {
        code: 'INSUFFICIENT_INITIAL_MARGIN',
        details: { account: 'alice', currency: 'USD', required: '25000.00', available: '24999.99' },
      },
    });
  });

  test('IM-1 either side is checked', () => {
    const house = given('24999.99');
    expect(verdictOf(house, tradeOf('maker', 'alice', '10', '50000'))).toBe('INSUFFICIENT_INITIAL_MARGIN');
    expect(verdictOf(house, tradeOf('alice', 'maker', '10', '50000'))).toBe('INSUFFICIENT_INITIAL_MARGIN');
  });

  test('IM-1 a trade through zero needs margin for what it ends at, and for what it comes from', () => {
    const house = given('25000');
    trade(house, 'alice', 'maker', '10', '50000');
    expect(verdictOf(house, tradeOf('maker', 'alice', '20.1', '50000'))).toBe('INSUFFICIENT_INITIAL_MARGIN');
    expect(verdictOf(house, tradeOf('maker', 'alice', '20', '50000'))).toBe('taken');
    mark(house, '50100');
    expect(verdictOf(house, tradeOf('alice', 'maker', '11', '50100'))).toBe('INSUFFICIENT_INITIAL_MARGIN');
    expect(verdictOf(house, tradeOf('alice', 'maker', '10', '50100'))).toBe('taken');
  });

  test('IM-1 a reduction passes below initial margin, but not where it would leave less than nothing', () => {
    const house = given('25000');
    trade(house, 'alice', 'maker', '10', '50000');
    mark(house, '49000');
    expect(verdictOf(house, tradeOf('maker', 'alice', '1', '49000'))).toBe('taken');
    // Equity is 15,000: 5 contracts given away 3,000.1 below the mark are more.
    expect(verdictOf(house, tradeOf('maker', 'alice', '5', '45999.9'))).toBe('TRADE_CREATES_SHORTFALL');
    expect(verdictOf(house, tradeOf('maker', 'alice', '5', '46000'))).toBe('taken');
    expect(house.balance('alice')).toBe('4000.00');
  });
});

describe('open orders count as if they had filled', () => {
  test.each`
    row                                             | deposit       | side      | price      | takerFee    | verdict
    ${'a buy at the mark'}                          | ${'25000.00'} | ${'BUY'}  | ${'50000'} | ${'0'}      | ${'taken'}
    ${'one unit less'}                              | ${'24999.99'} | ${'BUY'}  | ${'50000'} | ${'0'}      | ${'INSUFFICIENT_INITIAL_MARGIN'}
    ${'a limit worse than the mark'}                | ${'26000.00'} | ${'BUY'}  | ${'50100'} | ${'0'}      | ${'taken'}
    ${'one unit less'}                              | ${'25999.99'} | ${'BUY'}  | ${'50100'} | ${'0'}      | ${'INSUFFICIENT_INITIAL_MARGIN'}
    ${'a limit better than the mark gains nothing'} | ${'24999.99'} | ${'BUY'}  | ${'49000'} | ${'0'}      | ${'INSUFFICIENT_INITIAL_MARGIN'}
    ${'a sell below the mark'}                      | ${'26000.00'} | ${'SELL'} | ${'49900'} | ${'0'}      | ${'taken'}
    ${'one unit less'}                              | ${'25999.99'} | ${'SELL'} | ${'49900'} | ${'0'}      | ${'INSUFFICIENT_INITIAL_MARGIN'}
    ${'the taker fee at the limit'}                 | ${'25250.00'} | ${'BUY'}  | ${'50000'} | ${'0.0005'} | ${'taken'}
    ${'one unit less'}                              | ${'25249.99'} | ${'BUY'}  | ${'50000'} | ${'0.0005'} | ${'INSUFFICIENT_INITIAL_MARGIN'}
  `('IM-1 $row', ({ deposit, side, price, takerFee, verdict }) => {
    expect(verdictOf(given(deposit, { takerFee }), orderOf(side, '10', price))).toBe(verdict);
  });

  test('IM-1 orders that fit one by one cannot exceed the margin together, nor with a trade', () => {
    const house = given('25000');
    expect(verdictOf(house, orderOf('BUY', '6', '50000'))).toBe('taken');
    expect(verdictOf(house, orderOf('BUY', '4.1', '50000'))).toBe('INSUFFICIENT_INITIAL_MARGIN');
    expect(verdictOf(house, tradeOf('alice', 'maker', '4.1', '50000'))).toBe('INSUFFICIENT_INITIAL_MARGIN');
    expect(verdictOf(house, orderOf('BUY', '4', '50000'))).toBe('taken');
    expect(verdictOf(house, tradeOf('alice', 'maker', '0.1', '50000'))).toBe('INSUFFICIENT_INITIAL_MARGIN');
  });

  test('IM-1 only the worse side counts: sells beside buys cost nothing until they are the more', () => {
    const house = given('25000');
    expect(verdictOf(house, orderOf('BUY', '10', '50000'))).toBe('taken');
    expect(verdictOf(house, orderOf('SELL', '10', '50000'))).toBe('taken');
    expect(verdictOf(house, orderOf('SELL', '0.1', '50000'))).toBe('INSUFFICIENT_INITIAL_MARGIN');
    const long = given('25000');
    trade(long, 'alice', 'maker', '4', '50000');
    expect(verdictOf(long, orderOf('SELL', '14', '50000'))).toBe('taken');
    expect(verdictOf(long, orderOf('BUY', '6', '50000'))).toBe('taken');
    expect(verdictOf(long, orderOf('BUY', '0.1', '50000'))).toBe('INSUFFICIENT_INITIAL_MARGIN');
  });

  test('IM-1 an order taken at the very boundary can be filled at its limit, whole or in parts, its cost counted once', () => {
    const house = given('26250.50', { takerFee: '0.0005' });
    const order = orderOf('BUY', '10', '50100');
    expect(verdictOf(house, order)).toBe('taken');
    const fill = (size: string) => ({
      ...tradeOf('alice', 'maker', size, '50100'),
      taker: 'BUY' as const,
      buyOrder: order.order,
    });
    expect(verdictOf(house, fill('4'))).toBe('taken');
    expect(house.state.orders.get(order.order)?.size).toBe(60n);
    expect(verdictOf(house, fill('6'))).toBe('taken');
    expect(house.state.orders.size).toBe(0);
    expect(house.state.book.position('alice', 'BTC-PERP')).toMatchObject({ size: 100n, bids: 0n, asks: 0n });
  });

  test("IM-1 control: the same trades without naming the order need their margin besides the order's", () => {
    const house = given('26250.50', { takerFee: '0.0005' });
    expect(verdictOf(house, orderOf('BUY', '10', '50100'))).toBe('taken');
    expect(verdictOf(house, { ...tradeOf('alice', 'maker', '4', '50100'), taker: 'BUY' })).toBe(
      'INSUFFICIENT_INITIAL_MARGIN',
    );
  });

  test('IM-1 an account has a thousand open orders at most, and another one once one of them is gone', () => {
    const house = given('90000000', { price: '10' });
    house.audited = false;
    const placed = Array.from({ length: 1_000 }, () => orderOf('BUY', '0.1', '10'));
    expect(new Set(placed.map((order) => verdictOf(house, order)))).toEqual(new Set(['taken']));
    expect(verdictOf(house, orderOf('SELL', '0.1', '10'))).toBe('TOO_MANY_ORDERS');
    expect(verdictOf(house, orderOf('SELL', '0.1', '10', 'maker'))).toBe('taken');
    expect(verdictOf(house, { type: 'CancelOrder', order: placed[7]?.order ?? '' })).toBe('taken');
    expect(verdictOf(house, orderOf('SELL', '0.1', '10'))).toBe('taken');
  });

  test('IM-1 a cancelled order frees its margin', () => {
    const house = given('25000');
    const order = orderOf('BUY', '10', '50000');
    house.send(order);
    expect(verdictOf(house, orderOf('BUY', '0.1', '50000'))).toBe('INSUFFICIENT_INITIAL_MARGIN');
    house.send({ type: 'CancelOrder', order: order.order });
    expect(verdictOf(house, orderOf('BUY', '10', '50000'))).toBe('taken');
  });

  test('IM-5 nothing that open orders need may leave', () => {
    const house = given('25000');
    house.send(orderOf('BUY', '9', '50000'));
    expect(house.refusal({ type: 'WithdrawCollateral', account: 'alice', currency: 'USD', amount: '2500.01' })).toBe(
      'COLLATERAL_ENCUMBERED',
    );
    house.send({ type: 'WithdrawCollateral', account: 'alice', currency: 'USD', amount: '2500.00' });
  });
});

describe('accounts of one owner', () => {
  const tiers = [
    { floor: '0', cap: '500000', initialRate: '0.05', maintenanceRate: '0.025', deduction: null },
    { floor: '500000', cap: null, initialRate: '0.1', maintenanceRate: '0.05', deduction: null },
  ];
  function family(aggregation: 'OWNER' | 'ACCOUNT', deposit: string): TestHouse {
    const house = onePerpetual({ tiers, policy: classicPolicy({}, { aggregation }) });
    openAccount(house, 'maker', '100000000');
    openAccount(house, 'one', '25000', { owner: 'family' });
    openAccount(house, 'two', deposit, { owner: 'family' });
    trade(house, 'one', 'maker', '10', '50000');
    return house;
  }

  test('IM-1 MT-3 a trade between them is tiered by what the owner holds after it', () => {
    // Handing 10 from one to the other leaves the owner with 10, in the first tier: half a million at 5 %.
    expect(verdictOf(family('OWNER', '25000'), tradeOf('two', 'one', '10', '50000'))).toBe('taken');
    expect(verdictOf(family('OWNER', '24999.99'), tradeOf('two', 'one', '10', '50000'))).toBe(
      'INSUFFICIENT_INITIAL_MARGIN',
    );
  });

  test('IM-1 where accounts stand alone the other side does not count, whichever way it moves', () => {
    expect(verdictOf(family('ACCOUNT', '25000'), tradeOf('two', 'one', '10', '50000'))).toBe('taken');
    expect(verdictOf(family('ACCOUNT', '24999.99'), tradeOf('two', 'one', '10', '50000'))).toBe(
      'INSUFFICIENT_INITIAL_MARGIN',
    );
    expect(verdictOf(family('ACCOUNT', '25000'), tradeOf('two', 'maker', '10', '50000'))).toBe('taken');
    expect(verdictOf(family('OWNER', '25000'), tradeOf('two', 'maker', '10', '50000'))).toBe(
      'INSUFFICIENT_INITIAL_MARGIN',
    );
  });
});

describe('MT-5 the cap of the last tier is the most an owner may hold', () => {
  const tiers = [{ floor: '0', cap: '500000', initialRate: '0.05', maintenanceRate: '0.025', deduction: null }];

  test('MT-5 exactly the cap passes, a lot more does not, whatever the margin', () => {
    const house = given('1000000', { tiers });
    openAccount(house, 'alice-2', '1000000', { owner: 'alice' });
    expect(verdictOf(house, tradeOf('alice', 'maker', '10.1', '50000'))).toBe('POSITION_LIMIT_EXCEEDED');
    expect(verdictOf(house, orderOf('BUY', '10.1', '50000'))).toBe('POSITION_LIMIT_EXCEEDED');
    const other = given('1000000', { tiers });
    openAccount(other, 'maker-2', '100000000', { owner: 'second' });
    expect(verdictOf(other, tradeOf('alice', 'maker-2', '6', '50000'))).toBe('taken');
    expect(verdictOf(other, orderOf('BUY', '4', '50000'))).toBe('taken');
    expect(verdictOf(other, orderOf('BUY', '0.1', '50000'))).toBe('POSITION_LIMIT_EXCEEDED');
    openAccount(other, 'alice-2', '1000000', { owner: 'alice' });
    expect(verdictOf(other, tradeOf('alice-2', 'maker', '0.1', '50000'))).toBe('POSITION_LIMIT_EXCEEDED');
  });

  test('MT-5 grown past it by price, a position may only shrink', () => {
    const house = given('1000000', { tiers });
    trade(house, 'alice', 'maker', '10', '50000');
    mark(house, '60000');
    expect(verdictOf(house, tradeOf('alice', 'maker', '0.1', '60000'))).toBe('POSITION_LIMIT_EXCEEDED');
    expect(verdictOf(house, tradeOf('maker', 'alice', '0.1', '60000'))).toBe('taken');
  });
});

describe('IM-2 leverage', () => {
  test('IM-2 the ceiling is one over the initial rate, in every tier', () => {
    const rates = ['0.05', '1/15', '0.2', '1'] as const;
    for (const rate of rates) {
      const [above = 1n, below = 1n] = rate.includes('/')
        ? rate.split('/').map(BigInt)
        : [BigInt(Number(rate) * 100), 100n];
      const house = given('30000', { tiers: flatTiers(rate, rate === '1' ? '0.5' : '0.025') });
      // 30,000 carries 30,000 / rate of notional: that many contracts at 50,000, in tenths.
      const lots = (30_000n * below * 10n) / (above * 50_000n);
      const size = (n: bigint) => `${n / 10n}.${n % 10n}`;
      expect(verdictOf(house, tradeOf('alice', 'maker', size(lots + 1n), '50000'))).toBe('INSUFFICIENT_INITIAL_MARGIN');
      expect(verdictOf(house, tradeOf('alice', 'maker', size(lots), '50000'))).toBe('taken');
    }
  });

  test('IM-1 IM-2 whatever was asked, an account that took risk stands at initial margin with all its orders filled', () => {
    const house = given('40000', { takerFee: '0.0005' });
    definePerpetual(house, 'ETH-PERP', { price: '3000', lot: '1', tick: '0.01', tiers: flatTiers('0.1', '0.05') });
    let asked = 0;
    const ask = fc.record({
      kind: fc.constantFrom('trade', 'order'),
      eth: fc.boolean(),
      buy: fc.boolean(),
      lots: fc.integer({ min: 1, max: 60 }),
      off: fc.integer({ min: -20, max: 20 }),
    });
    fc.assert(
      fc.property(fc.array(ask, { maxLength: 12 }), (asks) => {
        for (const { kind, eth, buy, lots, off } of asks) {
          const instrument = eth ? 'ETH-PERP' : 'BTC-PERP';
          const price = eth ? `${3000 + off}` : `${50000 + off * 50}`;
          const size = eth ? `${lots}` : `${Math.floor(lots / 10)}.${lots % 10}`;
          const command =
            kind === 'order'
              ? { ...orderOf(buy ? 'BUY' : 'SELL', size, price), instrument, order: `p${++asked}` }
              : {
                  ...tradeOf(buy ? 'alice' : 'maker', buy ? 'maker' : 'alice', size, price, instrument),
                  trade: `p${++asked}`,
                  taker: 'BUY' as const,
                };
          const before = [...house.state.book.positions('alice')].map(([, position]) => exposureOf(position));
          if (verdictOf(house, command) !== 'taken') continue;
          const after = [...house.state.book.positions('alice')].map(([, position]) => exposureOf(position));
          const grew = after.some((lotsAfter, i) => lotsAfter > (before[i] ?? 0n));
          if (grew) expect(worstEquityOf(house)).toBeGreaterThanOrEqual(initialOf(house));
        }
        for (const order of [...house.state.orders.keys()]) house.send({ type: 'CancelOrder', order });
        for (const id of ['BTC-PERP', 'ETH-PERP']) {
          const { size = 0n } = house.state.book.position('alice', id) ?? {};
          const contracts =
            id === 'BTC-PERP'
              ? `${(size < 0n ? -size : size) / 10n}.${(size < 0n ? -size : size) % 10n}`
              : `${size < 0n ? -size : size}`;
          if (size !== 0n)
            trade(
              house,
              size > 0n ? 'maker' : 'alice',
              size > 0n ? 'alice' : 'maker',
              contracts,
              id === 'BTC-PERP' ? '50000' : '3000',
              id,
            );
        }
        const missing = 4_000_000n - house.state.book.balance('alice', 'USD');
        if (missing > 0n) pay(house, 'alice', `${missing / 100n}.${String(missing % 100n).padStart(2, '0')}`);
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  /** Equity if every open order filled at its limit at once, the taker fee paid on each: added up anew, in cents. */
  function worstEquityOf({ state }: TestHouse): bigint {
    let equity: bigint = state.book.balance('alice', 'USD');
    const marks = { 'BTC-PERP': [500_000n, 1n], 'ETH-PERP': [300_000n, 1n] } as Record<string, [bigint, bigint]>;
    for (const [id, { size, cost }] of state.book.positions('alice')) equity += size * (marks[id]?.[0] ?? 0n) - cost;
    for (const { instrument, side, size, price } of state.orders.values()) {
      const worse = side === 'BUY' ? price - (marks[instrument]?.[0] ?? 0n) : (marks[instrument]?.[0] ?? 0n) - price;
      const fee = instrument === 'BTC-PERP' ? (size * price * 5n + 9_999n) / 10_000n : 0n;
      equity -= (worse > 0n ? worse * size : 0n) + fee;
    }
    return equity;
  }

  function initialOf({ state }: TestHouse): bigint {
    let margin = 0n;
    for (const [id, position] of state.book.positions('alice')) {
      const notional = exposureOf(position) * (id === 'BTC-PERP' ? 500_000n : 300_000n);
      margin += id === 'BTC-PERP' ? (notional + 19n) / 20n : (notional + 9n) / 10n;
    }
    return margin;
  }
});
