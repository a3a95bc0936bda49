/** What would be, by query: the very figures that then come true, and no trace of the question.  Rule: RMR-4 */

import { act, carryOut, payment, sale } from '../acts';
import { givenPerpetual, mark, openServer, pay, type TestServer } from '../support';

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
  await givenPerpetual(server);
  await pay(server, 'alice', '40000');
  await pay(server, 'bob', '1000000');
  await act(server, 'feed', 'submitTrade', sale('w1', 'alice', 'bob', '10'));
});
beforeEach(() => mark(server, '50000'));
afterAll(() => server.close());

const FIGURES = `status cash unrealised equity initial maintenance freeMargin buffer bufferRatio healthRatio utilisation leverage grossNotional netNotional
  warningLevel callLevel closeOutLevel feePreview penaltyPreview
  positions { instrument size mark value notional unrealised entryPrice initial maintenance liquidationPrice bankruptcyPrice distance }`;

interface Answer {
  readonly before: Record<string, unknown> | null;
  readonly after: Record<string, unknown> | null;
  readonly meetsInitialMargin: boolean | null;
  readonly rejections: readonly { readonly code: string }[];
}

const whatIf = async (input: object): Promise<Answer> =>
  (
    await server.get<{ whatIf: Answer }>(
      'reader',
      `query ($input: WhatIfInput!) { whatIf(input: $input) { before { ${FIGURES} } after { ${FIGURES} } ` +
        `meetsInitialMargin rejections { code } } }`,
      { input: { account: 'alice', ...input } },
    )
  ).whatIf;
const healthNow = async (): Promise<Record<string, unknown>> =>
  (
    await server.get<{ account: { health: Record<string, unknown> } }>(
      'reader',
      `{ account(id: "alice") { health { ${FIGURES} } } }`,
    )
  ).account.health;

test('RMR-4 asked about nothing it is the health there is', async () => {
  const answer = await whatIf({});
  expect(answer).toEqual({
    before: await healthNow(),
    after: await healthNow(),
    meetsInitialMargin: true,
    rejections: [],
  });
});

let trades = 0;
const trade = (side: string, size: string, price = '50000'): object => ({
  trades: [{ instrument: 'BTC-PERP', side, size, price }],
});

test.each([
  [
    'a trade that adds',
    trade('BUY', '2.5', '50010'),
    () => act(server, 'feed', 'submitTrade', sale(`x${++trades}`, 'alice', 'bob', '2.5', '50010')),
  ],
  [
    'a trade that reduces',
    trade('SELL', '4', '49990'),
    () => act(server, 'feed', 'submitTrade', sale(`x${++trades}`, 'bob', 'alice', '4', '49990')),
  ],
  [
    'a trade that turns the position',
    trade('SELL', '12'),
    () => act(server, 'feed', 'submitTrade', sale(`x${++trades}`, 'bob', 'alice', '12')),
  ],
  ['a price', { prices: [{ instrument: 'BTC-PERP', price: '49321.7' }] }, () => mark(server, '49321.7')],
  ['a shock', { shock: '-0.02' }, () => mark(server, '49000')],
  [
    'a payment',
    { payments: [{ currency: 'USD', amount: '1234.56' }] },
    () => act(server, 'broker', 'depositCollateral', payment('alice', '1234.56')),
  ],
  [
    'a withdrawal',
    { payments: [{ currency: 'USD', amount: '-0.01' }] },
    () => act(server, 'broker', 'withdrawCollateral', payment('alice', '0.01')),
  ],
  [
    'other tiers',
    {
      tiers: [
        { instrument: 'BTC-PERP', tiers: [{ floor: '0', cap: null, initialRate: '0.06', maintenanceRate: '1/30' }] },
      ],
    },
    () =>
      carryOut(server, 'setTierSchedule', {
        instrument: 'BTC-PERP',
        tiers: [{ floor: '0', cap: null, initialRate: '0.06', maintenanceRate: '1/30' }],
      }),
  ],
] as [string, object, () => Promise<unknown>][])(
  'RMR-4 %s is foretold to the last digit, and the question leaves no trace',
  async (_, question, come) => {
    const before = await healthNow();
    const state = await server.house.digest();
    const answer = await whatIf(question);
    expect(await server.house.digest()).toEqual(state);
    expect(answer.before).toEqual(before);
    expect(await healthNow()).toEqual(before);
    await come();
    const after = await healthNow();
    expect(answer.after).toEqual(after);
    // The control: something did change.
    expect(after).not.toEqual(before);
  },
);

test('RMR-4 changes are supposed together, in their order', async () => {
  const answer = await whatIf({
    trades: [{ instrument: 'BTC-PERP', side: 'SELL', size: '1' }],
    prices: [{ instrument: 'BTC-PERP', price: '50100' }],
    shock: '0.01',
    payments: [{ currency: 'USD', amount: '100' }],
  });
  expect(answer.after?.['positions']).toMatchObject([{ mark: '50601.0' }]);
});

