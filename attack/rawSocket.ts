/** Frames that no client would send, before and after a key was shown, cut anywhere and left in every way. */

import type { Random } from '../src/interop/random';
import { type Attack, strikeAll } from './attack';
import { closeCodeOf, type Frame, frame, OPCODE, opening, text } from './frames';
import { ENDS, send } from './wire';

const HEADERS = [
  ...[
    'Origin: //[',
    'Origin: null',
    'Origin: https://evil.example',
    'Sec-WebSocket-Extensions: permessage-deflate',
    'Sec-WebSocket-Extensions: ;;=,',
  ],
  ...[
    'Sec-WebSocket-Protocol: graphql-ws',
    'Sec-WebSocket-Protocol: a,a',
    'Sec-WebSocket-Version: 99',
    'Content-Length: 10',
    'Transfer-Encoding: chunked',
  ],
  ...['X-Forwarded-For: [', 'Expect: 100-continue', `Big: ${'x'.repeat(10_000)}`],
];
const SUBSCRIPTION = 'subscription { prices(snapshot: true) { kind } }';
const MESSAGES: readonly (object | string)[] = [
  ...[
    '',
    'x',
    '[]',
    'null',
    '1',
    '{',
    '{"type":"ping"',
    '{"type":1}',
    '{"type":"shout"}',
    '{"type":"ping","type":"ping"}',
    '[[[['.repeat(5_000),
  ],
  { type: 'ping', payload: { padding: 'x'.repeat(60_000) } },
  { type: 'ping', payload: 'no object' },
  { type: 'pong' },
  { type: 'connection_init', payload: [] },
  { type: 'connection_init', payload: { authorization: 'Bearer nvk_nobody-has-such-a-key' } },
  { type: 'subscribe', id: '', payload: { query: SUBSCRIPTION } },
  { type: 'subscribe', id: 'é'.repeat(5_000), payload: { query: SUBSCRIPTION } },
  { type: 'subscribe', id: '__proto__', payload: { query: SUBSCRIPTION } },
  { type: 'subscribe', id: 'a', payload: { query: SUBSCRIPTION } },
  { type: 'subscribe', id: 'b', payload: { query: '{ viewer { id } }' } },
  { type: 'subscribe', id: 'c', payload: { query: `{${'a'.repeat(50_000)}}` } },
  { type: 'subscribe', id: 'd', payload: { query: SUBSCRIPTION, variables: 'x', operationName: 1 } },
  { type: 'subscribe', id: 'e', payload: { query: SUBSCRIPTION, extensions: [] } },
  { type: 'complete', id: 'a' },
  { type: 'complete' },
  { type: 'next', id: 'a', payload: {} },
];
const PAYLOADS: readonly Uint8Array[] = [
  Buffer.alloc(0),
  Buffer.from('{"type":"ping"}'),
  Buffer.from([0xff, 0xfe, 0xfd]), // no UTF-8
  Buffer.from([0xed, 0xa0, 0x80]), // half of a pair
  Buffer.from([0]),
  Buffer.alloc(125, 0x61),
  Buffer.alloc(126, 0x61),
  Buffer.alloc(70_000, 0x61),
  Buffer.from([0x03, 0xe8]), // 1000
  Buffer.from([0x03, 0xed]), // 1005, which is never sent
  Buffer.from([0xff, 0xff, 0xff]),
];

function anyFrame(random: Random): Buffer {
  const payload = random.pick(PAYLOADS);
  const wrong: Frame = {
    opcode: random.below(16),
    payload,
    fin: random.chance(70),
    reserved: random.chance(30) ? random.below(8) : 0,
    masked: random.chance(90),
    length: random.chance(10) ? random.pick([0, 65_535, 65_536, 2 ** 31, Number.MAX_SAFE_INTEGER]) : payload.length,
  };
  return frame(wrong);
}

function framesOf(random: Random, secret: string): Buffer[] {
  const all: Buffer[] = [];
  if (random.chance(60)) all.push(text({ type: 'connection_init', payload: { authorization: `Bearer ${secret}` } }));
  for (let left = random.below(6); left > 0; left--)
    all.push(random.chance(60) ? text(random.pick(MESSAGES)) : anyFrame(random));
  if (random.chance(5)) {
    const small = frame({
      opcode: random.pick([OPCODE.PING, OPCODE.PONG, OPCODE.TEXT]),
      payload: Buffer.from('{"type":"ping"}'),
    });
    all.push(Buffer.concat(Array.from({ length: 2_000 }, () => small)));
  }
  return all;
}

/** The bytes up to somewhere. */
function cut(random: Random, parts: readonly Buffer[]): Buffer[] {
  if (random.chance(70)) return [...parts];
  const all = Buffer.concat(parts);
  return [all.subarray(0, 1 + random.below(all.length))];
}

export const rawSocket: Attack = {
  name: 'raw WebSocket',
  sentence: 'openings and frames that no client would send, floods of small ones, cut anywhere and left in every way',
  run: (target, effort) =>
    strikeAll(effort, async (random) => {
      const open = opening(...(random.chance(30) ? [random.pick(HEADERS)] : []));
      const parts = cut(random, [open, ...framesOf(random, target.secret)]);
      const answer = await send(target, { parts, end: random.pick(ENDS), patienceMs: 50 + random.below(200) });
      return closeCodeOf(answer) === 1011
        ? `1011 to ${Buffer.concat(parts).subarray(open.length).toString('hex').slice(0, 300)}`
        : undefined;
    }),
};
