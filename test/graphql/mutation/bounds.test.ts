/**
 * Whatever number stands in whatever field of whatever input: it is refused with a code, or taken and shown. Afterwards
 * every list is still answered, without an error, on real rows.
 */

import { type GraphQLObjectType, getNamedType, isLeafType, isObjectType, isRequiredArgument } from 'graphql';
import { policiesOf } from '../../../src/graphql/access/policy';
import { schema } from '../../../src/graphql/schema';
import { MOST_CASH, MOST_LOTS, MOST_PRICE } from '../../../src/units/bounds';
import { formatScaled } from '../../../src/units/decimal';
import { ACTS, TERMS } from '../../support/extremes';
import { nextKey } from '../acts';
import { exampleOf, type Leaf, leavesOf, rootFields } from '../documents';
import { givenPerpetual, type KeyName, openServer, pay, type TestServer } from '../support';

const nines = (digits: number): string => '9'.repeat(digits);
const LENGTHS = [19, 20, 28, 38, 40];
const DECIMALS = [
  ...[
    '0',
    '-1',
    '-0.01',
    '0.000000000001',
    '1',
    '7',
    ...LENGTHS.flatMap((digits) => [nines(digits), `1${'0'.repeat(digits - 1)}`]),
  ],
  ...[`-${nines(40)}`, `${nines(40)}.${nines(40)}`],
  // The largest of each kind and one unit more, where a cent, a tick and a lot of a tenth are the unit.
  ...[MOST_CASH - 1n, MOST_CASH].map((cents) => formatScaled(cents, 2)),
  ...[MOST_PRICE - 1n, MOST_PRICE, MOST_LOTS + 1n].map((tenths) => formatScaled(tenths, 1)),
];
const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  Decimal: DECIMALS,
  Ratio: [
    '0',
    '-1',
    '1',
    '1/999999999999999999',
    '999999999999999999',
    '999999999999999999/999999999999999998',
    '0.000000000001',
  ],
  Int: [0, -1, 1, 64, 2_147_483_647, -2_147_483_648],
  Duration: ['0s', '1ms', '1s', '366d', '36525d'],
  DateTime: ['0000-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z'],
  Seq: ['0', '9007199254740991'],
};
/** What no scalar takes: it refuses the whole request. */
const UNREADABLE: Readonly<Record<string, readonly unknown[]>> = {
  Decimal: [nines(41), nines(1_000), `0.${nines(1_000)}`, 1, '1e400'],
  Ratio: [nines(1_000), `1/${nines(19)}`, `1/${nines(1_000)}`, '1/0', 1],
  Int: [2_147_483_648, 1.5, nines(40)],
  Duration: ['36525d1ms', `${nines(40)}d`, '-1s'],
  DateTime: ['10000-01-01T00:00:00.000Z'],
  Seq: [nines(17), '-1'],
};

let server: TestServer;
let texts = 0;
beforeAll(async () => {
  const limits = {
    tokens: 1e6,
    depth: 20,
    operationCost: 1e9,
    budget: 1e9,
    budgetPerSecond: 1e9,
    aliases: 1e4,
    rootFields: 1e4,
  };
  server = await openServer({ limits: { ...limits, bodyBytes: 1e7, executionMs: 15_000 } });
});
afterAll(() => server.close());

/** An input with a text of its own wherever one is asked for. */
const fresh = (input: unknown): unknown => JSON.parse(JSON.stringify(input).replaceAll('@', `-${++texts}`)) as unknown;

const KEY_OF: readonly KeyName[] = ['admin', 'officer', 'feed', 'broker', 'liquidator'];
function keyFor(mutation: string): KeyName {
  const roles = policiesOf(schema()).get(`Mutation.${mutation}`) as readonly string[];
  const named = {
    admin: 'ADMIN',
    officer: 'RISK_OFFICER',
    feed: 'FEED',
    broker: 'BROKER',
    liquidator: 'LIQUIDATOR',
  } as const;
  const key = KEY_OF.find((name) => roles.includes(named[name as keyof typeof named]));
  if (!key) throw new Error(`Nobody may ${mutation}`);
  return key;
}

