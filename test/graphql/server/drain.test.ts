/** How the server ends: sockets one after the other, requests with an answer, and nobody can keep it from ending. */

import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { openKnown, type RawSocket } from '../subscription/rawSocket';
import { bearer, openServer, type TestServer } from '../support';

interface Answered {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** Asks over the connection of an agent. */
function post(server: TestServer, agent: Agent, path = '/graphql'): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', authorization: bearer('admin') };
    const asked = request(
      { port: server.port, agent, path, method: path === '/graphql' ? 'POST' : 'GET', headers },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        answer.once('end', () => resolve({ status: answer.statusCode, headers: answer.headers, text }));
      },
    );
    asked.once('error', reject);
    asked.end(path === '/graphql' ? JSON.stringify({ query: '{ viewer { id } }' }) : undefined);
  });
}

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
};

test('sockets close one after the other with 1012, and no stream says that it is complete', async () => {
  const server = await openServer({ limits: { drainMs: 400 } });
  const sockets: RawSocket[] = [];
  for (let i = 0; i < 40; i++) sockets.push(await openKnown(server, 'feed'));
  for (const socket of sockets) socket.subscribe('s', 'subscription { prices(snapshot: true) { kind } }');
  for (const socket of sockets) await socket.until(({ type }) => type === 'next');
  const open = (): number => sockets.filter(({ socket }) => socket.readyState === socket.OPEN).length;
  const seen = new Set<number>();
  const watching = setInterval(() => seen.add(open()), 1);
  await server.close();
  clearInterval(watching);
  for (const socket of sockets) {
    expect(await socket.closed()).toEqual({ code: 1012, reason: 'The server is restarting' });
    expect(socket.frames.map(({ type }) => type)).not.toContain('complete');
  }
  // Some had gone while others were still there.
  expect([...seen].filter((count) => count > 0 && count < 40).length).toBeGreaterThan(3);
});

test('while it ends, a connection that is kept alive is told when to come back, and health is still to be had', async () => {
  const server = await openServer({ limits: { drainMs: 2_000 } });
  const agent = new Agent({ keepAlive: true });
  expect((await post(server, agent)).status).toBe(200);
  const socket = await openKnown(server, 'feed');
  // It does not read: the server waits for it while the rest is asked.
  socket.socket.pause();
  const closed = server.close();
  const { status, headers, text } = await post(server, agent);
  expect(status).toBe(503);
  expect(headers['retry-after']).toMatch(/^[1-5]$/);
  expect(headers['connection']).toBe('close');
  const { extensions } = (JSON.parse(text) as { errors: [{ extensions: Record<string, unknown> }] }).errors[0];
  expect(extensions).toMatchObject({ code: 'UNAVAILABLE', reason: 'CLOSED', retriable: true });
  expect((await post(server, new Agent(), '/healthz')).status).toBe(200);
  expect((await post(server, new Agent(), '/metrics')).status).toBe(200);
  socket.socket.terminate();
  await closed;
  await expect(post(server, new Agent())).rejects.toThrow('ECONNREFUSED');
  agent.destroy();
});

test('nobody keeps it open: not half a request, not a connection that says nothing, not an upgrade that is not finished', async () => {
  const server = await openServer({ limits: { executionMs: 200 } });
  const texts = [
    '',
    'POST /graphql HTTP/1.1\r\nHost: h\r\n',
    'POST /graphql HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n{',
    'GET /other HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  ];
  const sockets = texts.map((text) => {
    const socket = connect(
      { port: server.port, host: '127.0.0.1', allowHalfOpen: true },
      () => text && socket.write(text),
    );
    return socket.on('error', () => undefined).resume();
  });
  await until(() => sockets.every(({ readyState }) => readyState !== 'opening'));
  await server.close();
  for (const socket of sockets) socket.destroy();
});
