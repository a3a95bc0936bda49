/**
 * What every stream says of itself, and that it says all there is: nothing lost, nothing twice, nothing out of order.
 */

import { encodeEvent } from '../../../src/core/message/codec';
import { linesOf, openServer, type TestServer } from '../support';
import { type Listener, listen, type Message, numbersOf, upTo } from './listen';
import { EVENT_STREAMS, eventsSince, givenAlice, queryOf, STREAMS, type StreamName, tellStory } from './story';

let server: TestServer;
let began: number;
let before: number; // last entry before the story
const told = new Map<StreamName, Listener<Record<string, unknown>>>();
const NAMES = Object.keys(STREAMS) as StreamName[];

beforeAll(async () => {
  server = await openServer({ limits: { heartbeatMs: 250, healthIntervalMs: 10 } });
  await givenAlice(server);
  before = server.house.status().seq;
  began = Date.now();
  for (const name of NAMES)
    told.set(name, await listen(server.socket(STREAMS[name][0]), queryOf(name), { snapshot: true }).opened());
  await tellStory(server);
  const last = String(server.house.status().seq);
  for (const listener of told.values())
    await listener.until(({ all }) => all.some(({ kind, seq }) => kind === 'HEARTBEAT' && seq === last));
});
afterAll(async () => {
  await server.close();
});

const heard = (name: StreamName): readonly Message[] => (told.get(name) as Listener<Record<string, unknown>>).all;
const eventsOn = (name: StreamName): readonly Message[] => heard(name).filter(({ kind }) => kind === 'EVENT');

describe.each(NAMES)('%s', (name) => {
  test('B1-2 X-7 events are numbered 1, 2, 3 without gaps, in the order of the journal', () => {
    const events = eventsOn(name);
    // Health is state: what changed within one look is one message.
    expect(events.length).toBeGreaterThanOrEqual(name === 'accountHealth' ? 1 : 3);
    expect(numbersOf(events)).toEqual(upTo(events.length));
    const places = events.map(({ seq }) => Number(seq));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(before);
  });

  test(
    'every message says when it was sent and of which house time it is; every one but a state has a cursor of ' +
      'its own',
    () => {
      for (const { kind, at, emittedAt, cursor } of heard(name)) {
        expect(Date.parse(at)).toBeGreaterThanOrEqual(Date.parse('2025-10-10T12:00:00Z'));
        expect(Date.parse(emittedAt)).toBeGreaterThanOrEqual(began);
        expect(Date.parse(emittedAt)).toBeLessThanOrEqual(Date.now());
        if (kind === 'STATE') expect(cursor).toBeNull();
        else expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
      }
      const cursors = eventsOn(name).map(({ cursor }) => cursor);
      expect(new Set(cursors).size).toBe(cursors.length);
    },
  );

  test('the state comes first, as of one entry, and a heartbeat with the cursor behind it ends it', () => {
    const first = heard(name).findIndex(({ kind }) => kind === 'HEARTBEAT');
    const state = heard(name).slice(0, first);
    expect(
      state.every(({ kind, streamSeq, seq }) => kind === 'STATE' && streamSeq === '0' && seq === String(before)),
    ).toBe(true);
    expect(heard(name)[first]).toMatchObject({ seq: String(before), streamSeq: '0' });
    // Of these something stood before the story; no call, no order was open, and all events have no shorter state.
    const stood: Partial<Record<StreamName, number>> = { accountHealth: 1, prices: 1, insuranceFund: 2 };
    expect(state).toHaveLength(stood[name] ?? 0);
  });

  test('a heartbeat carries the newest cursor: behind it there is nothing', async () => {
    const beat = heard(name).at(-1) as Message;
    expect(beat).toMatchObject({ kind: 'HEARTBEAT', streamSeq: String(eventsOn(name).length) });
    expect(Number(beat.seq)).toBe(server.house.status().seq);
    const again = await listen(server.socket(STREAMS[name][0]), queryOf(name), { after: beat.cursor }).opened();
    // Health is state: it is sent once at the start, whatever the cursor.
    expect(again.events.length).toBe(name === 'accountHealth' ? 1 : 0);
    again.stop();
  });

  test('a stream that begins now says nothing of the past', async () => {
    const fresh = await listen(server.socket(STREAMS[name][0]), queryOf(name)).opened();
    expect(fresh.all.map(({ kind }) => kind)).toEqual(['HEARTBEAT']);
    fresh.stop();
  });
});

test('X-7 `events` says every event of the journal as the journal has it', async () => {
  const journal = await eventsSince(server, server.house.status().seq - before);
  expect(eventsOn('events').map(({ event }) => event)).toEqual(journal.map((event) => JSON.parse(encodeEvent(event))));
});

test('B1-2 the other streams say all of what is theirs, each at its entry', () => {
  const entriesOf = (...types: string[]): string[] =>
    eventsOn('events')
      .filter(({ type }) => types.some((name) => (type as string).startsWith(name)))
      .map(({ type, seq }) => `${seq} ${type}`);
  const said = (name: StreamName): string[] => eventsOn(name).map(({ type, seq }) => `${seq} ${type}`);
  expect(said('marginCalls')).toEqual(entriesOf('MARGIN_CALL'));
  expect(said('accountStatus')).toEqual(entriesOf('ACCOUNT_STATUS_CHANGED', 'MARGIN_WARNING'));
  expect(said('liquidationOrders')).toEqual(entriesOf('LIQUIDATION_ORDER'));
  expect(eventsOn('prices').map(({ seq }) => seq)).toEqual(
    entriesOf('MARK_PRICE', 'INDEX_PRICE').map((line) => line.split(' ')[0]),
  );
  expect(said('marginCalls').length).toBeGreaterThanOrEqual(8);
});

/** What comes behind the state and behind each event, without when it was sent. */
async function resumed(name: StreamName, on: TestServer): Promise<object[][]> {
  const beginnings = [heard(name).find(({ kind }) => kind === 'HEARTBEAT') as Message, ...eventsOn(name)];
  // A socket has 20 operations at most.
  const clients = Array.from({ length: Math.ceil(beginnings.length / 15) }, () => on.socket(STREAMS[name][0]));
  return Promise.all(
    beginnings.map(async ({ cursor }, cut) => {
      const rest = await listen(clients[Math.floor(cut / 15)] as (typeof clients)[number], queryOf(name), {
        after: cursor,
      }).opened();
      rest.stop();
      return rest.all.slice(0, -1).map(timeless);
    }),
  );
}

const timeless = ({ emittedAt: _, ...message }: Message): object => message;

describe('B1-2 X-7 a stream resumed behind any message goes on with the very next, with nothing lost and nothing twice', () => {
  const expected = (name: StreamName): object[][] =>
    upTo(eventsOn(name).length, 0).map((cut) => eventsOn(name).slice(cut).map(timeless));
  let again: TestServer;

  beforeAll(async () => {
    again = await openServer({ limits: { heartbeatMs: 250 }, journal: await linesOf(server.house) });
  });
  afterAll(async () => {
    await again.close();
  });

  test.each(EVENT_STREAMS)('%s', async (name) => {
    expect(await resumed(name, server)).toEqual(expected(name));
    expect(eventsOn(name).length).toBeGreaterThanOrEqual(3);
  });

  test.each(EVENT_STREAMS)('%s after a restart from the same journal', async (name) => {
    expect(await resumed(name, again)).toEqual(expected(name));
    expect(again.url).not.toBe(server.url);
  });
});
