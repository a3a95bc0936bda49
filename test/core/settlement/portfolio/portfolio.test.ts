import fc from 'fast-check';
import { linesOf as digestLines, digestOf } from '../../../../src/core/engine/digest';
import { applyEntry } from '../../../../src/core/engine/execute';
import { createPlainState } from '../../../../src/core/engine/genesis';
import { restoreState, saveState } from '../../../../src/core/engine/snapshot';
import { standingOfAccount } from '../../../../src/core/margin/standing';
import type { Event } from '../../../../src/core/message/event';
import { ONE_SHARE } from '../../../../src/core/settlement/portfolio/shares';
import { factorAt, priceOf, shareForSale, worthOf } from '../../../../src/core/settlement/portfolio/terms';
import { formatScaled } from '../../../../src/units/decimal';
import { auctionPolicy } from '../../../support/auction';
import { definePerpetual, mark, openAccount, pay, trade } from '../../../support/given';
import { ofType, type TestHouse, typesOf } from '../../../support/house';
import { byTwo } from '../../../support/ladder';
import { linesOf, onlyOf, openOrders, sizeOf, statusOf } from '../../../support/liquidation';
import { called, offered, portfolioIn, portfolioPolicy, shareOf } from '../../../support/portfolio';
import { ladderOf, rungOf } from '../../../support/rungs';

const percent = (share: bigint): string => formatScaled((share * 10_000n) / ONE_SHARE, 2);
const forSale = (house: TestHouse): bigint => shareForSale(house.state, portfolioIn(house), house.now);
const priceIn = (house: TestHouse): bigint =>
  priceOf(
    portfolioIn(house),
    worthOf(standingOfAccount(house.state, 'alice'), portfolioIn(house)),
    house.now,
  ) as bigint;

