/**
 * Trades and orders through the API: both legs or neither, and no more risk than initial margin allows.  Rules: LCS-1,
 * IM-1
 */

import { act, actOnAll, type Payload, payment, sale } from '../acts';
import { givenPerpetual, openServer, type TestServer } from '../support';

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
  await givenPerpetual(server);
});
afterAll(() => server.close());

let accounts = 0;
/** A fresh account of the broker with so much in it. */
async function fund(amount: string, owner?: string): Promise<string> {
  const account = `broker/a${++accounts}`;
  const terms = { account, member: 'broker', owner: owner ?? account, currency: 'USD', policy: 'classic' };
  expect((await act(server, 'broker', 'openAccount', terms)).outcome).toBe('DONE');
  if (amount !== '0')
    expect((await act(server, 'broker', 'depositCollateral', payment(account, amount))).outcome).toBe('DONE');
  return account;
}

let trades = 0;
const clear = (
  buyer: string,
  seller: string,
  size: string,
  more: object = {},
): Promise<Payload & { tradeId: string; trade: object | null }> =>
  act(
    server,
    'feed',
    'submitTrade',
    { ...sale(`p${++trades}`, buyer, seller, size), ...more },
    'tradeId trade { id buyerId sellerId price size liquidation }',
  );

interface Held {
  readonly positions: { readonly nodes: readonly { size: string; bids: string; asks: string; cost: string }[] };
  readonly health: { readonly initial: string; readonly freeMargin: string };
  readonly orders: { readonly nodes: readonly { id: string; size: string }[] };
}
const held = async (account: string): Promise<Held> =>
  (
    await server.get<{ account: Held }>(
      'broker',
      'query ($id: ID!) { account(id: $id) { positions(first: 5) { nodes { size bids asks cost } } health { ' +
        'initial freeMargin } orders(first: 5) { nodes { id size } } } }',
      { id: account },
    )
  ).account;

/** Long, short and their sum over every account, by instrument. */
async function netOf(): Promise<number> {
  const { positions } = await server.get<{ positions: { nodes: { size: string }[] } }>(
    'auditor',
    '{ positions(first: 100) { nodes { size } } }',
  );
  return positions.nodes.reduce((sum, { size }) => sum + Number(size) * 10, 0);
}

describe('novation', () => {
  test('LCS-1 one trade becomes two positions of opposite sign against the house, whose own is nothing', async () => {
    const [long, short] = [await fund('10000'), await fund('10000')];
    const cleared = await clear(long, short, '1.5');
    expect(cleared).toMatchObject({ outcome: 'DONE', events: ['TRADE_CLEARED'], tradeId: `p${trades}` });
    // The venue sees neither account, and so not what the house made of its trade.
    expect(cleared.trade).toBeNull();
    expect((await held(long)).positions.nodes).toEqual([{ size: '1.5', bids: '0.0', asks: '0.0', cost: '75000.00' }]);
    expect((await held(short)).positions.nodes).toEqual([
      { size: '-1.5', bids: '0.0', asks: '0.0', cost: '-75000.00' },
    ]);
    expect(await netOf()).toBe(0);
  });

  test.each([
    ['the buyer', '2499.99', '10000'],
    ['the seller', '10000', '2499.99'],
  ])('LCS-1 where %s lacks a cent of initial margin neither leg is made', async (_, buyer, seller) => {
    const [long, short] = [await fund(buyer), await fund(seller)];
    const refused = await clear(long, short, '1');
    expect(refused).toMatchObject({
      outcome: 'REJECTED',
      trade: null,
      rejections: [
        {
          code: 'INSUFFICIENT_INITIAL_MARGIN',
          details: { required: '2500.00', available: '2499.99', currency: 'USD' },
        },
      ],
    });
    for (const account of [long, short]) expect((await held(account)).positions.nodes).toEqual([]);
    expect(await netOf()).toBe(0);
  });

  test('LCS-1 the house is flat after any run of trades, cleared or refused', async () => {
    const some = [await fund('30000'), await fund('20000'), await fund('10000'), await fund('2500')];
    const list = Array.from({ length: 60 }, (_, i) =>
      sale(
        `n${i}`,
        some[i % 4] as string,
        some[(i * 7 + 1 + (i % 3)) % 4] as string,
        String(((i * 13) % 40) / 10 + 0.1).slice(0, 3),
      ),
    );
    const { items } = await actOnAll(server, 'feed', 'submitTrades', { trades: list });
    expect(new Set(items.map(({ outcome }) => outcome))).toEqual(new Set(['DONE', 'REJECTED']));
    expect(await netOf()).toBe(0);
    const { conservation } = await server.get<{ conservation: { holds: boolean } }>(
      'auditor',
      '{ conservation { holds } }',
    );
    expect(conservation.holds).toBe(true);
  });
});

