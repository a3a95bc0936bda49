/**
 * Initial margin that rises with open interest: for new risk and for what leaves, never for a level.  S05, ruling 25,
 * DY-M4
 */

import fc from 'fast-check';
import { explainAccount } from '../../../src/core/margin/explain';
import { healthOf } from '../../../src/core/margin/health';
import { openingTiersAt, riseAt } from '../../../src/core/margin/model/scaled';
import { requirementAt } from '../../../src/core/margin/model/tiered';
import type { OpenInterestRamp } from '../../../src/core/model/openInterest';
import { compileTiers } from '../../../src/core/reference/tiers';
import { cash, duration, instant, type Price, type Size } from '../../../src/units/quantity';
import { formatRatio, ratio } from '../../../src/units/ratio';
import { sumOf } from '../../support/explained';
import { mark, onePerpetual, openAccount, trade, tradeOf } from '../../support/given';
import { offered, portfolioIn, shareOf } from '../../support/portfolio';
import { HOUR, house, MILLION, millions, scaling } from '../../support/scaled';
import { expectReplays, expectTwins, restored } from '../../support/twin';
import { whatIf } from '../../support/whatIf';

const RAMP: OpenInterestRamp = { lowerCap: millions(10), upperCap: millions(50), interval: duration(HOUR) };
const bare = { instrument: 'BTC-PERP', version: 1, effectiveAt: instant(0) };
const flat = {
  ...bare,
  ...compileTiers([{ floor: cash(0n), cap: null, initial: ratio(1n, 5n), maintenance: ratio(1n, 10n) }]),
};

test.each([
  [0.8, '0.2'],
  [10, '0.2'],
  [30, '0.6'],
  [50, '1'],
  [67, '1'],
])('S05 at an open interest of %s millions new risk needs %s', (open, rate) => {
  const { denominator, tiers } = openingTiersAt(flat, RAMP, millions(open));
  expect(tiers.map(({ initialRate }) => formatRatio(ratio(initialRate, denominator)))).toEqual([rate]);
});

test('ruling 25 just above the lower cap a rate that is no whole millionth is not rounded below its own', () => {
  const third = {
    ...bare,
    ...compileTiers([{ floor: cash(0n), cap: null, initial: ratio(1n, 3n), maintenance: ratio(1n, 10n) }]),
  };
  const { denominator, tiers } = openingTiersAt(third, RAMP, cash(millions(10) + 1n));
  expect(tiers.map(({ initialRate }) => formatRatio(ratio(initialRate, denominator)))).toEqual(['1/3']);
});

test('ruling 25 a rate is set at a review and stands until the next, however much is opened in between', () => {
  const made = house();
  trade(made, 'a', 'b', '600', '50000');
  expect(healthOf(made.state, 'a')).toMatchObject({ initial: millions(6), opening: millions(6) });
  made.pass('59m59s');
  expect(healthOf(made.state, 'a').opening).toBe(millions(6));
  // 12:00 is a whole hour: the next is 13:00.
  const events = made.pass('1s');
  const review = { openInterest: 6000n, notional: millions(30), price: 500_000n, at: made.now };
  expect(events).toEqual([{ type: 'OpenInterestReviewed', instrument: 'BTC-PERP', review, nextDue: made.now + HOUR }]);
  expect(healthOf(made.state, 'a')).toMatchObject({
    initial: millions(6),
    opening: millions(18),
    freeCollateral: millions(82),
  });
  // The price moves what is asked for, not the rate.
  mark(made, '51000');
  expect(healthOf(made.state, 'a').opening).toBe(millions(18.36));
  made.pass('1h');
  // 20 % and four fifths of 20.6 / 40.
  expect(healthOf(made.state, 'a').opening).toBe(millions(18.7272));
});

