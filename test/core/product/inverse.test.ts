/**
 * The inverse contract: exact vectors, rounding that drains nobody, and the figures that follow from its price.  QC-2,
 * LCS-1, LCS-3, AH-2, RLM-3
 */

import fc from 'fast-check';
import { EMPTY_POSITION } from '../../../src/core/book/exposure';
import { explainAccount } from '../../../src/core/margin/explain';
import { healthOf } from '../../../src/core/margin/health';
import type { Holding } from '../../../src/core/margin/model/holding';
import { standingOfAccount } from '../../../src/core/margin/standing';
import type { CommandOf } from '../../../src/core/message/command';
import type { Position } from '../../../src/core/model/account';
import type { Instrument } from '../../../src/core/model/reference';
import { fill, notionalOf, unrealisedOf, worthAt } from '../../../src/core/position/value';
import { costOf } from '../../../src/core/product/posting';
import { productOf } from '../../../src/core/product/products';
import { scoreOf } from '../../../src/core/risk/deleveragingScore';
import { distanceOf } from '../../../src/core/risk/distance';
import { MARGIN_PER_CASH, price, size } from '../../../src/units/quantity';
import { sumOf } from '../../support/explained';
import { mark, trade } from '../../support/given';
import { ofType, type TestHouse } from '../../support/house';
import { INVERSE, inverseHouse, openCoins } from '../../support/inverse';

const HOUR = 3_600_000;

const instrument = (): Instrument => {
  const listing = inverseHouse().state.listings.get(INVERSE);
  if (!listing) throw new Error('No listing');
  return listing.instrument;
};

/** A position bought (or sold) in one trade. */
const opened = (of: Instrument, lots: bigint, ticks: bigint): Position =>
  fill(of, EMPTY_POSITION, size(lots), worthAt(of, size(lots), price(ticks))).position;

function longAndShort(lots = '50000', given: Parameters<typeof inverseHouse>[0] = {}): TestHouse {
  const house = inverseHouse(given);
  openCoins(house, 'long', '10');
  openCoins(house, 'short', '10');
  trade(house, 'long', 'short', lots, given.price ?? '10000', INVERSE);
  return house;
}

const coins = (house: TestHouse, name: string): bigint => house.state.ledger.get(`${name}/${INVERSE} BTC`) ?? 0n;

describe('QC-2 inverse: gain = size x multiplier x (1 / price before - 1 / price after), in the base currency', () => {
  // 50,000 dollars bought at 10,000: at 11,000 worth 0.45454545... bitcoin more, at 9,000 worth 0.55555555... less.
  test.each([
    [50_000n, '10000', '11000', 45_454_545n, -45_454_546n],
    [50_000n, '10000', '9000', -55_555_556n, 55_555_555n],
    [100n, '10000', '20000', 500_000n, -500_000n],
    [1n, '9999.5', '10000', 0n, -1n],
    [1_000_000n, '40000', '32000', -625_000_000n, 625_000_000n],
  ])('QC-2 %i contracts from %s to %s gain the long %i and the short %i satoshi', (lots, from, to, long, short) => {
    const of = instrument();
    const [before, after] = [BigInt(Number(from) * 2), BigInt(Number(to) * 2)];
    expect(unrealisedOf(of, opened(of, lots, before), price(after))).toBe(long);
    expect(unrealisedOf(of, opened(of, -lots, before), price(after))).toBe(short);
  });

  test('QC-2 a contract is worth its multiplier over the price: notional is rounded up, and of both sides the same', () => {
    const of = instrument();
    expect([notionalOf(of, size(50_000n), price(20_000n)), notionalOf(of, size(-50_000n), price(20_000n))]).toEqual([
      5n * 10n ** 8n,
      5n * 10n ** 8n,
    ]);
    expect(notionalOf(of, size(1n), price(60_000n))).toBe(3_334n); // 1e8 / 30,000
  });

  test('QC-2 terms that do not fit are refused: other settlement, prices below zero, a lot that is no whole unit', () => {
    const house = inverseHouse();
    const of: CommandOf<'DefineInstrument'> = {
      type: 'DefineInstrument',
      instrument: 'X',
      kind: 'PERPETUAL',
      contract: 'INVERSE',
      base: 'BTC',
      quote: 'USD',
      settlement: 'BTC',
      tick: '0.5',
      lot: '1',
      multiplier: '1',
      index: null,
      markMethod: 'VENUE',
      markBand: null,
      priceBand: null,
      heartbeat: HOUR,
      ...{ allowsNonPositivePrice: false, expiry: null, variationInterval: null, makerFee: '0', takerFee: '0' },
    };
    expect(house.refusal({ ...of, settlement: 'USD' })).toBe('CURRENCY_MISMATCH');
    expect(house.refusal({ ...of, contract: 'LINEAR' })).toBe('CURRENCY_MISMATCH');
    expect(house.refusal({ ...of, allowsNonPositivePrice: true })).toBe('VALUE_OUT_OF_RANGE');
    expect(house.refusal({ ...of, tick: '0.3' })).toBe('INSTRUMENT_VALUE_NOT_WHOLE');
    house.send(of);
  });
});

