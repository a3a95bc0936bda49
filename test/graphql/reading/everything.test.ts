/** Every field of every type is read once, of a house in which everything has happened, by every role that may. */

import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  getNamedType,
  isLeafType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { policiesOf } from '../../../src/graphql/access/policy';
import { schema } from '../../../src/graphql/schema';
import { offerOf } from '../../support/rungs';
import { FUND_POLICY } from '../../support/waterfall';
import { act, carryOut } from '../acts';
import { rootFields } from '../documents';
import {
  givenPerpetual,
  KEYS,
  type KeyName,
  mark,
  openAccount,
  openServer,
  pay,
  type TestServer,
  trade,
} from '../support';

let server: TestServer;
const ids: Record<string, string> = {};

beforeAll(async () => {
  // A document that asks for everything is larger than any that is of use.
  server = await openServer({
    limits: { tokens: 100_000, depth: 20, operationCost: 1e9, budget: 1e9, budgetPerSecond: 1e9, aliases: 1_000 },
  });
  await givenPerpetual(server, [
    { feeRate: '0.005', penaltyTiers: [{ floor: '0', rate: '0.001' }], severityTiers: [{ below: '0.1', rate: '0' }] },
    { finalNotice: 600_000 },
  ]);
  const index = {
    base: 'BTC',
    quote: 'USD',
    tick: '0.01',
    sources: ['one'],
    minimumSources: 1,
    maximumDeviation: '0.05',
    heartbeat: '1d',
  };
  await act(server, 'admin', 'defineIndex', index);
  await act(server, 'feed', 'submitIndexPrices', { source: 'one', prices: [{ index: 'BTC/USD', price: '50000.00' }] });
  await carryOut(server, 'setCollateralTerms', {
    currency: 'BTC',
    haircut: '0.2',
    conversionDiscount: '0.05',
    eligible: true,
  });
  await carryOut(server, 'setLossPolicy', {
    currency: 'USD',
    layers: ['INSURANCE_FUND', 'SOCIALIZED_LOSS'],
    base: 'GAINS',
    period: '7d',
    fundTarget: '1000',
  });
  for (const account of ['ivy', 'moe', 'zoe', 'joe']) await openAccount(server, account, 'broker');
  for (const account of ['bob', 'ivy']) await pay(server, account, '1000000');
  await act(server, 'officer', 'contributeToInsuranceFund', { currency: 'USD', amount: '1000', source: 'EXTERNAL' });
  const old = {
    instrument: 'OLD',
    kind: 'PERPETUAL',
    base: 'BTC',
    quote: 'USD',
    settlement: 'USD',
    tick: '0.1',
    lot: '0.1',
    multiplier: '1',
  };
  await act(server, 'admin', 'defineInstrument', { ...old, markMethod: 'VENUE', heartbeat: '30s' });
  await mark(server, '1', 'OLD');
  // Zoe goes bankrupt with collateral that is taken over; her loss is shared.
  await pay(server, 'zoe', '10000');
  await pay(server, 'zoe', '0.4', 'BTC');
  await trade(server, 'zoe', 'bob', '10');
  await mark(server, '46000');
  await server.pass('1m');
  await mark(server, '50000');
  // Moe is being liquidated, alice is called and disputes it, ivy has orders, joe holds a currency that is not his
  // account's.
  await pay(server, 'alice', '30000');
  await pay(server, 'moe', '25000');
  await pay(server, 'joe', '1', 'BTC');
  await trade(server, 'alice', 'ivy', '10');
  await trade(server, 'moe', 'ivy', '10');
  await trade(server, 'joe', 'ivy', '1');
  await act(server, 'feed', 'placeOrder', {
    account: 'ivy',
    instrument: 'BTC-PERP',
    side: 'SELL',
    size: '1',
    price: '50000',
    order: 'order-1',
  });
  await act(server, 'feed', 'submitFundingRate', { instrument: 'BTC-PERP', rate: '0.0001' });
  await act(server, 'feed', 'reportDepth', { instrument: 'BTC-PERP', bids: '100', asks: '100' });
  await mark(server, '48100');
  await carryOut(server, 'setOpenInterestScaling', { instrument: 'BTC-PERP', ramp: RAMP });
  const proposal = await counted();
  await third();
  await funds();
  const found = await server.get<Record<string, { nodes: { id: string }[] }>>(
    'admin',
    `{ trade: trades(first: 1) { nodes { id } } marginCall: marginCalls(account: "alice", first: 1) { nodes { id } }
       liquidation: liquidations(account: "moe", first: 1) { nodes { id } } liquidationOrder: liquidationOrders(status: [OPEN], last: 1) { nodes { id } }
       lossCase: lossCases(account: "zoe", first: 1) { nodes { id } }
       memberDefault: memberDefaults(first: 1) { nodes { id } } portOffer: portOffers(first: 1) { nodes { id } } }`,
  );
  for (const [field, { nodes }] of Object.entries(found)) ids[field] = nodes[0]?.id ?? '';
  await takers();
  await act(server, 'broker', 'disputeMarginCall', { call: ids['marginCall'], reason: 'the mark is wrong' });
  const retention = { keys: '3d', trades: '9d', effectiveAt: new Date(server.clock.now() + 86_400_000).toISOString() };
  const announced = await act<{ scheduledChange: { id: string } }>(
    server,
    'officer',
    'setRetention',
    retention,
    'scheduledChange { id }',
  );
  await act(server, 'officer', 'setNotice', { change: 'RETENTION', notice: '1h' });
  await act(server, 'officer', 'setMarkPrice', { instrument: 'BTC-PERP', price: '49000', reason: 'x' });
  Object.assign(ids, {
    proposal,
    scheduledChange: announced.scheduledChange.id,
    account: 'alice',
    member: 'broker',
    currency: 'BTC',
    instrument: 'BTC-PERP',
    priceIndex: 'BTC/USD',
  });
});
afterAll(() => server.close());