test('ruling 25 who has less than new risk needs is not called, may reduce, and takes on and takes out nothing', () => {
  const made = house();
  openAccount(made, 'c', String(2 * MILLION));
  openAccount(made, 'd', String(100 * MILLION));
  trade(made, 'c', 'b', '200', '50000');
  trade(made, 'd', 'b', '400', '50000');
  const before = healthOf(made.state, 'c');
  const events = made.pass('1h');
  expect(events.map(({ type }) => type)).toEqual(['OpenInterestReviewed']);
  const { initial, maintenance, warningLevel, callLevel, closeOutLevel, status, positions } = healthOf(made.state, 'c');
  expect({ initial, maintenance, warningLevel, callLevel, closeOutLevel, status, positions }).toEqual({
    initial: before.initial,
    maintenance: before.maintenance,
    warningLevel: before.warningLevel,
    callLevel: before.callLevel,
    ...{ closeOutLevel: before.closeOutLevel, status: 'HEALTHY', positions: before.positions },
  });
  expect(healthOf(made.state, 'c')).toMatchObject({ opening: millions(6), freeCollateral: 0n });
  expect(made.refusal(tradeOf('c', 'b', '0.1', '50000'))).toBe('INSUFFICIENT_INITIAL_MARGIN');
  expect(made.refusal({ type: 'WithdrawCollateral', account: 'c', currency: 'USD', amount: '0.01' })).toBe(
    'COLLATERAL_ENCUMBERED',
  );
  trade(made, 'b', 'c', '100', '50000');
  expect(healthOf(made.state, 'c').status).toBe('HEALTHY');
  // A call goes by the tiers: equity under 10 % of 100 contracts at 32,000.
  mark(made, '33700');
  expect(healthOf(made.state, 'c').status).toBe('WARNING');
  mark(made, '33300');
  expect(healthOf(made.state, 'c').status).toBe('CALL');
});

test('IM-5 ruling 25 to the last unit: what is free may leave, and a cent more may not', () => {
  const made = house();
  trade(made, 'a', 'b', '600', '50000');
  made.pass('1h');
  const withdraw = (amount: string) => ({ type: 'WithdrawCollateral', account: 'a', currency: 'USD', amount }) as const;
  expect(made.refusal(withdraw('82000000.01'))).toBe('COLLATERAL_ENCUMBERED');
  made.send(withdraw('82000000'));
  expect(made.refusal(withdraw('0.01'))).toBe('COLLATERAL_ENCUMBERED');
});

test('IM-1 ruling 25 to the last unit: what new risk needs passes, and a cent less does not', () => {
  const made = house();
  trade(made, 'a', 'b', '600', '50000');
  made.pass('1h');
  // 60 % of 10 contracts.
  openAccount(made, 'c', '299999.99');
  expect(made.refusal(tradeOf('c', 'b', '10', '50000'))).toBe('INSUFFICIENT_INITIAL_MARGIN');
  made.send({ type: 'DepositCollateral', account: 'c', currency: 'USD', amount: '0.01' });
  trade(made, 'c', 'b', '10', '50000');
  expect(healthOf(made.state, 'c')).toMatchObject({ opening: 30_000_000n, initial: 10_000_000n, freeCollateral: 0n });
});

test('ruling 25 an order and a bid for positions need as much as a trade', () => {
  const made = house();
  trade(made, 'a', 'b', '600', '50000');
  made.pass('1h');
  openAccount(made, 'c', '299999.99');
  const order = {
    type: 'PlaceOrder',
    order: 'o',
    account: 'c',
    instrument: 'BTC-PERP',
    side: 'BUY',
    size: '10',
    price: '50000',
  } as const;
  expect(made.refusal(order)).toBe('INSUFFICIENT_INITIAL_MARGIN');
  made.send({ type: 'DepositCollateral', account: 'c', currency: 'USD', amount: '0.01' });
  made.send(order);

  const bidding = offered();
  openAccount(bidding, 'bidder', '50000', { member: 'm1' });
  const bid = () => shareOf(portfolioIn(bidding), '0.01', '11000', 'bidder');
  bidding.send(bid());
  // From two dollars on all of the notional: 50,000 for each contract.
  bidding.send(scaling(1, 2));
  expect(bidding.refusal({ ...bid(), share: '0.14' })).toBe('INSUFFICIENT_INITIAL_MARGIN');
});

test('RMR-3 the lines of what new risk needs sum to it, and show the rates that have risen', () => {
  const made = house();
  trade(made, 'a', 'b', '600', '50000');
  made.pass('1h');
  const { opening, openingLines, initial, initialLines } = explainAccount(made.state, 'a');
  expect(openingLines).toMatchObject([{ kind: 'TRANCHE', subject: 'BTC-PERP', rate: '0.6', base: millions(30) }]);
  expect(initialLines).toMatchObject([{ kind: 'TRANCHE', subject: 'BTC-PERP', rate: '0.2', base: millions(30) }]);
  expect([sumOf(openingLines), sumOf(initialLines)]).toEqual([opening, initial]);
});

