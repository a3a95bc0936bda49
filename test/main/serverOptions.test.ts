/**
 * Options of the server: each that can be told to the program reaches the server, and what cannot be read is refused.
 */

import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import WebSocket from 'ws';
import { type Flags, readConfig } from '../../src/main/config';
import { silentLog } from '../../src/main/logger';
import type { OpenHouse } from '../../src/main/openHouse';
import { ConfigError } from '../../src/main/option';
import { placesOf, type Served, serve } from '../../src/main/serve';
import { bearer, type KeyName, openServer, type TestServer } from '../graphql/support';

const KNOWN = '{ viewer { id } }';
let folder: string;
let house: TestServer;
const open: Served[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'novate-'));
  house = await openServer();
});
afterEach(async () => {
  for (const served of open.splice(0)) await served.server.close();
});
afterAll(async () => {
  await house.close();
  await rm(folder, { recursive: true });
});

/** The house of this test, served as the program serves it that is told this. */
async function served(flags: Flags, env: NodeJS.ProcessEnv = {}): Promise<Served['server']> {
  const config = readConfig({ port: '0', ...flags }, { NOVATE_LIMITS: 'drainMs=0', ...env });
  const made = await serve({
    config,
    open: { house: house.house, reader: house.reader } as OpenHouse,
    log: silentLog(),
  });
  open.push(made);
  return made.server;
}

async function ask(url: string, key: KeyName, query: string): Promise<{ status: number; code: unknown }> {
  const headers = { 'content-type': 'application/json', authorization: bearer(key) };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) });
  const { errors } = (await response.json()) as { errors?: { extensions: { code: string } }[] };
  return { status: response.status, code: errors?.[0]?.extensions.code };
}

const page = (url: string | null, authorization?: string): Promise<Response> =>
  fetch(url ?? '', { headers: { accept: 'text/html', ...(authorization ? { authorization } : {}) } });

const opens = (url: string, origin: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', { origin });
    socket.once('open', () => resolve(true)).on('error', () => resolve(false));
    socket.once('open', () => socket.terminate());
  });

test('limits', async () => {
  const { url } = await served({ limits: 'depth=1,drainMs=0' });
  expect(await ask(url, 'admin', KNOWN)).toEqual({ status: 400, code: 'LIMIT_EXCEEDED' });
  const standard = await served({});
  expect((await ask(standard.url, 'admin', KNOWN)).status).toBe(200);
});

test('origins', async () => {
  const { url } = await served({ allowedOrigins: 'https://a.example, https://b.example' });
  for (const origin of ['https://a.example', 'https://b.example', new URL(url).origin])
    expect(await opens(url, origin)).toBe(true);
  expect(await opens(url, 'https://c.example')).toBe(false);
});

test('roles that may ask for the schema', async () => {
  const { url } = await served({ introspection: 'FEED' });
  expect((await ask(url, 'feed', '{ __schema { queryType { name } } }')).status).toBe(200);
  expect(await ask(url, 'admin', '{ __schema { queryType { name } } }')).toEqual({
    status: 403,
    code: 'INTROSPECTION_DISABLED',
  });
  const nobody = await served({ introspection: '' });
  expect((await ask(nobody.url, 'feed', '{ __schema { queryType { name } } }')).code).toBe('INTROSPECTION_DISABLED');
});

test('trusted documents, as a list of their hashes or as tools write them', async () => {
  const hash = createHash('sha256').update(KNOWN).digest('hex');
  for (const [name, content] of Object.entries({ list: [hash], object: { [hash]: KNOWN } })) {
    const file = join(folder, name);
    await writeFile(file, JSON.stringify(content));
    const { url } = await served({ trustedDocuments: file });
    expect((await ask(url, 'admin', KNOWN)).status).toBe(200);
    expect(await ask(url, 'admin', '{ viewer { role } }')).toEqual({ status: 403, code: 'DOCUMENT_NOT_TRUSTED' });
  }
});

test('metrics at an address and with a key of their own; health stays where it was, open', async () => {
  const { url, metricsUrl } = await served(
    { metricsAddress: '127.0.0.1:0' },
    { NOVATE_METRICS_KEY: 'a-key-of-the-operator' },
  );
  expect(new URL(metricsUrl).port).not.toBe(new URL(url).port);
  const status = async (place: string, authorization?: string): Promise<number> =>
    (await fetch(place, authorization ? { headers: { authorization } } : {})).status;
  expect(await status(new URL('/metrics', url).href, 'Bearer a-key-of-the-operator')).toBe(404);
  expect(await status(metricsUrl)).toBe(401);
  expect(await status(metricsUrl, bearer('admin'))).toBe(401);
  expect(await status(metricsUrl, 'Bearer a-key-of-the-operator')).toBe(200);
  expect(await status(metricsUrl, `Basic ${btoa('anybody:a-key-of-the-operator')}`)).toBe(200);
  // There is nothing else at that address: no API, no socket, no health.
  for (const path of ['/graphql', '/healthz', '/readyz'])
    expect(await status(new URL(path, metricsUrl).href)).toBe(404);
  expect((await ask(new URL('/graphql', metricsUrl).href, 'admin', KNOWN)).status).toBe(404);
  expect(await opens(new URL('/graphql', metricsUrl).href, new URL(url).origin)).toBe(false);
  expect(await status(new URL('/healthz', url).href)).toBe(200);
});

