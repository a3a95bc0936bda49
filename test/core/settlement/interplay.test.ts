/**
 * Where two mechanisms meet at one account, one ledger or one auction: what the earlier one took is not there for the
 * later.
 */

import { healthOf } from '../../../src/core/margin/health';
import { type Event, transfersOf } from '../../../src/core/message/event';
import { shareForSale } from '../../../src/core/settlement/portfolio/terms';
import { auctionHouse, auctionIn, bidOf, inDebt, longWith, quoteEth, takeOf } from '../../support/auction';
import { declare, sumsOf, takenBy } from '../../support/defaults';
import { classicPolicy, definePerpetual, mark, onePerpetual, openAccount, pay, term, trade } from '../../support/given';
import { ofType, type TestHouse } from '../../support/house';
import { byTwo } from '../../support/ladder';
import { fallen, fill, onlyOf, openOrders, sizeOf, statusOf } from '../../support/liquidation';
import { called, portfolioIn, portfolioPolicy, shareOf } from '../../support/portfolio';
import { ladderOf, liquidator, rungOf } from '../../support/rungs';
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

describe('B3-2 NE-5 a member in default whose collateral is at auction', () => {
  test('B3-2 NE-5 the lot goes to the default with the rest, and no bid is kept', () => {
    const house = auctionHouse({ interval: null, policy: { form: 'SEALED' } });
    openAccount(house, 'own', '1000', { member: 'm3', kind: 'HOUSE' });
    pay(house, 'own', '40', 'ETH');
    trade(house, 'own', 'maker', '1', '50000');
    mark(house, '45000');
    house.send(bidOf(auctionIn(house, 'own'), '4000'));
    const found = declare(house, 'm3');
    expect(house.state.auctions.size).toBe(0);
    expect([house.balance('own', 'ETH'), house.balance('b1'), statusOf(house, 'own')]).toEqual([
      '0.00000000',
      '100000.00',
      'CLOSED',
    ]);
    expect(sumsOf(house, 'm3')).toEqual(['SEIZED 4000000000 ETH', 'SEIZED -400000 USD']);
    expect(house.balance(takenBy(found), 'ETH')).toBe('40.00000000');
    expectReplays(house.state, house.entries);
  });
});

describe('LI-3 MT-3 backstop providers of one owner', () => {
  /**
   * 2 % up to 10,000 and 20 % beyond. `alice`, long 1 with 3,500 at 44,500, closes 41 lots of 445 to come to initial
   * margin; `p1` and `p2` have 400 each.
   */
  function assignedTo(owners: readonly [string, string]): { house: TestHouse; taken: [string, bigint][] } {
    const tiers = [
      { floor: '0', cap: '10000', initialRate: '0.02', maintenanceRate: '0.01', deduction: null },
      { floor: '10000', cap: null, initialRate: '0.2', maintenanceRate: '0.1', deduction: null },
    ];
    const policy = classicPolicy({}, { target: term('INITIAL', '1') });
    const house = onePerpetual({ price: '50000', tiers, policy, lot: '0.01', tick: '1' });
    openAccount(house, 'maker', '9000000');
    openAccount(house, 'alice', '9000');
    for (const [i, id] of ['p1', 'p2'].entries()) {
      openAccount(house, id, '400', { owner: owners[i] ?? id });
      house.send({ type: 'RegisterBackstopProvider', account: id, instrument: null, capacity: '90000', discount: '0' });
    }
    byTwo(house, ladderOf([rungOf('BACKSTOP', { slippage: '0' }), rungOf('HOUSE')]));
    trade(house, 'alice', 'maker', '1', '50000');
    const events = [...mark(house, '44500'), ...house.pass('1h')];
    return { house, taken: ofType(events, 'BackstopAssigned').map(({ provider, size }) => [provider, -size]) };
  }
  const marginsOf = (house: TestHouse) =>
    ['p1', 'p2'].map((id) => healthOf(house.state, id)).map(({ equity, initial }) => [equity, initial]);

  test('LI-3 MT-3 what one is given moves the tier of both: neither is taken below initial margin', () => {
    const { house, taken } = assignedTo(['o', 'o']);
    // 21 lots are 9,345. With four more 11,125 need 425, of which 21 / 25 are 357; with five more 514, and 21 / 26 of
    // it 415.
    expect(taken).toEqual([
      ['p1', 21n],
      ['p2', 4n],
    ]);
    expect(marginsOf(house)).toEqual([
      [40_000n, 35_700n],
      [40_000n, 6800n],
    ]);
    expectReplays(house.state, house.entries);
  });

  test('MT-3 control: of two owners each takes its half', () => {
    const { house, taken } = assignedTo(['o1', 'o2']);
    expect(taken).toEqual([
      ['p1', 21n],
      ['p2', 20n],
    ]);
    expect(marginsOf(house)).toEqual([
      [40_000n, 18_690n],
      [40_000n, 17_800n],
    ]);
  });
});