/** Steeper tiers of one officer, which would call more than may be called by one: they are counted, and wait. */
async function counted(): Promise<string | undefined> {
  const policy = {
    currency: 'USD',
    layers: ['INSURANCE_FUND', 'SOCIALIZED_LOSS'],
    base: 'GAINS',
    period: '7d',
    fundTarget: '1000',
  };
  await carryOut(server, 'setLossPolicy', { ...policy, changeShare: '0.01', changeAlone: 0 });
  const tiers = [{ floor: '0', cap: null, initialRate: '0.5', maintenanceRate: '0.4' }];
  const made = await act(server, 'officer', 'setTierSchedule', { instrument: 'BTC-PERP', tiers });
  expect(made.outcome).toBe('PROPOSED');
  await server.pass('1s');
  return made.proposal?.id;
}

/** A third member defaults: what it held is split, and its client is offered to the broker. */
async function third(): Promise<void> {
  await server.send({ type: 'AdmitMember', member: 'third', name: 'Third' });
  const own = { kind: 'HOUSE', currency: 'USD', policy: 'classic', mode: 'CROSS', instrument: null } as const;
  await server.send({ type: 'OpenAccount', account: 'third-own', member: 'third', owner: 'third', ...own });
  await openAccount(server, 'third-client', 'third');
  await pay(server, 'third-own', '9000');
  await pay(server, 'third-client', '9000');
  await trade(server, 'third-own', 'third-client', '1', '48100');
  const policy = {
    currency: 'USD',
    portingWindow: '1d',
    acceptWindow: '1h',
    orderWindow: '1m',
    aloneUpTo: '0',
    minimumLots: 4,
  };
  await carryOut(server, 'setDefaultPolicy', policy);
  await carryOut(server, 'declareDefault', { member: 'third', reason: 'gone' });
  const { memberDefaults } = await server.get<{ memberDefaults: { nodes: { id: string }[] } }>(
    'admin',
    '{ memberDefaults(first: 1) { nodes { id } } }',
  );
  const of = memberDefaults.nodes[0]?.id;
  await act(server, 'officer', 'splitDefault', {
    default: of,
    currency: 'USD',
    lots: [{ share: '0.5' }, { share: '0.5' }],
  });
  await openAccount(server, 'taker', 'broker');
  await pay(server, 'taker', '90000');
  const terms = { default: of, currency: 'USD', minimumBidders: 1, reserve: '0.1', window: '1s' };
  await carryOut(server, 'auctionDefault', { ...terms, invited: ['broker'] });
  await act(server, 'broker', 'bidForLot', { default: of, currency: 'USD', lot: 1, account: 'taker', amount: '1' });
  await server.pass('1s');
  await act(server, 'officer', 'splitDefault', { default: of, currency: 'USD', lots: [{ share: '1' }] });
  await act(server, 'officer', 'portClients', { default: of, toMember: 'broker' });
}

