/**
 * What the endpoint takes over HTTP: JSON by POST, with one operation in it. Everything else gets an answer of its own.
 */

import { bearer, openServer, type TestServer } from '../support';

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
  await server.send({ type: 'DefineCurrency', currency: 'USD', scale: 2 });
});
afterAll(() => server.close());

const MUTATION = 'mutation { admitMember(input: { name: "m", idempotencyKey: "m" }) { outcome } }';

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly code: string | undefined;
}

async function send(init: RequestInit, path = ''): Promise<Answer> {
  const response = await fetch(`${server.url}${path}`, {
    method: 'POST',
    ...init,
    headers: {
      authorization: bearer('admin'),
      'content-type': 'application/json',
      ...(init.headers as Record<string, string> | undefined),
    },
  });
  const text = await response.text();
  let code: string | undefined;
  try {
    code = (JSON.parse(text) as { errors?: { extensions: { code: string } }[] }).errors?.[0]?.extensions.code;
  } catch {
    // Not JSON: there is no code.
  }
  return { status: response.status, headers: response.headers, text, code };
}

describe('a request that could be made in somebody’s name by a page they visit is refused, and nothing is done', () => {
  test.each([
    ['a GET with a query', '{ viewer { id } }'],
    ['a GET with a mutation', MUTATION],
  ])('%s', async (_, query) => {
    const before = server.house.status().seq;
    const { status, code, headers } = await send({ method: 'GET' }, `?query=${encodeURIComponent(query)}`);
    expect([status, code, headers.get('allow')]).toEqual([405, 'BAD_REQUEST', 'POST']);
    expect(server.house.status().seq).toBe(before);
  });

  test.each([
    ['a form', 'application/x-www-form-urlencoded', `query=${encodeURIComponent(MUTATION)}`],
    ['plain text', 'text/plain', JSON.stringify({ query: MUTATION })],
    ['plain text that says it is JSON', 'text/plain; application/json', JSON.stringify({ query: MUTATION })],
    [
      'a form with files',
      'multipart/form-data; boundary=x',
      `--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n${JSON.stringify({ query: MUTATION })}\r\n--x--`,
    ],
    ['GraphQL as it is', 'application/graphql', MUTATION],
    ['XML', 'application/xml', '<query/>'],
  ])('%s', async (_, type, body) => {
    const before = server.house.status().seq;
    const { status, code } = await send({ headers: { 'content-type': type }, body });
    expect([status, code]).toEqual([415, 'BAD_REQUEST']);
    expect(server.house.status().seq).toBe(before);
  });

  test.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS'])('%s is no way to ask', async (method) => {
    const before = server.house.status().seq;
    const { status, headers } = await send({
      method,
      ...(method === 'OPTIONS' ? {} : { body: JSON.stringify({ query: MUTATION }) }),
    });
    expect(status).toBeGreaterThanOrEqual(400);
    expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect(server.house.status().seq).toBe(before);
  });

  test('no page of another origin is told that it may read the answer', async () => {
    const { status, headers } = await send({
      headers: { origin: 'https://elsewhere.example' },
      body: JSON.stringify({ query: '{ viewer { id } }' }),
    });
    expect(status).toBe(200);
    expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('a body that holds no operation', () => {
  test.each([
    ['nothing', ''],
    ['half of an object', '{"query":'],
    ['a text', '"{ viewer { id } }"'],
    ['a number', '1'],
    ['null', 'null'],
    ['an object without a query', '{}'],
    ['a query that is a number', '{"query":1}'],
    ['a query that is an object', '{"query":{}}'],
    ['an empty query', '{"query":""}'],
    ['variables as a text', '{"query":"{ viewer { id } }","variables":"{}"}'],
    ['variables as a list', '{"query":"{ viewer { id } }","variables":[]}'],
    ['an operation name that is a number', '{"query":"{ viewer { id } }","operationName":1}'],
    ['an operation that is not there', '{"query":"query A { viewer { id } }","operationName":"B"}'],
    ['two operations and no name', '{"query":"query A { viewer { id } } query B { viewer { id } }"}'],
    ['fragments alone', '{"query":"fragment F on Query { viewer { id } }"}'],
    ['a prototype', '{"query":"{ viewer { id } }","__proto__":{"admin":true}}'],
    ['a constructor', '{"query":"{ viewer { id } }","variables":{"constructor":{"prototype":{"admin":true}}}}'],
  ])('%s gets a code, not a fault', async (_, body) => {
    const { status, code } = await send({ body });
    expect(status).toBe(400);
    expect(['BAD_REQUEST', 'BAD_USER_INPUT', 'GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED']).toContain(code);
    expect(server.faults).toEqual([]);
  });

  test('a list of operations is refused, whatever is in it: each operation is a request', async () => {
    const before = server.house.status().seq;
    for (const batch of [
      [],
      [{ query: '{ viewer { id } }' }],
      Array.from({ length: 10 }, () => ({ query: MUTATION })),
    ]) {
      const { status, code } = await send({ body: JSON.stringify(batch) });
      expect([status, code]).toEqual([400, 'BAD_REQUEST']);
    }
    expect(server.house.status().seq).toBe(before);
  });

  test('a subscription is refused: it is followed over a socket', async () => {
    const { status, code } = await send({ body: JSON.stringify({ query: 'subscription { events { seq } }' }) });
    expect([status, code]).toEqual([400, 'BAD_REQUEST']);
  });

  test('a persisted query is not looked for', async () => {
    const persisted = { extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } } };
    const { status, code } = await send({ body: JSON.stringify(persisted) });
    expect([status, code]).toEqual([400, 'BAD_REQUEST']);
  });
});

describe('headers', () => {
  test('answers are JSON that is not kept and not guessed at', async () => {
    const { headers } = await send({ body: JSON.stringify({ query: '{ viewer { id } }' }) });
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('server')).toBeNull();
  });

  test('the media type of GraphQL is spoken where it is asked for', async () => {
    const { headers } = await send({
      headers: { accept: 'application/graphql-response+json' },
      body: JSON.stringify({ query: '{ viewer { id } }' }),
    });
    expect(headers.get('content-type')).toBe('application/graphql-response+json; charset=utf-8');
  });

  test('a browser that asks for the endpoint gets a page that loads nothing from anywhere else, and shows in no frame', async () => {
    const response = await fetch(server.url, { headers: { accept: 'text/html' } });
    const page = await response.text();
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(response.headers.get('x-frame-options')).toBe('DENY');
    expect(page).not.toMatch(/(src|href)=["']?(https?:)?\/\//);
  });

  test('a browser gets no answer to a query in the address', async () => {
    const response = await fetch(`${server.url}?query={viewer{id}}`, {
      headers: { accept: 'text/html', authorization: bearer('admin') },
    });
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await response.text()).not.toContain('"viewer"');
  });

  test.each([
    '/',
    '/graphql/',
    '/graphiql',
    '/graphql/explorer/..%2f..%2fpackage.json',
    '/graphql/explorer/none',
    '/.env',
    '/admin',
  ])('%s is not there', async (path) => {
    const response = await fetch(new URL(path, server.url));
    expect(response.status).toBe(404);
    expect(await response.text()).not.toContain('novate"');
  });
});