describe('B3-2 LI-5 a liquidator that fails itself', () => {
  /** `lee`, on the list with a deposit of 1,000, holds one contract bought at 50,000 with 5,000. */
  function failing(price: string, listed = true): { house: TestHouse; events: Event[] } {
    const house = onePerpetual();
    house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: '2000', source: 'EXTERNAL' });
    openAccount(house, 'maker', '9000000');
    if (listed) liquidator(house, 'lee', '1000', '6000');
    else openAccount(house, 'lee', '5000');
    trade(house, 'lee', 'maker', '1', '50000');
    return { house, events: mark(house, price) };
  }
  const lossesIn = (events: readonly Event[]) =>
    ofType(events, 'LossAllocated').flatMap(({ cases }) => cases.map(({ loss }) => loss));

  test('B3-2 its deposit pays what it owes before the fund does, and is not there to be taken back', () => {
    const { house, events } = failing('43500');
    expect([lossesIn(events), ledgerOf(house, 'insurance-fund')]).toEqual([[50_000n], 150_000n]);
    expect([ledgerOf(house, 'liquidator-deposit/lee'), house.balance('lee'), statusOf(house, 'lee')]).toEqual([
      0n,
      '0.00',
      'CLOSED',
    ]);
    expect(house.refusal({ type: 'DeregisterLiquidator', account: 'lee' })).toBe('LIQUIDATOR_NOT_FOUND');
    expectReplays(house.state, house.entries);
  });

  test('B3-2 where the deposit is enough nobody else pays, and what is needed is closed in the ordinary way', () => {
    const { house, events } = failing('44800');
    expect([lossesIn(events), healthOf(house.state, 'lee').equity, openOrders(house, 'lee').length]).toEqual([
      [],
      80_000n,
      1,
    ]);
  });

  test('B3-2 control: off the list, or worth something, it is like anybody else', () => {
    expect(lossesIn(failing('43500', false).events)).toEqual([150_000n]);
    const { house } = failing('45900');
    expect([statusOf(house, 'lee'), ledgerOf(house, 'liquidator-deposit/lee')]).toEqual(['CALL', 100_000n]);
  });

  test('LI-1 what it had claimed is free at once, and costs it nothing more', () => {
    const house = fallen();
    definePerpetual(house, 'OTHER', { price: '3000' });
    byTwo(house, ladderOf([rungOf('LIQUIDATORS'), rungOf('HOUSE')]));
    liquidator(house, 'lee', '1000', '6000');
    liquidator(house, 'moe');
    house.pass('1h');
    const [order] = openOrders(house);
    const claim = (account: string) => ({ type: 'ClaimLiquidation' as const, order: order?.id ?? '', account });
    trade(house, 'lee', 'maker', '20', '3000', 'OTHER');
    house.send(claim('lee'));
    expect(house.refusal(claim('moe'))).toBe('ALREADY_CLAIMED');
    // 7,000 are lost of 5,000 and the deposit of 1,000.
    const ended = ofType(mark(house, '2650', 'OTHER'), 'LiquidationClaimEnded');
    expect(ended.map(({ outcome, amount }) => [outcome, amount])).toEqual([['RELEASED', 0n]]);
    house.send(claim('moe'));
    expectReplays(house.state, house.entries);
  });
});

describe('CA-5 B3-2 two worth less than nothing, and one fund', () => {
  /** Ten contracts each: at 47,400 `alice`, who had 11,000, lacks 15,000, and `bob`, who had 25,000, lacks 1,000. */
  function both(fund: string): TestHouse {
    const house = called({ fund });
    openAccount(house, 'bob', '25000');
    trade(house, 'bob', 'maker', '10', '50000');
    mark(house, '47400');
    return house;
  }
  const modesOf = (house: TestHouse) =>
    ['alice', 'bob'].map((id) => [...house.state.portfolios.values()].find(({ account }) => account === id)?.mode);

  test('CA-5 once the fund is spent on the one, the other is not kept waiting for a premium', () => {
    const house = both('500');
    expect(modesOf(house)).toEqual(['INSOLVENT', 'INSOLVENT']);
    house.pass('1m');
    const { premium } = onlyOf(house.send(shareOf(portfolioIn(house), null, '0')), 'PortfolioTaken');
    expect([premium, ledgerOf(house, 'insurance-fund')]).toEqual([50_000n, 0n]);
    expect(onlyOf(mark(house, '47401'), 'PortfolioAuctionEnded')).toMatchObject({ account: 'bob', outcome: 'TIME_UP' });
    expect([statusOf(house, 'bob'), sizeOf(house, 'bob')]).toEqual(['CLOSED', 0n]);
    expectReplays(house.state, house.entries);
  });

  test('CA-5 control: with something left it goes on', () => {
    const house = both('90000');
    house.pass('1m');
    house.send(shareOf(portfolioIn(house), null, '0'));
    mark(house, '47401');
    expect(modesOf(house)).toEqual([undefined, 'INSOLVENT']);
  });
});
