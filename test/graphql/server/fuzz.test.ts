/**
 * The attacks of `npm run attack`, a short run of each by a seed, on a server in this process: no fault, and nothing
 * left open.
 */

import type { Attack, Target } from '../../../attack/attack';
import { flood } from '../../../attack/flood';
import { closeCodeOf, frame, OPCODE } from '../../../attack/frames';
import { harmOf, heldBy } from '../../../attack/house';
import { rawHttp } from '../../../attack/rawHttp';
import { rawSocket } from '../../../attack/rawSocket';
import { resets } from '../../../attack/resets';
import { slow } from '../../../attack/slow';
import { openServer, secretOf, type TestServer } from '../support';

let server: TestServer;
let target: Target;
beforeAll(async () => {
  // What is sent slowly is to be given up within this test.
  server = await openServer({ limits: { headersMs: 1_000, requestMs: 2_000, checkMs: 100, initMs: 1_000 } });
  target = { url: server.url, host: '127.0.0.1', port: server.port, secret: secretOf('auditor') };
});
afterAll(() => server.close());

const SHORT: readonly (readonly [attack: Attack, strikes: number])[] = [
  [rawHttp, 400],
  [rawSocket, 300],
  [resets, 200],
  [slow, 60],
  [flood, 20],
];

test.each(SHORT.map(([attack, strikes]) => [attack.name, attack, strikes] as const))(
  '%s: the house lives, answers, and holds what it held before',
  async (_, attack, strikes) => {
    const before = await heldBy(target);
    const listeners = process.listenerCount('uncaughtException') + process.listenerCount('exit');
    const outcome = await attack.run(target, { seed: 7, strikes, seconds: 4 });
    expect(outcome.failures).toEqual([]);
    expect(outcome.strikes).toBeGreaterThan(0);
    expect(await harmOf(target, before)).toEqual([]);
    expect(server.faults).toEqual([]);
    expect(process.listenerCount('uncaughtException') + process.listenerCount('exit')).toBe(listeners);
  },
  60_000,
);

test('an attack sees what it looks for: harm that is there is told, and so is the code a socket was closed with', async () => {
  const before = { connections: -20, sockets: -20, handles: 0, files: 0, heap: 0, resident: 0 };
  const now = await heldBy(target);
  expect(now.connections).toBeGreaterThan(0);
  expect(now.heap).toBeGreaterThan(1_000_000);
  const dead = { ...target, url: `${target.url}/nothing` };
  expect(await harmOf(dead, before)).toEqual(['It does not answer.']);
  const said = [
    Buffer.from('HTTP/1.1 101 x\r\n\r\n'),
    frame({ opcode: OPCODE.TEXT, payload: Buffer.alloc(70_000), masked: false }),
  ];
  const close = frame({ opcode: OPCODE.CLOSE, payload: Buffer.from([0x03, 0xf3]), masked: false });
  expect(closeCodeOf(Buffer.concat([...said, close]))).toBe(1011);
  expect(closeCodeOf(Buffer.concat(said))).toBeUndefined();
});