test('a key of metrics where the API is', async () => {
  const { metricsUrl, url } = await served({}, { NOVATE_METRICS_KEY: 'a-key-of-the-operator' });
  expect(metricsUrl).toBe(new URL('/metrics', url).href);
  expect((await fetch(metricsUrl)).status).toBe(401);
  expect((await fetch(metricsUrl, { headers: { authorization: 'Bearer a-key-of-the-operator' } })).status).toBe(200);
});

test('GraphiQL at an address and with a key of its own, the API beside it', async () => {
  const { url, explorerUrl } = await served(
    { explorerAddress: '127.0.0.1:0' },
    { NOVATE_EXPLORER_KEY: 'a-key-of-the-operator' },
  );
  expect((await page(url)).status).toBe(405);
  const refused = await page(explorerUrl);
  expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
    401,
    'Basic realm="Novate", charset="UTF-8"',
  ]);
  const shown = await page(explorerUrl, `Basic ${btoa('me:a-key-of-the-operator')}`);
  expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect((await ask(explorerUrl ?? '', 'admin', KNOWN)).status).toBe(200);
  expect(await opens(explorerUrl ?? '', new URL(explorerUrl ?? '').origin)).toBe(true);
});

test('without GraphiQL', async () => {
  const { url, explorerUrl } = await served({ explorer: 'no' });
  expect(explorerUrl).toBeNull();
  expect((await page(url)).status).toBe(405);
});

test.each([
  ['limits', 'depth'],
  ['limits', 'depth=0'],
  ['limits', 'depth=-1'],
  ['limits', 'dept=5'],
  ['limits', 'depth=5;aliases=5'],
  ['limits', 'toString=5'],
  ['limits', 'depth=99999999999'],
  ['allowedOrigins', 'portal.example'],
  ['allowedOrigins', 'https://portal.example/'],
  ['introspection', 'ADMIN,NOBODY'],
  ['trustedDocuments', '/nowhere/documents.json'],
  ['trustedProxies', '10.0.0.0/99'],
  ['trustedProxies', 'proxy'],
  ['explorer', 'maybe'],
  ['explorerAddress', '127.0.0.1'],
  ['explorerAddress', '::1:4000'],
  ['metricsAddress', '127.0.0.1:65536'],
] as const)('--%s %s is refused before anything is opened', (name, given) => {
  expect(() => readConfig({ [name]: given }, {})).toThrow(ConfigError);
});

test.each(['NOVATE_METRICS_KEY', 'NOVATE_EXPLORER_KEY'])(
  '%s is refused where it is short, and not repeated',
  (variable) => {
    expect(() => readConfig({}, { [variable]: 'hunter2' })).toThrow(/^(?!.*hunter2).*16 to 200/);
  },
);

test('addresses of version 6, proxies and limits are read', () => {
  const config = readConfig(
    { metricsAddress: '[::1]:9464', trustedProxies: '10.0.0.0/8, ::1', limits: 'socketsPerKey=5, drainMs=0' },
    {},
  );
  expect(config.metricsAddress).toEqual({ host: '::1', port: 9464 });
  expect(config.trustedProxies).toEqual(['10.0.0.0/8', '::1']);
  expect(config.limits).toEqual({ socketsPerKey: 5, drainMs: 0 });
});

test('what is served where is said in a line each, and nothing is said to be where it is not', () => {
  const [url, metricsUrl] = ['http://127.0.0.1:4000/graphql', 'http://127.0.0.1:4000/metrics'];
  expect(placesOf({ url, explorerUrl: url, metricsUrl })).toEqual([
    `Novate is at ${url} (GraphQL; GraphiQL in a browser)`,
  ]);
  expect(placesOf({ url, explorerUrl: null, metricsUrl })).toEqual([`Novate is at ${url} (GraphQL)`]);
  const [explorerUrl, elsewhere] = ['http://127.0.0.1:4001/graphql', 'http://127.0.0.1:9464/metrics'];
  expect(placesOf({ url, explorerUrl, metricsUrl: elsewhere })).toEqual([
    `Novate is at ${url} (GraphQL)`,
    `GraphiQL is at ${explorerUrl}, for browsers`,
    `Metrics are at ${elsewhere}`,
  ]);
});