/** Sends one mutation with many inputs in one request. */
async function sendAll(mutation: string, inputs: readonly unknown[]) {
  const type = String(rootFields('mutation').find(({ field }) => field.name === mutation)?.field.args[0]?.type);
  const declared = inputs.map((_, i) => `$i${i}: ${type}`).join(', ');
  const calls = inputs.map((_, i) => `a${i}: ${mutation}(input: $i${i}) { outcome }`).join(' ');
  const keyed = inputs.map((input) => ({ ...(fresh(input) as object), idempotencyKey: nextKey() }));
  const variables = Object.fromEntries(keyed.map((input, i) => [`i${i}`, input]));
  return server.ask<Record<string, { outcome: string }> | null>(
    keyFor(mutation),
    `mutation (${declared}) { ${calls} }`,
    variables,
  );
}

const leavesIn = (mutation: string): Leaf[] => {
  const [input] = rootFields('mutation').find(({ field }) => field.name === mutation)?.field.args ?? [];
  return input ? leavesOf(input.type, 'input').filter(({ scalar }) => scalar in VALUES) : [];
};

const ACCEPTED: ReadonlySet<string> = new Set(['DONE', 'PROPOSED', 'PARTIAL']);

/** Puts every value into every field; what is taken is journaled, what is not has a code of its own. */
async function tryAll(mutations: Readonly<Record<string, object>>): Promise<void> {
  const wrong: string[] = [];
  let all = 0;
  for (const [mutation, base] of Object.entries(mutations)) {
    const first = await sendAll(mutation, [base]);
    if (!ACCEPTED.has(first.data?.['a0']?.outcome ?? ''))
      wrong.push(`${mutation} is not taken at all: ${JSON.stringify(first)}`);
    let taken = 0;
    for (const { path, scalar, withValue } of leavesIn(mutation)) {
      const inputs = (VALUES[scalar] ?? []).map((value) => withValue(value, base));
      const { errors, data } = await sendAll(mutation, inputs);
      taken += Object.values(data ?? {}).filter(({ outcome }) => ACCEPTED.has(outcome)).length;
      if (errors.length > 0) wrong.push(`${mutation} ${path}: ${JSON.stringify(errors.slice(0, 2))}`);
    }
    all += taken;
  }
  expect(wrong).toEqual([]);
  expect(all).toBeGreaterThan(5 * Object.keys(mutations).length);
}

/** Everything of a type that can be asked for without saying more, so many levels deep. */
function selectionOf(type: GraphQLObjectType, depth: number): string {
  const fields = Object.values(type.getFields()).flatMap(({ name, type: of, args }) => {
    const named = getNamedType(of);
    if (args.some(isRequiredArgument)) return [];
    const page = args.some((arg) => arg.name === 'first') ? '(first: 20)' : '';
    if (isLeafType(named)) return [name];
    if (!isObjectType(named) || depth === 0 || (page && depth < 3) || name === 'edges') return [];
    const inside = selectionOf(named, depth - 1);
    return inside ? [`${name}${page} { ${inside} }`] : [];
  });
  return fields.join(' ');
}

/** Every query that can be asked without naming anything. */
async function expectAllShown(): Promise<void> {
  const wrong: string[] = [];
  for (const { field } of rootFields('query')) {
    if (field.args.some(isRequiredArgument)) continue;
    const type = getNamedType(field.type);
    const page = field.args.some(({ name }) => name === 'first') ? '(last: 100)' : '';
    const inside = isObjectType(type) ? ` { ${selectionOf(type, 3)} }` : '';
    const { errors, data } = await server.ask<Record<string, unknown>>('admin', `{ ${field.name}${page}${inside} }`);
    if (errors.length > 0 || data[field.name] === null)
      wrong.push(`${field.name}: ${JSON.stringify(errors.slice(0, 3))}`);
  }
  expect(wrong).toEqual([]);
  expect(server.faults).toEqual([]);
}

