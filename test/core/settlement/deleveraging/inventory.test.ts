/**
 * The cap of the house's inventory: its loss, whatever the next tick is; limits against the free float; tear-up.
 * Rules: S07, BY-A1, S11
 */

import { digestOf } from '../../../../src/core/engine/digest';
import { restoreState, saveState } from '../../../../src/core/engine/snapshot';
import type { CommandOf } from '../../../../src/core/message/command';

import type { Event } from '../../../../src/core/message/event';
import { deleveragingHouse, deleveragingPolicy, ledgerOf } from '../../../support/deleveraging';
import { definePerpetual, flatTiers, mark, openAccount, trade } from '../../../support/given';
import { ofType, type TestHouse } from '../../../support/house';
import { byTwo } from '../../../support/ladder';
import { fillOf, onlyOf, openOrders, sizeOf } from '../../../support/liquidation';
import { fall, fallen, given, lossPolicy } from '../../../support/waterfall';

const CAPPED = 'close-out:USD:JELLY-PERP';
const capOfTwoPercent = { amount: null, fundShare: '0.02', stop: '1/2' };

/**
 * S07: short 421,052,631 with so little behind it that at 0.0095 nothing is left; the fund holds 230,000,000, of which
 * the inventory may lose 2 %. Money to six digits, so that a tick of one unit is whole.
 */
function jelly(cap: CommandOf<'SetDeleveragingPolicy'>['inventoryCap']): TestHouse {
  const house = deleveragingHouse({ scale: 6, layers: ['INSURANCE_FUND', 'SOCIALIZED_LOSS'], fund: '230000000' });
  definePerpetual(house, 'JELLY-PERP', {
    price: '0.009498',
    tick: '0.000001',
    lot: '1',
    tiers: flatTiers('0.0002', '0.0001'),
  });
  if (cap) house.send(deleveragingPolicy({ instrument: 'JELLY-PERP', bound: 'MAINTENANCE', inventoryCap: cap }));
  openAccount(house, 'seller', '842.105262');
  for (const id of ['long-1', 'long-2']) openAccount(house, id, '20000000');
  trade(house, 'long-1', 'seller', '300000000', '0.009498', 'JELLY-PERP');
  trade(house, 'long-2', 'seller', '121052631', '0.009498', 'JELLY-PERP');
  return house;
}

const jellyAt = (house: TestHouse, price: string): Event[] => mark(house, price, 'JELLY-PERP');

/** No venue fills it in time: the house takes the short over at its bankruptcy price, 0.0095. */
function taken(cap: CommandOf<'SetDeleveragingPolicy'>['inventoryCap']): TestHouse {
  const house = jelly(cap);
  jellyAt(house, '0.0095');
  house.pass('31s');
  return house;
}

const fundOf = (house: TestHouse): bigint => ledgerOf(house, 'insurance-fund');

