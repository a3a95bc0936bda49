/** The same request is done once, however often it is sent, and its first answer is given each time. */

import { act, actOnAll, documentOf, payment, sale } from '../acts';
import { givenPerpetual, openServer, pay, type TestServer } from '../support';

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
  await givenPerpetual(server);
  await pay(server, 'alice', '100000');
  await pay(server, 'bob', '100000');
});
afterAll(() => server.close());

const seqNow = (): number => server.house.status().seq;
const balanceOf = async (account: string): Promise<string> => {
  const { account: found } = await server.get<{ account: { balances: { amount: string }[] } }>(
    'admin',
    `{ account(id: "${account}") { balances { amount } } }`,
  );
  return found.balances[0]?.amount ?? '0';
};

test('the same key and body give the first answer again, marked as replayed, and change nothing', async () => {
  const input = { ...payment('alice', '1.00'), idempotencyKey: 'once' };
  const first = await act(server, 'broker', 'depositCollateral', input);
  expect(first).toMatchObject({ outcome: 'DONE', replayed: false, events: ['COLLATERAL_DEPOSITED'] });
  const before = { seq: seqNow(), balance: await balanceOf('alice') };
  await server.pass('1h');
  expect(await act(server, 'broker', 'depositCollateral', input)).toEqual({ ...first, replayed: true });
  expect({ seq: seqNow(), balance: await balanceOf('alice') }).toEqual(before);
});

test.each`
  what                  | changed
  ${'another amount'}   | ${{ amount: '2.00' }}
  ${'another account'}  | ${{ account: 'bob' }}
  ${'another currency'} | ${{ currency: 'BTC' }}
`(
  'IDEMPOTENCY_KEY_REUSED: the same key with $what is refused, and changes nothing',
  async ({ changed }: { changed: object }) => {
    await act(server, 'broker', 'depositCollateral', { ...payment('alice', '1.00'), idempotencyKey: 'reused' });
    const before = { seq: seqNow(), digest: await server.house.digest() };
    const again = await act(server, 'broker', 'depositCollateral', {
      ...payment('alice', '1.00'),
      idempotencyKey: 'reused',
      ...changed,
    });
    expect(again).toMatchObject({
      outcome: 'REJECTED',
      replayed: false,
      events: [],
      rejections: [{ code: 'IDEMPOTENCY_KEY_REUSED', retriable: false, details: { key: 'reused' } }],
    });
    expect({ seq: seqNow(), digest: await server.house.digest() }).toEqual(before);
  },
);

test('the same number however it is written is the same request', async () => {
  const input = { ...payment('alice', '7'), idempotencyKey: 'written' };
  const first = await act(server, 'broker', 'depositCollateral', input);
  for (const amount of ['7.0', '7.00', '7.000000']) {
    expect(await act(server, 'broker', 'depositCollateral', { ...input, amount })).toEqual({
      ...first,
      replayed: true,
    });
  }
  const literal =
    `mutation { depositCollateral(input: { account: "alice", currency: "USD", amount: "7.00", ` +
    `idempotencyKey: "written" }) { replayed } }`;
  expect(await server.get('broker', literal)).toEqual({ depositCollateral: { replayed: true } });
  expect((await act(server, 'broker', 'depositCollateral', { ...input, amount: '7.01' })).rejections[0]?.code).toBe(
    'IDEMPOTENCY_KEY_REUSED',
  );
  // Ids are texts: "1.0" and "1" are two accounts.
  const ids = ['1.0', '1'].map((account) => ({ ...payment(account, '7'), idempotencyKey: 'ids' }));
  const [one, other] = [
    await act(server, 'broker', 'depositCollateral', ids[0] ?? {}),
    await act(server, 'broker', 'depositCollateral', ids[1] ?? {}),
  ];
  expect([one.rejections[0]?.code, other.rejections[0]?.code]).toEqual(['ACCOUNT_NOT_FOUND', 'IDEMPOTENCY_KEY_REUSED']);
});

test('the same ratio and rate however written are the same request', async () => {
  const terms = {
    currency: 'USD',
    haircut: '0.1',
    conversionDiscount: '0.05',
    eligible: true,
    idempotencyKey: 'rates',
  };
  const first = await act(server, 'admin', 'setCollateralTerms', terms);
  expect(
    await act(server, 'admin', 'setCollateralTerms', { ...terms, haircut: '0.100', conversionDiscount: '0.0500' }),
  ).toEqual({
    ...first,
    replayed: true,
  });
});

test('IDEMPOTENCY_KEY_REUSED: the same key for another mutation is refused', async () => {
  await act(server, 'broker', 'depositCollateral', { ...payment('alice', '1.00'), idempotencyKey: 'shared' });
  const other = await act(server, 'broker', 'withdrawCollateral', {
    ...payment('alice', '1.00'),
    idempotencyKey: 'shared',
  });
  expect(other.rejections[0]?.code).toBe('IDEMPOTENCY_KEY_REUSED');
});

test('keys are each caller’s own: another one may use the same', async () => {
  const input = { ...payment('alice', '3.00'), idempotencyKey: 'common' };
  const [one, two] = [
    await act(server, 'broker', 'depositCollateral', input),
    await act(server, 'admin', 'depositCollateral', input),
  ];
  expect([one.replayed, two.replayed]).toEqual([false, false]);
  expect(two.seq).not.toBe(one.seq);
});

