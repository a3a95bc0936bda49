/**
 * An index that is far from its average, uncertain or old is doubted, and may not be used for what its guards say.
 * PV-3, FC-2; ruling 13; after DR-O1
 */

import type { CommandOf } from '../../../src/core/message/command';
import type { PriceGuardTermsInput } from '../../../src/core/message/priceGuardCommands';
import { averageNow } from '../../../src/core/price/priceAverage';
import { classicPolicy, openAccount, pay, trade } from '../../support/given';
import { createTestHouse, ofType, type TestHouse, typesOf } from '../../support/house';
import { byTwo, statusOf } from '../../support/ladder';
import { defineIndex, defineOnIndex, MINUTE } from '../../support/prices';
import { whatIf } from '../../support/whatIf';

const HOUR = 60 * MINUTE;

/** Nothing is guarded; each test says what is. */
const NONE: PriceGuardTermsInput = {
  averageWindow: 5 * MINUTE,
  maximumMultiple: null,
  maximumDistance: null,
  maximumConfidence: null,
  maximumAge: null,
  liquidation: [],
  margin: [],
  newRisk: [],
};

/** One source of BTC at 100, which is trusted for an hour, and a contract whose mark is the index. */
function guarded(terms: Partial<PriceGuardTermsInput> | null, tick = '0.01'): TestHouse {
  const house = createTestHouse();
  house.send({ type: 'DefineCurrency', currency: 'USD', scale: 2 });
  house.send({ type: 'DefineCurrency', currency: 'BTC', scale: 8 });
  house.send(classicPolicy());
  defineIndex(house, { sources: ['a'], minimumSources: 1, maximumDeviation: '1', heartbeat: HOUR, tick });
  defineOnIndex(house, { markMethod: 'INDEX', markBand: null, heartbeat: HOUR, tick, lot: '1' });
  house.send({ type: 'AdmitMember', member: 'broker', name: 'A broker' });
  say(house, '100');
  if (terms) house.send(guardsOf(terms));
  openAccount(house, 'maker', '10000000');
  openAccount(house, 'bob', '2000');
  return house;
}

const guardsOf = (terms: Partial<PriceGuardTermsInput> | null): CommandOf<'SetPriceGuards'> => ({
  type: 'SetPriceGuards',
  index: 'BTC/USD',
  terms: terms && { ...NONE, ...terms },
  effectiveAt: null,
});
const say = (house: TestHouse, price: string, confidence: string | null = null) =>
  house.send({
    type: 'SubmitIndexPrices',
    source: 'a',
    prices: [{ index: 'BTC/USD', price, confidence, observedAt: null }],
  });
const outcomeOf = (deal: () => unknown): string => {
  try {
    deal();
    return 'DONE';
  } catch (error) {
    return String((error as Error).message);
  }
};
const faultsOf = (house: TestHouse) => house.state.indices.get('BTC/USD')?.guard?.faults;

/** The guard rails of Drift, a slot of 400 ms: what margin may not use is wider than what liquidation may not. */
describe('DR-O1 validity of an oracle', () => {
  const SLOT = 400;
  const { staleForMarginSlots, confidenceMax, tooVolatileRatio } = {
    staleForMarginSlots: 120,
    confidenceMax: '0.02',
    tooVolatileRatio: 5,
  };
  const RAILS: Partial<PriceGuardTermsInput> = {
    maximumMultiple: tooVolatileRatio,
    maximumConfidence: confidenceMax,
    maximumAge: staleForMarginSlots * SLOT,
    liquidation: ['TOO_VOLATILE'],
    margin: ['TOO_VOLATILE', 'TOO_UNCERTAIN', 'TOO_OLD'],
    newRisk: ['TOO_VOLATILE', 'TOO_UNCERTAIN', 'TOO_OLD'],
  };

  test.each`
    price    | confidence | delay  | faults
    ${'100'} | ${'0.5'}   | ${10}  | ${[]}
    ${'100'} | ${'2.1'}   | ${10}  | ${['TOO_UNCERTAIN']}
    ${'100'} | ${'0.5'}   | ${121} | ${['TOO_OLD']}
    ${'600'} | ${'0.5'}   | ${10}  | ${['TOO_VOLATILE']}
    ${'599'} | ${'0.5'}   | ${10}  | ${[]}
  `('DR-O1 $price, $confidence either side, $delay slots ago, over an average of 100: $faults', (given) => {
    const { price, confidence, delay, faults } = given;
    const house = guarded({ ...RAILS, averageWindow: 7 * 86_400_000 });
    house.pass('1m');
    say(house, price, confidence);
    house.pass(`${(delay * SLOT) / 1000}s`);
    expect(faultsOf(house)).toEqual(faults);
  });

  test('DR-O1 a price that is not positive is no price at all', () => {
    const nothing = { index: 'BTC/USD', price: '0', confidence: '0', observedAt: null };
    const house = guarded(RAILS);
    expect(house.try({ type: 'SubmitIndexPrices', source: 'a', prices: [nothing] })).toMatchObject({
      rejection: { code: 'PRICE_NOT_POSITIVE' },
    });
  });

  test('DR-O1 liquidation goes on at an uncertain price and not at a volatile one; control: without guards it does', () => {
    const fall = (terms: Partial<PriceGuardTermsInput> | null, price: string, confidence: string): string[] => {
      const house = guarded(terms);
      trade(house, 'bob', 'maker', '100', '100');
      return typesOf(say(house, price, confidence));
    };
    expect(fall(RAILS, '81', '5')).toContain('LiquidationStarted');
    expect(fall(RAILS, '16', '0.1')).toContain('LiquidationPaused');
    expect(fall(RAILS, '16', '0.1')).not.toContain('PositionTakenOver');
    expect(fall(null, '16', '0.1')).toContain('PositionTakenOver');
  });

  test('DR-O1 the band of five minutes: half of the average away stops liquidation', () => {
    const house = guarded({ maximumDistance: '0.5', liquidation: ['TOO_FAR'] });
    say(house, '50.01');
    expect(faultsOf(house)).toEqual([]);
    const near = guarded({ maximumDistance: '0.5', liquidation: ['TOO_FAR'] });
    say(near, '50');
    expect(faultsOf(near)).toEqual(['TOO_FAR']);
  });
});

