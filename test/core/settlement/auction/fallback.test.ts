/** What follows an auction that nobody wanted: never the same auction again.  CA-4, B3-2 */

import { audit } from '../../../../src/core/engine/audit';
import { auctionIn, bidOf, inDebt, takeOf } from '../../../support/auction';
import { openAccount } from '../../../support/given';
import { ofType, type TestHouse } from '../../../support/house';
import { onlyOf, statusOf } from '../../../support/liquidation';
import { expectReplays, restored } from '../../../support/twin';

const eventsOf = (house: TestHouse) =>
  house.entries.flatMap(({ outcome }) => ('events' in outcome ? outcome.events : []));

describe('CA-4 a conversion discount of 100 %', () => {
  test(
    'what is left of a bankrupt account that no auction could sell goes to the house, once, and the loss down ' +
      'the waterfall',
    () => {
      const house = inDebt({
        discount: '1',
        policy: { form: 'ENGLISH', roundDuration: 60_000, rounds: 2 },
        fund: '10000',
      });
      house.pass('2h');
      const events = eventsOf(house);
      expect(ofType(events, 'AuctionStarted')).toHaveLength(1);
      expect(onlyOf(events, 'AuctionEnded')).toMatchObject({ outcome: 'FAILED', unsold: 'CONVERSION' });
      expect(ofType(events, 'CollateralConverted')).toEqual([
        expect.objectContaining({ account: 'alice', amount: 4_000_000_000n, proceeds: 0n }),
      ]);
      // 4,000 were owed: all of it is missing, for nothing was raised, and she keeps nothing of what others pay for.
      expect(onlyOf(events, 'LossAllocated').cases).toEqual([
        expect.objectContaining({ account: 'alice', loss: 400_000n }),
      ]);
      expect([house.balance('alice', 'ETH'), house.balance('alice'), statusOf(house)]).toEqual([
        '0.00000000',
        '0.00',
        'CLOSED',
      ]);
      expect(house.state.auctions.size).toBe(0);
      audit(house.state);
      expectReplays(house.state, house.entries);
    },
  );

  test('what is paid in meanwhile lowers the loss, and paid in whole the coins come back', () => {
    const setting = {
      discount: '1',
      policy: { form: 'ENGLISH', roundDuration: 60_000, rounds: 1 },
      fund: '10000',
    } as const;
    const partly = inDebt(setting);
    partly.send({ type: 'DepositCollateral', account: 'alice', currency: 'USD', amount: '3000' });
    partly.pass('2h');
    expect(onlyOf(eventsOf(partly), 'LossAllocated').cases[0]?.loss).toBe(100_000n);
    const wholly = inDebt(setting);
    wholly.send({ type: 'DepositCollateral', account: 'alice', currency: 'USD', amount: '4000' });
    wholly.pass('2h');
    expect(ofType(eventsOf(wholly), 'LossAllocated')).toHaveLength(0);
    expect([wholly.balance('alice', 'ETH'), wholly.balance('alice')]).toEqual(['40.00000000', '0.00']);
  });

  test('restored while the first auction runs, it starts none again afterwards', () => {
    const house = inDebt({
      discount: '1',
      policy: { form: 'ENGLISH', roundDuration: 60_000, rounds: 3 },
      fund: '10000',
    });
    house.pass('61s');
    const copy = restored(house.state);
    expect(copy.auctions.size).toBe(1);
    house.pass('1h');
    expect(ofType(eventsOf(house), 'AuctionStarted')).toHaveLength(1);
  });

  test('control: a discount of less raises what it raises, and that was the end of it before', () => {
    const house = inDebt({
      discount: '0.5',
      policy: { form: 'ENGLISH', roundDuration: 60_000, rounds: 1 },
      fund: '10000',
    });
    house.pass('2h');
    const events = eventsOf(house);
    expect(ofType(events, 'CollateralConverted')).toEqual([
      expect.objectContaining({ amount: 4_000_000_000n, proceeds: 220_000n }),
    ]);
    expect(onlyOf(events, 'LossAllocated').cases[0]?.loss).toBe(180_000n);
  });
});

describe('CA-5 LI-3 who may not bid', () => {
  test.each([
    ['another account of the owner', { owner: 'alice' }],
    ['the house account of its member', { kind: 'HOUSE' }],
  ] as const)('%s neither takes nor resets', (_, fields) => {
    const house = inDebt({ policy: { roundDuration: 60_000 } }, (given) =>
      openAccount(given, 'hers', '100000', fields),
    );
    expect(house.refusal(takeOf(auctionIn(house), '1', '132', 'hers'))).toBe('BIDDER_RELATED');
    expect(house.refusal({ type: 'ResetAuction', auction: auctionIn(house).id, account: 'hers' })).toBe(
      'BIDDER_RELATED',
    );
    const rising = inDebt({ policy: { form: 'ENGLISH' } }, (given) => openAccount(given, 'hers', '100000', fields));
    expect(rising.refusal(bidOf(auctionIn(rising), '3600', 'hers'))).toBe('BIDDER_RELATED');
    // Another client of the member may.
    rising.send(bidOf(auctionIn(rising), '3600', 'maker'));
  });
});

describe('S04 the least number of live bidders holds for rising bids too', () => {
  const two = { form: 'ENGLISH', roundDuration: 60_000, minimumBidders: 2, rounds: 2 } as const;

  test('one bidder is not two: the round fails, and after the last the money comes back', () => {
    const house = inDebt({ policy: two });
    house.send(bidOf(auctionIn(house), '3600'));
    expect(onlyOf(house.pass('61s'), 'AuctionChanged')).toMatchObject({ change: 'RESET', auctioned: { round: 2 } });
    expect(onlyOf(house.pass('61s'), 'AuctionEnded')).toMatchObject({ outcome: 'FAILED', winner: null });
    expect(house.balance('b1')).toBe('100000.00');
  });

  test('who was outbid has bid: two who bid are enough', () => {
    const house = inDebt({ policy: two });
    house.send(bidOf(auctionIn(house), '3600'));
    house.send(bidOf(auctionIn(house), '3780', 'b2'));
    expect(onlyOf(house.pass('2m'), 'AuctionEnded')).toMatchObject({ winner: 'b2', paid: 378_000n });
  });

  test('one owner under two names is one bidder', () => {
    const house = inDebt({ policy: two }, (given) =>
      openAccount(given, 'b1-too', '100000', { owner: 'b1', member: 'm1' }),
    );
    house.send(bidOf(auctionIn(house), '3600'));
    house.send(bidOf(auctionIn(house), '3780', 'b1-too'));
    expect(onlyOf(house.pass('2m'), 'AuctionChanged')).toMatchObject({ change: 'RESET' });
  });

  test('a bid that the reserve of the next round has overtaken goes back, and does not win', () => {
    const house = inDebt({ policy: { ...two, form: 'SEALED' } });
    house.send(bidOf(auctionIn(house), '3600')); // the reserve is 3,520
    house.send({
      type: 'SubmitIndexPrices',
      source: 'a',
      prices: [{ index: 'ETH/USD', price: '130', observedAt: null }],
    });
    onlyOf(house.pass('61s'), 'AuctionChanged'); // now 4,160
    expect([auctionIn(house).bids, house.balance('b1')]).toEqual([[], '100000.00']);
    audit(house.state);
  });
});
