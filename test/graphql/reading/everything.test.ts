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
import { rootFields } from '../documents';
import { KEYS, type KeyName, type TestServer } from '../support';
import { type Everything, openEverything } from './everythingHouse';

let server: TestServer;
let ids: Everything['ids'] = {};
beforeAll(async () => {
  ({ server, ids } = await openEverything());
});
afterAll(() => server.close());

const DEEPEST = 7;

/** What has to be given to a field so that it finds something. */
const GIVEN: Readonly<Record<string, string>> = {
  insuranceFund: 'currency: "USD"',
  markPrices: 'instrument: "BTC-PERP"',
  marginCallStatistics: 'from: "2025-10-10T00:00:00.000Z", to: "2025-10-11T00:00:00.000Z"',
  whatIf: 'input: { account: "joe", shock: "-0.1", trades: [{ instrument: "BTC-PERP", side: SELL, size: "0.1" }] }',
  valuation: 'accounts: ["joe", "bob"], currency: "USD"',
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
