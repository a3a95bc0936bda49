import { digestOf } from '../../../src/core/engine/digest';
import { applyEntry } from '../../../src/core/engine/execute';
import { createState } from '../../../src/core/engine/genesis';
import { standingOfAccount } from '../../../src/core/margin/standing';
import { transfersOf } from '../../../src/core/message/event';
import { cashDown, cashUp } from '../../../src/units/rounding';
import { mark, openAccount, pay, trade } from '../../support/given';
import { ofType, type TestHouse, typesOf } from '../../support/house';
import { fallen, fill, fillOf, liquidating, onlyOf, openOrders, sizeOf, statusOf } from '../../support/liquidation';
import { rejectionOf } from '../../support/outcome';

const figuresOf = (house: TestHouse, account = 'alice') => {
  const { equity, maintenance } = standingOfAccount(house.state, account);
  return { equity: cashDown(equity), maintenance: cashUp(maintenance) };
};
const restoreTo = (ratio: string) => ({ target: [{ base: 'MAINTENANCE' as const, ratio }] });

describe('B2-4 orders before positions', () => {
  /** alice: 10 contracts bought at 52,000 and bids for more, whose margin weighs as much as the position's. */
  const withBids = (deposit: string, bids: string): TestHouse => {
    const house = fallen({ at: '52000', deposit });
    house.send({
      type: 'PlaceOrder',
      order: 'bid-1',
      account: 'alice',
      instrument: 'BTC-PERP',
      side: 'BUY',
      size: bids,
      price: '50000',
    });
    house.send({
      type: 'PlaceOrder',
      order: 'ask-1',
      account: 'alice',
      instrument: 'BTC-PERP',
      side: 'SELL',
      size: '0.1',
      price: '60000',
    });
    return house;
  };

  test('B2-4 where cancelling the orders restores the account, no position is closed and nothing is charged', () => {
    const house = withBids('53000', '10');
    // Equity 23,000 against 20 x 48,960 x 2.5 % = 24,480; without the bids 12,240.
    mark(house, '48960');
    expect(statusOf(house)).toBe('CALL');
    const fund = house.state.ledger.get('insurance-fund USD');
    const events = house.pass('1h');
    expect(typesOf(events).slice(0, 7)).toEqual([
      'MarginCallExpired',
      'AccountStatusChanged',
      'LiquidationStarted',
      'OrdersCancelled',
      'LiquidationEnded',
      'AccountStatusChanged',
      'AccountStatusChanged',
    ]);
    expect(onlyOf(events, 'OrdersCancelled')).toMatchObject({ orders: ['ask-1', 'bid-1'], cause: 'LIQUIDATION' });
    expect(onlyOf(events, 'LiquidationEnded')).toMatchObject({ outcome: 'RESTORED' });
    expect(events.flatMap(transfersOf)).toEqual([]);
    expect(ofType(events, 'LiquidationOrderIssued')).toEqual([]);
    expect([sizeOf(house), house.state.orders.size, house.state.ledger.get('insurance-fund USD')]).toEqual([
      100n,
      0,
      fund,
    ]);
  });

  test('B2-4 where it does not, the orders are gone before the first liquidation order, which is sized without them', () => {
    const house = withBids('53000', '10');
    // Equity 11,000 at 47,800; with the bids 23,900 of maintenance, without 11,950.
    const events = mark(house, '47800');
    const order = typesOf(events).filter((type) => type === 'OrdersCancelled' || type === 'LiquidationOrderIssued');
    expect(order).toEqual(['OrdersCancelled', 'LiquidationOrderIssued']);
    // 950 / (47,800 x 2 %) = 0.99..
    expect(openOrders(house)).toMatchObject([{ size: -10n, reason: 'RESTORES_TARGET' }]);
  });
});

