/**
 * The life of a call from its issue to each of its ends, as its holder's subscription tells it and as a reconnecting
 * one finds it.
 */

import { type Client } from 'graphql-ws';
import { FRAME, type Listener, listen, type Message, numbersOf, upTo } from '../subscription/listen';
import { givenPerpetual, linesOf, openServer, type TestServer } from '../support';
import { act, callsOf, deposit, enter, openCallOf, setMark, statusOf } from './api';

interface Told {
  readonly type: string;
  readonly callId: string;
  readonly cause: string | null;
  readonly by: string | null;
  readonly revision: number | null;
  readonly amount: string | null;
  readonly paid: string | null;
  readonly equity: string | null;
}

const CALLS = `subscription ($after: Cursor, $snapshot: Boolean! = false) { marginCalls(account: "alice", after:
  $after, snapshot: $snapshot) {
  ${FRAME} type callId accountId revision amount paid equity deadline cause by reason } }`;

let server: TestServer;

const follow = (client: Client): Promise<Listener<Told>> => listen<Told>(client, CALLS, { snapshot: true }).opened();

beforeEach(async () => {
  server = await openServer({ limits: { heartbeatMs: 200 } });
  await givenPerpetual(server, [{ feeRate: '0.005' }]);
  await enter(server);
});
afterEach(async () => {
  await server.close();
});

const ofAll = (events: readonly Message<Told>[]): string[] =>
  events.map(({ type }) => type.replace('MARGIN_CALL_', ''));

/** Issued, amended, acknowledged: the beginning of every life here. */
async function called(): Promise<string> {
  await setMark(server, '50000');
  await setMark(server, '49950');
  const { id } = await openCallOf(server);
  const { events } = await act(server, 'broker', 'acknowledgeMarginCall', { call: id });
  expect(events).toEqual(['MARGIN_CALL_ACKNOWLEDGED']);
  return id;
}

const ENDS: [string, () => Promise<unknown>, string, object][] = [
  ['cured', () => deposit(server, 'alice', '2000'), 'CURED', { endedBy: 'DEPOSIT', endedEquity: '12500.00' }],
  ['expired', () => server.pass('1h'), 'EXPIRED', { endedBy: 'DEADLINE_PASSED' }],
  ['superseded by liquidation', () => setMark(server, '49500'), 'SUPERSEDED', { endedBy: 'CLOSE_OUT_LEVEL' }],
];

test.each(ENDS)(
  'B1-2 issued, amended, acknowledged, %s: in order, numbered without gaps, and again from the last number',
  async (_name, end, status, ended) => {
    const client = server.socket('broker');
    const listener = await follow(client);
    const id = await called();
    await end();
    const last =
      { CURED: ['PAID', 'CURED'], EXPIRED: ['EXPIRED'], SUPERSEDED: ['AMENDED', 'SUPERSEDED'] }[status] ?? [];
    const events = await listener.have(3 + last.length);
    expect(ofAll(events)).toEqual(['ISSUED', 'AMENDED', 'ACKNOWLEDGED', ...last]);
    expect(numbersOf(events)).toEqual(upTo(events.length));
    expect(new Set(events.map(({ callId }) => callId))).toEqual(new Set([id]));
    expect(events[2]).toMatchObject({ by: 'broker' });

    // Whoever lost its connection after any number goes on from there.
    for (const [i, { cursor }] of events.entries()) {
      const again = await listen<Told>(client, CALLS, { after: cursor }).opened();
      expect(numbersOf(again.events)).toEqual(upTo(events.length, i + 2));
      expect(ofAll(again.events)).toEqual(ofAll(events.slice(i + 1)));
      again.stop();
    }

    // The record of the call tells the same, with every act at its entry.
    const fields = 'acknowledgedBy endedBy endedEquity events { ordinal seq type actor }';
    const [call] = await callsOf(server, 'alice', fields);
    expect(call).toMatchObject({ id, status, acknowledgedBy: 'broker', ...ended });
    const recorded = call?.['events'] as { ordinal: number; seq: string; type: string }[];
    expect(recorded.map(({ ordinal, seq, type }) => [ordinal, seq, type])).toEqual(
      events.map(({ seq, type }, i) => [i + 1, seq, type]),
    );
  },
);

