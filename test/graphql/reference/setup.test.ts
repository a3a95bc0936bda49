/** A house set up through the API alone, from nothing: every definition is read back as it was given. */

import { act, type Payload } from '../acts';
import { openServer, type TestServer } from '../support';
import { MARGIN_POLICY, MARGIN_POLICY_FIELDS, PERPETUAL, ratioShown, TERMS } from './settings';

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
});
afterAll(() => server.close());

/** Does it as an administrator; while no account is open no second person is needed. */
async function set<More = unknown>(mutation: string, input: object, selection = ''): Promise<Payload & More> {
  const payload = await act<More>(server, 'admin', mutation, input, selection);
  expect(payload).toMatchObject({ outcome: 'DONE', rejections: [], proposal: null, replayed: false });
  return payload;
}

const ask = <Data>(query: string): Promise<Data> => server.get<Data>('feed', query);

test('QC-1 a currency is its code and the digits of its smallest unit', async () => {
  const { currency, events } = await set<{ currency: object }>(
    'defineCurrency',
    { currency: 'USD', scale: 2 },
    'currency { id scale }',
  );
  expect([currency, events]).toEqual([
    { id: 'USD', scale: 2 },
    ['CURRENCY_DEFINED', 'ACCOUNT_OPENED', 'LOSS_POLICY_SET', 'DISPOSAL_POLICY_SET'],
  ]);
  await set('defineCurrency', { currency: 'BTC', scale: 8 });
  expect(
    await ask(
      '{ currency(id: "BTC") { scale } currencies(first: 5) { nodes { id scale } } none: currency(id: "NOWHERE") ' +
        '{ id } }',
    ),
  ).toEqual({
    currency: { scale: 8 },
    currencies: {
      nodes: [
        { id: 'BTC', scale: 8 },
        { id: 'USD', scale: 2 },
      ],
    },
    none: null,
  });
  for (const scale of [2, 3])
    expect((await act(server, 'admin', 'defineCurrency', { currency: 'USD', scale })).rejections[0]?.code).toBe(
      'ALREADY_EXISTS',
    );
});

test('an index has its sources, and a price once enough of them have spoken', async () => {
  const terms = {
    base: 'BTC',
    quote: 'USD',
    tick: '0.01',
    minimumSources: 2,
    maximumDeviation: '0.05',
    heartbeat: '1m',
  };
  const FIELDS =
    'id base quote tick minimumSources maximumDeviation heartbeat price stale sources { source price quarantined }';
  const { index } = await set<{ index: object }>(
    'defineIndex',
    { ...terms, sources: ['one', 'two', 'three'] },
    `index { ${FIELDS} }`,
  );
  const silent = ['one', 'three', 'two'].map((source) => ({ source, price: null, quarantined: false }));
  expect(index).toEqual({ id: 'BTC/USD', ...terms, price: null, stale: true, sources: silent });
  for (const [source, price] of [
    ['one', '50000.00'],
    ['two', '50010.00'],
    ['three', '60000.00'],
  ] as const) {
    const { events } = await act(server, 'feed', 'submitIndexPrices', {
      source,
      prices: [{ index: 'BTC/USD', price }],
    });
    expect(events).toEqual(['INDEX_PRICE_SET']);
  }
  const { priceIndex, priceIndices } = await ask<Record<string, object>>(
    `{ priceIndex(id: "BTC/USD") { price stale sources { source quarantined } } priceIndices(first: 5) { nodes { ` +
      `id } } }`,
  );
  expect(priceIndex).toEqual({
    price: '50005.00',
    stale: false,
    sources: [
      { source: 'one', quarantined: false },
      { source: 'three', quarantined: true },
      { source: 'two', quarantined: false },
    ],
  });
  expect(priceIndices).toEqual({ nodes: [{ id: 'BTC/USD' }] });
});

test('terms of collateral are kept version by version', async () => {
  const terms = { currency: 'BTC', haircut: '0.2', conversionDiscount: '0.05', eligible: true };
  const FIELDS = 'currency version haircut conversionDiscount eligible';
  expect((await set<{ terms: object }>('setCollateralTerms', terms, `terms { ${FIELDS} }`)).terms).toEqual({
    ...terms,
    version: 1,
  });
  await set('setCollateralTerms', { ...terms, haircut: '0.15' });
  expect(await ask(`{ collateralTerms(first: 5, currency: "BTC") { nodes { ${FIELDS} } } }`)).toEqual({
    collateralTerms: {
      nodes: [
        { ...terms, version: 1 },
        { ...terms, haircut: '0.15', version: 2 },
      ],
    },
  });
});