describe('the average', () => {
  const averageOf = (house: TestHouse): bigint | undefined => {
    const listing = house.state.indices.get('BTC/USD');
    return listing && averageNow(listing, house.now)?.parts;
  };

  test('PV-3 it follows by the time that a price stands, however often it is said', () => {
    const [often, once] = [guarded({ maximumMultiple: 5 }), guarded({ maximumMultiple: 5 })];
    for (const house of [often, once]) {
      say(house, '200');
      expect(averageOf(house)).toBe(10_000n * 10n ** 12n);
      house.pass('5m');
    }
    expect(averageOf(once)).toBe(15_000n * 10n ** 12n);
    say(once, '100');
    once.pass('5m');
    expect(averageOf(once)).toBe(12_500n * 10n ** 12n);
    expect(averageOf(often)).toBe(15_000n * 10n ** 12n);
  });

  test('PV-3 time without a live price counts for nothing', () => {
    const house = guarded({ maximumMultiple: 5 });
    say(house, '200');
    house.pass('1h');
    const at = averageOf(house);
    house.pass('1h');
    expect(averageOf(house)).toBe(at);
  });

  test('PV-3 a price that stays is trusted when the average has come near', () => {
    const house = guarded({ maximumMultiple: 1, newRisk: ['TOO_VOLATILE'] });
    say(house, '200');
    expect(faultsOf(house)).toEqual(['TOO_VOLATILE']);
    house.pass('1m');
    expect(ofType(say(house, '200'), 'PriceDoubted')).toEqual([{ type: 'PriceDoubted', index: 'BTC/USD', faults: [] }]);
  });
});

