/**
 * Connections without a framework around them. Node hands over a connection that asks to become a socket as it is, and
 * takes its own error listener away: from then on a reset by the other side would end the process.
 */

import { type Server as HttpServer, type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ReportFault } from '../error/format';
import type { Limits } from '../limit/limits';
import { type Callers, createAddressTally } from './callers';
import type { Denials } from './denials';
import { PATH } from './options';

/** Takes over the connection of a request. */
export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** How long the other side may take to read why it was refused. */
const REFUSAL_MS = 1_000;

export interface Watch {
  readonly limits: Limits;
  readonly callers: Callers;
  readonly deny: Denials['deny'];
  readonly report: ReportFault;
}

export interface Watched {
  readonly open: number; // connections
}

/** Looks after every connection of a server, and passes on those that ask for a socket at the right place. */
export function watchConnections(
  server: HttpServer,
  upgrade: Upgrade,
  { limits, callers, deny, report }: Watch,
): Watched {
  const held = createAddressTally(limits.connectionsPerAddress);
  const sockets = createAddressTally(limits.socketsPerAddress);
  let open = 0;
  server.on('connection', (socket) => {
    // A connection that breaks is closed by Node itself; there is nobody to tell.
    socket.on('error', ignore);
    const { remoteAddress: address = '' } = socket;
    // A proxy has a connection for each of those it speaks for.
    const counted = !callers.isProxy(address);
    if (open >= limits.connections || (counted && !held.take(address))) {
      deny('CONNECTION', address);
      socket.destroy();
      return;
    }
    open += 1;
    socket.once('close', () => {
      open -= 1;
      if (counted) held.give(address);
    });
  });
  server.on('upgrade', (request, socket, head) => {
    try {
      if (pathOf(request) !== PATH) return refuse(socket, 404);
      const address = callers.addressOf(request);
      if (!sockets.take(address)) {
        deny('SOCKET', address);
        return refuse(socket, 429, { 'Retry-After': String(comeBackIn()) });
      }
      socket.once('close', () => sockets.give(address));
      upgrade(request, socket, head);
    } catch (error) {
      // Nothing above would catch it, and it would end the process.
      report(error);
      socket.destroy();
    }
  });
  return {
    get open() {
      return open;
    },
  };
}

/** Seconds after which to come back, not the same for everybody. */
export const comeBackIn = (): number => 1 + Math.floor(Math.random() * 5);

/** Answers a connection that does not become a socket, and closes it, whether or not the other side closes its half. */
export function refuse(socket: Duplex, status: number, headers: Readonly<Record<string, string>> = {}): void {
  const lines = Object.entries({ ...headers, Connection: 'close', 'Content-Length': '0' }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  const timer = setTimeout(() => socket.destroy(), REFUSAL_MS);
  socket.once('close', () => clearTimeout(timer));
  // What was sent besides is read and thrown away: a close with unread data would reset the answer on its way.
  socket.resume();
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n`);
}

/** The path of a request. A target may be anything without a space in it: it is compared, not parsed. */
const pathOf = ({ url = '' }: IncomingMessage): string | undefined => url.split('?', 1)[0];

const ignore = (): undefined => undefined;
