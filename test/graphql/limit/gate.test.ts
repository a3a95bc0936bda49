/**
 * Nobody has work done that is not paid for: what fails costs too, the key comes first, and who has none pays by
 * address.
 */

import { request as httpRequest } from 'node:http';
import { bearer, type KeyName, openServer, type TestServer } from '../support';

const BUDGET = 100_000;
let server: TestServer;
beforeAll(async () => {
  server = await openServer({
    limits: { budget: BUDGET, budgetPerSecond: 0.001, addressBudget: 2_000, addressBudgetPerSecond: 0.001 },
    budgets: {},
  });
});
afterAll(() => server.close());

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { errors?: { extensions: Record<string, unknown> }[]; extensions?: { cost?: { remaining: number } } };
}

async function post(authorization: string | undefined, body: string, path = ''): Promise<Answer> {
  const response = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) },
    body,
  });
  return {
    status: response.status,
    headers: response.headers,
    body: JSON.parse((await response.text()) || '{}') as Answer['body'],
  };
}

const remaining = async (key: KeyName): Promise<number> =>
  (await post(bearer(key), '{"query":"{ __typename }"}')).body.extensions?.cost?.remaining ?? Number.NaN;

/** What a request of this body costs, counted by what is left of the budget before and after. */
async function priceOf(key: KeyName, body: string): Promise<{ status: number; code: unknown; points: number }> {
  await remaining(key);
  const before = await remaining(key);
  const asking = before - (await remaining(key));
  const { status, body: answer } = await post(bearer(key), body);
  const after = await remaining(key);
  return { status, code: answer.errors?.[0]?.extensions['code'], points: before - 2 * asking - after };
}

const query = (text: string, variables?: object): string =>
  JSON.stringify({ query: text, ...(variables ? { variables } : {}) });
const long = (text: string): string => `${text} #${'x'.repeat(10_000 - text.length - 2)}`;

test.each([
  ['a body that is no JSON', 'BAD_REQUEST', `{${' '.repeat(50_000)}`, 3 + 50],
  ['a document that is no GraphQL', 'GRAPHQL_PARSE_FAILED', query(long('{ viewer {')), 3 + 10 + 500],
  ['one that does not fit the schema', 'GRAPHQL_VALIDATION_FAILED', query(long('{ nothing }')), 3 + 10 + 500],
  ['one that breaks a limit', 'LIMIT_EXCEEDED', query(`{ ${'viewer { id } '.repeat(40)} }`), 3 + 29],
  [
    'variables of another type',
    'BAD_USER_INPUT',
    query('query ($n: Int) { currencies(first: $n) { nodes { id } } }', { n: 'x' }),
    3 + 3 + 201,
  ],
  ['a body too large', 'BODY_TOO_LARGE', query('{ __typename }', { x: 'y'.repeat(150_000) }), 3 + 150 + 1],
])('%s costs what it took to find out', async (_, code, body, points) => {
  const priced = await priceOf('officer', body);
  expect(priced.code).toBe(code);
  expect(priced.points).toBeGreaterThanOrEqual(points - 2);
  expect(priced.points).toBeLessThanOrEqual(points + 30);
});

test('a refused operation costs: the question was read', async () => {
  const wide = '{ accounts(first: 100) { nodes { positions(first: 100) { nodes { account { id owner mode } } } } } }';
  const { code, points } = await priceOf('officer', query(wide));
  expect([code, points >= 8]).toEqual(['COST_EXCEEDED', true]);
});

test('bytes are charged whether a header tells of them or not', async () => {
  const before = await remaining('auditor');
  const body = query('{ __typename }', { x: 'y'.repeat(80_000) });
  await new Promise<void>((resolve, reject) => {
    const request = httpRequest(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: bearer('auditor') },
    });
    request.on('error', reject).on('response', (response) => response.resume().on('end', resolve));
    // Without a length: in chunks.
    request.write(body.slice(0, 1_000));
    request.end(body.slice(1_000));
  });
  expect(before - (await remaining('auditor'))).toBeGreaterThanOrEqual(80);
});

test('a key that has nothing left is refused before its body is read', async () => {
  for (let i = 0; i < 200; i++) {
    const { status } = await post(bearer('rival'), query('{ __typename }', { x: 'y'.repeat(990_000) }));
    if (status === 429) break;
  }
  let asked = 0;
  const { status, code } = await unfinished(bearer('rival'), 900_000, () => {
    asked += 1;
  });
  expect([status, code, asked]).toEqual([429, 'RATE_LIMITED', 1]);
});

test('X-5 without a key nothing of a body is read: the answer comes before the body does', async () => {
  const { status, code } = await unfinished(undefined, 900_000);
  expect([status, code]).toEqual([401, 'UNAUTHENTICATED']);
});

test('nor where there is nothing to ask', async () => {
  const { status } = await unfinished(bearer('officer'), 900_000, undefined, '/nothing');
  expect(status).toBe(404);
});

test('failed authentications use up the budget of their address, and a key is answered all the same', async () => {
  let status = 401;
  let tries = 0;
  for (; status === 401 && tries < 100; tries++)
    status = (await post(`Bearer nvk_${'x'.repeat(40)}${tries}`, query('{ __typename }'))).status;
  const { body, headers } = await post(undefined, query('{ __typename }'));
  expect([status, body.errors?.[0]?.extensions['code'], tries]).toEqual([429, 'RATE_LIMITED', expect.any(Number)]);
  expect(tries).toBeLessThanOrEqual(2_000 / 50 + 1);
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await post(bearer('officer'), query('{ __typename }'))).status).toBe(200);
});

/** Sends the head of a request, says that a body of so many bytes follows, and sends none of it. */
function unfinished(
  authorization: string | undefined,
  bytes: number,
  onAsk?: () => void,
  path = '',
): Promise<{ status: number | undefined; code: unknown }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${server.url}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': bytes,
        ...(authorization === undefined ? {} : { authorization }),
      },
    });
    request.on('error', reject);
    request.on('response', (response) => {
      let text = '';
      response.on('data', (part: Buffer) => {
        text += part.toString();
      });
      response.on('end', () => {
        const { errors } = JSON.parse(text) as Answer['body'];
        resolve({ status: response.statusCode, code: errors?.[0]?.extensions['code'] });
        request.destroy();
      });
    });
    onAsk?.();
    request.flushHeaders();
  });
}
