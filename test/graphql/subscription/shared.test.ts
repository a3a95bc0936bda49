/** Streams that ask the same are one execution a message, however many they are; where each stands is its own. */

import { givenPerpetual, type KeyName, mark, openServer, pay, type TestServer, trade } from '../support';
import { FRAME, type Listener, listen, numbersOf, upTo } from './listen';
import { queryOf } from './story';

const MARKS = ['50001', '50002', '50003', '50004', '50005'];
const PRICES = `subscription ($after: Cursor, $snapshot: Boolean! = false, $instruments: [ID!]) {
  prices(after: $after, snapshot: $snapshot, instruments: $instruments) { ${FRAME} id price }
}`;

let server: TestServer;

beforeEach(async () => {
  // No heartbeat comes in between: each would be an execution of its own.
  server = await openServer({ limits: { heartbeatMs: 60_000, healthIntervalMs: 20 } });
  await givenPerpetual(server);
});
afterEach(async () => {
  await server.close();
});

/** A counter as whoever watches the server reads it. */
async function counted(name: 'executions' | 'messages'): Promise<number> {
  const text = await (await fetch(server.url.replace('/graphql', '/metrics'))).text();
  return Number(new RegExp(`^novate_stream_${name} (\\d+)$`, 'm').exec(text)?.[1]);
}

interface Counts {
  readonly executions: number;
  readonly messages: number;
}

async function during(work: () => Promise<unknown>): Promise<Counts> {
  const [executions, messages] = [await counted('executions'), await counted('messages')];
  await work();
  return { executions: (await counted('executions')) - executions, messages: (await counted('messages')) - messages };
}

const opened = (
  count: number,
  key: KeyName,
  query: string,
  variables: object = {},
): Promise<Listener<Record<string, unknown>>[]> =>
  Promise.all(
    Array.from({ length: count }, () => listen(server.socket(key), query, { snapshot: true, ...variables }).opened()),
  );

async function setMarks(marks: readonly string[]): Promise<void> {
  for (const price of marks) await mark(server, price);
}

const everyHas = (listeners: readonly Listener<Record<string, unknown>>[], count: number) => () =>
  Promise.all(listeners.map((listener) => listener.have(count)));

test('a hundred streams of one question are one execution an event', async () => {
  const listeners = await opened(100, 'feed', PRICES);
  const counts = await during(async () => {
    await setMarks(MARKS);
    await everyHas(listeners, MARKS.length)();
  });
  expect(counts).toEqual({ executions: MARKS.length, messages: 100 * MARKS.length });
  for (const { events } of listeners) {
    expect(events.map(({ price }) => price)).toEqual(MARKS.map((price) => `${price}.0`));
    expect(numbersOf(events)).toEqual(upTo(MARKS.length));
  }
});

test('other variables, another document and another role are other questions', async () => {
  const listeners = [
    ...(await opened(3, 'feed', PRICES)),
    ...(await opened(3, 'feed', PRICES, { instruments: ['BTC-PERP'] })),
    ...(await opened(3, 'feed', PRICES.replace(' id price ', ' price id '))),
    ...(await opened(3, 'auditor', PRICES)),
  ];
  const counts = await during(async () => {
    await setMarks(MARKS);
    await everyHas(listeners, MARKS.length)();
  });
  expect(counts).toEqual({ executions: 4 * MARKS.length, messages: 12 * MARKS.length });
});

test('X-5 brokers of two members ask two questions by one document, and each is told of its own', async () => {
  await givenAccountsInCall();
  const query = queryOf('marginCalls');
  const [own, readers, rivals] = [
    await opened(2, 'broker', query),
    await opened(1, 'reader', query),
    await opened(2, 'rival', query),
  ];
  const counts = await during(async () => {
    await mark(server, '48000');
    await Promise.all([...own, ...readers, ...rivals].map((listener) => listener.have(1)));
  });
  expect(counts).toEqual({ executions: 3, messages: 5 });
  for (const { events } of [...own, ...readers]) expect(events.map(({ accountId }) => accountId)).toEqual(['alice']);
  for (const { events } of rivals) expect(events.map(({ accountId }) => accountId)).toEqual(['eve']);
});

/** Alice of one member and eve of the other are long, and fall below maintenance margin at 48,000. */
async function givenAccountsInCall(): Promise<void> {
  await pay(server, 'bob', '900000');
  for (const account of ['alice', 'eve']) {
    await pay(server, account, '31000');
    await trade(server, account, 'bob', '10');
  }
}

test('streams that begin at different times share too, and each counts from its own beginning', async () => {
  const [early] = await opened(1, 'feed', PRICES);
  await setMarks(MARKS.slice(0, 2));
  await early?.have(2);
  const [late] = await opened(1, 'feed', PRICES);
  const resumed = listen(server.socket('feed'), PRICES, { after: early?.events[0]?.cursor });
  await resumed.have(1);
  const counts = await during(async () => {
    await setMarks(MARKS.slice(2));
    await everyHas([early as Listener<Record<string, unknown>>], 5)();
    await late?.have(3);
    await resumed.have(4);
  });
  expect(counts).toEqual({ executions: 3, messages: 9 });
  expect(numbersOf(early?.events ?? [])).toEqual([1, 2, 3, 4, 5]);
  expect(numbersOf(late?.events ?? [])).toEqual([1, 2, 3]);
  expect(numbersOf(resumed.events)).toEqual([2, 3, 4, 5]);
  const newest = [early, late, resumed].map((listener) => listener?.events.at(-1));
  expect(new Set(newest.map((message) => message?.seq)).size).toBe(1);
  expect(newest[0]?.cursor).toBe(newest[2]?.cursor);
  expect(newest[0]?.cursor).not.toBe(newest[1]?.cursor);
});

test('each name a message gives a field is filled in, and what a caller wrote is not taken for one', async () => {
  const query = `subscription { events(snapshot: true, types: [MARK_PRICE_SET]) { ...Place number: streamSeq sent:
    emittedAt event kind } }
    fragment Place on EventMessage { a: cursor b: cursor streamSeq emittedAt }`;
  const [listener] = await opened(1, 'auditor', query);
  const source = '"cursor" {streamSeq} emittedAt';
  await server.send({
    type: 'SubmitMarkPrices',
    source,
    prices: [{ instrument: 'BTC-PERP', price: '50001', bid: null, ask: null, observedAt: null }],
  });
  const [message] = (await listener?.have(1)) ?? [];
  expect(message).toMatchObject({ streamSeq: '1', number: '1', event: { source } });
  expect(message?.['a']).toBe(message?.['b']);
  expect(Date.parse(message?.['sent'] as string)).toBeGreaterThan(Date.parse('2025-01-01'));
});

test('AH-4 those who watch the same accounts are shown the same looks, each executed once', async () => {
  await pay(server, 'alice', '31000');
  const query = `subscription { accountHealth(accounts: ["alice"], snapshot: true) { ${FRAME} health { equity seq } } }`;
  const listeners = await opened(20, 'broker', query);
  const counts = await during(async () => {
    await pay(server, 'alice', '1000');
    await everyHas(listeners, 1)();
  });
  expect(counts).toEqual({ executions: 1, messages: 20 });
  expect(new Set(listeners.map(({ events }) => events[0]?.seq)).size).toBe(1);
});
