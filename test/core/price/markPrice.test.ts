/**
 * The mark: what the venue submits, held in its bands and to its index; or the index itself.  Ruling 6; PS-4, PV-3,
 * FC-2
 */

import { mark, onePerpetual } from '../../support/given';
import { createTestHouse, ofType, START, type TestHouse, typesOf } from '../../support/house';
import { byTwo, leveragedHouse, officer, statusOf } from '../../support/ladder';
import { at, defineIndex, defineOnIndex, MINUTE, markOf, quote, quotes } from '../../support/prices';

const submit = (house: TestHouse, price: string, instrument = 'BTC-PERP') =>
  house.try({
    type: 'SubmitMarkPrices',
    source: 'venue',
    prices: [{ instrument, price, bid: null, ask: null, observedAt: null }],
  });

const codeOf = (outcome: ReturnType<TestHouse['try']>): string | undefined =>
  'rejection' in outcome ? outcome.rejection.code : undefined;

/** USD, BTC, an index at 50,000 of three sources, and BTC-PERP beside it. */
function onIndex(fields: Parameters<typeof defineOnIndex>[1] = {}): TestHouse {
  const house = createTestHouse();
  house.send({ type: 'DefineCurrency', currency: 'USD', scale: 2 });
  house.send({ type: 'DefineCurrency', currency: 'BTC', scale: 8 });
  defineIndex(house);
  defineOnIndex(house, fields);
  quotes(house, '50000', '50000', '50000');
  return house;
}

describe('refusals, each row breaking every later rule too', () => {
  const house = onePerpetual({ priceBand: '0.1' });
  defineIndex(house);
  quotes(house, '50000', '50000', '50000');
  defineOnIndex(house, { instrument: 'INDEXED', markMethod: 'INDEX', markBand: null });
  const now = START + 5000;
  const week = 7 * 86_400_000;
  at(house, START);
  mark(house, '50000');

  test.each`
    row                                  | instrument    | price        | bid          | ask          | observedAt    | code
    ${'no instrument'}                   | ${'nothing'}  | ${'-1.05'}   | ${'0'}       | ${'0'}       | ${now + 2000} | ${'INSTRUMENT_NOT_FOUND'}
    ${'a mark made of the index'}        | ${'INDEXED'}  | ${'-1.05'}   | ${'0'}       | ${'0'}       | ${now + 2000} | ${'INSTRUMENT_NOT_TRADING'}
    ${'below zero'}                      | ${'BTC-PERP'} | ${'-1.05'}   | ${'0'}       | ${'0'}       | ${now + 2000} | ${'PRICE_NOT_POSITIVE'}
    ${'off the tick'}                    | ${'BTC-PERP'} | ${'1.05'}    | ${'0'}       | ${'0'}       | ${now + 2000} | ${'PRICE_OFF_TICK'}
    ${'a bid below zero'}                | ${'BTC-PERP'} | ${'1'}       | ${'-0.05'}   | ${'0.05'}    | ${now + 2000} | ${'PRICE_NOT_POSITIVE'}
    ${'an ask off the tick'}             | ${'BTC-PERP'} | ${'1'}       | ${'2'}       | ${'0.05'}    | ${now + 2000} | ${'PRICE_OFF_TICK'}
    ${'bid above ask'}                   | ${'BTC-PERP'} | ${'1'}       | ${'1.1'}     | ${'1'}       | ${now + 2000} | ${'PRICE_CROSSED'}
    ${'below the bid'}                   | ${'BTC-PERP'} | ${'1'}       | ${'1.1'}     | ${'2'}       | ${now + 2000} | ${'PRICE_CROSSED'}
    ${'above the ask'}                   | ${'BTC-PERP'} | ${'2.1'}     | ${'1.1'}     | ${'2'}       | ${now + 2000} | ${'PRICE_CROSSED'}
    ${'more than a second ahead'}        | ${'BTC-PERP'} | ${'1'}       | ${'1'}       | ${'1'}       | ${now + 1001} | ${'PRICE_FROM_FUTURE'}
    ${'a heartbeat old'}                 | ${'BTC-PERP'} | ${'1'}       | ${'1'}       | ${'1'}       | ${now - week} | ${'PRICE_TOO_OLD'}
    ${'older than the one before'}       | ${'BTC-PERP'} | ${'1'}       | ${'1'}       | ${'1'}       | ${START - 1}  | ${'PRICE_TOO_OLD'}
    ${'a tick below the band'}           | ${'BTC-PERP'} | ${'44999.9'} | ${'44999.9'} | ${'44999.9'} | ${START}      | ${'PRICE_OUT_OF_BAND'}
    ${'a tick above the band'}           | ${'BTC-PERP'} | ${'55000.1'} | ${null}      | ${null}      | ${START}      | ${'PRICE_OUT_OF_BAND'}
    ${'the border of the band passes'}   | ${'BTC-PERP'} | ${'45000'}   | ${'45000'}   | ${'45000'}   | ${START}      | ${undefined}
    ${'and the next is held against it'} | ${'BTC-PERP'} | ${'50000'}   | ${null}      | ${null}      | ${now}        | ${'PRICE_OUT_OF_BAND'}
  `('FC-2 $row', ({ instrument, price, bid, ask, observedAt, code }) => {
    const outcome = at(house, now).try({
      type: 'SubmitMarkPrices',
      source: 'venue',
      prices: [{ instrument, price, bid, ask, observedAt }],
    });
    expect(codeOf(outcome)).toBe(code);
  });

  test('FC-2 two prices of one instrument in a list are held against each other as if each had come alone', () => {
    const banded = onePerpetual({ priceBand: '0.1' });
    const price = (text: string) => ({ instrument: 'BTC-PERP', price: text, bid: null, ask: null, observedAt: null });
    const outcome = banded.try({ type: 'SubmitMarkPrices', source: 'venue', prices: [price('55000'), price('45000')] });
    expect(outcome).toMatchObject({
      events: [{ type: 'MarkPriceSet', price: 550_000n }],
      refusals: [{ item: 1, rejection: { code: 'PRICE_OUT_OF_BAND' } }],
    });
    expect(markOf(banded)?.price).toBe('55000.0');
  });

  test('FC-2 an expired contract takes no price', () => {
    const dated = onIndex({ kind: 'FUTURE', expiry: START + MINUTE / 2, markBand: null });
    mark(dated, '50000');
    dated.pass('30s');
    expect(codeOf(submit(dated, '50000'))).toBe('INSTRUMENT_NOT_TRADING');
    expect(dated.refusal({ type: 'SetMarkPrice', instrument: 'BTC-PERP', price: '-1', reason: '' })).toBe(
      'INSTRUMENT_NOT_TRADING',
    );
  });
});

