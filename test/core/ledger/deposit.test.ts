/** Money coming in, and the double entry everything goes through.  B1-3, B3-3, X-1 */

import { audit } from '../../../src/core/engine/audit';
import { createState } from '../../../src/core/engine/genesis';
import { balanceOf, ledgerSums, onTransfers } from '../../../src/core/ledger/transfers';
import { eventsOf } from '../../../src/core/message/envelope';
import { transfersOf } from '../../../src/core/message/event';
import { InvariantViolation } from '../../../src/units/failure';
import { cash } from '../../../src/units/quantity';
import { mark, onePerpetual, openAccount, pay, trade } from '../../support/given';
import { ofType, type TestHouse } from '../../support/house';
import { broker, leveragedHouse, statusOf, usd } from '../../support/ladder';
import { defineIndex } from '../../support/prices';

describe('deposits', () => {
  test('X-1 a deposit is one transfer from outside to the account', () => {
    const house = onePerpetual();
    openAccount(house, 'alice');
    expect(pay(house, 'alice', '12.34')).toEqual([
      {
        type: 'CollateralDeposited',
        account: 'alice',
        currency: 'USD',
        amount: usd('12.34'),
        transfers: [
          { from: 'external', to: 'account/alice', currency: 'USD', amount: usd('12.34'), reason: 'DEPOSIT' },
        ],
      },
    ]);
    expect(house.state.ledger.get('external USD')).toBe(usd('-12.34'));
  });

  test('B1-3 deposits stay open in every state: called, in liquidation, halted, stale, closed', () => {
    const house = leveragedHouse();
    mark(house, '48600');
    pay(house, 'alice', '0.01');
    mark(house, '48305');
    expect(statusOf(house)).toBe('LIQUIDATING');
    pay(house, 'alice', '0.01');
    house.send({ type: 'SetInstrumentStatus', instrument: 'BTC-PERP', status: 'HALTED', reason: 'a test' });
    pay(house, 'alice', '0.01');
    expect(house.balance('alice')).toBe('25000.03');
    const stale = leveragedHouse();
    stale.pass('8d');
    pay(stale, 'alice', '0.01');
    const closed = leveragedHouse();
    mark(closed, '47000');
    expect(statusOf(closed)).toBe('CLOSED');
    pay(closed, 'alice', '0.01');
    expect([statusOf(closed), closed.balance('alice')]).toEqual(['HEALTHY', '0.01']);
  });

  const house = onePerpetual();
  defineIndex(house, { base: 'BTC', sources: ['a'], minimumSources: 1 });
  house.send({ type: 'SetCollateralTerms', currency: 'BTC', haircut: '0.1', conversionDiscount: '0', eligible: false });
  house.send({ type: 'DefineCurrency', currency: 'GLD', scale: 4 });
  house.send({ type: 'SetCollateralTerms', currency: 'GLD', haircut: '0.1', conversionDiscount: '0', eligible: true });
  openAccount(house, 'alice');

  test.each`
    row                             | account            | currency | amount            | by                    | code
    ${'no account'}                 | ${'nobody'}        | ${'X'}   | ${'-0.001'}       | ${undefined}          | ${'ACCOUNT_NOT_FOUND'}
    ${'an account of another'}      | ${'alice'}         | ${'X'}   | ${'-0.001'}       | ${broker('stranger')} | ${'ACCOUNT_NOT_FOUND'}
    ${'the house itself'}           | ${'close-out:USD'} | ${'X'}   | ${'-0.001'}       | ${undefined}          | ${'ACCOUNT_NOT_FOUND'}
    ${'no currency'}                | ${'alice'}         | ${'X'}   | ${'-0.001'}       | ${undefined}          | ${'CURRENCY_NOT_FOUND'}
    ${'more digits than its unit'}  | ${'alice'}         | ${'BTC'} | ${'-0.000000001'} | ${undefined}          | ${'TOO_MANY_DIGITS'}
    ${'below zero'}                 | ${'alice'}         | ${'BTC'} | ${'-1'}           | ${undefined}          | ${'AMOUNT_NOT_POSITIVE'}
    ${'zero'}                       | ${'alice'}         | ${'BTC'} | ${'0'}            | ${undefined}          | ${'AMOUNT_NOT_POSITIVE'}
    ${'not accepted'}               | ${'alice'}         | ${'BTC'} | ${'1'}            | ${undefined}          | ${'COLLATERAL_NOT_ELIGIBLE'}
    ${'accepted, but never priced'} | ${'alice'}         | ${'GLD'} | ${'1'}            | ${undefined}          | ${'COLLATERAL_NOT_ELIGIBLE'}
  `('B1-3 refused, each row breaking every later rule too: $row', ({ account, currency, amount, by, code }) => {
    expect(house.refusal({ type: 'DepositCollateral', account, currency, amount }, by)).toBe(code);
  });

  test('X-2 a decimal that is none is no input at all', () => {
    for (const text of ['1e2', '+1', ' 1', '1.', '.5', '0x10', '1,5', '', 'NaN', '٣'])
      expect(() => pay(house, 'alice', text)).toThrow('Not a decimal');
  });
});

