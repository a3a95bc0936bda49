/** How large a request may be, how long it may take, and which documents are answered: each at its border. */

import { sha256 } from '../../../src/units/hash';
import { payment } from '../acts';
import { bearer, givenPerpetual, type KeyName, openServer, pay, type TestServer } from '../support';

const BODY = 100_000;
const BULK_BODY = 1_000_000;
const LIST = 1_000;

interface Raw {
  readonly status: number;
  readonly body: { data?: unknown; errors?: { message: string; extensions: Record<string, unknown> }[] };
}

async function post(server: TestServer, key: KeyName, body: string): Promise<Raw> {
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: bearer(key) },
    body,
  });
  return { status: response.status, body: JSON.parse(await response.text()) as Raw['body'] };
}

const codeOf = ({ status, body }: Raw): unknown[] => [status, body.errors?.[0]?.extensions['code']];

describe('with the standard limits', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
    await givenPerpetual(server);
  });
  afterAll(() => server.close());

  /** A request of exactly so many bytes. */
  function ofSize(bytes: number, request: object, filler = ' '): string {
    const text = JSON.stringify(request);
    return text + filler.repeat(bytes - Buffer.byteLength(text));
  }

  test('BODY_TOO_LARGE: 100,000 bytes are taken, one more is not', async () => {
    const request = { query: '{ viewer { id } }' };
    expect(codeOf(await post(server, 'broker', ofSize(BODY, request)))).toEqual([200, undefined]);
    expect(codeOf(await post(server, 'broker', ofSize(BODY + 1, request)))).toEqual([413, 'BODY_TOO_LARGE']);
  });

  test('BODY_TOO_LARGE: bytes are counted, not characters', async () => {
    const name = 'ä'.repeat(BODY / 2);
    const request = {
      query: 'mutation ($input: AdmitMemberInput!) { admitMember(input: $input) { outcome } }',
      variables: { input: { name, idempotencyKey: 'x' } },
    };
    expect(JSON.stringify(request).length).toBeLessThan(BODY);
    expect(codeOf(await post(server, 'admin', JSON.stringify(request)))).toEqual([413, 'BODY_TOO_LARGE']);
  });

  test('BODY_TOO_LARGE: mutations of lists take 1,000,000 bytes and not one more', async () => {
    const bulk = { query: 'mutation ($input: SubmitMarkPricesInput!) { submitMarkPrices(input: $input) { outcome } }' };
    const variables = {
      input: { source: 'x', idempotencyKey: 'x', prices: [{ instrument: 'BTC-PERP', price: '50000' }] },
    };
    expect(codeOf(await post(server, 'feed', ofSize(BULK_BODY, { ...bulk, variables })))).toEqual([200, undefined]);
    expect(codeOf(await post(server, 'feed', ofSize(BULK_BODY + 1, { ...bulk, variables })))).toEqual([
      413,
      'BODY_TOO_LARGE',
    ]);
  });

  test('BODY_TOO_LARGE: a query does not become larger by being sent along with a mutation of lists', async () => {
    const query =
      'query Q { viewer { id } } mutation M { submitMarkPrices(input: { source: "x", idempotencyKey: "x", prices: ' +
      '[] }) { outcome } }';
    expect(codeOf(await post(server, 'feed', ofSize(BODY + 1, { query, operationName: 'Q' })))).toEqual([
      413,
      'BODY_TOO_LARGE',
    ]);
  });

  test('BODY_TOO_LARGE: what a header says of the size does not count', async () => {
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(Buffer.from(ofSize(BODY + 1, { query: '{ viewer { id } }' })));
        controller.close();
      },
    });
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: bearer('broker') },
      body,
      duplex: 'half',
    } as RequestInit);
    expect(response.status).toBe(413);
  });

  const LISTS = [
    ['broker', 'depositCollateralBatch', 'DepositCollateralBatchInput', 'deposits', payment('alice', '1')],
    ['feed', 'submitMarkPrices', 'SubmitMarkPricesInput', 'prices', { instrument: 'BTC-PERP', price: '50000' }],
    ['feed', 'submitIndexPrices', 'SubmitIndexPricesInput', 'prices', { index: 'BTC/USD', price: '50000' }],
    [
      'feed',
      'submitTrades',
      'SubmitTradesInput',
      'trades',
      { trade: 't', instrument: 'BTC-PERP', buyer: 'a', seller: 'b', price: '1', size: '1' },
    ],
  ] as const;

  test.each(LISTS)('LIMIT_EXCEEDED as %s: %s takes 1 to 1,000 items', async (key, mutation, type, field, item) => {
    const document = `mutation ($input: ${type}!) { ${mutation}(input: $input) { outcome } }`;
    const more = field === 'prices' ? { source: 'x' } : {};
    const send = (length: number) => {
      const input = { ...more, idempotencyKey: `${mutation}-${length}`, [field]: Array.from({ length }, () => item) };
      return server.ask(key, document, { input });
    };
    const before = { status: server.house.status().seq, digest: await server.house.digest() };
    for (const length of [0, LIST + 1]) {
      const { errors } = await send(length);
      expect(errors[0]?.extensions).toMatchObject({ code: 'LIMIT_EXCEEDED', limit: 'list', maximum: LIST });
    }
    expect({ status: server.house.status().seq, digest: await server.house.digest() }).toEqual(before);
    for (const length of [1, LIST]) expect((await send(length)).errors).toEqual([]);
  });

  test('LIMIT_EXCEEDED: no list of any query is longer than 1,000 either, and none lies in lists without end', async () => {
    const document = 'query ($status: [MarginCallStatus!]) { marginCalls(first: 1, status: $status) { totalCount } }';
    const ask = async (length: number) =>
      (await server.ask('broker', document, { status: Array.from({ length }, () => 'OPEN') })).errors[0]?.extensions;
    expect([await ask(LIST), await ask(LIST + 1)]).toEqual([
      undefined,
      expect.objectContaining({ code: 'LIMIT_EXCEEDED', path: 'status' }),
    ]);
    const deep = `{"query":"{ viewer { id } }","variables":{"x":${'['.repeat(40_000)}${']'.repeat(40_000)}}}`;
    expect(codeOf(await post(server, 'broker', deep))).toEqual([400, 'LIMIT_EXCEEDED']);
    const objects = `{"query":"{ viewer { id } }","variables":${'{"a":'.repeat(15_000)}1${'}'.repeat(15_000)}}`;
    expect(codeOf(await post(server, 'broker', objects))).toEqual([400, 'LIMIT_EXCEEDED']);
    expect(server.faults).toEqual([]);
  });
});

