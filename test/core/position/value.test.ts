/** Positions: what they are worth, and what a fill leaves of them.  PV-1, PV-2, QC-2, NE-3 */

import fc from 'fast-check';
import { EMPTY_POSITION } from '../../../src/core/book/exposure';
import { healthOf } from '../../../src/core/margin/health';
import type { Instrument } from '../../../src/core/model/reference';
import { fill, notionalOf, unrealisedOf, valueAt, worthAt } from '../../../src/core/position/value';
import { cash, marginOf, price, size } from '../../../src/units/quantity';
import { mark, onePerpetual, openAccount, trade } from '../../support/given';
import { leveragedHouse, usd } from '../../support/ladder';

const instrument = (tickValue: bigint): Instrument => {
  const listing = onePerpetual().state.listings.get('BTC-PERP');
  if (!listing) throw new Error('No listing');
  return { ...listing.instrument, tickValue: cash(tickValue) };
};

test('QC-2 linear: a gain is size x price move x multiplier, in the quote currency', () => {
  const house = onePerpetual();
  openAccount(house, 'alice', '100000');
  openAccount(house, 'bob', '100000');
  trade(house, 'alice', 'bob', '2.5', '50000');
  mark(house, '50123.4');
  expect([healthOf(house.state, 'alice').unrealised, healthOf(house.state, 'bob').unrealised]).toEqual([
    usd('308.50'),
    usd('-308.50'),
  ]);
});

test('PV-1 value carries the sign of the position, notional none; also below zero', () => {
  const of = instrument(3n);
  expect([valueAt(of, size(-4n), price(10n)), notionalOf(of, size(-4n), price(10n))]).toEqual([-120n, 120n]);
  expect([valueAt(of, size(4n), price(-10n)), notionalOf(of, size(4n), price(-10n))]).toEqual([-120n, 120n]);
});

describe('PV-2 money between two marks', () => {
  test('PV-2 the change of equity between two marks is the change of the gain, exactly', () => {
    const house = leveragedHouse();
    const at = (text: string) => {
      mark(house, text);
      const { equity, unrealised } = healthOf(house.state, 'alice');
      return [equity, unrealised] as const;
    };
    const [[e1, u1], [e2, u2]] = [at('49999.9'), at('49321.7')];
    expect(e2 - e1).toBe(u2 - u1);
    expect(u2 - u1).toBe(usd('-6782.00'));
  });

  test('PV-2 closing at the mark realises exactly what was shown, less the fee', () => {
    const house = leveragedHouse({ takerFee: '0.0005' });
    mark(house, '49321.7');
    const { unrealised, cash: before } = healthOf(house.state, 'alice');
    house.send({
      type: 'SubmitTrade',
      trade: 'close',
      instrument: 'BTC-PERP',
      buyer: 'maker',
      seller: 'alice',
      price: '49321.7',
      size: '10',
      taker: 'SELL',
      buyOrder: null,
      sellOrder: null,
    });
    // 493,217.00 x 0.0005 is 246.6085: the fee rounds up.
    expect(house.state.book.balance('alice', 'USD')).toBe(before + unrealised - usd('246.61'));
  });

  test('PV-2 settling variation margin changes no equity, only what is cash of it', () => {
    const house = leveragedHouse({ interval: null });
    const before = healthOf(house.state, 'alice');
    mark(house, '49500');
    const after = healthOf(house.state, 'alice');
    expect([after.cash, after.unrealised]).toEqual([usd('20000.00'), 0n]);
    expect(after.equity - before.equity).toBe(usd('-5000.00'));
  });
});

describe('NE-3 average cost', () => {
  test('NE-3 what is added averages, what is closed realises against the average', () => {
    const of = instrument(1n);
    const first = fill(of, EMPTY_POSITION, size(10n), worthAt(of, size(10n), price(100n))).position;
    const second = fill(of, first, size(30n), worthAt(of, size(30n), price(120n)));
    expect([second.position.size, second.position.cost, second.realised]).toEqual([40n, 4600n, 0n]);
    const closed = fill(of, second.position, size(-10n), worthAt(of, size(-10n), price(125n)));
    // Average 115: ten closed at 125 gain 100.
    expect([closed.position.size, closed.position.cost, closed.realised, closed.position.gain]).toEqual([
      30n,
      3450n,
      100n,
      100n,
    ]);
  });

  test('NE-3 a fill through zero closes the old whole and opens the rest at its own price', () => {
    const of = instrument(1n);
    const long = fill(of, EMPTY_POSITION, size(10n), marginOf(cash(1000n))).position;
    const turned = fill(of, long, size(-25n), worthAt(of, size(-25n), price(90n)));
    expect([turned.position.size, turned.position.cost, turned.realised]).toEqual([-15n, -1350n, -100n]);
  });

  test('NE-3 PV-2 over any fills no unit is lost: realised and unrealised are what was paid against the mark', () => {
    const lots = fc.integer({ min: -50, max: 50 }).filter((n) => n !== 0);
    const fills = fc.array(fc.record({ lots, price: fc.integer({ min: -500, max: 500 }) }), { maxLength: 20 });
    fc.assert(
      fc.property(fills, fc.integer({ min: -500, max: 500 }), fc.bigInt({ min: 1n, max: 7n }), (all, at, tickValue) => {
        const of = instrument(tickValue);
        let position = EMPTY_POSITION;
        let [realised, paid, held] = [0n, 0n, 0n];
        for (const { lots: n, price: p } of all) {
          const value = valueAt(of, size(BigInt(n)), price(BigInt(p)));
          const filled = fill(of, position, size(BigInt(n)), marginOf(value));
          position = filled.position;
          realised += filled.realised;
          paid += value;
          held += BigInt(n);
        }
        expect(position.size).toBe(held);
        expect(realised + unrealisedOf(of, position, price(BigInt(at)))).toBe(
          valueAt(of, size(held), price(BigInt(at))) - paid,
        );
        expect(position.gain).toBe(realised);
        if (held === 0n) expect(position.cost).toBe(0n);
      }),
    );
  });
});
