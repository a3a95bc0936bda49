/**
 * What an operation costs, what one may cost, and what a key may spend: each at n and n + 1, with the cost in the
 * answer.
 */

import { createBudgets } from '../../../src/graphql/limit/budget';
import { STANDARD_LIMITS } from '../../../src/graphql/limit/limits';
import { readBudgets } from '../../../src/graphql/limit/ownBudgets';
import { type KeyName, openServer, type TestServer } from '../support';

interface Cost {
  readonly requested: number;
  readonly actual: number;
  readonly remaining: number;
  readonly capacity: number;
  readonly restoredPerSecond: number;
}

/** The budget of a test: so slow to fill up again that nothing comes back while it runs. */
const LIMITS = { operationCost: 1_000, budget: 100_000, budgetPerSecond: 0.001 };
/** What any request costs. */
const REQUEST = 3;

const costIn = ({ extensions }: { extensions: Record<string, unknown> }): Cost => extensions['cost'] as Cost;

describe('over HTTP', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer({ limits: LIMITS });
    for (let i = 0; i < 3; i++) await server.send({ type: 'DefineCurrency', currency: `C${i}`, scale: 2 });
  });
  afterAll(() => server.close());

  /** What the operation alone costs: the document is known from the first time. */
  async function costOf(
    query: string,
    variables: object = {},
    key: KeyName = 'auditor',
  ): Promise<{ requested: number; actual: number }> {
    await server.ask(key, query, variables);
    const { requested, actual } = costIn(await server.ask(key, query, variables));
    const request = REQUEST + Math.floor(JSON.stringify({ query, variables }).length / 1_000);
    return { requested: requested - request, actual: actual - request };
  }
  const mostOf = async (query: string, variables: object = {}): Promise<number> =>
    (await costOf(query, variables)).requested;

  test('every answer says what it cost and what is left, of this key alone', async () => {
    const document = '{ viewer { id role member } }';
    const first = await server.ask('reader', document);
    const cost = {
      requested: REQUEST + Math.ceil(document.length / 20) + 4,
      capacity: 100_000,
      restoredPerSecond: 0.001,
    };
    expect(first.extensions).toEqual({
      cost: { ...cost, actual: cost.requested, remaining: 100_000 - cost.requested },
    });
    const second = costIn(await server.ask('reader', document));
    expect(second).toMatchObject({ requested: REQUEST + 4, remaining: 100_000 - cost.requested - REQUEST - 4 });
    expect(costIn(await server.ask('liquidator', document)).remaining).toBe(100_000 - REQUEST - 4);
  });

  test('a point a field, a page as often as it has items, more for what is computed', async () => {
    expect(await mostOf('{ currencies(first: 5) { nodes { id scale } } }')).toBe(1 + 5 * 3);
    expect(await mostOf('{ currencies(last: 5) { edges { cursor node { id } } } }')).toBe(1 + 5 * 4);
    expect(await mostOf('query ($n: Int) { currencies(first: $n) { nodes { id } } }', { n: 7 })).toBe(1 + 7 * 2);
    expect(await mostOf('query ($n: Int = 7) { currencies(first: $n) { nodes { id } } }')).toBe(1 + 7 * 2);
    expect(await mostOf('{ account(id: "none") { health { equity } } }')).toBe(1 + 20 + 1);
    expect(await mostOf('{ currencies(first: 5) { nodes { ...F } } } fragment F on Currency { id scale }')).toBe(
      1 + 5 * 3,
    );
    expect(await mostOf('{ currencies(first: 5) { ... { nodes { id scale } } } }')).toBe(1 + 5 * 3);
  });

  test('what a page did not have is given back, and the answer tells what it came to', async () => {
    expect(await costOf('{ currencies(first: 100) { nodes { id scale } } }')).toEqual({
      requested: 1 + 100 * 3,
      actual: 1 + 3 * 3,
    });
    expect(await costOf('{ currencies(first: 100) { edges { node { id } } } }')).toEqual({
      requested: 1 + 100 * 3,
      actual: 1 + 3 * 3,
    });
    expect(await costOf('{ account(id: "none") { health { equity } } }')).toEqual({ requested: 22, actual: 1 });
    const before = costIn(await server.ask('auditor', '{ viewer { id } }')).remaining;
    const { actual, remaining } = costIn(
      await server.ask('auditor', '{ currencies(first: 100) { nodes { id scale } } }'),
    );
    expect(remaining).toBe(before - actual);
  });

  test('an object by its id costs what it costs by its name, and many as much as each of them', async () => {
    const id = (type: string, key: string): string => Buffer.from(JSON.stringify([type, key])).toString('base64url');
    const health = '... on Account { health { equity } }';
    expect(await costOf(`{ node(id: "${id('Account', 'none')}") { ${health} } }`)).toEqual({
      requested: 22,
      actual: 1,
    });
    expect(
      await costOf(`{ node(id: "${id('Account', 'none')}") { ...h } } fragment h on Account { health { equity } }`),
    ).toEqual({
      requested: 22,
      actual: 1,
    });
    const ids = ['USD', 'BTC', 'none'].map((currency) => `"${id('Currency', currency)}"`).join(', ');
    const many = await costOf(`{ nodes(ids: [${ids}]) { ${health} ... on Currency { scale } } }`);
    expect(many.requested).toBe(1 + 3 * 2 + 3 * (21 + 1));
    expect(many.actual).toBeLessThan(many.requested);
  });

  test('an answer with a failure in it gives nothing back', async () => {
    const { requested, actual } = await costOf(
      '{ currencies(first: 100) { nodes { id } } accounts(first: 500) { nodes { id } } }',
    );
    expect(actual).toBe(requested);
  });

  const payments = (length: number) => Array.from({ length }, () => ({ account: 'a', currency: 'USD', amount: '1' }));

  test('a mutation costs ten more, each of several', async () => {
    const input = (i: number) => `input: { account: "a", currency: "USD", amount: "1", idempotencyKey: "k${i}" }`;
    const one = await costOf(`mutation { depositCollateral(${input(0)}) { outcome seq } }`, {}, 'broker');
    expect(one.requested).toBe(10 + 1 + 2);
    const three = [1, 2, 3].map((i) => `d${i}: depositCollateral(${input(i)}) { outcome seq }`).join(' ');
    expect((await costOf(`mutation { ${three} }`, {}, 'broker')).requested).toBe(3 * one.requested);
  });

  test('a list costs two for each of its items, and as much as reading what came of them together', async () => {
    const document = (fields: string) =>
      `mutation ($input: DepositCollateralBatchInput!) { depositCollateralBatch(input: $input) { ${fields} } }`;
    for (const [length, tens] of [
      [1, 1],
      [10, 1],
      [11, 2],
      [100, 10],
    ] as const) {
      const variables = { input: { deposits: payments(length), idempotencyKey: `k${length}` } };
      const { requested } = await costOf(document('items { outcome account { id } }'), variables, 'broker');
      expect(requested).toBe(10 + 1 + 2 * length + tens * (1 + 1 + 2));
    }
    const literal =
      'mutation { depositCollateralBatch(input: { deposits: [{ account: "a", currency: "USD", amount: "1" }], ' +
      'idempotencyKey: "l" }) { outcome } }';
    expect((await costOf(literal, {}, 'broker')).requested).toBe(10 + 1 + 2 + 1);
  });

  test('a list of a thousand costs at least a hundred times as much as one payment', async () => {
    const keyed = { idempotencyKey: 'thousand' };
    const one = costIn(
      await server.ask(
        'rival',
        'mutation ($input: DepositCollateralInput!) { depositCollateral(input: $input) { outcome } }',
        {
          input: { ...keyed, ...payments(1)[0] },
        },
      ),
    );
    const list =
      'mutation ($input: DepositCollateralBatchInput!) { depositCollateralBatch(input: $input) { outcome } }';
    const operation = server.ask('rival', list, { input: { ...keyed, deposits: payments(490) } });
    expect(costIn(await operation).requested).toBeGreaterThan(50 * one.requested);
    const { errors } = await server.ask('rival', list, { input: { ...keyed, deposits: payments(1_000) } });
    expect(errors[0]?.extensions).toMatchObject({ code: 'COST_EXCEEDED', cost: 10 + 1 + 2_000 + 1 });
  });

  test('COST_EXCEEDED: an operation that costs the most it may is answered, one point more is not', async () => {
    const aliases = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => `${name}: id`).join(' ');
    const page = `currencies(first: 100) { nodes { id ${aliases} } }`;
    expect(
      await mostOf(
        `{ currencies(first: 99) { nodes { id ${aliases} } asOf { seq } } viewer { id role member __typename } }`,
      ),
    ).toBe(998);
    const { status, data, errors } = await server.ask('auditor', `{ ${page} }`);
    expect([status, data]).toEqual([400, undefined]);
    expect(errors[0]?.extensions).toEqual({
      code: 'COST_EXCEEDED',
      retriable: false,
      docs: 'docs/errors.md#cost_exceeded',
      cost: 1_001,
      maximum: 1_000,
    });
  });
});