/** New risk that needs more as open interest grows. */
const RAMP = { lowerCap: '100000000', upperCap: '200000000', interval: '1h' };

/** What stands behind the clients: a default fund with its cover and calls, a pool of instruments, a backstop pool. */
async function funds(): Promise<void> {
  const { type: _, ...terms } = FUND_POLICY;
  await carryOut(server, 'setDefaultFundPolicy', {
    ...terms,
    floor: '100',
    cappedWindow: '5d',
    coolingOffWindow: '10d',
    computedAt: '0s',
  });
  await act(server, 'broker', 'contributeToDefaultFund', { member: 'broker', currency: 'USD', amount: '10' });
  await carryOut(server, 'setInsurancePool', {
    pool: 'btc',
    currency: 'USD',
    instruments: ['BTC-PERP'],
    cap: null,
    thenGeneral: true,
  });
  await act(server, 'officer', 'computeCoverage', { currency: 'USD' });
  await act(server, 'broker', 'contributeToBackstopPool', { account: 'bob', amount: '100' });
}

/** Who may take what is closed: a ladder, a liquidator, a backstop provider; and an objection to a liquidation. */
async function takers(): Promise<void> {
  const offer = { ...offerOf(), grace: '1s', claimWindow: '10s' };
  const rungs = [{ method: 'LIQUIDATORS', window: '1m', offer }, { method: 'HOUSE' }];
  await carryOut(server, 'setDisposalLadder', { currency: 'USD', instrument: 'OLD', rungs });
  await act(server, 'broker', 'registerLiquidator', { account: 'bob', deposit: '100', operator: 'liquidator' });
  await act(server, 'broker', 'registerBackstopProvider', { account: 'bob', capacity: '1000', discount: '0.01' });
  await act(server, 'broker', 'disputeLiquidation', { liquidation: ids['liquidation'], reason: 'too early' });
}

const DEEPEST = 7;

/** What has to be given to a field so that it finds something. */
const GIVEN: Readonly<Record<string, string>> = {
  insuranceFund: 'currency: "USD"',
  markPrices: 'instrument: "BTC-PERP"',
  marginCallStatistics: 'from: "2025-10-10T00:00:00.000Z", to: "2025-10-11T00:00:00.000Z"',
  whatIf: 'input: { account: "joe", shock: "-0.1", trades: [{ instrument: "BTC-PERP", side: SELL, size: "0.1" }] }',
  liquidationMap: 'instrument: "BTC-PERP", shocks: ["-0.1", "0.1"]',
  defaultFund: 'currency: "USD"',
  coverage: 'currency: "USD"',
  coverages: 'currency: "USD"',
  backstopPool: 'currency: "USD"',
  backstopStatement: 'account: "bob"',
  insurancePool: 'id: "btc"',
  withdrawalGate: 'currency: "USD"',
  openDebts: 'currency: "USD"',
  deleveragingQueue: 'instrument: "BTC-PERP", side: SHORT, offset: 0',
  auction: 'id: "none"',
  portfolioAuction: 'id: "none"',
  deleveraging: 'id: "none"',
};

