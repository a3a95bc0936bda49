/** How large a document may be: each limit holds at n and is broken at n + 1, however the document is put together. */

import { getIntrospectionQuery } from 'graphql';
import { openServer, type TestServer } from '../support';

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
  await server.send({ type: 'DefineCurrency', currency: 'USD', scale: 2 });
});
afterAll(() => server.close());

/** Every limit of the schema's shape by its number: what `api` promises, written out here. */
const DEPTH = 12;
const ALIASES = 60;
const REPEATS = 60;
const DIRECTIVES = 10;
const TOKENS = 4_000;
const ROOT_FIELDS = 30;
const INTROSPECTION_DEPTH = 15;

interface Answer {
  readonly status: number;
  readonly code: unknown;
  readonly limit: unknown;
  readonly maximum: unknown;
}

async function answerTo(query: string): Promise<Answer> {
  const { status, errors } = await server.ask('admin', query);
  const { code, limit, maximum } = errors[0]?.extensions ?? {};
  return { status, code, limit, maximum };
}

const HELD = { status: 200, code: undefined, limit: undefined, maximum: undefined };
const broken = (limit: string, maximum: number): Answer => ({ status: 400, code: 'LIMIT_EXCEEDED', limit, maximum });

/** Positions lead back to their account, so the way down has no end. */
const STEPS = ['positions(first: 1)', 'nodes', 'account'] as const;
const TYPES = ['Account', 'PositionConnection', 'Position'] as const;

const down = (steps: number, from = 0): string =>
  steps === 0 ? '__typename' : `${STEPS[from % 3]} { ${down(steps - 1, from + 1)} }`;
const downInline = (steps: number, from = 0): string =>
  `... on ${TYPES[from % 3]} { ` +
  `${steps === 0 ? '__typename' : `${STEPS[from % 3]} { ${downInline(steps - 1, from + 1)} }`} }`;

/** Selections within each other: the account is one, what is asked for at the end is one. */
const nested = (depth: number, way = down): string => `{ account(id: "none") { ${way(depth - 2)} } }`;

describe('depth', () => {
  test.each([1, 5, DEPTH])('%d selections within each other are taken', async (depth) => {
    expect(await answerTo(depth === 1 ? '{ __typename }' : nested(depth))).toEqual(HELD);
  });

  test(`${DEPTH + 1} are not`, async () => {
    expect(await answerTo(nested(DEPTH + 1))).toEqual(broken('depth', DEPTH));
  });

  test('inline fragments are no depth of their own, and hide none', async () => {
    expect([await answerTo(nested(DEPTH, downInline)), await answerTo(nested(DEPTH + 1, downInline))]).toEqual([
      HELD,
      broken('depth', DEPTH),
    ]);
  });

  test('a fragment counts where it is spread, once or twice over', async () => {
    const spread = (depth: number): string =>
      `{ account(id: "none") { ...F } } fragment F on Account { ${down(depth - 2)} }`;
    expect([await answerTo(spread(DEPTH)), await answerTo(spread(DEPTH + 1))]).toEqual([HELD, broken('depth', DEPTH)]);
    // Harmless where it is written; three steps down it is not.
    const below = (depth: number): string =>
      `{ account(id: "none") { ...F positions(first: 1) { nodes { account { ...F } } } } } fragment F on Account ` +
      `{ ${down(depth - 5)} }`;
    expect([await answerTo(below(DEPTH)), await answerTo(below(DEPTH + 1))]).toEqual([HELD, broken('depth', DEPTH)]);
  });
});

describe('aliases', () => {
  const aliased = (count: number, total = 10): string =>
    `{ currency(id: "USD") { ${Array.from({ length: count }, (_, i) => `a${i}: scale`).join(' ')} ` +
    `${count < total ? 'id' : ''} } }`;

  test(`${ALIASES} are taken, ${ALIASES + 1} are not`, async () => {
    expect([await answerTo(aliased(ALIASES)), await answerTo(aliased(ALIASES + 1))]).toEqual([
      HELD,
      broken('aliases', ALIASES),
    ]);
  });

  test('those of a fragment count each time it is spread', async () => {
    const spread = (times: number): string =>
      `{ currencies(first: 1) {
        ${Array.from({ length: times }, (_, i) => (i % 2 ? 'nodes { ...F }' : 'edges { node { ...F } }')).join(' ')} } }
       fragment F on Currency { ${Array.from({ length: ALIASES / 2 + 1 }, (_, i) => `a${i}: id`).join(' ')} }`;
    expect([await answerTo(spread(1)), await answerTo(spread(2))]).toEqual([HELD, broken('aliases', ALIASES)]);
  });
});

