/**
 * S01 as a whole: four firms are invited, none bids at the reserve, the first round fails; at once a second one opens
 * to everybody in four lots. Who was asked and did not bid is junior. Loss 220.00 = 100.00 + 6.00 + 7.00 + 107.00 of
 * 160.00.
 */

import { audit } from '../../../../src/core/engine/audit';
import { admit, brokerOf, declare, openDefault, openHouse, sumsOf, takenBy } from '../../../support/defaults';
import { classicPolicy, flatTiers, mark, onePerpetual, openAccount, trade } from '../../../support/given';
import { ofType, type TestHouse } from '../../../support/house';
import { byTwo } from '../../../support/ladder';
import { onlyOf, sizeOf } from '../../../support/liquidation';
import { defineOnIndex, MINUTE } from '../../../support/prices';
import { lossPolicy } from '../../../support/waterfall';

const CONTRIBUTIONS = { a: '64', b: '48', c: '32', d: '16' } as const;
const MEMBERS = ['a', 'b', 'c', 'd'] as const;
type Member = (typeof MEMBERS)[number];

/** Four contracts that have lost 200.00 by 950, of a member with 100.00 of margin. */
function given(beside: (house: TestHouse) => void = () => undefined): TestHouse {
  const house = onePerpetual({
    price: '1000',
    lot: '1',
    tick: '1',
    tiers: flatTiers('0.02', '0.01'),
    policy: classicPolicy(),
  });
  admit(house, 'aas', ...MEMBERS);
  house.send({
    type: 'SetLossPolicy',
    currency: 'USD',
    layers: ['DEFAULTER_MARGIN', 'DEFAULTER_FUND', 'HOUSE_CAPITAL', 'DEFAULT_FUND'],
    ...{ base: 'GAINS', period: 86_400_000, fundTarget: '0' },
  });
  house.send({ type: 'ContributeHouseCapital', currency: 'USD', amount: '7' });
  for (const [member, amount] of [['aas', '6'], ...Object.entries(CONTRIBUTIONS)] as const)
    house.send({ type: 'ContributeToDefaultFund', member, currency: 'USD', amount });
  openHouse(house, 'einar', 'aas', '100');
  openAccount(house, 'maker', '100000', { member: 'a' });
  for (const member of MEMBERS) openAccount(house, `of-${member}`, '500', { member });
  trade(house, 'einar', 'maker', '4', '1000');
  beside(house);
  mark(house, '980');
  declare(house, 'aas');
  mark(house, '950');
  return house;
}

const auction = (
  house: TestHouse,
  fields: { invited?: string[] | null; reserve?: string; minimumBidders?: number } = {},
) =>
  byTwo(house, {
    ...{ type: 'AuctionDefault', default: openDefault(house, 'aas').id, currency: 'USD', window: 3_600_000 },
    ...{ invited: [...MEMBERS], reserve: '0.01', minimumBidders: 2, ...fields },
  });
const bidOf = (house: TestHouse, member: Member, lot: number, amount = '-5') => ({
  type: 'BidForLot' as const,
  ...{ default: openDefault(house, 'aas').id, currency: 'USD', lot, account: `of-${member}`, amount },
});
const bid = (house: TestHouse, member: Member, lot: number, amount?: string) =>
  house.send(bidOf(house, member, lot, amount), brokerOf(member));
const settle = (house: TestHouse) =>
  byTwo(house, { type: 'SettleDefault', default: openDefault(house, 'aas').id, currency: 'USD' });
const paidBy = (house: TestHouse): bigint[] =>
  MEMBERS.map(
    (member) => BigInt(CONTRIBUTIONS[member]) * 100n - (house.state.ledger.get(`default-fund/${member} USD`) ?? 0n),
  );