test(
  'QC-1 a contract names base, quote and settlement currency, tick, lot and multiplier, and what a tick of a ' +
    'lot is worth',
  async () => {
    const { instrument, events } = await set<{ instrument: object }>(
      'defineInstrument',
      PERPETUAL,
      `instrument { id ${TERMS} }`,
    );
    const { instrument: id, index, ...terms } = PERPETUAL;
    const shown = {
      id,
      ...terms,
      indexId: index,
      tickValue: '0.01',
      expiry: null,
      allowsNonPositivePrice: false,
      status: 'ACTIVE',
      ...{ mark: null, depth: null, tiers: null },
    };
    expect([instrument, events]).toEqual([shown, ['INSTRUMENT_DEFINED']]);
    expect(await ask(`{ instrument(id: "BTC-PERP") { id ${TERMS} } }`)).toEqual({ instrument: shown });
    const expiry = '2026-03-27T08:00:00.000Z';
    await set('defineInstrument', {
      ...PERPETUAL,
      instrument: 'BTC-MAR26',
      kind: 'FUTURE',
      expiry,
      variationInterval: null,
    });
    const { instruments } = await ask<{ instruments: object }>(
      '{ instruments(first: 5, status: ACTIVE) { nodes { id kind expiry } } }',
    );
    expect(instruments).toEqual({
      nodes: [
        { id: 'BTC-MAR26', kind: 'FUTURE', expiry },
        { id: 'BTC-PERP', kind: 'PERPETUAL', expiry: null },
      ],
    });
  },
);

test.each([
  [{ tick: '0.01', lot: '0.01' }, 'INSTRUMENT_VALUE_NOT_WHOLE'],
  [{ settlement: 'EUR' }, 'CURRENCY_NOT_FOUND'],
  [{ settlement: 'BTC' }, 'CURRENCY_MISMATCH'],
  [{ index: 'ETH/USD' }, 'INDEX_NOT_FOUND'],
  [{ tick: '0' }, 'VALUE_OUT_OF_RANGE'],
  [{ kind: 'FUTURE' }, 'VALUE_OUT_OF_RANGE'],
])('QC-1 a contract with %j is refused as %s', async (terms, code) => {
  const answer = await act(server, 'admin', 'defineInstrument', { ...PERPETUAL, instrument: 'X', ...terms });
  expect(answer.rejections[0]?.code).toBe(code);
  expect(await ask('{ instrument(id: "X") { id } }')).toEqual({ instrument: null });
});

test('MT-1 tiers come back with the deductions that make them continuous and the leverage they allow', async () => {
  const tiers = [
    { floor: '0.00', cap: '10000000.00', initialRate: '0.05', maintenanceRate: '0.025' },
    { floor: '10000000.00', cap: '25000000.00', initialRate: '1/15', maintenanceRate: '1/30' },
    { floor: '25000000.00', cap: null, initialRate: '0.1', maintenanceRate: '0.05' },
  ];
  const FIELDS =
    'version active instrumentId currency tiers { ordinal floor cap initialRate maintenanceRate initialDeduction ' +
    'maintenanceDeduction maximumLeverage }';
  const { schedule } = await set<{ schedule: object }>(
    'setTierSchedule',
    { instrument: 'BTC-PERP', tiers },
    `schedule { ${FIELDS} }`,
  );
  const extra = [
    { ordinal: 1, initialDeduction: '0', maintenanceDeduction: '0', maximumLeverage: '20' },
    {
      ordinal: 2,
      initialDeduction: '166666.66666666666667',
      maintenanceDeduction: '83333.33333333333334',
      maximumLeverage: '15',
    },
    { ordinal: 3, initialDeduction: '1000000', maintenanceDeduction: '500000', maximumLeverage: '10' },
  ];
  expect(schedule).toEqual({
    version: 1,
    active: true,
    instrumentId: 'BTC-PERP',
    currency: 'USD',
    tiers: tiers.map((tier, i) => ({ ...tier, ...extra[i] })),
  });
  const later = new Date(server.clock.now() + 3_600_000).toISOString();
  await set('setTierSchedule', {
    instrument: 'BTC-PERP',
    tiers: tiers.slice(2).map((tier) => ({ ...tier, floor: '0' })),
    effectiveAt: later,
  });
  expect(
    await ask(
      '{ tierSchedules(first: 5, instrument: "BTC-PERP") { nodes { version active effectiveAt } } instrument(id: ' +
        '"BTC-PERP") { tiers { version } } }',
    ),
  ).toEqual({
    tierSchedules: {
      nodes: [
        { version: 1, active: true, effectiveAt: '2025-10-10T12:00:00.000Z' },
        { version: 2, active: false, effectiveAt: later },
      ],
    },
    instrument: { tiers: { version: 1 } },
  });
  await server.pass('1h');
  expect(await ask('{ instrument(id: "BTC-PERP") { tiers { version } } }')).toEqual({
    instrument: { tiers: { version: 2 } },
  });
});

