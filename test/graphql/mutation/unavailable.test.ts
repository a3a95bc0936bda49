/** A house that cannot take more says so, does nothing by halves, and the same key tells later what was done. */

import { act, actOnAll, documentOf, payment } from '../acts';
import { givenPerpetual, linesOf, openServer, pay, type TestServer } from '../support';

const ONE = documentOf('depositCollateral', 'outcome seq');
const LIST = documentOf('depositCollateralBatch', 'outcome items { outcome }');
const code = ({ errors }: { errors: readonly { extensions: Record<string, unknown> }[] }): unknown =>
  errors[0]?.extensions['code'];

describe('a full queue', () => {
  const LIMIT = 20;
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer({ queueLimit: LIMIT });
    await givenPerpetual(server);
  });
  afterAll(() => server.close());

  const listOf = (size: number): object => ({
    input: {
      deposits: Array.from({ length: size }, () => payment('alice', '1.00')),
      idempotencyKey: `list-of-${size}`,
    },
  });

  test(
    'UNAVAILABLE: one command more than the queue holds is refused whole, with the time to wait; half as many ' +
      'are taken',
    async () => {
      const before = { seq: server.house.status().seq, digest: await server.house.digest() };
      const { data, errors } = await server.ask('broker', LIST, listOf(LIMIT + 1));
      expect(data).toBeNull();
      expect(errors).toEqual([
        expect.objectContaining({
          message: `More than ${LIMIT} commands are waiting`,
          path: ['depositCollateralBatch'],
          extensions: {
            code: 'UNAVAILABLE',
            retriable: true,
            docs: 'docs/errors.md#unavailable',
            reason: 'QUEUE_FULL',
            retryAfterMs: 250,
          },
        }),
      ]);
      expect({ seq: server.house.status().seq, digest: await server.house.digest() }).toEqual(before);
      expect(await server.get('broker', LIST, listOf(LIMIT / 2))).toMatchObject({
        depositCollateralBatch: { outcome: 'DONE' },
      });
      expect(server.house.status().seq).toBe(before.seq + LIMIT / 2);
    },
  );

  test('RATE_LIMITED: a list of more than its share is refused, and the share is half for one alone', async () => {
    const before = server.house.status().seq;
    const { status, errors } = await server.ask('broker', LIST, listOf(LIMIT / 2 + 1));
    expect(status).toBe(429);
    expect(errors[0]?.extensions).toEqual({
      code: 'RATE_LIMITED',
      retriable: true,
      docs: 'docs/errors.md#rate_limited',
      reason: 'SHARE_USED',
      retryAfterMs: 250,
    });
    expect(server.house.status().seq).toBe(before);
  });

  test('UNAVAILABLE: of a storm of requests each is done or refused, none by halves and none twice', async () => {
    const before = server.house.status().seq;
    const keys = Array.from({ length: 3 * LIMIT }, (_, i) => `storm-${i}`);
    const send = (key: string) =>
      server.ask('broker', ONE, { input: { ...payment('bob', '1.00'), idempotencyKey: key } });
    const answers = await Promise.all(keys.map(send));
    const refusals = ['UNAVAILABLE', 'RATE_LIMITED'];
    const refused = keys.filter((_, i) => refusals.includes(String(code(answers[i] as never))));
    expect(answers.filter((answer) => code(answer) !== undefined && !refusals.includes(String(code(answer))))).toEqual(
      [],
    );
    expect(server.house.status().seq).toBe(before + keys.length - refused.length);
    // Sent again, one by one, every key is done exactly once.
    for (const key of keys) await send(key);
    expect(server.house.status().seq).toBe(before + keys.length);
    const { account } = await server.get<{ account: object }>(
      'broker',
      '{ account(id: "bob") { balances { amount } } }',
    );
    expect(account).toEqual({ balances: [{ amount: `${keys.length}.00` }] });
  });
});