describe('B1-3 a call is cured', () => {
  beforeEach(async () => {
    await setMark(server, '50000');
  });

  // Initial margin is not covered yet.
  const WARNED = ['ACCOUNT_STATUS_CHANGED', 'MARGIN_WARNING_ISSUED'];
  const cured = async (cause: string): Promise<void> => {
    expect((await callsOf(server, 'alice', 'endedBy'))[0]).toMatchObject({ status: 'CURED', endedBy: cause });
    expect(await callsOf(server)).toHaveLength(1);
    expect(['HEALTHY', 'WARNING']).toContain(await statusOf(server));
  };

  test('by a deposit, of exactly what is missing; a cent less does not', async () => {
    expect((await deposit(server, 'alice', '1499.99')).events).toEqual(['COLLATERAL_DEPOSITED', 'MARGIN_CALL_PAID']);
    const { events } = await deposit(server, 'alice', '0.01');
    expect(events).toEqual(['COLLATERAL_DEPOSITED', 'MARGIN_CALL_PAID', 'MARGIN_CALL_CURED', ...WARNED]);
    await cured('DEPOSIT');
  });

  test('by the price recovering; a tick less does not', async () => {
    expect((await setMark(server, '50153.8')).events).toEqual(['MARK_PRICE_SET']);
    const { events } = await setMark(server, '50153.9');
    expect(events).toEqual(['MARK_PRICE_SET', 'MARGIN_CALL_CURED', ...WARNED]);
    await cured('PRICE');
  });

  test('by closing: 1.2 contracts at the mark leave maintenance margin covered; 1.1 do not', async () => {
    const sell = (size: string, trade: string) =>
      act(server, 'feed', 'submitTrade', {
        trade,
        instrument: 'BTC-PERP',
        buyer: 'bob',
        seller: 'alice',
        price: '50000',
        size,
      });
    expect((await sell('1.1', 'close-1')).events).not.toContain('MARGIN_CALL_CURED');
    const { events } = await sell('0.1', 'close-2');
    expect(events).toContain('MARGIN_CALL_CURED');
    await cured('CLOSING');
  });
});

describe('B1-3 while a call is open', () => {
  const trade = (buyer: string, seller: string, size: string, trade: string) =>
    act(server, 'feed', 'submitTrade', { trade, instrument: 'BTC-PERP', buyer, seller, price: '50000', size });
  const withdraw = (amount: string) =>
    act(server, 'broker', 'withdrawCollateral', { account: 'alice', amount, currency: 'USD' });

  test('nothing leaves and no risk is added, for a reason that a machine can read; with the call cured both go again', async () => {
    await setMark(server, '50000');
    const call = await openCallOf(server);
    const refused = [await trade('alice', 'bob', '0.1', 'more-1'), await withdraw('0.01')];
    for (const { outcome, events, rejections } of refused) {
      expect({ outcome, events }).toEqual({ outcome: 'REJECTED', events: [] });
      expect(rejections[0]?.code).toBe('MARGIN_CALL_OPEN');
      expect(rejections[0]?.details).toContainEqual({ name: 'call', value: call.id });
    }
    // Through the position to the other side is more risk too.
    expect((await trade('bob', 'alice', '20.1', 'through-1')).rejections[0]?.code).toBe('MARGIN_CALL_OPEN');
    const order = { account: 'alice', instrument: 'BTC-PERP', side: 'BUY', price: '50000', size: '0.1' };
    expect((await act(server, 'broker', 'placeOrder', order)).rejections[0]?.code).toBe('MARGIN_CALL_OPEN');

    await deposit(server, 'alice', '50000');
    expect(await statusOf(server)).toBe('HEALTHY');
    expect((await trade('alice', 'bob', '0.1', 'more-2')).outcome).toBe('DONE');
    expect((await withdraw('0.01')).outcome).toBe('DONE');
  });

  test('trades that reduce and deposits are accepted, and leave it open where they are not enough', async () => {
    await setMark(server, '50000');
    const { id } = await openCallOf(server);
    expect((await trade('bob', 'alice', '0.1', 'less-1')).outcome).toBe('DONE');
    expect((await deposit(server, 'alice', '100')).outcome).toBe('DONE');
    expect(await openCallOf(server, 'alice', 'paid')).toMatchObject({ id, paid: '100.00' });
  });

  test('others go on as ever', async () => {
    await setMark(server, '50000');
    expect(
      (await act(server, 'broker', 'withdrawCollateral', { account: 'bob', amount: '1', currency: 'USD' })).outcome,
    ).toBe('DONE');
  });
});