describe('S01 the auction of a default', () => {
  test('S01 round 1 with four invited and no bid at the reserve fails; round 2 opens to all at once in four lots', () => {
    const house = given();
    auction(house);
    expect(house.refusal(bidOf(house, 'a', 1, '-38.01'), brokerOf('a'))).toBe('LOT_BID_BELOW_RESERVE');
    const events = house.pass('1h');
    expect(onlyOf(events, 'DefaultAuctionEnded')).toMatchObject({
      round: 1,
      outcome: 'FAILED',
      awards: [],
      juniors: [...MEMBERS],
    });
    const { opened } = onlyOf(events, 'DefaultAuctionStarted');
    expect(opened).toMatchObject({ round: 2, invited: null, endsAt: house.now + 3_600_000 });
    expect(onlyOf(events, 'DefaultSplit').lots.map(({ positions }) => positions.map(({ size }) => size))).toEqual([
      [1n],
      [1n],
      [1n],
      [1n],
    ]);
  });

  test('S01 (b) only B and D bid in the second: A and C pay all they have, B 8.25 and D 2.75', () => {
    const house = given();
    auction(house);
    house.pass('1h');
    for (const [member, lot] of [
      ['b', 1],
      ['b', 2],
      ['d', 3],
      ['d', 4],
    ] as const)
      bid(house, member, lot);
    const ended = onlyOf(house.pass('1h'), 'DefaultAuctionEnded');
    expect(ended).toMatchObject({ round: 2, outcome: 'SOLD', juniors: ['a', 'c'] });
    expect([sizeOf(house, 'of-b'), sizeOf(house, 'of-d'), sizeOf(house, takenBy(openDefault(house, 'aas')))]).toEqual([
      2n,
      2n,
      0n,
    ]);
    const { cases } = onlyOf(settle(house), 'LossAllocated');
    expect(cases[0]?.layers.map(({ used }) => used)).toEqual([10_000n, 600n, 700n, 10_700n]);
    expect(paidBy(house)).toEqual([6400n, 825n, 3200n, 275n]);
    expect(sumsOf(house, 'aas')).toEqual([
      ...['SEIZED 10000 USD', 'PORTFOLIO -8000 USD', 'AUCTION -14000 USD', 'LAYER 12000 USD'],
    ]);
  });

  test('S01 (a) all bid, and each pays in proportion: 42.80, 32.10, 21.40 and 10.70', () => {
    const house = given();
    auction(house);
    house.pass('1h');
    for (const [i, member] of MEMBERS.entries()) bid(house, member, i + 1);
    expect(onlyOf(house.pass('1h'), 'DefaultAuctionEnded')).toMatchObject({ outcome: 'SOLD', juniors: [] });
    settle(house);
    expect(paidBy(house)).toEqual([4280n, 3210n, 2140n, 1070n]);
  });

  test('S01 Control, in one round of one lot among those invited the one bid that comes costs the fund more', () => {
    const house = given();
    auction(house, { minimumBidders: 1, reserve: '0.5' });
    bid(house, 'a', 1, '-60');
    expect(onlyOf(house.pass('1h'), 'DefaultAuctionEnded')).toMatchObject({ round: 1, outcome: 'SOLD' });
    settle(house);
    // 40.00 worse than the four lots brought together.
    expect(paidBy(house).reduce((sum, paid) => sum + paid, 0n)).toBe(14_700n);
  });
});

test('Ruling 14 who closes by buying a lot while the default owes shares by open interest as if it still held', () => {
  const house = given((one) => {
    byTwo(one, lossPolicy(['SOCIALIZED_LOSS'], { base: 'OPEN_INTEREST' }));
    trade(one, 'maker', 'of-b', '1', '1000');
  });
  auction(house, { minimumBidders: 1, reserve: '0.5' });
  bid(house, 'b', 1);
  expect(sizeOf(house, 'of-b')).toBe(-1n);
  house.pass('1h');
  expect(sizeOf(house, 'of-b')).toBe(3n);
  expect(house.state.keptWeights.get('of-b')?.traded).toEqual([{ instrument: 'BTC-PERP', lots: 4n }]);
  const { shares } = onlyOf(settle(house), 'LossAllocated');
  // One contract at 950, as before the lot of four.
  expect(shares.find(({ account }) => account === 'of-b')).toMatchObject({ weight: 95_000n });
});

