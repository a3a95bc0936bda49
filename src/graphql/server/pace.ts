/**
 * How fast a socket is read. What comes faster than it may waits in the network, and so does what comes from somebody
 * who does not take the answers: neither can make the server work or remember without end.
 */

import type { WebSocket } from 'ws';
import type { Limits } from '../limit/limits';

/** How long to wait for the other side to take what was written, before another look. */
const LOOK_MS = 50;

/** Whoever is not read for long does not answer pings either, and is cut off for it. */
export function pace(socket: WebSocket, { framesPerSecond, unreadBytes }: Limits): void {
  let left = framesPerSecond;
  let at = performance.now();
  let resting: NodeJS.Timeout | undefined;
  function rest(ms: number): void {
    socket.pause();
    resting = setTimeout(() => {
      resting = undefined;
      if (socket.bufferedAmount > unreadBytes) rest(LOOK_MS);
      else socket.resume();
    }, ms);
  }
  function onFrame(): void {
    const now = performance.now();
    left = Math.min(framesPerSecond, left + ((now - at) * framesPerSecond) / 1_000) - 1;
    at = now;
    if (resting) return;
    if (socket.bufferedAmount > unreadBytes) rest(LOOK_MS);
    else if (left < 0) rest(Math.max(LOOK_MS, (-left * 1_000) / framesPerSecond));
  }
  for (const event of ['message', 'ping', 'pong'] as const) socket.on(event, onFrame);
  socket.once('close', () => clearTimeout(resting));
}