test(
  'RLM-4 the mark is stale at exactly its heartbeat, not a millisecond earlier; after the silence the band ' +
    'starts anew',
  () => {
    const house = onIndex({ markBand: null, priceBand: '0.01' });
    mark(house, '50000');
    expect(typesOf(house.pass('59.999s'))).not.toContain('MarkPriceWentStale');
    expect(ofType(house.pass('0.001s'), 'MarkPriceWentStale')).toEqual([
      { type: 'MarkPriceWentStale', instrument: 'BTC-PERP' },
    ]);
    expect(markOf(house)).toMatchObject({ price: '50000.0', stale: true });
    mark(house, '60000');
    expect(markOf(house)).toMatchObject({ price: '60000.0', stale: false });
    expect(codeOf(submit(house, '61000'))).toBe('PRICE_OUT_OF_BAND');
  },
);

test('RLM-4 the heartbeat counts from the observation, not from its arrival', () => {
  const house = onIndex({ markBand: null });
  house.send({
    type: 'SubmitMarkPrices',
    source: 'venue',
    prices: [{ instrument: 'BTC-PERP', price: '50000', bid: null, ask: null, observedAt: START - 59_999 }],
  });
  expect(ofType(house.pass('0.001s'), 'MarkPriceWentStale')).toHaveLength(1);
});

