/** A database that goes away: who asks is told so, what was done is done, and the answers come back with it. */

import { isDatabaseLost } from '../../../src/graphql/error/lost';
import { createProxy } from '../../journal/proxy';
import { type CreatedDatabase, createTestDatabase, describePostgres } from '../../support/postgres';
import { documentOf, payment } from '../acts';
import { bearer, givenPerpetual, openServer, type Reply, type TestServer } from '../support';

describePostgres('a server whose database goes away', () => {
  let database: CreatedDatabase;
  let proxy: Awaited<ReturnType<typeof createProxy>>;
  let server: TestServer;
  beforeAll(async () => {
    database = await createTestDatabase();
    proxy = await createProxy(database.url);
    server = await openServer({ databaseUrl: proxy.url });
    await givenPerpetual(server);
    expect((await ask('{ accounts(first: 5) { totalCount } }')).data).toEqual({ accounts: { totalCount: 2 } });
    await proxy.close();
  });
  afterAll(async () => {
    await server.close();
    await database.drop();
  });

  /** Not by way of the helper, which waits for the rows. */
  async function ask(query: string, variables: object = {}): Promise<Pick<Reply<unknown>, 'data' | 'errors'>> {
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: bearer('broker') },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as Reply<unknown>;
  }

  const DOWN = {
    code: 'UNAVAILABLE',
    retriable: true,
    docs: 'docs/errors.md#unavailable',
    reason: 'DATABASE_DOWN',
    retryAfterMs: 1_000,
  };

  test('UNAVAILABLE: a query is told so, without a word of where the database is, and whoever runs the server too', async () => {
    const { errors } = await ask('{ accounts(first: 5) { totalCount } }');
    expect(errors).toEqual([
      expect.objectContaining({ message: 'The database cannot be reached now.', path: ['accounts'], extensions: DOWN }),
    ]);
    expect(JSON.stringify(errors)).not.toMatch(/127\.0\.0\.1|postgres|prisma/i);
    expect(server.faults.length).toBeGreaterThan(0);
  });

  test('what needs no rows is answered all the same', async () => {
    expect((await ask('{ viewer { id } house { running } }')).data).toEqual({
      viewer: { id: 'broker' },
      house: { running: true },
    });
  });

  test('UNAVAILABLE: a mutation is done, since its journal is there, and its key tells so', async () => {
    const seq = server.house.status().seq;
    const input = { ...payment('alice', '1.00'), idempotencyKey: 'down' };
    expect((await ask(documentOf('depositCollateral', 'account { id }'), { input })).errors[0]?.extensions).toEqual(
      DOWN,
    );
    expect(server.house.status().seq).toBe(seq + 1);
    expect((await ask(documentOf('depositCollateral', 'outcome replayed'), { input })).data).toEqual({
      depositCollateral: { outcome: 'DONE', replayed: true },
    });
  });
});

test.each([
  [Object.assign(new Error('x'), { code: 'P1001' }), true],
  [Object.assign(new Error('x'), { code: '57P01' }), true],
  [new Error('Connection terminated unexpectedly'), true],
  [new Error('x', { cause: Object.assign(new Error('y'), { code: 'ECONNREFUSED' }) }), true],
  [Object.assign(new Error('x'), { code: 'P2002' }), false],
  [new Error('terminated'), false],
  ['P1001', false],
])('%p is a database that cannot be reached: %p', (error, lost) => {
  expect(isDatabaseLost(error)).toBe(lost);
});
