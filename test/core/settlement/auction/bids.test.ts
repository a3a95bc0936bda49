import { auctionIn, bidOf, inDebt } from '../../../support/auction';
import { openAccount } from '../../../support/given';
import { ofType, type TestHouse } from '../../../support/house';
import { linesOf, onlyOf, statusOf } from '../../../support/liquidation';

const escrow = (house: TestHouse): bigint => house.state.ledger.get(`auction/${auctionIn(house).id} USD`) ?? 0n;

describe('CA-2 English: bids that rise, funded before they count', () => {
  const english = (): TestHouse => inDebt({ policy: { form: 'ENGLISH', roundDuration: 600_000 } });

  test('CA-2 the money is in escrow when a bid counts, and back in the same entry when it is outbid', () => {
    const house = english();
    house.send(bidOf(auctionIn(house), '3600'));
    expect([escrow(house), house.balance('b1')]).toEqual([360_000n, '96400.00']);
    expect(house.refusal(bidOf(auctionIn(house), '3779.99', 'b2'))).toBe('BID_TOO_LOW');
    const placed = onlyOf(house.send(bidOf(auctionIn(house), '3780', 'b2')), 'AuctionBidPlaced');
    expect(linesOf(placed.transfers)).toEqual([
      `AUCTION_RETURN auction/${placed.auction} > account/b1 360000`,
      `AUCTION_BID account/b2 > auction/${placed.auction} 378000`,
    ]);
    expect([escrow(house), house.balance('b1')]).toEqual([378_000n, '100000.00']);
  });

  test('CA-2 at the target the bids turn: less of the lot for the same money, the rest goes back', () => {
    const house = english();
    house.send(bidOf(auctionIn(house), '4400'));
    expect(house.refusal(bidOf(auctionIn(house), '4400', 'b2', '39'))).toBe('BID_TOO_LOW');
    house.send(bidOf(auctionIn(house), '4400', 'b2', '38'));
    const ended = onlyOf(house.pass('11m'), 'AuctionEnded');
    expect(ended).toMatchObject({
      outcome: 'SETTLED',
      unsold: 'RETURNED',
      winner: 'b2',
      paid: 440_000n,
      quantity: 3_800_000_000n,
    });
    expect([
      house.balance('b2', 'ETH'),
      house.balance('alice', 'ETH'),
      house.balance('alice'),
      statusOf(house),
    ]).toEqual(['38.00000000', '2.00000000', '0.00', 'HEALTHY']);
    expect(house.state.ledger.get('insurance-fund USD')).toBe(40_000n);
  });

  test('CA-2 a late bid moves the end, a bid at the end is too late', () => {
    const house = english();
    house.pass('9m');
    house.pass('30s');
    house.send(bidOf(auctionIn(house), '3600'));
    const { deadline } = auctionIn(house);
    expect(deadline - house.now).toBe(60_000);
    const auction = auctionIn(house);
    house.pass('1m');
    expect(house.refusal(bidOf(auction, '4000', 'b2'))).toBe('AUCTION_NOT_FOUND');
    expect(house.balance('b1', 'ETH')).toBe('40.00000000');
  });

  test.each([
    ['of nothing', { amount: '0' }, 'BID_BELOW_RESERVE'],
    ['below nothing', { amount: '-5' }, 'BID_BELOW_RESERVE'],
    ['below the reserve', { amount: '3519.99' }, 'BID_BELOW_RESERVE'],
    ['above what the bidder has', { account: 'poor' }, 'BID_NOT_FUNDED'],
    ['by the debtor', { account: 'alice' }, 'BIDDER_RELATED'],
    ['on another version', { version: 99 }, 'AUCTION_CHANGED'],
    ['for more than there is', { amount: '4400', quantity: '41' }, 'INSUFFICIENT_FUNDS'],
  ])('a bid %s is refused', (_, wrong, code) => {
    const house = inDebt({ policy: { form: 'ENGLISH' } }, (given) => openAccount(given, 'poor', '10'));
    expect(house.refusal({ ...bidOf(auctionIn(house), '3600'), ...wrong })).toBe(code);
    expect([escrow(house), auctionIn(house).bids.length]).toEqual([0n, 0]);
  });
});

