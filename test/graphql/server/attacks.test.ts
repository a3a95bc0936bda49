/** Attacks that a deliberately vulnerable GraphQL application teaches, each tried anew against the house. */

import { createHmac } from 'node:crypto';
import { getIntrospectionQuery, isInputObjectType, isScalarType } from 'graphql';
import { newSecret } from '../../../src/graphql/access/keys';
import { schema } from '../../../src/graphql/schema';
import { act, payment } from '../acts';
import { bearer, givenPerpetual, openServer, pay, type Reply, secretOf, type TestServer } from '../support';

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
  await givenPerpetual(server);
  await pay(server, 'alice', '1000');
});
afterAll(() => server.close());

const outcome = ({ status, errors }: Pick<Reply, 'status' | 'errors'>): unknown[] => [
  status,
  errors[0]?.extensions['code'],
];
const raw = async (body: string, headers: Record<string, string>): Promise<{ status: number; text: string }> => {
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  return { status: response.status, text: await response.text() };
};

describe('denial of service', () => {
  test('1. batch: a list of expensive operations', async () => {
    const batch = JSON.stringify(Array.from({ length: 50 }, () => ({ query: '{ conservation { holds } }' })));
    expect((await raw(batch, { authorization: bearer('admin') })).status).toBe(400);
  });

  test('2. deep recursion: objects that lead back to each other', async () => {
    const circle = 'positions(first: 100) { nodes { account { ';
    const query = `{ accounts(first: 100) { nodes { ${circle.repeat(6)} id ${'} } }'.repeat(6)} } } }`;
    expect(outcome(await server.ask('admin', query))).toEqual([400, 'LIMIT_EXCEEDED']);
  });

  test('3. resource-intensive queries: pages in pages, and digests of everything', async () => {
    const wide =
      '{ accounts(first: 100) { nodes { positions(first: 100) { nodes { account { trades(first: 100) { totalCount ' +
      '} } } } } } }';
    expect(outcome(await server.ask('admin', wide))).toEqual([400, 'COST_EXCEEDED']);
    const digests = `{ ${Array.from({ length: 10 }, (_, i) => `d${i}: house { digest { digest } }`).join(' ')} }`;
    const costs = (await server.ask('admin', digests)).extensions['cost'] as { requested: number };
    expect(costs.requested).toBeGreaterThan(5_000);
  });

  test('4. field duplication: one field as often as a document can hold it', async () => {
    const { status } = await server.ask('admin', `{ conservation { ${'holds '.repeat(990)} } }`);
    expect(status).toBe(400);
  });

  test('5. aliases: an expensive field under many names', async () => {
    const query = `{ ${Array.from({ length: 31 }, (_, i) => `c${i}: conservation { holds }`).join(' ')} }`;
    expect(outcome(await server.ask('admin', query))).toEqual([400, 'LIMIT_EXCEEDED']);
  });

  test('6. circular fragments: one in itself, two in each other, and one that grows as it is spread', async () => {
    const circles = [
      '{ ...A } fragment A on Query { viewer { id } ...A }',
      '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
      '{ viewer { ...A } } fragment A on Viewer { id ...B ...B } fragment B on Viewer { role ...A ...A }',
    ];
    for (const query of circles)
      expect(outcome(await server.ask('admin', query))).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
    // Not a circle, but two to the power of thirty fields.
    const names = Array.from({ length: 31 }, (_, i) => `F${i}`);
    const bomb = names
      .map(
        (name, i) => `fragment ${name} on Viewer { ${i === 30 ? 'x: id' : `...${names[i + 1]} ...${names[i + 1]}`} }`,
      )
      .join(' ');
    const began = Date.now();
    expect(outcome(await server.ask('admin', `{ viewer { ...F0 } } ${bomb}`))).toEqual([400, 'LIMIT_EXCEEDED']);
    expect(Date.now() - began).toBeLessThan(3_000);
  });
});

