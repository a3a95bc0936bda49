/** The socket itself: who may open one, how it begins, and how much it takes. */

import { bearer, givenPerpetual, openServer, type TestServer } from '../support';
import { openKnown, openRaw, openUnknown, type RawSocket } from './rawSocket';
import { queryOf } from './story';

const INIT_MS = 300;
const PORTAL = 'https://portal.example';
let server: TestServer;

beforeAll(async () => {
  server = await openServer({ limits: { initMs: INIT_MS }, allowedOrigins: [PORTAL] });
  await givenPerpetual(server);
});
afterAll(async () => {
  await server.close();
});

describe('connection_init', () => {
  const init = async (payload?: object): Promise<number | string> => {
    const raw = await openUnknown(server);
    raw.send({ type: 'connection_init', ...(payload ? { payload } : {}) });
    const code = await Promise.race([
      raw.closed().then(({ code }) => code),
      raw.until(({ type }) => type === 'connection_ack'),
    ]);
    raw.socket.terminate();
    return typeof code === 'number' ? code : code.type;
  };

  test('X-5 lets in a key that was issued, under either spelling of the header', async () => {
    const authorization = bearer('broker');
    expect(await init({ authorization })).toBe('connection_ack');
    expect(await init({ Authorization: authorization })).toBe('connection_ack');
  });

  test.each([
    ['no payload', undefined],
    ['no key', {}],
    ['a key that is unknown', { authorization: 'Bearer nvk_secret-of-nobody-for-tests' }],
    ['a key without its scheme', { authorization: 'nvk_secret-of-broker-for-tests' }],
    ['a key under another scheme', { authorization: 'Basic nvk_secret-of-broker-for-tests' }],
    ['a key that is no text', { authorization: ['Bearer nvk_secret-of-broker-for-tests'] }],
    ['the hash instead of the secret', { authorization: `Bearer ${'0'.repeat(64)}` }],
  ])('X-5 refuses %s', async (_name, payload) => {
    expect(await init(payload)).toBe(4403);
  });

  test('X-5 refuses a key that was revoked', async () => {
    await server.send({ type: 'RevokeApiKey', apiKey: 'reader', reason: 'It leaked' });
    expect(await init({ authorization: bearer('reader') })).toBe(4403);
  });

  test('X-5 nothing is subscribed to before it', async () => {
    const raw = await openUnknown(server);
    raw.subscribe('early', queryOf('prices'));
    expect((await raw.closed()).code).toBe(4401);
    expect(raw.frames).toEqual([]);
  });
});

describe('who may open a socket', () => {
  const opening = async (origin: string | undefined, protocol?: string): Promise<string> => {
    const raw = openRaw(server, {
      ...(origin === undefined ? {} : { origin }),
      ...(protocol === undefined ? {} : { protocol }),
    });
    const opened = new Promise<string>((resolve) => raw.socket.once('open', () => resolve('open')));
    const answer = await Promise.race([opened, raw.closed().then(({ code }) => String(code))]);
    raw.socket.terminate();
    return answer;
  };

  test('X-5 programs, which send no origin, and pages of this server and of the origins it was given', async () => {
    expect(await opening(undefined)).toBe('open');
    for (const origin of [`http://127.0.0.1:${server.port}`, `http://localhost:${server.port}`, PORTAL])
      expect(await opening(origin)).toBe('open');
  });

  test.each([
    ['of another site', () => 'https://evil.example'],
    ['of no site', () => 'null'],
    ['of an allowed name under another port', () => `http://127.0.0.1:${server.port + 1}`],
    ['of an allowed name under another scheme', () => PORTAL.replace('https', 'http')],
    ['of a name that begins like an allowed one', () => `${PORTAL}.evil.example`],
  ])('X-5 no page %s', async (_name, origin) => {
    expect(await opening(origin())).toBe('403');
  });

  test('one place only answers', async () => {
    const elsewhere = openRaw({ ...server, url: server.url.replace('/graphql', '/other') });
    expect((await elsewhere.closed()).code).toBe(404);
  });

  test('one protocol only is spoken', async () => {
    const raw = openRaw(server, { protocol: 'graphql-ws' });
    expect((await raw.closed()).code).not.toBe(1000);
    expect(raw.frames).toEqual([]);
  });
});

