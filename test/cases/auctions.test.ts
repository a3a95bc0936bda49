/**
 * Worked cases of collateral auctions, through a house that is given the parameters of the source and nothing of what
 * comes out. Source: makerdao/dss@fa4f663, src/test/clip.t.sol. There an auction is started and reset by a keeper, who
 * is paid alike for both; here the house starts it, and pays whoever resets it.
 */

import type { CommandOf } from '../../src/core/message/command';
import { RAY } from '../../src/core/settlement/auction/curve';
import { auctionPriceOf } from '../../src/core/settlement/auction/terms';
import { auctionHouse, auctionIn, longWith, quoteEth } from '../support/auction';
import { mark } from '../support/given';
import type { TestHouse } from '../support/house';
import { onlyOf } from '../support/liquidation';

/** `alice` owes 100 and has 40 ETH at 4: counted at half, they are worth less than that. */
function owing(policy: Partial<CommandOf<'SetAuctionPolicy'>>): TestHouse {
  const house = auctionHouse({ policy, discount: '0.5', fund: '1000' });
  longWith(house, 'alice', '40');
  quoteEth(house, '4');
  mark(house, '48900');
  return house;
}

const reset = (house: TestHouse) => ({ type: 'ResetAuction' as const, auction: auctionIn(house).id, account: 'b1' });

describe('A06 penalty 1.1, buffer 1, a flat reward of 100', () => {
  const CLIP = { penaltyMultiplier: '1.1', startMultiplier: '1', resetReward: '100', resetRewardRate: '0' };

  test('A06 the target is 110, the lot 40, the top 4, and who sees to it gets 100', () => {
    const house = owing({ ...CLIP, priceFloorShare: '0.9' });
    expect(auctionIn(house)).toMatchObject({ debt: 10_000n, target: 11_000n, quantity: 4_000_000_000n, top: 4n * RAY });
    house.pass('11m'); // 0.99 to the eleventh is below nine tenths
    const before = house.state.book.balance('b1', 'USD');
    house.send(reset(house));
    expect(house.state.book.balance('b1', 'USD') - before).toBe(10_000n);
  });

  test('A06 control: with a buffer, another penalty and a share of the target all three are others', () => {
    const house = owing({
      ...CLIP,
      penaltyMultiplier: '1.2',
      startMultiplier: '1.25',
      resetRewardRate: '0.02',
      priceFloorShare: '0.9',
    });
    expect(auctionIn(house)).toMatchObject({ target: 12_000n, top: 5n * RAY });
    house.pass('11m');
    const before = house.state.book.balance('b1', 'USD');
    house.send(reset(house));
    expect(house.state.book.balance('b1', 'USD') - before).toBe(10_240n);
  });
});

describe('A16 linear over 36,000 s, reset after 3,600 s or below half of the top, buffer 1.25', () => {
  const CLIP = {
    curve: { shape: 'LINEAR', duration: 36_000_000 },
    ...{ startMultiplier: '1.25', roundDuration: 3_600_000, priceFloorShare: '0.5', reserveShare: '0.3' },
  } as const;

  test('A16 not at 3,600 s, but at 3,601 s: then the top is 1.25 of the feed of that time, 3.75', () => {
    const house = owing(CLIP);
    expect(auctionIn(house).top).toBe(5n * RAY);
    house.pass('3600s');
    quoteEth(house, '3');
    expect(house.refusal(reset(house))).toBe('RESET_NOT_DUE');
    expect(auctionIn(house)).toMatchObject({ round: 1, top: 5n * RAY });
    const changed = onlyOf(house.pass('1s'), 'AuctionChanged');
    expect(changed).toMatchObject({ change: 'RESET', auctioned: { round: 2, top: (15n * RAY) / 4n } });
    expect(auctionPriceOf(auctionIn(house), changed.auctioned.startedAt)).toBe((15n * RAY) / 4n);
  });

  test('A16 nor at half of the top, but below it', () => {
    // Half is reached after 18,000 s: a round that long comes first to its price floor.
    const house = owing({ ...CLIP, roundDuration: 36_000_000 });
    house.pass('18000s');
    expect(house.refusal(reset(house))).toBe('RESET_NOT_DUE');
    house.pass('1s');
    quoteEth(house, '3');
    expect(onlyOf(house.send(reset(house)), 'AuctionChanged')).toMatchObject({
      change: 'RESET',
      by: 'b1',
      auctioned: { top: (15n * RAY) / 4n },
    });
  });
});

