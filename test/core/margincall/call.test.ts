/**
 * The margin call: issued in the entry that caused it, complete, one at a time, cured or expired to the millisecond.
 */

import { eventsOf } from '../../../src/core/message/envelope';
import { instant } from '../../../src/units/quantity';
import { classicPolicy, mark, openAccount, pay, term, trade, tradeOf } from '../../support/given';
import { ofType, START, typesOf } from '../../support/house';
import { byTwo, callOf, leveragedHouse, statusOf, usd } from '../../support/ladder';

const HOUR = 3_600_000;

describe('issuing', () => {
  test('B1-1 the call stands in the entry of the price that caused it, with every figure of the notice', () => {
    const house = leveragedHouse({
      policy: classicPolicy({ feeRate: '0.005', penaltyTiers: [{ floor: '0', rate: '0.001' }] }),
    });
    byTwo(house, {
      type: 'SetCollateralTerms',
      currency: 'BTC',
      haircut: '0.1',
      conversionDiscount: '0.05',
      eligible: true,
    });
    house.send({ type: 'DefineCurrency', currency: 'GLD', scale: 4 });
    byTwo(house, {
      type: 'SetCollateralTerms',
      currency: 'GLD',
      haircut: '0.1',
      conversionDiscount: '0',
      eligible: true,
    });
    house.send({
      type: 'DefineIndex',
      base: 'BTC',
      quote: 'USD',
      tick: '0.01',
      sources: ['a'],
      minimumSources: 1,
      maximumDeviation: '0.1',
      heartbeat: HOUR,
    });
    house.now = instant(START + 5);
    mark(house, '48600');
    const entry = house.entries.at(-1);
    expect(entry?.command.type).toBe('SubmitMarkPrices');
    const [event] = ofType(entry ? eventsOf(entry.outcome) : [], 'MarginCallIssued');
    expect(event?.reason).toBeNull();
    expect(event?.issued).toEqual({
      id: expect.stringMatching(/^call_/),
      account: 'alice',
      revision: 1,
      termsBefore: house.state.seq + 1,
      manual: false,
      amount: usd('13300.00'),
      paid: 0n,
      equity: usd('11000.00'),
      initial: usd('24300.00'),
      maintenance: usd('12150.00'),
      shortfallToMaintenance: usd('1150.00'),
      cureLevel: usd('12150.00'),
      feePreview: usd('2430.00'),
      penaltyPreview: usd('486.00'),
      // Currencies without an index are not offered.
      eligible: [
        { currency: 'USD', haircut: 0n },
        { currency: 'BTC', haircut: 100_000_000_000n },
      ],
      prices: [{ instrument: 'BTC-PERP', price: 486_000n, seq: entry?.seq }],
      policyVersion: 1,
      issuedAt: START + 5,
      deadline: START + 5 + HOUR,
      finalNoticeAt: null,
      acknowledgedAt: null,
      acknowledgedBy: null,
      disputed: false,
      clockStopped: false,
    });
  });

  test('B1-1 equity equal to maintenance margin is no call; one unit of money less, or one tick, is', () => {
    const outcome = (more: string, price: string): [string, number] => {
      const house = leveragedHouse();
      pay(house, 'alice', more);
      mark(house, price);
      return [statusOf(house), house.state.calls.size];
    };
    // At 48,717.8 maintenance margin is 12,179.45, equity 12,178.00 and what was added.
    expect(outcome('1.45', '48717.8')).toEqual(['WARNING', 0]);
    expect(outcome('1.44', '48717.8')).toEqual(['CALL', 1]);
    expect(outcome('1.45', '48717.7')).toEqual(['CALL', 1]);
  });

  test('B1-1 the call stands in the entry of the trade that caused it', () => {
    const house = leveragedHouse();
    mark(house, '48800');
    // She gives one contract away far below the mark: 13,000 of equity less 3,800 meets no maintenance margin of
    // 10,980.
    trade(house, 'maker', 'alice', '1', '45000');
    const entry = house.entries.at(-1);
    expect(entry?.command.type).toBe('SubmitTrade');
    expect(typesOf(entry ? eventsOf(entry.outcome) : [])).toEqual([
      'TradeCleared',
      'AccountStatusChanged',
      'MarginCallIssued',
    ]);
    expect(callOf(house)).toMatchObject({
      equity: usd('9200.00'),
      maintenance: usd('10980.00'),
      amount: usd('12760.00'),
    });
  });

  test('B1-1 worsening amends the call to a new revision, never adds a second one', () => {
    const house = leveragedHouse();
    mark(house, '48600');
    const first = callOf(house);
    house.pass('10m');
    const events = mark(house, '48500');
    expect(typesOf(events)).toEqual(['MarkPriceSet', 'MarginCallAmended']);
    expect(house.state.calls.size).toBe(1);
    expect(callOf(house)).toMatchObject({
      id: first.id,
      revision: 2,
      amount: usd('14250.00'),
      equity: usd('10000.00'),
      initial: usd('24250.00'),
      maintenance: usd('12125.00'),
      shortfallToMaintenance: usd('2125.00'),
      // The window is that of the first demand.
      issuedAt: first.issuedAt,
      deadline: first.deadline,
    });
    expect(callOf(house).prices).toEqual([{ instrument: 'BTC-PERP', price: 485_000n, seq: house.entries.at(-1)?.seq }]);
    mark(house, '48501');
    expect(callOf(house).revision).toBe(2);
  });

  test('B1-1 a call is amended only when it has grown by more than the step of the policy', () => {
    const house = leveragedHouse({ policy: classicPolicy({}, { amendStep: '0.1' }) });
    mark(house, '48600');
    // 13,300 and a tenth is 14,630: 48,460 asks for exactly that, one tick less for 0.95 more.
    mark(house, '48460');
    expect(callOf(house)).toMatchObject({ revision: 1, amount: usd('13300.00') });
    mark(house, '48459.9');
    expect(callOf(house)).toMatchObject({ revision: 2, amount: usd('14630.95') });
  });
});

