/** Funding that the house computes: samples, rates, and what is paid.  PS-1, PS-2, PS-3, PS-6, PS-7, PS-8 */

import fc from 'fast-check';
import type { FundingTermsInput } from '../../../src/core/message/fundingCommands';
import { predictedRate } from '../../../src/core/position/fundingWindow';
import { formatRate } from '../../../src/units/decimal';
import { known } from '../../../src/units/failure';
import { cash, total } from '../../../src/units/quantity';
import { formatRatio } from '../../../src/units/ratio';
import {
  BINANCE,
  DRIFT,
  DYDX,
  fixedIn,
  fundingHouse,
  impactAt,
  indexAt,
  PLAIN,
  setFunding,
  VEGA,
} from '../../support/funding';
import { flatTiers, trade } from '../../support/given';
import { ofType, START, type TestHouse } from '../../support/house';
import { byTwo, usd } from '../../support/ladder';
import { expectReplays, expectTwins, restored } from '../../support/twin';

const HOUR = 3_600_000;
const MINUTE = 60_000;

/** Long 2 at 50,000, a notional of 100,000, with a premium of so much; until 16:00, the end of the interval. */
function settledAt(terms: FundingTermsInput, bid: string, ask = bid): { house: TestHouse; rate: string } {
  const house = fundingHouse({ terms });
  trade(house, 'long', 'short', '2', '50000');
  impactAt(house, bid, ask);
  const fixed = fixedIn(house.pass('4h'));
  return { house, rate: formatRate(fixed.rate) };
}

test.each([
  ['0.10 %', '50050', '0.0005', '9999950.00'],
  ['0.03 %', '50015', '0.0001', '9999990.00'],
  ['-0.10 %', '49950', '-0.0005', '10000050.00'],
  ['0', '50000', '0.0001', '9999990.00'],
])(
  'PS-1 at interest of 0.01 %% a premium of %s, a bid of %s, makes the rate %s: 10,000,000 less that of 100,000 is %s',
  (_, bid, rate, left) => {
    const settled = settledAt(BINANCE, bid);
    expect([settled.rate, settled.house.balance('long')]).toEqual([rate, left]);
    expect(settled.house.state.book.balance('short', 'USD') + settled.house.state.book.balance('long', 'USD')).toBe(
      usd('20000000.00'),
    );
  },
);

test('PS-6 the premium is what the bid is above the index, less what the ask is below it; between them it is zero', () => {
  const house = fundingHouse({ terms: PLAIN });
  const sampled = (bid: string, ask: string): string => {
    impactAt(house, bid, ask);
    const [sample] = ofType(house.pass('1m'), 'PremiumSampled');
    return formatRate(known(sample?.premium ?? undefined, 'Premium', bid));
  };
  expect(sampled('49990', '50010')).toBe('0');
  expect(sampled('50010', '50030')).toBe('0.0002');
  expect(sampled('49970', '49990')).toBe('-0.0002');
});

test('PS-6 the premium is sampled at whole minutes, whenever prices come, and each counts as it stood then', () => {
  const house = fundingHouse({ terms: PLAIN });
  house.pass('30s');
  impactAt(house, '50100');
  house.pass('29s');
  impactAt(house, '50050'); // a second before the minute is over: this one counts
  const [sample] = ofType(house.pass('1s'), 'PremiumSampled');
  expect(sample).toMatchObject({ premium: 1_000_000_000n, nextDue: START + 2 * MINUTE });
});

test('PS-6 stale impact prices leave samples out until new ones come, and the rate says how many it rests on', () => {
  const house = fundingHouse({ terms: PLAIN, heartbeat: 10 * MINUTE });
  trade(house, 'long', 'short', '2', '50000');
  impactAt(house, '50050');
  const before = house.pass('5m');
  indexAt(house, '50000');
  const events = [...before, ...house.pass('55m')];
  // Ten minutes later, at the tenth instant, nobody vouches for them: one look finds nothing, and no other is taken.
  expect(ofType(events, 'PremiumSampled').map(({ premium }) => premium !== null)).toEqual([
    ...Array(9).fill(true),
    false,
  ]);
  indexAt(house, '50000');
  impactAt(house, '50150');
  house.pass('5m');
  expect(house.state.listings.get('BTC-PERP')?.funding?.window?.samples).toBe(14);
  const fixed = fixedIn(house.pass('2h55m'));
  // 9 of 0.1 %, and 9 of 0.3 %.
  expect(fixed).toMatchObject({
    samples: 18,
    missed: 240 - 18,
    premium: 2_000_000_000n,
    from: START,
    to: START + 4 * HOUR,
  });
});

