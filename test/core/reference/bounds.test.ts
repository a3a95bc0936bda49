/** Quantities have bounds, each by its type: where they enter, where they add up, where they are multiplied.  X-2 */

import type { Command } from '../../../src/core/message/command';
import { reject } from '../../../src/core/message/rejection';
import { MOST_CASH, MOST_LOTS, MOST_PRICE } from '../../../src/units/bounds';
import { formatScaled } from '../../../src/units/decimal';
import { flatTiers, mark, onePerpetual, openAccount, tradeOf } from '../../support/given';
import type { TestHouse } from '../../support/house';

const cents = (amount: bigint): string => formatScaled(amount, 2);
const tenths = (count: bigint): string => formatScaled(count, 1);
const deposit = (amount: bigint, account = 'alice'): Command => ({
  type: 'DepositCollateral',
  account,
  currency: 'USD',
  amount: cents(amount),
});

function houseOf(): TestHouse {
  const house = onePerpetual();
  for (const account of ['alice', 'bob']) openAccount(house, account);
  return house;
}

/** The code a command is refused with; null where it is taken. */
function codeOf(house: TestHouse, command: Command): string | null {
  const before = house.state.seq;
  try {
    return house.refusal(command);
  } catch {
    expect(house.state.seq).toBe(before + 1);
    return null;
  }
}

describe('money', () => {
  const INFLOWS: readonly [string, (amount: string) => Command][] = [
    ['a deposit', (amount) => ({ type: 'DepositCollateral', account: 'alice', currency: 'USD', amount })],
    ['house capital', (amount) => ({ type: 'ContributeHouseCapital', currency: 'USD', amount })],
    [
      'the insurance fund',
      (amount) => ({ type: 'ContributeToInsuranceFund', currency: 'USD', amount, source: 'EXTERNAL' }),
    ],
    ['the default fund', (amount) => ({ type: 'ContributeToDefaultFund', member: 'broker', currency: 'USD', amount })],
    [
      'a tranche of the house',
      (amount) => ({ type: 'ContributeHouseTranche', tranche: 'HOUSE_FURTHER', currency: 'USD', amount }),
    ],
    ['income of the backstop pool', (amount) => ({ type: 'AddBackstopIncome', currency: 'USD', amount })],
  ];

  test.each(INFLOWS)(
    '%s: the bound itself is too much, one unit less is taken, and then there is room for nothing more',
    (_, inflow) => {
      const house = houseOf();
      expect(house.refusal(inflow(cents(MOST_CASH)))).toBe('VALUE_OUT_OF_RANGE');
      house.send(inflow(cents(MOST_CASH - 1n)));
      for (const [, other] of INFLOWS) expect(house.refusal(other('0.01'))).toBe('VALUE_OUT_OF_RANGE');
      expect(house.state.ledger.get('external USD')).toBe(1n - MOST_CASH);
    },
  );

  test('what has left makes room again', () => {
    const house = houseOf();
    house.send(deposit(MOST_CASH - 1n));
    expect(house.refusal(deposit(1n, 'bob'))).toBe('VALUE_OUT_OF_RANGE');
    house.send({ type: 'WithdrawCollateral', account: 'alice', currency: 'USD', amount: '0.01' });
    house.send(deposit(1n, 'bob'));
    expect(house.refusal(deposit(1n))).toBe('VALUE_OUT_OF_RANGE');
  });
});

describe('prices and sizes', () => {
  const price = (ticks: bigint) => tenths(ticks);

  test('a price is below its bound, whoever says it, and so is one below zero', () => {
    const house = houseOf();
    for (const text of [price(MOST_PRICE), '9'.repeat(40)]) {
      expect(house.refusal({ type: 'SetMarkPrice', instrument: 'BTC-PERP', price: text, reason: 'r' })).toBe(
        'VALUE_OUT_OF_RANGE',
      );
      const quote = { instrument: 'BTC-PERP', price: text, bid: null, ask: null, observedAt: null };
      expect(house.refusal({ type: 'SubmitMarkPrices', source: 'venue', prices: [quote] })).toBe('VALUE_OUT_OF_RANGE');
    }
    mark(house, price(MOST_PRICE - 1n));
    expect(house.state.listings.get('BTC-PERP')?.mark?.price).toBe(MOST_PRICE - 1n);
  });

  test('a trade is worth less than there can be of its currency, and nobody holds more than can be counted', () => {
    const house = houseOf();
    for (const account of ['alice', 'bob']) house.send(deposit(MOST_CASH / 4n, account));
    mark(house, '1');
    const sized = (size: string, at = '1') => codeOf(house, { ...tradeOf('alice', 'bob', size, at) });
    expect(sized(tenths(MOST_LOTS))).toBe('VALUE_OUT_OF_RANGE');
    // A cent a tick and lot: 10^18 ticks less one, times 10^10 lots, are just below 10^28 cents.
    expect(sized(tenths(10n ** 10n + 1n), price(MOST_PRICE - 1n))).toBe('VALUE_OUT_OF_RANGE');
    expect(sized(tenths(MOST_LOTS - 1n))).toBeNull();
    expect(sized('0.1')).toBe('VALUE_OUT_OF_RANGE');
    const order = {
      type: 'PlaceOrder',
      account: 'bob',
      instrument: 'BTC-PERP',
      side: 'SELL',
      price: '1',
      order: 'o',
    } as const;
    expect(house.refusal({ ...order, size: '0.1' })).toBe('VALUE_OUT_OF_RANGE');
    expect(sized('0.1', '1')).toBe('VALUE_OUT_OF_RANGE');
  });
});

