/** The risk of the whole book through the API, each figure worked out by hand.  Rules: RLM-3, AH-1, AH-5, RLM-2 */

import { givenPerpetual, mark, openServer, pay, type TestServer, trade } from '../support';

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
  await givenPerpetual(server);
  for (const [account, amount] of [
    ['alice', '25000'],
    ['bob', '20000'],
    ['eve', '1000000'],
  ] as const)
    await pay(server, account, amount);
  // Alice is long 10, bob short 4, eve short 6; 5 % initial, 2.5 % maintenance margin, close-out at 2/3 of that.
  await trade(server, 'alice', 'bob', '4');
  await trade(server, 'alice', 'eve', '6');
});
afterAll(() => server.close());

interface Page {
  readonly accountsByDistance: {
    readonly totalCount: number;
    readonly asOf: { readonly seq: string };
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    readonly nodes: readonly Record<string, unknown>[];
  };
}

const LIST = `query ($level: RiskLevel! = CLOSE_OUT, $within: Ratio, $member: ID, $first: Int! = 10, $after: Cursor) {
  accountsByDistance(level: $level, within: $within, member: $member, first: $first, after: $after) {
    totalCount asOf { seq } pageInfo { hasNextPage endCursor }
    nodes { account memberId currency status distance rank equity level buffer grossNotional } } }`;

const list = async (key: 'admin' | 'broker' | 'rival', variables: object = {}): Promise<Page['accountsByDistance']> =>
  (await server.get<Page>(key, LIST, variables)).accountsByDistance;

const ALICE = {
  account: 'alice',
  memberId: 'broker',
  currency: 'USD',
  status: 'HEALTHY',
  distance: '0.033898305085', // 25,000 - 500,000 s = 2/3 of 12,500 (1 - s): s = 2/59
  rank: 1,
  equity: '25000',
  level: '8333.33333333333334',
  buffer: '16666.66666666666666',
  grossNotional: '500000.00',
};

test('RLM-3 lists who is nearest to the close-out, worked out by hand', async () => {
  const { totalCount, nodes, asOf } = await list('admin');
  expect(totalCount).toBe(2); // eve's million outlasts a doubled price
  expect(nodes[0]).toEqual(ALICE);
  // 5/61
  expect(nodes[1]).toMatchObject({ account: 'bob', distance: '0.081967213115', rank: 2, grossNotional: '200000.00' });
  expect(Number(asOf.seq)).toBe(server.house.status().seq);
});

test('RLM-3 measures to the call and to the warning as well', async () => {
  const [call, warning] = [await list('admin', { level: 'CALL' }), await list('admin', { level: 'WARNING' })];
  expect(call.nodes.map(({ account, distance }) => [account, distance])).toEqual([
    ['alice', '0.025641025641'], // 1/39
    ['bob', '0.073170731707'], // 3/41
  ]);
  expect(warning.nodes[0]).toMatchObject({ account: 'alice', distance: '0', buffer: '0' });
});

test('RLM-3 keeps to a share, and to pages', async () => {
  expect((await list('admin', { within: '0.05' })).nodes).toEqual([ALICE]);
  expect((await list('admin', { within: '2/59' })).totalCount).toBe(1);
  expect((await list('admin', { within: '0.0338' })).totalCount).toBe(0);
  const first = await list('admin', { first: 1 });
  expect(first.pageInfo.hasNextPage).toBe(true);
  const second = await list('admin', { first: 1, after: first.pageInfo.endCursor });
  expect(second.nodes.map(({ account, rank }) => [account, rank])).toEqual([['bob', 2]]);
  expect(second.pageInfo.hasNextPage).toBe(false);
});

test('RLM-3 X-5 a broker sees the accounts of its member, and nobody else by asking for them', async () => {
  expect((await list('broker')).nodes.map(({ account }) => account)).toEqual(['alice', 'bob']);
  expect((await list('rival')).nodes).toEqual([]);
  expect((await list('rival', { member: 'broker' })).nodes).toEqual([]);
  expect((await list('admin', { member: 'rival' })).nodes).toEqual([]);
  expect((await list('admin', { member: 'broker' })).totalCount).toBe(2);
});

test.each([
  { first: 0 },
  { first: 101 },
  { within: '-0.1' },
  { within: '1.1' },
  { after: 'WyJ0cmFkZSIsMV0' },
  { after: Buffer.from('["distance.CLOSE_OUT","1/0","alice"]').toString('base64url') },
])('RLM-3 refuses %o', async (variables) => {
  const { errors } = await server.ask('admin', LIST, variables);
  expect(errors.map(({ extensions }) => extensions['code'])).toEqual(['BAD_USER_INPUT']);
});

