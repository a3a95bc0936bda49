/**
 * Sources of an index that count by weight, and own venues that never have more than a third.  Ruling 6; PS-4, FC-2,
 * S08
 */

import type { CommandOf } from '../../../src/core/message/command';
import { medianOf, votesOf } from '../../../src/core/price/median';
import { price } from '../../../src/units/quantity';
import { classicPolicy, flatTiers, onePerpetual, openAccount, pay, term, trade } from '../../support/given';
import { createTestHouse, type TestHouse } from '../../support/house';
import { statusOf } from '../../support/ladder';
import { defineIndex, indexOf, quote, quotes } from '../../support/prices';

type Weights = NonNullable<CommandOf<'DefineIndex'>['weights']>;
const SOURCES = ['a', 'b', 'c', 'd'];
const weighing = (source: string, weight: number, ownVenue = false): Weights[number] => ({ source, weight, ownVenue });

function currencies(): TestHouse {
  const house = createTestHouse();
  house.send({ type: 'DefineCurrency', currency: 'USD', scale: 2 });
  house.send({ type: 'DefineCurrency', currency: 'BTC', scale: 8 });
  return house;
}

/** Four sources, none too far from the others. */
function weighted(weights: Weights, fields: Partial<CommandOf<'DefineIndex'>> = {}): TestHouse {
  const house = currencies();
  defineIndex(house, { sources: SOURCES, weights, maximumDeviation: '1', minimumSources: 1, ...fields });
  return house;
}

test.each`
  votes                                | median
  ${[[10n, 1n], [20n, 1n], [30n, 1n]]} | ${20n}
  ${[[10n, 3n], [20n, 1n], [30n, 1n]]} | ${10n}
  ${[[10n, 2n], [20n, 1n], [30n, 1n]]} | ${15n}
  ${[[30n, 1n], [10n, 1n], [20n, 2n]]} | ${20n}
  ${[[10n, 1n], [21n, 1n]]}            | ${16n}
  ${[[10n, 1n], [15n, 1n]]}            | ${12n}
  ${[[10n, 0n], [20n, 5n]]}            | ${20n}
  ${[[10n, 0n]]}                       | ${null}
  ${[[-9n, 2n], [-5n, 3n]]}            | ${-5n}
`('PS-4 of $votes the median by weight is $median', ({ votes, median }) => {
  const cast = (votes as [bigint, bigint][]).map(([ticks, weight]) => ({ price: price(ticks), weight }));
  expect(medianOf(cast)).toBe(median);
});

test('PS-4 a source counts as often as its weight says; control: with equal weights it is one of three', () => {
  const heavy = weighted([weighing('a', 3)]);
  quotes(heavy, '100', '104', '106');
  expect(indexOf(heavy).price).toBe('100.00');
  const even = weighted([]);
  quotes(even, '100', '104', '106');
  expect(indexOf(even).price).toBe('104.00');
});

test('PS-4 weight decides who is too far from the others', () => {
  const house = weighted([weighing('a', 5)], { maximumDeviation: '0.02' });
  quotes(house, '100', '110', '110', '110');
  expect(indexOf(house)).toEqual({ price: '100.00', stale: false, quarantined: ['b', 'c', 'd'] });
});

test('PS-4 who is silent has no weight', () => {
  const house = weighted([weighing('a', 5)]);
  quotes(house, '100', '110', '112');
  house.pass('59s');
  for (const source of ['b', 'c']) quote(house, source, '120');
  expect(indexOf(house).price).toBe('100.00');
  house.pass('1s');
  expect(indexOf(house)).toMatchObject({ price: '120.00', stale: false });
});

describe('what cannot be stated', () => {
  const weights = (...list: Weights): Weights => list;
  test.each`
    row                                   | weights                                                    | value
    ${'a source that is none of it'}      | ${weights(weighing('x', 1))}                               | ${'x'}
    ${'a source twice'}                   | ${weights(weighing('a', 1), weighing('a', 2))}             | ${'a source twice'}
    ${'no weight'}                        | ${weights(weighing('a', 0))}                               | ${'0'}
    ${'a part of a weight'}               | ${weights(weighing('a', 0.5))}                             | ${'0.5'}
    ${'more weight than any has'}         | ${weights(weighing('a', 1_000_001))}                       | ${'1000001'}
    ${'an own venue of two in five'}      | ${weights(weighing('a', 2, true))}                         | ${'own venues 2/5'}
    ${'two own venues of two in four'}    | ${weights(weighing('a', 1, true), weighing('b', 1, true))} | ${'own venues 2/4'}
    ${'nothing that is not an own venue'} | ${weights(...SOURCES.map((id) => weighing(id, 1, true)))}  | ${'own venues 4/4'}
  `('S08 refused is $row', ({ weights: stated, value }) => {
    const outcome = currencies().try({
      type: 'DefineIndex',
      ...{ base: 'BTC', quote: 'USD', tick: '0.01', sources: SOURCES, weights: stated as Weights },
      ...{ minimumSources: 1, maximumDeviation: '0.02', heartbeat: 60_000 },
    });
    expect(outcome).toMatchObject({ rejection: { code: 'VALUE_OUT_OF_RANGE', details: { value } } });
  });

  test('S08 a third of the whole is what an own venue may have', () => {
    const house = weighted([weighing('a', 3, true), weighing('b', 4)]);
    expect(house.state.indices.get('BTC/USD')?.index.weights).toEqual([
      weighing('a', 3, true),
      weighing('b', 4),
      weighing('c', 1),
      weighing('d', 1),
    ]);
  });

  test('PS-4 weights of 1 are no weights: a definition is the same with them and without', () => {
    expect(weighted([weighing('a', 1)]).state.indices).toEqual(weighted([]).state.indices);
    expect(weighted([]).state.indices.get('BTC/USD')?.index).not.toHaveProperty('weights');
  });
});

