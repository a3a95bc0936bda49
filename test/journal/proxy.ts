/** A TCP proxy before a server that can lose the answers on their way back, as a broken network does. */

import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface Proxy {
  readonly url: string;
  /** From now on questions arrive, answers do not, and after a moment the connection breaks. */
  loseAnswers(): void;
  /** Breaks every connection, and takes no more. */
  cut(): Promise<void>;
  /** Answers arrive again, and connections are taken, at the same address. */
  mend(): Promise<void>;
  close(): Promise<void>;
}

export async function createProxy(target: string): Promise<Proxy> {
  const to = new URL(target);
  const sockets = new Set<Socket>();
  let losing = false;
  const server = createServer((client) => {
    const upstream = connect(Number(to.port || 5432), to.hostname);
    sockets.add(client).add(upstream);
    client.on('data', (bytes) => {
      upstream.write(bytes);
      if (losing) setTimeout(() => client.destroy(), 100);
    });
    upstream.on('data', (bytes) => {
      if (!losing) client.write(bytes);
    });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on('error', () => undefined);
      one.on('close', () => other.destroy());
    }
  });
  const listen = (port: number): Promise<void> => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const cut = (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    loseAnswers() {
      losing = true;
    },
    cut,
    async mend() {
      losing = false;
      if (!server.listening) await listen(Number(url.port));
    },
    close: cut,
  };
}