describe('B2-5 nothing happens twice', () => {
  test('B2-5 a fill that is reported again is refused and closes nothing', () => {
    const { house } = liquidating();
    const [order] = openOrders(house);
    const report = fillOf(order as NonNullable<typeof order>, '50000', '0.5', 'maker', 'venue-1');
    house.send(report);
    const after = [sizeOf(house), house.balance('alice'), openOrders(house)[0]?.filled];
    expect(after).toEqual([95n, '29875.00', -5n]);
    expect(house.refusal(report)).toBe('DUPLICATE_TRADE');
    expect(house.refusal({ ...report, size: '0.1', price: '49999' })).toBe('DUPLICATE_TRADE');
    expect([sizeOf(house), house.balance('alice'), openOrders(house)[0]?.filled]).toEqual(after);
  });

  test('B2-5 two workers that report the same order cannot fill more than it holds, nor one that is done', () => {
    const { house } = liquidating();
    const [order] = openOrders(house) as [NonNullable<ReturnType<typeof openOrders>[number]>];
    house.send(fillOf(order, '50000', '1'));
    expect(house.refusal(fillOf(order, '50000', '1'))).toBe('FILL_TOO_LARGE');
    house.send(fillOf(order, '50000', '0.5'));
    expect(house.refusal(fillOf(order, '50000', '0.1'))).toBe('LIQUIDATION_ORDER_NOT_FOUND');
    expect(sizeOf(house)).toBe(85n);
  });

  test('B2-5 a deadline that is met again starts nothing again: one liquidation, one order', () => {
    const { house, events } = liquidating();
    expect(ofType(events, 'LiquidationStarted')).toHaveLength(1);
    for (let i = 0; i < 3; i++) house.send({ type: 'AdvanceTime' });
    expect([house.state.liquidations.size, openOrders(house).length]).toEqual([1, 1]);
  });

  test('B2-5 a process that stops at any entry and reads its journal again stands where it stood, and goes on alike', () => {
    const { house } = liquidating();
    fill(house, '50000', '0.7');
    house.pass('30s');
    fill(house, '49990', '0.3');
    house.pass('2m');
    for (let stop = 1; stop <= house.entries.length; stop += 3) {
      const restarted = createState();
      for (const entry of house.entries.slice(0, stop)) applyEntry(restarted, entry);
      for (const entry of house.entries.slice(stop)) applyEntry(restarted, entry);
      expect(digestOf(restarted)).toBe(digestOf(house.state));
    }
  });
});

describe('LE-5 hysteresis', () => {
  test('LE-5 it leaves LIQUIDATING only at the target, not at the level that began it', () => {
    const { house } = liquidating({ policy: restoreTo('1.2') });
    // Back above maintenance margin, but below 1.2 of it: 12,600 against 12,540, and 15,048.
    mark(house, '50160');
    expect([figuresOf(house), statusOf(house)]).toEqual([
      { equity: 1_260_000n, maintenance: 1_254_000n },
      'LIQUIDATING',
    ]);
    mark(house, '50417.5'); // 15,175 against 15,125.25
    expect(statusOf(house)).toBe('WARNING');
    expect(openOrders(house)).toEqual([]);
  });

  test('LE-5 a tick below the target it stays, at the target exactly it leaves', () => {
    const { house } = liquidating({ policy: restoreTo('1.2') });
    // E = 11,000 + 10 (p - 50,000) = 0.3 p at p = 489,000 / 9.7 = 50,412.37..
    mark(house, '50412.3');
    expect(statusOf(house)).toBe('LIQUIDATING');
    mark(house, '50412.4');
    expect(statusOf(house)).toBe('WARNING');
    const exact = liquidating({ policy: restoreTo('1.2') }).house;
    pay(exact, 'alice', '3999.99'); // 15,000 - 11,000
    expect(statusOf(exact)).toBe('LIQUIDATING');
    pay(exact, 'alice', '0.01');
    expect(statusOf(exact)).toBe('WARNING');
  });

  test('LE-5 a price that swings around the close-out level liquidates once', () => {
    // Two thirds of maintenance margin at 10 (p - 52,000) + 31,000 = p / 6: p = 49,729.0..
    const house = fallen({ policy: restoreTo('1.2'), terms: { venueWindow: 3_600_000 } });
    const events = Array.from({ length: 20 }, (_, i) => mark(house, i % 2 === 0 ? '49728' : '49731')).flat();
    expect(ofType(events, 'LiquidationStarted')).toHaveLength(1);
    expect(ofType(events, 'LiquidationEnded')).toHaveLength(0);
    expect(ofType(events, 'LiquidationOrderIssued')).toHaveLength(1);
    expect(statusOf(house)).toBe('LIQUIDATING');
  });

  test('LE-5 one that swings around the target ends it once, and begins nothing anew', () => {
    const { house } = liquidating({ policy: restoreTo('1.2') });
    const events = Array.from({ length: 20 }, (_, i) => mark(house, i % 2 === 0 ? '50412.4' : '50412.3')).flat();
    expect(ofType(events, 'LiquidationEnded')).toHaveLength(1);
    expect(ofType(events, 'LiquidationStarted')).toHaveLength(0);
  });
});

