/** Readers who come back late, and readers who are slow: they are told so, and lose nothing.  */

import type { Event } from '../../../src/core/message/event';
import { givenPerpetual, mark, openServer, pay, type TestServer, trade } from '../support';
import { FRAME, listen, type Message, numbersOf, upTo } from './listen';
import { openKnown } from './rawSocket';
import { queryOf } from './story';

let server: TestServer;

afterEach(async () => {
  await server.close();
});

describe('a past that is no longer streamed', () => {
  const PAST = 5;

  beforeEach(async () => {
    server = await openServer({ limits: { heartbeatMs: 150, resumeEntries: PAST } });
    await givenPerpetual(server);
  });

  /** The cursor of a stream that is open now, and as many marks after it. */
  async function marksBehind(count: number): Promise<string> {
    const listener = await listen(server.socket('feed'), queryOf('prices'), { snapshot: true }).opened();
    listener.stop();
    for (let i = 1; i <= count; i++) await mark(server, String(50_000 + i));
    return listener.all.at(-1)?.cursor ?? '';
  }

  test('B1-2 a cursor as old as may be is resumed', async () => {
    const cursor = await marksBehind(PAST);
    const resumed = await listen(server.socket('feed'), queryOf('prices'), { after: cursor }).opened();
    expect(numbersOf(resumed.events)).toEqual(upTo(PAST));
  });

  test('B1-2 one entry older: RESUME_GAP with the oldest cursor, behind which everything is told that can be', async () => {
    const cursor = await marksBehind(PAST + 1);
    const refused = listen(server.socket('feed'), queryOf('prices'), { after: cursor });
    expect(await refused.ended()).toBe('RESUME_GAP');
    expect(refused.all).toEqual([]);
    const oldestCursor = refused.errors[0]?.extensions['oldestCursor'];
    const resumed = await listen(server.socket('feed'), queryOf('prices'), { after: oldestCursor }).opened();
    const seq = server.house.status().seq;
    expect(resumed.events.map((message) => Number(message.seq))).toEqual(upTo(seq, seq - PAST + 1));
  });
});

describe('a reader that is too slow', () => {
  const LAG = 20;
  const ENTRIES = 60;
  const HEAVY = 'x'.repeat(300_000);
  const EVENTS = `subscription ($after: Cursor, $snapshot: Boolean! = false) {
    events(after: $after, snapshot: $snapshot, types: [MARK_PRICE_SET]) { ${FRAME} event }
  }`;

  beforeEach(async () => {
    server = await openServer({ limits: { heartbeatMs: 400, lagEntries: LAG } });
    await givenPerpetual(server);
    await pay(server, 'alice', '31000');
    await pay(server, 'bob', '9000000');
    await trade(server, 'alice', 'bob', '10');
  });

  /** A mark whose event is too large to lie unread in the buffers of a socket more than a few times over. */
  const heavyMark = (price: string): Promise<readonly Event[]> =>
    server.send({
      type: 'SubmitMarkPrices',
      source: HEAVY,
      prices: [{ instrument: 'BTC-PERP', price, bid: null, ask: null, observedAt: null }],
    });

  const messagesOf = (payloads: readonly unknown[]): Message[] =>
    payloads.flatMap((payload) => Object.values((payload as { data: Record<string, Message> }).data));

  test('X-7 it is told SUBSCRIPTION_LAGGED and where to go on, holds nobody up, and loses no margin call', async () => {
    const slow = await openKnown(server, 'auditor');
    slow.subscribe('calls', queryOf('marginCalls'), { snapshot: true });
    slow.subscribe('heavy', EVENTS, { snapshot: true });
    for (const id of ['calls', 'heavy']) await slow.until((frame) => frame.id === id && frame.type === 'next');
    const quick = await listen(server.socket('broker'), queryOf('marginCalls'), { snapshot: true }).opened();
    slow.socket.pause();

    // The call is issued and amended again and again while one reader does not read.
    let slowest = 0;
    for (let i = 0; i < ENTRIES; i++) {
      const began = performance.now();
      await heavyMark(String(48_000 - i * 5));
      slowest = Math.max(slowest, performance.now() - began);
      await quick.have(i + 1);
    }
    const told = quick.events;
    expect(told.map(({ type }) => type)).toEqual([
      'MARGIN_CALL_ISSUED',
      ...Array(ENTRIES - 1).fill('MARGIN_CALL_AMENDED'),
    ]);
    expect(slowest).toBeLessThan(2_000);

    slow.socket.resume();
    for (const id of ['calls', 'heavy']) {
      const { payload } = await slow.until((frame) => frame.id === id && frame.type === 'error');
      const [error] = payload as [{ extensions: { code: string; resumeFrom: string; retriable: boolean } }];
      expect(error.extensions).toMatchObject({ code: 'SUBSCRIPTION_LAGGED', retriable: true });
      const before = messagesOf(
        slow.frames.filter((frame) => frame.id === id && frame.type === 'next').map(({ payload }) => payload),
      );
      const query = id === 'calls' ? queryOf('marginCalls') : EVENTS;
      const rest = await listen(server.socket('auditor'), query, { after: error.extensions.resumeFrom }).opened();
      const all = [...before, ...rest.all].filter(({ kind }) => kind === 'EVENT');
      expect(numbersOf(all)).toEqual(upTo(ENTRIES));
      // It bites: a part was told before it fell behind, and a part only after.
      expect(rest.events.length).toBeGreaterThan(LAG);
      expect(all.length).toBeGreaterThan(rest.events.length);
      if (id === 'calls')
        expect(all.map(({ type, seq }) => [type, seq])).toEqual(told.map(({ type, seq }) => [type, seq]));
    }
  });

  test('X-7 one that is slow for a while, but within the limit, is told everything in one go', async () => {
    const slow = await openKnown(server, 'auditor');
    slow.subscribe('heavy', EVENTS, { snapshot: true });
    await slow.until((frame) => frame.id === 'heavy');
    slow.socket.pause();
    for (let i = 0; i < LAG; i++) await heavyMark(String(50_000 + i));
    slow.socket.resume();
    await slow.until(({ type, payload }) => type === 'next' && messagesOf([payload])[0]?.streamSeq === String(LAG));
    expect(slow.frames.filter(({ type }) => type === 'error')).toEqual([]);
  });

  test('X-7 a stream that was resumed from far behind may be as far behind as it began', async () => {
    const listener = await listen(server.socket('auditor'), EVENTS, { snapshot: true }).opened();
    listener.stop();
    for (let i = 0; i < 3 * LAG; i++) await mark(server, String(50_000 + i));
    const resumed = await listen(server.socket('auditor'), EVENTS, { after: listener.all.at(-1)?.cursor }).opened();
    expect(numbersOf(resumed.events)).toEqual(upTo(3 * LAG));
    expect(resumed.errors).toEqual([]);
  });
});
