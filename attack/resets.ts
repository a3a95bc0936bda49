/**
 * A reset after every byte of a request, of an opening that is refused, of one that is not, and of the first messages.
 */

import { type Attack, strikeAll, type Target } from './attack';
import { opening, text } from './frames';
import { bytesOf, send } from './wire';

function stories({ secret }: Target): Buffer[] {
  const body = '{"query":"{ viewer { id } }"}';
  const init = text({ type: 'connection_init', payload: { authorization: `Bearer ${secret}` } });
  const subscribe = text({
    type: 'subscribe',
    id: 'a',
    payload: { query: 'subscription { prices(snapshot: true) { kind } }' },
  });
  const head = `POST /graphql HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${secret}\r\nContent-Type: application/json\r\n`;
  return [
    bytesOf(`${head}Content-Length: ${body.length}\r\n\r\n${body}`),
    bytesOf(`${head}Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`),
    bytesOf('GET /other HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
    opening('Origin: https://evil.example'),
    Buffer.concat([opening(), init, subscribe]),
  ];
}

export const resets: Attack = {
  name: 'resets',
  sentence: 'a reset after every byte of a request, of an opening, and of the first messages of a socket',
  run(target, effort) {
    const all = stories(target);
    return strikeAll(effort, async (random, nth) => {
      const story = all[nth % all.length] as Buffer;
      // The end of each is met for certain, the rest by chance.
      const at = nth < all.length ? story.length : 1 + random.below(story.length);
      const [first, rest] = [story.subarray(0, at), story.subarray(at, at + (random.chance(30) ? 1 : 0))];
      await send(target, { parts: rest.length > 0 ? [first, rest] : [first], end: 'RESET', patienceMs: 1_000 });
      return undefined;
    });
  },
};
