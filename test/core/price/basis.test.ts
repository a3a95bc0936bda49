/**
 * A mark made of the index and the damped basis of a venue, held within a band: what is shown counts by the time that
 * it stands.  Ruling 6; PS-4, PV-3, S21
 */

import type { CommandOf } from '../../../src/core/message/command';
import { basisAt, withBasis as shareOf } from '../../../src/core/price/basis';
import { classicPolicy, openAccount, trade } from '../../support/given';
import { createTestHouse, ofType, type TestHouse, typesOf } from '../../support/house';
import { statusOf } from '../../support/ladder';
import { defineIndex, defineOnIndex, MINUTE, markOf, quote, quotes } from '../../support/prices';

type Terms = Partial<CommandOf<'DefineInstrument'>>;
const HOUR = 60 * MINUTE;

/** An index of BTC that lives for an hour, and a contract whose mark is made of it and the basis of its venue. */
function withBasis(fields: Terms = {}, price = '50000'): TestHouse {
  const house = createTestHouse();
  house.send({ type: 'DefineCurrency', currency: 'USD', scale: 2 });
  house.send({ type: 'DefineCurrency', currency: 'BTC', scale: 8 });
  defineIndex(house, { heartbeat: HOUR });
  defineOnIndex(house, {
    ...{ markMethod: 'BASIS', markBand: '0.05', heartbeat: HOUR },
    basis: { of: 'VENUE', window: MINUTE, heartbeat: HOUR },
    ...fields,
  });
  quotes(house, price, price, price);
  return house;
}

const show = (house: TestHouse, price: string, observedAt: number | null = null) =>
  house.send({
    type: 'SubmitMarkPrices',
    source: 'venue',
    prices: [{ instrument: 'BTC-PERP', price, bid: null, ask: null, observedAt }],
  });
const showImpact = (house: TestHouse, bid: string, ask: string) =>
  house.send({
    type: 'SubmitImpactPrices',
    source: 'venue',
    prices: [{ instrument: 'BTC-PERP', bid, ask, observedAt: null }],
  });
const say = (house: TestHouse, price: string) => quote(house, 'a', price);
const priceOf = (house: TestHouse): string | undefined => markOf(house)?.price;

test('Ruling 6 a mark is the index with the basis: what is shown counts for nothing at once, for half after its window', () => {
  const house = withBasis();
  expect(priceOf(house)).toBe('50000.0');
  const [observed] = ofType(show(house, '50500'), 'BasisObserved');
  expect(observed).toMatchObject({ source: 'venue', basis: { damped: 0n, seen: 10_000_000_000n } });
  expect(priceOf(house)).toBe('50000.0');
  // 1 % x 60 / (60 + 60).
  house.pass('1m');
  say(house, '50000');
  expect(priceOf(house)).toBe('50250.0');
  // What was half there goes on: 0.5 % + 0.5 % x 180 / 240.
  show(house, '50500');
  house.pass('3m');
  say(house, '50000');
  expect(priceOf(house)).toBe('50437.5');
  expect(house.state.listings.get('BTC-PERP')?.mark).toMatchObject({ source: 'basis', stale: false });
});

test('Ruling 6 the basis is a share: a mark moves with its index at once', () => {
  const house = withBasis();
  show(house, '50500');
  house.pass('1m');
  for (const source of ['a', 'b', 'c']) quote(house, source, '40000');
  expect(priceOf(house)).toBe('40200.0');
});

test('Ruling 6 it does not depend on how often the index speaks', () => {
  const [often, once] = [withBasis(), withBasis()];
  for (const house of [often, once]) show(house, '50500');
  for (let i = 0; i < 59; i++) {
    often.pass('1s');
    say(often, '50000');
  }
  often.pass('1s');
  once.pass('1m');
  for (const house of [often, once]) say(house, '50000');
  expect([priceOf(often), priceOf(once)]).toEqual(['50250.0', '50250.0']);
});