describe('S08 an own venue while others are silent', () => {
  test('S08 it has a third of what is left: the one that speaks decides against it; control: as any source it is half', () => {
    const own = weighted([weighing('a', 1, true)]);
    quotes(own, '65', '98');
    expect(indexOf(own)).toMatchObject({ price: '98.00', stale: false });
    const stranger = weighted([]);
    quotes(stranger, '65', '98');
    expect(indexOf(stranger).price).toBe('81.50');
  });

  test('S08 alone it makes no price at all; control: as any source it does', () => {
    const own = weighted([weighing('a', 1, true)]);
    quote(own, 'a', '65');
    expect(indexOf(own)).toMatchObject({ price: null, stale: true });
    const stranger = weighted([]);
    quote(stranger, 'a', '65');
    expect(indexOf(stranger)).toMatchObject({ price: '65.00', stale: false });
  });

  test('S08 own venues share their third by weight, and nothing of it is rounded', () => {
    const index = weighted([weighing('a', 2, true), weighing('b', 1, true), weighing('c', 5), weighing('d', 2)]);
    const terms = index.state.indices.get('BTC/USD')?.index;
    const said = (...sources: string[]) => sources.map((source) => ({ source, price: price(1n) }));
    const weightsOf = (...sources: string[]): bigint[] =>
      votesOf(terms as NonNullable<typeof terms>, said(...sources)).map(({ weight }) => weight);
    expect(weightsOf('a', 'b', 'c', 'd')).toEqual([2n, 1n, 5n, 2n]);
    // 2 + 1 beside 2: cut to 2/3 + 1/3 beside 2, in sixths.
    expect(weightsOf('a', 'b', 'd')).toEqual([4n, 2n, 12n]);
  });
});

/**
 * Ten million coins count 9 million at 1.00 less 10 %, against a maintenance margin of 8 million: at 0.975 there are
 * 8,775,000, at 0.65 5,850,000.
 */
describe('S08 collateral marked from the own book', () => {
  function coins(sources: string[], weights: Weights): TestHouse {
    const policy = classicPolicy({}, { closeOut: term('MAINTENANCE', '1') });
    const house = onePerpetual({ policy, tiers: flatTiers('0.0279', '0.025') });
    house.send({ type: 'DefineCurrency', currency: 'COIN', scale: 6 });
    defineIndex(house, {
      ...{ base: 'COIN', tick: '0.001', sources, weights, minimumSources: 1, maximumDeviation: '1' },
      heartbeat: 3_600_000,
    });
    house.send({
      type: 'SetCollateralTerms',
      currency: 'COIN',
      haircut: '0.1',
      conversionDiscount: '0',
      eligible: true,
    });
    for (const source of sources) quote(house, source, '1', null, 'COIN/USD');
    openAccount(house, 'maker', '1000000000');
    openAccount(house, 'bob');
    pay(house, 'bob', '10000000', 'COIN');
    // 6,400 x 50,000 x 2.5 % = 8,000,000.
    trade(house, 'bob', 'maker', '6400', '50000');
    return house;
  }
  const say = (house: TestHouse, quoted: Record<string, string>): void => {
    for (const [source, text] of Object.entries(quoted)) quote(house, source, text, null, 'COIN/USD');
  };

  test('S08 sources 0.65, 0.98, 0.97, 0.99 make 0.975, and nobody is liquidated', () => {
    const house = coins(['own', 'b', 'c', 'd'], [weighing('own', 1, true)]);
    say(house, { b: '0.98', c: '0.97', d: '0.99', own: '0.65' });
    expect(indexOf(house, 'COIN/USD')).toMatchObject({ price: '0.975', stale: false });
    expect(statusOf(house, 'bob')).toBe('WARNING');
  });

  test('S08 control: the own book alone liquidates', () => {
    const house = coins(['own'], []);
    say(house, { own: '0.65' });
    expect(statusOf(house, 'bob')).toBe('LIQUIDATING');
  });
});