describe('a budget that is used up', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer({
      limits: { ...LIMITS, budget: 1_200, addressBudget: 200, addressBudgetPerSecond: 0.001 },
      budgets: { auditor: { capacity: 2_000, perSecond: 0.001 }, BROKER: { capacity: 3_000, perSecond: 0.001 } },
    });
  });
  afterAll(() => server.close());

  const ofThousand =
    '{ currencies(first: 100) { nodes { id } } viewer { id } asOf { seq } accounts(first: 500) { nodes { id } } }';
  const spend = async (key: KeyName): Promise<Cost> => costIn(await server.ask(key, ofThousand));

  test('RATE_LIMITED: it is told when to come back, in the body and in the head; nobody else is refused', async () => {
    const { remaining } = await spend('officer');
    for (let left = remaining; left >= 401 + REQUEST; left = (await spend('officer')).remaining);
    const response = await server.ask('officer', ofThousand);
    expect(response.status).toBe(429);
    expect(response.errors[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', retriable: true });
    expect(response.errors[0]?.extensions['retryAfterMs']).toBeGreaterThan(900_000);
    expect((await server.ask('admin2', '{ __typename }')).status).toBe(200);
  });

  test('RATE_LIMITED: a mutation that is refused for its cost is not done', async () => {
    for (let status = 200; status === 200; ) status = (await server.ask('admin', ofThousand)).status;
    while ((await server.ask('admin', '{ __typename }')).status === 200);
    const before = server.house.status().seq;
    const { errors } = await server.ask(
      'admin',
      'mutation { admitMember(input: { name: "m", idempotencyKey: "k" }) { outcome } }',
    );
    expect(errors[0]?.extensions['code']).toBe('RATE_LIMITED');
    expect(server.house.status().seq).toBe(before);
  });

  test('a role may have a budget of its own, and a key one of its own before that', async () => {
    expect(costIn(await server.ask('broker', '{ __typename }')).capacity).toBe(3_000);
    expect(costIn(await server.ask('auditor', '{ __typename }')).capacity).toBe(2_000);
    expect(costIn(await server.ask('feed', '{ __typename }')).capacity).toBe(1_200);
  });
});

