/** Health as it is pushed: the same figures as a query gives at the same entry, when they changed enough to matter. */

import { FRAME, type Listener, listen, type Message, numbersOf, upTo } from '../subscription/listen';
import { givenPerpetual, mark, openServer, pay, type TestServer, trade } from '../support';

const FIGURES = `seq account currency status openCall cash unrealised collateralValue equity initial maintenance freeMargin freeCollateral
  buffer bufferRatio healthRatio utilisation leverage loanToValue grossNotional netNotional warningLevel callLevel closeOutLevel
  feePreview penaltyPreview stale collateral { currency amount price priceSeq stale haircut value }
  positions { instrument size mark markSeq markAt stale value notional unrealised entryPrice initial maintenance liquidationPrice
    unreachable bankruptcyPrice distance }`;

interface Pushed {
  readonly accountId: string;
  readonly health: {
    readonly seq: string;
    readonly equity: string;
    readonly status: string;
    readonly openCall: string | null;
  };
}

const STREAM = `subscription ($accounts: [ID!]!, $minimumChange: Ratio! = "0", $after: Cursor, $snapshot: Boolean! =
  true) {
  accountHealth(accounts: $accounts, minimumChange: $minimumChange, after: $after, snapshot: $snapshot) { ${FRAME}
  accountId health { ${FIGURES} } }
}`;

let server: TestServer;

async function given(limits: { heartbeatMs?: number; healthIntervalMs?: number } = {}): Promise<void> {
  server = await openServer({ limits: { heartbeatMs: 200, healthIntervalMs: 10, ...limits } });
  await givenPerpetual(server, [{ feeRate: '0.005' }]);
  await pay(server, 'alice', '31000');
  await pay(server, 'bob', '9000000');
  await trade(server, 'alice', 'bob', '10');
}

afterEach(async () => {
  await server.close();
});

const watch = (accounts: readonly string[], variables: object = {}): Promise<Listener<Pushed>> =>
  listen<Pushed>(server.socket('broker'), STREAM, { accounts, ...variables }).opened();

/** Waits until the stream has looked at the last entry; nothing is on its way then. */
async function settled({ until }: Listener<Pushed>): Promise<void> {
  const last = server.house.status().seq;
  await until(({ all }) => all.some(({ kind, seq }) => kind === 'HEARTBEAT' && Number(seq) >= last));
}

const equities = (events: readonly Message<Pushed>[]): string[] => events.map(({ health }) => health.equity);

test('AH-4 what is pushed is what a query says of the same entry, field by field', async () => {
  await given();
  const listener = await watch(['alice', 'bob']);
  const last = new Map(listener.all.map((message) => [message.accountId, message]));
  const steps = [
    () => mark(server, '49000'),
    () => pay(server, 'alice', '12.34'),
    () => trade(server, 'bob', 'alice', '2.5', '49000'),
    () => mark(server, '47300.7'),
    () => mark(server, '47000'),
    () => pay(server, 'alice', '9000'),
    () => mark(server, '51234.5'),
  ];
  for (const step of steps) {
    const before = listener.events.length;
    await step();
    const { seq } = server.house.status();
    await listener.until(
      ({ events }) => events.slice(before).filter((message) => Number(message.seq) === seq).length > 0,
    );
    for (const message of listener.events.slice(before)) last.set(message.accountId, message);
    const query = `{ asOf { seq } account(id: "alice") { health { ${FIGURES} } } }`;
    const { asOf, account } = await server.get<{ asOf: { seq: string }; account: { health: Pushed['health'] } }>(
      'broker',
      query,
    );
    expect(asOf.seq).toBe(String(seq));
    expect(last.get('alice')?.seq).toBe(String(seq));
    expect(last.get('alice')?.health).toEqual(account.health);
  }
  expect(numbersOf(listener.events)).toEqual(upTo(listener.events.length));
  expect(new Set(listener.events.map(({ health }) => health.status))).toEqual(new Set(['WARNING', 'HEALTHY', 'CALL']));
});

