/** Requests without a key, and with one that guesses, as fast as they can be sent over connections that are kept. */

import { type Attack, strikeAll } from './attack';
import { ask } from './house';
import { bytesOf, send, statusesOf } from './wire';

const PIPELINED = 50;
const BODY = '{"query":"{ viewer { id } }"}';

export const flood: Attack = {
  name: 'flood without a key',
  sentence:
    'requests without a key, and with keys that are guessed, fifty at a time on each connection; one with a key ' +
    'is answered',
  run: (target, effort) =>
    strikeAll(effort, async (random, nth) => {
      const key = random.chance(50) ? `Authorization: Bearer nvk_${'0'.repeat(20)}${random.below(1_000_000)}\r\n` : '';
      const one =
        `POST /graphql HTTP/1.1\r\nHost: h\r\n${key}Content-Type: application/json\r\nContent-Length: ` +
        `${BODY.length}\r\n\r\n${BODY}`;
      const answer = await send(target, { parts: [bytesOf(one.repeat(PIPELINED))], end: 'HALF', patienceMs: 2_000 });
      const wrong = statusesOf(answer).find((status) => ![401, 429, 503].includes(status));
      if (wrong !== undefined) return `${wrong} to a request without a key`;
      if (nth % 50 === 0 && !(await ask(target, '{ viewer { id } }'))) return 'somebody with a key was not answered';
      return undefined;
    }),
};