describe('S07 the inventory of one instrument loses no more than its cap', () => {
  test('S07 what was taken over stands on an account of its own, and nothing else answers for it', () => {
    const house = taken(capOfTwoPercent);
    expect([sizeOf(house, CAPPED, 'JELLY-PERP'), sizeOf(house, 'close-out:USD', 'JELLY-PERP')]).toEqual([
      -421_052_631n,
      0n,
    ]);
    expect(house.state.book.account(CAPPED)).toMatchObject({
      kind: 'CLOSE_OUT',
      mode: 'ISOLATED',
      instrument: 'JELLY-PERP',
    });
  });

  test(
    'S07 a tick before the cap nothing is closed; at it the inventory is deleveraged whole; 4,600,000 are ' +
      'lost, no more',
    () => {
      const house = taken(capOfTwoPercent);
      expect(ofType(jellyAt(house, '0.020424'), 'DeleveragingDecided')).toEqual([]);
      const { decided } = onlyOf(jellyAt(house, '0.020425'), 'DeleveragingDecided');
      expect(decided).toMatchObject({ cause: 'INVENTORY_CAP', account: CAPPED, size: 421_052_631n, overshoot: 0n });
      expect(sizeOf(house, CAPPED, 'JELLY-PERP')).toBe(0n);
      expect(fundOf(house) >= 225_400_000_000_000n).toBe(true);
      // From here on no price concerns the house any more.
      const left = fundOf(house);
      for (const price of ['0.038', '0.5', '0.001']) jellyAt(house, price);
      expect(fundOf(house)).toBe(left);
    },
  );

  test.each(['0.021', '0.038', '0.05', '0.0559'])(
    'S07 a gap to %s: the holders give up what is beyond the cap, and the fund loses exactly 4,600,000.00',
    (price) => {
      const house = taken(capOfTwoPercent);
      const events = jellyAt(house, price);
      const { decided } = onlyOf(events, 'DeleveragingDecided');
      expect(fundOf(house)).toBe(225_400_000_000_000n);
      expect(decided.used).toBe(decided.budget);
      expect(ofType(events, 'PositionDeleveraged').map(({ account }) => account)).toEqual(['long-1', 'long-2']);
      expect(house.state.inventoryDraws.get(CAPPED)).toEqual({ drawn: 4_600_000_000_000n, reached: true });
    },
  );

  test('S07 control: without a cap the same gap to 0.038 costs the fund 11,999,999.98', () => {
    const house = taken(null);
    jellyAt(house, '0.038');
    // 421,052,631 x 0.0285
    expect(230_000_000_000_000n - fundOf(house)).toBe(11_999_999_983_500n);
    expect(sizeOf(house, 'close-out:USD', 'JELLY-PERP')).toBe(-421_052_631n);
  });

  test('S07 reached once, the cap does not keep new inventory before the stop: it goes to the holders at once', () => {
    const house = taken(capOfTwoPercent);
    jellyAt(house, '0.038');
    openAccount(house, 'again', '8');
    openAccount(house, 'buyer', '20000000');
    trade(house, 'buyer', 'again', '1000000', '0.038', 'JELLY-PERP');
    const events = jellyAt(house, '0.0381'); // loses 100 of its 8
    expect(ofType(events, 'DeleveragingDecided').map(({ decided }) => [decided.cause, decided.size])).toEqual([
      ['INVENTORY_CAP', 1_000_000n],
    ]);
    expect([fundOf(house), sizeOf(house, CAPPED, 'JELLY-PERP')]).toEqual([225_400_000_000_000n, 0n]);
    // A new period counts from zero: the next inventory is kept.
    house.pass('7d');
    expect(house.state.inventoryDraws.has(CAPPED)).toBe(false);
  });

  test.each([
    ['to those who bore the loss', true, { 'house-capital': 48_000n, 'insurance-fund': 0n }],
    ['control: to the fund', false, { 'house-capital': 40_000n, 'insurance-fund': 8_000n }],
  ])('S07 SL-4 what the inventory gives back makes room again, %s', (_, surplusToClaims, ledgers) => {
    const house = given({ policy: lossPolicy(['HOUSE_CAPITAL'], { surplusToClaims }), own: '80', capital: '500' });
    const [inventory, inventoryCap] = ['close-out:USD:BTC-PERP', { amount: '1000', fundShare: null, stop: '1/2' }];
    byTwo(house, deleveragingPolicy({ instrument: 'BTC-PERP', inventoryCap }));
    const drawn = () => house.state.inventoryDraws.get(inventory)?.drawn;
    fall(house, '180'); // taken over at 920, worth 820
    expect(drawn()).toBe(10_000n);
    fallen(house, '100');
    house.pass('1d');
    const [order] = openOrders(house, inventory);
    if (order) house.send(fillOf(order, '900', '1', 'w', 'sale'));
    expect(Object.fromEntries(Object.keys(ledgers).map((name) => [name, ledgerOf(house, name)]))).toEqual(ledgers);
    expect(drawn()).toBe(2_000n);
  });

  test('X-3 draws and policies are in the digest and survive a snapshot', () => {
    const house = taken(capOfTwoPercent);
    jellyAt(house, '0.038');
    expect(digestOf(restoreState(saveState(house.state)))).toBe(digestOf(house.state));
    house.state.inventoryDraws.set(CAPPED, { drawn: 1n as never, reached: false });
    expect(digestOf(restoreState(saveState(house.state)))).toBe(digestOf(house.state));
  });
});