test('RLM-3 AH-1 an account says how far it is and which place that is, among those in sight', async () => {
  const query = `{ accounts(first: 10) { nodes { id liquidationDistance { share rank accounts }
    call: liquidationDistance(level: CALL) { share } } } }`;
  interface Accounts {
    readonly accounts: { readonly nodes: readonly { readonly id: string }[] };
  }
  const { accounts } = await server.get<Accounts>('admin', query);
  expect(accounts.nodes.filter(({ id }) => ['alice', 'bob', 'eve'].includes(id))).toEqual([
    {
      id: 'alice',
      liquidationDistance: { share: '0.033898305085', rank: 1, accounts: 3 },
      call: { share: '0.025641025641' },
    },
    {
      id: 'bob',
      liquidationDistance: { share: '0.081967213115', rank: 2, accounts: 3 },
      call: { share: '0.073170731707' },
    },
    { id: 'eve', liquidationDistance: { share: null, rank: null, accounts: 3 }, call: { share: null } },
  ]);
  const own = await server.get<Accounts>('rival', query);
  expect(own.accounts.nodes).toEqual([
    { id: 'eve', liquidationDistance: { share: null, rank: null, accounts: 1 }, call: { share: null } },
  ]);
});

test('RLM-3 AH-1 a position says its distance in ticks', async () => {
  const query = '{ account(id: "alice") { health { positions { liquidationPrice distance distanceTicks } } } }';
  const { account } = await server.get<{ account: { health: { positions: unknown[] } } }>('broker', query);
  // 50,000 x 38/39 = 48,717.95: 1,282.05 away, in steps of 0.1.
  expect(account.health.positions).toEqual([
    { liquidationPrice: '48717.948717948718', distance: '-0.025641025641', distanceTicks: '-12820.512820512821' },
  ]);
});

const MAP = `query ($shocks: [Ratio!]!, $instrument: ID) { liquidationMap(shocks: $shocks, instrument: $instrument) {
  seq accounts now { ...shock } shocks { ...shock } } }
  fragment shock on PriceShock { move currencies { currency all { ...tally } equity shortfall newlyBelowCloseOut {
  ...tally } recovered { ...tally }
    bands { band within { ...tally } cumulative { ...tally } } } }
  fragment tally on AccountTally { accounts grossNotional }`;

interface Shock {
  readonly move: string;
  readonly currencies: readonly {
    readonly bands: readonly { readonly band: string; readonly within: { readonly accounts: number } }[];
    readonly shortfall: string;
    readonly newlyBelowCloseOut: { readonly accounts: number; readonly grossNotional: string };
  }[];
}

interface Map {
  readonly liquidationMap: {
    readonly seq: string;
    readonly accounts: number;
    readonly now: Shock;
    readonly shocks: readonly Shock[];
  } | null;
}

const bandsOf = ({ currencies: [usd] }: Shock): number[] => usd?.bands.map(({ within }) => within.accounts) ?? [];

test('RLM-3 AH-5 says what moves would cause, in order of severity, worked out by hand', async () => {
  const { liquidationMap: map } = await server.get<Map>('officer', MAP, { shocks: ['-0.05', '-0.1', '0.1'] });
  expect(map?.accounts).toBe(3);
  expect(bandsOf(map?.now as Shock)).toEqual([3, 0, 0, 0, 0]);
  const [five, ten, up] = (map?.shocks ?? []) as [Shock, Shock, Shock];
  // At 47,500 alice has nothing left; at 45,000 25,000 less; at 55,000 bob has nothing left.
  expect(bandsOf(five)).toEqual([2, 0, 0, 1, 0]);
  expect(five.currencies[0]).toMatchObject({
    shortfall: '0',
    newlyBelowCloseOut: { accounts: 1, grossNotional: '475000.00' },
  });
  expect(bandsOf(ten)).toEqual([2, 0, 0, 0, 1]);
  expect(ten.currencies[0]).toMatchObject({
    shortfall: '25000',
    newlyBelowCloseOut: { accounts: 0, grossNotional: '0.00' },
  });
  expect(bandsOf(up)).toEqual([2, 0, 0, 1, 0]);
  expect(up.currencies[0]).toMatchObject({
    all: { accounts: 3, grossNotional: '1100000.00' },
    equity: '1045000', // what was paid in
    newlyBelowCloseOut: { accounts: 1, grossNotional: '220000.00' },
    bands: [
      {
        band: 'ABOVE',
        within: { accounts: 2, grossNotional: '880000.00' },
        cumulative: { accounts: 3, grossNotional: '1100000.00' },
      },
      {
        band: 'WARNING',
        within: { accounts: 0, grossNotional: '0.00' },
        cumulative: { accounts: 1, grossNotional: '220000.00' },
      },
      {
        band: 'CALL',
        within: { accounts: 0, grossNotional: '0.00' },
        cumulative: { accounts: 1, grossNotional: '220000.00' },
      },
      {
        band: 'CLOSE_OUT',
        within: { accounts: 1, grossNotional: '220000.00' },
        cumulative: { accounts: 1, grossNotional: '220000.00' },
      },
      {
        band: 'NEGATIVE',
        within: { accounts: 0, grossNotional: '0.00' },
        cumulative: { accounts: 0, grossNotional: '0.00' },
      },
    ],
  });
});

