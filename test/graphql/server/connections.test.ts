/**
 * What one caller may hold open, how slowly it may send, and what is told of those who were refused. Each limit at n
 * and n + 1.
 */

import { connect, type Socket } from 'node:net';
import WebSocket from 'ws';
import { closeCodeOf, opening, text } from '../../../attack/frames';
import type { DenialLine } from '../../../src/graphql/server/denials';
import { bearer, type KeyName, openServer, type TestServer } from '../support';

const LIMITS = {
  connections: 12,
  connectionsPerAddress: 6,
  socketsPerAddress: 4,
  socketsPerKey: 2,
  headerBytes: 4_096,
  headersMs: 300,
  requestMs: 600,
  keepAliveMs: 200,
  checkMs: 20,
  framesPerSecond: 20,
};
let server: TestServer;
const denied: DenialLine[] = [];
const opened: { destroy(): unknown }[] = [];

beforeAll(async () => {
  server = await openServer({ limits: LIMITS, denied: (line) => denied.push(line), trustedProxies: ['127.0.0.9'] });
});
afterEach(async () => {
  for (const socket of opened.splice(0)) socket.destroy();
  await figure('novate_connections_open', 1);
});
afterAll(() => server.close());

interface Caller {
  readonly socket: Socket;
  /** What it was sent until it was closed. */
  readonly closed: Promise<string>;
  text(): string;
}

function call(localAddress: string, text = ''): Caller {
  let answer = '';
  const socket = connect(
    { port: server.port, host: '127.0.0.1', localAddress },
    () => text && socket.write(text, 'latin1'),
  );
  socket.setEncoding('latin1').on('data', (part: string) => {
    answer += part;
  });
  opened.push(socket);
  const closed = new Promise<string>((resolve) =>
    socket.on('error', () => undefined).once('close', () => resolve(answer)),
  );
  return { socket, closed, text: () => answer };
}

const HEALTH = 'GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n';

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Whether a connection is served: it answers, or is cut. */
async function isServed(caller: Caller): Promise<boolean> {
  caller.socket.write(HEALTH);
  return (await Promise.race([until(() => caller.text() !== '').then(() => 'answer'), caller.closed])) === 'answer';
}

/** Waits until a figure of the server is no larger; it is asked over a connection of its own. */
async function figure(name: string, most: number): Promise<void> {
  await until(async () => {
    const { text, socket } = call('127.0.0.7', 'GET /metrics HTTP/1.0\r\n\r\n');
    await new Promise((resolve) => socket.once('close', resolve));
    const line = text()
      .split('\n')
      .find((each) => each.startsWith(`${name} `));
    return line !== undefined && Number(line.split(' ')[1]) <= most;
  });
}

test('so many connections of one address, and no more; another address has its own, and one that closes makes room', async () => {
  const callers = Array.from({ length: 6 }, () => call('127.0.0.2'));
  for (const caller of callers) expect(await isServed(caller)).toBe(true);
  expect(await isServed(call('127.0.0.2'))).toBe(false);
  expect(await isServed(call('127.0.0.3'))).toBe(true);
  callers[0]?.socket.destroy();
  await until(() => isServed(call('127.0.0.2')));
  expect(denied).toContainEqual({ reason: 'CONNECTION', address: '127.0.0.2', key: null, count: 1, seconds: 0 });
});

test('so many connections in all, whoever has them; a proxy may have more than one of its callers', async () => {
  const callers = [
    ...Array.from({ length: 8 }, () => call('127.0.0.9')),
    ...Array.from({ length: 4 }, () => call('127.0.0.4')),
  ];
  const served = await Promise.all(callers.map(isServed));
  expect(served).toEqual(callers.map(() => true));
  expect(await isServed(call('127.0.0.5'))).toBe(false);
  expect(denied).toContainEqual(expect.objectContaining({ reason: 'CONNECTION', address: '127.0.0.5' }));
});

interface Opened {
  readonly socket: WebSocket;
  readonly status: number; // 101: it is open
}

function open(localAddress: string, headers: Record<string, string> = {}): Promise<Opened> {
  const socket = new WebSocket(server.url.replace('http', 'ws'), 'graphql-transport-ws', { localAddress, headers });
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve({ socket, status: 101 }));
    socket.once('unexpected-response', (request, { statusCode = 0 }) => {
      request.destroy();
      resolve({ socket, status: statusCode });
    });
    socket.on('error', reject);
    opened.push({ destroy: () => socket.terminate() });
  });
}

test('so many sockets of one address, and no more, counted by whom a proxy speaks for', async () => {
  for (let i = 0; i < 4; i++) expect((await open('127.0.0.2')).status).toBe(101);
  expect((await open('127.0.0.2')).status).toBe(429);
  const of = (address: string) => open('127.0.0.9', { 'x-forwarded-for': address });
  for (let i = 0; i < 4; i++) expect((await of('192.0.2.1')).status).toBe(101);
  expect((await of('192.0.2.1')).status).toBe(429);
  expect((await of('192.0.2.2')).status).toBe(101);
  // The word of somebody who is no proxy is not taken.
  expect((await open('127.0.0.2', { 'x-forwarded-for': '192.0.2.3' })).status).toBe(429);
  expect(denied.filter(({ reason }) => reason === 'SOCKET').map(({ address }) => address)).toEqual([
    '127.0.0.2',
    '192.0.2.1',
  ]);
});

async function enter(key: KeyName): Promise<number> {
  const { socket } = await open('127.0.0.3');
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: bearer(key) } }));
  return new Promise((resolve) => {
    socket.once('message', () => resolve(0));
    socket.once('close', resolve);
  });
}