test('ruling 25 without a live price what stood stands and nothing is written, and a live price sets the next review', () => {
  const made = house();
  trade(made, 'a', 'b', '600', '50000');
  made.pass('1h');
  const scaled = () => made.state.listings.get('BTC-PERP')?.scaling;
  const before = scaled()?.review;
  made.pass('7d');
  expect(made.state.listings.get('BTC-PERP')?.mark?.stale).toBe(true);
  expect(scaled()).toMatchObject({ review: { notional: before?.notional }, due: null });
  trade(made, 'b', 'a', '300', '50000');
  expect(made.pass('60d').filter(({ type }) => type === 'OpenInterestReviewed')).toEqual([]);
  expect(scaled()?.review?.notional).toBe(before?.notional);
  made.pass('10m');
  mark(made, '50000');
  expect(scaled()).toMatchObject({
    review: { notional: before?.notional },
    due: Math.floor(made.now / HOUR + 1) * HOUR,
  });
  made.pass('50m');
  expect(scaled()?.review?.notional).toBe(millions(15));
  expectReplays(made.state, made.entries);
  expectTwins(restored(made.state), made.state);
});

test('RMR-4 what a what-if says of other terms and another open interest is what comes of them', () => {
  const made = house();
  trade(made, 'a', 'b', '600', '50000');
  made.pass('1h');
  const ramp = { lowerCap: '0', upperCap: String(40 * MILLION), interval: HOUR };
  const asked = whatIf(made.state, { account: 'a', openInterest: [{ instrument: 'BTC-PERP', ramp, notional: null }] });
  const other = { instrument: 'BTC-PERP', ramp: null, notional: String(50 * MILLION) };
  const whole = whatIf(made.state, { account: 'a', openInterest: [other] });
  expect(whole).toMatchObject({
    before: { opening: millions(18) },
    after: { opening: millions(30) },
    meetsInitialMargin: true,
  });
  const none = whatIf(made.state, { account: 'a', openInterest: [{ ...other, instrument: 'NONE' }] });
  expect(none).toMatchObject({ after: null, refused: { rejection: { code: 'INSTRUMENT_NOT_FOUND' } } });
  made.send({ type: 'SetOpenInterestScaling', instrument: 'BTC-PERP', ramp });
  expect(asked.after).toEqual(healthOf(made.state, 'a'));
  expect(healthOf(made.state, 'a').opening).toBe(millions(24));
});

/** Tables of up to four tiers, rising, with rates that are no round decimals. */
const schedules = fc
  .array(
    fc.tuple(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 20 })),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((steps) => {
    let [floor, initial, maintenance] = [0n, 1n, 1n];
    const brackets = steps.map(([width, more, kept], i) => {
      const cap = i === steps.length - 1 ? null : cash(floor + BigInt(width));
      initial += BigInt(more);
      maintenance = maintenance + BigInt(kept) < initial ? maintenance + BigInt(kept) : maintenance;
      const bracket = { floor: cash(floor), cap, initial: ratio(initial, 90n), maintenance: ratio(maintenance, 90n) };
      floor = cap ?? floor;
      return bracket;
    });
    return { ...bare, ...compileTiers(brackets) };
  });

test(
  'MT-2 S05 ruling 25 whatever the tiers, what new risk needs is at least initial margin, at most the ' +
    'notional, and rises with open interest',
  () => {
    const perpetual = onePerpetual().state.listings.get('BTC-PERP')?.instrument;
    if (!perpetual) throw new Error('No instrument');
    const notionals = fc.bigInt({ min: 0n, max: 200n });
    fc.assert(
      fc.property(schedules, fc.nat({ max: 50_000 }), notionals, notionals, (schedule, lots, one, other) => {
        const [less, more] = one < other ? [one, other] : [other, one];
        const ramp: OpenInterestRamp = { lowerCap: cash(50n), upperCap: cash(150n), interval: duration(HOUR) };
        const at = (open: bigint) =>
          requirementAt(
            perpetual,
            openingTiersAt(schedule, ramp, cash(open)),
            BigInt(lots) as Size,
            BigInt(lots) as Size,
            1n as Price,
          ).initial;
        const base = requirementAt(
          perpetual,
          schedule,
          BigInt(lots) as Size,
          BigInt(lots) as Size,
          1n as Price,
        ).initial;
        const notional = BigInt(lots) * perpetual.tickValue * 1_000_000_000_000n;
        expect([base <= at(less), at(less) <= at(more), at(more) <= notional]).toEqual([true, true, true]);
        if (less <= 50n) expect(at(less)).toBe(base);
        if (more >= 150n) expect(at(more)).toBe(notional);
        // In between never more than the straight line, and less by under a millionth of the notional in each tier.
        const { numerator, denominator } = riseAt(ramp, cash(more));
        const line = base + ((notional - base) * numerator) / denominator;
        expect(at(more) <= line + 1n && (line - at(more)) * 1_000_000n <= notional + 1_000_000n).toBe(true);
      }),
      { numRuns: 500 },
    );
  },
);