describe('CA-5 a portfolio worth something', () => {
  test('CA-5 a reduction that comes to the rung puts the whole portfolio on offer; its order waits as long', () => {
    const house = called();
    const events = house.pass('1h');
    const { portfolio } = onlyOf(events, 'PortfolioAuctionStarted');
    expect(portfolio).toMatchObject({
      account: 'alice',
      mode: 'SOLVENT',
      status: 'OPEN',
      sold: 0n,
      takes: 0,
      version: 1,
    });
    expect(openOrders(house)).toMatchObject([
      { size: -15n, expiresAt: portfolio.deadline, stand: { method: 'AUCTION', rung: 1 } },
    ]);
    // Nobody asks for less than its value yet: 15 of 100 lots restore her, fee included.
    expect([percent(forSale(house)), priceIn(house)]).toEqual(['15.00', 1_100_000n]);
  });

  test('CA-5 the price falls by time alone, follows the marks, and the share grows as the discount does', () => {
    const house = offered();
    house.pass('10m');
    expect([percent(forSale(house)), priceIn(house)]).toEqual(['20.00', 880_000n]);
    mark(house, '49950');
    // Worth 10,500 now.
    expect(priceIn(house)).toBe(840_000n);
  });

  test(
    'CA-5 who takes has the positions at the mark and the discount beside; the account is at its target, and ' +
      'the sale over',
    () => {
      const house = offered();
      house.pass('10m');
      const events = house.send(shareOf(portfolioIn(house), null, '9000'));
      expect(onlyOf(events, 'PortfolioPositionTaken')).toMatchObject({
        ...{ account: 'alice', taker: 'b1', instrument: 'BTC-PERP', size: -20n, orders: [{ size: -15n }] },
        charges: { fee: 50_000n, feeDue: 50_000n },
        // Two contracts at the mark, which is what triggered it; 2,200 are behind them.
        slippage: { mark: 0n, trigger: 0n, bankruptcy: -220_000n },
      });
      const taken = onlyOf(events, 'PortfolioTaken');
      expect(taken).toMatchObject({ value: 1_100_000n, price: 880_000n, premium: 44_000n, share: ONE_SHARE / 5n });
      expect(linesOf(taken.transfers)).toEqual(['PORTFOLIO_PREMIUM account/alice > account/b1 44000']);
      expect(onlyOf(events, 'PortfolioAuctionEnded')).toMatchObject({
        outcome: 'RESTORED',
        // Recovery 0.8: what was worth 2,200 brought 1,760.
        portfolio: { sold: ONE_SHARE / 5n, takes: 1, proceeds: 176_000n, fairValue: 220_000n, fund: 0n },
      });
      expect(typesOf(events)).toContain('LiquidationEnded');
      expect([sizeOf(house), sizeOf(house, 'b1'), statusOf(house), openOrders(house).length]).toEqual([
        80n,
        20n,
        'WARNING',
        0,
      ]);
    },
  );

  test('CA-5 takes of a part: the rest stays on offer, the orders with it, and nobody is sold more than restores', () => {
    const house = offered();
    house.pass('10m');
    const before = portfolioIn(house);
    house.send(shareOf(before, '0.05', '9000'));
    expect(portfolioIn(house)).toMatchObject({ version: 2, takes: 1, sold: ONE_SHARE / 20n, proceeds: 44_000n });
    expect(openOrders(house)).toMatchObject([{ size: -15n, filled: -5n }]);
    expect(house.refusal(shareOf(before, '0.05', '9000', 'b2'))).toBe('AUCTION_CHANGED');
    const events = house.send(shareOf(portfolioIn(house), '1', '9000', 'b2'));
    expect(onlyOf(events, 'PortfolioAuctionEnded').outcome).toBe('RESTORED');
    expect(sizeOf(house, 'b2') < 20n).toBe(true);
    expect(sizeOf(house) + sizeOf(house, 'b1') + sizeOf(house, 'b2')).toBe(100n);
  });

  test('CA-5 positions worth less than nothing go with those that are worth something', () => {
    const house = called();
    definePerpetual(house, 'ETH-PERP', { price: '5000', lot: '0.1' });
    house.pass('1s');
    // Hers is long BTC and short ETH, at a loss in both.
    pay(house, 'alice', '20000');
    trade(house, 'maker', 'alice', '20', '5000', 'ETH-PERP');
    mark(house, '5900', 'ETH-PERP');
    house.pass('2h');
    const events = house.send(shareOf(portfolioIn(house), null, '100000'));
    expect(ofType(events, 'PortfolioPositionTaken').map(({ instrument, size }) => [instrument, size < 0n])).toEqual([
      ['BTC-PERP', true],
      ['ETH-PERP', false],
    ]);
    expect([sizeOf(house, 'b1') > 0n, sizeOf(house, 'b1', 'ETH-PERP') < 0n]).toEqual([true, true]);
    expect(onlyOf(events, 'PortfolioAuctionEnded').outcome).toBe('RESTORED');
  });

  test('CA-5 LI-4 nobody takes in its time: the reduction goes on down the ladder', () => {
    const house = offered();
    const events = house.pass('1h');
    expect(onlyOf(events, 'ReductionMoved')).toMatchObject({
      fromMethod: 'AUCTION',
      toMethod: 'HOUSE',
      size: -15n,
      cause: 'WINDOW_PASSED',
    });
    expect(ofType(events, 'PortfolioAuctionEnded').map(({ outcome }) => outcome)).toEqual(['TIME_UP']);
    expect(onlyOf(events, 'PositionTakenOver').size).toBe(-15n);
    // What the house took used up the equity behind it: the rest is on offer again.
    expect([portfolioIn(house).version, portfolioIn(house).deadline]).toEqual([1, house.now + 3_600_000]);
  });

  test('CA-4 without a policy, or where the breaker stops what is new, the next rung follows at once', () => {
    const bare = called({ terms_: null });
    expect(onlyOf(bare.pass('1h'), 'ReductionMoved').cause).toBe('NO_AUCTION');
    const stopped = called();
    byTwo(stopped, auctionPolicy());
    stopped.send({ type: 'SetAuctionBreaker', currency: 'USD', level: 1, reason: 'a look' });
    expect(onlyOf(stopped.pass('1h'), 'ReductionMoved').cause).toBe('NO_AUCTION');
    // The control: with the policy alone it is on offer.
    const open = called();
    byTwo(open, auctionPolicy());
    expect(typesOf(open.pass('1h'))).toContain('PortfolioAuctionStarted');
  });

  test('CA-4 a stale price pauses it, and the clock goes on where it stood', () => {
    const house = called({ policy: {} });
    const instrument = house.state.listings.get('BTC-PERP')?.instrument;
    expect(instrument?.heartbeat).toBeDefined();
    house.pass('1h');
    house.pass('5m');
    house.send({ type: 'SetInstrumentStatus', instrument: 'BTC-PERP', status: 'HALTED', reason: 'the venue is down' });
    expect(portfolioIn(house)).toMatchObject({ status: 'PAUSED', timeLeft: 55 * 60_000 });
    expect(house.refusal(shareOf(portfolioIn(house), null, '100000'))).toBe('AUCTION_NOT_OPEN');
    house.pass('2h');
    byTwo(house, { type: 'SetInstrumentStatus', instrument: 'BTC-PERP', status: 'ACTIVE', reason: 'it is back' });
    mark(house, '50000');
    expect(portfolioIn(house)).toMatchObject({ status: 'OPEN', timeLeft: null, deadline: house.now + 55 * 60_000 });
    // Half of the way to the cutoff had gone.
    expect(priceIn(house)).toBe(990_000n);
  });

  test('CA-5 a price that heals the account ends it, and so does one that leaves nothing of it', () => {
    const healed = offered();
    expect(onlyOf(mark(healed, '52000'), 'PortfolioAuctionEnded')).toMatchObject({
      outcome: 'RESTORED',
      portfolio: { takes: 0 },
    });
    const broken = offered();
    const events = mark(broken, '48000');
    expect(onlyOf(events, 'PortfolioAuctionEnded').outcome).toBe('INSOLVENT');
    // Without money in the fund nobody is paid for taking it: the house takes over at once.
    expect(typesOf(events)).toContain('PositionTakenOver');
  });
});