function argumentsOf(field: GraphQLField<unknown, unknown>, root: boolean): string {
  const page = field.args.some(({ name }) => name === 'first') ? ['first: 3'] : [];
  const given = root && field.name in GIVEN ? [GIVEN[field.name] as string] : [];
  const id =
    root && field.name in ids && field.args.some(({ name }) => name === 'id') ? [`id: "${ids[field.name]}"`] : [];
  const all = [...given, ...id, ...page];
  return all.length > 0 ? `(${all.join(', ')})` : '';
}

/** Every field of a type that a role may read and that needs no more than is known, down to where types repeat. */
function selectionOf(type: GraphQLNamedType, role: string, above: readonly string[]): string {
  const policies = policiesOf(schema());
  const fields = Object.values((type as GraphQLObjectType).getFields()).flatMap((field) => {
    const inside = getNamedType(field.type);
    const policy = policies.get(`${type.name}.${field.name}`);
    if (policy !== 'REACHED' && !policy?.includes(role as never)) return [];
    if (field.args.some((arg) => isRequiredArgument(arg))) return [];
    if (isLeafType(inside)) return [field.name];
    // Pages are read by their nodes; the edges are the same again.
    if (field.name === 'edges' || above.includes(inside.name) || above.length >= DEEPEST) return [];
    // Of an object that is named, itself: what it leads to is read where it is listed.
    const leaves =
      field.extensions['isLink'] === true && above.length > 2
        ? Array<string>(DEEPEST).fill(inside.name)
        : [inside.name];
    const below = selectionOf(inside, role, [...above, ...leaves]);
    return below ? [`${field.name}${argumentsOf(field, false)} { ${below} }`] : [];
  });
  return fields.join(' ');
}

const ROLES_READ = (
  [
    'admin',
    'officer',
    'auditor',
    'broker',
    'rival',
    'reader',
    'liquidator',
    'feed',
  ] as const satisfies readonly KeyName[]
).map((key) => [key, KEYS[key].role] as const);
// Objects by their ids are read back at the end.
const QUERIES = rootFields('query').filter(({ field }) => !['node', 'nodes'].includes(field.name));
const seen = new Set<string>();

/** An object with an identity as somebody was shown it: what it says itself. */
interface Shown {
  readonly type: string;
  readonly leaves: Readonly<Record<string, unknown>>;
}
const shown = new Map<KeyName, Map<string, Shown>>();

/** Notes which fields had a value, and which objects came. */
function note(value: unknown, type: GraphQLNamedType, by: KeyName): void {
  if (Array.isArray(value)) for (const item of value) note(item, type, by);
  else if (value !== null && typeof value === 'object' && isObjectType(type)) {
    const leaves = Object.entries(value).filter(([name]) => isLeafType(getNamedType(type.getFields()[name]?.type)));
    if ('nodeId' in value) noteObject({ type: type.name, leaves: Object.fromEntries(leaves) }, by);
    for (const [name, field] of Object.entries(value)) {
      const of = type.getFields()[name];
      if (!of || field === null) continue;
      seen.add(`${type.name}.${name}`);
      note(field, getNamedType(of.type), by);
    }
  }
}

function noteObject(object: Shown, by: KeyName): void {
  const known = shown.get(by) ?? new Map<string, Shown>();
  shown.set(by, known);
  const before = known.get(String(object.leaves['nodeId']));
  // By one id there is one object, wherever it was met.
  if (before)
    expect({ ...object, leaves: { ...object.leaves, ...before.leaves } }).toEqual({
      ...object,
      leaves: { ...before.leaves, ...object.leaves },
    });
  known.set(
    String(object.leaves['nodeId']),
    before ? { ...object, leaves: { ...before.leaves, ...object.leaves } } : object,
  );
}