describe('what a socket takes', () => {
  test('connection_init has to come within the time there is for it, and only once', async () => {
    const began = performance.now();
    const silent = await openUnknown(server);
    expect((await silent.closed()).code).toBe(4408);
    expect(performance.now() - began).toBeGreaterThanOrEqual(INIT_MS - 20);
    const known = await openKnown(server, 'feed');
    await new Promise((resolve) => setTimeout(resolve, 2 * INIT_MS));
    expect(known.socket.readyState).toBe(known.socket.OPEN);
    known.send({ type: 'connection_init', payload: { authorization: bearer('feed') } });
    expect((await known.closed()).code).toBe(4429);
  });

  test('20 operations, and not a 21st; one that ends makes room for another', async () => {
    const raw = await openKnown(server, 'feed');
    for (let i = 1; i <= 20; i++) raw.subscribe(`op${i}`, queryOf('prices'), { snapshot: true });
    for (let i = 1; i <= 20; i++) expect((await raw.until(({ id }) => id === `op${i}`)).type).toBe('next');
    raw.subscribe('op21', queryOf('prices'), { snapshot: true });
    expect(await refusal(raw, 'op21')).toMatchObject({ code: 'TOO_MANY_OPERATIONS', maximum: 20, retriable: true });
    raw.send({ id: 'op7', type: 'complete' });
    raw.subscribe('op22', queryOf('prices'), { snapshot: true });
    expect((await raw.until(({ id }) => id === 'op22')).type).toBe('next');
    raw.socket.terminate();
  });

  const frameOf = (bytes: number): string => {
    const frame = (padding: string): string => JSON.stringify({ type: 'ping', payload: { padding } });
    return frame('x'.repeat(bytes - frame('').length));
  };

  test('a frame of 64 KB, and none larger', async () => {
    const raw = await openKnown(server, 'feed');
    raw.send(frameOf(65_536));
    await raw.until(({ type }) => type === 'pong');
    raw.send(frameOf(65_537));
    expect((await raw.closed()).code).toBe(1009);
  });

  test.each([
    ['a query', '{ viewer { id } }'],
    ['a mutation', 'mutation { acknowledgeMarginCall(input: { call: "c", idempotencyKey: "k" }) { replayed } }'],
  ])('%s is refused: those are sent over HTTP', async (_name, query) => {
    const raw = await openKnown(server, 'broker');
    const seq = server.house.status().seq;
    raw.subscribe('one', query);
    expect(await refusal(raw, 'one')).toMatchObject({ code: 'BAD_REQUEST' });
    expect(server.house.status().seq).toBe(seq);
    raw.socket.terminate();
  });

  test('what is asked is held to the same limits as over HTTP, and gets no more help', async () => {
    const raw = await openKnown(server, 'feed');
    const aliases = (count: number): string => Array.from({ length: count }, (_, i) => `a${i}: kind`).join(' ');
    raw.subscribe('full', `subscription { prices(snapshot: true) { ${aliases(60)} } }`);
    expect((await raw.until(({ id }) => id === 'full')).type).toBe('next');
    raw.subscribe('over', `subscription { prices { ${aliases(61)} } }`);
    expect(await refusal(raw, 'over')).toMatchObject({ code: 'LIMIT_EXCEEDED', limit: 'aliases', maximum: 60 });
    raw.subscribe('long', `subscription { prices { ${'kind '.repeat(4_000)} } }`);
    expect(await refusal(raw, 'long')).toMatchObject({ code: 'LIMIT_EXCEEDED', maximum: 4_000 });
    raw.subscribe('typo', 'subscription { prices { kin } }');
    expect(await refusal(raw, 'typo')).toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED' });
    const { payload } = await raw.until(({ id }) => id === 'typo');
    expect(JSON.stringify(payload)).not.toContain('Did you mean');
    raw.subscribe('broken', 'subscription {');
    expect(await refusal(raw, 'broken')).toMatchObject({ code: 'GRAPHQL_PARSE_FAILED' });
    raw.subscribe('variable', queryOf('prices'), { snapshot: 'yes' });
    expect(await refusal(raw, 'variable', 'next')).toMatchObject({ code: 'BAD_USER_INPUT' });
    raw.subscribe('schema', 'subscription { prices { kind } __schema { types { name } } }');
    expect((await refusal(raw, 'schema')).code).toMatch(/GRAPHQL_VALIDATION_FAILED|INTROSPECTION_DISABLED/);
    raw.socket.terminate();
  });

  test.each([
    ['what is no JSON', 'nonsense'],
    ['what is no message of the protocol', '{"type":"shout"}'],
    ['a subscription without a document', '{"id":"a","type":"subscribe","payload":{}}'],
  ])('%s closes it', async (_name, text) => {
    const raw = await openKnown(server, 'feed');
    raw.send(text);
    expect((await raw.closed()).code).toBe(4400);
  });

  test('two operations of one name close it', async () => {
    const raw = await openKnown(server, 'feed');
    raw.subscribe('same', queryOf('prices'), { snapshot: true });
    await raw.until(({ id }) => id === 'same');
    raw.subscribe('same', queryOf('prices'));
    expect((await raw.closed()).code).toBe(4409);
  });
});

/** What an operation was refused with. */
async function refusal(raw: RawSocket, id: string, as = 'error'): Promise<{ code: string }> {
  const { type, payload } = await raw.until((frame) => frame.id === id);
  expect(type).toBe(as);
  const errors = as === 'error' ? payload : (payload as { errors: unknown }).errors;
  return (errors as [{ extensions: { code: string } }])[0].extensions;
}

test('no fault of the server came of any of this', () => {
  expect(server.faults).toEqual([]);
});
