/**
 * Three disasters of price, each with a control: the same story with the protecting rule off repeats the loss.  S12,
 * S14, S21
 */

import { eventsOf } from '../../../src/core/message/envelope';
import { classicPolicy, mark, onePerpetual, openAccount, pay, trade } from '../../support/given';
import { createTestHouse, ofType, type TestHouse } from '../../support/house';
import { statusOf } from '../../support/ladder';
import { defineIndex, defineOnIndex, indexOf, MINUTE, markOf, quote } from '../../support/prices';

const liquidationsOf = (house: TestHouse): number =>
  house.entries.flatMap((entry) => ofType(eventsOf(entry.outcome), 'LiquidationStarted')).length;

describe('S12 one of seven feeds of an index breaks', () => {
  /** Seven sources, a contract marked at their index, and a long that a fall to 7,843 would ruin. */
  function seven(maximumDeviation: string, minimumSources = 3): TestHouse {
    const house = createTestHouse();
    house.send({ type: 'DefineCurrency', currency: 'USD', scale: 2 });
    house.send({ type: 'DefineCurrency', currency: 'BTC', scale: 8 });
    house.send(classicPolicy());
    defineIndex(house, { maximumDeviation, minimumSources, heartbeat: MINUTE });
    defineOnIndex(house, { markMethod: 'INDEX', markBand: null, heartbeat: MINUTE });
    house.send({ type: 'AdmitMember', member: 'broker', name: 'A broker' });
    ['9150', '9152', '9148', '9151', '9149', '9150', '9150'].forEach((price, i) => {
      quote(house, 'abcdefg'.charAt(i), price);
    });
    openAccount(house, 'maker', '100000000');
    openAccount(house, 'long', '5000');
    trade(house, 'long', 'maker', '10', '9150');
    return house;
  }

  test('S12 the median stays at 9,150, the broken source is quarantined, nobody is liquidated', () => {
    const house = seven('0.02');
    quote(house, 'g', '1');
    expect(indexOf(house)).toEqual({ price: '9150.00', stale: false, quarantined: ['g'] });
    expect([liquidationsOf(house), statusOf(house, 'long')]).toEqual([0, 'HEALTHY']);
  });

  test('S12 control: the mean of the seven is 7,843, and at that price the long is liquidated', () => {
    const feeds = [9150n, 9152n, 9148n, 9151n, 9149n, 9150n, 1n];
    const mean = feeds.reduce((sum, price) => sum + price) / 7n;
    expect(mean).toBe(7843n);
    const house = seven('0.02', 1);
    for (const source of 'abcdefg') quote(house, source, String(mean));
    expect(liquidationsOf(house)).toBe(1);
  });

  test('S12 with fewer than three live sources the price is paused', () => {
    const house = seven('0.02');
    house.pass('59s');
    quote(house, 'a', '9150');
    quote(house, 'b', '9152');
    house.pass('1s');
    expect(indexOf(house).stale).toBe(true);
    expect(markOf(house)).toMatchObject({ stale: true });
    expect(() => trade(house, 'maker', 'long', '20', '9150')).toThrow('PRICE_STALE');
  });
});