describe('A21 A22 a liquidation takes the room that is left in all auctions, or in those of its collateral', () => {
  /** The debt is 100 behind 40 ETH, and the caps count what is to be raised. */
  const cut = (policy: Partial<CommandOf<'SetAuctionPolicy'>>) => {
    const house = owing({ capBase: 'TARGET', ...policy });
    const all = [...house.state.auctions.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    return { house, all: all.map(({ status, debt, quantity, target }) => ({ status, debt, quantity, target })) };
  };

  test('A21 a penalty of 1.1 and room for 75 of 110: 68.18 of the debt and as much of the lot; the rest waits', () => {
    // To 18 digits in `sale.ts`; here in cents, and in hundred-millionths of the lot.
    const { all } = cut({ penaltyMultiplier: '1.1', minimumDebt: '22', valueCap: '75', lotCap: '1000' });
    expect(all).toEqual([
      { status: 'OPEN', debt: 6818n, quantity: 2_727_200_000n, target: 7500n },
      { status: 'QUEUED', debt: 3182n, quantity: 1_272_800_000n, target: 3500n },
    ]);
  });

  const A22 = { penaltyMultiplier: '1', minimumDebt: '20', valueCap: '1000', lotCap: '80' };

  test('A22 a remainder of exactly the minimum stays', () => {
    expect(cut(A22).all).toEqual([
      { status: 'OPEN', debt: 8000n, quantity: 3_200_000_000n, target: 8000n },
      { status: 'QUEUED', debt: 2000n, quantity: 800_000_000n, target: 2000n },
    ]);
  });

  test('A22 control: a smaller remainder goes with it, and a part below the minimum waits', () => {
    const whole = { status: 'OPEN', debt: 10_000n, quantity: 4_000_000_000n, target: 10_000n };
    expect(cut({ ...A22, lotCap: '80.01' }).all).toEqual([whole]);
    const { house, all } = cut({ ...A22, lotCap: '50' });
    expect(all.map(({ status, debt }) => [status, debt])).toEqual([
      ['OPEN', 5000n],
      ['QUEUED', 5000n],
    ]);
    const take = (quantity: string) => {
      const { id, version } = auctionIn(house);
      house.send({ type: 'TakeAuction', auction: id, account: 'b1', quantity, limit: '9', version });
      return [...house.state.auctions.values()].map(({ status, debt }) => [status, debt]);
    };
    // 4 ETH at 4.80 are 19.20: room for less than 20. One more, and what there is room for opens.
    const opened = [...house.state.auctions.values()][0]?.top;
    expect(opened).toBe((24n * RAY) / 5n);
    expect(take('4')).toEqual([
      ['OPEN', 3080n],
      ['QUEUED', 5000n],
    ]);
    expect(take('1')).toEqual([
      ['OPEN', 2600n],
      ['OPEN', 2400n],
      ['QUEUED', 2600n],
    ]);
  });

  test('CA-6 control: by the value of the lot it waits or goes whole', () => {
    expect(cut({ capBase: 'RESERVE_VALUE', valueCap: '75' }).all).toHaveLength(2); // two equal lots of 64 at the reserve
    expect(cut({ capBase: 'RESERVE_VALUE', valueCap: '1000' }).all).toHaveLength(1);
  });
});

describe('A32 the store front of Compound: the lot at one price, its index less a share of the discount', () => {
  /** The house takes ETH over at half of its index: a liquidation factor of 0.5. */
  const store = (policy: Partial<CommandOf<'SetAuctionPolicy'>>): TestHouse =>
    owing({ curve: { shape: 'FIXED' }, startMultiplier: '1', reserveShare: '0.5', penaltyMultiplier: '1', ...policy });

  test('A32 a share of 0.4 of a discount of 0.5 is 0.2: 100 buy 31.25 at an index of 4, now and at the end of the round', () => {
    const house = store({ discountShare: '0.4' });
    expect(auctionIn(house).top).toBe((16n * RAY) / 5n);
    house.pass('1h');
    const { id, version, top } = auctionIn(house);
    expect(auctionPriceOf(auctionIn(house), house.state.now)).toBe(top);
    const take = { type: 'TakeAuction', auction: id, account: 'b1', quantity: '40', limit: '3.2', version } as const;
    expect(onlyOf(house.send(take), 'AuctionTaken')).toMatchObject({ paid: 10_000n, quantity: 3_125_000_000n });
  });

  test('A32 control: without a share it is the index, and with all of it what the house would pay', () => {
    expect([undefined, '1'].map((share) => auctionIn(store({ discountShare: share ?? '0' })).top)).toEqual([
      4n * RAY,
      2n * RAY,
    ]);
  });
});