describe.each(ROLES_READ)('as %s', (key, role) => {
  const open = QUERIES.filter(({ field }) =>
    policiesOf(schema())
      .get(`Query.${field.name}`)
      ?.includes(role as never),
  );

  test.each(open.map(({ field }) => [field.name, field] as const))('%s is answered whole', async (name, field) => {
    const inside = getNamedType(field.type);
    const selection = isLeafType(inside) ? '' : ` { ${selectionOf(inside, role, [inside.name])} }`;
    const { data, errors } = await server.ask<Record<string, unknown>>(
      key,
      `{ ${name}${argumentsOf(field, true)}${selection} }`,
    );
    expect(errors).toEqual([]);
    note(data[name], inside, key);
  });
});

/** Reads objects by their ids, with everything they said of themselves. */
async function readBack(key: KeyName, objects: readonly (readonly [string, Shown])[]): Promise<(Shown | null)[]> {
  const declared = objects.map((_, i) => `$i${i}: ID!`).join(', ');
  const fields = objects.map(
    ([, { type, leaves }], i) =>
      `n${i}: node(id: $i${i}) { __typename ... on ${type} { ${Object.keys(leaves).join(' ')} } }`,
  );
  const variables = Object.fromEntries(objects.map(([id], i) => [`i${i}`, id]));
  const { data, errors } = await server.ask<Record<string, ({ __typename: string } & Record<string, unknown>) | null>>(
    key,
    `query (${declared}) { ${fields.join(' ')} }`,
    variables,
  );
  expect(errors).toEqual([]);
  return objects.map((_, i) => {
    const { __typename: type, ...leaves } = data[`n${i}`] ?? { __typename: '' };
    return type ? { type, leaves } : null;
  });
}

const chunksOf = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / 20) }, (_, i) => items.slice(20 * i, 20 * (i + 1)));

test.each(ROLES_READ.map(([key]) => key))(
  '%s gets every object it was shown by its id, as it was shown',
  async (key) => {
    const objects = [...(shown.get(key) ?? [])];
    expect(objects.length).toBeGreaterThan(10);
    for (const chunk of chunksOf(objects))
      expect(await readBack(key, chunk)).toEqual(chunk.map(([, object]) => object));
  },
);

test('no two objects have one type and one id, and what has an id can be read by it', () => {
  const all = new Map([...shown.values()].flatMap((objects) => [...objects]));
  const named = [...all.values()]
    .filter(({ leaves }) => 'id' in leaves)
    .map(({ type, leaves }) => `${type} ${leaves['id']}`);
  expect(named.length).toBeGreaterThan(40);
  expect(new Set(named).size).toBe(named.length);
  const met = new Set([...all.values()].map(({ type }) => type));
  const types = Object.values(schema().getTypeMap()).filter(isObjectType);
  const nodes = types
    .filter((type) => type.getInterfaces().some(({ name }) => name === 'Node'))
    .map(({ name }) => name);
  expect(nodes.filter((name) => !met.has(name) && !NOT_HERE.test(name))).toEqual([]);
});

test('X-5 what a broker may not see is to it what is not there, by its id as by its name', async () => {
  const own = new Set([...(shown.get('rival') ?? new Map<string, Shown>()).keys()]);
  const seals =
    /^(Account|Position|MarginCall|Liquidation|LiquidationDispute|Order|Member|Trade|BackstopProvider|BackstopStatement|ApiKey)$/;
  const foreign = [...(shown.get('admin') ?? [])].filter(([id, { type }]) => seals.test(type) && !own.has(id));
  expect(new Set(foreign.map(([, { type }]) => type)).size).toBeGreaterThan(6);
  for (const chunk of chunksOf(foreign)) expect(await readBack('rival', chunk)).toEqual(chunk.map(() => null));
  const none = Buffer.from(JSON.stringify(['Account', 'nobody'])).toString('base64url');
  expect(await readBack('rival', [[none, { type: 'Account', leaves: { nodeId: none } }]])).toEqual([null]);
});