describe('CA-5 bids that do not count', () => {
  test.each<[string, Partial<ReturnType<typeof shareOf>>]>([
    ['PORTFOLIO_AUCTION_NOT_FOUND', { auction: 'nothing' }],
    ['ACCOUNT_NOT_FOUND', { account: 'nobody' }],
    ['BIDDER_RELATED', { account: 'alice' }],
    ['BIDDER_RELATED', { account: 'alices' }],
    ['TOO_MANY_DIGITS', { share: '0.0000000000000000001' }],
    ['VALUE_OUT_OF_RANGE', { share: '0' }],
    ['VALUE_OUT_OF_RANGE', { share: '1.1' }],
    ['TOO_MANY_DIGITS', { limit: '0.001' }],
    ['PRICE_ABOVE_LIMIT', { limit: '10999.99' }],
    ['AUCTION_CHANGED', { version: 2 }],
    ['INSUFFICIENT_INITIAL_MARGIN', { account: 'poor' }],
  ])('CA-5 LI-3 %s', (code, fields) => {
    const house = called();
    openAccount(house, 'alices', '1000000', { owner: 'alice' });
    openAccount(house, 'poor', '1', { member: 'm1' });
    house.pass('1h');
    expect(house.refusal({ ...shareOf(portfolioIn(house), null, '11000'), ...fields })).toBe(code);
  });

  test('CA-5 MT-5 S11 limits of a position hold for who takes one', () => {
    const house = offered({
      tiers: [{ floor: '0', cap: '600000', initialRate: '0.05', maintenanceRate: '0.025', deduction: null }],
    });
    for (const other of ['deep', 'deeper', 'b3']) openAccount(house, other, '1000000', { member: 'm2' });
    trade(house, 'b1', 'deep', '11', '50000');
    trade(house, 'deeper', 'b2', '5', '50000');
    const taking = (account: string) => shareOf(portfolioIn(house), null, '11000', account);
    expect(house.refusal(taking('b1'))).toBe('POSITION_LIMIT_EXCEEDED');
    house.send({
      type: 'SetMarketLimits',
      instrument: 'BTC-PERP',
      float: '20',
      openInterestShare: null,
      positionShare: '0.05',
    });
    expect(house.refusal(taking('b3'))).toBe('POSITION_ABOVE_FLOAT');
    // Whose position only becomes smaller may take.
    expect(onlyOf(house.send(taking('b2')), 'PortfolioTaken').share).toBe((15n * ONE_SHARE) / 100n);
  });

  test('CA-5 late, or stopped by the breaker', () => {
    const house = offered();
    const auction = portfolioIn(house);
    byTwo(house, auctionPolicy());
    house.send({ type: 'SetAuctionBreaker', currency: 'USD', level: 3, reason: 'stop' });
    expect(house.refusal(shareOf(auction, '0.01', '11000'))).toBe('AUCTION_NOT_OPEN');
    byTwo(house, { type: 'SetAuctionBreaker', currency: 'USD', level: 0, reason: 'go on' });
    house.pass('59m');
    expect(onlyOf(house.send(shareOf(auction, '0.01', '11000')), 'PortfolioTaken').taker).toBe('b1');
    house.pass('1m');
    expect(house.refusal(shareOf(auction, null, '11000'))).toBe('PORTFOLIO_AUCTION_NOT_FOUND');
  });
});