describe('rounding drains nobody', () => {
  const prices = fc.array(fc.integer({ min: 2_000, max: 200_000 }), { minLength: 1, maxLength: 30 });
  const lots = fc.integer({ min: -100_000, max: 100_000 }).filter((n) => n !== 0);

  test('QC-2 LCS-3 one settlement and many come to the same total, which is the gain rounded down', () => {
    const of = instrument();
    const product = productOf(of);
    fc.assert(
      fc.property(lots, fc.integer({ min: 2_000, max: 200_000 }), prices, (held, from, all) => {
        const first = opened(of, BigInt(held), BigInt(from));
        let position = first;
        let posted = 0n;
        for (const ticks of all) {
          const amount = unrealisedOf(of, position, price(BigInt(ticks)));
          position = product.settled(position, amount);
          posted += amount;
        }
        const last = price(BigInt(all.at(-1) as number));
        expect(posted).toBe(unrealisedOf(of, first, last));
        // Of what was gained less than a unit is not posted.
        const left = worthAt(of, position.size, last) - costOf(position);
        expect(left >= 0n && left < MARGIN_PER_CASH).toBe(true);
      }),
    );
  });

  test('QC-2 NE-3 a thousand trades of a contract cost what one trade of a thousand costs, to less than a unit', () => {
    const of = instrument();
    let position = EMPTY_POSITION;
    for (let i = 0; i < 1000; i++)
      position = fill(of, position, size(1n), worthAt(of, size(1n), price(60_001n))).position;
    const once = opened(of, 1000n, 60_001n);
    const difference = costOf(once) - costOf(position);
    expect(difference >= -1000n && difference <= 1000n).toBe(true); // of 1e-12 of a satoshi
  });

  test('QC-2 over any fills no part of a unit is lost: realised and cost are what was paid', () => {
    const of = instrument();
    const fills = fc.array(fc.record({ lots, ticks: fc.integer({ min: 2_000, max: 200_000 }) }), { maxLength: 20 });
    fc.assert(
      fc.property(fills, (all) => {
        let position = EMPTY_POSITION;
        let [realised, paid] = [0n, 0n];
        for (const { lots: n, ticks } of all) {
          const worth = worthAt(of, size(BigInt(n)), price(BigInt(ticks)));
          const filled = fill(of, position, size(BigInt(n)), worth);
          position = filled.position;
          realised += filled.realised;
          paid += worth;
        }
        expect(costOf(position) - realised * MARGIN_PER_CASH).toBe(paid);
        expect(position.gain).toBe(realised);
      }),
    );
  });

  test('QC-2 LCS-1 what rounding leaves over stands on the ledger account of the instrument, and every sum stays zero', () => {
    // The house audits itself after every entry: ledger sums, and costs against the control account.
    const house = inverseHouse({ interval: HOUR });
    const holders = ['a', 'b', 'c', 'd', 'e'];
    for (const id of holders) openCoins(house, id, '1000');
    for (const [i, id] of holders.slice(1).entries())
      trade(house, id, 'a', String(7 * (i + 1)), `${10_000 + i}.5`, INVERSE);
    for (const at of ['10007', '9321.5', '12345.5', '10001']) {
      mark(house, at, INVERSE);
      house.pass('1h');
      expect(coins(house, 'variation')).toBe(0n);
      const over = coins(house, 'rounding');
      expect(over >= 0n && over < BigInt(holders.length)).toBe(true);
    }
    expect(house.state.listings.get(INVERSE)?.leftBehind).toBeUndefined();
    // Closed, what is less than a unit stays with the house: it is told apart to the last part.
    for (const [i, id] of holders.slice(1).entries()) trade(house, 'a', id, String(7 * (i + 1)), '10002.5', INVERSE);
    expect(
      [...house.state.book.holders(INVERSE)].filter(
        (id) => (house.state.book.position(id, INVERSE)?.size ?? 0n) !== 0n,
      ),
    ).toEqual([]);
    const { leftBehind = 0n } = house.state.listings.get(INVERSE) ?? {};
    expect(leftBehind < 0n && -leftBehind < 5n * MARGIN_PER_CASH).toBe(true);
    expect((coins(house, 'variation') + coins(house, 'rounding')) * MARGIN_PER_CASH).toBe(-leftBehind);
  });

  test('QC-2 at expiry everybody is paid out, and the parts of units that are left are the house’s', () => {
    const expiry = Date.parse('2025-10-11T12:00:00Z');
    const house = longAndShort('50000', { expiry, interval: null });
    mark(house, '11000', INVERSE);
    house.now = (expiry - 1) as typeof house.now;
    mark(house, '11000', INVERSE);
    const [expired] = ofType(house.pass('1s'), 'InstrumentExpired');
    expect(expired?.lines).toMatchObject([{ account: 'long' }, { account: 'short' }]);
    expect([house.balance('long', 'BTC'), house.balance('short', 'BTC')]).toEqual(['10.45454545', '9.54545454']);
    expect([coins(house, 'variation'), coins(house, 'rounding')]).toEqual([0n, 1n]);
    expect(house.state.listings.get(INVERSE)?.leftBehind).toBe(-MARGIN_PER_CASH);
  });
});

