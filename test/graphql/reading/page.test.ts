/** Lists: pages of 1 to 100, a stable order whatever is written meanwhile, cursors that belong to their list. */

import { actOnAll, sale } from '../acts';
import { givenPerpetual, mark, openAccount, openServer, pay, type TestServer } from '../support';

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
  await givenPerpetual(server);
  for (const account of ['alice', 'bob']) await pay(server, account, '1000000');
  const trades = Array.from({ length: 101 }, (_, i) =>
    sale(`t${String(i).padStart(3, '0')}`, i % 2 ? 'alice' : 'bob', i % 2 ? 'bob' : 'alice', '0.1'),
  );
  await actOnAll(server, 'feed', 'submitTrades', { trades });
});
afterAll(() => server.close());

interface Page {
  readonly edges: readonly { cursor: string; node: { id: string } }[];
  readonly nodes: readonly { id: string }[];
  readonly totalCount: number;
  readonly pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
}

const PAGE =
  '{ edges { cursor node { id } } nodes { id } totalCount pageInfo { hasNextPage hasPreviousPage startCursor ' +
  'endCursor } }';

async function page(list: string, args: object): Promise<Page> {
  const given = Object.entries(args).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return (await server.get<Record<string, Page>>('admin', `{ ${list}(${given.join(', ')}) ${PAGE} }`))[list] as Page;
}

const idsOf = ({ nodes }: Page): string[] => nodes.map(({ id }) => id);

async function refusal(document: string): Promise<unknown[]> {
  const { errors } = await server.ask('admin', document);
  return [errors[0]?.extensions['code'], errors[0]?.extensions['path']];
}