test('X-6 how rates rise with open interest comes back as it was set, version by version', async () => {
  const ramp = { lowerCap: '1000000', upperCap: '9000000.01', interval: '1h' };
  await set('setOpenInterestScaling', { instrument: 'BTC-PERP', ramp });
  await set('setOpenInterestScaling', { instrument: 'BTC-PERP', ramp: null });
  const of = 'nodes { version ramp { lowerCap upperCap interval } }';
  const versions = [
    { version: 1, ramp: { ...ramp, lowerCap: '1000000.00' } },
    { version: 2, ramp: null },
  ];
  expect(await ask(`{ openInterestScalings(first: 5, instrument: "BTC-PERP") { ${of} } }`)).toEqual({
    openInterestScalings: { nodes: versions },
  });
  expect(
    await ask(
      `{ openInterestScalings(last: 1) { ${of} } none: openInterestScalings(first: 5, instrument: "X") { ${of} } }`,
    ),
  ).toEqual({
    openInterestScalings: { nodes: versions.slice(1) },
    none: { nodes: [] },
  });
});

test('X-6 a margin policy comes back as it was set, version by version', async () => {
  const answer = await set<{ policy: object }>(
    'setMarginPolicy',
    { policy: 'classic', ...MARGIN_POLICY },
    `policy { ${MARGIN_POLICY_FIELDS} }`,
  );
  const level = (terms: object[]): object => ({ terms: terms.map((item) => ratioShown(item)) });
  const shown = {
    ...MARGIN_POLICY,
    policyId: 'classic',
    version: 1,
    active: true,
    warnings: MARGIN_POLICY.warnings.map(level),
    call: level(MARGIN_POLICY.call),
    closeOut: level(MARGIN_POLICY.closeOut),
    cure: level(MARGIN_POLICY.cure),
    target: level(MARGIN_POLICY.target),
  };
  expect(answer.policy).toEqual(shown);
  await set('setMarginPolicy', { policy: 'classic', ...MARGIN_POLICY, cureWindow: '2h' });
  expect(
    await ask(`{ marginPolicies(first: 5, policy: "classic", active: false) { nodes { ${MARGIN_POLICY_FIELDS} } } }`),
  ).toEqual({
    marginPolicies: { nodes: [{ ...shown, active: false }] },
  });
  expect(await ask('{ marginPolicies(first: 5, active: true) { nodes { policyId version cureWindow } } }')).toEqual({
    marginPolicies: { nodes: [{ policyId: 'classic', version: 2, cureWindow: '2h' }] },
  });
});