describe('what follows from the price', () => {
  test('PV-1 AH-2 health is in bitcoin, entry and liquidation prices are in dollars', () => {
    const house = longAndShort('500000');
    mark(house, '9600', INVERSE);
    // Worth 52.08333334 bitcoin at 9,600; lost 500,000 x (1/9,600 - 1/10,000) = 2.08333333...
    expect(healthOf(house.state, 'long')).toMatchObject({
      ...{ currency: 'BTC', cash: 1_000_000_000n, unrealised: -208_333_334n, equity: 791_666_666n },
      ...{ initial: 52_083_334n, maintenance: 26_041_667n },
    });
    const [long] = healthOf(house.state, 'long').positions;
    const [short] = healthOf(house.state, 'short').positions;
    expect(long).toMatchObject({ value: 5_208_333_333n, notional: 5_208_333_334n, entryPrice: '10000' });
    expect(short).toMatchObject({
      value: -5_208_333_333n,
      notional: 5_208_333_334n,
      unrealised: 208_333_333n,
      entryPrice: '10000',
    });
    // 10 + 50 - 500,000 / p = 500,000 x 0.005 / p: p = 502,500 / 60.
    expect(long?.liquidationPrice).toBe('8375');
    // 10 - 50 + 500,000 / p = 500,000 x 0.005 / p: p = 497,500 / 40.
    expect(short?.liquidationPrice).toBe('12437.5');
    // All of 10 + 50 bitcoin is gone at 500,000 / 60.
    expect(long?.bankruptcyPrice).toBe('8333.333333333333');
  });

  test('AH-2 a short that owns more than its notional is never liquidated by any price', () => {
    const house = longAndShort('50000');
    expect(healthOf(house.state, 'short').positions[0]).toMatchObject({
      liquidationPrice: null,
      unreachable: 'NEVER_REACHED',
      bankruptcyPrice: null,
    });
  });

  test('RMR-3 lines sum to the figures, RLM-3 the distance is measured in the factor', () => {
    const house = longAndShort('500000');
    mark(house, '9600', INVERSE);
    const standing = standingOfAccount(house.state, 'long');
    const { initial, initialLines, maintenance, maintenanceLines, equity, equityLines } = explainAccount(
      house.state,
      'long',
    );
    expect([sumOf(equityLines), sumOf(initialLines), sumOf(maintenanceLines)]).toEqual([equity, initial, maintenance]);
    // The reciprocal of the price has to grow from 1/9,600 to 1/8,375.
    const distance = distanceOf(standing.picture, [{ base: 'MAINTENANCE', ratio: { numerator: 1n, denominator: 1n } }]);
    expect(distance && Number(distance.numerator) / Number(distance.denominator)).toBeCloseTo(9600 / 8375 - 1, 9);
  });

  test('SL-5 the score by prices is mark over entry for the long and entry over mark for the short, each times leverage', () => {
    const house = longAndShort('500000');
    mark(house, '12000', INVERSE);
    const scores = ['long', 'short'].map((id) => {
      const standing = standingOfAccount(house.state, id);
      const [holding] = standing.picture.holdings as [Holding];
      const { numerator, denominator } = scoreOf(standing, holding, 'PRICE_RATIO', 'UNREALISED');
      return (Number(numerator) / Number(denominator)) * (Number(standing.equity) / 1e12);
    });
    // 500,000 at 12,000 are 41.66666667 bitcoin.
    expect(scores[0]).toBeCloseTo(4_166_666_667 * 1.2, -1);
    expect(scores[1]).toBeCloseTo(4_166_666_667 / 1.2, -1);
  });

  test(
    'RLM-2 B3 an inverse long is called below 8,375, taken over below its bankruptcy price, and nothing is ' +
      'lost on the way',
    () => {
      const house = longAndShort('500000');
      expect(ofType(mark(house, '8375', INVERSE), 'MarginCallIssued')).toEqual([]);
      expect(ofType(mark(house, '8374.5', INVERSE), 'MarginCallIssued')).toMatchObject([
        { issued: { account: 'long' } },
      ]);
      const events = mark(house, '8300', INVERSE);
      expect(ofType(events, 'PositionTakenOver')).toMatchObject([
        { account: 'long', instrument: INVERSE, size: -500_000n },
      ]);
      expect(house.balance('long', 'BTC')).toBe('0.00000000');
      expect(house.state.book.position('long', INVERSE)?.size ?? 0n).toBe(0n);
    },
  );
});

test('PS-8 funding of an inverse contract is of its notional to the last part, of which the payer is rounded up once', () => {
  const house = inverseHouse({ price: '495284' });
  for (const account of ['long', 'short']) openCoins(house, account, '10');
  trade(house, 'long', 'short', '7', '495284', INVERSE);
  const events = house.send({ type: 'SubmitFundingRate', instrument: INVERSE, rate: '0.3' });
  // 7 dollars are 1,413.33 units of bitcoin, and 0.3 of that 423.9996.
  expect(ofType(events, 'FundingSettled')).toMatchObject([
    {
      lines: [
        { account: 'long', amount: -424n },
        { account: 'short', amount: 424n },
      ],
    },
  ]);
});