test('PS-6 a stale index leaves the sample out though impact prices are fresh', () => {
  const house = fundingHouse({ terms: PLAIN, heartbeat: 10 * MINUTE });
  house.pass('9m30s');
  impactAt(house, '50050');
  const samples = ofType(house.pass('5m'), 'PremiumSampled');
  expect(samples.map(({ premium }) => premium)).toEqual([null]);
});

test('PS-7 without a sample nothing is paid, not even interest, and with fewer than the policy asks for neither', () => {
  const house = fundingHouse({ terms: BINANCE });
  trade(house, 'long', 'short', '2', '50000');
  const events = house.pass('4h');
  expect(fixedIn(events)).toMatchObject({ samples: 0, missed: 240, premium: null, rate: 0n });
  expect(ofType(events, 'FundingSettled')).toEqual([]);
  setFunding(house, { ...BINANCE, leastSamples: 240 });
  house.pass('4h1m');
  impactAt(house, '50050');
  expect(fixedIn(house.pass('3h59m'))).toMatchObject({ samples: 239, rate: 0n });
  expect(fixedIn(house.pass('8h'))).toMatchObject({ samples: 480, missed: 0, rate: 500_000_000n });
});

test('PS-7 rising weights: the nth minute counts n times, and one left out counts nothing', () => {
  const house = fundingHouse({ terms: { ...PLAIN, interval: 3 * MINUTE, weights: 'RISING' } });
  impactAt(house, '50060'); // 0.12 %
  house.pass('1m');
  impactAt(house, '50030'); // 0.06 %
  house.pass('1m');
  impactAt(house, '50000');
  // (1 x 0.12 + 2 x 0.06 + 3 x 0) / 6
  expect(fixedIn(house.pass('1m'))).toMatchObject({ premium: 400_000_000n, samples: 3 });
});

test('PS-7 a cap is a share of the maintenance rate: 0.75 of 2.5 % bounds a premium of 10 %', () => {
  expect(settledAt(BINANCE, '55000').rate).toBe('0.01875');
  expect(settledAt(BINANCE, '45000').rate).toBe('-0.01875');
});

test('PS-7 dYdX: in millionths towards zero, at most 600 % of the gap of the margin rates, an eighth each hour', () => {
  const hourly = (bid: string, index = '50000', later = bid): [string, bigint] => {
    const house = fundingHouse({ terms: DYDX, tiers: flatTiers('0.05', '0.03'), index });
    trade(house, 'long', 'short', '2', index);
    impactAt(house, bid);
    house.pass('30m');
    impactAt(house, later);
    const events = house.pass('30m');
    const [settled] = ofType(events, 'FundingSettled');
    return [formatRatio(fixedIn(events).exact), known(settled?.lines[0], 'Line', bid).amount];
  };
  // 50,000.1 is 2 millionths over; an eighth of them of 100,000 is 0.025, rounded up for who pays.
  expect(hourly('50000.1')).toEqual(['0.00000025', usd('-0.03')]);
  expect(hourly('50050')).toEqual(['0.000125', usd('-12.50')]);
  // 30,000.1 is 3.33 millionths over, which are 3.
  expect(hourly('30000.1', '30000')).toEqual(['0.000000375', usd('-0.03')]);
  // Half of the hour 6: on average 4.5, which are 4.
  expect(hourly('30000.1', '30000', '30000.2')).toEqual(['0.0000005', usd('-0.03')]);
  // 20 % is above 6 x 2 %: 12 % of 8 hours, 1.5 % an hour.
  expect(hourly('60000')).toEqual(['0.015', usd('-1500.00')]);
});

test('PS-7 Drift: a day of the spread and 1/5000 of the oracle, within 1/33 of it, in 24 parts, exact to the payment', () => {
  const hourly = (bid: string): [string, bigint] => {
    const house = fundingHouse({ terms: DRIFT });
    trade(house, 'long', 'short', '2', '50000');
    impactAt(house, bid);
    const events = house.pass('1h');
    const [settled] = ofType(events, 'FundingSettled');
    return [formatRatio(fixedIn(events).exact), known(settled?.lines[0], 'Line', bid).amount];
  };
  // (2 + 10) / 24 = 0.5 a contract.
  expect(hourly('50002')).toEqual(['0.00001', usd('-1.00')]);
  // 50,000 / 33 / 24 = 63.1313... a contract.
  expect(hourly('55000')).toEqual(['1/792', usd('-126.27')]);
});