describe('a full memory', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer({ room: { keys: 120, trades: 120 } });
    await givenPerpetual(server);
  });
  afterAll(() => server.close());

  test('UNAVAILABLE: the API key that fills it is told to wait, is answered what it did before, and others are served', async () => {
    const send = (who: 'broker' | 'admin', key: string) =>
      server.ask(who, ONE, { input: { ...payment('alice', '1.00'), idempotencyKey: key } });
    let sent = 0;
    while (code(await send('broker', `k${sent}`)) === undefined) sent += 1;
    expect(sent).toBeGreaterThan(20);
    const before = server.house.status().seq;
    const { errors } = await send('broker', 'new');
    expect(errors[0]?.extensions).toMatchObject({
      code: 'UNAVAILABLE',
      retriable: true,
      reason: 'MEMORY_FULL',
      retryAfterMs: 3_600_000,
    });
    expect(
      await act(server, 'broker', 'depositCollateral', { ...payment('alice', '1.00'), idempotencyKey: 'k0' }),
    ).toMatchObject({
      replayed: true,
    });
    expect(server.house.status().seq).toBe(before);
    expect(code(await send('admin', 'new'))).toBeUndefined();
    await server.pass('24h');
    expect(
      await act(server, 'broker', 'depositCollateral', { ...payment('alice', '1.00'), idempotencyKey: 'new' }),
    ).toMatchObject({
      outcome: 'DONE',
      replayed: false,
    });
  });
});

describe('a journal that fails', () => {
  let server: TestServer;
  let fails = false;
  beforeAll(async () => {
    server = await openServer({ journalFails: () => fails });
    await givenPerpetual(server);
    await pay(server, 'alice', '100');
  });
  afterAll(() => server.close());

  test('UNAVAILABLE: what is in the batch is answered as unknown, nothing is published, and the house stops', async () => {
    const seq = server.house.status().seq;
    fails = true;
    const [one, list] = await Promise.all([
      server.ask('broker', ONE, { input: { ...payment('alice', '1.00'), idempotencyKey: 'lost' } }),
      server.ask('broker', LIST, {
        input: { deposits: [payment('alice', '1.00'), payment('bob', '1.00')], idempotencyKey: 'lost-list' },
      }),
    ]);
    for (const { errors } of [one, list])
      expect(errors.map(({ extensions }) => extensions)).toEqual([
        {
          code: 'UNAVAILABLE',
          retriable: true,
          docs: 'docs/errors.md#unavailable',
          reason: 'JOURNAL_DOWN',
          retryAfterMs: 5000,
        },
      ]);
    expect(server.faults).toEqual([new Error('The disk is gone')]);
    expect(server.house.status()).toMatchObject({ seq, running: false });
    fails = false;
    expect(
      code(await server.ask('broker', ONE, { input: { ...payment('alice', '1.00'), idempotencyKey: 'later' } })),
    ).toBe('UNAVAILABLE');
  });

  test('a house that has stopped is still read, and says that it has stopped', async () => {
    const { house, account } = await server.get<{ house: object; account: object }>(
      'broker',
      '{ house { running state } account(id: "alice") { balances { amount } } }',
    );
    expect(house).toEqual({ running: false, state: 'STOPPED' });
    expect(account).toEqual({ balances: [{ amount: '100.00' }] });
    const health = await fetch(new URL('/healthz', server.url));
    expect([health.status, ((await health.json()) as { status: string }).status]).toEqual([503, 'stopped']);
  });
});

describe('a house that was closed', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
    await givenPerpetual(server);
    await server.house.close();
  });
  afterAll(() => server.close());

  test.each`
    key         | document                                                                             | input
    ${'broker'} | ${ONE}                                                                               | ${{ ...payment('alice', '1.00'), idempotencyKey: 'late' }}
    ${'admin'}  | ${'mutation ($input: AdvanceTimeInput!) { advanceTime(input: $input) { outcome } }'} | ${{ to: '2030-01-01T00:00:00.000Z' }}
  `('UNAVAILABLE: it takes nothing, and says so at once: $document', async ({ key, document, input }) => {
    const answer = await server.ask(key, document, { input });
    expect(answer.data).toBeNull();
    expect(answer.errors[0]?.extensions).toMatchObject({ code: 'UNAVAILABLE', reason: 'CLOSED', retriable: true });
  });
});

describe('a house that is started again from its journal', () => {
  let first: TestServer;
  let second: TestServer;
  afterAll(async () => {
    await first.close();
    await second.close();
  });

  test('it knows the keys of before', async () => {
    first = await openServer();
    await givenPerpetual(first);
    const input = { ...payment('alice', '1.00'), idempotencyKey: 'before' };
    const answer = await act(first, 'broker', 'depositCollateral', input);
    second = await openServer({ journal: await linesOf(first.house) });
    expect(await act(second, 'broker', 'depositCollateral', input)).toEqual({ ...answer, replayed: true });
    expect(
      (await actOnAll(second, 'broker', 'depositCollateralBatch', { deposits: [payment('alice', '1')] })).outcome,
    ).toBe('DONE');
  });
});