describe('terms', () => {
  test.each`
    field           | value                     | code
    ${'multiplier'} | ${`1${'0'.repeat(28)}`}   | ${'VALUE_OUT_OF_RANGE'}
    ${'multiplier'} | ${'1000000000'}           | ${'VALUE_OUT_OF_RANGE'}
    ${'multiplier'} | ${'999999999'}            | ${null}
    ${'tick'}       | ${'1000000000'}           | ${'VALUE_OUT_OF_RANGE'}
    ${'lot'}        | ${`0.${'0'.repeat(18)}1`} | ${'VALUE_OUT_OF_RANGE'}
    ${'lot'}        | ${'999999999'}            | ${null}
  `('$field of $value: $code', ({ field, value, code }) => {
    const house = onePerpetual();
    const terms = {
      type: 'DefineInstrument',
      instrument: 'ODD',
      kind: 'PERPETUAL',
      base: 'BTC',
      quote: 'USD',
      settlement: 'USD',
      tick: '0.1',
      lot: '0.1',
      multiplier: '1',
      index: null,
      markMethod: 'VENUE',
      markBand: null,
      priceBand: null,
      heartbeat: 1_000,
      ...{ allowsNonPositivePrice: false, expiry: null, variationInterval: null, makerFee: '0', takerFee: '0' },
    };
    expect(codeOf(house, { ...terms, [field]: value } as Command)).toBe(code);
  });

  test('what a lot gains a tick has a bound of its own', () => {
    const house = onePerpetual();
    const steps = { tick: '999999999', lot: '999999999', multiplier: '1' };
    expect(
      house.refusal({
        type: 'DefineInstrument',
        instrument: 'ODD',
        kind: 'PERPETUAL',
        base: 'BTC',
        quote: 'USD',
        settlement: 'USD',
        ...steps,
        index: null,
        markMethod: 'VENUE',
        markBand: null,
        priceBand: null,
        heartbeat: 1_000,
        allowsNonPositivePrice: false,
        ...{ expiry: null, variationInterval: null, makerFee: '0', takerFee: '0' },
      } as Command),
    ).toBe('VALUE_OUT_OF_RANGE');
  });

  test('a schedule has at most 64 tiers, and rates with a common denominator that can be counted in', () => {
    const house = onePerpetual();
    const tiers = Array.from({ length: 65 }, (_, i) => ({
      ...{ floor: String(i * 10), cap: i === 64 ? null : String(i * 10 + 10), deduction: null },
      ...{ initialRate: '0.1', maintenanceRate: '0.05' },
    }));
    const set = (given: typeof tiers): Command => ({
      type: 'SetTierSchedule',
      instrument: 'BTC-PERP',
      tiers: given,
      effectiveAt: null,
    });
    expect(house.refusal(set(tiers))).toBe('VALUE_OUT_OF_RANGE');
    expect(house.refusal(set([]))).toBe('TIERS_NOT_CONTIGUOUS');
    const [one] = flatTiers('0.1', '0.05');
    const primes = ['1/999999999989', '1/999999999961', '1/999999999959', '1/999999999937'];
    const fine = primes.map((rate, i) => ({
      ...{ ...(one as (typeof tiers)[number]), floor: String(i * 10), cap: i === 3 ? null : String(i * 10 + 10) },
      ...{ initialRate: '0.5', maintenanceRate: rate },
    }));
    expect(house.refusal(set(fine))).toBe('VALUE_OUT_OF_RANGE');
  });
});

test('a detail of a rejection is cut, and never within a character', () => {
  const { details } = reject('ID_INVALID', {
    member: 'm'.repeat(95_000),
    mood: `${'x'.repeat(199)}😀${'y'.repeat(50)}`,
    short: 'as it is',
  });
  expect(details).toEqual({ member: `${'m'.repeat(200)}…`, mood: `${'x'.repeat(199)}…`, short: 'as it is' });
});
