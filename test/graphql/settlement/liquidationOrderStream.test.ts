/**
 * A venue at work: it hears of a liquidation order by subscription and answers with fills, until the account is
 * restored.
 */

import type { CommandOf } from '../../../src/core/message/command';
import { term } from '../../support/given';
import { act, enter, refusal, setMark, statusOf } from '../margincall/api';
import { FRAME, type Listener, listen, numbersOf } from '../subscription/listen';
import { givenPerpetual, openServer, type TestServer } from '../support';

interface OrderMessage {
  readonly type: string | null;
  readonly orderId: string;
  readonly size: string;
  readonly limit: string;
  readonly price: string;
  readonly outcome: string;
  readonly order: {
    readonly id: string;
    readonly accountId: string | null;
    readonly status: string;
    readonly filled: string;
  } | null;
}

const ORDERS = `subscription ($instrument: ID, $after: Cursor, $snapshot: Boolean! = true) {
  liquidationOrders(instrument: $instrument, after: $after, snapshot: $snapshot) {
    ${FRAME} type orderId instrumentId size limit price expiresAt outcome order { id accountId status filled size limit
    mark }
  }
}`;

let server: TestServer;

async function given(policy: Partial<CommandOf<'SetMarginPolicy'>> = {}): Promise<Listener<OrderMessage>> {
  server = await openServer({ limits: { heartbeatMs: 200 } });
  await givenPerpetual(server, [{ feeRate: '0.005' }, policy]);
  await enter(server);
  return listen<OrderMessage>(server.socket('feed'), ORDERS).opened();
}

afterEach(async () => {
  await server.close();
});

/** The mark falls, nobody pays, the deadline passes; every step by the API. */
async function fallen(): Promise<void> {
  await setMark(server, '50000');
  const { advanceTime } = await server.get<{ advanceTime: { now: string } }>(
    'admin',
    'mutation { advanceTime(input: { to: "2025-10-10T13:00:00.000Z" }) { now } }',
  );
  expect(advanceTime.now).toBe('2025-10-10T13:00:00.000Z');
}

interface Figures {
  readonly status: string;
  readonly health: {
    readonly equity: string;
    readonly initial: string;
    readonly maintenance: string;
    readonly positions: { size: string }[];
  };
}

const figures = async (): Promise<Figures> =>
  (
    await server.get<{ account: Figures }>(
      'broker',
      '{ account(id: "alice") { status health { equity initial maintenance positions { size } } } }',
    )
  ).account;

const fill = (order: string, size: string, trade: string, more: object = {}) => ({
  order,
  trade,
  counterparty: 'bob',
  price: '50000',
  size,
  ...more,
});

test.each([
  [
    '1.5: equity meets maintenance margin exactly',
    {},
    '1.5',
    { equity: '10625.00', maintenance: '10625.00', initial: '21250.00' },
  ],
  [
    '3.2 with a buffer of 20 %',
    { target: term('MAINTENANCE', '1.2') },
    '3.2',
    { equity: '10200.00', maintenance: '8500.00', initial: '17000.00' },
  ],
  [
    '6.3 to meet initial margin: 6.2222… rounded up to a lot',
    { target: term('INITIAL', '1') },
    '6.3',
    { equity: '9425.00', maintenance: '4625.00', initial: '9250.00' },
  ],
])('B2-1 long 10 at 50,000 with equity 11,000: a venue is told to close %s', async (_name, policy, size, after) => {
  const venue = await given(policy);
  await fallen();
  const [issued] = await venue.have(1);
  expect(issued).toMatchObject({
    type: 'LIQUIDATION_ORDER_ISSUED',
    streamSeq: '1',
    instrumentId: 'BTC-PERP',
    size: `-${size}`,
  });
  expect(await figures()).toMatchObject({
    status: 'LIQUIDATING',
    health: { equity: '11000.00', maintenance: '12500.00' },
  });

  const answer = await act(server, 'feed', 'reportLiquidationFill', fill(issued?.orderId ?? '', size, 'fill-1'));
  expect(answer).toMatchObject({ outcome: 'DONE', rejections: [] });
  const [, filled, closed] = await venue.have(3);
  expect(filled).toMatchObject({
    type: 'LIQUIDATION_ORDER_FILLED',
    seq: answer.seq,
    size: `-${size}`,
    price: '50000.0',
  });
  expect(closed).toMatchObject({ type: 'LIQUIDATION_ORDER_CLOSED', seq: answer.seq, outcome: 'FILLED' });
  expect(numbersOf(venue.events)).toEqual([1, 2, 3]);
  const { health, status } = await figures();
  expect(health).toMatchObject(after);
  expect(health.positions).toEqual([{ size: (10 - Number(size)).toFixed(1) }]);
  expect(['RESTORED', 'WARNING', 'HEALTHY']).toContain(status);
});

