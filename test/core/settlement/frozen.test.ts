/**
 * One holding that is halted, or whose price is stale, freezes itself and nothing else: its account is closed in what
 * is live, pays for others, takes what it is given; and nothing that stands still is closed for anybody.  Ruling 13,
 * each with its control
 */

import type { RungInput } from '../../../src/core/message/ladderCommands';
import { type OpenDebt, openDebtsOf } from '../../../src/core/settlement/waterfall/openDebts';
import {
  classicPolicy,
  definePerpetual,
  flatTiers,
  mark,
  onePerpetual,
  openAccount,
  pay,
  trade,
} from '../../support/given';
import { ofType, type TestHouse, typesOf } from '../../support/house';
import { byTwo, officer, statusOf } from '../../support/ladder';
import { fillOf, onlyOf, openOrders, sizeOf } from '../../support/liquidation';
import { portfolioIn, portfolioPolicy, shareOf } from '../../support/portfolio';
import { defineOnIndex, MINUTE } from '../../support/prices';
import { movesOf, provider, rungOf, setLadder } from '../../support/rungs';
import { given, lossPolicy } from '../../support/waterfall';

const halt = (house: TestHouse, instrument = 'OTHER') =>
  house.send({ type: 'SetInstrumentStatus', instrument, status: 'HALTED', reason: 'an outage' }, officer('first'));
const resume = (house: TestHouse, instrument = 'OTHER') =>
  byTwo(house, { type: 'SetInstrumentStatus', instrument, status: 'ACTIVE', reason: 'over' });

describe('ruling 13 an account worth less than nothing', () => {
  /** `bad` has 100, is long 1 at 1,000 against `w`, and 1 of OTHER at 100 against `x`. */
  function two(): TestHouse {
    const house = given({ policy: lossPolicy(['SOCIALIZED_LOSS']), own: '100' });
    defineOnIndex(house, { instrument: 'OTHER', index: null, markBand: null, heartbeat: 60 * MINUTE });
    mark(house, '100', 'OTHER');
    openAccount(house, 'x', '90000');
    trade(house, 'bad', 'x', '1', '100', 'OTHER');
    return house;
  }
  const owed = ({ state }: TestHouse) =>
    openDebtsOf(state).map(({ cause, account, amount }: OpenDebt) => [cause, account, amount]);
  const withdraw = (amount: string) => ({ type: 'WithdrawCollateral', account: 'w', currency: 'USD', amount }) as const;

  test.each(['halted', 'stale'] as const)(
    'is closed at the mark in what is live, and owes until the rest is no longer %s',
    (how) => {
      const house = two();
      if (how === 'halted') halt(house);
      else house.pass('1h');
      const events = mark(house, '840');
      expect(ofType(events, 'PositionTakenOver')).toMatchObject([
        { instrument: 'BTC-PERP', value: -84_000n, charges: { fee: 0n } },
      ]);
      expect(ofType(events, 'LiquidationPaused')).toMatchObject([{ account: 'bad', instrument: 'OTHER' }]);
      expect([sizeOf(house, 'bad'), sizeOf(house, 'bad', 'OTHER'), house.balance('bad')]).toEqual([0n, 10n, '-60.00']);
      expect(owed(house)).toEqual([[how === 'halted' ? 'TRADING_HALTED' : 'PRICE_AWAITED', 'bad', 6_000n]]);
      // Of who gained 160 the 60 stay: 90,160 - 16.80 - 60.
      expect(house.refusal(withdraw('89923.21'))).toBe('WITHDRAWALS_GATED');
      // However the live price moves on, the debt is what it is.
      mark(house, '850');
      expect(owed(house)[0]?.[2]).toBe(6_000n);
      mark(house, '840');
      const after = how === 'halted' ? resume(house) : mark(house, '100', 'OTHER');
      expect(onlyOf(after, 'LossAllocated').cases).toMatchObject([{ account: 'bad', loss: 6_000n }]);
      expect([owed(house), statusOf(house, 'bad')]).toEqual([[], 'CLOSED']);
    },
  );

  test('control: with nothing that stands still the loss is borne at once', () => {
    expect(onlyOf(mark(two(), '840'), 'LossAllocated').cases).toMatchObject([{ account: 'bad', loss: 6_000n }]);
  });

  test.each([
    ['stands still', true, [0n, 10n]],
    ['stands still nowhere', false, [0n, 0n]],
  ] as const)('is not closed in what frees no margin, which may be a hedge, while a holding %s', (_, halted, left) => {
    const house = two();
    const free = {
      instrument: 'ZED',
      index: null,
      markBand: null,
      heartbeat: 600 * MINUTE,
      allowsNonPositivePrice: true,
    };
    defineOnIndex(house, free);
    mark(house, '0', 'ZED');
    trade(house, 'bad', 'x', '1', '0', 'ZED');
    if (halted) halt(house);
    mark(house, '840');
    expect([sizeOf(house, 'bad'), sizeOf(house, 'bad', 'ZED')]).toEqual(left);
    if (halted) resume(house);
    expect(sizeOf(house, 'bad', 'ZED')).toBe(0n);
  });

  test('pays by itself where what stood still has gained; who pays in meanwhile is restored', () => {
    const house = two();
    house.pass('1h');
    mark(house, '840');
    const events = mark(house, '170', 'OTHER');
    // 10 for the 4.25 of the one contract.
    expect(onlyOf(events, 'LiquidationEnded')).toMatchObject({ account: 'bad', outcome: 'RESTORED', equity: 1_000n });
    expect(ofType(events, 'LossAllocated')).toEqual([]);

    const paid = two();
    paid.pass('1h');
    mark(paid, '840');
    expect(ofType(pay(paid, 'bad', '62.49'), 'LiquidationEnded')).toEqual([]);
    expect(ofType(pay(paid, 'bad', '0.01'), 'LiquidationEnded')).toMatchObject([{ outcome: 'RESTORED', equity: 250n }]);
  });

  test('the same short', () => {
    const house = given({ policy: lossPolicy(['SOCIALIZED_LOSS']), winners: {}, own: '100' });
    definePerpetual(house, 'OTHER', { price: '100', tiers: flatTiers('0.02', '0.01') });
    openAccount(house, 'w', '90000');
    trade(house, 'w', 'bad', '1', '1000');
    trade(house, 'w', 'bad', '1', '100', 'OTHER');
    halt(house);
    expect(ofType(mark(house, '1160'), 'PositionTakenOver')).toMatchObject([{ instrument: 'BTC-PERP' }]);
    expect(owed(house)).toEqual([['TRADING_HALTED', 'bad', 6_000n]]);
    expect(onlyOf(resume(house), 'LossAllocated').cases).toMatchObject([{ loss: 6_000n }]);
  });

  test('collateral is not sold for a debt that is not known yet', () => {
    const house = two();
    house.send({ type: 'DefineCurrency', currency: 'ETH', scale: 8 });
    house.send({
      type: 'DefineIndex',
      base: 'ETH',
      quote: 'USD',
      tick: '0.01',
      sources: ['a'],
      minimumSources: 1,
      maximumDeviation: '1',
      heartbeat: 600 * MINUTE,
    });
    byTwo(house, {
      type: 'SetCollateralTerms',
      currency: 'ETH',
      haircut: '0.5',
      conversionDiscount: '0',
      eligible: true,
    });
    house.send({
      type: 'SubmitIndexPrices',
      source: 'a',
      prices: [{ index: 'ETH/USD', price: '20', observedAt: null }],
    });
    pay(house, 'bad', '1', 'ETH');
    halt(house);
    mark(house, '820');
    expect([house.balance('bad', 'ETH'), house.balance('bad')]).toEqual(['1.00000000', '-80.00']);
    expect(ofType(resume(house), 'CollateralConverted')).toHaveLength(1);
  });
});

