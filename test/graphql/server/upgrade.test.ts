/** Connections that ask to become a socket, written by hand: none of them can end the house, and none is left open. */

import { connect, type Socket } from 'node:net';
import { openRaw, openUnknown } from '../subscription/rawSocket';
import { bearer, openServer, type TestServer } from '../support';

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
});
afterAll(() => server.close());

const upgradeOf = (target: string, ...more: string[]): string =>
  [
    `GET ${target} HTTP/1.1`,
    'Host: house',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Protocol: graphql-transport-ws',
    ...more,
    '\r\n',
  ].join('\r\n');

const opened = (): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true }, () => resolve(socket));
    socket.once('error', reject);
  });

/** The status of the answer to what is sent. The server closes the connection itself. */
async function statusOf(text: string): Promise<string> {
  const socket = await opened();
  let answer = '';
  socket.setEncoding('latin1').on('data', (part: string) => {
    answer += part;
  });
  const closed = new Promise((resolve) => socket.once('close', resolve).on('error', () => undefined));
  socket.once('end', () => socket.end());
  socket.write(text, 'latin1');
  await closed;
  return answer.split(' ', 2)[1] ?? '';
}

/** Sends what is to be sent and resets the connection at once. */
async function reset(text: string): Promise<void> {
  const socket = await opened();
  const closed = new Promise((resolve) => socket.once('close', resolve).on('error', () => undefined));
  socket.write(text, 'latin1', () => socket.resetAndDestroy());
  await closed;
}

const alive = async (): Promise<void> => {
  expect((await server.ask('admin', '{ viewer { id } }')).status).toBe(200);
  expect(server.faults).toEqual([]);
};

test.each([
  '//[',
  '//',
  '/graphql/',
  '/graphql/..',
  'http://[',
  'http://house/graphql',
  'graphql',
  '*',
  '?',
  '/%',
  '/%67raphql',
  '/graphql%00',
  '//@:',
  '/\\',
  `/${'a'.repeat(8_000)}`,
])('a socket is not at %p, and to ask there ends nothing', async (target) => {
  expect(await statusOf(upgradeOf(target))).toMatch(/^4\d\d$/);
  await alive();
});

test.each([
  ['at another place', '/other', []],
  ['from a page of another site', '/graphql', ['Origin: https://evil.example']],
  ['without a version', '/graphql', ['Sec-WebSocket-Version: 1']],
  ['and then opened', '/graphql', []],
])('a reset while a socket is asked for %s ends nothing', async (_, target, headers) => {
  for (let i = 0; i < 50; i++) await reset(upgradeOf(target, ...headers));
  await alive();
});

test('a request for another protocol, or by another method, becomes no socket', async () => {
  expect(await statusOf(upgradeOf('/graphql').replace('GET', 'POST'))).toBe('405');
  expect(await statusOf(upgradeOf('/graphql').replace('Upgrade: websocket', 'Upgrade: h2c'))).toBe('400');
  await alive();
});

test('a refused connection is closed although its other side keeps its half open', async () => {
  const socket = await opened();
  const closed = new Promise((resolve) => socket.once('close', resolve).on('error', () => undefined));
  socket.write(upgradeOf('/other'));
  // Writing on shows when nobody is there any more.
  const writing = setInterval(() => socket.write('x'), 50);
  socket.resume();
  await closed;
  clearInterval(writing);
  await alive();
});

test('a reason that repeats a long name of the caller is cut to what a close frame holds', async () => {
  const raw = await openUnknown(server);
  raw.send({ type: 'connection_init', payload: { authorization: bearer('feed') } });
  await raw.until(({ type }) => type === 'connection_ack');
  const id = 'é'.repeat(500);
  for (let i = 0; i < 2; i++) raw.subscribe(id, 'subscription { prices { kind } }');
  const { code, reason } = await raw.closed();
  expect([code, Buffer.byteLength(reason) <= 123]).toEqual([4409, true]);
  expect(reason).toMatch(/^Subscriber for é+$/);
  await alive();
});

test('after all of this a socket still opens', async () => {
  const raw = openRaw(server);
  await new Promise((resolve) => raw.socket.once('open', resolve));
  raw.socket.terminate();
});

test.each(['next', 'error', 'connection_ack', 'constructor'])(
  'a message %p, which is not for clients to send, closes a socket and is no fault',
  async (type) => {
    const raw = await openUnknown(server);
    raw.send({ type: 'connection_init', payload: { authorization: bearer('feed') } });
    await raw.until((frame) => frame.type === 'connection_ack');
    raw.send({ type, id: 'a', payload: type === 'error' ? [] : {} });
    expect((await raw.closed()).code).toBe(4400);
    await alive();
  },
);