test('PS-7 Vega: a clamp may lie on one side, and the scale comes before the bounds', () => {
  const clamp = { lower: '0.001', upper: '0.002' };
  expect(settledAt({ ...VEGA, interval: 4 * HOUR, interest: '0', clamp }, '50000').rate).toBe('0.001');
  const bounds = { scale: '2.5', lower: '-0.02', upper: '0.02' };
  expect(settledAt({ ...VEGA, interval: 4 * HOUR, ...bounds }, '50200').rate).toBe('0.01');
  expect(settledAt({ ...VEGA, interval: 4 * HOUR, ...bounds }, '50500').rate).toBe('0.02');
});

test('PS-8 the average index is paid on exactly, though it is shown in ticks', () => {
  const house = fundingHouse({ terms: { ...VEGA, interval: 3 * MINUTE } });
  trade(house, 'long', 'short', '30', '50000');
  for (const price of ['50000', '50000', '50000.1']) {
    indexAt(house, price);
    impactAt(house, '55000');
    house.pass('59s');
    if (price !== '50000.1') house.pass('1s');
  }
  const [settled] = ofType(house.pass('1s'), 'FundingSettled');
  // The spreads are 5,000 twice and 4,999.9: times ten for each is 149,999. On 50,000, as shown, it would be 0.10 less.
  expect(settled).toMatchObject({
    price: 500_000n,
    lines: [{ amount: usd('-149999.00') }, { amount: usd('149999.00') }],
  });
});

test('PS-8 positions are valued at the price of the policy', () => {
  const amount = (price: FundingTermsInput['price']): bigint => {
    const house = fundingHouse({ terms: { ...PLAIN, price }, index: '50000', mark: '52000' });
    trade(house, 'long', 'short', '2', '52000');
    impactAt(house, '50050');
    const [settled] = ofType(house.pass('4h'), 'FundingSettled');
    return known(settled?.lines[0], 'Line', price).amount;
  };
  expect([amount('MARK'), amount('INDEX'), amount('AVERAGE_INDEX')]).toEqual([
    usd('-104.00'),
    usd('-100.00'),
    usd('-100.00'),
  ]);
});

test('PS-2 intervals missed in an outage are settled once each, at the rates recorded, and once only across a restart', () => {
  const house = fundingHouse({ terms: { ...PLAIN, interval: HOUR } });
  trade(house, 'long', 'short', '2', '50000');
  impactAt(house, '50050');
  house.pass('30m');
  const stopped = restored(house.state);
  // The house stands still for three hours: time that has passed is met at its own instants.
  const events = house.pass('2h45m');
  expect(ofType(events, 'FundingRateFixed').map(({ to, samples }) => [to, samples])).toEqual([
    [START + HOUR, 60],
    [START + 2 * HOUR, 60],
    [START + 3 * HOUR, 60],
  ]);
  expect(ofType(events, 'FundingSettled')).toHaveLength(3);
  expect(house.balance('long')).toBe('9999700.00');
  expect(house.pass('10m').filter(({ type }) => type === 'FundingSettled')).toEqual([]);
  expectReplays(house.state, house.entries);
  expectTwins(restored(house.state), house.state);
  expect(stopped.listings.get('BTC-PERP')?.funding?.window?.samples).toBe(30);
});

test('PS-2 an outage of prices: the interval rests on what was sampled before it, and the next ones on nothing', () => {
  const house = fundingHouse({ terms: { ...PLAIN, interval: HOUR }, heartbeat: 10 * MINUTE });
  trade(house, 'long', 'short', '2', '50000');
  impactAt(house, '50050');
  const events = house.pass('3h');
  expect(ofType(events, 'FundingRateFixed').map(({ rate, samples }) => [formatRate(rate), samples])).toEqual([
    ['0.001', 9],
    ['0', 0],
    ['0', 0],
  ]);
  // At the last mark, though it is stale by then.
  expect(ofType(events, 'FundingSettled')).toMatchObject([{ price: 500_000n }]);
});

