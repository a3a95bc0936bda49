/** The audits of the `graphql-http` package: whether the server keeps to the GraphQL over HTTP specification. */

import { type AuditResult, auditServer } from 'graphql-http';
import { bearer, openServer, type TestServer } from '../support';

let server: TestServer;
let results: AuditResult[] = [];
beforeAll(async () => {
  server = await openServer();
  const fetchFn = (url: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    headers.set('authorization', bearer('admin'));
    return fetch(url, { ...init, headers });
  };
  results = await auditServer({ url: server.url, fetchFn });
}, 60_000);
afterAll(() => server.close());

const named = (status: AuditResult['status']): string[] =>
  results.filter((result) => result.status === status).map(({ id, name }) => `${id} ${name}`);

test('all 61 audits ran, and at least 55 are passed', () => {
  expect(results).toHaveLength(61);
  expect(named('ok').length).toBeGreaterThanOrEqual(55);
});

test('none fails', () => {
  expect(named('error')).toEqual([]);
});

test('what the server does not do, though it may, is to answer a GET', () => {
  expect(named('notice')).toEqual([
    '5A70 MAY accept application/x-www-form-urlencoded formatted GET requests',
    'D6D5 MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting ' +
      'application/graphql-response+json',
    '6A70 MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/json',
  ]);
});

// A request that was not executed has a status that says so, whichever of the two media types is asked for.
test('what it does otherwise than it should is to say 400 of what it did not execute, to old clients too', () => {
  expect(named('warn')).toEqual([
    '572B SHOULD use 200 status code on document parsing failure when accepting application/json',
    'FDE2 SHOULD use 200 status code on document validation failure when accepting application/json',
    '7B9B SHOULD use a status code of 200 on variable coercion failure when accepting application/json',
  ]);
});

test('the audits do find fault: a server that answers nothing fails them', async () => {
  const silent = await auditServer({ url: server.url, fetchFn: async () => new Response('{}', { status: 500 }) });
  expect(silent.filter(({ status }) => status === 'error').length).toBeGreaterThan(5);
});