describe('S14 a feed frozen at its floor while the market has gone', () => {
  /** Bob borrows buying power on 1,000,000 of a coin last seen at 0.107. */
  function coin(sources: string[], minimumSources: number): TestHouse {
    const house = onePerpetual();
    house.send({ type: 'DefineCurrency', currency: 'LUNA', scale: 6 });
    defineIndex(house, {
      base: 'LUNA',
      tick: '0.001',
      sources,
      minimumSources,
      maximumDeviation: '1',
      heartbeat: MINUTE,
    });
    house.send({ type: 'SetCollateralTerms', currency: 'LUNA', haircut: '0', conversionDiscount: '0', eligible: true });
    openAccount(house, 'maker', '100000000');
    openAccount(house, 'bob');
    pay(house, 'bob', '1000000', 'LUNA');
    return house;
  }
  const price = (house: TestHouse, source: string, text: string) => quote(house, source, text, null, 'LUNA/USD');

  test('S14 two others at 0.010 outvote it: the coins carry no risk they cannot', () => {
    const house = coin(['chain', 'x', 'y'], 2);
    price(house, 'chain', '0.107');
    price(house, 'x', '0.010');
    price(house, 'y', '0.010');
    expect(indexOf(house, 'LUNA/USD').price).toBe('0.010');
    expect(() => trade(house, 'bob', 'maker', '10', '50000')).toThrow('INSUFFICIENT_INITIAL_MARGIN');
  });

  test('S14 control: the frozen feed alone lets him take ten times what the coins are worth', () => {
    const house = coin(['chain'], 1);
    price(house, 'chain', '0.107');
    trade(house, 'bob', 'maker', '40', '50000');
    expect(statusOf(house, 'bob')).toBe('HEALTHY');
  });

  test('S14 a single feed silent for sixty seconds is stale: no new position on it, no withdrawal, no liquidation', () => {
    const house = coin(['chain'], 1);
    price(house, 'chain', '0.107');
    trade(house, 'bob', 'maker', '20', '50000');
    house.pass('60s');
    expect(indexOf(house, 'LUNA/USD')).toMatchObject({ stale: true, price: '0.107' });
    expect(() => trade(house, 'bob', 'maker', '0.1', '50000')).toThrow('INSUFFICIENT_INITIAL_MARGIN');
    expect(house.refusal({ type: 'WithdrawCollateral', account: 'bob', currency: 'LUNA', amount: '0.000001' })).toBe(
      'COLLATERAL_ENCUMBERED',
    );
    expect([liquidationsOf(house), statusOf(house, 'bob')]).toEqual([0, 'HEALTHY']);
  });
});

describe('S21 a wick: last trade 0.001, index 3.95', () => {
  /** A long at 3.95 with a tenth of its value; the venue's mark is held within `markBand` of the index. */
  function wick(markBand: string | null): TestHouse {
    const house = createTestHouse();
    house.send({ type: 'DefineCurrency', currency: 'USD', scale: 6 });
    house.send({ type: 'DefineCurrency', currency: 'ATOM', scale: 6 });
    house.send(classicPolicy());
    defineIndex(house, { base: 'ATOM', tick: '0.001', minimumSources: 3, heartbeat: 10 * MINUTE });
    defineOnIndex(house, {
      instrument: 'ATOM-PERP',
      base: 'ATOM',
      index: 'ATOM/USD',
      tick: '0.001',
      lot: '1',
      markBand,
    });
    for (const source of 'abc') quote(house, source, '3.95', null, 'ATOM/USD');
    mark(house, '3.95', 'ATOM-PERP');
    house.send({ type: 'AdmitMember', member: 'broker', name: 'A broker' });
    openAccount(house, 'maker', '100000000');
    openAccount(house, 'long', '395');
    trade(house, 'long', 'maker', '1000', '3.95', 'ATOM-PERP');
    mark(house, '0.001', 'ATOM-PERP');
    house.pass('3s');
    mark(house, '3.95', 'ATOM-PERP');
    return house;
  }

  test('S21 held to the index the print liquidates nobody', () => {
    const house = wick('0.05');
    expect([liquidationsOf(house), statusOf(house, 'long')]).toEqual([0, 'HEALTHY']);
  });

  test('S21 control: taken as it came it ruins the long', () => {
    const house = wick(null);
    expect(liquidationsOf(house)).toBe(1);
    expect(statusOf(house, 'long')).toBe('CLOSED');
  });

  test('S21 nor does it once the index itself has gone silent', () => {
    const house = wick('0.05');
    house.pass('10m');
    expect(() => mark(house, '0.001', 'ATOM-PERP')).toThrow('PRICE_STALE');
    expect(liquidationsOf(house)).toBe(0);
  });
});