test('PS-3 funding of the house can call, at its own instant', () => {
  const house = fundingHouse({ terms: { ...PLAIN, interval: HOUR } });
  const fields = { member: 'broker', owner: 'thin', kind: 'CLIENT', currency: 'USD', policy: 'classic' } as const;
  house.send({ type: 'OpenAccount', account: 'thin', ...fields, mode: 'CROSS', instrument: null });
  house.send({ type: 'DepositCollateral', account: 'thin', currency: 'USD', amount: '5000' });
  trade(house, 'thin', 'short', '2', '50000');
  impactAt(house, '51500'); // 3 % of 100,000 leaves 2,000 against 2,500
  const [issued] = ofType(house.pass('1h'), 'MarginCallIssued');
  expect(issued?.issued).toMatchObject({ account: 'thin', equity: usd('2000.00'), maintenance: usd('2500.00') });
});

test('PS-3 nothing is owed that has not been paid: equity moves at the end of the interval, and for who holds then', () => {
  const house = fundingHouse({ terms: { ...PLAIN, interval: HOUR } });
  trade(house, 'long', 'short', '2', '50000');
  impactAt(house, '50050');
  house.pass('59m59s');
  expect(house.balance('long')).toBe('10000000.00');
  trade(house, 'short', 'long', '2', '50000');
  expect(ofType(house.pass('1s'), 'FundingSettled')).toMatchObject([{ lines: [] }]);
});

test('PS-5 the predicted rate is what would be fixed if the interval ended now', () => {
  const house = fundingHouse({ terms: { ...BINANCE, interval: 2 * MINUTE } });
  impactAt(house, '50050');
  const predicted = (): string => {
    const listing = known(house.state.listings.get('BTC-PERP'), 'Instrument', 'BTC-PERP');
    return formatRatio(known(predictedRate(listing), 'Funding', 'BTC-PERP').rate);
  };
  expect(predicted()).toBe('0');
  const [sample] = ofType(house.pass('1m'), 'PremiumSampled');
  expect([predicted(), formatRate(known(sample, 'Sample', '').rate)]).toEqual(['0.0005', '0.0005']);
});

test('PS-7 terms are read, bounded, and refused before anything is written', () => {
  const house = fundingHouse({ terms: null });
  const refused = (fields: Partial<FundingTermsInput>, instrument = 'BTC-PERP'): string =>
    house.refusal({ type: 'SetFundingPolicy', instrument, terms: { ...PLAIN, ...fields }, effectiveAt: null });
  expect(refused({}, 'NONE')).toBe('INSTRUMENT_NOT_FOUND');
  expect(refused({ interest: '0.0000000000001' })).toBe('TOO_MANY_DIGITS');
  for (const fields of [
    { interval: 59_999 },
    { interval: 7 * 86_400_000 + 1 },
    { sampleInterval: 999 },
    { sampleInterval: HOUR + 1 },
    { sampleInterval: 7 * MINUTE },
    { leastSamples: 0 },
    { leastSamples: 481 },
    { step: '0' },
    { paymentStep: '1.1' },
    { interest: '1.1' },
    { clamp: { lower: '0.1', upper: '0' } },
    { clamp: { lower: '-2', upper: '0' } },
    { scale: '0' },
    { share: '-1' },
    { share: '1001' },
    { lower: '-1001' },
    { lower: '0.1', upper: '0' },
    { lower: '1.1' },
    { upper: '-1.1' },
    { marginCap: { base: 'MAINTENANCE', share: '0' } },
  ] as Partial<FundingTermsInput>[])
    expect([fields, refused(fields)]).toEqual([fields, 'VALUE_OUT_OF_RANGE']);
  expect(house.state.listings.get('BTC-PERP')?.funding).toBeUndefined();
});

test('PS-1 a venue submits rates where the house computes none, and only there', () => {
  const house = fundingHouse({ terms: PLAIN });
  const submit = { type: 'SubmitFundingRate', instrument: 'BTC-PERP', rate: '0.0001' } as const;
  expect(house.refusal(submit)).toBe('INSTRUMENT_NOT_TRADING');
  setFunding(house, null);
  house.send(submit);
  expect(house.pass('1d').filter(({ type }) => type === 'FundingRateFixed')).toEqual([]);
});