describe('initial margin', () => {
  test('IM-1 what is exactly enough passes, and a cent less does not', async () => {
    const other = await fund('100000');
    expect((await clear(await fund('2500'), other, '1')).outcome).toBe('DONE');
    expect((await clear(await fund('2499.99'), other, '1')).rejections[0]?.code).toBe('INSUFFICIENT_INITIAL_MARGIN');
  });

  test('IM-1 open orders count as if they were filled, and cannot exceed it together', async () => {
    const account = await fund('5000');
    const order = (side: string, size: string): Promise<Payload & { orderId: string; order: object | null }> =>
      act(
        server,
        'broker',
        'placeOrder',
        { account, instrument: 'BTC-PERP', side, size, price: '50000' },
        'orderId order { accountId side size price }',
      );
    // Sent together: two fit, the third does not.
    const placed = await Promise.all([order('BUY', '1'), order('BUY', '1'), order('BUY', '1')]);
    expect(placed.map(({ rejections }) => rejections[0]?.code ?? null).sort()).toEqual([
      'INSUFFICIENT_INITIAL_MARGIN',
      null,
      null,
    ]);
    expect(placed.find(({ outcome }) => outcome === 'DONE')?.order).toEqual({
      accountId: account,
      side: 'BUY',
      size: '1.0',
      price: '50000.0',
    });
    const state = await held(account);
    expect(state.positions.nodes).toEqual([{ size: '0.0', bids: '2.0', asks: '0.0', cost: '0.00' }]);
    expect([state.health.initial, state.orders.nodes.length]).toEqual(['5000.00', 2]);
    // The worse side decides: selling as much costs nothing more.
    expect((await order('SELL', '2')).outcome).toBe('DONE');
    expect((await order('SELL', '0.1')).rejections[0]?.code).toBe('INSUFFICIENT_INITIAL_MARGIN');
  });

  test('IM-1 an order cancelled frees its margin, and one filled turns it into a position', async () => {
    const [account, other] = [await fund('2500'), await fund('100000')];
    const place = (): Promise<Payload & { orderId: string }> =>
      act(
        server,
        'broker',
        'placeOrder',
        { account, instrument: 'BTC-PERP', side: 'BUY', size: '1', price: '50000' },
        'orderId',
      );
    const first = await place();
    expect(first.orderId).toMatch(/^ord_/);
    expect((await place()).rejections[0]?.code).toBe('INSUFFICIENT_INITIAL_MARGIN');
    const cancelled = await act<{ order: object | null }>(
      server,
      'broker',
      'cancelOrder',
      { order: first.orderId },
      'order { id }',
    );
    expect(cancelled).toMatchObject({ outcome: 'DONE', events: ['ORDERS_CANCELLED'], order: null });
    expect((await held(account)).health.freeMargin).toBe('2500.00');
    const second = await place();
    expect((await clear(account, other, '0.4', { buyOrder: second.orderId })).outcome).toBe('DONE');
    const part = await held(account);
    expect([part.positions.nodes[0]?.size, part.positions.nodes[0]?.bids, part.orders.nodes]).toEqual([
      '0.4',
      '0.6',
      [{ id: second.orderId, size: '0.6' }],
    ]);
    expect((await clear(account, other, '0.7', { buyOrder: second.orderId })).rejections[0]?.code).toBe(
      'ORDER_MISMATCH',
    );
    expect((await clear(account, other, '0.6', { buyOrder: second.orderId })).outcome).toBe('DONE');
    expect((await held(account)).orders.nodes).toEqual([]);
  });

  test('IM-1 fees are part of what a trade needs', async () => {
    const fees = {
      instrument: 'FEE-PERP',
      kind: 'PERPETUAL',
      base: 'BTC',
      quote: 'USD',
      settlement: 'USD',
      tick: '0.1',
      lot: '0.1',
      multiplier: '1',
    };
    await act(server, 'admin', 'defineInstrument', {
      ...fees,
      markMethod: 'VENUE',
      heartbeat: '1d',
      takerFee: '0.001',
      makerFee: '0',
    });
    await act(server, 'officer', 'setTierSchedule', {
      instrument: 'FEE-PERP',
      tiers: [{ floor: '0', cap: null, initialRate: '0.05', maintenanceRate: '0.025' }],
    });
    await act(server, 'feed', 'submitMarkPrices', {
      source: 'venue',
      prices: [{ instrument: 'FEE-PERP', price: '50000' }],
    });
    const other = await fund('100000');
    const take = async (amount: string) =>
      clear(await fund(amount), other, '1', { instrument: 'FEE-PERP', taker: 'BUY' });
    expect((await take('2549.99')).rejections[0]).toMatchObject({
      details: { required: '2500.00', available: '2499.99' },
    });
    const taken = await take('2550');
    expect(taken.outcome).toBe('DONE');
    const { ledgerTransfers } = await server.get<{ ledgerTransfers: object }>(
      'auditor',
      '{ ledgerTransfers(first: 1, reason: [TRADING_FEE]) { nodes { to amount currency } } }',
    );
    expect(ledgerTransfers).toEqual({ nodes: [{ to: 'house-fees', amount: '50.00', currency: 'USD' }] });
  });

  test('an account whose margin is isolated trades its one instrument only', async () => {
    const account = 'broker/isolated';
    const terms = {
      account,
      member: 'broker',
      owner: account,
      currency: 'USD',
      policy: 'classic',
      mode: 'ISOLATED',
      instrument: 'BTC-PERP',
    };
    await act(server, 'broker', 'openAccount', terms);
    await act(server, 'broker', 'depositCollateral', payment(account, '10000'));
    const other = await fund('100000');
    expect((await clear(account, other, '1', { instrument: 'FEE-PERP' })).rejections[0]?.code).toBe('ACCOUNT_ISOLATED');
    expect((await clear(account, other, '1')).outcome).toBe('DONE');
  });
});

test('a trade is found by its venue’s id, by whoever sees a side of it', async () => {
  const [long, short] = [await fund('10000'), await fund('10000')];
  const { tradeId, seq } = await clear(long, short, '0.3', { taker: 'SELL' });
  const document =
    `{ trade(id: "${tradeId}") { id seq at buyerId sellerId price size taker liquidation ` +
    `instrument { id settlement } } }`;
  expect(await server.get('reader', document)).toEqual({
    trade: {
      id: tradeId,
      seq,
      at: new Date(server.clock.now()).toISOString(),
      buyerId: long,
      sellerId: short,
      price: '50000.0',
      size: '0.3',
      taker: 'SELL',
      ...{ liquidation: false, instrument: { id: 'BTC-PERP', settlement: 'USD' } },
    },
  });
  expect(await server.get('rival', document)).toEqual({ trade: null });
});
