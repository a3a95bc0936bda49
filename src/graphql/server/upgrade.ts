/**
 * Connections without a framework around them. Node hands over a connection that asks to become a socket as it is, and
 * takes its own error listener away: from then on a reset by the other side would end the process.
 */

import { type Server as HttpServer, type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ReportFault } from '../error/format';
import { PATH } from './options';

/** Takes over the connection of a request. */
export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** How long the other side may take to read why it was refused. */
const REFUSAL_MS = 1_000;

/** Looks after every connection of a server, and passes on those that ask for a socket at the right place. */
export function watchConnections(server: HttpServer, upgrade: Upgrade, report: ReportFault): void {
  // A connection that breaks is closed by Node itself; there is nobody to tell.
  server.on('connection', (socket) => socket.on('error', ignore));
  server.on('upgrade', (request, socket, head) => {
    if (pathOf(request) !== PATH) return refuse(socket, 404);
    try {
      upgrade(request, socket, head);
    } catch (error) {
      report(error);
      socket.destroy();
    }
  });
}

/** Answers a connection that does not become a socket, and closes it, whether or not the other side closes its half. */
export function refuse(socket: Duplex, status: number, headers: Readonly<Record<string, string>> = {}): void {
  const lines = Object.entries({ ...headers, Connection: 'close', 'Content-Length': '0' }).map(([name, value]) => `${name}: ${value}\r\n`);
  const timer = setTimeout(() => socket.destroy(), REFUSAL_MS);
  socket.once('close', () => clearTimeout(timer));
  // What was sent besides is read and thrown away: a close with unread data would reset the answer on its way.
  socket.resume();
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n`);
}

/** The path of a request. A target may be anything without a space in it: it is compared, not parsed. */
const pathOf = ({ url = '' }: IncomingMessage): string | undefined => url.split('?', 1)[0];

const ignore = (): undefined => undefined;
