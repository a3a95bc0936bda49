/** The index: median of live sources, outliers put aside, stale with too few.  Ruling 6; PS-4, FC-2 */

import { medianOf } from '../../../src/core/price/median';
import { price } from '../../../src/units/quantity';
import { createTestHouse, ofType, START, type TestHouse, typesOf } from '../../support/house';
import { at, defineIndex, indexOf, MINUTE, quote, quotes } from '../../support/prices';

function indexHouse(fields: Parameters<typeof defineIndex>[1] = {}): TestHouse {
  const house = createTestHouse();
  house.send({ type: 'DefineCurrency', currency: 'USD', scale: 2 });
  house.send({ type: 'DefineCurrency', currency: 'BTC', scale: 8 });
  defineIndex(house, fields);
  return house;
}

describe('the median', () => {
  test.each`
    prices                  | median
    ${[]}                   | ${null}
    ${[7n]}                 | ${7n}
    ${[9n, 1n, 5n]}         | ${5n}
    ${[10n, 20n]}           | ${15n}
    ${[10n, 11n]}           | ${10n}
    ${[11n, 12n]}           | ${12n}
    ${[4n, 1n, 3n, 2n]}     | ${2n}
    ${[9n, 1n, 9n, 1n, 9n]} | ${9n}
    ${[-3n, -1n, -2n]}      | ${-2n}
  `('Ruling 6 of $prices is $median, a half going to the even neighbour', ({ prices, median }) => {
    const votes = (prices as bigint[]).map((ticks) => ({ price: price(ticks), weight: 1n }));
    expect(medianOf(votes)).toBe(median);
  });

  test('PS-4 of an odd and an even count of sources', () => {
    const house = indexHouse();
    quotes(house, '9150', '9152', '9148');
    expect(indexOf(house)).toEqual({ price: '9150.00', stale: false, quarantined: [] });
    quote(house, 'd', '9151.01');
    expect(indexOf(house).price).toBe('9150.50');
  });

  test("Ruling 8 every source's quote is in the event that sets the index", () => {
    const house = indexHouse();
    quotes(house, '9150', '9152');
    const [set] = ofType(quote(house, 'c', '9148'), 'IndexPriceSet');
    expect(set).toEqual({
      type: 'IndexPriceSet',
      index: 'BTC/USD',
      price: 915_000n,
      stale: false,
      quotes: [
        { source: 'a', price: 915_000n, at: START, quarantined: false },
        { source: 'b', price: 915_200n, at: START, quarantined: false },
        { source: 'c', price: 914_800n, at: START, quarantined: false },
      ],
    });
  });
});

describe('outliers', () => {
  test('FC-2 a source further from the median than the deviation is put aside, one exactly at it is not', () => {
    const house = indexHouse();
    quotes(house, '100.00', '100.00', '100.00', '102.00');
    expect(indexOf(house)).toEqual({ price: '100.00', stale: false, quarantined: [] });
    quote(house, 'd', '102.01');
    expect(indexOf(house).quarantined).toEqual(['d']);
    quote(house, 'd', '97.99');
    expect(indexOf(house).quarantined).toEqual(['d']);
    quote(house, 'd', '98');
    expect(indexOf(house).quarantined).toEqual([]);
  });

  test('FC-2 what is put aside does not count in the median of the rest', () => {
    const house = indexHouse();
    quotes(house, '100.00', '101.00', '101.50', '10.00');
    // Of all four the median is 100.50; of the three that stay it is 101.
    expect(indexOf(house)).toEqual({ price: '101.00', stale: false, quarantined: ['d'] });
  });

  test(
    'FC-2 one source printing 90 % lower moves neither index nor itself back in; returning to the others it ' +
      'counts again',
    () => {
      const house = indexHouse();
      quotes(house, '100', '100', '101');
      quote(house, 'a', '10');
      // Two trusted sources are fewer than three: the last good price stays, marked stale.
      expect(indexOf(house)).toEqual({ price: '100.00', stale: true, quarantined: ['a'] });
      quote(house, 'a', '100.50');
      expect(indexOf(house)).toEqual({ price: '100.50', stale: false, quarantined: [] });
    },
  );
});

/**
 * a to d said 100 and have said nothing since. e and f say 110, g still 100. Among the live ones 110 is the middle, and
 * g is put aside; with the four that are silent 100 would be, and e and f were put aside.
 */