test('Ruling 14 what was paid for a lot while the default owes counts by equity as if it had stayed', () => {
  const house = given((one) => byTwo(one, lossPolicy(['SOCIALIZED_LOSS'], { base: 'EQUITY' })));
  auction(house, { minimumBidders: 1, reserve: '0.5' });
  bid(house, 'b', 1, '10');
  house.pass('1h');
  expect(house.balance('of-b')).toBe('490.00');
  expect(house.state.keptWeights.get('of-b')).toMatchObject({ left: 1000n });
  const { shares } = onlyOf(settle(house), 'LossAllocated');
  expect(shares.find(({ account }) => account === 'of-b')).toMatchObject({ weight: 50_000n });
});

describe('sealed bids', () => {
  test(
    'the best bid of a lot wins, the earlier of equals; what losers paid comes back to the unit, and all is ' +
      'conserved',
    () => {
      const house = given();
      auction(house);
      bid(house, 'a', 1, '10');
      bid(house, 'b', 1, '30');
      bid(house, 'c', 1, '20');
      expect([house.balance('of-a'), house.balance('of-b')]).toEqual(['490.00', '470.00']);
      house.pass('1s');
      bid(house, 'a', 1, '30');
      expect(house.balance('of-a')).toBe('470.00');
      const ended = onlyOf(house.pass('1h'), 'DefaultAuctionEnded');
      expect(ended.awards).toEqual([{ account: 'of-b', ordinal: 1, amount: 3000n }]);
      expect([house.balance('of-a'), house.balance('of-b'), house.balance('of-c')]).toEqual([
        '500.00',
        '470.00',
        '500.00',
      ]);
      expect(house.state.book.position('of-b', 'BTC-PERP')).toMatchObject({ size: 4n, cost: 380_000n });
      audit(house.state);
    },
  );

  test('too few members: nothing is sold however good the bid, and it comes back', () => {
    const house = given();
    auction(house, { minimumBidders: 3 });
    bid(house, 'a', 1, '10');
    bid(house, 'b', 1, '10');
    expect(onlyOf(house.pass('1h'), 'DefaultAuctionEnded')).toMatchObject({
      outcome: 'FAILED',
      awards: [],
      juniors: ['c', 'd'],
    });
    expect([house.balance('of-a'), house.balance('of-b')]).toEqual(['500.00', '500.00']);
  });

  test(
    'are refused late, for no such lot, unfunded, by whom they cannot be carried, by the defaulter and by the ' +
      'uninvited',
    () => {
      const house = given();
      openAccount(house, 'poor', '10', { member: 'a' });
      openAccount(house, 'client', undefined, { member: 'd' });
      expect(house.refusal(bidOf(house, 'a', 1), brokerOf('a'))).toBe('LOT_NOT_OFFERED');
      auction(house, { invited: ['a', 'b'] });
      expect(house.refusal(bidOf(house, 'a', 2), brokerOf('a'))).toBe('LOT_NOT_OFFERED');
      expect(house.refusal(bidOf(house, 'd', 1), brokerOf('d'))).toBe('BIDDER_EXCLUDED');
      expect(house.refusal({ ...bidOf(house, 'a', 1), account: 'einar' })).toBe('BIDDER_EXCLUDED');
      expect(house.refusal(bidOf(house, 'a', 1), brokerOf('b'))).toBe('ACCOUNT_NOT_FOUND');
      expect(house.refusal({ ...bidOf(house, 'a', 1, '500.01') }, brokerOf('a'))).toBe('INSUFFICIENT_FUNDS');
      expect(house.refusal({ ...bidOf(house, 'a', 1), account: 'poor' }, brokerOf('a'))).toBe(
        'INSUFFICIENT_INITIAL_MARGIN',
      );
      house.send({ type: 'SuspendMember', member: 'a', reason: 'x' });
      expect(house.refusal(bidOf(house, 'a', 1), brokerOf('a'))).toBe('MEMBER_SUSPENDED');
    },
  );

  test('while lots are offered nothing else is done with them', () => {
    const house = given();
    const id = openDefault(house, 'aas').id;
    auction(house);
    expect(
      house.refusal({
        type: 'HedgeDefault',
        default: id,
        instrument: 'BTC-PERP',
        side: 'SELL',
        size: '1',
        limit: null,
      }),
    ).toBe('DEFAULT_STILL_OPEN');
    expect(house.refusal({ type: 'SettleDefault', default: id, currency: 'USD' })).toBe('DEFAULT_STILL_OPEN');
    expect(
      house.refusal({ type: 'SplitDefault', default: id, currency: 'USD', lots: [{ share: '1', positions: null }] }),
    ).toBe('DEFAULT_STILL_OPEN');
    expect(ofType(house.pass('2h'), 'DefaultAuctionEnded').map(({ round, outcome }) => [round, outcome])).toEqual([
      [1, 'FAILED'],
      [2, 'FAILED'],
    ]);
    // After the second round it is for officers to say how to go on.
    expect(openDefault(house, 'aas').books[0]?.auction).toBeNull();
  });
});

