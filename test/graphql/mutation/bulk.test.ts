/** Lists: each item is answered on its own, in the order of the list, and one that is refused holds up no other. */

import { act, actOnAll, payment, sale } from '../acts';
import { givenPerpetual, openServer, pay, type TestServer } from '../support';

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
  await givenPerpetual(server);
  await pay(server, 'alice', '100000');
  await pay(server, 'bob', '100000');
});
afterAll(() => server.close());

const codes = (items: readonly { rejections: readonly { code: string }[] }[]): (string | null)[] =>
  items.map(({ rejections }) => rejections[0]?.code ?? null);

test('submitTrades clears what can be cleared, and says of each other one why not', async () => {
  const seq = server.house.status().seq;
  const { outcome, items } = await actOnAll(server, 'feed', 'submitTrades', {
    idempotencyKey: 'trades',
    trades: [
      sale('b1', 'alice', 'bob', '1'),
      sale('b1', 'alice', 'bob', '1'),
      sale('b2', 'alice', 'nobody', '1'),
      sale('b3', 'alice', 'bob', '0.15'),
      sale('b4', 'alice', 'alice', '1'),
      sale('b5', 'alice', 'bob', '1000'),
      sale('b6', 'bob', 'alice', '0.5'),
    ],
  });
  expect(outcome).toBe('PARTIAL');
  expect(codes(items)).toEqual([
    null,
    'DUPLICATE_TRADE',
    'ACCOUNT_NOT_FOUND',
    'SIZE_OFF_LOT',
    'SAME_ACCOUNT',
    'INSUFFICIENT_INITIAL_MARGIN',
    null,
  ]);
  expect(items.map((item) => item.seq)).toEqual(items.map((_, i) => String(seq + 1 + i)));
  const { trades, journal } = await server.get<{ trades: { nodes: object[] }; journal: { nodes: object[] } }>(
    'auditor',
    `{ trades(first: 10) { nodes { id size } } journal(first: 10, from: "${seq + 1}") { nodes { key commandType ` +
      `rejections } } }`,
  );
  expect(trades.nodes).toEqual([
    { id: 'b6', size: '0.5' },
    { id: 'b1', size: '1.0' },
  ]);
  expect(journal.nodes).toEqual(
    items.map((item, i) => ({
      key: `trades/${i}`,
      commandType: 'SubmitTrade',
      rejections: item.rejections.map(({ code }) => code),
    })),
  );
});

test('submitTrades is done where every one was cleared, and each sees what those before it did', async () => {
  await server.send({
    type: 'OpenAccount',
    account: 'carol',
    member: 'broker',
    owner: 'carol',
    kind: 'CLIENT',
    currency: 'USD',
    policy: 'classic',
    mode: 'CROSS',
    instrument: null,
  });
  await pay(server, 'carol', '2500');
  // 2,500 is initial margin of one contract: of two trades that need it the second finds nothing left.
  const { items } = await actOnAll(server, 'feed', 'submitTrades', {
    trades: [sale('c1', 'carol', 'bob', '1'), sale('c2', 'carol', 'bob', '0.1')],
  });
  expect(codes(items)).toEqual([null, 'INSUFFICIENT_INITIAL_MARGIN']);
  const closing = await actOnAll(server, 'feed', 'submitTrades', {
    trades: [sale('c3', 'bob', 'carol', '1'), sale('c4', 'carol', 'bob', '0.1')],
  });
  expect([closing.outcome, codes(closing.items)]).toEqual(['DONE', [null, null]]);
});

test('depositCollateralBatch records each payment by itself', async () => {
  const deposits = [
    payment('alice', '10.00'),
    payment('nobody', '10.00'),
    payment('alice', '0.001'),
    payment('alice', '-1'),
    payment('alice', '1', 'EUR'),
    payment('bob', '0.01'),
  ];
  const { outcome, items } = await actOnAll(server, 'broker', 'depositCollateralBatch', { deposits });
  expect(outcome).toBe('PARTIAL');
  expect(codes(items)).toEqual([
    null,
    'ACCOUNT_NOT_FOUND',
    'TOO_MANY_DIGITS',
    'AMOUNT_NOT_POSITIVE',
    'CURRENCY_NOT_FOUND',
    null,
  ]);
  expect(items.map(({ events }) => events)).toEqual([
    ['COLLATERAL_DEPOSITED'],
    [],
    [],
    [],
    [],
    ['COLLATERAL_DEPOSITED'],
  ]);
});

interface Prices {
  readonly items: readonly { item: number; id: string; outcome: string; rejections: readonly { code: string }[] }[];
}
const RESULTS = 'items { item id outcome rejections { code } }';