describe('disclosure', () => {
  test('7. introspection, under an operation name of its own or not', async () => {
    for (const query of [
      getIntrospectionQuery(),
      'query Harmless { s: __schema { types { name } } }',
      '{ ...F } fragment F on Query { t: __type(name: "Mutation") { name } }',
    ])
      expect(outcome(await server.ask('feed', query))).toEqual([403, 'INTROSPECTION_DISABLED']);
  });

  test('8. the interface for browsers can do nothing without a key', async () => {
    expect(
      (
        await raw(JSON.stringify({ query: '{ viewer { id } }' }), {
          referer: server.url,
          cookie: 'env=graphiql:enable',
        })
      ).status,
    ).toBe(401);
  });

  test('9. suggestions: names of fields one has no right to are not given away', async () => {
    const { errors } = await server.ask('feed', '{ apiKey { id } }');
    expect(errors[0]?.message).toBe('Cannot query field "apiKey" on type "Query".');
  });

  test('10. forged requests from the server: no input takes an address to fetch', () => {
    const inputs = Object.values(schema().getTypeMap()).filter(isInputObjectType);
    // The port of accepting one is an offer to port clients, by its id.
    const asked = inputs.filter(({ name }) => !/^(Accept|Decline)PortInput$/.test(name));
    const names = asked.flatMap((type) => Object.keys(type.getFields()));
    expect(names.length).toBeGreaterThan(150);
    expect(names.filter((name) => /url|uri|host|port$|scheme|callback|webhook|import|fetch|proxy/i.test(name))).toEqual(
      [],
    );
  });

  test('11. stack traces: neither by a wrong type nor by asking for them', async () => {
    for (const body of [
      '{"query":"{ viewer { id } }","variables":{"a":{"$ne":null}},"debug":true}',
      '{"query":{"$gt":""}}',
      '{"query":"{ nothing }"}',
    ])
      expect((await raw(body, { authorization: bearer('admin'), 'x-debug': 'true' })).text).not.toMatch(
        /stack|node_modules|\.ts:\d|\.js:\d/,
      );
  });
});

/** Texts that would be commands, markup or code to something that takes them for it. */
const HOSTILE = [
  '; cat /etc/passwd',
  '$(touch /tmp/owned)',
  '`id`',
  '| nc -l 4444',
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><h1>Hello</h1>',
  '\'; DROP TABLE "Account"; --',
  "' OR '1'='1",
  '{{7*7}} #{7*7} <%= 7*7 %>',
  '%00 %0d%0aSet-Cookie: a=b',
  'line one\nline two {"level":"info","msg":"admin logged in"}',
  '../../../../etc/passwd',
  '\u202e gnp.exe',
  '__proto__',
  '\\u0000',
];

describe('injection', () => {
  test.each(HOSTILE)(
    '12 to 17. %j is a text like any other: stored, given back as it was, and nothing is done with it',
    async (text) => {
      const { member } = await act<{ member: { name: string } }>(
        server,
        'admin',
        'admitMember',
        { name: text },
        'member { id name }',
      );
      expect(member.name).toBe(text);
      const entries = await server.get<{ journal: { nodes: { text: string }[] }; currencies: { totalCount: number } }>(
        'auditor',
        '{ journal(last: 1) { nodes { text } } currencies(first: 1) { totalCount } }',
      );
      // 15. One entry is one line of the journal, whatever it holds.
      expect(entries.journal.nodes[0]?.text).not.toContain('\n');
      expect(JSON.parse(entries.journal.nodes[0]?.text ?? '')).toMatchObject({ command: { name: text } });
      expect(entries.currencies.totalCount).toBe(2);
      expect(server.faults).toEqual([]);
    },
  );

  test('14 and 16. stored markup is sent as JSON, which no browser shows as a page', async () => {
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: bearer('admin'), accept: 'text/html, */*' },
      body: JSON.stringify({ query: '{ members(first: 100) { nodes { name } } }' }),
    });
    expect(response.headers.get('content-type')).toMatch(/^application\/(graphql-response\+)?json/);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await response.text()).toContain('<script>');
  });

  const SQL = [
    "alice' OR '1'='1",
    "alice'--",
    '\' UNION SELECT * FROM "ApiKey" --',
    'alice"; DELETE FROM "Account"; --',
    '%',
    '_lice',
    'alice\\',
  ];

  test.each(SQL)('17. %s as an id finds what has that id: nothing', async (id) => {
    const { errors, data } = await server.ask<Record<string, { totalCount: number } | null>>(
      'admin',
      `query ($id: ID!) { account(id: $id) { id } accounts(owner: $id, first: 1) { totalCount } trades(account: $id,
        first: 1) { totalCount }
        ledgerTransfers(name: $id, first: 1) { totalCount } markPrices(instrument: $id, first: 1) { totalCount }
        lossCases(account: $id, first: 1) { totalCount } }`,
      { id },
    );
    expect(errors).toEqual([]);
    expect(Object.values(data).map((list) => list?.totalCount ?? 0)).toEqual([0, 0, 0, 0, 0, 0]);
    const refused = await act(server, 'admin', 'depositCollateral', payment(id, '1.00'));
    expect(refused.rejections[0]).toMatchObject({ code: 'ACCOUNT_NOT_FOUND', details: { account: id } });
  });

  test('17. a cursor that holds more than a cursor is a value, never a part of a question', async () => {
    const cursor = Buffer.from(JSON.stringify(['Account.id', "' OR 1=1 --"])).toString('base64url');
    const { accounts } = await server.get<{ accounts: { nodes: { id: string }[] } }>(
      'broker',
      `{ accounts(first: 10, after: "${cursor}") { nodes { id } } }`,
    );
    expect(accounts.nodes.map(({ id }) => id)).toEqual(['alice', 'bob']);
  });
});