describe('ruling 13 a lot without a live price holds up itself, not the others', () => {
  /** Beside the four a contract at 100 whose price is stale after half an hour. */
  const two = (): TestHouse =>
    given((house) => {
      defineOnIndex(house, { instrument: 'OTHER', index: null, markBand: null, heartbeat: 30 * MINUTE });
      mark(house, '100', 'OTHER');
      trade(house, 'einar', 'maker', '1', '100', 'OTHER');
    });
  const split = (house: TestHouse) => {
    const lots = [
      { share: null, positions: [{ instrument: 'BTC-PERP', size: '4' }] },
      { share: null, positions: [{ instrument: 'OTHER', size: '1' }] },
    ];
    house.send({ type: 'SplitDefault', default: openDefault(house, 'aas').id, currency: 'USD', lots });
  };

  test('the live lot is sold, and the other one is offered again by itself, until it has a price', () => {
    const house = two();
    split(house);
    auction(house);
    for (const lot of [1, 2]) for (const member of ['a', 'b'] as const) bid(house, member, lot, '-1');
    const events = house.pass('1h');
    expect(onlyOf(events, 'DefaultAuctionEnded')).toMatchObject({
      outcome: 'FAILED',
      awards: [{ account: 'of-a', ordinal: 1 }],
    });
    expect(sizeOf(house, 'of-a')).toBe(4n);
    const again = onlyOf(events, 'DefaultSplit').lots.flatMap(({ positions }) => positions);
    expect(again.map(({ instrument, size }) => `${instrument} ${size}`)).toEqual([
      'OTHER 3',
      'OTHER 3',
      'OTHER 2',
      'OTHER 2',
    ]);
    house.pass('40m');
    mark(house, '100', 'OTHER');
    for (const lot of [1, 2, 3, 4]) bid(house, 'b', lot, '-0.1');
    expect(onlyOf(house.pass('20m'), 'DefaultAuctionEnded')).toMatchObject({ outcome: 'SOLD' });
    expect(sizeOf(house, 'of-b', 'OTHER')).toBe(10n);
    audit(house.state);
  });

  test('a second round offers what is live in equal lots, and the rest apart', () => {
    const house = two();
    split(house);
    auction(house);
    expect(
      onlyOf(house.pass('1h'), 'DefaultSplit').lots.map(({ positions }) =>
        positions.map(({ instrument }) => instrument),
      ),
    ).toEqual([...Array.from({ length: 4 }, () => ['BTC-PERP']), ['OTHER']]);
  });

  test('refused where no lot has a price; one that has is enough', () => {
    const house = two();
    house.pass('30m');
    const open = {
      type: 'AuctionDefault',
      default: openDefault(house, 'aas').id,
      currency: 'USD',
      window: 3_600_000,
    } as const;
    expect(house.refusal({ ...open, invited: null, reserve: '0.01', minimumBidders: 1 })).toBe('PRICE_STALE');
    split(house);
    auction(house);
    expect(openDefault(house, 'aas').books[0]?.auction?.round).toBe(1);
  });
});