describe("the house's own funds", () => {
  test('X-1 capital comes from outside, the fund from outside or out of capital', () => {
    const house = onePerpetual();
    house.send({ type: 'ContributeHouseCapital', currency: 'USD', amount: '100' });
    house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: '30', source: 'HOUSE_CAPITAL' });
    house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: '5', source: 'EXTERNAL' });
    expect(
      ['house-capital', 'insurance-fund', 'external'].map((name) => house.state.ledger.get(`${name} USD`)),
    ).toEqual([usd('70.00'), usd('35.00'), usd('-105.00')]);
  });

  test.each`
    row                         | currency | amount      | code
    ${'no currency'}            | ${'X'}   | ${'-0.001'} | ${'CURRENCY_NOT_FOUND'}
    ${'more digits than cents'} | ${'USD'} | ${'-0.001'} | ${'TOO_MANY_DIGITS'}
    ${'below zero'}             | ${'USD'} | ${'-0.01'}  | ${'AMOUNT_NOT_POSITIVE'}
    ${'more than the capital'}  | ${'USD'} | ${'0.01'}   | ${'INSUFFICIENT_FUNDS'}
  `('X-1 refused, each row breaking every later rule too: $row', ({ currency, amount, code }) => {
    const house = onePerpetual();
    expect(house.refusal({ type: 'ContributeToInsuranceFund', currency, amount, source: 'HOUSE_CAPITAL' })).toBe(code);
    if (code !== 'INSUFFICIENT_FUNDS')
      expect(house.refusal({ type: 'ContributeHouseCapital', currency, amount })).toBe(code);
  });
});

describe('the ledger', () => {
  test('X-1 every currency sums to zero, whatever was moved; what came in less what went out is what is there', () => {
    const house = leveragedHouse({ takerFee: '0.0005' });
    house.send({ type: 'ContributeHouseCapital', currency: 'BTC', amount: '3' });
    trade(house, 'maker', 'alice', '2', '50010');
    mark(house, '48305');
    house.pass('10m');
    for (const sum of ledgerSums(house.state).values()) expect(sum).toBe(0n);
    const inside = (currency: string): bigint =>
      [...house.state.ledger]
        .filter(([name]) => name.endsWith(` ${currency}`) && !name.startsWith('external'))
        .reduce((sum, [, amount]) => sum + amount, 0n) +
      [...house.state.book.accountIds()].reduce((sum, id) => sum + house.state.book.balance(id, currency), 0n);
    expect([inside('USD'), inside('BTC')]).toEqual([usd('100025000.00'), 300_000_000n]);
  });

  test("X-1 the journal's transfers, added up from nothing, are the balances", () => {
    const house: TestHouse = leveragedHouse({ takerFee: '0.0005', interval: 60_000 });
    for (const price of ['49900', '48700', '48300', '48000']) {
      mark(house, price);
      house.pass('45s');
    }
    const sums = new Map<string, bigint>();
    for (const { from, to, currency, amount } of house.entries.flatMap((entry) =>
      eventsOf(entry.outcome).flatMap(transfersOf),
    )) {
      sums.set(`${from} ${currency}`, (sums.get(`${from} ${currency}`) ?? 0n) - amount);
      sums.set(`${to} ${currency}`, (sums.get(`${to} ${currency}`) ?? 0n) + amount);
    }
    expect(
      ofType(
        house.entries.flatMap((entry) => eventsOf(entry.outcome)),
        'VariationSettled',
      ).length,
    ).toBeGreaterThan(2);
    for (const [key, sum] of sums) {
      const [name = '', currency = ''] = key.split(' ');
      expect([key, balanceOf(house.state, name as 'external', currency)]).toEqual([key, sum]);
    }
  });

  test.each`
    row                    | from          | to              | amount
    ${'nothing'}           | ${'external'} | ${'house-fees'} | ${0n}
    ${'less than nothing'} | ${'external'} | ${'house-fees'} | ${-1n}
    ${'to itself'}         | ${'external'} | ${'external'}   | ${1n}
  `('X-1 a transfer of $row stops the house', ({ from, to, amount }) => {
    expect(() => onTransfers(createState(), [{ from, to, currency: 'USD', amount, reason: 'TRANSFER' }])).toThrow(
      InvariantViolation,
    );
  });

  test('X-1 the audit finds a unit that came from nowhere, a position without its other side, a fund below zero', () => {
    const invented = leveragedHouse();
    invented.state.book.addBalance('alice', 'USD', cash(1n));
    expect(() => audit(invented.state)).toThrow('does not sum to zero');
    const lopsided = leveragedHouse();
    const position = lopsided.state.book.position('alice', 'BTC-PERP');
    if (position)
      lopsided.state.book.setPosition('alice', 'BTC-PERP', {
        ...position,
        size: (position.size + 1n) as typeof position.size,
      });
    expect(() => audit(lopsided.state)).toThrow('net position');
    const costly = leveragedHouse();
    if (position) costly.state.book.setPosition('alice', 'BTC-PERP', { ...position, cost: cash(position.cost + 1n) });
    expect(() => audit(costly.state)).toThrow('Variation control');
    const empty = leveragedHouse();
    onTransfers(empty.state, [
      { from: 'insurance-fund', to: 'external', currency: 'USD', amount: cash(1n), reason: 'WITHDRAWAL' },
    ]);
    expect(() => audit(empty.state)).toThrow('below zero');
    const stray = leveragedHouse();
    stray.state.book.setState('alice', { ...stray.state.book.stateOf('alice'), status: 'CALL' });
    expect(() => audit(stray.state)).toThrow('An account in CALL has an open call');
  });
});
