/**
 * From a tick to an alert: everybody it affects hears of it, how long that took is measured, and a feed that falls
 * silent decides nothing.
 */

import { flatTiers } from '../../support/given';
import { act, deposit, openCallOf, setMark, statusOf } from '../margincall/api';
import { givenPerpetual, mark, openAccount, openServer, pay, type TestServer, trade } from '../support';
import { FRAME, listen, numbersOf, upTo } from './listen';

let server: TestServer;

beforeEach(async () => {
  server = await openServer({ limits: { heartbeatMs: 200, healthIntervalMs: 10 } });
  await givenPerpetual(server);
  await pay(server, 'bob', '90000000');
});
afterEach(async () => {
  await server.close();
});

/**
 * The histogram from tick to call as whoever watches the server reads it: cumulative counts by upper bound in seconds.
 */
async function latency(): Promise<{ count: number; sum: number; within: ReadonlyMap<string, number> }> {
  const response = await fetch(server.url.replace('/graphql', '/metrics'));
  expect(response.headers.get('content-type')).toContain('text/plain');
  const text = await response.text();
  const figure = (name: string): number =>
    Number(new RegExp(`^novate_tick_to_call_seconds_${name} (\\S+)$`, 'm').exec(text)?.[1]);
  const buckets = [...text.matchAll(/^novate_tick_to_call_seconds_bucket\{le="([^"]+)"\} (\d+)$/gm)];
  return {
    count: figure('count'),
    sum: figure('sum'),
    within: new Map(buckets.map(([, bound = '', count]) => [bound, Number(count)])),
  };
}

test(
  'RLM-1 a tick re-evaluates everybody it affects: calls and warnings arrive with its entry, and its latency ' +
    'is exposed',
  async () => {
    const names = upTo(20).map((i) => `client-${String(i).padStart(2, '0')}`);
    // Long 1 with 2,500 to 4,400: at 49,000 equity is 1,500 to 3,400, maintenance margin 1,225, initial 2,450; at
    // 48,500 less 500.
    for (const [i, name] of names.entries()) {
      await openAccount(server, name, i % 2 === 0 ? 'broker' : 'rival');
      await pay(server, name, String(2_500 + 100 * i));
      await trade(server, name, 'bob', '1');
    }
    const calls = await listen<{ accountId: string; type: string }>(
      server.socket('officer'),
      `subscription { marginCalls(snapshot: true) { ${FRAME} type accountId } }`,
    ).opened();
    const ladder = await listen<{ accountId: string; to: string }>(
      server.socket('officer'),
      `subscription { accountStatus(snapshot: true) { ${FRAME} type accountId to } }`,
    ).opened();
    const none = await latency();
    expect(none.count).toBe(0);

    // Equity is 1,000 to 2,900 now; below 1,212.50 is called, below 2,425 is warned.
    const { seq } = await setMark(server, '48500');
    const called = names.slice(0, 3);
    const warned = names.slice(3, 15);
    const issued = await calls.have(called.length);
    expect(issued.map(({ type, accountId, seq }) => [type, accountId, seq])).toEqual(
      called.map((name) => ['MARGIN_CALL_ISSUED', name, seq]),
    );
    await ladder.until(({ all }) => all.some((message) => message.kind === 'HEARTBEAT' && message.seq === seq));
    const reached = (to: string): Set<string> =>
      new Set(ladder.events.filter((message) => message.to === to).map(({ accountId }) => accountId));
    expect(reached('CALL')).toEqual(new Set(called));
    expect(reached('WARNING')).toEqual(new Set([...called, ...warned]));
    expect(ladder.events.every((message) => message.seq === seq)).toBe(true);
    expect(numbersOf(ladder.events)).toEqual(upTo(ladder.events.length));

    // A tick that calls nobody is no measurement.
    await setMark(server, '48600');
    const { count, sum, within } = await latency();
    expect(count).toBe(1);
    expect(sum).toBeGreaterThan(0);
    expect(within.get('+Inf')).toBe(1);
    // From the buckets: all of the measurements, so the 99th percentile too, lie within this bound.
    expect(within.get('5')).toBe(1);
  },
);

describe('RLM-4 a feed that falls silent', () => {
  const MINUTE = 60_000;

  beforeEach(async () => {
    await server.send({ type: 'DefineCurrency', currency: 'ETH', scale: 8 });
    await server.send({
      type: 'DefineInstrument',
      instrument: 'ETH-PERP',
      kind: 'PERPETUAL',
      base: 'ETH',
      quote: 'USD',
      settlement: 'USD',
      tick: '0.1',
      lot: '0.1',
      multiplier: '1',
      index: null,
      markMethod: 'VENUE',
      markBand: null,
      priceBand: null,
      heartbeat: 10 * MINUTE,
      allowsNonPositivePrice: false,
      expiry: null,
      variationInterval: 365 * 86_400_000,
      makerFee: '0',
      takerFee: '0',
    });
    await server.send({
      type: 'SetTierSchedule',
      instrument: 'ETH-PERP',
      tiers: flatTiers('0.05', '0.025'),
      effectiveAt: null,
    });
    await mark(server, '5000', 'ETH-PERP');
    await pay(server, 'alice', '3100');
    const legs = { buyer: 'alice', seller: 'bob', taker: null, buyOrder: null, sellOrder: null };
    await server.send({
      type: 'SubmitTrade',
      trade: 'eth',
      instrument: 'ETH-PERP',
      price: '5000',
      size: '10',
      ...legs,
    });
  });

  const houseNow = async (): Promise<{ state: string; stalePrices: { id: string; kind: string }[] }> =>
    (
      await server.get<{ house: { state: string; stalePrices: { id: string; kind: string }[] } }>(
        'officer',
        '{ house { state stalePrices { id kind } } }',
      )
    ).house;

  test('is told to operators, degrades the house, and liquidates nobody; the call goes on with the time that was left', async () => {
    const prices = await listen<{ id: string; stale: boolean; price: string | null }>(
      server.socket('officer'),
      `subscription { prices(instruments: ["ETH-PERP"], snapshot: true) { ${FRAME} of id price stale } }`,
    ).opened();
    const health = await listen<{ health: { stale: boolean; status: string } }>(
      server.socket('officer'),
      `subscription { accountHealth(accounts: ["alice"], snapshot: true, minimumChange: "1000") { ${FRAME} health ` +
        `{ stale status equity } } }`,
    ).opened();
    expect(await houseNow()).toMatchObject({ state: 'RUNNING', stalePrices: [] });

    // Equity 1,100 against 1,230 of maintenance margin: called, with an hour to pay.
    await mark(server, '4800', 'ETH-PERP');
    expect(await openCallOf(server)).toMatchObject({ status: 'OPEN', deadline: '2025-10-10T13:00:00.000Z' });

    await server.pass('9m59s999ms');
    expect(await houseNow()).toMatchObject({ state: 'RUNNING' });
    await server.pass('1ms');
    expect(await houseNow()).toMatchObject({
      state: 'DEGRADED',
      stalePrices: [{ id: 'ETH-PERP', kind: 'INSTRUMENT' }],
    });
    const [, stale] = await prices.have(2);
    expect(stale).toMatchObject({ id: 'ETH-PERP', stale: true, price: null, at: '2025-10-10T12:10:00.000Z' });
    await health.until(({ events }) => events.some((message) => message.health.stale));

    // All she holds has no price: the clock of her call stands, and nothing is liquidated.
    await server.pass('2h');
    expect(await statusOf(server)).toBe('CALL');
    expect(await openCallOf(server)).toMatchObject({ status: 'OPEN' });
    const { rejections } = await act(server, 'broker', 'withdrawCollateral', {
      account: 'alice',
      amount: '1',
      currency: 'USD',
    });
    expect(rejections[0]?.code).toBe('MARGIN_CALL_OPEN');

    const { events } = await act(server, 'feed', 'submitMarkPrices', {
      source: 'venue',
      prices: [{ instrument: 'ETH-PERP', price: '4800' }],
    });
    expect(events).toEqual(['MARK_PRICE_SET', 'MARGIN_CALL_RESUMED']);
    // It stood for two hours.
    expect(await openCallOf(server)).toMatchObject({ deadline: '2025-10-10T15:00:00.000Z' });
    expect(await houseNow()).toMatchObject({ state: 'RUNNING', stalePrices: [] });
    for (let i = 0; i < 5; i++) {
      await server.pass('9m');
      await mark(server, '4800', 'ETH-PERP');
    }
    expect(await statusOf(server)).toBe('CALL');
    await server.pass('5m');
    expect(await statusOf(server)).toBe('LIQUIDATING');
  });

  test('does not stop a deposit from curing the call', async () => {
    await mark(server, '4800', 'ETH-PERP');
    await server.pass('10m');
    expect(await statusOf(server)).toBe('CALL');
    await deposit(server, 'alice', '2000');
    expect(await statusOf(server)).toBe('HEALTHY');
  });
});
