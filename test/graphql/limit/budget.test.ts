/** What an operation costs, what one may cost, and what a key may spend: each at n and n + 1, with the cost in the answer. */

import { createBudgets } from '../../../src/graphql/limit/budget';
import { STANDARD_LIMITS } from '../../../src/graphql/limit/limits';
import { openServer, type TestServer } from '../support';

interface Cost {
  readonly requested: number;
  readonly remaining: number;
  readonly capacity: number;
  readonly restoredPerSecond: number;
}

/** The budget of a test: so slow to fill up again that nothing comes back while it runs. */
const LIMITS = { operationCost: 400, budget: 1_000, budgetPerSecond: 0.001 };

describe('over HTTP', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await openServer({ limits: LIMITS });
  });
  afterEach(() => server.close());

  const costOf = async (query: string, variables: object = {}): Promise<number> =>
    ((await server.ask('auditor', query, variables)).extensions['cost'] as Cost).requested;

  test('every answer says what it cost and what is left, of this key alone', async () => {
    const first = await server.ask('auditor', '{ viewer { id } }');
    expect(first.extensions).toEqual({ cost: { requested: 2, remaining: 998, capacity: 1_000, restoredPerSecond: 0.001 } });
    const second = await server.ask('auditor', '{ viewer { id role } }');
    expect(second.extensions['cost']).toMatchObject({ requested: 3, remaining: 995 });
    const other = await server.ask('officer', '{ viewer { id } }');
    expect(other.extensions['cost']).toMatchObject({ remaining: 998 });
  });

  test('a point a field, a page as often as it has items, more for what is computed, ten for a mutation', async () => {
    expect(await costOf('{ currencies(first: 5) { nodes { id scale } } }')).toBe(1 + 5 * 3);
    expect(await costOf('{ currencies(last: 5) { edges { cursor node { id } } } }')).toBe(1 + 5 * 4);
    expect(await costOf('query ($n: Int) { currencies(first: $n) { nodes { id } } }', { n: 7 })).toBe(1 + 7 * 2);
    expect(await costOf('query ($n: Int = 7) { currencies(first: $n) { nodes { id } } }')).toBe(1 + 7 * 2);
    expect(await costOf('{ account(id: "none") { health { equity } } }')).toBe(1 + 20 + 1);
    expect(await costOf('{ currencies(first: 5) { nodes { ...F } } } fragment F on Currency { id scale }')).toBe(1 + 5 * 3);
    expect(await costOf('{ currencies(first: 5) { ... { nodes { id scale } } } }')).toBe(1 + 5 * 3);
  });

  test('a mutation costs ten more, and one of a list as much as reading its items together', async () => {
    const one = (variables: object) =>
      server.ask('broker', 'mutation ($input: DepositCollateralInput!) { depositCollateral(input: $input) { ok seq } }', variables);
    const { extensions } = await one({ input: { account: 'a', currency: 'USD', amount: '1', idempotencyKey: 'k' } });
    expect(extensions['cost']).toMatchObject({ requested: 10 + 1 + 2 });
    for (const [length, tens] of [
      [1, 1],
      [10, 1],
      [11, 2],
      [100, 10],
    ] as const) {
      const deposits = Array.from({ length }, () => ({ account: 'a', currency: 'USD', amount: '1' }));
      const answer = await server.ask(
        'broker',
        'mutation ($input: DepositCollateralBatchInput!) { depositCollateralBatch(input: $input) { items { ok account { id } } } }',
        { input: { deposits, idempotencyKey: `k${length}` } },
      );
      expect(answer.extensions['cost']).toMatchObject({ requested: 10 + 1 + tens * (1 + 1 + 2) });
    }
    const literal =
      'mutation { depositCollateralBatch(input: { deposits: [{ account: "a", currency: "USD", amount: "1" }], idempotencyKey: "l" }) { ok } }';
    expect((await server.ask('broker', literal)).extensions['cost']).toMatchObject({ requested: 12 });
  });

  test('COST_EXCEEDED: an operation that costs the most it may is answered, one point more is not, and takes nothing', async () => {
    const most = '{ currencies(first: 100) { nodes { id scale __typename } } }';
    expect(await costOf('{ currencies(first: 99) { nodes { id scale __typename } } asOf { seq at } }')).toBe(400);
    const { status, data, errors } = await server.ask('auditor', most);
    expect([status, data]).toEqual([400, undefined]);
    expect(errors[0]?.extensions).toEqual({
      code: 'COST_EXCEEDED',
      retriable: false,
      docs: 'docs/errors.md#cost_exceeded',
      cost: 401,
      maximum: 400,
    });
    expect((await server.ask('auditor', '{ __typename }')).extensions['cost']).toMatchObject({ remaining: 599 });
  });

  test('RATE_LIMITED: a key may spend its budget to the last point and no more, and is told when to come back', async () => {
    const hundred = '{ currencies(first: 33) { nodes { id scale } } }';
    for (let i = 0; i < 10; i++)
      expect((await server.ask('auditor', hundred)).extensions['cost']).toMatchObject({ remaining: 900 - 100 * i });
    const { status, errors } = await server.ask('auditor', '{ __typename }');
    expect(status).toBe(429);
    expect(errors[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', retriable: true, cost: 1, remaining: 0 });
    expect(errors[0]?.extensions['retryAfterMs']).toBeGreaterThan(900_000);
    expect((await server.ask('officer', '{ __typename }')).status).toBe(200);
  });

  test('RATE_LIMITED: a mutation that is refused for its cost is not done', async () => {
    for (let i = 0; i < 10; i++) await server.ask('admin', '{ currencies(first: 33) { nodes { id scale } } }');
    const before = server.house.status().seq;
    const { errors } = await server.ask('admin', 'mutation { admitMember(input: { name: "m", idempotencyKey: "k" }) { ok } }');
    expect(errors[0]?.extensions['code']).toBe('RATE_LIMITED');
    expect(server.house.status().seq).toBe(before);
  });
});

describe('a budget', () => {
  const budgets = () => createBudgets({ operationCost: 100, budget: 100, budgetPerSecond: 10 });

  test('fills up again by itself, second by second, and not beyond what it holds', () => {
    const { spend } = budgets();
    expect(spend('a', 100, 0).remaining).toBe(0);
    expect(() => spend('a', 1, 99)).toThrow('used up');
    expect(spend('a', 1, 100).remaining).toBe(0);
    expect(spend('a', 10, 1_100).remaining).toBe(0);
    expect(spend('a', 1, 1_000_000).remaining).toBe(99);
  });

  test('what was refused was not taken', () => {
    const { spend } = budgets();
    spend('a', 95, 0);
    for (let i = 0; i < 50; i++) expect(() => spend('a', 6, 0)).toThrow('used up');
    expect(spend('a', 5, 0).remaining).toBe(0);
  });
});

test('the standard budget lets a feed send lists of a thousand prices without end, and a page of health be read each second', () => {
  const { budgetPerSecond, operationCost } = STANDARD_LIMITS;
  expect(budgetPerSecond).toBeGreaterThanOrEqual(5_000);
  expect(operationCost).toBeGreaterThanOrEqual(100 * 100);
});
