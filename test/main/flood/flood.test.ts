/**
 * A flood of queries, and prices that arrive meanwhile: the engine in its own thread does not notice.  Rules: RLM-1,
 * LE-2
 */

import { measureFlood } from './measure';

const [FOR_MS, CONNECTIONS] = [3_000, 50];

test('RLM-1 prices that come during a flood of queries are durable as they are at rest; without its own thread ' +
  'the engine waits for the queries', async () => {
  const inline = await measureFlood({ engine: 'INLINE', forMs: FOR_MS, connections: CONNECTIONS });
  const thread = await measureFlood({ engine: 'THREAD', forMs: FOR_MS, connections: CONNECTIONS });
  for (const { flood, queries } of [inline, thread]) {
    // Every price became durable, and the flood was one: it was answered, by whole answers.
    expect(flood.prices).toBe(FOR_MS / 20);
    expect(Number(queries.split(' ')[0])).toBeGreaterThan(0);
    expect(queries).toMatch(/ 0 failed$/);
  }
  expect(thread.flood.p50).toBeLessThan(inline.flood.p50 / 2);
}, 240_000);
