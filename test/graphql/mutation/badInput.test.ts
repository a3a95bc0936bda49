/**
 * Input that cannot be read: BAD_USER_INPUT with the place, before anything is done.  Rules: X-2, and what the house
 * does not even see
 */

import { documentOf, payment, sale } from '../acts';
import { givenPerpetual, openServer, pay, type TestServer } from '../support';

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
  await givenPerpetual(server);
  await pay(server, 'alice', '100000');
});
afterAll(() => server.close());

const stateNow = async (): Promise<object> => ({
  committed: server.house.status().seq,
  ...(await server.house.digest()),
});

/** Sends an input and expects the place to be named and nothing to be changed. */
async function expectRefused(
  key: 'broker' | 'feed' | 'admin',
  mutation: string,
  input: object,
  path: string,
): Promise<void> {
  const before = await stateNow();
  const { status, data, errors } = await server.ask(key, documentOf(mutation, '__typename'), {
    input: { idempotencyKey: 'bad', ...input },
  });
  expect(status).toBe(400);
  expect(data).toBeUndefined();
  expect(errors.map(({ extensions }) => [extensions['code'], extensions['path'], extensions['retriable']])).toEqual([
    ['BAD_USER_INPUT', path, false],
  ]);
  expect(await stateNow()).toEqual(before);
}

describe('decimals', () => {
  const NONE = [
    ...[1, 1.5, 0, -1, 1e3, true, [], {}, ['1'], null],
    ...[
      '',
      ' ',
      '1 ',
      ' 1',
      '+1',
      '1.',
      '.5',
      '-',
      '--1',
      '1e3',
      '1E3',
      '1e-3',
      '0x10',
      '1,5',
      '1_000',
      '1.2.3',
      '01',
      '-01',
    ],
    ...[
      'NaN',
      'nan',
      'Infinity',
      '-Infinity',
      '∞',
      '١',
      '１',
      '1n',
      'one',
      '1/2',
      '0.1\n',
      '1\u200b',
      '9'.repeat(41),
      `0.${'1'.repeat(41)}`,
    ],
  ];

  test.each(NONE.map((amount) => [JSON.stringify(amount), amount] as const))(
    'X-2 %s is no amount',
    async (_, amount) => {
      await expectRefused('broker', 'depositCollateral', { ...payment('alice', '1'), amount }, 'input.amount');
    },
  );

  test.each(['NaN', '1e5', '1.5.0', 1.5])(
    'X-2 %s is no price, size, rate, tick or bid, wherever it stands',
    async (value) => {
      await expectRefused('feed', 'submitTrade', { ...sale('x', 'alice', 'bob', '1'), price: value }, 'input.price');
      await expectRefused('feed', 'submitTrade', { ...sale('x', 'alice', 'bob', '1'), size: value }, 'input.size');
      await expectRefused('feed', 'submitFundingRate', { instrument: 'BTC-PERP', rate: value }, 'input.rate');
      await expectRefused('feed', 'reportDepth', { instrument: 'BTC-PERP', bids: '1', asks: value }, 'input.asks');
      const price = { instrument: 'BTC-PERP', price: '1' };
      await expectRefused(
        'feed',
        'submitMarkPrices',
        { source: 'x', prices: [price, { ...price, bid: value }] },
        'input.prices[1].bid',
      );
      await expectRefused(
        'admin',
        'setCollateralTerms',
        { currency: 'BTC', haircut: value, conversionDiscount: '0', eligible: true },
        'input.haircut',
      );
      const tiers = [{ floor: '0', cap: value, initialRate: '0.1', maintenanceRate: '0.05' }];
      await expectRefused('admin', 'setTierSchedule', { instrument: 'BTC-PERP', tiers }, 'input.tiers[0].cap');
    },
  );

  test.each(['1/0', '1/2/3', '/2', '1/', 'x', '0.05.1', '1 / 2', 'NaN'])(
    'X-2 "%s" is no ratio',
    async (initialRate) => {
      const tiers = [{ floor: '0', cap: null, initialRate, maintenanceRate: '0.05' }];
      await expectRefused('admin', 'setTierSchedule', { instrument: 'BTC-PERP', tiers }, 'input.tiers[0].initialRate');
    },
  );

  test.each(['1.5', '1', '1e3', '-2', 'true', '[]', '{}', 'null', '"1e3"', '"NaN"'])(
    'X-2 %s written out in the document is no amount',
    async (literal) => {
      const before = await stateNow();
      const { status, errors } = await server.ask(
        'broker',
        `mutation { depositCollateral(input: { account: "alice", currency: "USD", amount: ${literal}, ` +
          `idempotencyKey: "lit" }) { outcome } }`,
      );
      expect(status).toBe(400);
      expect(errors.map(({ extensions }) => [extensions['code'], extensions['path']])).toEqual([
        literal === 'null'
          ? ['GRAPHQL_VALIDATION_FAILED', undefined]
          : ['BAD_USER_INPUT', 'depositCollateral.input.amount'],
      ]);
      expect(await stateNow()).toEqual(before);
    },
  );
});

