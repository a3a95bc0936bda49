/** Bytes on a connection, and how the attacker leaves it. */

import { connect } from 'node:net';
import type { Target } from './attack';

/**
 * RESET: at once, with a reset. CLOSE: at once. HALF: closes its own half and waits. READ: waits for the answer.
 * DEAF: reads nothing and waits.
 */
export const ENDS = ['RESET', 'CLOSE', 'HALF', 'READ', 'DEAF'] as const;
export type End = (typeof ENDS)[number];

export interface Sending {
  readonly parts: readonly Uint8Array[]; // each in a write of its own
  readonly end: End;
  readonly patienceMs: number; // how long is waited at most
}

const MOST_READ = 200_000;

/** Sends and leaves; returns what was answered. Nothing is left open. */
export function send(
  { host, port }: Pick<Target, 'host' | 'port'>,
  { parts, end, patienceMs }: Sending,
): Promise<Buffer> {
  return new Promise((resolve) => {
    const answer: Buffer[] = [];
    let bytes = 0;
    const socket = connect({ host, port, allowHalfOpen: true });
    const timer = setTimeout(() => socket.destroy(), patienceMs);
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve(Buffer.concat(answer));
    });
    socket.on('data', (part) => {
      bytes += part.length;
      if (bytes < MOST_READ) answer.push(part);
    });
    if (end === 'DEAF') socket.pause();
    socket.once('end', () => socket.end());
    socket.once('connect', async () => {
      for (const part of parts) {
        if (!socket.writable) break;
        await new Promise<void>((sent) => {
          socket.once('close', () => sent());
          socket.write(part, () => sent());
        });
      }
      if (end === 'RESET') socket.resetAndDestroy();
      else if (end === 'CLOSE') socket.destroy();
      else if (end === 'HALF' && !socket.destroyed) socket.end();
    });
  });
}

/** The statuses of the answers over HTTP that stand in some bytes. */
export const statusesOf = (answer: Buffer): number[] =>
  [...answer.toString('latin1').matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));

export const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1');
