import { healthOf } from '../../../src/core/margin/health';
import type { Event } from '../../../src/core/message/event';
import type { Actor } from '../../../src/core/model/actor';
import type { WhatIf } from '../../../src/core/trial/question';
import { carriedOut, said } from '../../support/carriedOut';
import { classicPolicy, onePerpetual, openAccount, pay, term, trade } from '../../support/given';
import type { TestHouse } from '../../support/house';
import { whatIf } from '../../support/whatIf';
import { livedWorlds, type World } from '../../support/world';

describe('RMR-4 what cannot be asked', () => {
  test('is refused with the reason the live command has, and its place', () => {
    const [world] = livedWorlds(1, 1500) as [World];
    const { state } = world.house;
    const refused = (question: WhatIf) => whatIf(state, question).refused;
    const trades = [{ instrument: 'BTC-PERP', side: 'BUY' as const, size: '1', price: null }];
    const code = (question: WhatIf) => refused(question)?.rejection.code;
    expect(code({ account: 'c0', trades: [{ instrument: 'X', side: 'BUY', size: '1', price: null }] })).toBe(
      'INSTRUMENT_NOT_FOUND',
    );
    expect(
      refused({
        account: 'c0',
        trades: [...trades, { instrument: 'BTC-PERP', side: 'BUY', size: '0.05', price: null }],
      }),
    ).toMatchObject({
      place: ['trades', '1'],
      rejection: { code: 'SIZE_OFF_LOT' },
      command: { type: 'SubmitTrade', size: '0.05' },
    });
    expect(code({ account: 'c0', payments: [{ currency: 'XYZ', amount: '1' }] })).toBe('CURRENCY_NOT_FOUND');
    expect(code({ account: 'c0', payments: [{ currency: 'USD', amount: '0' }] })).toBe('AMOUNT_NOT_POSITIVE');
    expect(code({ account: 'c0', shock: '-1.1' })).toBe('VALUE_OUT_OF_RANGE');
    expect(code({ account: 'c0', prices: [{ instrument: 'BTC-PERP', price: '0.05' }] })).toBe('PRICE_OFF_TICK');
    world.house.send({
      type: 'OpenAccount',
      account: 'iso',
      member: 'broker',
      owner: 'iso',
      kind: 'CLIENT',
      currency: 'USD',
      policy: 'classic',
      ...{ mode: 'ISOLATED', instrument: 'ETH-PERP' },
    });
    expect(code({ account: 'iso', trades })).toBe('ACCOUNT_ISOLATED');
  });

  test('X-5 an account out of sight is as one that is not there, also as the other side', () => {
    const house = onePerpetual();
    house.send({ type: 'AdmitMember', member: 'another', name: 'Another' });
    openAccount(house, 'mine', '100000');
    openAccount(house, 'foreign', '100000', { member: 'another' });
    const actor: Actor = { id: 'k', role: 'BROKER', member: 'broker' };
    const ask = (question: WhatIf) => () => whatIf(house.state, question, actor);
    const trades = [{ instrument: 'BTC-PERP', side: 'BUY' as const, size: '1', price: null, counterparty: 'foreign' }];
    expect(ask({ account: 'foreign' })).toThrow('ACCOUNT_NOT_FOUND');
    expect(ask({ account: 'nobody' })).toThrow('ACCOUNT_NOT_FOUND');
    expect(ask({ account: 'mine', trades })).toThrow('ACCOUNT_NOT_FOUND');
    expect(ask({ account: 'mine' })()).toMatchObject({ after: { equity: 10_000_000n } });
  });
});

describe('RMR-4 a house of more accounts than are copied', () => {
  const CROWD = 1_100;
  let house: TestHouse;
  beforeAll(() => {
    const required = {
      call: term('INITIAL', '1'),
      cure: term('INITIAL', '1'),
      target: term('INITIAL', '1'),
      closeOut: term('INITIAL', '1/2'),
    };
    house = onePerpetual({ takerFee: '0.0005', policy: classicPolicy({ feeRate: '0.001' }, required) });
    house.audited = false;
    openAccount(house, 'maker', '1000000000');
    for (let i = 0; i < CROWD; i++) openAccount(house, `crowd${i}`, '10');
    openAccount(house, 'alice', '40000', { owner: 'ann' });
    openAccount(house, 'alice2', '40000', { owner: 'ann' });
    trade(house, 'alice', 'maker', '5', '50000');
    trade(house, 'alice2', 'maker', '5', '50000');
  });

  /** What is said of the account itself. */
  const about = (events: readonly Event[]): string[] => said(events).filter((text) => /"account":"alice"/.test(text));

  test.each([
    [
      'a trade',
      { trades: [{ instrument: 'BTC-PERP', side: 'BUY', size: '5', price: '50000', counterparty: 'maker' }] },
      false,
    ],
    ['a trade with somebody', { trades: [{ instrument: 'BTC-PERP', side: 'BUY', size: '5', price: '50000' }] }, false],
    ['a payment', { payments: [{ currency: 'USD', amount: '-1000' }] }, false],
    ['a price', { prices: [{ instrument: 'BTC-PERP', price: '45500' }] }, true],
    ['a price that liquidates', { prices: [{ instrument: 'BTC-PERP', price: '43500' }] }, true],
  ] as [string, Partial<WhatIf>, boolean][])(
    '%s: the account asked about has its own course in full',
    (_, supposed, truncated) => {
      const asked = whatIf(house.state, { account: 'alice', ...supposed });
      expect(asked.truncated).toBe(truncated);
      const twin = whatIfInFull(house, { account: 'alice', ...supposed });
      expect(asked.after).toEqual(twin.after);
      expect(about(asked.events)).toEqual(about(twin.events));
      expect(asked.after).not.toEqual(asked.before);
    },
  );

  test('what is held long by accounts that are left out is open all the same', () => {
    for (const i of [1, 2, 3]) pay(house, `crowd${i}`, '90000');
    for (const i of [1, 2, 3]) trade(house, `crowd${i}`, 'maker', '7', '50000');
    const ramp = { lowerCap: '0', upperCap: '10000000', interval: 3_600_000 };
    const asked = whatIf(house.state, {
      account: 'alice',
      openInterest: [{ instrument: 'BTC-PERP', ramp, notional: null }],
    });
    carriedOut(house, { type: 'SetOpenInterestScaling', instrument: 'BTC-PERP', ramp });
    expect(asked.after).toEqual(healthOf(house.state, 'alice'));
    expect(asked.after?.opening).toBeGreaterThan(asked.before.opening);
  });

  test('what an owner’s accounts that are left out hold counts for its tiers', () => {
    for (let i = 0; i < 1_000; i++) openAccount(house, `ann${i}`, undefined, { owner: 'ann' });
    openAccount(house, 'last', '90000', { owner: 'ann' });
    trade(house, 'last', 'maker', '9', '50000');
    const asked = whatIf(house.state, { account: 'alice', payments: [{ currency: 'USD', amount: '1' }] });
    expect(asked.truncated).toBe(true);
    pay(house, 'alice', '1');
    expect(asked.after).toEqual(healthOf(house.state, 'alice'));
  });
});

/** The same question of a house that is no larger than what is copied: the accounts of the crowd left out. */
function whatIfInFull(house: TestHouse, question: WhatIf) {
  const { state } = house;
  const book = {
    ...state.book,
    accountIds: () => [...state.book.accountIds()].filter((id) => !id.startsWith('crowd')),
    accountCount: 10,
  };
  return whatIf({ ...state, book }, question);
}