describe('CA-5 a portfolio worth less than nothing', () => {
  /** At 48,800 ten contracts that were worth 11,000 at 50,000 have lost 12,000: equity -1,000, maintenance 12,200. */
  const insolvent = (fund: string | undefined = '50000'): { house: TestHouse; events: Event[] } => {
    const house = offered(fund === undefined ? {} : { fund });
    return { house, events: mark(house, '48800') };
  };

  test('CA-5 A51 it is offered for a premium of the fund, rising from nothing to its maintenance margin', () => {
    const { house, events } = insolvent();
    expect(ofType(events, 'PortfolioAuctionEnded').map(({ outcome }) => outcome)).toEqual(['INSOLVENT']);
    expect(onlyOf(events, 'PortfolioAuctionStarted').portfolio).toMatchObject({ mode: 'INSOLVENT' });
    expect([statusOf(house), percent(forSale(house)), priceIn(house)]).toEqual(['LIQUIDATING', '100.00', -100_000n]);
    house.pass('5m');
    // Half of the time: the debt of 1,000, and half of 12,200.
    expect(priceIn(house)).toBe(-710_000n);
  });

  test('CA-5 bids may be negative: the fund pays the taker, and bears the debt that is left in the same entry', () => {
    const { house } = insolvent();
    house.pass('3m');
    // 1,000 and 3/10 of 12,200.
    expect(house.refusal(shareOf(portfolioIn(house), null, '-4660.01'))).toBe('PRICE_ABOVE_LIMIT');
    const events = house.send(shareOf(portfolioIn(house), null, '-4660'));
    const taken = onlyOf(events, 'PortfolioTaken');
    expect(linesOf(taken.transfers)).toEqual(['PORTFOLIO_PREMIUM insurance-fund > account/b1 366000']);
    expect(onlyOf(events, 'PortfolioAuctionEnded')).toMatchObject({
      outcome: 'TAKEN',
      portfolio: { sold: ONE_SHARE, proceeds: -466_000n, fairValue: -100_000n, fund: 366_000n },
    });
    expect(onlyOf(events, 'LossAllocated').cases).toMatchObject([{ account: 'alice', loss: 100_000n }]);
    expect([sizeOf(house, 'b1'), sizeOf(house), statusOf(house), house.balance('alice')]).toEqual([
      100n,
      0n,
      'CLOSED',
      '0.00',
    ]);
  });

  test('CA-5 the fund pays no more than it has; who asks for more is refused', () => {
    const { house } = insolvent('2000');
    house.pass('9m');
    const version = portfolioIn(house).version;
    expect(house.refusal(shareOf(portfolioIn(house), null, '-4000', 'b1', version))).toBe('PRICE_ABOVE_LIMIT');
    const events = house.send(shareOf(portfolioIn(house), null, '0'));
    expect(onlyOf(events, 'PortfolioTaken').premium).toBe(200_000n);
    expect(house.state.ledger.get('insurance-fund USD') ?? 0n).toBe(0n);
  });

  test('CA-5 nobody takes: the house does, as without an auction', () => {
    const { house } = insolvent();
    const events = house.pass('10m');
    expect(onlyOf(events, 'PortfolioAuctionEnded').outcome).toBe('TIME_UP');
    expect(onlyOf(events, 'PositionTakenOver').size).toBe(-100n);
    expect(statusOf(house)).toBe('CLOSED');
  });

  test('CA-5 worth something again, it is on offer at a discount once more', () => {
    const { house } = insolvent();
    const events = mark(house, '50000');
    expect(ofType(events, 'PortfolioAuctionEnded').map(({ outcome }) => outcome)).toEqual(['RECOVERED']);
    expect(portfolioIn(house).mode).toBe('SOLVENT');
  });
});