test('a number that no scalar takes is refused in every field of every mutation, and nothing is journaled', async () => {
  const before = server.house.status().seq;
  const wrong: string[] = [];
  let tried = 0;
  for (const { field } of rootFields('mutation'))
    for (const { path, scalar, withValue } of leavesIn(field.name)) {
      tried += 1;
      const base = exampleOf(field.args[0]?.type as Parameters<typeof exampleOf>[0]);
      const values = UNREADABLE[scalar] ?? [];
      const { status, errors } = await sendAll(
        field.name,
        values.map((value) => withValue(value, base)),
      );
      const refused = errors.filter(({ extensions }) => extensions['code'] === 'BAD_USER_INPUT').length;
      if (status !== 400 || refused < values.length) wrong.push(`${field.name} ${path}: ${status} ${refused}`);
    }
  expect(wrong).toEqual([]);
  expect(tried).toBeGreaterThan(180);
  expect(server.house.status().seq).toBe(before);
});

test('terms with extreme numbers are refused or shown', async () => {
  for (const [currency, scale] of [
    ['EUR', 2],
    ['ODD', 8],
  ] as const)
    await server.send({ type: 'DefineCurrency', currency, scale });
  texts = 0;
  // Quotes of indices, of which there is one a pair.
  for (let i = 1; i <= 100; i++) await server.send({ type: 'DefineCurrency', currency: `Q-${i}`, scale: 2 });
  await sendAll('defineIndex', [{ ...TERMS['defineIndex'], quote: 'EUR' }]);
  const odd = { instrument: 'ODD-PERP', index: 'ODD/EUR' };
  await sendAll('defineInstrument', [{ ...TERMS['defineInstrument'], ...odd }]);
  await tryAll(TERMS);
  await expectAllShown();
}, 120_000);

test('acts with extreme numbers, prices times sizes too, are refused or shown', async () => {
  await givenPerpetual(server);
  await server.send({
    type: 'DefineIndex',
    base: 'BTC',
    quote: 'USD',
    tick: '0.01',
    sources: ['one'],
    minimumSources: 1,
    maximumDeviation: '0.05',
    heartbeat: 60_000,
  });
  await server.send({
    type: 'OpenAccount',
    account: 'twin',
    member: 'broker',
    owner: 'alice',
    kind: 'CLIENT',
    currency: 'USD',
    policy: 'classic',
    mode: 'CROSS',
    instrument: null,
  });
  for (const account of ['alice', 'bob', 'eve']) await pay(server, account, '1000000000000000000000000');
  await tryAll(ACTS);
  await expectAllShown();
  // At prices and sizes that are both as large as they may be.
  for (const price of ['1', '99999999999999999.9', '0.1', '1000000000']) {
    await server.ask('feed', 'mutation ($i: SubmitMarkPricesInput!) { submitMarkPrices(input: $i) { outcome } }', {
      i: { source: 'venue', prices: [{ instrument: 'BTC-PERP', price }], idempotencyKey: nextKey() },
    });
    for (const size of ['0.1', '1000000', '99999999999999999.9'])
      await sendAll('submitTrade', [{ ...ACTS['submitTrade'], size, price }]);
    await server.pass('2m');
  }
  await expectAllShown();
}, 120_000);

test('what is in the house of a currency adds up to its bound and no further', async () => {
  const room = await server.ask<{ a0: unknown }>('admin', '{ conservation { currencies { currency difference } } }');
  expect(room.errors).toEqual([]);
  const most = formatScaled(MOST_CASH - 1n, 2);
  const selection = 'outcome rejections { code details { name value } }';
  const deposit = async (amount: string) =>
    (
      await server.ask<{ depositCollateral: { outcome: string; rejections: readonly { code: string }[] } }>(
        'broker',
        `mutation ($input: DepositCollateralInput!) { depositCollateral(input: $input) { ${selection} } }`,
        { input: { account: 'bob', currency: 'USD', amount, idempotencyKey: nextKey() } },
      )
    ).data.depositCollateral;
  expect((await deposit(most)).rejections[0]?.code).toBe('VALUE_OUT_OF_RANGE');
  expect((await deposit('1')).outcome).toBe('DONE');
});
