/** Names that stand twice in an object: refused, however they are written. */

import fc from 'fast-check';
import { repeatsName } from '../../../src/graphql/server/json';
import { openKnown } from '../subscription/rawSocket';
import { bearer, openServer, type TestServer } from '../support';

const hasRepeats = (text: string): boolean => repeatsName(text, JSON.parse(text));

test.each([
  ['{"a":1,"a":1}', true],
  ['{"a":1,"\\u0061":2}', true],
  ['{"a":{"b":1,"c":[{"d":1,"d":2}]}}', true],
  ['[{"a":1},{"a":1}]', false],
  ['{"a":{"a":{"a":1}}}', false],
  ['{"a":":","b\\":":"\\\\","c":"\\":\\""}', false],
  ['{"":1,"":2}', true],
  ['{"1":1,"1":2}', true],
  ['{"constructor":1,"toString":2}', false],
  ['"a:b"', false],
  [`${'['.repeat(30_000)}${']'.repeat(30_000)}`, false],
])('%s', (text, repeats) => {
  expect(hasRepeats(text)).toBe(repeats);
});

test('whatever is printed as JSON has none; with an entry of an object once more it has', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), (value, object) => {
      expect(hasRepeats(JSON.stringify(value, null, 1))).toBe(false);
      const [name = '', held] = Object.entries(object)[0] ?? [];
      const twice = `{${JSON.stringify(name)} : ${JSON.stringify(held)},${JSON.stringify(object).slice(1)}`;
      expect(hasRepeats(`[${JSON.stringify(value)},${twice}]`)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

describe('at the server', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
  });
  afterAll(() => server.close());

  test.each([
    '{"query":"{ viewer { id } }","query":"mutation { x }"}',
    '{"query":"query ($i: ID!) { account(id: $i) { id } }","variables":{"i":"a","i":"b"}}',
  ])('a body such as %s is refused', async (body) => {
    const headers = { 'content-type': 'application/json', authorization: bearer('admin') };
    const response = await fetch(server.url, { method: 'POST', headers, body });
    const { errors } = (await response.json()) as { errors: [{ extensions: { code: string } }] };
    expect([response.status, errors[0].extensions.code]).toEqual([400, 'BAD_REQUEST']);
  });

  test('a message on a socket too', async () => {
    const raw = await openKnown(server, 'feed');
    raw.send('{"id":"a","type":"subscribe","id":"b","payload":{"query":"subscription { prices { kind } }"}}');
    expect(await raw.closed()).toEqual({ code: 4400, reason: 'A name stands twice in an object' });
    expect(server.faults).toEqual([]);
  });
});