describe('authorization', () => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { sub: 'admin', role: 'ADMIN', exp: 9_999_999_999 };

  test.each([
    ['without a signature', `${part({ alg: 'none' })}.${part(claims)}.`],
    ['signed with an empty secret', signed({ alg: 'HS256' }, claims, '')],
    ['signed with the secret of a key', signed({ alg: 'HS256' }, claims, secretOf('feed'))],
    ['that names its own key', signed({ alg: 'HS256', jwk: { kty: 'oct', k: 'AAAA' } }, claims, 'AAAA')],
    ['that names a file', signed({ alg: 'HS256', kid: '../../../dev/null' }, claims, '')],
  ])('18. a forged token, %s, is nobody', async (_, token) => {
    expect(
      (await raw(JSON.stringify({ query: '{ viewer { id role } }' }), { authorization: `Bearer ${token}` })).status,
    ).toBe(401);
  });

  function signed(header: object, payload: object, secret: string): string {
    const text = `${part({ typ: 'JWT', ...header })}.${part(payload)}`;
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  }

  test('19. no header, cookie or field that a caller sets makes it somebody else', async () => {
    const headers = {
      authorization: bearer('reader'),
      'x-role': 'ADMIN',
      'x-user': 'admin',
      'x-forwarded-user': 'admin',
      cookie: 'role=ADMIN',
    };
    const { text } = await raw(
      '{"query":"{ viewer { id role } }","extensions":{"role":"ADMIN"},"role":"ADMIN"}',
      headers,
    );
    expect(JSON.parse(text)).toMatchObject({ data: { viewer: { id: 'reader', role: 'BROKER_READONLY' } } });
  });

  test('20. deny lists: neither an alias, a fragment, a name of the operation nor a comment gets past a policy', async () => {
    for (const query of [
      '{ harmless: journal(first: 1) { totalCount } }',
      '{ ... on Query { journal(first: 1) { totalCount } } }',
      '{ ...F } fragment F on Query { journal(first: 1) { totalCount } }',
      'query viewer { # viewer\n journal(first: 1) { totalCount } }',
      '{ viewer { id } journal(first: 1) @include(if: true) { totalCount } }',
    ]) {
      const { data, errors } = await server.ask<Record<string, unknown>>('broker', query);
      // Each field at the top answers for itself: the one that was refused is null, the one beside it is what it was.
      const { viewer, ...rest } = data;
      expect(Object.values(rest)).toEqual([null]);
      expect(viewer).toEqual(query.includes('{ viewer') ? { id: 'broker' } : undefined);
      expect(errors.map(({ extensions }) => extensions['code'])).toEqual(['FORBIDDEN']);
    }
  });

  test('21. files: nothing takes one, and no name is a path', async () => {
    const scalars = Object.values(schema().getTypeMap()).filter(isScalarType);
    expect(scalars.map(({ name }) => name).sort()).toEqual(
      [
        'Boolean',
        'Cursor',
        'DateTime',
        'Decimal',
        'Duration',
        'ID',
        'Int',
        'JSONObject',
        'Ratio',
        'Seq',
        'String',
      ].sort(),
    );
    const { rejections } = await act(server, 'admin', 'admitMember', { name: 'x', member: '../../etc/passwd' });
    expect(rejections[0]?.code).toBe('ID_INVALID');
  });

  test('22. guessing: a secret is 256 bits of chance, and no answer tells a near one from a far one', async () => {
    const secrets = Array.from({ length: 200 }, newSecret);
    expect(new Set(secrets).size).toBe(200);
    for (const secret of secrets) expect(Buffer.from(secret.replace('nvk_', ''), 'base64url')).toHaveLength(32);
    const near = await raw('{"query":"{ viewer { id } }"}', { authorization: bearer('admin').slice(0, -1) });
    const far = await raw('{"query":"{ viewer { id } }"}', { authorization: `Bearer ${newSecret()}` });
    expect(near).toEqual(far);
  });

  test('23. forged requests of another site: a page can send no key, and without one nothing is done', async () => {
    const before = server.house.status().seq;
    const query = 'mutation { admitMember(input: { name: "m", idempotencyKey: "m" }) { outcome } }';
    const forged = { origin: 'https://elsewhere.example', cookie: 'session=admin' };
    expect((await raw(JSON.stringify({ query }), { ...forged, 'content-type': 'text/plain' })).status).toBe(401);
    expect((await raw(JSON.stringify({ query }), forged)).status).toBe(401);
    expect(server.house.status().seq).toBe(before);
  });
});