test('Ruling 6 a step too small for a rate is not lost, however often the venue speaks', () => {
  const house = withBasis({ basis: { of: 'VENUE', window: 86_400_000, heartbeat: HOUR } });
  show(house, '50000.1');
  for (let i = 0; i < 200; i++) {
    house.pass('0.001s');
    show(house, '50000.1');
  }
  const listing = house.state.listings.get('BTC-PERP');
  // 0.000002 x (1 - (86,400,000 / 86,400,001)^200): of a rate of twelve digits a step would be 0.00000002 of a unit.
  const damped = basisAt(listing as NonNullable<typeof listing>, house.now);
  const moved = shareOf(10n ** 18n, 1n, damped) - 10n ** 18n;
  expect(moved).toBeGreaterThan(4_629_000n);
  expect(moved).toBeLessThan(4_630_000n);
});

describe('S21 a last price of 0.001 for three seconds while the index says 3.95', () => {
  function thin(fields: Terms): TestHouse {
    const house = withBasis({ tick: '0.001', lot: '1', multiplier: '10', ...fields }, '3.95');
    house.send(classicPolicy());
    house.send({ type: 'AdmitMember', member: 'broker', name: 'A broker' });
    openAccount(house, 'maker', '100000000');
    openAccount(house, 'long', '5000');
    if (fields.markMethod === 'VENUE') show(house, '3.95');
    trade(house, 'long', 'maker', '1000', '3.95');
    return house;
  }

  test('S21 it counts 3 parts in 63 of the band: nobody is liquidated', () => {
    const house = thin({});
    const events = [...show(house, '0.001'), ...house.pass('3s'), ...show(house, '3.95')];
    // 3.95 x (1 - 0.05 x 3/63) = 3.940595...
    expect(priceOf(house)).toBe('3.941');
    expect(typesOf(events)).not.toContain('LiquidationStarted');
    expect(statusOf(house, 'long')).toBe('HEALTHY');
  });

  test('S21 control: a venue that is believed at once liquidates the long', () => {
    const house = thin({ markMethod: 'VENUE', markBand: null, basis: null });
    expect(typesOf(show(house, '0.001'))).toContain('LiquidationStarted');
  });

  test('S21 a wick that stays is followed no further than the band', () => {
    const house = thin({});
    for (let i = 0; i < 30; i++) {
      house.pass('1m');
      show(house, '0.001');
    }
    expect(priceOf(house)).toBe('3.753');
    expect(house.state.listings.get('BTC-PERP')?.basis?.seen).toBe(-50_000_000_000n);
  });
});

test('S21 the border of the band rounds inwards', () => {
  const house = withBasis({
    tick: '100',
    lot: '0.1',
    markBand: '0.0153',
    basis: { of: 'VENUE', window: 1000, heartbeat: HOUR },
  });
  show(house, '60000');
  house.pass('59m');
  // 50,000 x 1.0153 = 50,765: the nearest tick lies beyond it.
  expect(ofType(show(house, '60000'), 'MarkPriceSet')).toMatchObject([{ price: 507n, clamped: true }]);
});

describe('a venue that falls silent', () => {
  test('PV-3 it counts as one that trades at the index from its heartbeat on, and the mark lives on', () => {
    const house = withBasis({ basis: { of: 'VENUE', window: MINUTE, heartbeat: MINUTE } });
    show(house, '50500');
    house.pass('1m');
    say(house, '50000');
    expect(priceOf(house)).toBe('50250.0');
    house.pass('1m');
    say(house, '50000');
    expect(markOf(house)).toMatchObject({ price: '50125.0', stale: false });
  });

  test('PV-3 its heartbeat counts from the observation', () => {
    const house = withBasis({ basis: { of: 'VENUE', window: MINUTE, heartbeat: MINUTE } });
    show(house, '50500', house.now - 30_000);
    house.pass('30s');
    // 1 % x 30 / 90, and nothing more from here on: x 60 / 90.
    say(house, '50000');
    expect(priceOf(house)).toBe('50166.7');
    house.pass('30s');
    say(house, '50000');
    expect(priceOf(house)).toBe('50111.1');
  });

  test('PV-3 an index that falls silent makes the mark stale, and its venue is not believed alone', () => {
    const house = withBasis();
    house.pass('1h');
    expect(markOf(house)).toMatchObject({ price: '50000.0', stale: true });
    const alone = house.try({
      type: 'SubmitMarkPrices',
      source: 'venue',
      prices: [{ instrument: 'BTC-PERP', price: '50500', bid: null, ask: null, observedAt: null }],
    });
    expect(alone).toMatchObject({ rejection: { code: 'PRICE_STALE' } });
  });

  test('FC-2 an observation older than the one before is refused, whatever the index has said since', () => {
    const house = withBasis();
    show(house, '50500');
    house.pass('1m');
    say(house, '50000');
    show(house, '50400', house.now - 1);
    const late = house.try({
      type: 'SubmitMarkPrices',
      source: 'venue',
      prices: [{ instrument: 'BTC-PERP', price: '50500', bid: null, ask: null, observedAt: house.now - 2 }],
    });
    expect(late).toMatchObject({ rejection: { code: 'PRICE_TOO_OLD' } });
  });
});

