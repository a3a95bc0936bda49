/**
 * Where two mechanisms meet at one account, one ledger or one auction: what the earlier one took is not there for the
 * later.
 */

import { healthOf } from '../../../src/core/margin/health';
import { transfersOf } from '../../../src/core/message/event';
import { shareForSale } from '../../../src/core/settlement/portfolio/terms';
import { auctionHouse, auctionIn, bidOf, inDebt, longWith, quoteEth, takeOf } from '../../support/auction';
import { mark, openAccount } from '../../support/given';
import { ofType, type TestHouse } from '../../support/house';
import { byTwo } from '../../support/ladder';
import { fallen, fill, onlyOf, openOrders, sizeOf, statusOf } from '../../support/liquidation';
import { portfolioIn, portfolioPolicy, shareOf } from '../../support/portfolio';
import { ladderOf, rungOf } from '../../support/rungs';
import { backstopStatementOf } from '../../support/statement';
import { expectReplays, expectTwins, restored } from '../../support/twin';
import { ledgerOf, lossPolicy } from '../../support/waterfall';

describe('CA-4 lots that wait for room under the caps', () => {
  /** Two lots of 40 ETH, each 3,520 at the reserve of 88, under a cap with room for one. */
  const two = (): TestHouse => inDebt({ policy: { lotCap: '3600' } }, (house) => longWith(house, 'bob', '40'));
  const statusesOf = (house: TestHouse) => ['alice', 'bob'].map((account) => auctionIn(house, account).status);

  test('CA-4 one that grew beyond the cap while it waited opens alone, once nothing else is for sale', () => {
    const house = two();
    expect(statusesOf(house)).toEqual(['OPEN', 'QUEUED']);
    // At 120 the reserve is 96: 40 ETH are 3,840 by now.
    quoteEth(house, '120');
    expect(statusesOf(house)).toEqual(['OPEN', 'QUEUED']);
    house.send(takeOf(auctionIn(house), '40', '132'));
    expect(auctionIn(house, 'bob')).toMatchObject({ status: 'OPEN', quantity: 4_000_000_000n });
  });

  test('CA-4 control: within the cap it opens then as well, and never beside the other', () => {
    const house = two();
    house.send(takeOf(auctionIn(house), '10', '132'));
    // 30 ETH are 2,640 at the reserve: 3,520 do not fit beside them.
    expect(statusesOf(house)).toEqual(['OPEN', 'QUEUED']);
    house.send(takeOf(auctionIn(house), '30', '132'));
    expect(auctionIn(house, 'bob').status).toBe('OPEN');
  });
});

/**
 * `alice`, long 1 at 50,000 with 1,000 dollars and 40 ETH; settled at 46,300 she owes 2,700, and 380 stand against 463.
 */
function sellingBoth(): TestHouse {
  const house = auctionHouse({ interval: null });
  byTwo(house, portfolioPolicy());
  byTwo(house, ladderOf([rungOf('AUCTION'), rungOf('HOUSE')]));
  longWith(house, 'alice', '40');
  mark(house, '46300');
  house.pass('1h');
  return house;
}

const officersAuction = (house: TestHouse, lots = 1, form: 'DUTCH' | 'SEALED' = 'DUTCH') =>
  byTwo(house, {
    type: 'StartAuction',
    account: 'alice',
    lotCurrency: 'ETH',
    quantity: null,
    lots,
    form,
    invited: null,
  });