describe('the size of a page', () => {
  test.each([1, 2, 100])('%d items are a page, from either end', async (size) => {
    for (const end of ['first', 'last']) {
      const { nodes, edges, totalCount, pageInfo } = await page('trades', { [end]: size });
      expect([nodes.length, edges.length, totalCount]).toEqual([size, size, 101]);
      expect([pageInfo.hasNextPage, pageInfo.hasPreviousPage]).toEqual(end === 'first' ? [true, false] : [false, true]);
      expect([pageInfo.startCursor, pageInfo.endCursor]).toEqual([edges[0]?.cursor, edges.at(-1)?.cursor]);
    }
  });

  test.each([0, 101, -1])('%d items are none', async (size) => {
    for (const end of ['first', 'last'])
      expect(await refusal(`{ trades(${end}: ${size}) { totalCount } }`)).toEqual(['BAD_USER_INPUT', 'trades']);
  });

  test.each(['', '(first: null)', '(first: 1, last: 1)', '(after: null)'])(
    'trades%s names not exactly one end',
    async (args) => {
      expect(await refusal(`{ trades${args} { totalCount } }`)).toEqual(['BAD_USER_INPUT', 'trades']);
    },
  );

  // What is asked for badly is null in its own place, and everything beside it is answered.
  const BAD = ['first: 0', 'first: 101', 'first: 1, last: 1', 'after: null', 'first: 1, after: "nothing"'];

  test.each(BAD)('one list asked for with %s is null alone: the others of the request are there', async (args) => {
    const { status, data, errors } = await server.ask<Record<string, unknown>>(
      'admin',
      `{ bad: trades(${args}) { totalCount } good: trades(first: 1) { totalCount } orders(last: 1) { totalCount } ` +
        `viewer { id } }`,
    );
    expect([status, errors.map(({ extensions, path }) => [extensions['code'], path])]).toEqual([
      200,
      [['BAD_USER_INPUT', ['bad']]],
    ]);
    expect(data).toEqual({ bad: null, good: { totalCount: 101 }, orders: { totalCount: 0 }, viewer: { id: 'admin' } });
  });

  test.each(BAD)('within an account, a list asked for with %s is null alone', async (args) => {
    const { data, errors } = await server.ask<Record<string, unknown>>(
      'admin',
      `{ account(id: "alice") { id trades(${args}) { totalCount } orders(first: 1) { totalCount } }
        bob: account(id: "bob") { id trades(first: 1) { totalCount } } }`,
    );
    expect(errors.map(({ extensions, path }) => [extensions['code'], path])).toEqual([
      ['BAD_USER_INPUT', ['account', 'trades']],
    ]);
    expect(data).toMatchObject({
      account: { id: 'alice', trades: null, orders: { totalCount: 0 } },
      bob: { id: 'bob', trades: { totalCount: 101 } },
    });
  });

  test.each(BAD)(
    'within the answer of a mutation, a list asked for with %s hides nothing of what was done',
    async (args) => {
      const pay = (n: number): string =>
        `depositCollateral(input: { idempotencyKey: "${args.replaceAll('"', '')}${n}", account: "alice", ` +
        `currency: "USD", amount: "1" })`;
      const { data, errors } = await server.ask<Record<string, unknown>>(
        'broker',
        `mutation { a: ${pay(1)} { outcome seq account { id trades(${args}) { totalCount } } } b: ${pay(2)} { ` +
          `outcome } }`,
      );
      expect(errors.map(({ extensions }) => extensions['code'])).toEqual(['BAD_USER_INPUT']);
      expect(data).toMatchObject({
        a: { outcome: 'DONE', seq: expect.any(String), account: { id: 'alice', trades: null } },
        b: { outcome: 'DONE' },
      });
    },
  );

  test('a list of as many items as a page has no next page; one more has', async () => {
    const { edges } = await page('trades', { first: 1 });
    const rest = await page('trades', { first: 100, after: edges[0]?.cursor });
    expect([rest.nodes.length, rest.pageInfo.hasNextPage, rest.pageInfo.hasPreviousPage]).toEqual([100, false, true]);
    const short = await page('trades', { first: 99, after: edges[0]?.cursor });
    expect([short.nodes.length, short.pageInfo.hasNextPage]).toEqual([99, true]);
  });

  test('an empty list has no cursors', async () => {
    expect(await page('marginCalls', { first: 5 })).toEqual({
      ...{ edges: [], nodes: [], totalCount: 0 },
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
  });
});

describe('the way through a list', () => {
  async function walk(
    list: string,
    size: number,
    between: () => Promise<unknown> = async () => undefined,
  ): Promise<string[]> {
    const ids: string[] = [];
    let after: string | null = null;
    do {
      const found: Page = await page(list, { first: size, ...(after ? { after } : {}) });
      ids.push(...idsOf(found));
      after = found.pageInfo.hasNextPage ? found.pageInfo.endCursor : null;
      await between();
    } while (after);
    return ids;
  }

  test('forwards and backwards, in any steps, it is the same list', async () => {
    const whole = await walk('trades', 100);
    expect(whole).toHaveLength(101);
    expect(await walk('trades', 7)).toEqual(whole);
    const back: string[] = [];
    let before: string | null = null;
    do {
      const found: Page = await page('trades', { last: 9, ...(before ? { before } : {}) });
      back.unshift(...idsOf(found));
      before = found.pageInfo.hasPreviousPage ? found.pageInfo.startCursor : null;
    } while (before);
    expect(back).toEqual(whole);
  });

  test('between two cursors is what lies between them, without them', async () => {
    const { edges } = await page('trades', { first: 10 });
    const between = await page('trades', { first: 100, after: edges[2]?.cursor, before: edges[7]?.cursor });
    expect(idsOf(between)).toEqual(edges.slice(3, 7).map(({ node }) => node.id));
  });

  test('what is written on the way neither hides nor repeats anything', async () => {
    const before = await walk('trades', 100);
    let n = 0;
    const seen = await walk('trades', 20, () =>
      actOnAll(server, 'feed', 'submitTrades', { trades: [sale(`new-${++n}`, 'alice', 'bob', '0.1')] }),
    );
    expect(seen).toEqual(before);
    expect(await walk('trades', 100)).toEqual([...Array.from({ length: n }, (_, i) => `new-${n - i}`), ...before]);
  });

  test('of a list by name, what is added before the cursor is not shown and what is added behind it is', async () => {
    const first = await page('accounts', { first: 2 });
    await openAccount(server, 'aaa', 'broker');
    await openAccount(server, 'zzz', 'broker');
    const rest = await page('accounts', { first: 100, after: first.pageInfo.endCursor });
    expect(idsOf(rest)).not.toContain('aaa');
    expect(idsOf(rest)).toContain('zzz');
    expect([...idsOf(first), ...idsOf(rest)]).toHaveLength(new Set([...idsOf(first), ...idsOf(rest)]).size);
  });
});

describe('cursors', () => {
  test('one of another list is refused', async () => {
    const cursor = (await page('trades', { first: 1 })).pageInfo.endCursor;
    for (const list of ['accounts', 'marginCalls', 'liquidations', 'instruments', 'journal', 'tierSchedules'])
      expect(await refusal(`{ ${list}(first: 1, after: "${cursor}") { totalCount } }`)).toEqual([
        'BAD_USER_INPUT',
        list,
      ]);
    expect(await refusal(`{ trades(first: 1, after: "${cursor}") { totalCount } }`)).toEqual([undefined, undefined]);
  });

  test('one of another list of the same form is refused too', async () => {
    await mark(server, '50001');
    const names = (await page('accounts', { first: 1 })).pageInfo.endCursor;
    for (const list of ['instruments', 'currencies', 'members', 'apiKeys', 'priceIndices'])
      expect(await refusal(`{ ${list}(first: 1, after: "${names}") { totalCount } }`)).toEqual([
        'BAD_USER_INPUT',
        list,
      ]);
  });

  test.each([
    'x',
    'eyJhIjoxfQ',
    'W10',
    'WzFd',
    Buffer.from('[1,2]').toString('base64url'),
    Buffer.from('["1","2"]').toString('base64url'),
    'not a cursor',
    '',
    'a'.repeat(513),
  ])('"%s" is none', async (after) => {
    const { errors } = await server.ask(
      'admin',
      'query ($after: Cursor) { trades(first: 1, after: $after) { totalCount } }',
      { after },
    );
    expect(errors[0]?.extensions['code']).toBe('BAD_USER_INPUT');
  });

  test('a cursor outlives what was behind it, and other arguments of the list', async () => {
    const { edges } = await page('trades', { first: 3 });
    const ofAlice = await server.get<{ trades: Page }>(
      'admin',
      `{ trades(account: "alice", first: 1, after: "${edges[1]?.cursor}") ${PAGE} }`,
    );
    expect(idsOf(ofAlice.trades)).toEqual([edges[2]?.node.id]);
  });
});