test('BY-A1 a drawdown of 35 % of the fund with a trigger of 30 %: deleveraging bears the 50,000 beyond it', () => {
  const house = deleveragingHouse({ layers: ['INSURANCE_FUND', 'SOCIALIZED_LOSS'], fund: '1000000' });
  // Stops at 25 %: five sixths of the trigger.
  const cap = { amount: null, fundShare: '0.3', stop: '5/6' };
  house.send(deleveragingPolicy({ instrument: 'BTC-PERP', bound: 'MAINTENANCE', inventoryCap: cap }));
  openAccount(house, 'bad', '250000');
  openAccount(house, 'holder', '5000000');
  trade(house, 'bad', 'holder', '100', '50000');
  const events = mark(house, '44000'); // 600,000 lost, 250,000 there
  const { decided } = onlyOf(events, 'DeleveragingDecided');
  expect([decided.budget, decided.used, decided.cause]).toEqual([5_000_000n, 5_000_000n, 'INVENTORY_CAP']);
  expect(ledgerOf(house, 'insurance-fund')).toBe(70_000_000n);
});

describe('deleveraging policies that are refused', () => {
  test.each([
    ['no such currency', { currency: 'EUR' }, 'CURRENCY_NOT_FOUND'],
    ['no such instrument', { instrument: 'X' }, 'INSTRUMENT_NOT_FOUND'],
    ['an instrument of another currency', { currency: 'BTC', instrument: 'BTC-PERP' }, 'CURRENCY_MISMATCH'],
    ['a cap of no one instrument', { inventoryCap: capOfTwoPercent }, 'CAP_INVALID'],
    [
      'a cap of nothing',
      { instrument: 'BTC-PERP', inventoryCap: { amount: null, fundShare: null, stop: '1' } },
      'CAP_INVALID',
    ],
    [
      'an amount below zero',
      { instrument: 'BTC-PERP', inventoryCap: { amount: '-1', fundShare: null, stop: '1' } },
      'VALUE_OUT_OF_RANGE',
    ],
    [
      'an amount with too many digits',
      { instrument: 'BTC-PERP', inventoryCap: { amount: '0.001', fundShare: null, stop: '1' } },
      'TOO_MANY_DIGITS',
    ],
    [
      'a share above one',
      { instrument: 'BTC-PERP', inventoryCap: { amount: null, fundShare: '1.1', stop: '1' } },
      'VALUE_OUT_OF_RANGE',
    ],
    [
      'a stop above the cap',
      { instrument: 'BTC-PERP', inventoryCap: { amount: '1', fundShare: null, stop: '1.1' } },
      'VALUE_OUT_OF_RANGE',
    ],
  ] as const)('%s', (_, fields, code) => {
    expect(deleveragingHouse().refusal(deleveragingPolicy(fields))).toBe(code);
  });

  test('X-6 every change is a new version, and decisions name the one they were made by', () => {
    const house = deleveragingHouse();
    house.send(deleveragingPolicy({ method: 'QUEUE' }));
    house.send(deleveragingPolicy({ instrument: 'BTC-PERP' }));
    expect([...house.state.deleveragingPolicies].map(([key, { version, method }]) => [key, version, method])).toEqual([
      ['USD', 2, 'QUEUE'],
      ['USD BTC-PERP', 1, 'PRO_RATA'],
    ]);
  });

  test('S07 a cap is not set while inventory stands on the account of all', () => {
    const house = taken(null);
    const [proposal] = proposed(house, deleveragingPolicy({ instrument: 'JELLY-PERP', inventoryCap: capOfTwoPercent }));
    expect(proposal).toBe('INVENTORY_HELD');
  });
});

/** Sends what needs a second person and approves it; the code of a refusal, or the events of the approval. */
function proposed(house: TestHouse, command: Parameters<TestHouse['send']>[0]): [string] | Event[] {
  const first = house.try(command);
  if ('rejection' in first) return [first.rejection.code];
  const [proposal] = [...house.state.proposals.values()];
  if (!proposal) throw new Error('Nothing was proposed');
  return house.send(
    { type: 'ApproveProposal', proposal: proposal.id, hash: proposal.hash },
    { id: 'second', role: 'RISK_OFFICER', member: null },
  );
}

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