describe('ruling 13 an account worth something', () => {
  /** `alice` of the liquidations, called for 10 contracts at 50,000, with 1 of OTHER at 100 beside. */
  function beside(rungs?: readonly RungInput[], before: (house: TestHouse) => void = () => undefined): TestHouse {
    const house = onePerpetual({
      price: '52000',
      policy: classicPolicy({ feeRate: '0.005', venueWindow: 20 * MINUTE }),
    });
    definePerpetual(house, 'OTHER', { price: '100' });
    house.send({ type: 'AdmitMember', member: 'm1', name: 'm1' });
    openAccount(house, 'maker', '900000000');
    openAccount(house, 'b1', '1000000', { member: 'm1' });
    openAccount(house, 'alice', '31005');
    before(house);
    trade(house, 'alice', 'maker', '10', '52000');
    trade(house, 'alice', 'maker', '1', '100', 'OTHER');
    if (rungs) setLadder(house, rungs);
    byTwo(house, portfolioPolicy());
    mark(house, '50000');
    return house;
  }

  test('is closed in what is live although a lot of it is halted', () => {
    const house = beside();
    halt(house);
    house.pass('1h');
    expect(openOrders(house)).toMatchObject([{ instrument: 'BTC-PERP', size: -15n }]);
    const [order] = openOrders(house);
    const events = house.send(fillOf(order as NonNullable<typeof order>, '50000', '1.5'));
    expect(onlyOf(events, 'LiquidationEnded').outcome).toBe('RESTORED');
    expect(sizeOf(house, 'alice', 'OTHER')).toBe(10n);
  });

  test(
    'whose large holding is halted in the midst of it: its order is called back, and what is live goes before ' +
      'it waits',
    () => {
      const house = beside();
      house.pass('1h');
      const events = halt(house, 'BTC-PERP');
      expect(ofType(events, 'LiquidationOrderClosed')).toMatchObject([{ outcome: 'CANCELLED' }]);
      expect(openOrders(house)).toMatchObject([{ instrument: 'OTHER', size: -10n }]);
      expect(ofType(house.pass('20m'), 'LiquidationPaused')).toMatchObject([{ instrument: 'BTC-PERP' }]);
      expect(ofType(house.pass('1h'), 'PositionTakenOver')).toEqual([]);
      expect(openOrders(house).length).toBe(0);
      expect(typesOf(resume(house, 'BTC-PERP'))).toEqual(
        expect.arrayContaining(['LiquidationResumed', 'LiquidationOrderIssued']),
      );
    },
  );

  const RUNGS = [rungOf('AUCTION'), rungOf('HOUSE')];

  test('CA-5 is not offered as a portfolio while a part of it stands still: what is live goes down the other rungs', () => {
    const house = beside(RUNGS);
    halt(house);
    const events = house.pass('1h');
    expect(ofType(events, 'PortfolioAuctionStarted')).toEqual([]);
    expect(movesOf(events)).toEqual(['AUCTION > HOUSE -15 NO_AUCTION']);
    expect(ofType(events, 'PositionTakenOver')).toMatchObject([{ instrument: 'BTC-PERP', size: -100n }]);
  });

  test(
    'CA-5 control: with nothing halted its portfolio is offered; halted then, the auction stands, and its ' +
      'order is called back',
    () => {
      const house = beside([rungOf('AUCTION'), rungOf('VENUE', { window: 60 * MINUTE }), rungOf('HOUSE')]);
      expect(ofType(house.pass('1h'), 'PortfolioAuctionStarted')).toHaveLength(1);
      const events = halt(house);
      expect(ofType(events, 'PortfolioAuctionChanged')).toMatchObject([{ change: 'PAUSED' }]);
      expect(movesOf(events)).toEqual(['AUCTION > VENUE -15 NO_AUCTION']);
      expect(house.refusal(shareOf(portfolioIn(house), null, '100000'))).toBe('AUCTION_NOT_OPEN');
      const [order] = openOrders(house);
      resume(house);
      const filled = house.send(fillOf(order as NonNullable<typeof order>, '50000', '1.5'));
      expect(onlyOf(filled, 'PortfolioAuctionEnded').outcome).toBe('RESTORED');
    },
  );

  test.each([
    ['halted', [4n]],
    ['live', [27n]],
  ] as const)(
    'LI-3 a provider takes although it holds what is halted, and its gains on that carry nothing: %s',
    (how, taken) => {
      const house = beside([rungOf('BACKSTOP'), rungOf('HOUSE')], (made) => {
        provider(made, 'p', '10000000', '0', '6510');
        trade(made, 'p', 'maker', '100', '100', 'OTHER');
      });
      // 100,000 gained; 6,510 less 5,500 of initial margin carry four tenths of 2,496. All of it would be 1,302.50 /
      // 499.20.
      mark(house, '1100', 'OTHER');
      mark(house, '49920');
      if (how === 'halted') halt(house);
      expect(ofType(house.pass('1h'), 'BackstopAssigned').map(({ size }) => -size)).toEqual(taken);
    },
  );
});