describe('time', () => {
  let server: TestServer;
  afterEach(() => server.close());

  test('TIMED_OUT: a query that takes longer than it may is given up at once, and the server goes on', async () => {
    server = await openServer({ limits: { executionMs: 1_000 } });
    await givenPerpetual(server);
    // Waiting for an entry that does not come takes two seconds.
    const began = Date.now();
    const { status, errors } = await server.ask('broker', '{ asOf(atLeast: "1000000") { seq } }');
    expect([status, errors[0]?.extensions['code'], errors[0]?.extensions['retriable']]).toEqual([
      503,
      'TIMED_OUT',
      true,
    ]);
    expect(Date.now() - began).toBeLessThan(1_900);
    await pay(server, 'alice', '1');
    expect((await server.get<{ asOf: { fresh: boolean } }>('broker', '{ asOf { fresh } }')).asOf.fresh).toBe(true);
    expect(server.faults).toEqual([]);
  });

  test('TIMED_OUT: a mutation that was given up may have been done all the same, and its key tells', async () => {
    server = await openServer({ limits: { executionMs: 1 } });
    await givenPerpetual(server);
    const before = server.house.status().seq;
    const { errors } = await server.ask(
      'broker',
      'mutation { depositCollateral(input: { account: "alice", currency: "USD", amount: "1.00", idempotencyKey: ' +
        '"late" }) { account { health { equity } } } }',
    );
    expect(errors[0]?.extensions['code']).toBe('TIMED_OUT');
    const command = { type: 'DepositCollateral', account: 'alice', currency: 'USD', amount: '1' } as const;
    const [answer] = await server.house.submit([
      { actor: { id: 'broker', role: 'BROKER', member: 'broker' }, command, key: 'late' },
    ]);
    expect(answer).toMatchObject({ replayed: true, seq: before + 1 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(server.faults).toEqual([]);
  });
});

describe('introspection', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
  });
  afterAll(() => server.close());

  const ASKING = [
    '{ __schema { queryType { name } } }',
    '{ __type(name: "Account") { name } }',
    '{ viewer { id } ...F } fragment F on Query { __schema { types { name } } }',
  ];

  test.each(['admin', 'officer', 'auditor', 'broker'] as const)(
    'is for those who build against the API: %s',
    async (key) => {
      for (const query of ASKING) expect((await server.ask(key, query)).errors).toEqual([]);
    },
  );

  test.each(['reader', 'feed', 'liquidator'] as const)(
    'INTROSPECTION_DISABLED: %s may not ask for the schema, but what type a thing is',
    async (key) => {
      for (const query of ASKING) {
        const { status, data, errors } = await server.ask(key, query);
        expect([status, data, errors[0]?.extensions['code']]).toEqual([403, undefined, 'INTROSPECTION_DISABLED']);
      }
      expect(await server.get(key, '{ __typename viewer { __typename } }')).toEqual({
        __typename: 'Query',
        viewer: { __typename: 'Viewer' },
      });
    },
  );

  test('can be shut for all', async () => {
    const shut = await openServer({ introspection: [] });
    expect((await shut.ask('admin', ASKING[0] as string)).status).toBe(403);
    await shut.close();
  });
});

describe('trusted documents', () => {
  const KNOWN = 'query ($id: ID!) { account(id: $id) { id } }';
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer({ trustedDocuments: new Set([sha256(KNOWN)]) });
    await givenPerpetual(server);
  });
  afterAll(() => server.close());

  test('one that is known is answered, with any variables', async () => {
    expect(await server.get('broker', KNOWN, { id: 'alice' })).toEqual({ account: { id: 'alice' } });
    expect(await server.get('broker', KNOWN, { id: 'eve' })).toEqual({ account: null });
  });

  test.each([
    `${KNOWN} `,
    KNOWN.replace('id }', 'id owner }'),
    '{ viewer { id } }',
    'mutation { depositCollateral(input: { account: "alice", currency: "USD", amount: "1", idempotencyKey: "x" }) ' +
      '{ outcome } }',
  ])('DOCUMENT_NOT_TRUSTED: %s is not', async (query) => {
    const before = server.house.status().seq;
    const { status, errors } = await server.ask('broker', query, { id: 'alice' });
    expect([status, errors[0]?.extensions['code']]).toEqual([403, 'DOCUMENT_NOT_TRUSTED']);
    expect(server.house.status().seq).toBe(before);
  });
});
