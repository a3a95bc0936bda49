/** A socket without a client library: one that reads when the test says so, and may say what no client would. */

import WebSocket from 'ws';
import { bearer, type KeyName, type TestServer } from '../support';

export interface Frame {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

export interface RawSocket {
  readonly socket: WebSocket;
  readonly frames: readonly Frame[];
  send(frame: Frame | string): void;
  subscribe(id: string, query: string, variables?: object): void;
  /** Waits for a frame. */
  until(found: (frame: Frame) => boolean): Promise<Frame>;
  /** Waits until it closes; returns the code and the reason. */
  closed(): Promise<{ readonly code: number; readonly reason: string }>;
}

const PATIENCE_MS = 20_000;

export interface Opening {
  readonly origin?: string;
  readonly protocol?: string;
}

export function openRaw(server: TestServer, { origin, protocol = 'graphql-transport-ws' }: Opening = {}): RawSocket {
  const socket = new WebSocket(server.url.replace('http', 'ws'), protocol, origin === undefined ? {} : { origin });
  const frames: Frame[] = [];
  const waiting = new Set<() => void>();
  let end: { code: number; reason: string } | undefined;
  const wake = (): void => {
    for (const look of [...waiting]) look();
  };
  socket.on('message', (data) => {
    frames.push(JSON.parse(String(data)) as Frame);
    wake();
  });
  socket.on('error', () => undefined);
  socket.on('unexpected-response', (request, response) => {
    request.destroy();
    end = { code: response.statusCode ?? 0, reason: response.statusMessage ?? '' };
    wake();
  });
  socket.on('close', (code, reason) => {
    end ??= { code, reason: String(reason) };
    wake();
  });
  const wait = <T>(look: () => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`Waited in vain: ${JSON.stringify(frames.slice(-3)).slice(0, 1000)}`)),
        PATIENCE_MS,
      );
      timer.unref();
      const again = (): void => {
        const found = look();
        if (found === undefined) return;
        clearTimeout(timer);
        waiting.delete(again);
        resolve(found);
      };
      waiting.add(again);
      again();
    });
  const raw: RawSocket = {
    socket,
    frames,
    send: (frame) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    subscribe: (id, query, variables = {}) => raw.send({ id, type: 'subscribe', payload: { query, variables } }),
    until: (found) => wait(() => frames.find(found)),
    closed: () => wait(() => end),
  };
  return raw;
}

/** A socket that is open, and has not said whose it is. */
export async function openUnknown(server: TestServer): Promise<RawSocket> {
  const raw = openRaw(server);
  await new Promise((resolve) => raw.socket.once('open', resolve));
  return raw;
}

/** A socket that has been let in. */
export async function openKnown(server: TestServer, key: KeyName): Promise<RawSocket> {
  // A question waits for the rows, and so a state that is sent first has in it what happened before.
  await server.ask(key, '{ asOf { seq } }');
  const raw = await openUnknown(server);
  raw.send({ type: 'connection_init', payload: { authorization: bearer(key) } });
  await raw.until(({ type }) => type === 'connection_ack');
  return raw;
}
