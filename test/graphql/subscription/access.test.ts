/** Who may follow what: by role, by member, and only as long as the key is good. */

import { givenPerpetual, KEYS, type KeyName, mark, openServer, pay, type TestServer, trade } from '../support';
import { type Listener, listen, type Message } from './listen';
import { openKnown } from './rawSocket';
import { eventsSince, orderIn, queryOf, STREAMS, type StreamName } from './story';

let server: TestServer;
const NAMES = Object.keys(STREAMS) as StreamName[];
type Heard = Listener<Record<string, unknown>>;

beforeEach(async () => {
  server = await openServer({ limits: { heartbeatMs: 200, healthIntervalMs: 10 } });
  await givenPerpetual(server);
});
afterEach(async () => {
  await server.close();
});

const open = (key: KeyName, query: string, variables: object = {}): Promise<Heard> =>
  listen(server.socket(key), query, { snapshot: true, ...variables }).opened();

/** Alice of one member and eve of the other fall below maintenance margin at 48,000. */
async function givenLongs(): Promise<void> {
  await pay(server, 'bob', '9000000');
  for (const account of ['alice', 'eve']) {
    await pay(server, account, '31000');
    await trade(server, account, 'bob', '10');
  }
}

const STAFF: readonly KeyName[] = ['admin', 'admin2', 'officer', 'auditor'];
const BROKERS: readonly KeyName[] = ['broker', 'reader', 'rival'];
const MAY: Record<StreamName, readonly KeyName[]> = {
  marginCalls: [...STAFF, ...BROKERS],
  accountStatus: [...STAFF, ...BROKERS],
  accountHealth: [...STAFF, ...BROKERS],
  liquidationOrders: [...STAFF, ...BROKERS, 'feed', 'liquidator'],
  insuranceFund: [...STAFF, ...BROKERS, 'feed', 'liquidator'],
  prices: [...STAFF, ...BROKERS, 'feed', 'liquidator'],
  events: STAFF,
};

test.each(NAMES)('X-5 %s is followed by the roles it is for, and by no other', async (name) => {
  const keys = Object.keys(KEYS) as KeyName[];
  const answers = await Promise.all(
    keys.map(async (key) => {
      const listener = listen(server.socket(key), queryOf(name), { snapshot: true });
      await listener.until(({ all, errors }) => all.length > 0 || errors.length > 0);
      listener.stop();
      return [key, listener.errors[0]?.extensions.code ?? 'OPEN'];
    }),
  );
  expect(Object.fromEntries(answers)).toEqual(
    Object.fromEntries(keys.map((key) => [key, MAY[name].includes(key) ? 'OPEN' : 'FORBIDDEN'])),
  );
});

test('X-5 streams end when their key is revoked, those of other keys go on', async () => {
  const raw = await openKnown(server, 'feed');
  raw.subscribe('prices', queryOf('prices'), { snapshot: true });
  await raw.until(({ type }) => type === 'next');
  const other = await open('liquidator', queryOf('prices'));
  const { revokeApiKey } = await server.get<{ revokeApiKey: { rejections: [] } }>(
    'admin',
    'mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { rejections { code } } }',
    { input: { apiKey: 'feed', reason: 'It leaked', idempotencyKey: 'revoke' } },
  );
  expect(revokeApiKey.rejections).toEqual([]);
  expect(await raw.closed()).toMatchObject({ code: 4403 });
  const before = raw.frames.length;
  await mark(server, '50001');
  await other.have(1);
  expect(raw.frames.length).toBe(before);
});

describe('X-5 a broker', () => {
  test('is told of the calls, the ladder and the orders of its own clients only; the house of all', async () => {
    await givenLongs();
    const names = ['marginCalls', 'accountStatus', 'liquidationOrders'] as const;
    const heard = (key: KeyName): Promise<Heard[]> => Promise.all(names.map((name) => open(key, queryOf(name))));
    const [own, rivals, staff] = [await heard('broker'), await heard('rival'), await heard('auditor')];
    await mark(server, '48000');
    await server.pass('1h');
    const orders = (await eventsSince(server, 3)).filter(({ type }) => type === 'LiquidationOrderIssued').length;
    expect(orders).toBe(2);
    for (const [i, name] of names.entries()) {
      const [mine, theirs, all] = [own[i], rivals[i], staff[i]] as [Heard, Heard, Heard];
      await Promise.all([mine, theirs, all].map((listener) => listener.until(({ all }) => beatsAtLast(all))));
      const accounts = (events: readonly Message[]): Set<unknown> =>
        new Set(events.map(({ accountId, orderId }) => accountId ?? orderId));
      expect(accounts(mine.events).size).toBe(1);
      expect(accounts(theirs.events).size).toBe(1);
      expect(accounts(all.events)).toEqual(new Set([...accounts(mine.events), ...accounts(theirs.events)]));
      expect(accounts(all.events).size).toBe(2);
      if (name !== 'liquidationOrders')
        expect([...accounts(mine.events), ...accounts(theirs.events)]).toEqual(['alice', 'eve']);
    }
  });

  const beatsAtLast = (all: readonly Message[]): boolean =>
    all.some(({ kind, seq }) => kind === 'HEARTBEAT' && Number(seq) === server.house.status().seq);

  const ASKS: [StreamName, (account: string) => string][] = [
    [
      'marginCalls',
      (account) =>
        `marginCalls(account: "${account}", snapshot: true) { kind seq streamSeq type callId accountId call { id } }`,
    ],
    [
      'accountStatus',
      (account) =>
        `accountStatus(account: "${account}", snapshot: true) { kind seq streamSeq type accountId account { id } }`,
    ],
    [
      'accountHealth',
      (account) =>
        `accountHealth(accounts: ["${account}"], snapshot: true) { kind seq streamSeq accountId health { equity } }`,
    ],
  ];

  test.each(ASKS)('cannot tell a foreign account from one that is not there, by %s', async (_name, ask) => {
    await givenLongs();
    const told = async (key: KeyName, account: string): Promise<Heard> => open(key, `subscription { ${ask(account)} }`);
    const listeners = [await told('broker', 'eve'), await told('broker', 'nobody'), await told('rival', 'eve')] as [
      Heard,
      Heard,
      Heard,
    ];
    await mark(server, '48000');
    await server.pass('1h');
    for (const listener of listeners) await listener.until(({ all }) => beatsAtLast(all));
    const [foreign, missing, control] = listeners;
    const kinds = ({ all }: Heard): unknown => [all[0], all.at(-1), all.filter(({ kind }) => kind !== 'HEARTBEAT')];
    expect(kinds(foreign)).toEqual(kinds(missing));
    expect(foreign.events).toEqual([]);
    // It bites: whose account it is hears of it.
    expect(control.events.length).toBeGreaterThan(0);
  });
});

test('B1-2 an order is found by venues; whose it is stays with the house and its member', async () => {
  await givenLongs();
  const query = 'subscription { liquidationOrders(snapshot: true) { kind seq type orderId order { id } } }';
  const feed = await open('feed', query);
  await mark(server, '48000');
  await server.pass('1h');
  const order = orderIn(await eventsSince(server, 3));
  const events = await feed.have(2);
  expect(events.map(({ orderId }) => orderId)).toContain(order);
  expect(events.map(({ order }) => (order as { id: string } | null)?.id)).toEqual(events.map(({ orderId }) => orderId));
});