test('PS-6 impact prices are checked like any others', () => {
  const house = fundingHouse({ terms: PLAIN });
  const refused = (bid: string, ask: string, observedAt: number | null = null, instrument = 'BTC-PERP'): string =>
    house.refusal({ type: 'SubmitImpactPrices', source: 'venue', prices: [{ instrument, bid, ask, observedAt }] });
  expect(refused('1', '2', null, 'NONE')).toBe('INSTRUMENT_NOT_FOUND');
  expect(refused('0', '2')).toBe('PRICE_NOT_POSITIVE');
  expect(refused('1', '2.05')).toBe('PRICE_OFF_TICK');
  expect(refused('2', '1')).toBe('PRICE_CROSSED');
  expect(refused('1', '2', START + 1001)).toBe('PRICE_FROM_FUTURE');
  impactAt(house, '50000');
  expect(refused('1', '2', START - 1)).toBe('PRICE_TOO_OLD');
  expect(refused('1000000000000000000', '1000000000000000000')).toBe('VALUE_OUT_OF_RANGE');
});

test('PS-8 EX-2 funding ends with its contract: the rate of its last instant is paid, and none is fixed afterwards', () => {
  const house = fundingHouse({ terms: { ...PLAIN, interval: HOUR } });
  trade(house, 'long', 'short', '2', '50000');
  impactAt(house, '50100');
  const ends = START + 2 * HOUR;
  const end = { reduceOnlyAt: null, endsAt: ends, settlementWindow: HOUR, reason: 'a test' } as const;
  byTwo(house, { type: 'DelistInstrument', instrument: 'BTC-PERP', ...end });
  const last = house.pass('2h');
  expect(ofType(last, 'FundingRateFixed').map(({ to }) => to)).toEqual([START + HOUR, ends]);
  expect(ofType(last, 'InstrumentExpired')).toHaveLength(1);
  const order = last.map(({ type }) => type);
  expect(order.lastIndexOf('FundingSettled')).toBeLessThan(order.indexOf('InstrumentExpired'));
  impactAfter(house);
  expect(house.pass('2d').filter(({ type }) => /^(Funding|Premium)/.test(type))).toEqual([]);
  expectReplays(house.state, house.entries);
});

/** A venue goes on saying what it said. */
function impactAfter(house: TestHouse): void {
  const prices = [{ instrument: 'BTC-PERP', bid: '50100', ask: '50100', observedAt: null }];
  const answer = house.try({ type: 'SubmitImpactPrices', source: 'venue', prices });
  expect('rejection' in answer && answer.rejection.code).toBe('INSTRUMENT_NOT_TRADING');
}

test('PS-2 whatever the terms, the prices and the positions: every run sums to zero, and the journal replays', () => {
  const terms = fc.record({
    measure: fc.constantFrom('PREMIUM' as const, 'SPREAD' as const),
    weights: fc.constantFrom('EQUAL' as const, 'RISING' as const),
    price: fc.constantFrom('MARK' as const, 'INDEX' as const, 'AVERAGE_INDEX' as const),
    step: fc.constantFrom(null, '0.000001', '0.003'),
    interest: fc.constantFrom('0', '0.0001', '-0.00033'),
    clamp: fc.constantFrom(null, { lower: '-0.0005', upper: '0.0005' }),
    scale: fc.constantFrom('1', '2/3'),
    share: fc.constantFrom('1', '1/7'),
  });
  const tick = fc.record({
    index: fc.integer({ min: 490_000, max: 510_000 }),
    bid: fc.integer({ min: 480_000, max: 520_000 }),
    width: fc.integer({ min: 0, max: 1000 }),
    lots: fc.integer({ min: 1, max: 20 }),
    back: fc.boolean(),
  });
  const text = (tenths: number): string => `${Math.floor(tenths / 10)}.${tenths % 10}`;
  fc.assert(
    fc.property(terms, fc.array(tick, { minLength: 4, maxLength: 12 }), (some, ticks) => {
      const house = fundingHouse({ terms: { ...PLAIN, ...some, interval: 3 * MINUTE } });
      for (const { index, bid, width, lots, back } of ticks) {
        indexAt(house, text(index));
        impactAt(house, text(bid), text(bid + width));
        trade(house, back ? 'long' : 'short', back ? 'short' : 'long', text(lots), '50000');
        for (const { lines } of ofType(house.pass('47s'), 'FundingSettled'))
          expect(total(lines.map(({ amount }) => cash(amount)))).toBe(0n);
      }
      expectReplays(house.state, house.entries);
    }),
    { numRuns: 15 },
  );
});