test('RLM-3 moves one instrument, and knows none it does not have', async () => {
  const moved = await server.get<Map>('admin', MAP, { shocks: ['-0.05'], instrument: 'BTC-PERP' });
  expect(bandsOf(moved.liquidationMap?.shocks[0] as Shock)).toEqual([2, 0, 0, 1, 0]);
  expect((await server.get<Map>('admin', MAP, { shocks: ['-0.05'], instrument: 'NONE' })).liquidationMap).toBeNull();
});

test.each([[[]], [['-1.01']], [['1/3']], [['101']], [Array.from({ length: 21 }, () => '0.1')]])(
  'RLM-3 refuses moves of %j',
  async (shocks) => {
    const { errors } = await server.ask('admin', MAP, { shocks });
    expect(errors.map(({ extensions }) => extensions['code'])).toEqual(['BAD_USER_INPUT']);
  },
);

test('AH-5 the house sees its accounts by health, status and holder, and it adds up', async () => {
  const query = `{ houseRisk(largest: 1) { statuses { status accounts } map { seq accounts shocks { move } }
    health { currency all { accounts grossNotional } unmargined { accounts } ranges { from below tally { accounts
    grossNotional } } }
    instruments { instrument long short notional holders largest { account size share } } } }`;
  const { houseRisk } = await server.get<{ houseRisk: Record<string, unknown> }>('auditor', query);
  const range = (from: string | null, below: string | null, accounts = 0, grossNotional = '0.00') => ({
    from,
    below,
    tally: { accounts, grossNotional },
  });
  expect(houseRisk).toMatchObject({
    statuses: [{ status: 'HEALTHY', accounts: 3 }],
    map: { seq: String(server.house.status().seq), accounts: 3 },
    health: [
      {
        currency: 'USD',
        all: { accounts: 3, grossNotional: '1000000.00' },
        unmargined: { accounts: 0 },
        ranges: [
          range(null, '0'),
          range('0', '2/3'),
          range('2/3', '1'),
          range('1', '1.1'),
          range('1.1', '1.25'),
          range('1.25', '1.5'),
          range('1.5', '2'),
          range('2', '3', 1, '500000.00'), // alice: 25,000 over 12,500
          range('3', '5', 1, '200000.00'), // bob: 20,000 over 5,000
          range('5', '10'),
          range('10', null, 1, '300000.00'),
        ],
      },
    ],
    instruments: [
      {
        instrument: 'BTC-PERP',
        long: '10.0',
        short: '10.0',
        notional: '500000.00',
        holders: 3,
        largest: [{ account: 'alice', size: '10.0', share: '1' }],
      },
    ],
  });
  const { errors } = await server.ask('admin', '{ houseRisk(largest: 21) { map { seq } } }');
  expect(errors.map(({ extensions }) => extensions['code'])).toEqual(['BAD_USER_INPUT']);
});

test('RLM-2 RMR-1 an officer has every account revalued, and the metrics tell of it', async () => {
  const query = 'query ($exact: Boolean!) { auditWatch(exact: $exact) { seq accounts doubtful tookMs } }';
  for (const exact of [true, false]) {
    const { auditWatch } = await server.get<{ auditWatch: Record<string, unknown> }>('officer', query, { exact });
    const accounts = auditWatch['accounts'] as number;
    expect(accounts).toBeGreaterThan(3); // close-out accounts among them
    expect(auditWatch['seq']).toBe(String(server.house.status().seq));
    if (exact) expect(auditWatch['doubtful']).toBe(accounts);
    else expect(auditWatch['doubtful']).toBeLessThan(accounts);
  }
  const response = await fetch(server.url.replace('/graphql', '/metrics'), {
    headers: { authorization: 'Bearer nvk_secret-of-admin-for-tests' },
  });
  const text = await response.text();
  expect(text).toMatch(/^novate_audit_rounds [1-9]\d*$/m);
  expect(text).toMatch(/^novate_watch_looks \d+$/m);
});

test('RLM-3 follows what happens: after a fall the nearest is below the level', async () => {
  await mark(server, '48200');
  // Equity 7,000, maintenance margin 12,050, close-out at 8,033.33.
  const { nodes } = await list('admin');
  expect(nodes[0]).toMatchObject({ account: 'alice', distance: '0', status: 'LIQUIDATING', equity: '7000' });
  expect(String(nodes[0]?.['buffer'])).toMatch(/^-1033\.33/);
  expect(server.faults).toEqual([]);
});