describe('FC-2 who is silent has no voice in who is too far', () => {
  const moved = (
    span: string,
    [low, high]: readonly string[] = ['100', '110'],
    fields: Parameters<typeof defineIndex>[1] = {},
  ) => {
    const house = indexHouse({ minimumSources: 1, ...fields });
    for (const source of ['a', 'b', 'c', 'd']) quote(house, source, low as string);
    house.pass(span);
    for (const source of ['e', 'f']) quote(house, source, high as string);
    quote(house, 'g', low as string);
    return indexOf(house);
  };

  test('FC-2 silent for exactly a heartbeat: the live ones judge', () => {
    expect(moved('60s')).toEqual({ price: '110.00', stale: false, quarantined: ['a', 'b', 'c', 'd', 'g'] });
    expect(moved('60s', ['100', '110'], { minimumSources: 2 })).toMatchObject({ price: '110.00', stale: false });
  });

  test('FC-2 control: a millisecond earlier all seven judge, and the four carry it', () => {
    expect(moved('59.999s')).toEqual({ price: '100.00', stale: false, quarantined: ['e', 'f'] });
  });

  test.each([
    [['100', '110'], '1', '110'],
    [['0.00000100', '0.00000110'], '0.00000001', '0.00000110'],
    [['100000000000', '110000000000'], '1', '110000000000'],
  ] as const)('FC-2 at another scale: %j by ticks of %s', (prices, tick, price) => {
    expect(moved('60s', prices, { tick })).toMatchObject({ price, quarantined: ['a', 'b', 'c', 'd', 'g'] });
  });

  test(
    'FC-2 where all are silent there is no middle, and the marks of who was aside are taken off until somebody ' +
      'speaks',
    () => {
      const house = indexHouse({ minimumSources: 1 });
      quotes(house, '100', '100', '150');
      expect(indexOf(house).quarantined).toEqual(['c']);
      house.pass('60s');
      expect(indexOf(house)).toEqual({ price: '100.00', stale: true, quarantined: [] });
      quote(house, 'c', '150');
      expect(indexOf(house)).toEqual({ price: '150.00', stale: false, quarantined: ['a', 'b'] });
    },
  );
});

describe('life and staleness', () => {
  test('FC-2 fewer than the minimum of live sources make it stale, the last one needed makes it live', () => {
    const house = indexHouse();
    quotes(house, '100', '100');
    expect(indexOf(house)).toEqual({ price: null, stale: true, quarantined: [] });
    quote(house, 'c', '100');
    expect(indexOf(house)).toEqual({ price: '100.00', stale: false, quarantined: [] });
  });

  test('RLM-4 a source is silent at exactly its heartbeat, not a millisecond earlier, and the house finds out by itself', () => {
    const house = indexHouse();
    quotes(house, '100', '100', '100');
    expect(typesOf(house.pass('59.999s'))).toEqual([]);
    expect(indexOf(house).stale).toBe(false);
    expect(ofType(house.pass('0.001s'), 'IndexPriceSet')).toMatchObject([{ stale: true, price: 10_000n }]);
    expect(indexOf(house)).toMatchObject({ price: '100.00', stale: true });
    // A silent source neither counts towards the minimum nor in the median.
    quotes(house, '104', '104');
    expect(indexOf(house).stale).toBe(true);
    quote(house, 'd', '104');
    expect(indexOf(house)).toEqual({ price: '104.00', stale: false, quarantined: ['c'] });
  });

  test("RLM-4 each source has its own heartbeat: the one that speaks on keeps the others' silence from counting", () => {
    const house = indexHouse({ minimumSources: 1 });
    quotes(house, '100', '100', '100');
    house.pass('30s');
    quote(house, 'a', '101');
    expect(indexOf(house).price).toBe('100.00');
    house.pass('30s');
    expect(indexOf(house)).toMatchObject({ price: '101.00', stale: false });
    house.pass('30s');
    expect(indexOf(house)).toMatchObject({ price: '101.00', stale: true });
  });
});