describe('CA-2 sealed bids', () => {
  const sealed = (more: Parameters<typeof inDebt>[0] = {}): TestHouse =>
    inDebt({ ...more, policy: { form: 'SEALED', roundDuration: 600_000, minimumBidders: 2, ...more.policy } });

  test('CA-2 the best wins; of equals the earlier; who lost has the money back', () => {
    const house = sealed();
    house.send(bidOf(auctionIn(house), '4000', 'b2'));
    house.pass('1s');
    house.send(bidOf(auctionIn(house), '4000', 'b1'));
    const ended = onlyOf(house.pass('11m'), 'AuctionEnded');
    expect(ended).toMatchObject({ winner: 'b2', outcome: 'SOLD_OUT', paid: 400_000n });
    expect([house.balance('b1'), house.balance('b2'), house.balance('b2', 'ETH')]).toEqual([
      '100000.00',
      '96000.00',
      '40.00000000',
    ]);
    expect(house.state.ledger.get(`auction/${ended.auction} USD`)).toBeUndefined();
  });

  test('CA-2 a bidder may replace its own bid: only the difference has to be there', () => {
    const house = sealed();
    house.send(bidOf(auctionIn(house), '60000', 'b1'));
    house.send(bidOf(auctionIn(house), '70000', 'b1'));
    expect([escrow(house), auctionIn(house).bids.length]).toEqual([7_000_000n, 1]);
  });

  test('CA-2 too few bidders: a second round opens at once and to everybody; then the fallback', () => {
    const house = sealed();
    house.send(bidOf(auctionIn(house), '4000', 'b1'));
    const reset = onlyOf(house.pass('10m1s'), 'AuctionChanged');
    expect(reset).toMatchObject({ change: 'RESET', auctioned: { round: 2 } });
    const ended = onlyOf(house.pass('11m'), 'AuctionEnded');
    expect(ended).toMatchObject({ outcome: 'FAILED', unsold: 'CONVERSION' });
    expect(house.balance('b1')).toBe('100000.00');
  });

  test(
    'CA-2 invited members that did not bid, or badly, are named for the waterfall; strangers wait for the ' +
      'second round',
    () => {
      const house = sealed();
      const [inventory] = ['close-out:USD'];
      house.state.book.addBalance(inventory as string, 'ETH', 1_000_000_000n as never);
      house.state.ledger.set(
        'external ETH',
        ((house.state.ledger.get('external ETH') ?? 0n) - 1_000_000_000n) as never,
      );
      openAccount(house, 'b3', '100000', { member: 'm3' });
      const start = {
        type: 'StartAuction' as const,
        account: inventory as string,
        lotCurrency: 'ETH',
        quantity: null,
        lots: 1,
        form: 'SEALED' as const,
        invited: ['m1', 'm2', 'm3'],
      };
      const [proposal] = ofType(house.send(start), 'ProposalCreated').map(({ created }) => created);
      house.send(
        { type: 'ApproveProposal', proposal: proposal?.id ?? '', hash: proposal?.hash ?? '' },
        { id: 'second', role: 'RISK_OFFICER', member: null },
      );
      const auction = auctionIn(house, inventory);
      expect(house.refusal(bidOf(auction, '1000', 'maker'))).toBe('NOT_INVITED');
      house.send(bidOf(auction, '2000', 'b1'));
      house.send(bidOf(auctionIn(house, inventory), '999', 'b2'));
      const ended = house.pass('10m1s').find((event) => event.type === 'AuctionEnded' && event.auction === auction.id);
      expect(ended).toMatchObject({ winner: 'b1', juniors: ['m2', 'm3'], paid: 200_000n });
    },
  );
});
