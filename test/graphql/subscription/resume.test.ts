/** Readers that lose their connection again and again while things happen, and once the server with it. */

import { randomOf } from '../../support/random';
import { givenPerpetual, linesOf, mark, openServer, type TestServer } from '../support';
import { type Listener, listen, type Message, numbersOf, upTo } from './listen';
import { openKnown, type RawSocket } from './rawSocket';
import { queryOf } from './story';

interface Price {
  readonly price: string;
}

const priceOf = (i: number): string => `${50_000 + i}.0`;

/** Listens in pieces of random length, each behind the last message of the one before, until it has so many events. */
async function inPieces(
  server: TestServer,
  seed: number,
  count: number,
  after: string,
  already: readonly Message<Price>[] = [],
) {
  const random = randomOf(seed);
  const events = [...already];
  let cursor = after;
  let pieces = 0;
  while (events.length < count) {
    const listener = listen<Price>(server.socket('feed'), queryOf('prices'), { after: cursor });
    const wanted = Math.min(random.between(1, 7), count - events.length);
    await listener.have(wanted);
    listener.stop();
    // What else has arrived by then may be taken or thrown away: only the cursor counts.
    const taken = listener.events.slice(0, random.between(wanted, Math.min(wanted + 3, listener.events.length)));
    events.push(...taken);
    cursor = taken.at(-1)?.cursor ?? cursor;
    pieces += 1;
  }
  return { events, cursor, pieces };
}

const open = (server: TestServer): Promise<Listener<Price>> =>
  listen<Price>(server.socket('feed'), queryOf('prices'), { snapshot: true }).opened();

const pricesIn = ({ frames }: RawSocket): Message<Price>[] =>
  frames.flatMap(({ type, payload }) =>
    type === 'next' ? [(payload as { data: { prices: Message<Price> } }).data.prices] : [],
  );

const servers: TestServer[] = [];
async function start(journal: readonly string[] = []): Promise<TestServer> {
  const server = await openServer({ limits: { heartbeatMs: 200, budget: 10_000_000 }, journal });
  servers.push(server);
  return server;
}

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

test.each([1, 2, 3])(
  'B1-2 X-7 cut at random while marks keep coming, the pieces are the whole (seed %i)',
  async (seed) => {
    const server = await start();
    await givenPerpetual(server);
    const whole = await open(server);
    const marks = (async () => {
      for (let i = 1; i <= 60; i++) {
        await mark(server, String(50_000 + i));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })();
    const { events, pieces } = await inPieces(server, seed, 60, whole.all.at(-1)?.cursor ?? '');
    await marks;
    expect(numbersOf(events)).toEqual(upTo(60));
    expect(events.map(({ price }) => price)).toEqual(upTo(60).map(priceOf));
    expect(pieces).toBeGreaterThanOrEqual(6);
    expect((await whole.have(60)).map(({ cursor }) => cursor)).toEqual(events.map(({ cursor }) => cursor));
  },
);

test('B1-2 X-7 a reader that loses the server goes on at the one that is started from the same journal', async () => {
  const first = await start();
  await givenPerpetual(first);
  const reader = await openKnown(first, 'feed');
  reader.subscribe('prices', queryOf('prices'), { snapshot: true });
  await reader.until(({ type }) => type === 'next');
  const events = (): Message<Price>[] => pricesIn(reader).filter(({ kind }) => kind === 'EVENT');
  for (let i = 1; i <= 5; i++) await mark(first, String(50_000 + i));
  await reader.until(() => events().length >= 3);
  // It has taken three; what follows happens without it.
  const taken = events().slice(0, 3);
  const lines = await linesOf(first.house);
  await first.close();
  // Not that the stream came to its end: that would tell the reader not to come back.
  expect(await reader.closed()).toMatchObject({ code: 1012 });
  expect(reader.frames.map(({ type }) => type)).not.toContain('complete');

  const second = await start(lines);
  const resumed = listen<Price>(second.socket('feed'), queryOf('prices'), { after: taken.at(-1)?.cursor });
  await resumed.have(2);
  for (let i = 6; i <= 8; i++) await mark(second, String(50_000 + i));
  const all = [...taken, ...(await resumed.have(5))];
  expect(numbersOf(all)).toEqual(upTo(8));
  expect(all.map(({ price }) => price)).toEqual(upTo(8).map(priceOf));
});

test(
  'X-7 a cursor of a house that went further than the one that is started is refused: what it stands for is ' +
    'not there',
  async () => {
    const first = await start();
    await givenPerpetual(first);
    const lines = await linesOf(first.house);
    const listener = await open(first);
    await mark(first, '50001');
    const [event] = await listener.have(1);
    const second = await start(lines);
    const resumed = listen(second.socket('feed'), queryOf('prices'), { after: event?.cursor });
    // The cursor stands within the lost entry: what comes next is another one than it counts.
    expect(second.house.status().seq).toBe(first.house.status().seq - 1);
    expect(await resumed.ended()).toBe('BAD_USER_INPUT');
  },
);