describe('RLM-4 a feed that fails while a liquidation runs', () => {
  const patient = { terms: { venueWindow: 30 * 86_400_000 } };

  test(
    'LE-5 RLM-4 it pauses: the order is called back, no fill is taken, no deadline closes anything; a live ' +
      'price resumes it',
    () => {
      const { house } = liquidating(patient);
      fill(house, '50000', '0.5');
      const [order] = openOrders(house) as [NonNullable<ReturnType<typeof openOrders>[number]>];
      const silent = house.pass('168h'); // the mark's heartbeat is a week
      expect(onlyOf(silent, 'LiquidationPaused')).toMatchObject({ account: 'alice', instrument: 'BTC-PERP' });
      expect(onlyOf(silent, 'LiquidationOrderClosed')).toMatchObject({ order: order.id, outcome: 'CANCELLED' });
      expect(house.refusal(fillOf(order, '50000', '0.1'))).toBe('LIQUIDATION_ORDER_NOT_FOUND');
      expect(ofType(house.pass('720h'), 'PositionTakenOver')).toEqual([]);
      expect([statusOf(house), sizeOf(house)]).toEqual(['LIQUIDATING', 95n]);

      const live = mark(house, '50000');
      expect(typesOf(live).filter((type) => type.startsWith('Liquidation'))).toEqual([
        'LiquidationResumed',
        'LiquidationOrderIssued',
      ]);
      expect(openOrders(house)).toMatchObject([{ size: -10n }]);
    },
  );

  test('LE-5 a price that comes back well above the target ends it without another trade', () => {
    const { house } = liquidating(patient);
    house.pass('168h');
    mark(house, '52000');
    expect([statusOf(house), sizeOf(house)]).toEqual(['HEALTHY', 100n]);
  });

  test('LE-5 a halt of the instrument pauses it too, and trading resumed resumes it', () => {
    const { house } = liquidating(patient);
    const halted = house.send({
      type: 'SetInstrumentStatus',
      instrument: 'BTC-PERP',
      status: 'HALTED',
      reason: 'test',
    });
    expect(typesOf(halted)).toEqual(expect.arrayContaining(['LiquidationOrderClosed', 'LiquidationPaused']));
    expect(typesOf(mark(house, '49900'))).not.toContain('LiquidationOrderIssued');
    const [proposal] = ofType(
      house.send({ type: 'SetInstrumentStatus', instrument: 'BTC-PERP', status: 'ACTIVE', reason: 'over' }),
      'ProposalCreated',
    );
    const { id, hash } = (proposal as NonNullable<typeof proposal>).created;
    const resumed = house.send(
      { type: 'ApproveProposal', proposal: id, hash },
      { id: 'second', role: 'RISK_OFFICER', member: null },
    );
    expect(typesOf(resumed)).toEqual(expect.arrayContaining(['LiquidationResumed', 'LiquidationOrderIssued']));
  });

  test('RLM-4 the time of an order that ends while the price is stale gives nothing to the house', () => {
    // Window and heartbeat end at the same instant.
    const { house } = liquidating({ terms: { venueWindow: 7 * 86_400_000 - 3_600_000 } });
    const events = house.pass('167h');
    expect(typesOf(events)).toEqual(
      expect.arrayContaining(['MarkPriceWentStale', 'LiquidationOrderClosed', 'LiquidationPaused']),
    );
    expect(ofType(events, 'PositionTakenOver')).toEqual([]);
    expect(sizeOf(house)).toBe(100n);
  });
});

