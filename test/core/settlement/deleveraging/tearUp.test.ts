import type { Event } from '../../../../src/core/message/event';
import { deleveragingHouse } from '../../../support/deleveraging';
import { mark, openAccount, trade } from '../../../support/given';
import { ofType, type TestHouse } from '../../../support/house';
import { onlyOf, sizeOf } from '../../../support/liquidation';
import { proposed } from '../../../support/proposed';

describe('partial tear-up', () => {
  /** The house holds 10 contracts long; 6, 3 and 2 of the other side, one of them with the house only in part. */
  function holding(): TestHouse {
    const house = deleveragingHouse({ layers: ['INSURANCE_FUND', 'SOCIALIZED_LOSS'], fund: '1000000' });
    openAccount(house, 'bad', '30000');
    openAccount(house, 'other', '500000');
    for (const id of ['w1', 'w2', 'w3']) openAccount(house, id, '500000');
    trade(house, 'bad', 'w1', '6', '50000');
    trade(house, 'bad', 'w2', '3', '50000');
    trade(house, 'bad', 'w3', '1', '50000');
    trade(house, 'other', 'w3', '1', '50000');
    mark(house, '46000');
    return house;
  }

  test('lots go pro rata to open interest, exact by largest remainder, at the mark: nobody gives anything up', () => {
    const house = holding();
    expect(sizeOf(house, 'close-out:USD')).toBe(100n);
    const before = ['w1', 'w2', 'w3'].map((id) => house.state.book.balance(id, 'USD'));
    const events = proposed(house, {
      type: 'TearUpPositions',
      instrument: 'BTC-PERP',
      size: '5',
      share: null,
      reason: 'nobody buys',
    }) as Event[];
    const { decided } = onlyOf(events, 'DeleveragingDecided');
    expect(decided).toMatchObject({ cause: 'TEAR_UP', method: 'OPEN_INTEREST', size: -50n, used: 0n, affected: 3 });
    // 50 lots over 60, 30 and 20: 27.27, 13.64, 9.09.
    const pairs = ofType(events, 'PositionDeleveraged');
    expect(new Map(pairs.map(({ account, size }) => [account, size]))).toEqual(
      new Map([
        ['w1', 27n],
        ['w2', 14n],
        ['w3', 9n],
      ]),
    );
    expect(['w1', 'w2', 'w3'].map((id, i) => house.state.book.balance(id, 'USD') - (before[i] ?? 0n))).toEqual([
      1_080_000n,
      560_000n,
      360_000n,
    ]);
    expect(sizeOf(house, 'close-out:USD')).toBe(50n);
  });

  test('a share of the inventory is rounded up to whole lots', () => {
    const house = holding();
    const events = proposed(house, {
      type: 'TearUpPositions',
      instrument: 'BTC-PERP',
      size: null,
      share: '0.333',
      reason: 'r',
    }) as Event[];
    expect(onlyOf(events, 'DeleveragingDecided').decided.size).toBe(-34n);
  });

  test.each([
    ['no such instrument', { instrument: 'X', size: '1', share: null }, 'INSTRUMENT_NOT_FOUND'],
    ['neither size nor share', { size: null, share: null }, 'VALUE_OUT_OF_RANGE'],
    ['both', { size: '1', share: '1' }, 'VALUE_OUT_OF_RANGE'],
    ['nothing', { size: '0', share: null }, 'SIZE_NOT_POSITIVE'],
    ['off the lot', { size: '0.01', share: null }, 'SIZE_OFF_LOT'],
    ['a share above one', { size: null, share: '1.5' }, 'VALUE_OUT_OF_RANGE'],
    ['more than there is', { size: '10.1', share: null }, 'INVENTORY_TOO_SMALL'],
  ] as const)('%s is refused', (_, fields, code) => {
    expect(holding().refusal({ type: 'TearUpPositions', instrument: 'BTC-PERP', reason: 'r', ...fields })).toBe(code);
  });

  test('a stale price tears up nothing', () => {
    const house = holding();
    house.pass('8d');
    expect(
      house.refusal({ type: 'TearUpPositions', instrument: 'BTC-PERP', size: '1', share: null, reason: 'r' }),
    ).toBe('PRICE_STALE');
  });

  test('as a layer it closes what was taken over whole, and shares the rest of the loss by what each holds', () => {
    const house = deleveragingHouse({ layers: ['INSURANCE_FUND', 'TEAR_UP'], fund: '1000' });
    openAccount(house, 'bad', '30000');
    openAccount(house, 'w1', '500000');
    openAccount(house, 'w2', '500000');
    trade(house, 'bad', 'w1', '6', '50000');
    trade(house, 'bad', 'w2', '3', '50000');
    const events = mark(house, '46000'); // 36,000 lost, 30,000 there, 1,000 in the fund
    expect(
      new Map(ofType(events, 'PositionDeleveraged').map(({ account, size, forgone }) => [account, [size, forgone]])),
    ).toEqual(
      new Map([
        ['w1', [60n, 333_333n]],
        ['w2', [30n, 166_667n]],
      ]),
    );
    expect(sizeOf(house, 'close-out:USD')).toBe(0n);
  });
});