test('AH-4 with a threshold a move is pushed when it exceeds the share, measured from what was pushed last', async () => {
  await given();
  await pay(server, 'alice', '94000');
  // Free collateral, 100,000, moves most: by 950 for every hundred, so by exactly 9.5 % at 49,000.
  const listener = await watch(['alice'], { minimumChange: '0.095' });
  const control = await watch(['alice']);
  for (const price of ['49500', '49000', '48999.9', '48500']) {
    await mark(server, price);
    await settled(control);
    await settled(listener);
  }
  expect(equities(control.events)).toEqual(['120000.00', '115000.00', '114999.00', '110000.00']);
  expect(equities(listener.events)).toEqual(['114999.00']);
  expect(numbersOf(listener.events)).toEqual([1]);
});

test('AH-4 a status, an open call and staleness are pushed at once, however small the move', async () => {
  await given();
  const listener = await watch(['alice'], { minimumChange: '1000' });
  await mark(server, '49368.5');
  await settled(listener);
  expect(listener.events).toEqual([]);
  // One tick on, equity is below initial margin.
  await mark(server, '49368.4');
  await settled(listener);
  expect(listener.events.map(({ health }) => health.status)).toEqual(['WARNING']);
  await mark(server, '48100');
  await settled(listener);
  expect(listener.events.at(-1)?.health).toMatchObject({ status: 'CALL', openCall: expect.stringContaining('call') });
});

test('AH-4 who looks seldom gets the newest state: entries may be skipped, numbers are not', async () => {
  await given({ healthIntervalMs: 300 });
  const listener = await watch(['alice']);
  for (let i = 1; i <= 50; i++) await mark(server, String(50_000 + i));
  await settled(listener);
  expect(listener.events.length).toBeLessThan(10);
  expect(listener.events.at(-1)?.health.equity).toBe('31500.00');
  expect(numbersOf(listener.events)).toEqual(upTo(listener.events.length));
  expect(Number(listener.events.at(-1)?.seq)).toBe(server.house.status().seq);
});

test('B1-2 behind a cursor every account is pushed once, and the count goes on', async () => {
  await given();
  const first = await watch(['alice', 'bob']);
  await mark(server, '50001');
  await first.have(2);
  first.stop();
  await mark(server, '50002');
  const resumed = await watch(['bob', 'alice'], { after: first.events.at(-1)?.cursor, snapshot: false });
  expect(resumed.events.map(({ accountId }) => accountId)).toEqual(['bob', 'alice']);
  expect(numbersOf(resumed.events)).toEqual([3, 4]);
  // With another threshold, or other accounts, it is another stream.
  for (const other of [{ minimumChange: '0.5' }, { accounts: ['alice'] }]) {
    const variables = { accounts: ['alice', 'bob'], after: first.events.at(-1)?.cursor, snapshot: false, ...other };
    expect(await listen(server.socket('broker'), STREAM, variables).ended()).toBe('BAD_USER_INPUT');
  }
});

test('AH-4 1 to 100 accounts may be watched, by a share that is not below zero', async () => {
  await given();
  const codeOf = async (variables: object): Promise<string> => {
    const listener = listen(server.socket('broker'), STREAM, { accounts: ['alice'], ...variables });
    await listener.until(({ all, errors }) => all.length > 0 || errors.length > 0);
    listener.stop();
    return listener.errors[0]?.extensions.code ?? 'OPEN';
  };
  const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `account-${i}`);
  expect(await codeOf({ accounts: [] })).toBe('BAD_USER_INPUT');
  expect(await codeOf({ accounts: names(100) })).toBe('OPEN');
  expect(await codeOf({ accounts: names(101) })).toBe('BAD_USER_INPUT');
  expect(await codeOf({ minimumChange: '-0.1' })).toBe('BAD_USER_INPUT');
  expect(await codeOf({ minimumChange: 'a lot' })).toBe('BAD_USER_INPUT');
  expect(await codeOf({ minimumChange: 0.1 })).toBe('BAD_USER_INPUT');
});
