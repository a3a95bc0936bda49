/** One answer is as of one entry of the journal, as new as what was committed before it was asked for.  Rule: X-4 */

import { act, payment, sale } from '../acts';
import { bearer, givenPerpetual, mark, openAccount, openServer, pay, type TestServer } from '../support';

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
  await givenPerpetual(server);
  for (const account of ['alice', 'bob']) await pay(server, account, '1000000');
  await openAccount(server, 'alice2', 'broker', 'alice');
  await pay(server, 'alice2', '10');
  const { asOf } = await server.get<{ asOf: { fresh: boolean } }>(
    'admin',
    `{ asOf(atLeast: "${server.house.status().seq}") { fresh } }`,
  );
  expect(asOf.fresh).toBe(true);
});
afterAll(() => server.close());

/** Lets something be written again and again while something else is read. */
async function meanwhile(write: (i: number) => Promise<unknown>, read: () => Promise<void>): Promise<number> {
  let stopped = false;
  let written = 0;
  const writer = (async () => {
    while (!stopped) await write(written++);
  })();
  try {
    await read();
  } finally {
    stopped = true;
    await writer;
  }
  return written;
}

/** Every `seq` of an `asOf` and of a computed figure, wherever it stands in the answer. */
function seqsIn(value: unknown, under = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => seqsIn(item, under));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, field]) =>
    name === 'seq' && /^(asOf|health|explain|before|after)$/.test(under) ? [String(field)] : seqsIn(field, name),
  );
}

const EVERYWHERE = `{
  asOf { seq fresh }
  accounts(first: 10) { asOf { seq } nodes { asOf { seq } health { seq equity } explain { seq } positions(first: 5) {
  asOf { seq } } } }
  trades(first: 5) { asOf { seq } } marginCalls(first: 5) { asOf { seq } nodes { asOf { seq } } }
  conservation { asOf { seq } holds } insuranceFund(currency: "USD") { asOf { seq } }
  journal(last: 1) { asOf { seq } nodes { seq } } house { asOf { seq } }
}`;

test('X-4 every part of an answer is as of the same entry, while the house goes on', async () => {
  const seen = new Set<string>();
  const trading = async (i: number): Promise<void> => {
    await act(server, 'feed', 'submitTrade', sale(`s${i}`, i % 2 ? 'alice' : 'bob', i % 2 ? 'bob' : 'alice', '0.1'));
    await mark(server, i % 2 ? '50000' : '50010');
  };
  const written = await meanwhile(trading, async () => {
    for (let i = 0; i < 25; i++) {
      const data = await server.get<{ journal: { nodes: { seq: string }[] } }>('admin', EVERYWHERE);
      const seqs = seqsIn(data);
      expect(seqs.length).toBeGreaterThan(20);
      expect(new Set(seqs).size).toBe(1);
      // The journal itself is shown as far as the rest of the answer, and no further.
      expect(data.journal.nodes.map(({ seq }) => seq)).toEqual([seqs[0]]);
      seen.add(seqs[0] as string);
    }
  });
  // The control: the house did go on between and during the answers.
  expect(seen.size).toBeGreaterThan(5);
  expect(written).toBeGreaterThan(5);
});

test('X-4 money that moves between two accounts is in each answer on one of them: never on both, never on neither', async () => {
  const sums = new Set<string>();
  const splits = new Set<string>();
  const moving = (i: number): Promise<unknown> =>
    act(server, 'broker', 'transferCollateral', {
      ...{ from: i % 2 ? 'alice' : 'alice2', to: i % 2 ? 'alice2' : 'alice', currency: 'USD', amount: '1.00' },
    });
  await meanwhile(moving, async () => {
    // On a busy machine many answers may come between two payments.
    for (let i = 0; i < 25 || (splits.size < 2 && i < 500); i++) {
      const data = await server.get<Record<string, { balances: { amount: string }[] }>>(
        'broker',
        '{ a: account(id: "alice") { balances { amount } } b: account(id: "alice2") { balances { amount } } }',
      );
      const cents = Object.values(data).map(({ balances }) => BigInt((balances[0]?.amount ?? '').replace('.', '')));
      sums.add(String(cents.reduce((sum, next) => sum + next, 0n)));
      splits.add(cents.join(' '));
    }
  });
  expect(sums.size).toBe(1);
  expect(splits.size).toBe(2);
});