describe('other values', () => {
  const perpetual = {
    instrument: 'ETH-PERP',
    kind: 'PERPETUAL',
    base: 'BTC',
    quote: 'USD',
    settlement: 'USD',
    tick: '0.1',
    lot: '0.1',
    multiplier: '1',
    ...{ markMethod: 'VENUE', heartbeat: '1h' },
  };
  const account = { member: 'broker', owner: 'alice', currency: 'USD', policy: 'classic' };

  test.each`
    what                                  | key         | mutation                | input                                                                          | path
    ${'a word that is none of the kinds'} | ${'admin'}  | ${'defineInstrument'}   | ${{ ...perpetual, kind: 'OPTION' }}                                            | ${'input.kind'}
    ${'a kind in small letters'}          | ${'admin'}  | ${'defineInstrument'}   | ${{ ...perpetual, kind: 'perpetual' }}                                         | ${'input.kind'}
    ${'a span in words'}                  | ${'admin'}  | ${'defineInstrument'}   | ${{ ...perpetual, heartbeat: 'an hour' }}                                      | ${'input.heartbeat'}
    ${'a span as a number'}               | ${'admin'}  | ${'defineInstrument'}   | ${{ ...perpetual, heartbeat: 3600 }}                                           | ${'input.heartbeat'}
    ${'a span below zero'}                | ${'admin'}  | ${'defineInstrument'}   | ${{ ...perpetual, heartbeat: '-1h' }}                                          | ${'input.heartbeat'}
    ${'a date without time'}              | ${'admin'}  | ${'defineInstrument'}   | ${{ ...perpetual, kind: 'FUTURE', expiry: '2026-01-01' }}                      | ${'input.expiry'}
    ${'a time without zone'}              | ${'admin'}  | ${'defineInstrument'}   | ${{ ...perpetual, kind: 'FUTURE', expiry: '2026-01-01T00:00:00' }}             | ${'input.expiry'}
    ${'a time in another zone'}           | ${'admin'}  | ${'defineInstrument'}   | ${{ ...perpetual, kind: 'FUTURE', expiry: '2026-01-01T00:00:00+01:00' }}       | ${'input.expiry'}
    ${'the 30th of February'}             | ${'admin'}  | ${'defineInstrument'}   | ${{ ...perpetual, kind: 'FUTURE', expiry: '2026-02-30T00:00:00.000Z' }}        | ${'input.expiry'}
    ${'a time as a number'}               | ${'admin'}  | ${'advanceTime'}        | ${{ idempotencyKey: undefined, to: 1760000000000 }}                            | ${'input.to'}
    ${'a scale with a point'}             | ${'admin'}  | ${'defineCurrency'}     | ${{ currency: 'EUR', scale: 2.5 }}                                             | ${'input.scale'}
    ${'a scale as text'}                  | ${'admin'}  | ${'defineCurrency'}     | ${{ currency: 'EUR', scale: '2' }}                                             | ${'input.scale'}
    ${'a scale beyond 32 bits'}           | ${'admin'}  | ${'defineCurrency'}     | ${{ currency: 'EUR', scale: 2 ** 31 }}                                         | ${'input.scale'}
    ${'a flag as text'}                   | ${'admin'}  | ${'setCollateralTerms'} | ${{ currency: 'BTC', haircut: '0', conversionDiscount: '0', eligible: 'yes' }} | ${'input.eligible'}
    ${'an entry as a number'}             | ${'admin'}  | ${'reverseTransfer'}    | ${{ entry: 3, place: 0, reason: 'x' }}                                         | ${'input.entry'}
    ${'an entry below zero'}              | ${'admin'}  | ${'reverseTransfer'}    | ${{ entry: '-3', place: 0, reason: 'x' }}                                      | ${'input.entry'}
    ${'an entry no number holds'}         | ${'admin'}  | ${'reverseTransfer'}    | ${{ entry: '9007199254740993', place: 0, reason: 'x' }}                        | ${'input.entry'}
    ${'an id that is an object'}          | ${'broker'} | ${'openAccount'}        | ${{ ...account, owner: { $ne: null } }}                                        | ${'input.owner'}
    ${'an id that is a list'}             | ${'broker'} | ${'openAccount'}        | ${{ ...account, owner: ['alice'] }}                                            | ${'input.owner'}
    ${'a field that is missing'}          | ${'broker'} | ${'depositCollateral'}  | ${{ account: 'alice', currency: 'USD' }}                                       | ${'input'}
    ${'null where a value is needed'}     | ${'broker'} | ${'depositCollateral'}  | ${{ ...payment('alice', '1'), account: null }}                                 | ${'input.account'}
    ${'a field that there is not'}        | ${'broker'} | ${'depositCollateral'}  | ${{ ...payment('alice', '1'), exempt: true }}                                  | ${'input'}
    ${'a character no text holds'}        | ${'broker'} | ${'openAccount'}        | ${{ ...account, owner: 'ali\0ce' }}                                            | ${'input.owner'}
    ${'half of a surrogate pair'}         | ${'admin'}  | ${'admitMember'}        | ${{ name: 'a \ud800 b' }}                                                      | ${'input.name'}
  `('BAD_USER_INPUT $mutation: $what', ({ key, mutation, input, path }) => expectRefused(key, mutation, input, path));

  test('X-5 ruling 17 BAD_USER_INPUT: an id of a broker’s choice that is not within its member', async () => {
    const before = await stateNow();
    const more = { ...account, idempotencyKey: 'names' };
    for (const [input, path] of [
      [{ ...more, account: 'carol' }, 'input.account'],
      [{ ...more, account: 'rival/carol' }, 'input.account'],
      [{ ...more, owner: 'carol' }, 'input.owner'],
    ] as const) {
      const { errors } = await server.ask('broker', documentOf('openAccount', 'outcome'), { input });
      expect(errors.map(({ extensions }) => [extensions['code'], extensions['path']])).toEqual([
        ['BAD_USER_INPUT', path],
      ]);
    }
    expect(await stateNow()).toEqual(before);
  });
});

test.each`
  what                           | variables
  ${'no variables'}              | ${{}}
  ${'variables of another name'} | ${{ other: {} }}
  ${'an input that is a text'}   | ${{ input: 'x' }}
  ${'an input that is a list'}   | ${{ input: [] }}
  ${'an input that is null'}     | ${{ input: null }}
`('BAD_USER_INPUT: $what', async ({ variables }) => {
  const { status, errors } = await server.ask('broker', documentOf('depositCollateral', 'outcome'), variables);
  expect([status, errors[0]?.extensions['code'], errors[0]?.extensions['path']]).toEqual([
    400,
    'BAD_USER_INPUT',
    'input',
  ]);
});

test('X-2 a message about input never shows more of it than a line', async () => {
  const { errors } = await server.ask('broker', documentOf('depositCollateral', 'outcome'), {
    input: { ...payment('alice', '9'.repeat(50_000)), idempotencyKey: 'long' },
  });
  expect(errors[0]?.message.length).toBeLessThanOrEqual(401);
});