describe('CA-4 CA-5 collateral at auction while positions are still there', () => {
  test(
    'CA-4 CA-5 B2-2 nothing else of hers is for sale meanwhile: her orders are called back, the portfolio’s ' +
      'clock stands',
    () => {
      const house = sellingBoth();
      expect([portfolioIn(house).status, openOrders(house).length]).toEqual(['OPEN', 1]);
      officersAuction(house);
      expect([portfolioIn(house).status, openOrders(house).length]).toEqual(['PAUSED', 0]);
      // Without the 40 ETH she looks worth less than nothing: all of the portfolio would be sold for that.
      expect(shareForSale(house.state, portfolioIn(house), house.now)).toBe(10n ** 18n);
      expect(house.refusal(shareOf(portfolioIn(house), null, '1000000'))).toBe('AUCTION_NOT_OPEN');
      // 2,700 and a penalty of 270 are 22.5 ETH at 132: the other 17.5 count for 1,347.50, and she keeps what she
      // holds.
      house.send(takeOf(auctionIn(house), '40', '132'));
      expect([statusOf(house), sizeOf(house), house.state.portfolios.size]).toEqual(['HEALTHY', 10n, 0]);
      expect(healthOf(house.state, 'alice').equity).toBe(134_750n);
      expectReplays(house.state, house.entries);
    },
  );

  test('CA-5 DS-1 the portfolio’s time does not pass while it waits, here and in a restored house', () => {
    const house = sellingBoth();
    const { deadline } = portfolioIn(house);
    officersAuction(house);
    house.pass('2h');
    expect(portfolioIn(house)).toMatchObject({ status: 'PAUSED', timeLeft: deadline - (house.now - 7_200_000) });
    expectTwins(restored(house.state), house.state);
  });

  test('CA-5 control: without it a share is sold', () => {
    const house = sellingBoth();
    expect(onlyOf(house.send(shareOf(portfolioIn(house), null, '1000000')), 'PortfolioTaken').share).toBeLessThan(
      10n ** 18n,
    );
  });
});

describe('CA-3 several lots of one debt that end at one instant', () => {
  /** `alice` owes 2,700; an officer sells her ETH in two sealed lots of 20, for 1,350 and a penalty of 135 each. */
  function twoLots(first: string): { house: TestHouse; ids: string[] } {
    const house = sellingBoth();
    officersAuction(house, 2, 'SEALED');
    const [one, two] = [...house.state.auctions.values()];
    if (!one || !two) throw new Error('Two lots');
    house.send(bidOf(one, first, 'b1'));
    house.send(bidOf(two, '1800', 'b2'));
    return { house, ids: [one.id, two.id] };
  }
  const endsOf = (events: Parameters<typeof ofType>[0]) =>
    ofType(events, 'AuctionEnded').map(({ outcome, paid }) => [outcome, paid]);

  test('CA-3 what the first pays of the whole debt the second is not sold for: its lot and its bid go back', () => {
    const { house } = twoLots('2900');
    // 1,350 and 135 of 2,900 are its own; with 1,415 beyond them she owes nothing any more.
    expect(endsOf(house.pass('1h1s'))).toEqual([
      ['SETTLED', 290_000n],
      ['CANCELLED', 0n],
    ]);
    expect([house.balance('alice'), house.balance('alice', 'ETH'), house.balance('b2')]).toEqual([
      '65.00',
      '20.00000000',
      '100000.00',
    ]);
    expect([statusOf(house), sizeOf(house)]).toEqual(['HEALTHY', 10n]);
    expectReplays(house.state, house.entries);
  });

  test('CA-3 control: while a part is owed the second is sold too', () => {
    const { house } = twoLots('2800');
    expect(endsOf(house.pass('1h1s'))).toEqual([
      ['SETTLED', 280_000n],
      ['SETTLED', 180_000n],
    ]);
  });
});

/** Has a liquidation ruled erroneous. Returns who gave back what. */
function refundOf(house: TestHouse, liquidation: string): [string, bigint][] {
  const { dispute } = onlyOf(
    house.send({ type: 'DisputeLiquidation', liquidation, reason: 'a bad print' }),
    'LiquidationDisputed',
  );
  const ruled = byTwo(house, { type: 'RuleOnLiquidationDispute', dispute: dispute.id, upheld: true, reason: 'it was' });
  return onlyOf(ruled, 'LiquidationDisputeRuled').transfers.map(({ from, amount }) => [from, amount]);
}