describe('what a doubted price may not be used for', () => {
  const UNSURE = { maximumConfidence: '0.02' };

  test('FC-2 new risk: what raises it is refused, what reduces it is taken; control: without the rule both are', () => {
    const attempt = (terms: Partial<PriceGuardTermsInput>): string[] => {
      const house = guarded({ ...UNSURE, ...terms });
      trade(house, 'bob', 'maker', '10', '100');
      say(house, '100', '2.01');
      const dealt = (buyer: string, seller: string, id: string) =>
        house.try({
          type: 'SubmitTrade',
          ...{ trade: id, instrument: 'BTC-PERP', buyer, seller, size: '5', price: '100', taker: null },
          ...{ executedAt: null, buyOrder: null, sellOrder: null },
        } as never);
      return [dealt('bob', 'maker', 'up'), dealt('maker', 'bob', 'down')].map((outcome) =>
        'rejection' in outcome ? outcome.rejection.code : 'DONE',
      );
    };
    expect(attempt({ newRisk: ['TOO_UNCERTAIN'] })).toEqual(['PRICE_DOUBTED', 'DONE']);
    expect(attempt({})).toEqual(['DONE', 'DONE']);
  });

  test('RMR-4 what if is answered by the same guards', () => {
    const house = guarded({ ...UNSURE, newRisk: ['TOO_UNCERTAIN'] });
    const deal = { instrument: 'BTC-PERP', side: 'BUY', size: '5', price: '100' } as const;
    const supposed = () => whatIf(house.state, { account: 'bob', trades: [deal] });
    expect(supposed().meetsInitialMargin).toBe(true);
    say(house, '100', '3');
    expect(supposed()).toMatchObject({ after: null, refused: { rejection: { code: 'PRICE_DOUBTED' } } });
  });

  // 2,000 paid in, 2,000 gained: 500 x 120 x 5 % = 3,000 are asked for.
  test('PV-3 margin: gains on it back no new risk; control: a certain price and a guard without the rule do', () => {
    const grown = (terms: Partial<PriceGuardTermsInput>, confidence: string): string => {
      const house = guarded({ ...UNSURE, ...terms });
      trade(house, 'bob', 'maker', '100', '100');
      say(house, '120', confidence);
      return outcomeOf(() => trade(house, 'bob', 'maker', '400', '120'));
    };
    expect(grown({ margin: ['TOO_UNCERTAIN'] }, '3')).toContain('INSUFFICIENT_INITIAL_MARGIN');
    expect(grown({ margin: ['TOO_UNCERTAIN'] }, '2.4')).toBe('DONE');
    expect(grown({ newRisk: ['TOO_OLD'] }, '3')).toBe('DONE');
  });

  test('PV-3 margin: collateral that it prices backs no new risk; control: a certain one does', () => {
    const bought = (confidence: string): string => {
      const house = guarded({ ...UNSURE, margin: ['TOO_UNCERTAIN'] });
      const terms = { currency: 'BTC', haircut: '0', conversionDiscount: '0', eligible: true } as const;
      byTwo(house, { type: 'SetCollateralTerms', ...terms });
      openAccount(house, 'coins');
      pay(house, 'coins', '10', 'BTC');
      say(house, '100', confidence);
      return outcomeOf(() => trade(house, 'coins', 'maker', '10', '100'));
    };
    expect(bought('3')).toContain('INSUFFICIENT_INITIAL_MARGIN');
    expect(bought('1')).toBe('DONE');
  });

  test('ruling 13 liquidation: what is held stands still until the price is trusted again', () => {
    const house = guarded({ ...UNSURE, liquidation: ['TOO_UNCERTAIN'] });
    trade(house, 'bob', 'maker', '100', '100');
    const doubted = say(house, '81', '3');
    expect(typesOf(doubted)).not.toContain('LiquidationOrderIssued');
    expect(typesOf(say(house, '81', '1'))).toContain('LiquidationOrderIssued');
    expect(statusOf(house, 'bob')).toBe('LIQUIDATING');
  });

  test('FC-2 it is as uncertain as most of its sources by weight say; what nobody states is certain', () => {
    const house = guarded(UNSURE);
    defineIndex(house, {
      base: 'USD',
      quote: 'BTC',
      sources: ['a', 'b', 'c'],
      minimumSources: 1,
      maximumDeviation: '1',
    });
    const state = (source: string, confidence: string | null) =>
      house.send({
        type: 'SubmitIndexPrices',
        source,
        prices: [{ index: 'USD/BTC', price: '100', confidence, observedAt: null }],
      });
    const seen = () => house.state.indices.get('USD/BTC')?.state.confidence;
    state('a', null);
    expect(seen()).toBeUndefined();
    for (const [source, confidence] of Object.entries({ b: '1', c: '99' })) state(source, confidence);
    expect(seen()).toBe(100n);
  });
});

test('PV-3 it is too old a millisecond after the time stated, and trusted when somebody speaks', () => {
  const house = guarded({ maximumAge: MINUTE });
  expect(typesOf(house.pass('1m'))).toEqual([]);
  expect(ofType(house.pass('0.001s'), 'PriceDoubted')).toMatchObject([{ faults: ['TOO_OLD'] }]);
  expect(ofType(say(house, '100'), 'PriceDoubted')).toMatchObject([{ faults: [] }]);
});

test('PV-3 without terms nothing is doubted any more', () => {
  const house = guarded({ maximumAge: MINUTE, newRisk: ['TOO_OLD'] });
  house.pass('61s');
  expect(faultsOf(house)).toEqual(['TOO_OLD']);
  byTwo(house, guardsOf(null));
  expect(house.state.indices.get('BTC/USD')?.guard).toMatchObject({ faults: [], average: null });
});

test.each`
  row                              | terms                                      | details
  ${'a window under a second'}     | ${{ averageWindow: 999 }}                  | ${{ field: 'averageWindow' }}
  ${'no multiple'}                 | ${{ maximumMultiple: 0 }}                  | ${{ field: 'maximumMultiple' }}
  ${'no distance'}                 | ${{ maximumDistance: '0' }}                | ${{ field: 'maximumDistance' }}
  ${'more uncertain than it is'}   | ${{ maximumConfidence: '1.1' }}            | ${{ field: 'maximumConfidence' }}
  ${'no age'}                      | ${{ maximumAge: 0 }}                       | ${{ field: 'maximumAge' }}
  ${'a fault that is named twice'} | ${{ liquidation: ['TOO_OLD', 'TOO_OLD'] }} | ${{ field: 'liquidation' }}
`('PV-3 $row is refused', ({ terms, details }) => {
  const outcome = guarded(null).try(guardsOf(terms as Partial<PriceGuardTermsInput>));
  expect(outcome).toMatchObject({ rejection: { code: 'VALUE_OUT_OF_RANGE', details } });
});

test('PV-3 guards of nothing are refused, and so is a confidence below zero', () => {
  expect(guarded(null).try({ ...guardsOf({}), index: 'X/Y' })).toMatchObject({
    rejection: { code: 'INDEX_NOT_FOUND' },
  });
  const prices = [{ index: 'BTC/USD', price: '100', confidence: '-1', observedAt: null }];
  expect(guarded(null).try({ type: 'SubmitIndexPrices', source: 'a', prices })).toMatchObject({
    rejection: { code: 'VALUE_OUT_OF_RANGE', details: { field: 'confidence' } },
  });
});