describe('while a call is open', () => {
  test('B1-3 what adds risk or leaves is refused by code, what reduces or pays is taken', () => {
    const house = leveragedHouse();
    openAccount(house, 'alice-2', '0.01', { owner: 'alice' });
    mark(house, '48600');
    expect(house.refusal(tradeOf('alice', 'maker', '0.1', '48600'))).toBe('MARGIN_CALL_OPEN');
    expect(house.refusal(tradeOf('maker', 'alice', '10.1', '48600'))).toBe('MARGIN_CALL_OPEN');
    expect(
      house.refusal({
        type: 'PlaceOrder',
        order: 'o',
        account: 'alice',
        instrument: 'BTC-PERP',
        side: 'BUY',
        size: '0.1',
        price: '40000',
      }),
    ).toBe('MARGIN_CALL_OPEN');
    expect(house.refusal({ type: 'WithdrawCollateral', account: 'alice', currency: 'USD', amount: '0.01' })).toBe(
      'MARGIN_CALL_OPEN',
    );
    expect(
      house.refusal({ type: 'TransferCollateral', from: 'alice', to: 'alice-2', currency: 'USD', amount: '0.01' }),
    ).toBe('MARGIN_CALL_OPEN');
    house.send({
      type: 'PlaceOrder',
      order: 'o',
      account: 'alice',
      instrument: 'BTC-PERP',
      side: 'SELL',
      size: '10',
      price: '49000',
    });
    trade(house, 'maker', 'alice', '0.1', '48600');
    pay(house, 'alice', '0.01');
    expect(statusOf(house)).toBe('CALL');
  });

  test('B1-3 cured by deposit: one unit short does not, the last one does', () => {
    const house = leveragedHouse();
    mark(house, '48600');
    expect(typesOf(pay(house, 'alice', '1149.99'))).toEqual(['CollateralDeposited', 'MarginCallPaid']);
    expect(statusOf(house)).toBe('CALL');
    const [cured] = ofType(pay(house, 'alice', '0.01'), 'MarginCallCured');
    expect(cured).toMatchObject({ account: 'alice', cause: 'DEPOSIT', equity: usd('12150.00') });
    expect([statusOf(house), house.state.calls.size]).toEqual(['WARNING', 0]);
  });

  test('B1-3 cured by collateral in another currency, at its value after haircut', () => {
    const house = leveragedHouse();
    house.send({
      type: 'DefineIndex',
      base: 'BTC',
      quote: 'USD',
      tick: '0.01',
      sources: ['a'],
      minimumSources: 1,
      maximumDeviation: '0.1',
      heartbeat: HOUR,
    });
    byTwo(house, {
      type: 'SetCollateralTerms',
      currency: 'BTC',
      haircut: '0.08',
      conversionDiscount: '0.05',
      eligible: true,
    });
    house.send({
      type: 'SubmitIndexPrices',
      source: 'a',
      prices: [{ index: 'BTC/USD', price: '50000', observedAt: null }],
    });
    mark(house, '48600');
    // 1,150 after 8 % is 0.025 BTC at 50,000.
    expect(ofType(pay(house, 'alice', '0.02499999', 'BTC'), 'MarginCallPaid')).toMatchObject([
      { amount: usd('1149.99') },
    ]);
    expect(statusOf(house)).toBe('CALL');
    expect(ofType(pay(house, 'alice', '0.00000001', 'BTC'), 'MarginCallCured')).toMatchObject([{ cause: 'DEPOSIT' }]);
  });

  test('B1-3 cured by a transfer from another account of the owner', () => {
    const house = leveragedHouse();
    openAccount(house, 'purse', '5000', { owner: 'alice' });
    mark(house, '48600');
    const events = house.send({
      type: 'TransferCollateral',
      from: 'purse',
      to: 'alice',
      currency: 'USD',
      amount: '1150',
    });
    expect(ofType(events, 'MarginCallCured')).toMatchObject([{ account: 'alice', cause: 'DEPOSIT' }]);
  });

  test('B1-3 cured by price: the tick below maintenance margin does not, the one at it does', () => {
    const house = leveragedHouse();
    mark(house, '48600');
    expect(ofType(mark(house, '48717.9'), 'MarginCallCured')).toEqual([]);
    expect(ofType(mark(house, '48718'), 'MarginCallCured')).toMatchObject([
      { cause: 'PRICE', equity: usd('12180.00') },
    ]);
    expect(statusOf(house)).toBe('WARNING');
  });

  test('B1-3 cured by own closing, at no charge', () => {
    const house = leveragedHouse({
      policy: classicPolicy({ feeRate: '0.005', penaltyTiers: [{ floor: '0', rate: '0.001' }] }),
    });
    mark(house, '48600');
    // 11,000 carry 9.0534 contracts at 48,600: closing 0.9 is too little, 1 enough.
    expect(ofType(trade(house, 'maker', 'alice', '0.9', '48600'), 'MarginCallCured')).toEqual([]);
    const events = trade(house, 'maker', 'alice', '0.1', '48600');
    expect(ofType(events, 'MarginCallCured')).toMatchObject([{ cause: 'CLOSING', equity: usd('11000.00') }]);
    expect(house.balance('alice')).toBe('23600.00');
    expect(house.entries.flatMap((entry) => ofType(eventsOf(entry.outcome), 'LiquidationStarted'))).toEqual([]);
  });

  test('Ruling 3 the call is cured at the cure level of the policy, and says so', () => {
    const house = leveragedHouse({ policy: classicPolicy({}, { cure: term('INITIAL', '1') }) });
    mark(house, '48600');
    expect(callOf(house).cureLevel).toBe(usd('24300.00'));
    pay(house, 'alice', '13299.99');
    expect(statusOf(house)).toBe('CALL');
    pay(house, 'alice', '0.01');
    // What was called, paid in full, puts the account at initial margin: nothing is left to warn of.
    expect(statusOf(house)).toBe('HEALTHY');
  });

  test('MCM-4 partial payments are shown and reduce what is still to be paid, also when the call is amended', () => {
    const house = leveragedHouse();
    mark(house, '48600');
    expect(ofType(pay(house, 'alice', '1000'), 'MarginCallPaid')).toMatchObject([
      { amount: usd('1000.00'), paid: usd('1000.00') },
    ]);
    expect(ofType(pay(house, 'alice', '100'), 'MarginCallPaid')).toMatchObject([
      { amount: usd('100.00'), paid: usd('1100.00') },
    ]);
    expect(callOf(house)).toMatchObject({ amount: usd('13300.00'), paid: usd('1100.00'), revision: 1 });
    mark(house, '48590');
    // 13,395 would have been called; 1,100 of it are paid.
    expect(callOf(house)).toMatchObject({
      amount: usd('13395.00'),
      paid: usd('1100.00'),
      revision: 2,
      equity: usd('12000.00'),
    });
  });
});

