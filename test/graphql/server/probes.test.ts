/** The probes of a scanner of GraphQL servers, each written anew: what it sends, and why it finds nothing here. */

import { getIntrospectionQuery } from 'graphql';
import { createServer } from '../../../src/graphql/server/server';
import { bearer, openServer, type Reply, type TestServer } from '../support';

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
  await server.send({ type: 'DefineCurrency', currency: 'USD', scale: 2 });
});
afterAll(() => server.close());

const codeOf = ({ status, errors }: Pick<Reply, 'status' | 'errors'>): unknown[] => [
  status,
  errors[0]?.extensions['code'],
  errors[0]?.extensions['limit'],
];
const post = (body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: bearer('broker'), ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

test('1. alias overloading: a hundred aliases of one field', async () => {
  const aliases = Array.from({ length: 100 }, (_, i) => `a${i}: __typename`).join(' ');
  expect(codeOf(await server.ask('broker', `{ ${aliases} }`))).toEqual([400, 'LIMIT_EXCEEDED', 'rootFields']);
  expect(codeOf(await server.ask('broker', `{ viewer { ${aliases} } }`))).toEqual([400, 'LIMIT_EXCEEDED', 'aliases']);
});

test('2. array batching: ten operations in one request', async () => {
  const response = await post(Array.from({ length: 10 }, () => ({ query: '{ __typename }' })));
  expect(response.status).toBe(400);
  expect(await response.json()).not.toBeInstanceOf(Array);
});

test('3. queries by GET', async () => {
  const response = await fetch(`${server.url}?query=${encodeURIComponent('{ __typename }')}`, {
    headers: { authorization: bearer('broker') },
  });
  expect(response.status).toBe(405);
});

test('4. queries by a form', async () => {
  const response = await post(`query=${encodeURIComponent('{ __typename }')}`, {
    'content-type': 'application/x-www-form-urlencoded',
  });
  expect(response.status).toBe(415);
});

test('5. mutations by GET', async () => {
  const response = await fetch(`${server.url}?query=${encodeURIComponent('mutation { __typename }')}`, {
    headers: { authorization: bearer('admin') },
  });
  expect(response.status).toBe(405);
});

test('6. tracing and debug modes: no answer carries more than its cost, whatever is asked for', async () => {
  const response = await post(
    { query: '{ __typename }' },
    { 'x-apollo-tracing': '1', 'apollo-federation-include-trace': 'ftv1', 'x-debug': '1' },
  );
  expect(await response.json()).toEqual({ data: { __typename: 'Query' }, extensions: { cost: expect.any(Object) } });
});

test('7. field duplication: five hundred times the same field', async () => {
  expect(codeOf(await server.ask('broker', `{ ${'__typename '.repeat(500)} }`))).toEqual([
    400,
    'LIMIT_EXCEEDED',
    'rootFields',
  ]);
  const began = Date.now();
  const { status } = await server.ask('broker', `{ viewer { ${'id '.repeat(990)} } }`);
  expect(status).toBe(400);
  expect(Date.now() - began).toBeLessThan(2_000);
});

test('8. directive overloading: eleven directives on one field, known or not', async () => {
  for (const directive of ['@include(if: true)', '@skip(if: false)', '@aa'])
    expect(codeOf(await server.ask('broker', `{ __typename ${directive.repeat(11)} }`))).toEqual([
      400,
      'LIMIT_EXCEEDED',
      'directives',
    ]);
});

test('9. a circular query by introspection', async () => {
  const circle = `{ __schema { ${'types { fields { type { '.repeat(5)} name ${'} } }'.repeat(5)} } }`;
  const { status } = await server.ask('broker', circle);
  expect(status).toBe(400);
  const real = `{ __schema { types { ${'fields { type { '.repeat(8)} name ${'} }'.repeat(8)} } } }`;
  expect(codeOf(await server.ask('broker', real))).toEqual([400, 'LIMIT_EXCEEDED', 'introspectionDepth']);
});

test('10. introspection: not for whoever comes, nor for roles that have no use for it', async () => {
  expect(codeOf(await server.ask(null, getIntrospectionQuery()))).toEqual([401, 'UNAUTHENTICATED', undefined]);
  expect(codeOf(await server.ask('reader', getIntrospectionQuery()))).toEqual([
    403,
    'INTROSPECTION_DISABLED',
    undefined,
  ]);
  expect((await server.ask('reader', getIntrospectionQuery())).data).toBeUndefined();
});

test.each([
  ['a field', '{ accont(id: "x") { id } }'],
  ['a field of a type', '{ viewer { rol } }'],
  ['an argument', '{ account(idd: "x") { id } }'],
  ['a type', 'query ($x: Decimall) { viewer { id } }'],
  ['a value', '{ instruments(first: 1, status: ACTIV) { totalCount } }'],
  ['a field of an input', 'mutation { admitMember(input: { nam: "x", idempotencyKey: "x" }) { outcome } }'],
  ['a directive', '{ __typename @includ(if: true) }'],
  ['a fragment’s type', '{ ...F } fragment F on Querry { __typename }'],
])('11. field suggestions: %s that is nearly right gets no hint', async (_, query) => {
  const { status, errors } = await server.ask('broker', query);
  expect(status).toBe(400);
  expect(errors.length).toBeGreaterThan(0);
  for (const { message } of errors) expect(message).not.toMatch(/did you mean|perhaps|similar/i);
});

test('11. field suggestions: nor does a wrong value in a variable', async () => {
  const { errors } = await server.ask(
    'broker',
    'query ($s: InstrumentStatus) { instruments(first: 1, status: $s) { totalCount } }',
    {
      s: 'ACTIV',
    },
  );
  expect(errors[0]?.message).not.toMatch(/did you mean/i);
  const { errors: more } = await server.ask(
    'admin',
    'mutation ($i: AdmitMemberInput!) { admitMember(input: $i) { outcome } }',
    {
      i: { name: 'x', nam: 'y', idempotencyKey: 'x' },
    },
  );
  expect(more[0]?.message).not.toMatch(/did you mean/i);
});

test('12. GraphiQL: its page holds no key, and can be left out', async () => {
  const page = await (await fetch(server.url, { headers: { accept: 'text/html' } })).text();
  expect(page).not.toContain('nvk_');
  const without = await openServer({ explorer: false });
  const response = await fetch(without.url, { headers: { accept: 'text/html' } });
  expect([response.status, response.headers.get('content-type')]).toEqual([405, 'application/json; charset=utf-8']);
  await without.close();
});

describe('13. unhandled errors', () => {
  test('a fault of the server says nothing of what it is, and is reported to whoever runs it', async () => {
    const reported: unknown[] = [];
    let broken = false;
    const fault = new Error('connect postgresql://root:hunter2@10.0.0.1/novate at /srv/app/src/store/client.ts:12');
    const faulty = await createServer({
      house: server.house,
      reader: {
        ...server.reader,
        snapshot: (options, work) => (broken ? Promise.reject(fault) : server.reader.snapshot(options, work)),
      },
      port: 0,
      report: (error) => reported.push(error),
    });
    broken = true;
    const response = await fetch(faulty.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: bearer('broker') },
      body: JSON.stringify({ query: '{ asOf { seq } currencies(first: 1) { totalCount } }' }),
    });
    const text = await response.text();
    expect(text).not.toMatch(/hunter2|postgresql|client\.ts|stack|at \//i);
    const { errors } = JSON.parse(text) as { errors: { message: string; extensions: object }[] };
    for (const error of errors) {
      expect(error.message).toBe('A fault of the server; it has been recorded.');
      expect(error.extensions).toEqual({
        code: 'INTERNAL_SERVER_ERROR',
        retriable: true,
        docs: 'docs/errors.md#internal_server_error',
      });
    }
    expect(reported.length).toBeGreaterThan(0);
    expect(new Set(reported)).toEqual(new Set([fault]));
    await faulty.close();
  });

  test('what cannot be read gets a message of its own, without a trace of the server', async () => {
    for (const query of [
      '{',
      'query { ',
      '\u0000',
      '}{',
      '{ viewer { id } } garbage',
      '{ a: }',
      '"""',
      '{ viewer(',
      '#',
      '{ viewer { ... on } }',
    ]) {
      const { status, errors } = await server.ask('broker', query);
      expect([status, errors[0]?.extensions['code']]).toEqual([400, 'GRAPHQL_PARSE_FAILED']);
      expect(JSON.stringify(errors)).not.toMatch(/node_modules|\.js:|stacktrace/);
    }
    expect(server.faults).toEqual([]);
  });
});