describe('beside an index', () => {
  test.each`
    price        | held         | clamped
    ${'50000'}   | ${'50000.0'} | ${false}
    ${'52500'}   | ${'52500.0'} | ${false}
    ${'52500.1'} | ${'52500.0'} | ${true}
    ${'47500'}   | ${'47500.0'} | ${false}
    ${'47499.9'} | ${'47500.0'} | ${true}
    ${'0.1'}     | ${'47500.0'} | ${true}
    ${'999999'}  | ${'52500.0'} | ${true}
  `("PS-4 a venue's $price is held to $held", ({ price, held, clamped }) => {
    const house = onIndex();
    expect(ofType(mark(house, price), 'MarkPriceSet')).toMatchObject([{ clamped }]);
    expect(markOf(house)?.price).toBe(held);
  });

  test('PS-4 the border of the band rounds inwards to whole ticks', () => {
    const house = onIndex({ tick: '100', lot: '0.1', markBand: '0.0153' });
    // 50,000 x 0.0153 = 765: from 49,235 to 50,765.
    mark(house, '40000');
    expect(markOf(house)?.price).toBe('49300');
    mark(house, '60000');
    expect(markOf(house)?.price).toBe('50700');
  });

  test('RLM-4 without a live index the venue alone is not believed; control: without a band it is', () => {
    const silent = onIndex();
    silent.pass('1m');
    expect(codeOf(submit(silent, '50000'))).toBe('PRICE_STALE');
    const unseen = createTestHouse();
    unseen.send({ type: 'DefineCurrency', currency: 'USD', scale: 2 });
    unseen.send({ type: 'DefineCurrency', currency: 'BTC', scale: 8 });
    defineIndex(unseen);
    defineOnIndex(unseen);
    expect(codeOf(submit(unseen, '50000'))).toBe('PRICE_MISSING');
    const unbound = onIndex({ markBand: null });
    unbound.pass('1m');
    expect(codeOf(submit(unbound, '50000'))).toBeUndefined();
  });

  test('Ruling 6 a mark made of the index is the index on the nearest tick, set in the same entry', () => {
    const house = onIndex({ markMethod: 'INDEX', markBand: null });
    expect(markOf(house)?.price).toBe('50000.0');
    const events = quotes(house, '50000.25', '50000.25', '50000.25');
    expect(ofType(events, 'MarkPriceSet').at(-1)).toMatchObject({ price: 500_002n, source: 'index', clamped: false });
    quotes(house, '50000.36', '50000.36', '50000.36');
    expect(markOf(house)?.price).toBe('50000.4');
  });

  test('RLM-4 a mark made of the index goes stale with it, and comes back with it', () => {
    const house = onIndex({ markMethod: 'INDEX', markBand: null, heartbeat: 10 * MINUTE });
    expect(ofType(house.pass('1m'), 'MarkPriceWentStale')).toHaveLength(1);
    quotes(house, '50000', '50000', '50000');
    expect(markOf(house)).toMatchObject({ stale: false });
  });

  test('RLM-4 looking at an index again makes no observation younger', () => {
    const house = createTestHouse();
    house.send({ type: 'DefineCurrency', currency: 'USD', scale: 2 });
    house.send({ type: 'DefineCurrency', currency: 'BTC', scale: 8 });
    defineIndex(house, { minimumSources: 1, heartbeat: 10 * MINUTE });
    defineOnIndex(house, { markMethod: 'INDEX', markBand: null, heartbeat: 6 * MINUTE });
    quote(house, 'a', '50000');
    house.pass('5m');
    quote(house, 'b', '50000');
    // At ten minutes source a falls silent and the index is made anew, of an observation five minutes old.
    house.pass('5m');
    expect(markOf(house)).toEqual({ price: '50000.0', stale: false, at: START + 5 * MINUTE });
    expect(ofType(house.pass('1m'), 'MarkPriceWentStale')).toHaveLength(1);
  });

  test('PV-3 an index below half a tick of the contract gives it no price of zero', () => {
    const house = onIndex({ markMethod: 'INDEX', markBand: null });
    quotes(house, '0.04', '0.04', '0.04');
    expect(markOf(house)).toMatchObject({ stale: true });
    expect(markOf(house)?.price).not.toBe('0.0');
  });
});

describe('by hand', () => {
  test('FC-2 a mark past the band needs a second person, and says that it was set by hand', () => {
    const house = leveragedHouse({ priceBand: '0.01' });
    expect(codeOf(submit(house, '48600'))).toBe('PRICE_OUT_OF_BAND');
    house.send({ type: 'SetMarkPrice', instrument: 'BTC-PERP', price: '48600', reason: 'gap' }, officer('first'));
    expect(markOf(house)?.price).toBe('50000.0');
    const events = byTwo(house, { type: 'SetMarkPrice', instrument: 'BTC-PERP', price: '48600', reason: 'gap' });
    expect(ofType(events, 'MarkPriceSet')).toMatchObject([{ price: 486_000n, source: 'manual' }]);
    // It calls like any other price.
    expect(statusOf(house)).toBe('CALL');
  });

  test.each`
    row                | instrument    | price      | code
    ${'no instrument'} | ${'nothing'}  | ${'-0.05'} | ${'INSTRUMENT_NOT_FOUND'}
    ${'below zero'}    | ${'BTC-PERP'} | ${'-0.05'} | ${'PRICE_NOT_POSITIVE'}
    ${'off the tick'}  | ${'BTC-PERP'} | ${'0.05'}  | ${'PRICE_OFF_TICK'}
  `('FC-2 refused: $row', ({ instrument, price, code }) => {
    expect(onePerpetual().refusal({ type: 'SetMarkPrice', instrument, price, reason: '' })).toBe(code);
  });
});

describe('depth', () => {
  test('LE-4 what a venue states is kept in whole lots', () => {
    const house = onePerpetual();
    house.send({ type: 'ReportDepth', instrument: 'BTC-PERP', bids: '1.25', asks: '0' });
    expect(house.state.listings.get('BTC-PERP')?.depth).toEqual({ bids: 12n, asks: 0n });
  });

  test.each`
    row                | instrument    | bids    | asks    | code
    ${'no instrument'} | ${'nothing'}  | ${'-1'} | ${'-1'} | ${'INSTRUMENT_NOT_FOUND'}
    ${'bids'}          | ${'BTC-PERP'} | ${'-1'} | ${'0'}  | ${'VALUE_OUT_OF_RANGE'}
    ${'asks'}          | ${'BTC-PERP'} | ${'0'}  | ${'-1'} | ${'VALUE_OUT_OF_RANGE'}
  `('LE-4 refused: $row', ({ instrument, bids, asks, code }) => {
    expect(onePerpetual().refusal({ type: 'ReportDepth', instrument, bids, asks })).toBe(code);
  });
});
