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
import { proposed } from '../../../support/proposed';
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