describe('a basis of impact prices', () => {
  const impact = (fields: Terms = {}) =>
    withBasis({ basis: { of: 'IMPACT', window: MINUTE, heartbeat: HOUR }, ...fields });

  test('Ruling 6 it is the middle of bid and ask, half a tick too', () => {
    const house = impact();
    expect(typesOf(showImpact(house, '50500', '50500.1'))).toEqual([
      'ImpactPricesSet',
      'BasisObserved',
      'MarkPriceSet',
    ]);
    expect(house.state.listings.get('BTC-PERP')?.basis?.seen).toBe(10_001_000_000n);
    house.pass('1m');
    say(house, '50000');
    expect(priceOf(house)).toBe('50250.0');
  });

  test('PV-3 what a venue says its mark is counts for nothing there', () => {
    const outcome = impact().try({
      type: 'SubmitMarkPrices',
      source: 'venue',
      prices: [{ instrument: 'BTC-PERP', price: '50500', bid: null, ask: null, observedAt: null }],
    });
    expect(outcome).toMatchObject({ rejection: { code: 'INSTRUMENT_NOT_TRADING' } });
  });

  test('PV-3 beside a stale index there is no basis to be seen', () => {
    const house = impact();
    house.pass('1h');
    expect(typesOf(showImpact(house, '50500', '50500.1'))).toEqual(['ImpactPricesSet']);
    expect(house.state.listings.get('BTC-PERP')).not.toHaveProperty('basis');
  });
});

describe('terms that are refused', () => {
  const terms = { of: 'VENUE', window: MINUTE, heartbeat: MINUTE } as const;
  test.each`
    row                                  | fields                                         | details
    ${'a basis without an index'}        | ${{ index: null, basis: terms }}               | ${{ index: '' }}
    ${'no basis where a mark needs one'} | ${{ basis: null }}                             | ${{ field: 'basis' }}
    ${'a basis where none is needed'}    | ${{ markMethod: 'INDEX', basis: terms }}       | ${{ field: 'basis' }}
    ${'a basis without a band'}          | ${{ markBand: null, basis: terms }}            | ${{ field: 'markBand' }}
    ${'a window under a second'}         | ${{ basis: { ...terms, window: 999 } }}        | ${{ field: 'window' }}
    ${'a window over a day'}             | ${{ basis: { ...terms, window: 86_400_001 } }} | ${{ field: 'window' }}
    ${'no heartbeat'}                    | ${{ basis: { ...terms, heartbeat: 0 } }}       | ${{ field: 'heartbeat' }}
  `('PS-4 $row', ({ fields, details }) => {
    const house = createTestHouse();
    house.send({ type: 'DefineCurrency', currency: 'USD', scale: 2 });
    house.send({ type: 'DefineCurrency', currency: 'BTC', scale: 8 });
    defineIndex(house);
    const outcome = house.try({
      type: 'DefineInstrument',
      ...{ instrument: 'X', kind: 'PERPETUAL', base: 'BTC', quote: 'USD', settlement: 'USD' },
      ...{ tick: '0.1', lot: '0.1', multiplier: '1', index: 'BTC/USD', markMethod: 'BASIS', markBand: '0.05' },
      ...{ priceBand: null, heartbeat: MINUTE, allowsNonPositivePrice: false, expiry: null },
      ...{ variationInterval: null, makerFee: '0', takerFee: '0' },
      ...(fields as Terms),
    } as CommandOf<'DefineInstrument'>);
    expect(outcome).toMatchObject({ rejection: { details } });
  });
});
