/**
 * Gains are an owner's, whatever account they stand in: a trade with oneself makes nobody asked for less.  Rules: SL-2,
 * X-1; ruling 14
 */

import type { Command } from '../../../src/core/message/command';
import { gainOf, ownedGains } from '../../../src/core/settlement/tally/gains';
import { auctionHouse, auctionIn, inDebt, longWith, quoteEth, takeOf } from '../../support/auction';
import { flatTiers, mark, onePerpetual, openAccount, trade } from '../../support/given';
import { amended, type TestHouse } from '../../support/house';
import { byTwo } from '../../support/ladder';
import { onlyOf } from '../../support/liquidation';
import { expectReplays, expectTwins, restored } from '../../support/twin';
import { lossPolicy } from '../../support/waterfall';

interface Two {
  readonly owners?: readonly [string, string];
  readonly side?: 'falls' | 'rises';
  readonly before?: (deal: (buyer: string, seller: string, size: string, price: string) => void) => void;
}

/**
 * `bad` lacks 5,000 after a move by 1,500; `w` has gained 15,000 on it. Of the two accounts of an owner one has gained
 * 6,000 and the other lost 4,500 by then. Everything else is the maker's, who has lost.
 */
function two({ owners = ['o', 'o'], side = 'falls', before }: Two = {}): TestHouse {
  const house = onePerpetual({ tiers: flatTiers('0.02', '0.01') });
  house.send(lossPolicy(['SOCIALIZED_LOSS']));
  const deal = (buyer: string, seller: string, size: string, price: string): void => {
    if (side === 'falls') trade(house, buyer, seller, size, price);
    else trade(house, seller, buyer, size, String(100_000 - Number(price)));
  };
  openAccount(house, 'bad', '10000');
  for (const id of ['w', 'maker']) openAccount(house, id, '900000');
  openAccount(house, 'o1', '50000', { owner: owners[0] });
  openAccount(house, 'o2', '50000', { owner: owners[1] });
  deal('bad', 'w', '10', '50000');
  deal('maker', 'o1', '4', '50000');
  deal('o2', 'maker', '3', '50000');
  before?.(deal);
  return house;
}

const sharesOf = (house: TestHouse, price = '48500') => {
  const { cases, shares } = onlyOf(mark(house, price), 'LossAllocated');
  expect(cases).toMatchObject([{ account: 'bad', loss: 500_000n }]);
  expectReplays(house.state, house.entries);
  expectTwins(restored(house.state), house.state);
  return shares.map(({ account, weight, amount }) => [account, weight, amount]);
};

// 15,000 and 6,000 - 4,500 share 5,000.
const NETTED = [
  ['o1', 150_000n, 45_455n],
  ['w', 1_500_000n, 454_545n],
];

test.each([
  ['falls', '48500'],
  ['rises', '51500'],
] as const)(
  'SL-2 what an owner lost in one account is set against what it gained in another: the market %s',
  (side, price) => {
    expect(sharesOf(two({ side }), price)).toEqual(NETTED);
  },
);

test('SL-2 control: two owners are asked each by its own', () => {
  expect(sharesOf(two({ owners: ['o', 'p'] }))).toEqual([
    ['o1', 600_000n, 142_857n],
    ['w', 1_500_000n, 357_143n],
  ]);
});

// 3 between the two at 500 less or more than they are worth: 1,500 change accounts, and the owner is worth what it was.
test.each(['49500', '50500'])(
  'SL-2 X-1 a trade with oneself at %s moves gains, and nobody is asked for more or less by it',
  (price) => {
    expect(sharesOf(two({ before: (deal) => deal('o2', 'o1', '3', price) }))).toEqual(NETTED);
  },
);

test('SL-2 X-1 control: the same trade between two owners makes the one asked for less and the other bear its loss', () => {
  const before: NonNullable<Two['before']> = (deal) => deal('o1', 'o2', '3', '49500');
  expect(sharesOf(two({ owners: ['o', 'p'], before }))[0]?.[1]).toBe(600_000n - 300_000n);
});

