import type { Event } from '../../../../src/core/message/event';
import { auctionHouse, bidOf, longWith } from '../../../support/auction';
import { mark } from '../../../support/given';
import { ofType, type TestHouse } from '../../../support/house';

const LOTS = 400;
const CAP = '44000'; // ten lots at the reserve of 4,400

/** 400 accounts with 50 ETH each, at 110, fall into debt by one price; nobody is there to bid. */
function flood(policy: Parameters<typeof auctionHouse>[0] = {}): { house: TestHouse; events: Event[] } {
  const house = auctionHouse({
    ...policy,
    fund: '100000',
    policy: { form: 'ENGLISH', valueCap: CAP, lotCap: CAP, minimumBidders: 1, roundDuration: 60_000, ...policy.policy },
  });
  house.audited = false;
  for (let i = 0; i < LOTS; i++) longWith(house, `d${String(i).padStart(3, '0')}`, '50');
  const events = mark(house, '45000');
  return { house, events };
}

describe('S04 Maker, 2020-03-12: 400 lots of 50 ETH at 110, none of five bidders alive', () => {
  test('S04 bids of nothing are refused, the cap holds, the fund takes at the reserve within its cap, the rest goes on', () => {
    const { house } = flood({ policy: { fundCap: '13200' } });
    const auctions = [...house.state.auctions.values()];
    expect(auctions).toHaveLength(LOTS);
    const open = auctions.filter(({ status }) => status === 'OPEN');
    expect(open).toHaveLength(10);
    // Others wait in order of deadline, then id: those open come first.
    const order = auctions.map(({ id }) => id).sort();
    expect(open.map(({ id }) => id).sort()).toEqual(order.slice(0, 10));
    let refused = 0;
    for (const auction of open) {
      for (const amount of ['0', '0.01', '4399.99'])
        if (house.refusal(bidOf(auction, amount)) === 'BID_BELOW_RESERVE') refused += 1;
    }
    expect(refused).toBe(30);
    let most = 0;
    const ended: Event[] = [];
    for (let minutes = 0; minutes < 6; minutes++) {
      ended.push(...ofType(house.pass('1m1s'), 'AuctionEnded'));
      most = Math.max(most, [...house.state.auctions.values()].filter(({ status }) => status !== 'QUEUED').length);
    }
    expect(most).toBe(10);
    const outcomes = ofType(ended, 'AuctionEnded');
    expect(outcomes.length).toBeGreaterThanOrEqual(20);
    expect(outcomes.every(({ outcome, auctioned }) => outcome === 'FAILED' && auctioned.round === 2)).toBe(true);
    const bought = outcomes.filter(({ unsold }) => unsold === 'FUND');
    // Each debt of 4,000 is 45.45 ETH at the reserve of 88: the cap of 13,200 has room for three, and none is bought
    // for less.
    expect(bought.map(({ paid, quantity }) => [paid, quantity])).toEqual(
      Array.from({ length: 3 }, () => [paidOf(bought), 4_545_454_545n]),
    );
    expect(outcomes.filter(({ unsold }) => unsold === 'CONVERSION').length).toBe(outcomes.length - 3);
  });

  test('S04 control: without a reserve a bid of a cent takes 50 ETH, and the fund bears the debt', () => {
    const { house } = flood({ policy: { reserveShare: '0.000000000001', minimumDebt: '0' } });
    const [auction] = [...house.state.auctions.values()].filter(({ status }) => status === 'OPEN');
    if (!auction) throw new Error('Nothing is open');
    house.send(bidOf(auction, '0.01'));
    const events = house.pass('1m1s');
    const won = ofType(events, 'AuctionEnded').find(({ winner }) => winner === 'b1');
    expect(won).toMatchObject({ paid: 1n, quantity: 5_000_000_000n });
    const [loss] = ofType(events, 'LossAllocated').flatMap(({ cases }) => cases);
    expect(loss).toMatchObject({ account: auction.account, loss: 399_999n });
  });
});

const paidOf = (bought: readonly { readonly paid: bigint }[]): bigint | undefined => bought[0]?.paid;
