/** Requests that no client would send, cut anywhere and left in every way. */

import type { Random } from '../src/interop/random';
import { type Attack, strikeAll, type Target } from './attack';
import { bytesOf, ENDS, send, statusesOf } from './wire';

const METHODS = [
  'GET',
  'POST',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'PUT',
  'M-SEARCH',
  'PRI',
  'get',
  '',
  'GET GET',
  'P\0ST',
  'é',
];
const TARGETS = [
  ...[
    '/graphql',
    '/healthz',
    '/metrics',
    '/readyz',
    '/',
    '//[',
    '//',
    '*',
    '',
    '?',
    '#',
    '/%',
    '/%zz',
    '/%00',
    '/graphql?%',
    '/\\',
  ],
  ...[
    'http://[',
    'http://',
    'http://x:99999/graphql',
    '/graphql/explorer/..%2f..%2fpackage.json',
    '/graphql/explorer/__proto__',
    '/\u00e9\u00ff',
  ],
  ...[`/${'a'.repeat(20_000)}`, `/graphql/explorer/${'b'.repeat(500)}`, '/graphql#[', '///', '/./../..', '@', ':80'],
];
const VERSIONS = ['HTTP/1.1', 'HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/9.9', 'HTTP', '', 'http/1.1'];
const HEADERS = [
  ...[
    'Host: h',
    'Host: h\r\nHost: i',
    'Host:',
    'Host: [',
    'Connection: close',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Upgrade: h2c',
  ],
  ...[
    'Content-Length: 0',
    'Content-Length: -1',
    'Content-Length: 99999999999',
    'Content-Length: 5\r\nContent-Length: 6',
    'Content-Length: 1e3',
  ],
  ...[
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: chunked, chunked',
    'Transfer-Encoding: x',
    'Transfer-Encoding : chunked',
  ],
  ...[
    'Expect: 100-continue',
    'Expect: more',
    'Content-Encoding: gzip',
    'X-Forwarded-For: %',
    'X-Forwarded-For: 1.1.1.1, [',
    'Origin: //[',
  ],
  ...[
    'Authorization: Bearer nvk_nobody-has-such-a-key',
    'Authorization: \u00ff\u00fe',
    'Authorization:',
    'Accept: text/html',
    'Accept: \u0001',
  ],
  ...[
    'Content-Type: application/json',
    'Content-Type: text/plain',
    'Content-Type: application/json; charset=utf-16',
    'Content-Type: ;;;',
  ],
  ...[
    ': nameless',
    'No colon',
    ' folded: x',
    'A: b\n c: d',
    'N\0L: x',
    `Big: ${'x'.repeat(15_000)}`,
    `Big: ${'x'.repeat(60_000)}`,
    'Sec-WebSocket-Key: x',
  ],
  ...[
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Protocol: ,,',
    '__proto__: x',
    'constructor: y',
  ],
];
const BODIES = [
  ...[
    '',
    '{',
    '{}',
    '[]',
    'null',
    '{"query":"{ viewer { id } }"}',
    '{"query":"{',
    '\u00ff\u00fe\u0000',
    '{"a":1,"a":2}',
    '{"__proto__":{}}',
  ],
  ...[
    '0\r\n\r\n',
    '5\r\nhello\r\n',
    'zz\r\n',
    'ffffffffffffffff\r\n',
    '-1\r\n',
    '1;x=y\r\n{\r\n0\r\nTrailer: x\r\n\r\n',
    '5\r\nab',
  ],
  ...[
    `{"query":"${'{ a '.repeat(5_000)}"}`,
    `${'['.repeat(100_000)}`,
    `{"query":"${'x'.repeat(300_000)}"}`,
    'GET / HTTP/1.1\r\n\r\n'.repeat(50),
  ],
];

function requestOf(random: Random, { secret }: Target): Buffer {
  const lines = [`${random.pick(METHODS)} ${random.pick(TARGETS)} ${random.pick(VERSIONS)}`];
  // Often a good beginning, so that what is wrong is met further inside.
  if (random.chance(60))
    lines[0] = `${random.pick(['POST', 'GET'])} ${random.pick(['/graphql', random.pick(TARGETS)])} HTTP/1.1`;
  if (random.chance(80)) lines.push('Host: h');
  if (random.chance(40)) lines.push(`Authorization: Bearer ${secret}`, 'Content-Type: application/json');
  for (let left = random.below(6); left > 0; left--) lines.push(random.pick(HEADERS));
  if (random.chance(3)) for (let i = 0; i < 3_000; i++) lines.push(`H${i}: x`);
  const body = random.pick(BODIES);
  if (random.chance(50)) lines.push(`Content-Length: ${body.length + random.pick([0, 0, 0, 1, -1, 100])}`);
  return bytesOf(`${lines.join(random.chance(95) ? '\r\n' : '\n')}\r\n\r\n${body}`);
}

/** Changes a few bytes, or cuts it somewhere. */
function damaged(random: Random, request: Buffer): Buffer {
  const copy = Buffer.from(request);
  if (random.chance(30))
    for (let left = 1 + random.below(5); left > 0; left--) copy[random.below(copy.length)] = random.below(256);
  return random.chance(30) ? copy.subarray(0, random.below(copy.length)) : copy;
}

function partsOf(random: Random, request: Buffer): Buffer[] {
  const at = random.below(request.length + 1);
  return random.chance(50)
    ? [request]
    : [request.subarray(0, at), request.subarray(at)].filter(({ length }) => length > 0);
}

export const rawHttp: Attack = {
  name: 'raw HTTP',
  sentence: 'targets, methods, headers and bodies that no client would send, cut anywhere and left in every way',
  run: (target, effort) =>
    strikeAll(effort, async (random) => {
      const requests = Array.from({ length: 1 + random.below(3) }, () => damaged(random, requestOf(random, target)));
      const parts = requests.flatMap((request) => partsOf(random, request));
      const answer = await send(target, { parts, end: random.pick(ENDS), patienceMs: 50 + random.below(200) });
      const wrong = statusesOf(answer).find((status) => status >= 500 && status !== 503 && status !== 505);
      return wrong === undefined
        ? undefined
        : `${wrong} to ${JSON.stringify(Buffer.concat(parts).toString('latin1').slice(0, 300))}`;
    }),
};