describe('what happens around a running liquidation is simply the next look', () => {
  test('LE-1 a deposit that reaches the target ends it and calls the order back', () => {
    const { house } = liquidating();
    const events = pay(house, 'alice', '1500');
    expect(onlyOf(events, 'LiquidationOrderClosed')).toMatchObject({ outcome: 'CANCELLED' });
    expect(onlyOf(events, 'LiquidationEnded')).toMatchObject({ outcome: 'RESTORED', equity: 1_250_000n });
    expect([statusOf(house), sizeOf(house)]).toEqual(['WARNING', 100n]);
  });

  test('LE-1 after an order is done the next is sized for what is still missing', () => {
    const { house } = liquidating({ terms: { slippage: '0.001' } });
    // 1,500 / (50,000 x 0.019) = 1.58: filled half a per cent below the mark, more than was allowed for.
    expect(openOrders(house)).toMatchObject([{ size: -16n }]);
    fill(house, '49750', '1.6');
    // 11,000 - 400 - 400 = 10,200 against 8.4 x 1,250 = 10,500: another 300 / 950 = 0.32.
    expect([figuresOf(house), openOrders(house)]).toMatchObject([{ equity: 1_020_000n }, [{ size: -4n }]]);
    fill(house, '50000', '0.4');
    expect(statusOf(house)).toBe('WARNING');
  });

  test('B2 an account in liquidation trades nothing of its own', () => {
    const { house } = liquidating();
    openAccount(house, 'bob', '1000000');
    expect(
      house.refusal({
        type: 'PlaceOrder',
        order: 'o',
        account: 'alice',
        instrument: 'BTC-PERP',
        side: 'SELL',
        size: '1',
        price: '50000',
      }),
    ).toBe('ACCOUNT_NOT_OPEN');
    expect(() => trade(house, 'bob', 'alice', '1', '50000')).toThrow('ACCOUNT_NOT_OPEN');
  });

  test('B2 a fill must keep to the limit, the bankruptcy price, and to a counterparty that can carry it', () => {
    const { house } = liquidating();
    const [order] = openOrders(house) as [NonNullable<ReturnType<typeof openOrders>[number]>];
    expect(order.limit).toBe(489_000n); // 50,000 - 11,000 / 10
    const worse = house.try(fillOf(order, '48899.9', '1'));
    expect(rejectionOf(worse)).toEqual({ code: 'FILL_WORSE_THAN_LIMIT', details: { limit: '48900.0' } });
    openAccount(house, 'poor', '2499.99');
    expect(house.refusal(fillOf(order, '50000', '1', 'poor'))).toBe('INSUFFICIENT_INITIAL_MARGIN');
    expect(house.refusal(fillOf(order, '50000', '1', 'alice'))).toBe('SAME_ACCOUNT');
    expect(house.refusal(fillOf(order, '50000', '1', 'close-out:USD'))).toBe('ACCOUNT_NOT_FOUND');
    house.send(fillOf(order, '48900', '1'));
    expect(sizeOf(house)).toBe(90n);
  });
});
