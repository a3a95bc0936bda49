/** Cursors go on where they were given out, and nowhere else. */

import { givenPerpetual, type KeyName, openServer, type TestServer } from '../support';
import { listen } from './listen';
import { queryOf, STREAMS, type StreamName } from './story';

let server: TestServer;
const NAMES = Object.keys(STREAMS) as StreamName[];

beforeAll(async () => {
  server = await openServer({ limits: { heartbeatMs: 100, healthIntervalMs: 10 } });
  await givenPerpetual(server);
});
afterAll(async () => {
  await server.close();
});

/** A cursor of each stream, as this key has it. */
async function cursorsOf(key: KeyName, names: readonly StreamName[]): Promise<string[]> {
  const listeners = await Promise.all(
    names.map((name) => listen(server.socket(key), queryOf(name), { snapshot: true }).opened()),
  );
  return listeners.map(({ all }) => all.at(-1)?.cursor ?? '');
}

const answer = async (key: KeyName, query: string, after: string): Promise<string> => {
  const listener = listen(server.socket(key), query, { after });
  await listener.until(({ all, errors }) => all.length > 0 || errors.length > 0);
  listener.stop();
  return listener.errors[0]?.extensions.code ?? 'OPEN';
};

test('X-7 a cursor is taken by the stream that gave it out, and by no other', async () => {
  const cursors = await cursorsOf('auditor', NAMES);
  for (const [i, cursor] of cursors.entries()) {
    const answers = await Promise.all(NAMES.map((name) => answer('auditor', queryOf(name), cursor)));
    expect(answers).toEqual(NAMES.map((_, j) => (i === j ? 'OPEN' : 'BAD_USER_INPUT')));
  }
});

test('X-5 X-7 a cursor is refused where the caller sees other accounts, and where something else is asked for', async () => {
  const [cursor = ''] = await cursorsOf('broker', ['marginCalls']);
  const query = queryOf('marginCalls');
  expect(await answer('broker', query, cursor)).toBe('OPEN');
  // Another key of the same member sees the same.
  expect(await answer('reader', query, cursor)).toBe('OPEN');
  expect(await answer('rival', query, cursor)).toBe('BAD_USER_INPUT');
  expect(await answer('auditor', query, cursor)).toBe('BAD_USER_INPUT');
  expect(await answer('broker', query.replace('marginCalls(', 'marginCalls(account: "alice", '), cursor)).toBe(
    'BAD_USER_INPUT',
  );
  const [orders = ''] = await cursorsOf('feed', ['liquidationOrders']);
  expect(await answer('liquidator', queryOf('liquidationOrders'), orders)).toBe('OPEN');
  expect(await answer('broker', queryOf('liquidationOrders'), orders)).toBe('BAD_USER_INPUT');
});

test('X-7 a cursor that nobody gave out, or of a journal that went further, is refused', async () => {
  const [cursor = ''] = await cursorsOf('feed', ['prices']);
  const [of, after] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string, number];
  const seal = (parts: unknown[]): string => Buffer.from(JSON.stringify(parts)).toString('base64url');
  expect(await answer('feed', queryOf('prices'), seal([of, after, 0, 0]))).toBe('OPEN');
  const forged = [
    seal([of, after + 1, 0, 0]),
    seal([of, -1, 0, 0]),
    seal([of, after, 0]),
    seal([of, after, 0, 0, 0]),
    seal([of, '1', 0, 0]),
  ];
  for (const text of [...forged, 'nonsense', seal([])])
    expect(await answer('feed', queryOf('prices'), text)).toBe('BAD_USER_INPUT');
});

test('X-7 a cursor and a snapshot exclude each other', async () => {
  const cursors = await cursorsOf('auditor', NAMES);
  for (const [i, name] of NAMES.entries()) {
    const listener = listen(server.socket('auditor'), queryOf(name), { after: cursors[i], snapshot: true });
    expect(await listener.ended()).toBe('BAD_USER_INPUT');
  }
});