test('ids that nobody gave out are bad input or nothing, never a fault', async () => {
  const idOf = (...parts: unknown[]): string => Buffer.from(JSON.stringify(parts)).toString('base64url');
  const read = async (id: string) =>
    await server.ask<{ node: object | null }>('admin', 'query ($id: ID!) { node(id: $id) { nodeId } }', { id });
  for (const id of [
    '',
    'x',
    'alice',
    idOf(),
    idOf(1),
    idOf('Account', null),
    idOf('Account', '\0'),
    idOf('Account', '\ud800'),
  ]) {
    const { data, errors } = await read(id);
    expect([id, data?.node ?? null, errors.map(({ extensions }) => extensions['code'])]).toEqual([
      id,
      null,
      ['BAD_USER_INPUT'],
    ]);
  }
  const odd = [
    idOf('Nothing', 'x'),
    idOf('Query'),
    idOf('Account'),
    idOf('Account', 1),
    idOf('Account', 'alice', 'bob'),
    idOf('MarginPolicy', 'classic'),
  ];
  const numbers = [
    idOf('MarginPolicy', 'classic', '1'),
    idOf('MarginPolicy', 'classic', 2 ** 40),
    idOf('Trade', 2 ** 40, 2 ** 40),
    idOf('InsurancePool', 'btc', 2 ** 40),
  ];
  for (const id of [...odd, ...numbers])
    expect([id, await read(id)]).toMatchObject([id, { data: { node: null }, errors: [] }]);
  const { nodes } = await server.get<{ nodes: (object | null)[] }>(
    'admin',
    'query ($ids: [ID!]!) { nodes(ids: $ids) { nodeId } }',
    {
      ids: [idOf('Account', 'bob'), idOf('Account', 'nobody'), idOf('Currency', 'USD')],
    },
  );
  expect(nodes).toEqual([{ nodeId: idOf('Account', 'bob') }, null, { nodeId: idOf('Currency', 'USD') }]);
  const { errors } = await server.ask('admin', 'query ($ids: [ID!]!) { nodes(ids: $ids) { nodeId } }', {
    ids: Array.from({ length: 101 }, () => idOf('Currency', 'USD')),
  });
  expect(errors.map(({ extensions }) => extensions['code'])).toEqual(['BAD_USER_INPUT']);
  expect(server.faults).toEqual([]);
});

/**
 * Types that come by mutation and by subscription or say why there is no answer, and the edges that say the same as the
 * nodes.
 */
const ELSEWHERE =
  /(Payload|Message|Edge|^PriceResult|^FundMovement|^Query|^Mutation|^Subscription|^Rejection|^RejectionDetail)$/;

/** Types of things that did not happen here: the tests of their own rooms read them. */
const NOT_HERE =
  /^(Auction|AuctionBid|AuctionBidConnection|AuctionCurve|AuctionPolicy|AuctionTake|AuctionTakeConnection|DeleveragedPosition|Deleveraging|DeleveragingPolicy|InventoryCap|LiquidationClaim|LiquidationOffer|LiquidationTake|LiquidatorReward|LossNotice|LossRecovery|MarketLimits|OpenDebt|PortfolioAuction|PortfolioPolicy|PortfolioPosition|PortfolioQuote|PortfolioTake|PortfolioTakeConnection|ReductionMove|StressMove|ClockStep|StuckEntry)$/;

test('no fault was reported, and no field that always has a value never had one', () => {
  expect(server.faults).toEqual([]);
  const types = Object.values(schema().getTypeMap()).filter(
    (type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('__'),
  );
  const always = types
    .filter(({ name }) => !ELSEWHERE.test(name) && !NOT_HERE.test(name))
    .flatMap((type) =>
      Object.values(type.getFields()).flatMap(({ name, type: of }) =>
        isNonNullType(of) && name !== 'edges' ? [`${type.name}.${name}`] : [],
      ),
    );
  expect(always.length).toBeGreaterThan(300);
  expect(always.filter((place) => !seen.has(place))).toEqual([]);
});