test('SL-2 of several accounts that gained each is asked for its part of what the owner gained, to the unit', () => {
  // 6,000 and 1,500 gained, 4,500 lost: 3,000, of which four fifths and one fifth.
  const house = two();
  openAccount(house, 'o3', '50000', { owner: 'o' });
  trade(house, 'maker', 'o3', '1', '50000');
  expect(sharesOf(house).map(([account, weight]) => [account, weight])).toEqual([
    ['o1', 240_000n],
    ['o3', 60_000n],
    ['w', 1_500_000n],
  ]);
});

/** `alice` lost 5,000 of 1,000 and 40 coins, which bring 2,400; `twin`, on the other side, has gained the 5,000. */
describe('SL-2 what others bear is no loss of the owner', () => {
  const hedged = (owner: string): TestHouse => {
    const house = inDebt({}, (made) => {
      openAccount(made, 'twin', '20000', { owner });
      trade(made, 'maker', 'twin', '1', '50000');
      byTwo(made, lossPolicy(['SOCIALIZED_LOSS']));
    });
    quoteEth(house, '50');
    return house;
  };
  const borne = (house: TestHouse) => {
    house.pass('61m'); // a second round, at 60
    const { cases, shares } = onlyOf(house.send(takeOf(auctionIn(house), '40', '60')), 'LossAllocated');
    return { loss: cases[0]?.loss, shares: shares.map(({ account, weight, amount }) => [account, weight, amount]) };
  };

  test('SL-2 who is on both sides is asked for just what its other account lacks', () => {
    const house = hedged('alice');
    expect(borne(house)).toEqual({ loss: 160_000n, shares: [['twin', 160_000n, 160_000n]] });
    expect(['alice', 'twin'].map((id) => house.state.book.stateOf(id).levied)).toEqual([-160_000n, 160_000n]);
    const twin = house.state.book.account('twin');
    expect(twin && ownedGains(house.state)(twin)).toBe(0n);
    expectReplays(house.state, house.entries);
  });

  test('SL-2 control: another owner is asked by all it gained', () => {
    const house = hedged('twin');
    expect(borne(house)).toEqual({ loss: 160_000n, shares: [['twin', 500_000n, 160_000n]] });
    const twin = house.state.book.account('twin');
    expect(twin && ownedGains(house.state)(twin)).toBe(340_000n);
  });
});

test.each([0, 8])('SL-2 in a currency of %i digits', (scale) => {
  const scaled = (command: Command): Command =>
    command.type === 'DefineCurrency' && command.currency === 'USD'
      ? { ...command, scale }
      : command.type === 'DefineInstrument'
        ? { ...command, tick: '1', lot: '1' }
        : command;
  const house = amended(scaled, () => two());
  const { shares } = onlyOf(mark(house, '48500'), 'LossAllocated');
  const unit = 10n ** BigInt(scale);
  expect(shares.map(({ account, weight }) => [account, weight / unit])).toEqual([
    ['o1', 1_500n],
    ['w', 15_000n],
  ]);
  expect(shares.map(({ amount }) => amount)).toEqual([
    (5000n * unit + 5n) / 11n,
    5000n * unit - (5000n * unit + 5n) / 11n,
  ]);
});

test(
  'SL-2 what was owed from before the period is no gain: who is covered for more than it lost in it has gained ' +
    'nothing',
  () => {
    // At 47,000 `alice` owes 2,000, settled, to 40 coins of 110. A day on she has lost 100 more when they are worth 50
    // cents each.
    const house = auctionHouse({ policy: null, fund: '100000', interval: null });
    byTwo(house, lossPolicy(['INSURANCE_FUND', 'SOCIALIZED_LOSS']));
    longWith(house, 'alice', '40');
    mark(house, '47000');
    house.pass('24h');
    mark(house, '46900');
    const { cases } = onlyOf(quoteEth(house, '0.50'), 'LossAllocated');
    expect(cases[0]?.account).toBe('alice');
    expect((cases[0]?.loss ?? 0n) > 200_000n).toBe(true);
    // Taken over for 2,086 more than the mark, which is what the fund bears.
    expect(gainOf(house.state, 'alice')).toBe(0n);
  },
);