test('B2-5 a fill that is reported again fills once: by its key, by its trade, and after the order has ended', async () => {
  const venue = await given();
  await fallen();
  const order = (await venue.have(1))[0]?.orderId ?? '';
  const report = { ...fill(order, '0.5', 'fill-1'), idempotencyKey: 'once' };
  const first = await act(server, 'feed', 'reportLiquidationFill', report);
  const again = await act(server, 'feed', 'reportLiquidationFill', report);
  expect(again).toEqual({ ...first, replayed: true });
  expect(await refusal(server, 'feed', 'reportLiquidationFill', { ...report, size: '0.6' })).toBe(
    'IDEMPOTENCY_KEY_REUSED',
  );
  expect(await refusal(server, 'feed', 'reportLiquidationFill', fill(order, '0.5', 'fill-1'))).toBe('DUPLICATE_TRADE');
  expect(await refusal(server, 'feed', 'reportLiquidationFill', fill(order, '1.1', 'fill-2'))).toBe('FILL_TOO_LARGE');
  expect(await refusal(server, 'feed', 'reportLiquidationFill', fill(order, '1.0', 'fill-2', { price: '40000' }))).toBe(
    'FILL_WORSE_THAN_LIMIT',
  );
  expect(await refusal(server, 'feed', 'reportLiquidationFill', fill('lord_none', '1.0', 'fill-2'))).toBe(
    'LIQUIDATION_ORDER_NOT_FOUND',
  );
  expect((await figures()).health.positions).toEqual([{ size: '9.5' }]);
  await act(server, 'feed', 'reportLiquidationFill', fill(order, '1.0', 'fill-3'));
  expect(await refusal(server, 'feed', 'reportLiquidationFill', fill(order, '0.1', 'fill-4'))).toBe(
    'LIQUIDATION_ORDER_NOT_FOUND',
  );
  expect((await figures()).health).toMatchObject({ positions: [{ size: '8.5' }], equity: '10625.00' });
  await venue.until(({ all }) => all.filter(({ kind }) => kind === 'HEARTBEAT').length > 1);
  expect(venue.events.map(({ type, size }) => [type, size])).toEqual([
    ['LIQUIDATION_ORDER_ISSUED', '-1.5'],
    ['LIQUIDATION_ORDER_FILLED', '-0.5'],
    ['LIQUIDATION_ORDER_FILLED', '-1.0'],
    ['LIQUIDATION_ORDER_CLOSED', null],
  ]);
});

test('LE-4 X-5 a venue that comes late finds the order in the state, not whose it is; nobody but venues reports a fill', async () => {
  await given();
  await fallen();
  const late = await listen<OrderMessage>(server.socket('feed'), ORDERS).opened();
  const [state] = late.all;
  expect(state).toMatchObject({
    kind: 'STATE',
    type: null,
    order: { status: 'OPEN', accountId: null, filled: '0.0', size: '-1.5' },
  });
  const own = await listen<OrderMessage>(server.socket('broker'), ORDERS).opened();
  expect(own.all[0]?.order?.accountId).toBe('alice');
  const other = await listen<OrderMessage>(server.socket('feed'), ORDERS, { instrument: 'ETH-PERP' }).opened();
  expect(other.all.map(({ kind }) => kind)).toEqual(['HEARTBEAT']);

  const mutation =
    'mutation ($input: ReportLiquidationFillInput!) { reportLiquidationFill(input: $input) { outcome } }';
  const input = { ...fill(state?.orderId ?? '', '1.5', 'fill-1'), idempotencyKey: 'k' };
  for (const key of ['broker', 'rival', 'reader', 'auditor', 'officer'] as const)
    expect((await server.ask(key, mutation, { input })).errors[0]?.extensions['code']).toBe('FORBIDDEN');
  expect(await statusOf(server)).toBe('LIQUIDATING');
});

test('LE-4 LF-2 what no venue fills in time the house takes over; the fee of both goes to the fund, as its stream says', async () => {
  const venue = await given();
  const fund = await listen<{
    amount: string;
    movements: { amount: string; reason: string }[];
    fund: { balance: string };
  }>(
    server.socket('auditor'),
    `subscription { insuranceFund(currency: "USD", snapshot: true) { ${FRAME} currency amount movements { amount ` +
      `reason } } }`,
  ).opened();
  await fallen();
  const order = (await venue.have(1))[0]?.orderId ?? '';
  await act(server, 'feed', 'reportLiquidationFill', fill(order, '1.0', 'fill-1'));
  await server.pass('30s');
  await venue.until(({ events }) => events.some(({ orderId, outcome }) => orderId === order && outcome === 'EXPIRED'));
  const [first] = await fund.have(2);
  expect(first).toMatchObject({
    amount: '250.00',
    movements: [{ amount: '250.00', reason: expect.stringContaining('FEE') }],
  });
  const { insuranceFund } = await server.get<{ insuranceFund: { balance: string } }>(
    'auditor',
    '{ insuranceFund(currency: "USD") { balance } }',
  );
  const moved = fund.events.reduce((sum, { amount }) => sum + BigInt(amount.replace('.', '')), 0n);
  expect(moved).toBe(BigInt(insuranceFund.balance.replace('.', '')));
});