test('submitMarkPrices is one entry of the journal: what is good of it is set at once, the rest is named', async () => {
  const seq = server.house.status().seq;
  const quote = (price: string, more: object = {}): object => ({ instrument: 'BTC-PERP', price, ...more });
  const answer = await act<Prices>(
    server,
    'feed',
    'submitMarkPrices',
    {
      source: 'venue',
      prices: [
        quote('50001'),
        quote('50001.05'),
        quote('0'),
        quote('50000', { bid: '50001' }),
        { instrument: 'NONE', price: '1' },
        quote('50002'),
      ],
    },
    RESULTS,
  );
  expect(answer).toMatchObject({
    ...{ outcome: 'PARTIAL', seq: String(seq + 1), events: ['MARK_PRICE_SET', 'MARK_PRICE_SET'] },
    rejections: [
      { code: 'PRICE_OFF_TICK', field: 'input.prices[1].price' },
      { code: 'PRICE_NOT_POSITIVE', field: 'input.prices[2].price' },
      { code: 'PRICE_CROSSED', field: 'input.prices[3].price' },
      { code: 'INSTRUMENT_NOT_FOUND', field: 'input.prices[4].instrument' },
    ],
  });
  expect(answer.items.map(({ item, id, outcome }) => [item, id, outcome])).toEqual([
    [0, 'BTC-PERP', 'DONE'],
    [1, 'BTC-PERP', 'REJECTED'],
    [2, 'BTC-PERP', 'REJECTED'],
    [3, 'BTC-PERP', 'REJECTED'],
    [4, 'NONE', 'REJECTED'],
    [5, 'BTC-PERP', 'DONE'],
  ]);
  expect(codes(answer.items)).toEqual([
    null,
    'PRICE_OFF_TICK',
    'PRICE_NOT_POSITIVE',
    'PRICE_CROSSED',
    'INSTRUMENT_NOT_FOUND',
    null,
  ]);
  const { instrument } = await server.get<{ instrument: object }>(
    'feed',
    '{ instrument(id: "BTC-PERP") { mark { price seq source stale } } }',
  );
  expect(instrument).toEqual({ mark: { price: '50002.0', seq: String(seq + 1), source: 'venue', stale: false } });
});

test('submitMarkPrices is refused as a whole where each of its prices is', async () => {
  const prices = [
    { instrument: 'NONE', price: '1' },
    { instrument: 'BTC-PERP', price: '-1' },
  ];
  const answer = await act<Prices>(server, 'feed', 'submitMarkPrices', { source: 'venue', prices }, RESULTS);
  expect(answer).toMatchObject({ outcome: 'REJECTED', events: [], rejections: [{ code: 'INSTRUMENT_NOT_FOUND' }] });
  expect(answer.items.map(({ outcome }) => outcome)).toEqual(['REJECTED', 'REJECTED']);
});

test('submitIndexPrices answers each price of a source on its own', async () => {
  await server.send({
    type: 'DefineIndex',
    base: 'BTC',
    quote: 'USD',
    tick: '0.01',
    sources: ['one'],
    minimumSources: 1,
    maximumDeviation: '0.05',
    heartbeat: 60_000,
  });
  const prices = [
    { index: 'BTC/USD', price: '50000.00' },
    { index: 'BTC/USD', price: '50000.001' },
    { index: 'ETH/USD', price: '1' },
  ];
  const answer = await act<Prices>(server, 'feed', 'submitIndexPrices', { source: 'one', prices }, RESULTS);
  expect(answer.events).toEqual(['INDEX_PRICE_SET']);
  expect(codes(answer.items)).toEqual([null, 'PRICE_OFF_TICK', 'INDEX_NOT_FOUND']);
  const unknown = await act<Prices>(
    server,
    'feed',
    'submitIndexPrices',
    { source: 'two', prices: prices.slice(0, 1) },
    RESULTS,
  );
  expect(unknown.rejections[0]?.code).toBe('SOURCE_UNKNOWN');
});

test('a list with one item that cannot be read is an error: nothing of it is done', async () => {
  const before = { seq: server.house.status().seq, digest: await server.house.digest() };
  const { errors } = await server.ask(
    'broker',
    'mutation ($input: DepositCollateralBatchInput!) { depositCollateralBatch(input: $input) { outcome } }',
    {
      input: { deposits: [payment('alice', '1'), { ...payment('alice', '1'), amount: 1 }], idempotencyKey: 'unread' },
    },
  );
  expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', path: 'input.deposits[1].amount' });
  expect({ seq: server.house.status().seq, digest: await server.house.digest() }).toEqual(before);
});