describe('limits against the free float', () => {
  const limits = {
    type: 'SetMarketLimits',
    instrument: 'BTC-PERP',
    float: '1000',
    openInterestShare: '0.02',
    positionShare: '0.01',
  } as const;

  test('S07 open interest is not raised above its share; what only changes hands passes', () => {
    const house = deleveragingHouse();
    house.send(limits);
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) openAccount(house, id, '9000000');
    trade(house, 'a', 'b', '10', '50000');
    trade(house, 'c', 'd', '10', '50000');
    expect(house.state.marketLimits.get('BTC-PERP')?.openInterest).toBe(200n);
    expect(house.refusal(tradeTo('e', 'f', '0.1'))).toBe('OPEN_INTEREST_LIMIT');
    trade(house, 'e', 'a', '10', '50000'); // a's long goes to e
    trade(house, 'd', 'e', '4', '50000');
    expect(house.state.marketLimits.get('BTC-PERP')?.openInterest).toBe(160n);
    trade(house, 'f', 'a', '4', '50000');
  });

  test('S11 nobody holds more than its share, over all accounts of an owner, and orders count', () => {
    const house = deleveragingHouse();
    house.send({ ...limits, openInterestShare: null });
    openAccount(house, 'm1', '90000000', { owner: 'mango' });
    openAccount(house, 'm2', '90000000', { owner: 'mango' });
    openAccount(house, 'maker', '90000000');
    trade(house, 'm1', 'maker', '6', '50000');
    expect(house.refusal(tradeTo('m2', 'maker', '4.1'))).toBe('POSITION_ABOVE_FLOAT');
    // Both sides of a trade are its own: they are counted together, whatever their signs.
    expect(house.refusal(tradeTo('m1', 'm2', '2.1'))).toBe('POSITION_ABOVE_FLOAT');
    expect(
      house.refusal({
        type: 'PlaceOrder',
        order: 'o',
        account: 'm2',
        instrument: 'BTC-PERP',
        side: 'BUY',
        size: '4.1',
        price: '50000',
      }),
    ).toBe('POSITION_ABOVE_FLOAT');
    trade(house, 'm2', 'maker', '4', '50000');
    trade(house, 'maker', 'm1', '1', '50000'); // less is always possible
  });

  test('S11 to let more in needs a second person, to let less in does not', () => {
    const house = deleveragingHouse();
    openAccount(house, 'a', '1');
    openAccount(house, 'b', '1');
    openAccount(house, 'c', '1');
    house.send(limits);
    house.send({ ...limits, positionShare: '0.005' });
    expect(house.state.marketLimits.get('BTC-PERP')?.version).toBe(2);
    house.send({ ...limits, float: '2000' });
    expect([house.state.proposals.size, house.state.marketLimits.get('BTC-PERP')?.version]).toEqual([1, 2]);
  });

  test.each([
    ['no such instrument', { instrument: 'X' }, 'INSTRUMENT_NOT_FOUND'],
    ['no float', { float: '0' }, 'SIZE_NOT_POSITIVE'],
    ['off the lot', { float: '0.01' }, 'SIZE_OFF_LOT'],
    ['a share of nothing', { positionShare: '0' }, 'VALUE_OUT_OF_RANGE'],
    ['a share above one', { openInterestShare: '1.5' }, 'VALUE_OUT_OF_RANGE'],
  ] as const)('%s is refused', (_, fields, code) => {
    expect(deleveragingHouse().refusal({ ...limits, ...fields })).toBe(code);
  });
});

const tradeTo = (buyer: string, seller: string, size: string) =>
  ({
    type: 'SubmitTrade',
    trade: `z${buyer}${seller}${size}`,
    instrument: 'BTC-PERP',
    buyer,
    seller,
    price: '50000',
    size,
    taker: null,
    buyOrder: null,
    sellOrder: null,
  }) as const;