test('so many sockets of one key, and no more; another key has its own, and one that closes makes room', async () => {
  expect([await enter('feed'), await enter('feed'), await enter('feed'), await enter('broker')]).toEqual([
    0, 0, 1013, 0,
  ]);
  expect(denied).toContainEqual({ reason: 'SOCKET', address: '127.0.0.3', key: 'feed', count: 1, seconds: 0 });
  for (const socket of opened.splice(0)) socket.destroy();
  await until(async () => {
    const code = await enter('feed');
    return code === 0;
  });
});

test('headers of so many bytes, and no more', async () => {
  const get = (bytes: number): string =>
    `GET /healthz HTTP/1.1\r\nHost: h\r\nConnection: close\r\nX: ${'x'.repeat(bytes)}\r\n\r\n`;
  expect(await call('127.0.0.2', get(3_900)).closed).toMatch(/^HTTP\/1.1 200 /);
  const answer = await call('127.0.0.2', get(4_200)).closed;
  expect(answer).toMatch(/^HTTP\/1.1 431 /);
  expect(answer).toContain('"code":"BAD_REQUEST"');
});

test.each([
  ['that says nothing', ''],
  ['whose headers do not end', 'GET /healthz HTTP/1.1\r\nHost: h\r\n'],
  [
    'whose body does not come',
    `POST /graphql HTTP/1.1\r\nHost: h\r\nAuthorization: ${bearer('admin')}\r\nContent-Type: ` +
      `application/json\r\nContent-Length: 9\r\n\r\n{`,
  ],
  [
    'whose body does not end',
    `POST /graphql HTTP/1.1\r\nHost: h\r\nAuthorization: ${bearer('admin')}\r\nContent-Type: ` +
      `application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`,
  ],
])('a connection %s is closed', async (_, text) => {
  const answer = await call('127.0.0.6', text).closed;
  expect(answer).toMatch(/^HTTP\/1.1 408 /);
  expect(denied).toContainEqual(expect.objectContaining({ reason: 'SLOW', address: '127.0.0.6' }));
});

test('a connection that is kept alive and not used is closed', async () => {
  expect(await call('127.0.0.2', HEALTH).closed).toMatch(/^HTTP\/1.1 200 /);
});

test('a socket is read no faster than it may be', async () => {
  const { socket } = await open('127.0.0.2');
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: bearer('feed') } }));
  let pongs = 0;
  socket.on('pong', () => {
    pongs += 1;
  });
  const began = performance.now();
  // Each in a segment of its own: what has come together is read together.
  for (let i = 0; i < 40; i++) {
    socket.ping();
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await until(() => pongs >= 40);
  // A second's worth at once, the rest at 20 a second.
  expect(performance.now() - began).toBeGreaterThan(700);
  expect(socket.readyState).toBe(socket.OPEN);
});

test('every refusal of a caller is told once, with its key where it has one', async () => {
  await server.ask(null, '{ viewer { id } }');
  await server.ask('reader', '{ __schema { types { name } } }');
  await server.ask('reader', 'mutation { admitMember(input: { name: "x", idempotencyKey: "x" }) { outcome } }');
  const page = new WebSocket(server.url.replace('http', 'ws'), 'graphql-transport-ws', {
    origin: 'https://evil.example',
  });
  await new Promise((resolve) => page.on('error', resolve));
  await call('127.0.0.2', 'NONSENSE\r\n\r\n').closed;
  const reasons = (): string[] => denied.map(({ reason, key }) => `${reason} ${key ?? ''}`.trim());
  await until(() => reasons().includes('FORBIDDEN reader'));
  const figures = await (await fetch(new URL('/metrics', server.url))).text();
  expect(figures).toContain('novate_denials_total{reason="ORIGIN"} 1');
  for (const reason of ['UNAUTHENTICATED', 'INTROSPECTION_DISABLED reader', 'FORBIDDEN reader', 'ORIGIN', 'MALFORMED'])
    expect(reasons().filter((each) => each === reason)).toEqual([reason]);
});

test('who does not read what is answered is not read either, and goes on where it stopped', async () => {
  const own = await openServer({ limits: { framesPerSecond: 1_000_000, unreadBytes: 100_000, initMs: 60_000 } });
  const socket = new WebSocket(own.url.replace('http', 'ws'), 'graphql-transport-ws');
  await new Promise((resolve) => socket.once('open', resolve));
  let pongs = 0;
  socket.on('message', () => {
    pongs += 1;
  });
  socket.pause();
  // Each is answered with its own payload; the network between the two takes some of it, but not this much.
  const ping = JSON.stringify({ type: 'ping', payload: { padding: 'x'.repeat(60_000) } });
  for (let i = 0; i < 800; i++) socket.send(ping);
  let [waiting, still] = [socket.bufferedAmount, 0];
  await until(() => {
    still = socket.bufferedAmount === waiting ? still + 1 : 0;
    waiting = socket.bufferedAmount;
    return still > 40;
  });
  expect(waiting).toBeGreaterThan(0);
  socket.resume();
  await until(() => pongs === 800);
  socket.terminate();
  expect(own.faults).toEqual([]);
  await own.close();
});

test('a socket that is refused and does not close its own side is cut off', async () => {
  const init = text({ type: 'connection_init', payload: { authorization: 'Bearer nvk_nobody-has-such-a-key' } });
  const caller = call('127.0.0.3', Buffer.concat([opening(), init]).toString('latin1'));
  const answer = Buffer.from(await caller.closed, 'latin1');
  expect(closeCodeOf(answer)).toBe(4403);
}, 15_000);