describe('budgets by themselves', () => {
  let time = 0;
  const actor = (id: string) => ({ id, role: 'BROKER', member: 'm' }) as const;
  const limits = {
    ...STANDARD_LIMITS,
    budget: 100,
    budgetPerSecond: 10,
    addressBudget: 100,
    addressBudgetPerSecond: 10,
    addresses: 3,
  };
  const budgets = () => createBudgets(limits, {}, () => time);
  beforeEach(() => {
    time = 0;
  });

  test('fill up again by themselves, second by second, and not beyond what they hold', () => {
    const { open } = budgets();
    const takes = (points: number): number => {
      const bill = open(actor('a'));
      bill.take(points);
      return bill.cost.remaining;
    };
    expect(takes(100)).toBe(0);
    time = 99;
    expect(() => takes(1)).toThrow('used up');
    time = 350;
    expect(takes(1)).toBe(1);
    time = 1_000_000;
    expect(takes(1)).toBe(99);
  });

  test('a refusal costs a point, and a key never owes more than comes back in a second', () => {
    const { open } = budgets();
    const bill = open(actor('a'));
    bill.take(95);
    for (let i = 0; i < 3; i++) expect(() => bill.take(6)).toThrow('used up');
    expect(bill.cost).toMatchObject({ requested: 95, remaining: 2 });
    for (let i = 0; i < 100; i++) expect(() => bill.take(6)).toThrow('used up');
    bill.owe(1_000_000);
    time = 1_600;
    bill.take(6);
    expect(bill.cost.remaining).toBe(0);
  });

  test('addresses without a key pay for themselves; beyond a number of them they share one budget', () => {
    const { chargeAddress } = budgets();
    const twice = (address: string): void => {
      chargeAddress(address);
      chargeAddress(address);
    };
    for (const address of ['10.0.0.1', '10.0.0.2', '::ffff:10.0.0.3']) twice(address);
    expect(() => chargeAddress('10.0.0.3')).toThrow('this address');
    twice('10.0.0.4');
    expect(() => chargeAddress('10.0.0.5')).toThrow('this address');
    // Forgotten by time alone: nobody is pushed out by a flood of others.
    expect(() => chargeAddress('10.0.0.1')).toThrow('this address');
    time = 30_000;
    for (const address of ['10.0.0.6', '10.0.0.7']) twice(address);
  });

  test('in version 6 of the protocol a whole network is one caller', () => {
    const { chargeAddress } = budgets();
    chargeAddress('2001:db8::1');
    chargeAddress('2001:db8:0:0:ffff::2');
    expect(() => chargeAddress('2001:0db8:0:0:1:2:3:4'.replace('0db8', 'db8'))).toThrow('this address');
    chargeAddress('2001:db8:0:1::1');
  });

  test.each(['constructor', '__proto__', 'toString'])('are by name alone: a key may be called %s', (name) => {
    const remaining = (id: string, own = {}): number =>
      createBudgets(limits, own, () => time).open(actor(id)).cost.remaining;
    expect(remaining(name)).toBe(100);
    const own = readBudgets(`${name}=5000/100`);
    expect([remaining(name, own), remaining('a', own)]).toEqual([5_000, 100]);
  });

  test('are configured by role and by key', () => {
    expect(readBudgets('FEED=5000/100, broker-1=2000000/40000')).toEqual({
      FEED: { capacity: 5_000, perSecond: 100 },
      'broker-1': { capacity: 2_000_000, perSecond: 40_000 },
    });
    for (const wrong of [
      'FEED',
      'FEED=1/1',
      'FEED=5000/0',
      'feed=5000/100',
      'FEED=5000/100/1',
      '=5000/100',
      'FEED=-5000/100',
    ])
      expect([wrong, readBudgets(wrong)]).toEqual([wrong, undefined]);
  });
});

test(
  'the standard budgets let a feed send lists of a thousand prices without end, and a page of health be read ' +
    'each second',
  () => {
    const { budgetPerSecond, operationCost } = STANDARD_LIMITS;
    expect(readBudgets('')?.['FEED']?.perSecond).toBeGreaterThanOrEqual(30_000 * 3);
    expect(budgetPerSecond).toBeGreaterThanOrEqual(5_000);
    expect(operationCost).toBeGreaterThanOrEqual(100 * 100);
  },
);