test('policies of losses and of disposal come back as they were set', async () => {
  const losses = {
    currency: 'USD',
    layers: ['INSURANCE_FUND', 'HOUSE_CAPITAL', 'SOCIALIZED_LOSS'],
    base: 'GAINS',
    period: '1d',
    fundTarget: '5000000.00',
  };
  const disposal = {
    currency: 'USD',
    interval: '5m',
    fraction: '0.25',
    fullBelow: '50000.00',
    maximumShareOfDepth: '0.1',
    slippage: '0.01',
  };
  const LOSSES = 'currency layers base period fundTarget version periodEnds';
  const DISPOSAL = 'currency interval fraction fullBelow maximumShareOfDepth slippage version';
  const loss = await set<{ policy: object }>('setLossPolicy', losses, `policy { ${LOSSES} }`);
  expect(loss.policy).toMatchObject({ ...losses, version: 2 });
  const set2 = await set<{ policy: object }>('setDisposalPolicy', disposal, `policy { ${DISPOSAL} }`);
  expect(set2.policy).toEqual({ ...disposal, version: 2 });
  const { lossPolicies, disposalPolicies } = await ask<Record<string, { nodes: object[] }>>(
    `{ lossPolicies(first: 5, currency: "USD") { nodes { ${LOSSES} } } disposalPolicies(first: 5) { nodes { ` +
      `${DISPOSAL} } } }`,
  );
  // The first version is the one a currency comes with.
  expect(lossPolicies?.nodes[1]).toEqual(loss.policy);
  expect(disposalPolicies?.nodes).toContainEqual({ ...disposal, version: 2 });
  const invalid = await act(server, 'admin', 'setLossPolicy', {
    ...losses,
    layers: ['SOCIALIZED_LOSS', 'INSURANCE_FUND'],
  });
  expect(invalid.rejections[0]?.code).toBe('LAYERS_INVALID');
});

test('members and accounts: cross, isolated and of the member itself, by their own ids or by ones that are made', async () => {
  const { member } = await set<{ member: { id: string } }>(
    'admitMember',
    { name: 'A third broker' },
    'member { id name }',
  );
  expect(member).toEqual({ id: expect.stringMatching(/^mem_/), name: 'A third broker' });
  const FIELDS = 'id memberId owner kind currency policyId mode instrumentId leverage status openedAt';
  const terms = { member: 'broker', currency: 'USD', policy: 'classic' };
  const { account, accountId } = await set<{ account: { id: string }; accountId: string }>(
    'openAccount',
    { ...terms, owner: 'carol' },
    `accountId account { ${FIELDS} }`,
  );
  expect(account).toEqual({
    id: accountId,
    memberId: 'broker',
    owner: 'carol',
    kind: 'CLIENT',
    currency: 'USD',
    policyId: 'classic',
    mode: 'CROSS',
    instrumentId: null,
    ...{ leverage: null, status: 'HEALTHY', openedAt: new Date(server.clock.now()).toISOString() },
  });
  await set('openAccount', {
    ...terms,
    account: 'broker/carol/btc',
    owner: 'carol',
    mode: 'ISOLATED',
    instrument: 'BTC-PERP',
    leverage: '5',
  });
  await set('openAccount', { ...terms, account: 'broker/house', owner: 'broker', kind: 'HOUSE' });
  const { accounts } = await server.get<{ accounts: { nodes: object[] } }>(
    'reader',
    '{ accounts(first: 10) { nodes { id kind mode instrumentId leverage } } }',
  );
  expect(accounts.nodes).toEqual([
    { id: accountId, kind: 'CLIENT', mode: 'CROSS', instrumentId: null, leverage: null },
    { id: 'broker/carol/btc', kind: 'CLIENT', mode: 'ISOLATED', instrumentId: 'BTC-PERP', leverage: '5' },
    { id: 'broker/house', kind: 'HOUSE', mode: 'CROSS', instrumentId: null, leverage: null },
  ]);
  const own = await act<{ account: { id: string } }>(
    server,
    'broker',
    'openAccount',
    { ...terms, account: 'broker/dave', owner: 'carol' },
    'account { id }',
  );
  expect(own.account).toEqual({ id: 'broker/dave' });
});

test('what was set up is an empty, balanced house that runs', async () => {
  expect(
    await server.get(
      'auditor',
      '{ house { state manualClock running ladder { status accounts } } conservation { holds currencies { ' +
        'currency accounts house paidIn } } }',
    ),
  ).toEqual({
    house: { state: 'DEGRADED', manualClock: true, running: true, ladder: [{ status: 'HEALTHY', accounts: 6 }] },
    conservation: {
      holds: true,
      currencies: ['BTC', 'USD'].map((currency) => ({
        currency,
        accounts: zero(currency),
        house: zero(currency),
        paidIn: zero(currency),
      })),
    },
  });
});

const zero = (currency: string): string => (currency === 'USD' ? '0.00' : '0.00000000');