describe('repeats', () => {
  const again = (times: number): string => `{ currency(id: "USD") { ${'id '.repeat(times + 1)} } }`;

  test(`a field may be asked for ${REPEATS} times more in one selection, and not ${REPEATS + 1}`, async () => {
    expect([await answerTo(again(REPEATS)), await answerTo(again(REPEATS + 1))]).toEqual([
      HELD,
      broken('repeats', REPEATS),
    ]);
  });

  test('by its name in the answer, over all fragments, and in all selections together', async () => {
    const half = REPEATS / 2 + 1;
    const spread =
      `{ currency(id: "USD") { ...F ... { ${'scale: id '.repeat(half)} } } } fragment F on Currency ` +
      `{ ${'scale: id '.repeat(half)} }`;
    expect((await answerTo(spread)).limit).toMatch(/repeats|aliases/);
    const both =
      `{ ${'viewer { id } '.repeat(1)} a: currency(id: "USD") { ${'id '.repeat(half + 1)} } b: ` +
      `currency(id: "USD") { ${'id '.repeat(half + 1)} } }`;
    expect(await answerTo(both)).toEqual(broken('repeats', REPEATS));
    const roots = `{ ${'viewer { id } '.repeat(20)} viewer { ${'id '.repeat(REPEATS)} } }`;
    expect(await answerTo(roots)).toEqual(broken('repeats', REPEATS));
  });

  test('is looked at before a document is validated, which would compare each field with each', async () => {
    const { code, limit } = await answerTo(`{ currency(id: "USD") { ${'nothing(x: 1) '.repeat(600)} } }`);
    expect([code, limit]).toEqual(['LIMIT_EXCEEDED', 'repeats']);
  });
});

describe('directives', () => {
  const directed = (count: number): string =>
    `{ ${Array.from({ length: count }, () => '__typename @include(if: true)').join(' ')} }`;

  test(`${DIRECTIVES} are taken, ${DIRECTIVES + 1} are not, on many fields or on one`, async () => {
    expect([await answerTo(directed(DIRECTIVES)), await answerTo(directed(DIRECTIVES + 1))]).toEqual([
      HELD,
      broken('directives', DIRECTIVES),
    ]);
    expect(await answerTo(`{ __typename ${'@skip(if: false) '.repeat(DIRECTIVES + 1)} }`)).toEqual(
      broken('directives', DIRECTIVES),
    );
  });
});

describe('root fields', () => {
  const rooted = (count: number): string =>
    `{ ${Array.from({ length: count }, (_, i) => `r${i}: asOf { seq }`).join(' ')} }`;

  test(`${ROOT_FIELDS} are taken, ${ROOT_FIELDS + 1} are not, fragments spread out`, async () => {
    expect([await answerTo(rooted(ROOT_FIELDS)), await answerTo(rooted(ROOT_FIELDS + 1))]).toEqual([
      HELD,
      broken('rootFields', ROOT_FIELDS),
    ]);
    const spread = `{ ...F ...G } fragment F on Query ${rooted(ROOT_FIELDS / 2)} fragment G on Query ${rooted(
      ROOT_FIELDS / 2 + 1,
    )
      .replaceAll('r', 's')
      .replaceAll('seq', 'seq')}`;
    expect(await answerTo(spread)).toEqual(broken('rootFields', ROOT_FIELDS));
  });

  test('mutations are counted like queries, and none of too many is done', async () => {
    const before = server.house.status().seq;
    const many = Array.from(
      { length: ROOT_FIELDS + 1 },
      (_, i) => `m${i}: admitMember(input: { name: "m", idempotencyKey: "m${i}" }) { outcome }`,
    );
    expect(await answerTo(`mutation { ${many.join(' ')} }`)).toEqual(broken('rootFields', ROOT_FIELDS));
    expect(server.house.status().seq).toBe(before);
    expect(await answerTo(`mutation { ${many.slice(1).join(' ')} }`)).toEqual(HELD);
    expect(server.house.status().seq).toBe(before + ROOT_FIELDS);
  });
});

describe('tokens', () => {
  const tokens = (count: number): string =>
    `{ marginCalls(first: 1, status: [${'OPEN '.repeat(count - 15)}]) { totalCount } }`;

  test(`${TOKENS} are read, ${TOKENS + 1} are not`, async () => {
    expect([await answerTo(tokens(TOKENS)), await answerTo(tokens(TOKENS + 1))]).toEqual([
      HELD,
      broken('tokens', TOKENS),
    ]);
  });

  test('lists written out in the document count, those in variables do not', async () => {
    const prices = Array.from({ length: 600 }, () => ({ instrument: 'NONE', price: '1' }));
    const literal = prices.map(() => '{ instrument: "NONE", price: "1" }').join(' ');
    const document =
      `mutation { submitMarkPrices(input: { source: "x", idempotencyKey: "x", prices: [${literal}] ` +
      `}) { outcome } }`;
    expect((await server.ask('feed', document)).errors[0]?.extensions).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      limit: 'tokens',
    });
    const { errors } = await server.ask(
      'feed',
      'mutation ($input: SubmitMarkPricesInput!) { submitMarkPrices(input: $input) { outcome } }',
      {
        input: { source: 'x', idempotencyKey: 'x', prices },
      },
    );
    expect(errors).toEqual([]);
  });
});

describe('introspection', () => {
  /** `__schema { types { ofType { … { name } } } }` */
  const types = (depth: number): string =>
    `{ __schema { types { ${'ofType { '.repeat(depth - 3)} name ${'}'.repeat(depth - 3)} } } }`;

  test(`has a depth of its own, ${INTROSPECTION_DEPTH}, for what tools ask`, async () => {
    expect([await answerTo(types(INTROSPECTION_DEPTH)), await answerTo(types(INTROSPECTION_DEPTH + 1))]).toEqual([
      HELD,
      broken('introspectionDepth', INTROSPECTION_DEPTH),
    ]);
  });

  test('what tools ask is within the limits', async () => {
    expect(await answerTo(getIntrospectionQuery())).toEqual(HELD);
  });
});