test('X-4 a query sees what was answered before it was asked, or says that it does not', async () => {
  let fresh = 0;
  for (let i = 0; i < 10; i++) {
    const { seq } = await act(server, 'broker', 'depositCollateral', payment('bob', '1.00'));
    // Not by way of the helper, which waits for the rows itself.
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: bearer('broker') },
      body: JSON.stringify({ query: '{ asOf { seq fresh } }' }),
    });
    const { data } = (await response.json()) as { data: { asOf: { seq: string; fresh: boolean } } };
    expect(data.asOf.fresh).toBe(Number(data.asOf.seq) >= Number(seq));
    if (data.asOf.fresh) fresh += 1;
  }
  expect(fresh).toBeGreaterThan(0);
});

test('X-4 what a mutation shows is as of its own entry or a later one', async () => {
  const { seq, asOf, account } = await act<{
    asOf: { seq: string; fresh: boolean };
    account: { asOf: { seq: string }; health: { seq: string } };
  }>(
    server,
    'broker',
    'depositCollateral',
    payment('bob', '1.00'),
    'asOf { seq fresh } account { asOf { seq } health { seq } }',
  );
  expect(Number(asOf.seq)).toBeGreaterThanOrEqual(Number(seq));
  expect(asOf.fresh).toBe(true);
  expect([account.asOf.seq, account.health.seq]).toEqual([asOf.seq, asOf.seq]);
});

describe('atLeast', () => {
  test('X-4 holds the whole answer to the highest entry that any of its fields names', async () => {
    const seq = server.house.status().seq;
    const { a, b } = await server.get<Record<'a' | 'b', { seq: string; fresh: boolean }>>(
      'broker',
      `query ($seq: Seq) { a: asOf(atLeast: "1") { seq fresh } b: asOf(atLeast: $seq) { seq fresh } }`,
      { seq: String(seq) },
    );
    expect(a).toEqual({ seq: String(seq), fresh: true });
    expect(b).toEqual(a);
  });

  test('X-4 an entry that is still to come is waited for', async () => {
    const seq = server.house.status().seq;
    const asked = server.get<{ asOf: { seq: string; fresh: boolean } }>(
      'broker',
      `{ asOf(atLeast: "${seq + 1}") { seq fresh } }`,
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    await pay(server, 'bob', '1');
    expect((await asked).asOf).toEqual({ seq: String(seq + 1), fresh: true });
  });

  test.each([
    ['a variable', (seq: number) => ['query ($seq: Seq) { asOf(atLeast: $seq) { fresh } }', { seq: String(seq) }]],
    [
      'the default of a variable',
      (seq: number) => [`query ($seq: Seq = "${seq}") { asOf(atLeast: $seq) { fresh } }`, {}],
    ],
    [
      'a field within a fragment',
      (seq: number) => [`{ ...F } fragment F on Query { asOf(atLeast: "${seq}") { fresh } }`, {}],
    ],
    ['one field of several', (seq: number) => [`{ house { asOf { fresh } } asOf(atLeast: "${seq}") { fresh } }`, {}]],
  ] as const)('X-4 it may be given by %s', async (_, written) => {
    const [query, variables] = written(server.house.status().seq + 1_000) as [string, object];
    expect(await server.get('broker', query, variables)).toMatchObject({ asOf: { fresh: false } });
  });

  test('X-4 one that does not come in time is answered as of what there is, and says so', async () => {
    const seq = server.house.status().seq;
    const { asOf, accounts } = await server.get<{ asOf: object; accounts: object }>(
      'broker',
      `{ asOf(atLeast: "${seq + 1_000}") { seq fresh } accounts(first: 1) { asOf { seq fresh } } }`,
    );
    expect(asOf).toEqual({ seq: String(seq), fresh: false });
    expect(accounts).toEqual({ asOf: { seq: String(seq), fresh: false } });
  });

  test.each(['-1', '1.5', 'x', '', '01', '99999999999999999'])('X-4 "%s" is no entry', async (atLeast) => {
    const { status, errors } = await server.ask('broker', 'query ($atLeast: Seq) { asOf(atLeast: $atLeast) { seq } }', {
      atLeast,
    });
    expect([status, errors[0]?.extensions['code'], errors[0]?.extensions['path']]).toEqual([
      400,
      'BAD_USER_INPUT',
      'atLeast',
    ]);
  });
});