test('a rejection is replayed too, although the same command would succeed by now', async () => {
  const input = { ...payment('bob', '100000.01'), idempotencyKey: 'too-much' };
  const first = await act(server, 'broker', 'withdrawCollateral', input);
  expect(first.rejections[0]?.code).toBe('COLLATERAL_ENCUMBERED');
  await pay(server, 'bob', '1');
  expect(await act(server, 'broker', 'withdrawCollateral', input)).toEqual({ ...first, replayed: true });
  expect((await act(server, 'broker', 'withdrawCollateral', { ...input, idempotencyKey: 'now' })).outcome).toBe('DONE');
});

test('sent ten times at once it is done once', async () => {
  const before = await balanceOf('alice');
  const input = { ...payment('alice', '10.00'), idempotencyKey: 'storm' };
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => act(server, 'broker', 'depositCollateral', input)),
  );
  expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
  expect(new Set(answers.map(({ seq }) => seq)).size).toBe(1);
  expect(Number(await balanceOf('alice'))).toBe(Number(before) + 10);
});

test('DS-3 ruling 22 a key is remembered for 24 hours and not a millisecond longer', async () => {
  const input = { ...payment('alice', '5.00'), idempotencyKey: 'daily' };
  const first = await act(server, 'broker', 'depositCollateral', input);
  await server.pass('23h59m59.999s');
  await pay(server, 'bob', '1');
  expect(await act(server, 'broker', 'depositCollateral', input)).toEqual({ ...first, replayed: true });
  await server.pass('1ms');
  await pay(server, 'bob', '1');
  expect(await act(server, 'broker', 'depositCollateral', input)).toMatchObject({ outcome: 'DONE', replayed: false });
});

test('items of a list have keys of their own: sent again with one more, only that one is new', async () => {
  await pay(server, 'bob', '100000');
  const trades = [sale('i1', 'alice', 'bob', '0.1'), sale('i2', 'alice', 'bob', '0.1')];
  const first = await actOnAll(server, 'feed', 'submitTrades', { trades, idempotencyKey: 'list' });
  expect(first.items.map(({ outcome, replayed }) => [outcome, replayed])).toEqual([
    ['DONE', false],
    ['DONE', false],
  ]);
  const again = await actOnAll(server, 'feed', 'submitTrades', {
    trades: [...trades, sale('i3', 'bob', 'alice', '0.1')],
    idempotencyKey: 'list',
  });
  expect(again.items.map(({ outcome, replayed }) => [outcome, replayed])).toEqual([
    ['DONE', true],
    ['DONE', true],
    ['DONE', false],
  ]);
  expect(again.items.slice(0, 2)).toEqual(first.items.map((item) => ({ ...item, replayed: true })));
  // An item that is another than the one in its place before is refused by itself.
  const changed = await actOnAll(server, 'feed', 'submitTrades', {
    trades: [sale('i1', 'alice', 'bob', '0.10'), sale('i4', 'alice', 'bob', '0.2')],
    idempotencyKey: 'list',
  });
  expect(changed.items.map(({ replayed, rejections }) => [replayed, rejections[0]?.code])).toEqual([
    [true, undefined],
    [false, 'IDEMPOTENCY_KEY_REUSED'],
  ]);
});

test('a list of prices is one request with one key', async () => {
  const input = { source: 'venue', prices: [{ instrument: 'BTC-PERP', price: '50000.1' }], idempotencyKey: 'marks' };
  const first = await act(server, 'feed', 'submitMarkPrices', input, 'items { id outcome }');
  expect(await act(server, 'feed', 'submitMarkPrices', input, 'items { id outcome }')).toEqual({
    ...first,
    replayed: true,
  });
});

test('a request that leaves its id to the house names the same thing each time it is sent', async () => {
  const input = { member: 'broker', owner: 'broker/new', currency: 'USD', policy: 'classic', idempotencyKey: 'open' };
  const first = await act<{ accountId: string }>(server, 'broker', 'openAccount', input, 'accountId account { id }');
  expect(first.accountId).toMatch(/^acc_[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(await act(server, 'broker', 'openAccount', input, 'accountId account { id }')).toEqual({
    ...first,
    replayed: true,
  });
  const another = await act<{ accountId: string }>(
    server,
    'broker',
    'openAccount',
    { ...input, idempotencyKey: 'open2' },
    'accountId',
  );
  expect(another.accountId).not.toBe(first.accountId);
});

test.each([
  [1, undefined],
  [200, undefined],
  [0, 'BAD_USER_INPUT'],
  [201, 'BAD_USER_INPUT'],
])('a key of %d characters: %s', async (length, code) => {
  const seq = seqNow();
  const { errors } = await server.ask('broker', documentOf('depositCollateral', 'outcome'), {
    input: { ...payment('alice', '1.00'), idempotencyKey: 'k'.repeat(length) },
  });
  expect(errors[0]?.extensions['code']).toBe(code);
  expect(seqNow()).toBe(code ? seq : seq + 1);
});

test('without a key nothing is done', async () => {
  const seq = seqNow();
  const { errors, status } = await server.ask('broker', documentOf('depositCollateral', 'outcome'), {
    input: payment('alice', '1.00'),
  });
  expect([status, errors[0]?.extensions]).toEqual([
    400,
    expect.objectContaining({ code: 'BAD_USER_INPUT', path: 'input' }),
  ]);
  expect(seqNow()).toBe(seq);
});