describe('CA-5 whatever is taken', () => {
  test('CA-3 CA-5 after the closing take the account is at its target and never below zero, whatever was taken before', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ permille: fc.integer({ min: 1, max: 60 }), after: fc.integer({ min: 0, max: 8 }) }), {
          maxLength: 5,
        }),
        fc.integer({ min: 49_000, max: 50_400 }),
        (takes, price) => {
          const house = offered({ fund: '100000' });
          mark(house, String(price));
          let factor = 2n ** 100n;
          for (const { permille, after } of [...takes, { permille: 1000, after: 1 }]) {
            if (house.state.portfolios.size === 0) break;
            house.pass(`${after}m`);
            const [auction] = [...house.state.portfolios.values()];
            if (!auction) break;
            if (auction.mode === 'SOLVENT') {
              const asked = factorAt(auction.terms, house.now - auction.startedAt);
              expect(asked <= factor).toBe(true);
              factor = asked;
            }
            house.try(shareOf(auction, `${permille / 1000}`, '100000', permille % 2 === 0 ? 'b1' : 'b2'));
          }
          expect(house.state.portfolios.size).toBe(0);
          const standing = standingOfAccount(house.state, 'alice');
          const last = house.entries.at(-1);
          const taken = last && 'events' in last.outcome ? ofType(last.outcome.events, 'PortfolioPositionTaken') : [];
          expect(standing.equity >= 0n).toBe(true);
          if (taken.length === 0 || sizeOf(house) === 0n) return;
          expect(standing.equity >= standing.maintenance).toBe(true);
          // A lot needs a fortieth of its value and costs at most half a percent and half of what is behind it.
          expect(standing.equity - standing.maintenance).toBeLessThan(3n * 125n * 100n * 10n ** 12n);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('CA-3 CA-5 the share for sale restores the account, and a lot less does not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 59 }), fc.integer({ min: 49_000, max: 50_050 }), (minutes, price) => {
        const at = (): TestHouse => {
          const house = offered();
          mark(house, String(price));
          house.pass(`${minutes}m`);
          return house;
        };
        const [enough, short] = [at(), at()];
        const held = sizeOf(enough);
        const { outcome } = onlyOf(enough.send(shareOf(portfolioIn(enough), null, '100000')), 'PortfolioAuctionEnded');
        // Where no part would do it goes whole.
        expect(outcome).toBe(sizeOf(enough) === 0n ? 'TAKEN' : 'RESTORED');
        const less = sizeOf(enough, 'b1') - 1n;
        expect(less > 0n).toBe(true);
        short.send(shareOf(portfolioIn(short), formatScaled((less * ONE_SHARE) / held, 18), '100000'));
        expect([sizeOf(short, 'b1'), statusOf(short), portfolioIn(short).status]).toEqual([
          less,
          'LIQUIDATING',
          'OPEN',
        ]);
      }),
      { numRuns: 40 },
    );
  });

  test('X-1 LE-2 replayed, saved and restored it is the same house, deadline included', () => {
    const house = offered({ fund: '50000' });
    house.pass('10m');
    house.send(shareOf(portfolioIn(house), '0.05', '9000'));
    mark(house, '48000');
    expect(portfolioIn(house).mode).toBe('INSOLVENT');
    const plain = createPlainState();
    for (const entry of house.entries) applyEntry(plain, entry);
    expect([...digestLines(plain)]).toEqual([...digestLines(house.state)]);
    const restored = restoreState(structuredClone(saveState(house.state)));
    expect(digestOf(restored)).toBe(digestOf(house.state));
    expect(restored.portfolioOf).toEqual(house.state.portfolioOf);
    expect(restored.deadlines.first()).toEqual(house.state.deadlines.first());
  });
});

describe('X-6 the policy', () => {
  test.each<[string, Parameters<typeof portfolioPolicy>[0]]>([
    ['CURRENCY_NOT_FOUND', { currency: 'NOWHERE' }],
    ['CURVE_INVALID', { cutoff: '1', start: '0.9' }],
    ['VALUE_OUT_OF_RANGE', { start: '1.1' }],
    ['VALUE_OUT_OF_RANGE', { reserveShare: '2' }],
    ['VALUE_OUT_OF_RANGE', { window: 1 }],
    ['VALUE_OUT_OF_RANGE', { insolventWindow: 1 }],
    ['TOO_MANY_DIGITS', { reserveShare: '0.0000000000001' }],
  ])('X-6 %s', (code, fields) => {
    expect(called().refusal(portfolioPolicy(fields))).toBe(code);
  });

  test('LADDER_INVALID a window of its own', () => {
    expect(called().refusal(ladderOf([rungOf('AUCTION', { window: 1000 }), rungOf('HOUSE')]))).toBe('LADDER_INVALID');
  });
});