test('RMR-4 it says whether a trade would be taken: what is exactly enough is', async () => {
  const { freeMargin, positions } = (await healthNow()) as { freeMargin: string; positions: { size: string }[] };
  const side = positions[0]?.size.startsWith('-') ? 'SELL' : 'BUY';
  // A tenth more costs 300 of initial margin at 6 %; take out what is free but that.
  const spare = (Number(freeMargin) - 300).toFixed(2);
  const ask = async (left: string) =>
    (await whatIf({ ...trade(side, '0.1'), payments: [{ currency: 'USD', amount: left }] })).meetsInitialMargin;
  expect(await ask(`-${spare}`)).toBe(true);
  expect(await ask((-Number(spare) - 0.01).toFixed(2))).toBe(false);
});

test.each([
  ['an account that is none', { account: 'nobody' }, 'ACCOUNT_NOT_FOUND'],
  ['an account of another member', { account: 'eve' }, 'ACCOUNT_NOT_FOUND'],
  ['an instrument that is none', { prices: [{ instrument: 'NONE', price: '1' }] }, 'INSTRUMENT_NOT_FOUND'],
  ['half a lot', trade('BUY', '0.05'), 'SIZE_OFF_LOT'],
  ['half a tick', { prices: [{ instrument: 'BTC-PERP', price: '1.05' }] }, 'PRICE_OFF_TICK'],
  ['a fall below nothing', { shock: '-1.01' }, 'VALUE_OUT_OF_RANGE'],
  [
    'a payment in a currency that is no collateral',
    { payments: [{ currency: 'BTC', amount: '1' }] },
    'COLLATERAL_NOT_ELIGIBLE',
  ],
  [
    'another side that is none',
    { trades: [{ instrument: 'BTC-PERP', side: 'BUY', size: '1', counterparty: 'eve' }] },
    'ACCOUNT_NOT_FOUND',
  ],
  ['a tenth of a cent', { payments: [{ currency: 'USD', amount: '0.001' }] }, 'TOO_MANY_DIGITS'],
  [
    'tiers with a gap',
    {
      tiers: [
        { instrument: 'BTC-PERP', tiers: [{ floor: '1', cap: null, initialRate: '0.1', maintenanceRate: '0.05' }] },
      ],
    },
    'TIERS_NOT_CONTIGUOUS',
  ],
])('RMR-4 %s is refused as a command would be', async (_, question, code) => {
  expect(await whatIf(question)).toEqual({
    before: null,
    after: null,
    meetsInitialMargin: null,
    rejections: [{ code }],
  });
});

describe('RMR-4 what would follow is shown', () => {
  const asked = async (key: 'reader' | 'broker' | 'admin', input: object) =>
    (
      await server.get<{ whatIf: Record<string, unknown> }>(
        key,
        `query ($input: WhatIfInput!) { whatIf(input: $input) {
          before { status openCall } after { status openCall } meetsInitialMargin truncated asOf { seq fresh }
          events { type details } rejections { code field required available } } }`,
        { input: { account: 'alice', ...input } },
      )
    ).whatIf;

  test('a liquidation with its facts, those of the account alone', async () => {
    const { positions } = (await healthNow()) as { positions: { size: string }[] };
    const { after, events, truncated } = await asked('broker', {
      shock: positions[0]?.size.startsWith('-') ? '0.5' : '-0.5',
    });
    expect(truncated).toBe(false);
    expect(after).toMatchObject({ openCall: null });
    const told = events as { type: string; details: Record<string, string> }[];
    expect(told.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['ACCOUNT_STATUS_CHANGED', 'LIQUIDATION_STARTED']),
    );
    const text = JSON.stringify(events);
    expect(text).toContain('"account":"alice"');
    expect(text).not.toMatch(/bob|close-out/);
    expect(told.find(({ type }) => type === 'LIQUIDATION_STARTED')?.details).toMatchObject({
      cause: 'BANKRUPT_AT_MARK',
    });
  });

  test('a trade that margin does not allow: refused as the trade is, with the field', async () => {
    const answer = await asked('broker', trade('BUY', '900'));
    expect(answer).toMatchObject({ after: null, meetsInitialMargin: false, events: [], before: { openCall: null } });
    const sent = await act(server, 'feed', 'submitTrade', sale('too-much', 'alice', 'bob', '900'));
    const [shown] = answer['rejections'] as { code: string; required: string; available: string }[];
    expect(shown).toMatchObject({ code: 'INSUFFICIENT_INITIAL_MARGIN', required: expect.any(String) });
    expect(shown?.code).toBe(sent.rejections[0]?.code);
    expect(sent.rejections[0]?.details).toMatchObject({ required: shown?.required, available: shown?.available });
  });

  test('a field that cannot be read is named by its place', async () => {
    const { rejections } = await asked('broker', {
      trades: [...trade('BUY', '1')['trades' as never], { instrument: 'BTC-PERP', side: 'BUY', size: '0.05' }],
    });
    expect(rejections).toMatchObject([{ code: 'SIZE_OFF_LOT', field: 'input.trades[1].size' }]);
  });
});