describe('B1-4 the deadline', () => {
  beforeEach(async () => {
    await setMark(server, '50000');
  });

  test('a millisecond before it the call can be met', async () => {
    await server.pass('59m59s999ms');
    expect((await deposit(server, 'alice', '0.01')).events).not.toContain('MARGIN_CALL_CURED');
    expect((await openCallOf(server, 'alice', 'timeLeft'))['timeLeft']).toBe('0.001s');
    const { events } = await deposit(server, 'alice', '1499.99');
    expect(events).toContain('MARGIN_CALL_CURED');
    await server.pass('1h');
    expect(await statusOf(server)).toBe('WARNING');
  });

  test('at it liquidation starts, and nobody does anything', async () => {
    await server.pass('1h');
    expect((await callsOf(server))[0]?.status).toBe('EXPIRED');
    expect(await statusOf(server)).toBe('LIQUIDATING');
    const { liquidations } = await server.get<{ liquidations: { nodes: { accountId: string; cause: string }[] } }>(
      'officer',
      '{ liquidations(first: 10) { nodes { accountId cause } } }',
    );
    expect(liquidations.nodes).toEqual([{ accountId: 'alice', cause: 'DEADLINE_PASSED' }]);
  });

  test('a payment that arrives at it finds the call expired', async () => {
    server.clock.set((server.clock.now() + 3_600_000) as never);
    const { events } = await deposit(server, 'alice', '1500');
    expect(events).not.toContain('MARGIN_CALL_CURED');
    expect((await callsOf(server))[0]?.status).toBe('EXPIRED');
  });

  test('is neither lost nor moved by a restart within the window', async () => {
    await server.pass('30m');
    await setMark(server, '50000');
    const call = await openCallOf(server);
    const again = await openServer({ journal: await linesOf(server.house) });
    try {
      expect(await openCallOf(again, 'alice', 'timeLeft')).toEqual({ ...call, timeLeft: '30m' });
      await again.pass('29m59s999ms');
      expect((await openCallOf(again)).id).toBe(call.id);
      await again.pass('1ms');
      expect((await callsOf(again))[0]).toMatchObject({ id: call.id, status: 'EXPIRED' });
      expect(await statusOf(again)).toBe('LIQUIDATING');
    } finally {
      await again.close();
    }
  });
});

describe('B1-5 equity below the close-out level', () => {
  test('cuts the window at once, and says why', async () => {
    const listener = await follow(server.socket('broker'));
    await setMark(server, '50000');
    // Two thirds of maintenance margin: 10 P - 489,000 < 10 P / 60 at P = 49,728.8….
    expect((await setMark(server, '49728.9')).events).not.toContain('LIQUIDATION_STARTED');
    const { events, seq } = await setMark(server, '49728.8');
    expect(events).toEqual(
      expect.arrayContaining(['MARGIN_CALL_SUPERSEDED', 'LIQUIDATION_STARTED', 'LIQUIDATION_ORDER_ISSUED']),
    );
    const last = (await listener.have(3)).at(-1);
    expect(last).toMatchObject({
      type: 'MARGIN_CALL_SUPERSEDED',
      seq,
      cause: 'CLOSE_OUT_LEVEL',
      at: '2025-10-10T12:00:00.000Z',
    });
    expect((await callsOf(server, 'alice', 'endedBy'))[0]).toMatchObject({
      status: 'SUPERSEDED',
      endedBy: 'CLOSE_OUT_LEVEL',
    });
  });

  test('below zero it says that too', async () => {
    await setMark(server, '50000');
    const { events } = await setMark(server, '48899.9');
    expect(events).toContain('MARGIN_CALL_SUPERSEDED');
    expect((await callsOf(server, 'alice', 'endedBy'))[0]).toMatchObject({
      status: 'SUPERSEDED',
      endedBy: 'BANKRUPT_AT_MARK',
    });
  });

  test('of an account that was never called liquidates without a call', async () => {
    const { events } = await setMark(server, '49700');
    expect(events).toContain('LIQUIDATION_STARTED');
    expect(await statusOf(server)).not.toBe('CALL');
  });
});