describe('LP-5 what a ruling gives back', () => {
  test.each(['DUTCH', 'SEALED'] as const)(
    'LP-5 CA-3 the penalty of a %s auction comes back to whose debt it was, and only once',
    (form) => {
      const house = inDebt({ policy: { form } });
      const bid = form === 'DUTCH' ? takeOf(auctionIn(house), '40', '132') : bidOf(auctionIn(house), '4400');
      const { liquidation } = onlyOf([...house.send(bid), ...house.pass('2h')], 'LiquidationEnded');
      // 4,000 of debt and 400 of penalty; sealed, all of the ETH went for just that.
      expect([house.balance('alice'), ledgerOf(house, 'insurance-fund')]).toEqual(['0.00', 40_000n]);
      expect(refundOf(house, liquidation)).toEqual([['insurance-fund', 40_000n]]);
      expect([house.balance('alice'), ledgerOf(house, 'insurance-fund')]).toEqual(['400.00', 0n]);
      const [penalty] = house.entries.flatMap(({ seq, outcome }) =>
        ('events' in outcome ? outcome.events.flatMap(transfersOf) : []).flatMap((transfer, place) =>
          transfer.reason === 'LIQUIDATION_PENALTY'
            ? [{ entry: seq, place, from: transfer.from, to: transfer.to }]
            : [],
        ),
      );
      if (!penalty) throw new Error('No penalty');
      const undo = {
        type: 'ReverseTransfer',
        kind: 'LIQUIDATION_PENALTY',
        currency: 'USD',
        amount: '400',
        reason: 'again',
        ...penalty,
      } as const;
      expect(house.refusal(undo)).toBe('TRANSFER_NOT_REVERSIBLE');
      expectReplays(house.state, house.entries);
    },
  );

  test('LP-5 control: sold without a penalty there is nothing to give back', () => {
    const house = inDebt({ policy: { penaltyMultiplier: '1' } });
    const { liquidation } = onlyOf(house.send(takeOf(auctionIn(house), '40', '132')), 'LiquidationEnded');
    expect(house.refusal({ type: 'DisputeLiquidation', liquidation, reason: 'a bad print' })).toBe(
      'LIQUIDATION_NOT_FOUND',
    );
  });

  /**
   * `alice` closes 1.6 for a fee of 400 and a penalty of 80, of which 40 go to the pool that `x` alone stands behind.
   */
  function withPool(): { house: TestHouse; liquidation: string } {
    const house = fallen({ terms: { penaltyTiers: [{ floor: '0', rate: '0.001' }] } });
    byTwo(house, lossPolicy(['INSURANCE_FUND'], { backstopShare: '0.5' }));
    house.send({ type: 'ContributeHouseCapital', currency: 'USD', amount: '1000' });
    for (const id of ['x', 'y']) openAccount(house, id, '1000');
    house.send({ type: 'ContributeToBackstopPool', account: 'x', amount: '100' });
    house.pass('1h');
    return { house, liquidation: onlyOf(fill(house, '50000', '1.6'), 'LiquidationEnded').liquidation };
  }
  const statementsOf = (house: TestHouse) =>
    ['x', 'y'].map((id) => backstopStatementOf(house.state, id)).map((one) => [one?.contribution, one?.income]);

  test('LP-5 X-1 income that contributors of the backstop pool have been credited with is not taken from who came later', () => {
    const { house, liquidation } = withPool();
    house.send({ type: 'ContributeToBackstopPool', account: 'y', amount: '100' });
    expect(refundOf(house, liquidation)).toEqual([
      ['insurance-fund', 40_000n],
      ['house-capital', 4000n],
      ['insurance-fund', 4000n],
    ]);
    expect(statementsOf(house)).toEqual([
      [10_000n, 4000n],
      [10_000n, 0n],
    ]);
    house.send({ type: 'WithdrawFromBackstopPool', account: 'x', amount: '140' });
    house.send({ type: 'WithdrawFromBackstopPool', account: 'y', amount: '100' });
    expect([ledgerOf(house, 'backstop-pool'), ledgerOf(house, 'backstop-income')]).toEqual([0n, 0n]);
  });

  test('LP-5 control: before anybody was credited it comes back from the pool', () => {
    const { house, liquidation } = withPool();
    expect(refundOf(house, liquidation)).toEqual([
      ['insurance-fund', 40_000n],
      ['backstop-income', 4000n],
      ['insurance-fund', 4000n],
    ]);
    expect(statementsOf(house)[0]).toEqual([10_000n, 0n]);
  });
});