describe('refusals, each row breaking every later rule too', () => {
  const house = indexHouse();
  quote(house, 'a', '100', START);
  const now = START + 30_000;

  test.each`
    row                                    | index        | source | price       | observedAt          | code
    ${'no index'}                          | ${'ETH/USD'} | ${'x'} | ${'-0.001'} | ${now + 2000}       | ${'INDEX_NOT_FOUND'}
    ${'a source that is not of the index'} | ${'BTC/USD'} | ${'x'} | ${'-0.001'} | ${now + 2000}       | ${'SOURCE_UNKNOWN'}
    ${'below zero'}                        | ${'BTC/USD'} | ${'a'} | ${'-0.001'} | ${now + 2000}       | ${'PRICE_NOT_POSITIVE'}
    ${'zero'}                              | ${'BTC/USD'} | ${'a'} | ${'0.000'}  | ${now + 2000}       | ${'PRICE_NOT_POSITIVE'}
    ${'off the tick'}                      | ${'BTC/USD'} | ${'a'} | ${'0.001'}  | ${now + 2000}       | ${'PRICE_OFF_TICK'}
    ${'more than a second ahead'}          | ${'BTC/USD'} | ${'a'} | ${'100'}    | ${now + 1001}       | ${'PRICE_FROM_FUTURE'}
    ${'a second ahead passes'}             | ${'BTC/USD'} | ${'b'} | ${'100'}    | ${now + 1000}       | ${undefined}
    ${'a heartbeat old'}                   | ${'BTC/USD'} | ${'c'} | ${'100'}    | ${now - MINUTE}     | ${'PRICE_TOO_OLD'}
    ${'a millisecond younger passes'}      | ${'BTC/USD'} | ${'c'} | ${'100'}    | ${now - MINUTE + 1} | ${undefined}
    ${'older than the one before'}         | ${'BTC/USD'} | ${'a'} | ${'100'}    | ${START - 1}        | ${'PRICE_TOO_OLD'}
    ${'as old as the one before passes'}   | ${'BTC/USD'} | ${'a'} | ${'100'}    | ${START}            | ${undefined}
  `('FC-2 $row', ({ index, source, price: text, observedAt, code }) => {
    const outcome = at(house, now).try({
      type: 'SubmitIndexPrices',
      source,
      prices: [{ index, price: text, observedAt }],
    });
    expect('rejection' in outcome ? outcome.rejection.code : undefined).toBe(code);
  });

  test('FC-2 an observation that claims to come from ahead is taken as of now', () => {
    expect(house.state.indices.get('BTC/USD')?.state.quotes.get('b')?.at).toBe(now);
  });

  test('FC-2 each price of a list is answered on its own; a list with none acceptable is refused with its first reason', () => {
    const other = indexHouse();
    const good = { index: 'BTC/USD', price: '100', observedAt: null };
    const outcome = other.try({
      type: 'SubmitIndexPrices',
      source: 'a',
      prices: [{ ...good, price: '0' }, good, { ...good, index: 'X' }],
    });
    expect(outcome).toMatchObject({
      events: [{ type: 'IndexPriceSet' }],
      refusals: [
        { item: 0, rejection: { code: 'PRICE_NOT_POSITIVE' } },
        { item: 2, rejection: { code: 'INDEX_NOT_FOUND' } },
      ],
    });
    expect(
      other.refusal({
        type: 'SubmitIndexPrices',
        source: 'a',
        prices: [
          { ...good, price: '0' },
          { ...good, index: 'X' },
        ],
      }),
    ).toBe('PRICE_NOT_POSITIVE');
  });

  test('FC-2 two prices of one index in a list are held against each other as if each had come alone', () => {
    const other = indexHouse();
    const outcome = at(other, now).try({
      type: 'SubmitIndexPrices',
      source: 'a',
      prices: [
        { index: 'BTC/USD', price: '100', observedAt: now - 1 },
        { index: 'BTC/USD', price: '50', observedAt: now - 2 },
      ],
    });
    expect(outcome).toMatchObject({ refusals: [{ item: 1, rejection: { code: 'PRICE_TOO_OLD' } }] });
    expect(other.state.indices.get('BTC/USD')?.state.quotes.get('a')?.price).toBe(10_000n);
  });

  test('S02 a time that is no number is no input at all', () => {
    const other = indexHouse();
    const nan = { index: 'BTC/USD', price: '100', observedAt: Number.NaN };
    expect(() => other.send({ type: 'SubmitIndexPrices', source: 'a', prices: [nan] })).toThrow('Not an instant');
    expect(() => quote(other, 'a', '1e3')).toThrow('Not a decimal');
    expect(indexOf(other).price).toBeNull();
  });
});
