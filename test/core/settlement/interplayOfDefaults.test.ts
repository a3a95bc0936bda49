/** What the default of members and of liquidators, and two losses of one fund, do to each other. */

import { healthOf } from '../../../src/core/margin/health';
import { type Event } from '../../../src/core/message/event';
import { auctionHouse, auctionIn, bidOf } from '../../support/auction';
import { declare, sumsOf, takenBy } from '../../support/defaults';
import { classicPolicy, definePerpetual, mark, onePerpetual, openAccount, pay, term, trade } from '../../support/given';
import { ofType, type TestHouse } from '../../support/house';
import { byTwo } from '../../support/ladder';
import { fallen, onlyOf, openOrders, sizeOf, statusOf } from '../../support/liquidation';
import { called, portfolioIn, shareOf } from '../../support/portfolio';
import { ladderOf, liquidator, rungOf } from '../../support/rungs';
import { expectReplays } from '../../support/twin';
import { ledgerOf } from '../../support/waterfall';

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