describe('ruling 13 nothing that stands still is closed for a loss', () => {
  /** The house has taken over 1 at 890 and 1 of OTHER at 100, its capital is used up, and it loses 50 more. */
  const inventory = (halted: boolean): string[] => {
    const house = given({ policy: lossPolicy(['HOUSE_CAPITAL', 'DELEVERAGING']), own: '100', capital: '10' });
    definePerpetual(house, 'OTHER', { price: '100', tiers: flatTiers('0.02', '0.01') });
    openAccount(house, 'x', '90000');
    trade(house, 'bad', 'x', '1', '100', 'OTHER');
    mark(house, '90', 'OTHER');
    mark(house, '900');
    expect(sizeOf(house, 'close-out:USD', 'OTHER')).toBe(10n);
    if (halted) halt(house);
    return ofType(mark(house, '850'), 'PositionDeleveraged').map(({ instrument }) => instrument);
  };

  test('SL-5 the inventory of the house is deleveraged in what is live', () =>
    expect(inventory(true)).toEqual(['BTC-PERP']));
  test('SL-5 control: in all of it', () => expect(inventory(false)).toEqual(['BTC-PERP', 'OTHER']));

  test.each([true, false])(
    'X-1 ruling 17 the own position on the other side is closed once it is live; halted: %s',
    (halted) => {
      const house = given({ policy: lossPolicy(['OWNER_COLLATERAL', 'SOCIALIZED_LOSS']), own: '100' });
      definePerpetual(house, 'OTHER', { price: '100', tiers: flatTiers('0.02', '0.01') });
      openAccount(house, 'hedge', '50', { owner: 'bad' });
      trade(house, 'bad', 'hedge', '1', '100', 'OTHER');
      if (halted) halt(house);
      const closed = (events: Parameters<typeof ofType>[0]) =>
        ofType(events, 'PositionDeleveraged').map(({ account }) => account);
      expect(closed(mark(house, '840'))).toEqual(halted ? [] : ['hedge']);
      if (halted) expect(closed(resume(house))).toEqual(['hedge']);
    },
  );
});