describe('the deadline', () => {
  test('B1-4 one millisecond before the deadline with funds in: cured, and nothing happens at it', () => {
    const house = leveragedHouse();
    mark(house, '48600');
    house.pass('59m59.999s');
    expect(ofType(pay(house, 'alice', '1150'), 'MarginCallCured')).toHaveLength(1);
    expect(typesOf(house.pass('1h'))).toEqual([]);
    expect(statusOf(house)).toBe('WARNING');
  });

  test('B1-4 at the deadline without: liquidation starts with no human action, before the payment of that instant', () => {
    const house = leveragedHouse();
    mark(house, '48600');
    const { id, deadline } = callOf(house);
    house.now = deadline;
    const events = pay(house, 'alice', '1150');
    expect(ofType(events, 'MarginCallExpired')).toMatchObject([
      { call: id, account: 'alice', equity: usd('11000.00') },
    ]);
    const [started] = ofType(events, 'LiquidationStarted');
    expect(started?.started).toMatchObject({
      account: 'alice',
      call: id,
      cause: 'DEADLINE_PASSED',
      startedAt: deadline,
    });
    // Time was told by an entry of its own, at the very instant of the deadline, and only then came the payment.
    const at = house.entries.slice(-2).map((entry) => [entry.command.type, entry.at]);
    expect(at).toEqual([
      ['AdvanceTime', deadline],
      ['DepositCollateral', deadline],
    ]);
    expect(typesOf(eventsOf(house.entries.at(-2)?.outcome ?? { events: [] }))[0]).toBe('MarginCallExpired');
  });

  test('B1-4 the deadline counts from the issue, not from an amendment or a partial payment', () => {
    const house = leveragedHouse();
    mark(house, '48600');
    house.pass('59m');
    mark(house, '48500');
    pay(house, 'alice', '100');
    expect(ofType(house.pass('59.999s'), 'MarginCallExpired')).toEqual([]);
    expect(ofType(house.pass('0.001s'), 'MarginCallExpired')).toHaveLength(1);
  });

  test('B1-4 a policy without a window goes over to liquidation in the entry of the call', () => {
    const house = leveragedHouse({ policy: classicPolicy({}, { cureWindow: 0 }) });
    expect(typesOf(mark(house, '48600')).slice(-5)).toEqual([
      'MarginCallIssued',
      'MarginCallExpired',
      'AccountStatusChanged',
      'LiquidationStarted',
      'LiquidationOrderIssued',
    ]);
    expect(statusOf(house)).toBe('LIQUIDATING');
  });

  test('B1-2 the life of a call is told in order: issued, amended, acknowledged, expired', () => {
    const house = leveragedHouse();
    mark(house, '48600');
    mark(house, '48500');
    house.send({ type: 'AcknowledgeMarginCall', call: callOf(house).id });
    house.pass('1h');
    const told = house.entries
      .flatMap((entry) => eventsOf(entry.outcome))
      .filter(({ type }) => type.startsWith('MarginCall'));
    expect(typesOf(told)).toEqual([
      'MarginCallIssued',
      'MarginCallAmended',
      'MarginCallAcknowledged',
      'MarginCallExpired',
    ]);
  });
});
