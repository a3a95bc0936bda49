/**
 * Who is calling: an API key as a bearer token, unknown and revoked ones refused before anything is read.  Rule: X-5
 */

import { bearer, KEYS, openServer, secretOf, type TestServer } from '../support';

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
});
afterAll(() => server.close());

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { data?: { viewer?: object }; errors?: { extensions: { code: string } }[] };
}

async function ask(headers: Record<string, string>): Promise<Answer> {
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: '{ viewer { id role member } }' }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
}

test.each(Object.keys(KEYS) as (keyof typeof KEYS)[])('X-5 the key %s is known by its secret', async (key) => {
  const { status, body } = await ask({ authorization: bearer(key) });
  expect(status).toBe(200);
  expect(body.data?.viewer).toEqual({ id: key, ...KEYS[key] });
});

test.each`
  what                       | headers
  ${'no header'}             | ${{}}
  ${'an empty header'}       | ${{ authorization: '' }}
  ${'no secret'}             | ${{ authorization: 'Bearer ' }}
  ${'an unknown secret'}     | ${{ authorization: 'Bearer nvk_this-secret-was-never-issued' }}
  ${'the id of a key'}       | ${{ authorization: 'Bearer admin-admin-admin-admin' }}
  ${'another scheme'}        | ${{ authorization: `Basic ${Buffer.from(`admin:${secretOf('admin')}`).toString('base64')}` }}
  ${'no scheme'}             | ${{ authorization: secretOf('admin') }}
  ${'more than one secret'}  | ${{ authorization: `${bearer('admin')} ${secretOf('admin')}` }}
  ${'half a secret'}         | ${{ authorization: bearer('admin').slice(0, -1) }}
  ${'a secret in capitals'}  | ${{ authorization: `Bearer ${secretOf('admin').toUpperCase()}` }}
  ${'a secret as a cookie'}  | ${{ cookie: `authorization=${secretOf('admin')}` }}
  ${'a secret of 10,000'}    | ${{ authorization: `Bearer ${'a'.repeat(10_000)}` }}
  ${'a secret with a quote'} | ${{ authorization: `Bearer ' OR '1'='1' -- and so on` }}
`('X-5 $what gets UNAUTHENTICATED and nothing else', async ({ headers }: { headers: Record<string, string> }) => {
  const answer = await ask(headers);
  expect(answer.status).toBe(401);
  expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  expect(answer.body).toEqual({
    errors: [
      {
        message: 'Send an API key: `Authorization: Bearer <secret>`.',
        extensions: { code: 'UNAUTHENTICATED', retriable: false, docs: 'docs/errors.md#unauthenticated' },
      },
    ],
  });
});

test('X-5 the scheme may be written in any case', async () => {
  expect((await ask({ authorization: `bearer ${secretOf('auditor')}` })).status).toBe(200);
});

test('X-5 a key that is revoked is refused from then on, others are not', async () => {
  const revoked = await server.get<{ revokeApiKey: { outcome: string } }>(
    'admin',
    'mutation { revokeApiKey(input: { apiKey: "liquidator", reason: "lost", idempotencyKey: "r1" }) { outcome } }',
  );
  expect(revoked.revokeApiKey.outcome).toBe('DONE');
  expect((await ask({ authorization: bearer('liquidator') })).status).toBe(401);
  expect((await ask({ authorization: bearer('feed') })).status).toBe(200);
});

test('X-5 nothing of the journal is told without a key but how far it is', async () => {
  const response = await fetch(new URL('/healthz', server.url));
  expect(await response.json()).toEqual({ status: 'ok', seq: server.house.status().seq, now: expect.any(String) });
  const metrics = await (await fetch(new URL('/metrics', server.url))).text();
  expect(metrics).toContain('novate_journal_seq');
  expect(metrics).not.toContain('broker');
});
